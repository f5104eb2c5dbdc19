/* SPDX-License-Identifier: MIT */
#include "engine/verifier.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "evidence/position.h"
#include "os/path.h"
#include "os/walk.h"

/* A verdict that is about no blob. */
static void emit_failure(struct cvk_verifier *run, enum cvk_code code,
                         int error)
{
    cvk_verifier_start(run, 0);
    cvk_verifier_refuse_system(run, code, error);
    cvk_verifier_emit(run);
}

/* ---- lines -------------------------------------------------------------- */

/* False when memory is exhausted. */
static bool take_names(struct cvk_verdict *d,
                       const struct cvk_manifest_row *row)
{
    struct cvk_record *r = &d->record;

    if (row->has_blob)
        r->blob.path = cvk_text_store(&r->text, row->blob_path);
    r->input.path = cvk_text_store(&r->text, row->input_path);
    if (row->input_member.p)
        d->member = cvk_text_store(&r->text, row->input_member);
    return !r->text.failed;
}

/* What the row says of those before it, which may not be all there were. */
static void check_tally(struct cvk_verifier *run)
{
    const struct cvk_manifest_row *row = &run->manifest.row;
    enum cvk_code code;

    if (cvk_tally_lacks_run(&run->tally, row)) {
        cvk_verifier_start(run, run->lines.number);
        cvk_record_warn(&run->verdict.record, CVK_E_MANIFEST_NO_RUN, NULL,
                        "the records from here on have no first line that "
                        "tells of their run");
        cvk_verifier_emit(run);
    }
    code = cvk_tally_add(&run->tally, row);
    if (!code)
        return;
    run->any = true;
    cvk_verifier_start(run, run->lines.number);
    cvk_verifier_refuse(run, code, run->tally.why);
    cvk_verifier_emit(run);
}

/* A row without a blob, which may be that of an archive. */
static enum cvk_code pass_row(struct cvk_verifier *run)
{
    const struct cvk_manifest_row *row = &run->manifest.row;

    if (row->type == CVK_ROW_ARCHIVE && !cvk_verifier_check_archive(run, row)) {
        cvk_verifier_emit(run);
        return CVK_OK;
    }
    if (row->type == CVK_ROW_EXTRACT)
        cvk_verifier_pass_config(run, row);
    run->summary->all.inputs++;
    run->summary->all.skipped++;
    return CVK_OK;
}

static enum cvk_code check_row(struct cvk_verifier *run)
{
    const struct cvk_manifest_row *row = &run->manifest.row;
    enum cvk_code code;

    check_tally(run);
    if (row->type == CVK_ROW_RUN || row->type == CVK_ROW_SUMMARY)
        return CVK_OK;
    run->any = true;
    cvk_verifier_start(run, run->lines.number);
    if (!take_names(&run->verdict, row))
        return CVK_E_MEMORY;
    if (row->type == CVK_ROW_ARCHIVE || row->type == CVK_ROW_IMAGE ||
        row->status != CVK_ROW_OK)
        return pass_row(run);
    code = cvk_verifier_check_blob(run, row);
    if (code)
        cvk_verifier_pass_config(run, row);
    else
        cvk_verifier_check_config(run, row);
    cvk_verifier_emit(run);
    return CVK_OK;
}

/* A line that is no record; at is the byte of it that is wrong. */
static void refuse_line(struct cvk_verifier *run, enum cvk_code code,
                        struct cvk_slice line, size_t at, const char *why)
{
    struct cvk_document_text doc = {.text = line};
    struct cvk_place place = cvk_position_find(&doc, at);

    place.offset += run->lines.offset;
    place.line = run->lines.number;
    run->any = true;
    cvk_tally_add_unread(&run->tally);
    run->lost |= code == CVK_E_MEMORY;
    cvk_verifier_start(run, run->lines.number);
    cvk_record_refuse(&run->verdict.record, code, &place, "%s", why);
    cvk_verifier_emit(run);
}

static enum cvk_code check_line(struct cvk_verifier *run, struct cvk_slice line)
{
    struct cvk_manifest *m = &run->manifest;
    enum cvk_code code = cvk_manifest_read(m, line);

    if (!code)
        return check_row(run);
    refuse_line(run, code, line, m->error_at,
                code == CVK_E_MEMORY ? "not enough memory for a line" : m->why);
    return CVK_OK;
}

static enum cvk_code check_lines(struct cvk_verifier *run)
{
    for (;;) {
        struct cvk_slice line;
        enum cvk_code code = *run->v->cancel
                                 ? CVK_E_IO_INTERRUPTED
                                 : cvk_lines_next(&run->lines, &line);

        if (code == CVK_E_IO_INTERRUPTED || code == CVK_E_MEMORY)
            return code;
        if (code == CVK_E_INPUT_TOO_LARGE) {
            refuse_line(run, CVK_E_MANIFEST_LINE, CVK_LITERAL(""), 0,
                        "the line is longer than any record");
            continue;
        }
        if (code) {
            emit_failure(run, code, run->lines.error);
            return code;
        }
        if (!line.p)
            return CVK_OK;
        code = check_line(run, line);
        if (code)
            return code;
    }
}

/* ---- what else is there ------------------------------------------------- */

static enum cvk_code report_extra(struct cvk_verifier *run,
                                  struct cvk_slice path)
{
    struct cvk_record *r = &run->verdict.record;

    cvk_verifier_start(run, 0);
    r->blob.path = cvk_text_store(&r->text, path);
    if (!r->blob.path.known)
        return CVK_E_MEMORY;
    cvk_record_warn(r, CVK_E_VERIFY_EXTRA, NULL,
                    "the manifest does not name this file");
    cvk_verifier_emit(run);
    return CVK_OK;
}

