/* SPDX-License-Identifier: MIT */
#include "engine/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/html.h"
#include "output/listing.h"

/* Bytes that go to the file at once. */
enum { PIECE = 1 << 16 };

/* Where the page goes. */
struct target {
    const char *manifest; /* the name of what is reported on */
    struct cvk_listing *file; /* NULL: standard output */
    enum cvk_code code;       /* of the first write that failed */
    int error;                /* its errno */
    int status;
};

const char *cvk_report_verify(const struct cvk_options *o)
{
    if (o->n_inputs == 0)
        return "no MANIFEST is named";
    if (o->n_inputs > 1)
        return "report takes exactly one MANIFEST; manifests can be joined "
               "with cat";
    return *o->inputs[0] ? NULL : "the MANIFEST has an empty name";
}

static void tell(void *context, enum cvk_severity severity, enum cvk_code code,
                 uint64_t line, const char *why)
{
    struct target *t = context;
    char place[40] = "";

    if (line)
        snprintf(place, sizeof place, "line %llu: ", (unsigned long long)line);
    if (severity != CVK_ERROR) {
        cvk_warning(code, "%s: %s%s", t->manifest, place, why);
        return;
    }
    cvk_error(code, "%s: %s%s", t->manifest, place, why);
    t->status = CVK_EXIT_REFUSED;
}

/* ---- writing ------------------------------------------------------------- */

static bool write_stdout(struct target *t, struct cvk_slice piece)
{
    if (fwrite(piece.p, 1, piece.n, stdout) == piece.n)
        return true;
    t->code = CVK_E_IO_STDOUT;
    t->error = errno;
    return false;
}

static bool write_piece(void *context, struct cvk_slice piece)
{
    struct target *t = context;

    if (!t->file)
        return write_stdout(t, piece);
    for (size_t at = 0; at < piece.n && !t->code;) {
        size_t n = piece.n - at < PIECE ? piece.n - at : PIECE;

        t->code = cvk_buf_append(cvk_listing_lines(t->file), piece.p + at, n)
                      ? cvk_listing_write(t->file)
                      : CVK_E_MEMORY;
        at += n;
    }
    t->error = t->file->error;
    return !t->code;
}

/* All of the page, in its place. */
static enum cvk_code write_page(struct target *t, struct cvk_page *page)
{
    if (!cvk_page_write(page, write_piece, t))
        return t->code ? t->code : CVK_E_MEMORY;
    if (t->file) {
        enum cvk_code code = cvk_listing_publish(t->file);

        t->error = t->file->error;
        return code;
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CVK_OK;
    t->error = errno;
    return CVK_E_IO_STDOUT;
}

/* ---- the command --------------------------------------------------------- */

static int refuse(enum cvk_code code, const char *name, int error)
{
    const char *why = code == CVK_E_MEMORY           ? "not enough memory"
                      : code == CVK_E_MANIFEST_EMPTY ? "it holds no record"
                      : code == CVK_E_IO_EXISTS      ? "exists already"
                      : code == CVK_E_IO_INTERRUPTED ? "interrupted"
                      : error                        ? strerror(error)
                                              : "cannot be read or written";

    cvk_error(code, "%s: %s", name, why);
    return cvk_exit_status(code);
}

static int make_page(struct target *t, const struct cvk_report *report,
                     const char *name)
{
    struct cvk_page page;
    enum cvk_code code;
    int status = CVK_EXIT_OK, error = 0;

    cvk_page_init(&page);
    code = cvk_report_read(report, &page, &error);
    if (code) {
        status = refuse(code, t->manifest, error);
    } else {
        code = write_page(t, &page);
        if (code)
            status = refuse(code, name, t->error);
    }
    cvk_page_clear(&page);
    return status > t->status ? status : t->status;
}

int cvk_report_run_command(const struct cvk_options *o)
{
    bool to_file = o->output && strcmp(o->output, "-") != 0;
    struct cvk_listing_options where = {
        .file = o->output, .dir = ".",
        .replaceable = o->force ? cvk_html_begins : NULL, .sync = true,
    };
    struct cvk_listing file;
    struct target t = {.manifest = o->inputs[0],
                       .file = to_file ? &file : NULL};
    struct cvk_report report = {.manifest = o->inputs[0],
                                .cancel = cvk_signals_catch(),
                                .context = &t,
                                .emit = tell};
    enum cvk_code code = to_file ? cvk_listing_open(&file, &where) : CVK_OK;
    int status;

    if (code)
        status = refuse(code, o->output, file.error);
    else
        status = make_page(&t, &report, to_file ? o->output
                                                : "standard output");
    if (to_file)
        cvk_listing_clear(&file);
    cvk_signals_raise();
    return status;
}
