/* SPDX-License-Identifier: MIT */
#include "engine/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "engine/derive.h"
#include "evidence/position.h"
#include "input/lines.h"
#include "os/outfile.h"
#include "os/instream.h"
#include "os/walk.h"

enum { PIECE = 1 << 16 };

struct run {
    const struct cvk_verify *v;
    struct cvk_summary *summary;
    struct cvk_buf dir_path; /* NUL-terminated */
    struct cvk_indir dir;
    struct cvk_lines lines;
    struct cvk_manifest manifest;
    struct cvk_derive derive;
    struct cvk_fileset named; /* the blobs named so far, see name_id */
    struct cvk_verdict verdict;
    bool any;  /* the manifest has a record, or something like it */
    bool lost; /* memory was exhausted: a name may be missing in named */
    uint8_t piece[PIECE];
};

/* ---- verdicts ----------------------------------------------------------- */

/* Starts the verdict on what stands in this line, 0 for none. */
static void start(struct run *run, uint64_t line)
{
    struct cvk_verdict *d = &run->verdict;

    cvk_record_reset(&d->record, CVK_RECORD_VERIFY, run->v->strict);
    d->member.known = false;
    d->manifest = run->v->manifest;
    d->line = line;
    d->sized = d->hashed = false;
}

/* Hands the verdict over and counts it. */
static void emit(struct run *run)
{
    struct cvk_verdict *d = &run->verdict;
    struct cvk_record *r = &d->record;
    struct cvk_summary *s = run->summary;

    cvk_findings_close(&r->findings, &r->text);
    s->inputs++;
    s->ok += r->status == CVK_STATUS_OK;
    s->refused += r->status == CVK_STATUS_REFUSED;
    s->errors += r->status == CVK_STATUS_ERROR;
    s->blobs += d->hashed && r->status == CVK_STATUS_OK;
    s->bytes_in += d->hashed ? d->size : 0;
    run->v->emit(run->v->context, d);
}

static enum cvk_code refuse(struct run *run, enum cvk_code code,
                            const char *why)
{
    return cvk_record_refuse(&run->verdict.record, code, NULL, "%s", why);
}

static enum cvk_code refuse_system(struct run *run, enum cvk_code code,
                                   int error)
{
    if (code == CVK_E_MEMORY)
        run->lost = true;
    if (code == CVK_E_MEMORY)
        return refuse(run, code, "not enough memory");
    if (code == CVK_E_IO_INTERRUPTED)
        return refuse(run, code, "interrupted");
    if (code == CVK_E_IO_DIRECTORY)
        return refuse(run, code, "is a directory");
    return cvk_record_refuse(&run->verdict.record, code, NULL, "cannot %s: %s",
                             code == CVK_E_IO_OPEN ? "open" : "read",
                             strerror(error));
}

/* A verdict that is about no blob. */
static void emit_failure(struct run *run, enum cvk_code code, int error)
{
    start(run, 0);
    refuse_system(run, code, error);
    emit(run);
}

/* ---- the blob ----------------------------------------------------------- */

/* A set of names is kept as a set of their hashes: 128 bits stand where device
 * and inode of a file would. */
static struct cvk_file_id name_id(struct cvk_slice path)
{
    struct cvk_file_id id = {.known = true};
    uint8_t digest[CVK_SHA256_SIZE];

    cvk_sha256(path, digest);
    memcpy(&id.device, digest, sizeof id.device);
    memcpy(&id.inode, digest + sizeof id.device, sizeof id.inode);
    return id;
}

static enum cvk_code check_first(struct run *run,
                                 const struct cvk_manifest_row *row)
{
    struct cvk_file_id id = name_id(row->blob_path);

    if (cvk_fileset_has(&run->named, id))
        return refuse(run, CVK_E_VERIFY_TWICE,
                      "the manifest names this blob a second time");
    if (!cvk_fileset_add(&run->named, id))
        return refuse_system(run, CVK_E_MEMORY, 0);
    return CVK_OK;
}

static enum cvk_code hash_stream(struct run *run, struct cvk_instream *s)
{
    struct cvk_verdict *d = &run->verdict;
    struct cvk_sha256_state state;
    size_t got = 1;
    int error;