/* A folder that could not be searched: what is in it is not known. */
static void report_failure(struct cvk_verifier *run,
                           const struct cvk_walk_entry *e)
{
    char shown[CVK_MAX_SHOWN];

    cvk_escape_shown(shown, cvk_slice_of(e->path, strlen(e->path)));
    cvk_verifier_start(run, 0);
    cvk_record_refuse(&run->verdict.record, e->code, NULL,
                      "%s was not searched for other blobs%s%s", shown,
                      e->error ? ": " : "", e->error ? strerror(e->error) : "");
    cvk_verifier_emit(run);
}

static enum cvk_code look_at(struct cvk_verifier *run,
                             const struct cvk_walk_entry *e)
{
    struct cvk_slice path = cvk_slice_of(e->path, strlen(e->path));

    if (e->kind == CVK_WALK_FAILED)
        report_failure(run, e);
    else if (cvk_slice_ends_nocase(path, CVK_LITERAL(".blob")) &&
             !cvk_verifier_is_named(run, path))
        return report_extra(run, path);
    return CVK_OK;
}

/* Links and pipes of that name are extra, too: no run makes them. */
static enum cvk_code find_extras(struct cvk_verifier *run)
{
    struct cvk_walk_entry e;
    enum cvk_code code;
    int error;
    struct cvk_walk *w =
        cvk_walk_open((const char *)run->dir_path.p, &code, &error);

    if (!w && code != CVK_E_MEMORY)
        emit_failure(run, code, error);
    if (!w)
        return code;
    while (!*run->v->cancel && cvk_walk_next(w, &e, &code)) {
        code = look_at(run, &e);
        if (code)
            break;
    }
    cvk_walk_close(w);
    return code;
}

/* ---- the run ------------------------------------------------------------ */

/* The folder the blobs are in, into run->dir_path. */
static bool find_dir(struct cvk_verifier *run)
{
    const char *manifest = run->v->manifest, *slash = strrchr(manifest, '/');
    const char *dir = run->v->output_dir ? run->v->output_dir : ".";
    size_t n = strlen(dir);

    if (!run->v->output_dir && slash) {
        dir = manifest;
        n = (size_t)(slash - manifest);
        n += n == cvk_path_root(manifest); /* that of a root belongs to it */
    }
    return cvk_buf_append(&run->dir_path, dir, n) &&
           cvk_buf_append_byte(&run->dir_path, 0);
}

/* Opens both, or emits why not. */
static enum cvk_code open_both(struct cvk_verifier *run)
{
    const char *manifest = run->v->manifest;
    char shown[CVK_MAX_SHOWN];
    enum cvk_code code;
    int error = 0;

    if (!find_dir(run))
        return CVK_E_MEMORY;
    code = cvk_lines_open(&run->lines,
                          strcmp(manifest, "-") == 0 ? NULL : manifest);
    if (code && code != CVK_E_MEMORY)
        emit_failure(run, code, run->lines.error);
    if (code)
        return code;
    code = cvk_indir_open(&run->dir, (const char *)run->dir_path.p, &error);
    if (!code)
        return CVK_OK;
    cvk_escape_shown(shown, cvk_slice_of(run->dir_path.p, run->dir_path.n - 1));
    cvk_verifier_start(run, 0);
    cvk_record_refuse(&run->verdict.record, code, NULL,
                      "the output directory %s cannot be opened: %s", shown,
                      strerror(error));
    cvk_verifier_emit(run);
    return code;
}

static void refuse_manifest(struct cvk_verifier *run, enum cvk_code code,
                            const char *why)
{
    cvk_verifier_start(run, 0);
    cvk_verifier_refuse(run, code, why);
    cvk_verifier_emit(run);
}

static enum cvk_code check_all(struct cvk_verifier *run)
{
    enum cvk_code code = open_both(run);

    if (!code)
        code = check_lines(run);
    if (code)
        return code;
    if (!run->any) {
        refuse_manifest(run, CVK_E_MANIFEST_EMPTY,
                        "the manifest holds no record");
        return CVK_OK;
    }
    code = cvk_tally_end(&run->tally);
    if (code)
        refuse_manifest(run, code, run->tally.why);
    return run->lost ? CVK_OK : find_extras(run);
}

enum cvk_code cvk_verify_run(const struct cvk_verify *v,
                             struct cvk_verify_summary *summary)
{
    struct cvk_verifier *run = calloc(1, sizeof *run);
    enum cvk_code code;

    *summary = (struct cvk_verify_summary){0};
    if (!run)
        return CVK_E_MEMORY;
    run->v = v;
    run->summary = summary;
    run->dir.fd = -1;
    cvk_buf_init(&run->dir_path,
                 strlen(v->output_dir ? v->output_dir : v->manifest) + 2);
    cvk_lines_init(&run->lines, CVK_MAX_MANIFEST_LINE, v->cancel);
    cvk_manifest_init(&run->manifest);
    cvk_derive_init(&run->derive);
    cvk_fileset_init(&run->named);
    cvk_record_init(&run->verdict.record);
    code = check_all(run);
    cvk_record_clear(&run->verdict.record);
    cvk_fileset_clear(&run->named);
    cvk_derive_clear(&run->derive);
    cvk_manifest_clear(&run->manifest);
    cvk_lines_clear(&run->lines);
    cvk_indir_close(&run->dir);
    cvk_buf_clear(&run->dir_path);
    free(run);
    /* everything else has been emitted */
    return code == CVK_E_MEMORY ? code : CVK_OK;
}
