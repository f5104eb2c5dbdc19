/* SPDX-License-Identifier: MIT */
/* What a restore does that is submitted at the case's time. */
#ifndef CVK_RESTORE_JUDGE_H
#define CVK_RESTORE_JUDGE_H

#include "restore/judgement.h"

/* What a restore from one tier does. */
struct cvk_ruling {
    const struct cvk_rule *rule; /* NULL: no row is known to hold */
    const char *scenario;        /* the row's, or that of a veto */
    enum cvk_outcome outcome;
    const char *code;
    enum cvk_remedy remedy;
    cvk_truth needs; /* where it is undetermined */
};

/* Judges the case into *j, whose record holds the input. CVK_E_MEMORY. */
enum cvk_code cvk_judge(const struct cvk_case *c, struct cvk_judgement *j);

/* The row and the vetoes, without words. */
struct cvk_ruling cvk_judge_tier(const struct cvk_situation *s);

#endif
