/* SPDX-License-Identifier: MIT */
#include "engine/derive.h"

#include <stdio.h>
#include <string.h>

#include "evidence/claims.h"
#include "evidence/json.h"
#include "input/text.h"

void cvk_derive_init(struct cvk_derive *d)
{
    *d = (struct cvk_derive){0};
    cvk_source_init(&d->file);
    cvk_source_init(&d->inner);
    d->config = &d->file;
    cvk_buf_init(&d->wide, 2 * (size_t)CVK_MAX_INPUT_SIZE);
    cvk_buf_init(&d->path, CVK_MAX_MANIFEST_LINE);
    cvk_buf_init(&d->member, CVK_MAX_MANIFEST_LINE);
    cvk_second_init(&d->second);
}

void cvk_derive_clear(struct cvk_derive *d)
{
    cvk_archive_free(d->archive);
    cvk_source_clear(&d->file);
    cvk_source_clear(&d->inner);
    cvk_buf_clear(&d->wide);
    cvk_buf_clear(&d->path);
    cvk_buf_clear(&d->member);
    cvk_second_clear(&d->second);
}

/* ---- which config it is ------------------------------------------------- */

/* d->path ends in a NUL. */
static bool is_same_path(const struct cvk_derive *d,
                         const struct cvk_manifest_row *row)
{
    return d->path.n == row->input_path.n + 1 &&
           memcmp(d->path.p, row->input_path.p, row->input_path.n) == 0;
}

/* Is the row of the config at hand? Two members may have one name. */
static bool is_same_config(const struct cvk_derive *d,
                           const struct cvk_manifest_row *row)
{
    if (!d->known || d->is_member != (row->input_member.p != NULL) ||
        !is_same_path(d, row))
        return false;
    return !d->is_member ||
           (row->has_input_sha256 &&
            cvk_slice_equal(cvk_buf_slice(&d->member), row->input_member) &&
            memcmp(d->sha256, row->input_sha256, CVK_SHA256_SIZE) == 0);
}

static bool take_member_name(struct cvk_derive *d,
                             const struct cvk_manifest_row *row)
{
    d->is_member = row->input_member.p != NULL;
    memcpy(d->sha256, row->input_sha256, CVK_SHA256_SIZE);
    d->member.n = 0;
    return cvk_buf_append_slice(&d->member, row->input_member);
}

/* ---- files -------------------------------------------------------------- */

static void leave_archive(struct cvk_derive *d)
{
    if (d->in_archive)
        cvk_infile_close(&d->file.file);
    d->in_archive = false;
}

static enum cvk_code open_file(struct cvk_derive *d, struct cvk_slice path,
                               uint64_t max, const atomic_int *cancel)
{
    struct cvk_location at = {0};
    enum cvk_code code;

    leave_archive(d);
    d->path.n = 0;
    if (!cvk_buf_append_slice(&d->path, path) ||
        !cvk_buf_append_byte(&d->path, 0))
        return CVK_E_MEMORY;
    at.path = (const char *)d->path.p;
    code = cvk_source_load(&d->file, &at, max, cancel);
    d->in_archive = !code && d->file.archive;
    return code;
}

/* What is an archive now was none when the row was written. */
static enum cvk_code load_file(struct cvk_derive *d, struct cvk_slice path,
                               uint64_t max, const atomic_int *cancel)
{
    enum cvk_code code = open_file(d, path, max, cancel);

    if (code || !d->in_archive)
        return code;
    d->in_archive = false;
    cvk_source_close(&d->file);
    return CVK_E_CROSS_DISAGREEMENT;
}

/* ---- archives ----------------------------------------------------------- */

static enum cvk_code lacks_member(struct cvk_derive *d, const char *why)
{
    snprintf(d->why, sizeof d->why, "%s", why);
    return CVK_E_VERIFY_MEMBER;
}

/* The archive, or the file it lies in, could not give a member. */
static enum cvk_code fail_archive(struct cvk_derive *d, enum cvk_code code)
{
    return cvk_code_class(code) == CVK_CLASS_INPUT
               ? lacks_member(d, cvk_archive_why(d->archive))
               : cvk_source_explain(&d->file, code, 0);
}

static enum cvk_code open_archive(struct cvk_derive *d,
                                  const struct cvk_manifest_row *row,
                                  uint64_t max, const atomic_int *cancel)
{
    enum cvk_code code;

    if (d->in_archive && is_same_path(d, row))
        return CVK_OK;
    if (!d->archive)
        d->archive = cvk_archive_new();
    if (!d->archive)
        return CVK_E_MEMORY;
    code = open_file(d, row->input_path, max, cancel);
    if (code)
        return code;
    if (!d->in_archive)
        return lacks_member(d, "what stands under its name is no archive");
    code = cvk_archive_open(d->archive, d->file.archive, &d->file.io);
    return code ? fail_archive(d, code) : CVK_OK;
}

