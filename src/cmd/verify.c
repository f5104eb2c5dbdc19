/* SPDX-License-Identifier: MIT */
#include "engine/verify.h"

#include <stdio.h>

#include "cmd/command.h"
#include "cmd/lineout.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/verify.h"

/* What is needed to print verdicts. */
struct printer {
    const struct cvk_options *options;
    const struct cvk_verdict_format *format;
    struct cvk_lineout out;
    bool report;     /* is wanted */
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

static void print_verdict(void *context, const struct cvk_verdict *v)
{
    struct printer *p = context;
    const struct cvk_finding *error = cvk_record_error(&v->record);

    if (p->report)
        cvk_lineout_flush(&p->out, p->format->verdict(&p->out.line, v,
                                                      p->options->verbose));
    if (!error)
        return;
    fflush(stdout);
    cvk_record_error_print_as(cvk_verdict_name(v), &v->record);
    cvk_lineout_raise(&p->out, cvk_exit_status(error->code));
}

static void finish(struct printer *p, const struct cvk_verify_summary *summary)
{
    if (p->report)
        cvk_lineout_flush(&p->out, p->format->summary(&p->out.line, summary));
    cvk_lineout_finish(&p->out);
}

int cvk_verify_run_command(const struct cvk_options *o)
{
    struct printer p = {
        .options = o,
        .format = o->json ? &cvk_verdict_json : &cvk_verdict_text,
        .out = {.to = stdout},
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

    cvk_buf_init(&p.out.line, 8 * CVK_MAX_MANIFEST_LINE);
    code = cvk_verify_run(&verify, &summary);
    if (code) {
        cvk_error(code, "not enough memory");
        cvk_lineout_raise(&p.out, CVK_EXIT_SYSTEM);
    }
    finish(&p, &summary);
    cvk_buf_clear(&p.out.line);
    cvk_signals_raise();
    return p.out.status;
}
