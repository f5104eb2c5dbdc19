/* SPDX-License-Identifier: MIT */
#include "output/blob.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "output/blobname.h"
#include "os/terminal.h"

void cvk_blobs_init(struct cvk_blobs *b, const struct cvk_blob_options *options,
                    struct cvk_kept *kept)
{
    memset(b, 0, sizeof *b);
    b->options = *options;
    b->kept = kept;
    b->dir.fd = b->sub.fd = -1;
    cvk_buf_init(&b->sub_path, CVK_MAX_PATH);
    cvk_buf_init(&b->path, 2 * CVK_MAX_PATH);
    cvk_buf_init(&b->input, 2 * CVK_MAX_PATH);
}

void cvk_blobs_clear(struct cvk_blobs *b)
{
    for (size_t i = 0; i < b->n_staged; i++)
        cvk_outfile_discard(&b->staged[i]);
    b->n_staged = 0;
    cvk_outdir_close(&b->sub);
    cvk_outdir_close(&b->dir);
    cvk_buf_clear(&b->sub_path);
    cvk_buf_clear(&b->path);
    cvk_buf_clear(&b->input);
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

static void note_mode(struct cvk_record *r, const struct cvk_outdir *dir)
{
    if (!dir->mode_kept)
        cvk_record_note(r, CVK_E_IO_MODE, NULL,
                        "this file system cannot hold mode 0600: others may "
                        "be able to read the blob");
}

/* ---- where to ----------------------------------------------------------- */

/* Opens the output directory once. */
static bool open_dir(struct cvk_blobs *b, struct cvk_record *r)
{
    enum cvk_code code;
    int error = 0;

    if (b->dir.fd >= 0)
        return true;
    code = cvk_outdir_create(&b->dir, b->options.dir, b->options.sync, &error);
    if (code)
        refuse(r, code, string_slice(b->options.dir), error);
    return !code;
}

/* Opens the directory below the output directory whose path, with a '/' at
 * its end, is the first n bytes of b->path; kept open for the next input. */
static struct cvk_outdir *open_sub(struct cvk_blobs *b, struct cvk_record *r,
                                   size_t n)
{
    struct cvk_slice wanted = cvk_slice_of(b->path.p, n);
    enum cvk_code code;
    int error = 0;

    if (n == 0)
        return &b->dir;
    if (b->sub.fd >= 0 && cvk_slice_equal(cvk_buf_slice(&b->sub_path), wanted))
        return &b->sub;
    cvk_outdir_close(&b->sub);
    b->sub_path.n = 0;
    if (!cvk_buf_append_slice(&b->sub_path, wanted) ||
        !cvk_buf_reserve(&b->sub_path, n + 1)) {
        refuse_memory(r);
        return NULL;
    }
    b->sub_path.p[n] = '\0';
    code = cvk_outdir_create_below(&b->sub, &b->dir,
                                 (const char *)b->sub_path.p, b->options.sync,
                                 &error);
    if (!code)
        return &b->sub;
    refuse(r, code, wanted, error);
    return NULL;
}

/* Builds the blob's path below the output directory in b->path, NUL at its
 * end; *name_at is where its last component starts. */
static bool build_path(struct cvk_blobs *b, struct cvk_record *r,
                       const char *input, size_t ordinal, size_t *name_at)
{
    b->path.n = 0;
    if (b->options.parents && !cvk_blob_parents(&b->path, input)) {
        cvk_record_refuse(r, CVK_E_IO_OUTPUT_NAME, NULL,
                          "the input's path holds '..', which --parents "
                          "cannot keep below the output directory");
        return false;
    }
    *name_at = b->path.n;
    if (cvk_blob_name(&b->path, input, r->backup.secret, ordinal) &&
        cvk_buf_append_byte(&b->path, 0))
        return true;
    if (b->path.n + strlen(input) < CVK_MAX_PATH) {
        refuse_memory(r);
        return false;
    }
    cvk_record_refuse(r, CVK_E_IO_OUTPUT_NAME, NULL,
                      "the name of the blob would be too long");
    return false;
}

/* ---- stage -------------------------------------------------------------- */

static void stage_in(struct cvk_blobs *b, struct cvk_record *r,
                     struct cvk_outdir *dir, const char *name,
                     struct cvk_slice blob)
{
    int error = 0;
    enum cvk_code code =
        cvk_outfile_stage(&b->staged[b->n_staged], dir, name,
                          b->options.replace, blob, &error);

    if (code)
        refuse(r, code, cvk_record_text(r, r->blob.shown), error);
    else
        b->records[b->n_staged++] = r;
}

/* A pipe, a device or standard output: there is nothing to stage. */
static void write_special(struct cvk_blobs *b, struct cvk_record *r,
                          struct cvk_slice blob)
{
    bool to_stdout = strcmp(b->options.file, "-") == 0;
    int error = 0;
    enum cvk_code code =
        to_stdout ? cvk_outfile_write_fd(CVK_STDOUT, blob, &error)
                  : cvk_outfile_write_special(b->options.file, blob, &error);

    if (code)
        refuse(r, to_stdout ? CVK_E_IO_STDOUT : code,
               cvk_record_text(r, r->blob.shown), error);
    else
        r->blob.written = true;
    r->blob.shown.known = false; /* no file that a command could take */
}

static void stage_file(struct cvk_blobs *b, struct cvk_record *r,
                       struct cvk_slice blob, size_t total)
{
    const char *file = b->options.file, *slash = strrchr(file, '/');
    size_t n = slash ? (size_t)(slash - file) + 1 : 0;
    enum cvk_code code;
    int error = 0;

    note_path(r, NULL, file);
    if (total > 1) {
        cvk_record_refuse(r, CVK_E_IO_ONE_FILE, NULL,
                          "the input holds %zu key backups, -o names one file",
                          total);
        return;
    }
    if (strcmp(file, "-") == 0 || cvk_outfile_is_special(file)) {
        write_special(b, r, blob);
        return;
    }
    b->path.n = 0;
    if (!cvk_buf_append(&b->path, n ? file : "./", n ? n : 2) ||
        !cvk_buf_append_byte(&b->path, 0)) {
        refuse_memory(r);
        return;
    }
    code = cvk_outdir_open(&b->dir, (const char *)b->path.p, &error);
    if (code)
        refuse(r, code, cvk_record_text(r, r->blob.shown), error);
    else
        stage_in(b, r, &b->dir, file + n, blob);
}

/* The NUL-terminated path of the input, which lies in the record. */
static bool copy_input_path(struct cvk_blobs *b, const struct cvk_record *r)
{
    b->input.n = 0;
    return cvk_buf_append_slice(&b->input,
                                cvk_record_text(r, r->input.path)) &&
           cvk_buf_append_byte(&b->input, 0);
}

void cvk_blobs_stage(struct cvk_blobs *b, struct cvk_record *r,
                     struct cvk_slice blob, size_t ordinal, size_t total)
{
    struct cvk_outdir *dir;
    size_t name_at;

    if (b->options.file) {
        stage_file(b, r, blob, total);
        return;
    }
    if (!copy_input_path(b, r)) {
        refuse_memory(r);
        return;
    }
    if (!build_path(b, r, (const char *)b->input.p, ordinal, &name_at))
        return;
    note_path(r, b->options.dir, (const char *)b->path.p);
    if (!open_dir(b, r))
        return;
    dir = open_sub(b, r, name_at);
    if (dir)
        stage_in(b, r, dir, (const char *)b->path.p + name_at, blob);
}

/* ---- publish ------------------------------------------------------------ */

void cvk_blobs_publish(struct cvk_blobs *b)
{
    for (size_t i = 0; i < b->n_staged; i++) {
        struct cvk_record *r = b->records[i];
        struct cvk_outfile *f = &b->staged[i];
        struct cvk_outdir *dir = f->dir;
        int error = 0;
        enum cvk_code code =
            cvk_outfile_publish(f, b->options.sync, b->kept, &error);

        r->blob.written = f->published;
        r->blob.synced = !code && b->options.sync;
        if (code)
            refuse(r, code, cvk_record_text(r, r->blob.shown), error);
        else
            note_mode(r, dir);
    }
    b->n_staged = 0;
}
