/* SPDX-License-Identifier: MIT */
#include "output/blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "output/blobname.h"
#include "os/terminal.h"

bool cvk_blobs_init(struct cvk_blobs *b, const struct cvk_blob_options *options)
{
    b->options = *options;
    b->parent = options->file ? cvk_parent_directory(options->file) : NULL;
    cvk_outtree_init(&b->tree, options->file ? b->parent : options->dir,
                     options->sync);
    b->tree.must_exist = options->file != NULL;
    return b->parent || !options->file;
}

void cvk_blobs_clear(struct cvk_blobs *b)
{
    cvk_outtree_clear(&b->tree);
    free(b->parent);
}

void cvk_stager_init(struct cvk_stager *s, struct cvk_blobs *blobs)
{
    memset(s, 0, sizeof *s);
    s->blobs = blobs;
    cvk_buf_init(&s->below_path, 2 * CVK_MAX_PATH);
    cvk_buf_init(&s->path, 2 * CVK_MAX_PATH);
    cvk_buf_init(&s->member, 2 * CVK_MAX_PATH);
}

static void release(struct cvk_outdir **d)
{
    if (*d)
        cvk_outdir_release(*d);
    *d = NULL;
}

void cvk_stager_clear(struct cvk_stager *s)
{
    release(&s->below);
    release(&s->top);
    cvk_buf_clear(&s->below_path);
    cvk_buf_clear(&s->path);
    cvk_buf_clear(&s->member);
}

/* ---- words -------------------------------------------------------------- */

/* Refuses r: what could not be done to the path, and the system's reason. */
static void refuse(struct cvk_record *r, enum cvk_code code,
                   struct cvk_slice path, int error)
{
    static const struct {
        enum cvk_code code;
        const char *what;
    } words[] = {
        {CVK_E_IO_EXISTS, "exists already"},
        {CVK_E_IO_CREATE, "cannot be created"},
        {CVK_E_IO_WRITE, "cannot be written"},
        {CVK_E_IO_SYNC, "cannot be made durable"},
        {CVK_E_IO_PUBLISH, "cannot be given its name"},
        {CVK_E_IO_BUSY, "cannot be written: its part file is in the way"},
        {CVK_E_IO_STDOUT, "(standard output) cannot be written"},
        {CVK_E_IO_OUTPUT_IS_INPUT, "is an input of this run"},
        {CVK_E_MEMORY, "cannot be written: not enough memory"},
    };
    bool say_error = error && code != CVK_E_IO_EXISTS &&
                     code != CVK_E_IO_OUTPUT_IS_INPUT && code != CVK_E_IO_BUSY;
    char shown[CVK_MAX_SHOWN];
    const char *what = "";

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].code == code)
            what = words[i].what;
    cvk_escape_shown(shown, path);
    cvk_record_refuse(r, code, NULL, "%s %s%s%s", shown, what,
                      say_error ? ": " : "", say_error ? strerror(error) : "");
}

static void refuse_memory(struct cvk_record *r)
{
    cvk_record_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
}

static struct cvk_slice string_slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* The path a blob is known by: relative to the output directory in the record,
 * from where the user is in the report. */
static void note_path(struct cvk_record *r, const char *dir, const char *path)
{
    struct cvk_blob_facts *blob = &r->blob;
    size_t start, n = strlen(path);
    bool plain = !dir || strcmp(dir, ".") == 0;

    blob->path = cvk_text_store(&r->text, cvk_slice_of(path, n));
    blob->shown = blob->path;
    if (plain)
        return;
    start = r->text.n;
    cvk_buf_append_string(&r->text, dir);
    if (dir[strlen(dir) - 1] != '/')
        cvk_buf_append_byte(&r->text, '/');
    cvk_buf_append(&r->text, path, n);
    blob->shown = cvk_text_since(&r->text, start);
    blob->shown.known = !r->text.failed;
}

static void note_mode(struct cvk_record *r, const struct cvk_outfile *f)
{
    if (!f->mode_kept)
        cvk_record_note(r, CVK_E_IO_MODE, NULL,
                        "this file system cannot hold mode 0600: others may "
                        "be able to read the blob");
}

