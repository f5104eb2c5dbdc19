/* SPDX-License-Identifier: MIT */
#include "cmd/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/signals.h"
#include "engine/batch.h"
#include "output/report.h"

/* What is needed to print results. */
struct printer {
    const struct cvk_options *options;
    const struct cvk_report_format *format;
    FILE *to;
    struct cvk_buf line;
    bool report;    /* is wanted */
    bool printed;   /* a record was */
    int status;     /* highest so far */
    int write_error; /* errno of the first write that failed */
};

static void raise_status(struct printer *p, int status)
{
    if (status > p->status)
        p->status = status;
}

/* Writes the line, if all of it could be made: never a part of one. */
static void flush_line(struct printer *p, bool whole)
{
    if (!whole) {
        cvk_error(CVK_E_MEMORY, "not enough memory for a line of the report");
        raise_status(p, CVK_EXIT_SYSTEM);
        p->line.n = 0;
        p->line.failed = false;
    }
    if (fwrite(p->line.p, 1, p->line.n, p->to) != p->line.n && !p->write_error)
        p->write_error = errno ? errno : EIO;
    p->line.n = 0;
}

static void print_record(struct printer *p, const struct cvk_record *r)
{
    const struct cvk_finding *error = cvk_record_error(r);

    if (p->report) {
        bool whole = !p->printed || cvk_buf_append_string(
                                        &p->line, p->format->separator);

        whole = whole && p->format->record(&p->line, r, p->options->verbose);
        flush_line(p, whole);
        p->printed = true;
    }
    if (error) {
        fflush(p->to);
        cvk_record_error_print(r);
        raise_status(p, cvk_exit_status(error->code));
    }
}

static void print_result(void *context, const struct cvk_result *result)
{
    struct printer *p = context;

    for (size_t i = 0; i < result->n; i++)
        print_record(p, &result->records[i]);
}

static void finish(struct printer *p, const struct cvk_summary *summary)
{
    if (p->report) {
        bool whole =
            summary->inputs < 2 ||
            cvk_buf_append_string(&p->line, p->format->separator);

        flush_line(p, whole && p->format->summary(&p->line, summary));
    }
    if ((fflush(p->to) != 0 || ferror(p->to)) && !p->write_error)
        p->write_error = errno ? errno : EIO;
    if (!p->write_error)
        return;
    cvk_error(CVK_E_IO_STDOUT, "the report cannot be written: %s",
              strerror(p->write_error));
    raise_status(p, CVK_EXIT_SYSTEM);
}

const char *cvk_inputs_verify(const struct cvk_options *o)
{
    int from_stdin = 0;

    if (o->n_inputs == 0)
        return "no INPUT is named";
    for (int i = 0; i < o->n_inputs; i++) {
        from_stdin += strcmp(o->inputs[i], "-") == 0;
        if (!*o->inputs[i])
            return "an INPUT has an empty name";
    }
    return from_stdin > 1 ? "standard input can be read only once" : NULL;
}

int cvk_inputs_run(const struct cvk_options *o, enum cvk_record_type type,
                   const struct cvk_blob_options *blobs)
{
    bool blob_on_stdout = blobs && blobs->file && !strcmp(blobs->file, "-");
    struct printer p = {
        .options = o,
        .format = o->json ? &cvk_report_json : &cvk_report_text,
        .to = blob_on_stdout ? stderr : stdout,
        .report = !o->quiet || o->json,
    };
    struct cvk_batch batch = {
        .options = {.type = type,
                    .strict = o->strict,
                    .allow_unknown_format = o->allow_unknown_format,
                    .cross_check = !o->no_cross_check,
                    .max_input_size = o->max_input_size,
                    .cancel = cvk_signals_catch()},
        .blobs = blobs,
        .paths = o->inputs,
        .n_paths = (size_t)o->n_inputs,
        .context = &p,
        .emit = print_result,
    };
    struct cvk_summary summary;
    enum cvk_code code;

    /* a record's text in JSON: six bytes for one at worst, and a frame */
    cvk_buf_init(&p.line, 8 * CVK_MAX_RECORD_TEXT);
    code = cvk_batch_run(&batch, &summary);
    if (code) {
        cvk_error(code, code == CVK_E_MEMORY ? "not enough memory"
                                             : "an input cannot be looked up");
        raise_status(&p, CVK_EXIT_SYSTEM);
    }
    finish(&p, &summary);
    cvk_buf_clear(&p.line);
    cvk_signals_raise();
    return p.status;
}
