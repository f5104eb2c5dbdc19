/* SPDX-License-Identifier: MIT */
/* What became of a case: the outcome, the facts that decided it, what to do
 * and what is missing. Reports print it and compute nothing. */
#ifndef CVK_RESTORE_JUDGEMENT_H
#define CVK_RESTORE_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/finding.h"
#include "evidence/record.h"
#include "restore/case.h"
#include "restore/rules.h"
#include "restore/situation.h"

/* One fact; source and pointer are not known for a published rule and for what
 * the operator states. */
struct cvk_reason {
    struct cvk_text fact, source, pointer;
    bool unchecked; /* not a fact, but what could not be looked at */
};

/* An export that is missing, and the option it is given by. */
struct cvk_missing {
    const char *option;
    struct cvk_text command;
};

struct cvk_judgement {
    const char *scenario;
    enum cvk_outcome outcome;
    const char *error_code; /* NULL: none, or none is published */
    enum cvk_tier tier;
    enum cvk_remedy repair; /* none as long as facts are missing */
    struct cvk_reason because[CVK_MAX_REASONS];
    size_t n_because;
    struct cvk_text remedy[CVK_MAX_STEPS];
    size_t n_remedy;
    struct cvk_missing missing[CVK_MAX_STEPS];
    size_t n_missing;
    struct cvk_buf text;

    /* The input as it lies on disk, its key and DES, and findings. */
    struct cvk_record record;
};

void cvk_judgement_init(struct cvk_judgement *j);
void cvk_judgement_clear(struct cvk_judgement *j);

static inline struct cvk_slice cvk_judgement_text(const struct cvk_judgement *j,
                                                  struct cvk_text t)
{
    return cvk_text_slice(&j->text, t);
}

/* A slice as the two arguments of "%.*s". */
#define CVK_SHOWN(s) (int)(s).n, (s).n ? (const char *)(s).p : ""

/* Adds a fact that no document says. */
void cvk_judgement_say(struct cvk_judgement *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds what was not looked at. */
void cvk_judgement_unchecked(struct cvk_judgement *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a fact of an export; pointer is of the case's text. */
void cvk_judgement_cite(struct cvk_judgement *j, const struct cvk_case *c,
                        struct cvk_origin from, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds a fact of the config. */
void cvk_judgement_cite_config(struct cvk_judgement *j,
                               const struct cvk_case *c,
                               struct cvk_text pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds the next step. */
void cvk_judgement_step(struct cvk_judgement *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds an export, once. */
void cvk_judgement_miss(struct cvk_judgement *j, const char *option,
                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