/* ---- where to ----------------------------------------------------------- */

static bool open_top(struct cvk_stager *s, struct cvk_record *r)
{
    struct cvk_outtree *tree = &s->blobs->tree;
    enum cvk_code code;
    int error = 0;

    if (s->top)
        return true;
    code = cvk_outtree_top(tree, &s->top, &error);
    if (code)
        refuse(r, code, string_slice(tree->path), error);
    return !code;
}

/* Could one of these directories, each with a '/', be called as a blob is? */
static bool is_named_like_blob(struct cvk_slice path)
{
    for (size_t at = 0; at < path.n; at++)
        if (cvk_slice_starts_nocase(cvk_slice_cut(path, at, path.n),
                                    CVK_LITERAL(".blob/")))
            return true;
    return false;
}

/* Opens the directory below the output directory whose path, with a '/' at
 * its end, is the first n bytes of s->path; kept open for the next input. */
static struct cvk_outdir *open_below(struct cvk_stager *s,
                                     struct cvk_record *r, size_t n)
{
    struct cvk_slice wanted = cvk_slice_of(s->path.p, n);
    enum cvk_code code;
    int error = 0;

    if (!open_top(s, r))
        return NULL;
    if (n == 0)
        return s->top;
    if (s->below && cvk_slice_equal(cvk_buf_slice(&s->below_path), wanted))
        return s->below;
    if (s->in_turn && is_named_like_blob(wanted))
        s->in_turn(s->context);
    release(&s->below);
    s->below_path.n = 0;
    if (!cvk_buf_append_slice(&s->below_path, wanted) ||
        !cvk_buf_reserve(&s->below_path, n + 1)) {
        refuse_memory(r);
        return NULL;
    }
    s->below_path.p[n] = '\0';
    code = cvk_outtree_below(&s->blobs->tree, (const char *)s->below_path.p,
                             &s->below, &error);
    if (code)
        refuse(r, code, wanted, error);
    return s->below;
}

/* ARCHIVE-NAME/ and the member's own directories. */
static bool append_archive(struct cvk_stager *s,
                           const struct cvk_blob_source *from)
{
    const char *slash = strrchr(from->path, '/');
    const char *name = slash ? slash + 1 : from->path;

    s->member.n = 0;
    /* as a path that cannot be mistaken for standard input */
    return cvk_buf_append_string(&s->member, "./") &&
           cvk_buf_append_slice(&s->member, from->member) &&
           cvk_buf_append_byte(&s->member, 0) &&
           cvk_buf_append_string(&s->path,
                                 strcmp(name, "-") ? name : "stdin") &&
           cvk_buf_append_byte(&s->path, '/') &&
           cvk_blob_parents(&s->path, (const char *)s->member.p);
}

static bool append_name(struct cvk_stager *s, const struct cvk_record *r,
                        const struct cvk_blob_source *from, size_t *name_at)
{
    const char *path = from->path;

    if (from->member.p) {
        if (!append_archive(s, from))
            return false;
        path = (const char *)s->member.p;
    }
    *name_at = s->path.n;
    return cvk_blob_name(&s->path, path, r->backup.secret,
                         r->backup.ordinal) &&
           cvk_buf_append_byte(&s->path, 0);
}

/* Builds the blob's path below the output directory in s->path, NUL at its
 * end; *name_at is where its last component starts. */
static bool build_path(struct cvk_stager *s, struct cvk_record *r,
                       const struct cvk_blob_source *from, size_t *name_at)
{
    s->path.n = 0;
    s->path.failed = false;
    if (from->parents && !cvk_blob_parents(&s->path, from->path) &&
        !s->path.failed) {
        cvk_record_refuse(r, CVK_E_IO_OUTPUT_NAME, NULL,
                          "the input's path holds '..', which cannot be kept "
                          "below the output directory");
        return false;
    }
    if (!s->path.failed && append_name(s, r, from, name_at))
        return true;
    if (s->path.n + strlen(from->path) + from->member.n < CVK_MAX_PATH) {
        refuse_memory(r);
        return false;
    }
    cvk_record_refuse(r, CVK_E_IO_OUTPUT_NAME, NULL,
                      "the name of the blob would be too long");
    return false;
}

