/* SPDX-License-Identifier: MIT */
#include "restore/judgement.h"

#include <stdarg.h>
#include <stdio.h>

void cvk_judgement_init(struct cvk_judgement *j)
{
    *j = (struct cvk_judgement){.outcome = CVK_OUTCOME_UNDETERMINED};
    cvk_buf_init(&j->text, CVK_MAX_RECORD_TEXT);
    cvk_record_init(&j->record);
    cvk_record_reset(&j->record, CVK_RECORD_DIAGNOSE, false);
}

void cvk_judgement_clear(struct cvk_judgement *j)
{
    cvk_buf_clear(&j->text);
    cvk_record_clear(&j->record);
}

static struct cvk_text store(struct cvk_judgement *j, struct cvk_slice s)
{
    struct cvk_text t = {0};

    if (!s.p)
        return t;
    t = cvk_text_store(&j->text, s);
    j->text.failed |= !t.known;
    return t;
}

/* At most three identifiers stand in one line. */
static struct cvk_text format_line(struct cvk_judgement *j, const char *format,
                                   va_list args)
    __attribute__((format(printf, 2, 0)));

static struct cvk_text format_line(struct cvk_judgement *j, const char *format,
                                   va_list args)
{
    char words[4 * CVK_MAX_IDENTIFIER];
    int n = vsnprintf(words, sizeof words, format, args);

    if (n < 0 || n >= (int)sizeof words) {
        j->text.failed = true;
        n = 0;
    }
    return store(j, cvk_slice_of(words, (size_t)n));
}

static struct cvk_reason *next_reason(struct cvk_judgement *j)
{
    if (j->n_because == CVK_MAX_REASONS) {
        j->text.failed = true;
        j->n_because--;
    }
    return &j->because[j->n_because++];
}

void cvk_judgement_say(struct cvk_judgement *j, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *next_reason(j) =
        (struct cvk_reason){.fact = format_line(j, format, args)};
    va_end(args);
}

void cvk_judgement_unchecked(struct cvk_judgement *j, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *next_reason(j) = (struct cvk_reason){
        .fact = format_line(j, format, args), .unchecked = true};
    va_end(args);
}

void cvk_judgement_cite(struct cvk_judgement *j, const struct cvk_case *c,
                        struct cvk_origin from, const char *format, ...)
{
    const struct cvk_export *x = cvk_case_export(c, from.export);
    struct cvk_reason r = {0};
    va_list args;

    va_start(args, format);
    r.fact = format_line(j, format, args);
    va_end(args);
    if (x)
        r.source = store(j, cvk_case_text(c, x->path));
    /* of a whole list there is no narrower place than the document */
    if (x)
        r.pointer = store(j, from.pointer.known
                                 ? cvk_case_text(c, from.pointer)
                                 : CVK_LITERAL(""));
    *next_reason(j) = r;
}

void cvk_judgement_cite_config(struct cvk_judgement *j,
                               const struct cvk_case *c,
                               struct cvk_text pointer, const char *format, ...)
{
    struct cvk_reason r = {0};
    va_list args;

    va_start(args, format);
    r.fact = format_line(j, format, args);
    va_end(args);
    r.source = store(j, cvk_case_text(c, c->config_path));
    r.pointer = store(j, cvk_case_text(c, pointer));
    *next_reason(j) = r;
}

void cvk_judgement_step(struct cvk_judgement *j, const char *format, ...)
{
    va_list args;

    if (j->n_remedy == CVK_MAX_STEPS) {
        j->text.failed = true;
        return;
    }
    va_start(args, format);
    j->remedy[j->n_remedy++] = format_line(j, format, args);
    va_end(args);
}

void cvk_judgement_miss(struct cvk_judgement *j, const char *option,
                        const char *format, ...)
{
    struct cvk_missing m = {.option = option};
    va_list args;

    if (j->n_missing == CVK_MAX_STEPS) {
        j->text.failed = true;
        return;
    }
    va_start(args, format);
    m.command = format_line(j, format, args);
    va_end(args);
    for (size_t i = 0; i < j->n_missing; i++)
        if (cvk_slice_equal(cvk_judgement_text(j, j->missing[i].command),
                            cvk_judgement_text(j, m.command)))
            return;
    j->missing[j->n_missing++] = m;
}
