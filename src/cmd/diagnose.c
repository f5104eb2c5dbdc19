/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/caseinput.h"
#include "cmd/command.h"
#include "cmd/lineout.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/diagnose.h"
#include "restore/judge.h"

struct printer {
    const struct cvk_diagnose_format *format;
    struct cvk_lineout out;
    bool report; /* is wanted */
};

const char *cvk_diagnose_verify(const struct cvk_options *o)
{
    return cvk_caseinput_verify(o);
}

static void print_refused(void *context, const struct cvk_record *r)
{
    struct printer *p = context;

    if (p->report)
        cvk_lineout_flush(&p->out, p->format->refused(&p->out.line, r));
    fflush(stdout);
}

static void judge(struct printer *p, struct cvk_caseinput *in)
{
    enum cvk_code code = cvk_judge(&in->facts, &in->judgement);

    if (code) {
        cvk_error(code, "not enough memory");
        cvk_lineout_raise(&p->out, CVK_EXIT_SYSTEM);
    } else if (p->report) {
        cvk_lineout_flush(&p->out,
                          p->format->judgement(&p->out.line, &in->judgement,
                                               &in->facts));
    }
}

static void finish(struct printer *p, const struct cvk_summary *summary)
{
    if (p->report)
        cvk_lineout_flush(&p->out, p->format->summary(&p->out.line, summary));
    cvk_lineout_finish(&p->out);
}

int cvk_diagnose_run(const struct cvk_options *o)
{
    struct printer p = {
        .format = o->json ? &cvk_diagnose_json : &cvk_diagnose_text,
        .out = {.to = stdout},
        .report = !o->quiet || o->json,
    };
    struct cvk_caseinput in = {.context = &p, .refused = print_refused};

    cvk_buf_init(&p.out.line, 8 * CVK_MAX_RECORD_TEXT);
    cvk_lineout_raise(&p.out, cvk_caseinput_read(&in, o));
    if (p.out.status == CVK_EXIT_OK)
        judge(&p, &in);
    finish(&p, &in.summary);
    cvk_caseinput_clear(&in);
    cvk_buf_clear(&p.out.line);
    cvk_signals_raise();
    return p.out.status;
}
