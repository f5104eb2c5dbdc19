/* SPDX-License-Identifier: MIT */
#include "engine/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/verify.h"

/* What is needed to print verdicts. */
struct printer {
    const struct cvk_options *options;
    const struct cvk_verdict_format *format;
    struct cvk_buf line;
    bool report;     /* is wanted */
    int status;      /* highest so far */
    int write_error; /* errno of the first write that failed */
};

const char *cvk_verify_verify(const struct cvk_options *o)
{
    if (o->n_inputs == 0)
        return "no MANIFEST is named";
    if (o->n_inputs > 1)
        return "verify takes exactly one MANIFEST; manifests can be joined "
               "with cat";
    return *o->inputs[0] ? NULL : "the MANIFEST has an empty name";
}

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
    if (fwrite(p->line.p, 1, p->line.n, stdout) != p->line.n &&
        !p->write_error)
        p->write_error = errno ? errno : EIO;
    p->line.n = 0;
}

static void print_verdict(void *context, const struct cvk_verdict *v)
{
    struct printer *p = context;
    const struct cvk_finding *error = cvk_record_error(&v->record);

    if (p->report)
        flush_line(p, p->format->verdict(&p->line, v, p->options->verbose));
    if (!error)
        return;
    fflush(stdout);
    cvk_record_error_print_as(cvk_verdict_name(v), &v->record);
    raise_status(p, cvk_exit_status(error->code));
}

static void finish(struct printer *p, const struct cvk_verify_summary *summary)
{
    if (p->report)
        flush_line(p, p->format->summary(&p->line, summary));
    if ((fflush(stdout) != 0 || ferror(stdout)) && !p->write_error)
        p->write_error = errno ? errno : EIO;
    if (!p->write_error)
        return;
    cvk_error(CVK_E_IO_STDOUT, "the report cannot be written: %s",
              strerror(p->write_error));
    raise_status(p, CVK_EXIT_SYSTEM);
}

int cvk_verify_run_command(const struct cvk_options *o)
{
    struct printer p = {
        .options = o,
        .format = o->json ? &cvk_verdict_json : &cvk_verdict_text,
        .report = !o->quiet || o->json,
    };
    struct cvk_verify verify = {
        .manifest = o->inputs[0],
        .output_dir = o->output_dir,
        .strict = o->strict,
        .max_input_size = o->max_input_size,
        .cancel = cvk_signals_catch(),
        .context = &p,
        .emit = print_verdict,
    };
    struct cvk_verify_summary summary;
    enum cvk_code code;

    cvk_buf_init(&p.line, 8 * CVK_MAX_MANIFEST_LINE);
    code = cvk_verify_run(&verify, &summary);
    if (code) {
        cvk_error(code, "not enough memory");
        raise_status(&p, CVK_EXIT_SYSTEM);
    }
    finish(&p, &summary);
    cvk_buf_clear(&p.line);
    cvk_signals_raise();
    return p.status;
}