/* ---- stage -------------------------------------------------------------- */

static void stage_in(struct cvk_stager *s, struct cvk_record *r,
                     struct cvk_outfile *f, struct cvk_outdir *dir,
                     const char *name, struct cvk_slice blob)
{
    const struct cvk_blob_options *o = &s->blobs->options;
    unsigned existing = (o->replace ? CVK_REPLACE_EXISTING : 0) |
                        (o->resume ? CVK_TAKE_EXISTING : 0);
    int error = 0;
    enum cvk_code code = cvk_outfile_stage(f, &s->blobs->tree, dir, name,
                                           existing, blob, &error);

    if (code)
        refuse(r, code, cvk_record_text(r, r->blob.shown), error);
}

/* A pipe, a device or standard output: there is nothing to stage. */
static void write_special(const char *file, struct cvk_record *r,
                          struct cvk_slice blob)
{
    bool to_stdout = strcmp(file, "-") == 0;
    int error = 0;
    enum cvk_code code =
        to_stdout ? cvk_outfile_write_fd(CVK_STDOUT, blob, &error)
                  : cvk_outfile_write_special(file, blob, &error);

    if (code)
        refuse(r, to_stdout ? CVK_E_IO_STDOUT : code,
               cvk_record_text(r, r->blob.shown), error);
    else
        r->blob.written = true;
    r->blob.shown.known = false; /* no file that a command could take */
}

static void stage_file(struct cvk_stager *s, struct cvk_record *r,
                       struct cvk_outfile *f, struct cvk_slice blob,
                       size_t total)
{
    const char *file = s->blobs->options.file, *slash = strrchr(file, '/');
    enum cvk_code code = CVK_OK;
    int error = 0;

    note_path(r, NULL, file);
    if (total > 1 || s->blobs->used) {
        cvk_record_refuse(r, CVK_E_IO_ONE_FILE, NULL,
                          "the input holds several key backups, -o names one "
                          "file");
        return;
    }
    s->blobs->used = true;
    if (strcmp(file, "-") == 0 || cvk_outfile_is_special(file)) {
        write_special(file, r, blob);
        return;
    }
    if (!s->top)
        code = cvk_outtree_top(&s->blobs->tree, &s->top, &error);
    if (code)
        refuse(r, code, cvk_record_text(r, r->blob.shown), error);
    else
        stage_in(s, r, f, s->top, slash ? slash + 1 : file, blob);
}

void cvk_blob_stage(struct cvk_stager *s, struct cvk_record *r,
                    struct cvk_outfile *f, const struct cvk_blob_source *from,
                    struct cvk_slice blob, size_t total)
{
    struct cvk_outdir *dir;
    size_t name_at;

    f->fd = -1;
    if (s->blobs->options.file) {
        stage_file(s, r, f, blob, total);
        return;
    }
    if (!build_path(s, r, from, &name_at))
        return;
    note_path(r, s->blobs->options.dir, (const char *)s->path.p);
    dir = open_below(s, r, name_at);
    if (dir)
        stage_in(s, r, f, dir, (const char *)s->path.p + name_at, blob);
}

void cvk_blob_name_again(struct cvk_stager *s, struct cvk_record *r,
                         const struct cvk_blob_source *from)
{
    size_t name_at;

    if (build_path(s, r, from, &name_at))
        note_path(r, s->blobs->options.dir, (const char *)s->path.p);
}

/* ---- publish ------------------------------------------------------------ */

void cvk_blobs_publish(struct cvk_record *const *records,
                       struct cvk_outfile *const *files, size_t n,
                       struct cvk_kept *kept)
{
    cvk_outfiles_publish(files, n, kept);
    for (size_t i = 0; i < n; i++) {
        const struct cvk_outfile *f = files[i];
        struct cvk_record *r = records[i];

        r->blob.written = f->published;
        r->blob.synced = f->published && !f->code && f->tree->sync;
        if (f->code)
            refuse(r, f->code, cvk_record_text(r, r->blob.shown), f->error);
        else
            note_mode(r, f);
    }
}
