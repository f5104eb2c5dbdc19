/* SPDX-License-Identifier: MIT */
/* From a case that was judged to the steps of its runbook, and to the values
 * that evidence and exports give. */
#ifndef CVK_RESTORE_BOOKPLAN_H
#define CVK_RESTORE_BOOKPLAN_H

#include "restore/judgement.h"
#include "restore/runbook.h"

/* Chooses the steps of *b, offers it values and adds remarks. j is that of c.
 * Where facts are missing it is the whole procedure. Memory that runs out is
 * seen when the runbook is written. */
void cvk_bookplan_fill(struct cvk_runbook *b, const struct cvk_case *c,
                       const struct cvk_judgement *j);

#endif
