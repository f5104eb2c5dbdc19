/* SPDX-License-Identifier: MIT */
#include "evidence/tally.h"

#include <stdio.h>
#include <string.h>

bool cvk_tally_lacks_run(const struct cvk_tally *t,
                         const struct cvk_manifest_row *row)
{
    return !t->open && !t->blind && row->type != CVK_ROW_RUN;
}

static void restart(struct cvk_tally *t)
{
    *t = (struct cvk_tally){0};
}

static enum cvk_code fail(struct cvk_tally *t, enum cvk_code code,
                          const char *why)
{
    snprintf(t->why, sizeof t->why, "%s", why);
    return code;
}

/* ---- inputs ------------------------------------------------------------- */

static void count_input(struct cvk_manifest_counts *c,
                        enum cvk_row_status status, uint64_t size)
{
    c->inputs++;
    c->ok += status == CVK_ROW_OK;
    c->refused += status == CVK_ROW_REFUSED;
    c->errors += status == CVK_ROW_ERROR;
    c->skipped += status == CVK_ROW_SKIPPED;
    c->bytes_in += size;
}

/* The input at hand has no more records. */
static void end_input(struct cvk_tally *t)
{
    if (t->any)
        count_input(&t->counts, t->worst, t->size);
    t->any = false;
}

/* An input that gave several records has a pointer in each of them. */
static void count_record(struct cvk_tally *t,
                         const struct cvk_manifest_row *row)
{
    uint8_t id[CVK_SHA256_SIZE], pointer[CVK_SHA256_SIZE];
    bool has_pointer = row->pointer.p != NULL;

    cvk_manifest_identify(row, id);
    cvk_sha256(row->pointer, pointer);
    t->counts.blobs += row->has_blob;
    t->counts.bytes_out += row->has_blob ? row->blob_size : 0;
    if (t->any && t->has_pointer && has_pointer &&
        memcmp(t->input, id, sizeof id) == 0) {
        t->repeats += memcmp(t->pointer, pointer, sizeof pointer) == 0;
        if (row->status > t->worst)
            t->worst = row->status;
        return;
    }
    end_input(t);
    t->any = true;
    t->worst = row->status;
    t->size = row->has_input_size ? row->input_size : 0;
    t->has_pointer = has_pointer;
    memcpy(t->input, id, sizeof id);
    memcpy(t->pointer, pointer, sizeof pointer);
    t->inputs_of_path++;
}

/* ---- archives ----------------------------------------------------------- */

static enum cvk_code lacks_archive(struct cvk_tally *t)
{
    t->awaits_archive = false;
    return fail(t, CVK_E_MANIFEST_COUNTS,
                "no record of the archive follows those of its members");
}

/* Members stand in front of the record of their archive. */
static enum cvk_code change_path(struct cvk_tally *t,
                                 const struct cvk_manifest_row *row)
{
    uint8_t path[CVK_SHA256_SIZE];

    cvk_sha256(row->input_path, path);
    if (memcmp(t->path, path, sizeof path) == 0)
        return CVK_OK;
    memcpy(t->path, path, sizeof path);
    t->inputs_of_path = 0;
    return t->awaits_archive ? lacks_archive(t) : CVK_OK;
}

static enum cvk_code add_extract(struct cvk_tally *t,
                                 const struct cvk_manifest_row *row)
{
    enum cvk_code code = change_path(t, row);

    count_record(t, row);
    if (row->input_member.p)
        t->awaits_archive = true;
    return code;
}

static enum cvk_code add_archive(struct cvk_tally *t,
                                 const struct cvk_manifest_row *row)
{
    enum cvk_code code = change_path(t, row);
    uint64_t n = t->inputs_of_path;

    end_input(t);
    t->awaits_archive = false;
    t->inputs_of_path = 0;
    memset(t->path, 0, sizeof t->path);
    if (row->status != CVK_ROW_OK)
        count_input(&t->counts, row->status,
                    row->has_input_size ? row->input_size : 0);
    if (code || (n <= row->members && row->members - n <= t->repeats))
        return code;
    snprintf(t->why, sizeof t->why,
             "the archive had %llu members, but %llu of them have records",
             (unsigned long long)row->members, (unsigned long long)n);
    return CVK_E_MANIFEST_COUNTS;
}

/* ---- images ------------------------------------------------------------- */