    cvk_sha256_start(&state);
    d->size = 0;
    while (got) {
        enum cvk_code code = cvk_instream_read(s, run->piece, PIECE,
                                             run->v->cancel, &got, &error);

        if (code)
            return refuse_system(run, code, error);
        cvk_sha256_add(&state, cvk_slice_of(run->piece, got));
        d->size += got;
    }
    cvk_sha256_finish(&state, d->sha256);
    d->sized = d->hashed = true;
    return CVK_OK;
}

static enum cvk_code open_blob(struct run *run,
                               const struct cvk_manifest_row *row,
                               struct cvk_instream *s)
{
    enum cvk_found found;
    int error;
    enum cvk_code code =
        cvk_indir_open_file(&run->dir, (const char *)row->blob_path.p, s,
                            &found, &error);

    if (code)
        return refuse_system(run, code, error);
    switch (found) {
    case CVK_FOUND_FILE:
        return CVK_OK;
    case CVK_FOUND_NOTHING:
        return refuse(run, CVK_E_VERIFY_MISSING, "the blob is not there");
    case CVK_FOUND_LINK:
        return refuse(run, CVK_E_VERIFY_CHANGED,
                      "a symbolic link stands in the place of the blob or of a "
                      "folder on the way to it");
    default:
        return refuse(run, CVK_E_VERIFY_CHANGED,
                      "what stands in the place of the blob is no regular "
                      "file");
    }
}

static enum cvk_code check_blob(struct run *run,
                                const struct cvk_manifest_row *row)
{
    struct cvk_verdict *d = &run->verdict;
    char is[CVK_SHA256_HEX_SIZE], was[CVK_SHA256_HEX_SIZE];
    struct cvk_instream s;
    enum cvk_code code = open_blob(run, row, &s);

    if (code)
        return code;
    code = hash_stream(run, &s);
    cvk_instream_close(&s);
    if (code || (d->size == row->blob_size &&
                 memcmp(d->sha256, row->blob_sha256, CVK_SHA256_SIZE) == 0))
        return code;
    cvk_sha256_hex(d->sha256, is);
    cvk_sha256_hex(row->blob_sha256, was);
    return cvk_record_refuse(&d->record, CVK_E_VERIFY_CHANGED, NULL,
                             "the blob has %llu bytes, SHA-256 %s; the "
                             "manifest says %llu bytes, SHA-256 %s",
                             (unsigned long long)d->size, is,
                             (unsigned long long)row->blob_size, was);
}

/* ---- the config --------------------------------------------------------- */

static void note(struct run *run, enum cvk_code code, const char *words)
{
    cvk_record_note(&run->verdict.record, code, NULL, "%s", words);
}

/* False, and a note says why, where the config cannot be there. */
static bool is_at_hand(struct run *run, const struct cvk_manifest_row *row)
{
    const char *path = (const char *)row->input_path.p;

    if (row->input_member.p)
        note(run, CVK_E_VERIFY_MEMBER,
             "the config is a member of an archive: the blob is not derived "
             "again");
    else if (strcmp(path, "-") == 0)
        note(run, CVK_E_VERIFY_CONFIG_MISSING,
             "the config was read from standard input: the blob is not derived "
             "again");
    /* reading one could wait for ever, or do something */
    else if (cvk_outfile_is_special(path))
        note(run, CVK_E_VERIFY_CONFIG_MISSING,
             "no file stands under the config's name: the blob is not derived "
             "again");
    else
        return true;
    return false;
}

/* The errno of opening a name that leads nowhere. */
static bool is_gone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

/* Is the config that was loaded, or was not, another one than at the time? */
static bool is_another(const struct run *run,
                       const struct cvk_manifest_row *row, enum cvk_code code)
{
    const struct cvk_source *s = &run->derive.source;

    if (s->read)
        return memcmp(s->sha256, row->input_sha256, CVK_SHA256_SIZE) != 0;
    return code == CVK_E_IO_DIRECTORY ||
           (code == CVK_E_INPUT_TOO_LARGE && row->has_input_size &&
            row->input_size <= run->v->max_input_size);
}

static enum cvk_code refuse_config(struct run *run, const char *why)
{
    return cvk_record_refuse(&run->verdict.record, CVK_E_VERIFY_DERIVATION,
                             NULL,
                             "nothing can be derived from the config, which is "
                             "the same as ever: %s",
                             why);
}

