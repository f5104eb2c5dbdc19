/* SPDX-License-Identifier: MIT */
/* A vault that was exported and is neither that of the original key nor that of
 * the DES: the place to restore the key to, and whether it may be. */
#ifndef CVK_RESTORE_TARGET_H
#define CVK_RESTORE_TARGET_H

#include "restore/judgement.h"

/* The export of such a vault; of several the first, NULL for none. */
const struct cvk_vault *cvk_target_find(const struct cvk_situation *s);

/* Adds findings and steps; the outcome stays. */
void cvk_target_judge(const struct cvk_situation *s, struct cvk_judgement *j);

#endif