static enum cvk_code add_carve(struct cvk_tally *t,
                               const struct cvk_manifest_row *row)
{
    t->hits++;
    t->counts.blobs += row->has_blob;
    t->counts.bytes_out += row->has_blob ? row->blob_size : 0;
    t->blobs_repeat = true;
    return CVK_OK;
}

static enum cvk_code add_image(struct cvk_tally *t,
                               const struct cvk_manifest_row *row)
{
    enum cvk_row_status status = row->status;
    uint64_t n = t->hits;

    if (status == CVK_ROW_OK && row->refused)
        status = CVK_ROW_REFUSED;
    count_input(&t->counts, status, row->input_size);
    t->hits = 0;
    if (n == row->hits)
        return CVK_OK;
    snprintf(t->why, sizeof t->why,
             "%llu key backups were found in the image, but %llu of them have "
             "records",
             (unsigned long long)row->hits, (unsigned long long)n);
    return CVK_E_MANIFEST_COUNTS;
}

/* ---- the summary -------------------------------------------------------- */

/* A count that disagrees, in words. */
static void compare(struct cvk_tally *t, const char *name, uint64_t says,
                    uint64_t found)
{
    size_t n = strlen(t->why);

    if (says == found)
        return;
    snprintf(t->why + n, sizeof t->why - n, "%s %s %llu, found %llu",
             n ? ";" : "the summary does not count the records before it:",
             name, (unsigned long long)says, (unsigned long long)found);
}

static enum cvk_code compare_counts(struct cvk_tally *t,
                                    const struct cvk_manifest_counts *says)
{
    const struct cvk_manifest_counts *found = &t->counts;

    t->why[0] = '\0';
    /* who named an input twice in a row may have counted it twice */
    if (says->inputs < found->inputs ||
        says->inputs - found->inputs > t->repeats)
        compare(t, "inputs", says->inputs, found->inputs);
    if (!t->repeats) {
        compare(t, "ok", says->ok, found->ok);
        compare(t, "refused", says->refused, found->refused);
        compare(t, "errors", says->errors, found->errors);
        compare(t, "skipped", says->skipped, found->skipped);
        compare(t, "bytes_in", says->bytes_in, found->bytes_in);
    }
    /* one that lies in images several times is one blob */
    if (!t->blobs_repeat || says->blobs > found->blobs) {
        compare(t, "blobs", says->blobs, found->blobs);
        compare(t, "bytes_out", says->bytes_out, found->bytes_out);
    }
    return t->why[0] ? CVK_E_MANIFEST_COUNTS : CVK_OK;
}

static enum cvk_code add_summary(struct cvk_tally *t,
                                 const struct cvk_manifest_row *row)
{
    enum cvk_code code = CVK_OK;

    end_input(t);
    if (!t->blind)
        code = t->awaits_archive ? lacks_archive(t)
               : t->hits ? fail(t, CVK_E_MANIFEST_COUNTS,
                                "no record of the image follows those of what "
                                "was found in it")
                         : compare_counts(t, &row->counts);
    t->open = false;
    return code;
}

/* ---- rows --------------------------------------------------------------- */

static enum cvk_code add_run(struct cvk_tally *t)
{
    bool cut = t->open;

    restart(t);
    t->open = true;
    return cut ? fail(t, CVK_E_MANIFEST_CUT,
                      "a run begins, and the one before it has no summary")
               : CVK_OK;
}

static enum cvk_code add_row(struct cvk_tally *t,
                             const struct cvk_manifest_row *row)
{
    switch (row->type) {
    case CVK_ROW_ARCHIVE:
        return add_archive(t, row);
    case CVK_ROW_CARVE:
        return add_carve(t, row);
    case CVK_ROW_IMAGE:
        return add_image(t, row);
    default:
        return add_extract(t, row);
    }
}

enum cvk_code cvk_tally_add(struct cvk_tally *t,
                            const struct cvk_manifest_row *row)
{
    enum cvk_code code;

    if (row->type == CVK_ROW_RUN)
        return add_run(t);
    if (!t->open && !t->blind)
        restart(t);
    if (row->type == CVK_ROW_SUMMARY) {
        code = add_summary(t, row);
        t->blind = false;
        return code;
    }
    t->open = true;
    code = add_row(t, row);
    return t->blind ? CVK_OK : code;
}

void cvk_tally_add_unread(struct cvk_tally *t)
{
    t->blind = true;
}

enum cvk_code cvk_tally_end(struct cvk_tally *t)
{
    return t->open ? fail(t, CVK_E_MANIFEST_CUT,
                          "the manifest ends without the summary of its run")
                   : CVK_OK;
}