/* What is to be said of loading the config. Sets *usable if it can be derived
 * from. */
static enum cvk_code judge_load(struct run *run,
                                const struct cvk_manifest_row *row,
                                enum cvk_code code, bool *usable)
{
    const struct cvk_source *s = &run->derive.source;
    struct cvk_record *r = &run->verdict.record;

    *usable = false;
    if (code == CVK_E_MEMORY)
        return refuse_system(run, code, 0);
    if (code == CVK_E_IO_OPEN && is_gone(s->file.error)) {
        note(run, CVK_E_VERIFY_CONFIG_MISSING,
             "the config is not there: the blob is not derived again");
        return CVK_OK;
    }
    if (is_another(run, row, code))
        return cvk_record_warn(r, CVK_E_VERIFY_CONFIG_CHANGED, NULL,
                               "the config is not the one the blob was derived "
                               "from");
    *usable = code == CVK_OK;
    if (s->read && code && code != CVK_E_INPUT_TOO_LARGE)
        return refuse_config(run, s->why);
    return code ? cvk_record_refuse(r, code, NULL, "the config: %s", s->why)
                : CVK_OK;
}

static enum cvk_code refuse_derivation(struct run *run, uint64_t size,
                                       const uint8_t *sha256,
                                       const struct cvk_manifest_row *row)
{
    char got[CVK_SHA256_HEX_SIZE], was[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(sha256, got);
    cvk_sha256_hex(row->blob_sha256, was);
    return cvk_record_refuse(&run->verdict.record, CVK_E_VERIFY_DERIVATION,
                             NULL,
                             "cJSON and libb64 derive %llu bytes, SHA-256 %s, "
                             "from the config; the manifest says %llu bytes, "
                             "SHA-256 %s",
                             (unsigned long long)size, got,
                             (unsigned long long)row->blob_size, was);
}

/* Derives the blob again where its config is what it was. */
static enum cvk_code check_config(struct run *run,
                                  const struct cvk_manifest_row *row)
{
    uint8_t sha256[CVK_SHA256_SIZE];
    const char *why = NULL;
    enum cvk_code code;
    uint64_t size;
    bool usable;

    if (!is_at_hand(run, row))
        return CVK_OK;
    code = cvk_derive_load(&run->derive, row->input_path,
                           run->v->max_input_size, run->v->cancel);
    code = judge_load(run, row, code, &usable);
    if (code || !usable)
        return code;
    code = cvk_derive_backup(&run->derive, row->pointer, &size, sha256, &why);
    if (code == CVK_E_MEMORY)
        return refuse_system(run, code, 0);
    if (code)
        return refuse_config(run, why);
    if (size != row->blob_size ||
        memcmp(sha256, row->blob_sha256, CVK_SHA256_SIZE) != 0)
        return refuse_derivation(run, size, sha256, row);
    run->verdict.record.cross_checked = true;
    return CVK_OK;
}

/* ---- lines -------------------------------------------------------------- */

/* False when memory is exhausted. */
static bool take_names(struct cvk_verdict *d, const struct cvk_manifest_row *row)
{
    struct cvk_record *r = &d->record;

    r->blob.path = cvk_text_store(&r->text, row->blob_path);
    r->input.path = cvk_text_store(&r->text, row->input_path);
    if (row->input_member.p)
        d->member = cvk_text_store(&r->text, row->input_member);
    return !r->text.failed;
}

static enum cvk_code check_row(struct run *run)
{
    const struct cvk_manifest_row *row = &run->manifest.row;
    enum cvk_code code;

    if (row->type == CVK_ROW_RUN || row->type == CVK_ROW_SUMMARY)
        return CVK_OK;
    run->any = true;
    if (row->type == CVK_ROW_ARCHIVE || row->status != CVK_ROW_OK) {
        run->summary->inputs++;
        run->summary->skipped++;
        return CVK_OK;
    }
    start(run, run->lines.number);
    if (!take_names(&run->verdict, row))
        return CVK_E_MEMORY;
    code = check_first(run, row);
    if (!code)
        code = check_blob(run, row);
    if (!code)
        check_config(run, row);
    emit(run);
    return CVK_OK;
}

/* A line that is no record; at is the byte of it that is wrong. */
static void refuse_line(struct run *run, enum cvk_code code,
                        struct cvk_slice line, size_t at, const char *why)
{
    struct cvk_document_text doc = {.text = line};
    struct cvk_place place = cvk_position_find(&doc, at);

    place.offset += run->lines.offset;
    place.line = run->lines.number;
    run->any = true;
    run->lost |= code == CVK_E_MEMORY;
    start(run, run->lines.number);
    cvk_record_refuse(&run->verdict.record, code, &place, "%s", why);
    emit(run);
}

static enum cvk_code check_line(struct run *run, struct cvk_slice line)
{
    struct cvk_manifest *m = &run->manifest;
    enum cvk_code code = cvk_manifest_read(m, line);

    if (!code)
        return check_row(run);
    refuse_line(run, code, line, m->error_at,
                code == CVK_E_MEMORY ? "not enough memory for a line"
                                     : m->why);
    return CVK_OK;
}

static enum cvk_code check_lines(struct run *run)
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

static enum cvk_code report_extra(struct run *run, struct cvk_slice path)
{
    struct cvk_record *r = &run->verdict.record;

    start(run, 0);
    r->blob.path = cvk_text_store(&r->text, path);
    if (!r->blob.path.known)
        return CVK_E_MEMORY;
    cvk_record_warn(r, CVK_E_VERIFY_EXTRA, NULL,
                    "the manifest does not name this file");
    emit(run);
    return CVK_OK;
}

/* A folder that could not be searched: what is in it is not known. */
static void report_failure(struct run *run, const struct cvk_walk_entry *e)
{
    char shown[CVK_MAX_SHOWN];

    cvk_escape_shown(shown, cvk_slice_of(e->path, strlen(e->path)));
    start(run, 0);
    cvk_record_refuse(&run->verdict.record, e->code, NULL,
                      "%s was not searched for other blobs%s%s", shown,
                      e->error ? ": " : "", e->error ? strerror(e->error) : "");
    emit(run);
}

static enum cvk_code look_at(struct run *run, const struct cvk_walk_entry *e)
{
    struct cvk_slice path = cvk_slice_of(e->path, strlen(e->path));

    if (e->kind == CVK_WALK_FAILED)
        report_failure(run, e);
    else if (cvk_slice_ends_nocase(path, CVK_LITERAL(".blob")) &&
             !cvk_fileset_has(&run->named, name_id(path)))
        return report_extra(run, path);
    return CVK_OK;
}

/* Links and pipes of that name are extra, too: no run makes them. */
static enum cvk_code find_extras(struct run *run)
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
static bool find_dir(struct run *run)
{
    const char *manifest = run->v->manifest, *slash = strrchr(manifest, '/');
    const char *dir = run->v->output_dir ? run->v->output_dir : ".";
    size_t n = strlen(dir);

    if (!run->v->output_dir && slash) {
        dir = manifest;
        n = slash == manifest ? 1 : (size_t)(slash - manifest);
    }
    return cvk_buf_append(&run->dir_path, dir, n) &&
           cvk_buf_append_byte(&run->dir_path, 0);
}

/* Opens both, or emits why not. */
static enum cvk_code open_both(struct run *run)
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
    start(run, 0);
    cvk_record_refuse(&run->verdict.record, code, NULL,
                      "the output directory %s cannot be opened: %s", shown,
                      strerror(error));
    emit(run);
    return code;
}

static enum cvk_code check_all(struct run *run)
{
    enum cvk_code code = open_both(run);

    if (!code)
        code = check_lines(run);
    if (code)
        return code;
    if (!run->any) {
        start(run, 0);
        refuse(run, CVK_E_MANIFEST_EMPTY, "the manifest holds no record");
        emit(run);
        return CVK_OK;
    }
    return run->lost ? CVK_OK : find_extras(run);
}

enum cvk_code cvk_verify_run(const struct cvk_verify *v,
                             struct cvk_summary *summary)
{
    struct run *run = calloc(1, sizeof *run);
    enum cvk_code code;

    *summary = (struct cvk_summary){0};
    if (!run)
        return CVK_E_MEMORY;
    run->v = v;
    run->summary = summary;
    run->dir.fd = -1;
    cvk_buf_init(&run->dir_path, strlen(v->output_dir ? v->output_dir
                                                      : v->manifest) + 2);
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