/* Goes on to the next member of that name. Folders have no rows. */
static enum cvk_code find_member(struct cvk_derive *d, struct cvk_slice name,
                                 const atomic_int *cancel)
{
    struct cvk_member m;
    bool ended;

    for (;;) {
        enum cvk_code code = *cancel ? CVK_E_IO_INTERRUPTED
                                     : cvk_archive_next(d->archive, &m, &ended);

        if (code)
            return fail_archive(d, code);
        if (ended)
            return lacks_member(d, "it has no such member, or not there");
        if ((m.type != CVK_MEMBER_DIRECTORY || m.size > 0) &&
            cvk_slice_equal(m.name, name))
            return CVK_OK;
    }
}

static enum cvk_code pass_member(struct cvk_derive *d,
                                 const struct cvk_manifest_row *row,
                                 uint64_t max, const atomic_int *cancel)
{
    enum cvk_code code = open_archive(d, row, max, cancel);

    return code ? code : find_member(d, row->input_member, cancel);
}

static enum cvk_code load_member(struct cvk_derive *d,
                                 const struct cvk_manifest_row *row,
                                 uint64_t max, const atomic_int *cancel)
{
    struct cvk_source *inner = &d->inner;
    enum cvk_code code = pass_member(d, row, max, cancel);

    if (code)
        return code;
    d->config = inner;
    inner->read = inner->is_gzip = false;
    inner->raw.n = 0;
    inner->document = (struct cvk_slice){0};
    code = cvk_archive_read(d->archive, max, &inner->raw);
    if (code == CVK_E_INPUT_TOO_LARGE)
        return cvk_source_explain(inner, code, max);
    return code ? fail_archive(d, code) : cvk_source_take(inner, max);
}

/* ---- either ------------------------------------------------------------- */

enum cvk_code cvk_derive_load(struct cvk_derive *d,
                              const struct cvk_manifest_row *row, uint64_t max,
                              const atomic_int *cancel)
{
    if (is_same_config(d, row))
        return d->code;
    d->known = d->parsed = false;
    d->config = &d->file;
    d->code = row->input_member.p ? load_member(d, row, max, cancel)
                                  : load_file(d, row->input_path, max, cancel);
    d->known = take_member_name(d, row);
    /* where the system failed, a member of that name may have gone by */
    if (!d->known || cvk_code_class(d->code) == CVK_CLASS_SYSTEM)
        leave_archive(d);
    return d->known ? d->code : CVK_E_MEMORY;
}

bool cvk_derive_is_in(const struct cvk_derive *d,
                      const struct cvk_manifest_row *row)
{
    return d->in_archive && is_same_path(d, row);
}

enum cvk_code cvk_derive_end(struct cvk_derive *d)
{
    d->in_archive = d->known = false;
    d->config = &d->file;
    /* what is wrong with the archive was told of its members */
    cvk_archive_finish(d->archive);
    return cvk_source_close(&d->file);
}

/* ---- the backup --------------------------------------------------------- */

/* cJSON only gets to see what the strict reader accepts. */
static bool is_json(struct cvk_slice text, size_t *values)
{
    enum cvk_json_event event;
    struct cvk_json j;

    cvk_json_init(&j, text);
    do
        event = cvk_json_next(&j);
    while (event != CVK_JSON_DONE && event != CVK_JSON_FAILED);
    *values = j.values;
    return event == CVK_JSON_DONE;
}

static enum cvk_code parse(struct cvk_derive *d, const char **why)
{
    struct cvk_text_facts facts;
    struct cvk_slice text;
    enum cvk_code code =
        cvk_text_decode(d->config->document, &d->wide, &facts, &text);
    size_t values;

    *why = "its text cannot be decoded";
    if (code)
        return code == CVK_E_MEMORY ? code : CVK_E_CROSS_DISAGREEMENT;
    *why = "it is not JSON";
    if (!is_json(text, &values))
        return CVK_E_CROSS_DISAGREEMENT;
    *why = "cJSON does not read it";
    return cvk_second_read(&d->second, text, values);
}

enum cvk_code cvk_derive_backup(struct cvk_derive *d, struct cvk_slice pointer,
                                uint64_t *size, uint8_t sha256[CVK_SHA256_SIZE],
                                const char **why)
{
    enum cvk_code code = d->parsed ? CVK_OK : parse(d, why);

    if (code)
        return code;
    d->parsed = true;
    code = cvk_second_digest(&d->second, pointer, size, sha256);
    *why = code == CVK_E_JSON_DUPLICATE_NAME
               ? "more than one value stands at the pointer"
               : "no text stands at the pointer";
    return code ? CVK_E_CROSS_DISAGREEMENT : CVK_OK;
}

enum cvk_code cvk_derive_compare(struct cvk_derive *d,
                                 const struct cvk_dom *record,
                                 char why[CVK_MAX_FINDING_TEXT])
{
    return cvk_claims_check(record, &d->second.dom, &d->second.name, why);
}
