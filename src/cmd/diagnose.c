/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/caseinput.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/diagnose.h"
#include "restore/judge.h"

struct printer {
    const struct cvk_diagnose_format *format;
    struct cvk_buf line;
    bool report; /* is wanted */
    int status;
    int write_error; /* errno of the first write that failed */
};

const char *cvk_diagnose_verify(const struct cvk_options *o)
{
    return cvk_caseinput_verify(o);
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
    if (p->line.n &&
        fwrite(p->line.p, 1, p->line.n, stdout) != p->line.n && !p->write_error)
        p->write_error = errno ? errno : EIO;
    p->line.n = 0;
}

static void print_refused(void *context, const struct cvk_record *r)
{
    struct printer *p = context;

    if (p->report)
        flush_line(p, p->format->refused(&p->line, r));
    fflush(stdout);
}

static void judge(struct printer *p, struct cvk_caseinput *in)
{
    enum cvk_code code = cvk_judge(&in->facts, &in->judgement);

    if (code) {
        cvk_error(code, "not enough memory");
        raise_status(p, CVK_EXIT_SYSTEM);
    } else if (p->report) {
        flush_line(p, p->format->judgement(&p->line, &in->judgement,
                                           &in->facts));
    }
}

static void finish(struct printer *p, const struct cvk_summary *summary)
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

int cvk_diagnose_run(const struct cvk_options *o)
{
    struct printer p = {
        .format = o->json ? &cvk_diagnose_json : &cvk_diagnose_text,
        .report = !o->quiet || o->json,
    };
    struct cvk_caseinput in = {.context = &p, .refused = print_refused};

    cvk_buf_init(&p.line, 8 * CVK_MAX_RECORD_TEXT);
    raise_status(&p, cvk_caseinput_read(&in, o));
    if (p.status == CVK_EXIT_OK)
        judge(&p, &in);
    finish(&p, &in.summary);
    cvk_caseinput_clear(&in);
    cvk_buf_clear(&p.line);
    cvk_signals_raise();
    return p.status;
}
