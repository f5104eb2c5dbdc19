/* SPDX-License-Identifier: MIT */
/* The facts that decided, in words, each with its source; and findings on what
 * disagrees. */
#ifndef CVK_RESTORE_EXPLAIN_H
#define CVK_RESTORE_EXPLAIN_H

#include "restore/judge.h"

/* Where key, DES and tier are known from. */
void cvk_explain_sources(const struct cvk_situation *s,
                         struct cvk_judgement *j);

/* What either tier gives, where the tier is not known. */
void cvk_explain_tiers(struct cvk_judgement *j,
                       const struct cvk_ruling *snapshot,
                       const struct cvk_ruling *vault);

/* What the exports show of DES and keys. */
void cvk_explain_state(const struct cvk_situation *s, struct cvk_judgement *j);

/* The rule, where the published texts disagree, what was not checked. */
void cvk_explain_ruling(const struct cvk_situation *s,
                        const struct cvk_ruling *r, struct cvk_judgement *j);

#endif
