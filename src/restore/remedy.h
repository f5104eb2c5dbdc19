/* SPDX-License-Identifier: MIT */
/* What to do, in order, with the values of the case. */
#ifndef CVK_RESTORE_REMEDY_H
#define CVK_RESTORE_REMEDY_H

#include "restore/judge.h"

void cvk_remedy_write(const struct cvk_situation *s,
                      const struct cvk_ruling *r, struct cvk_judgement *j);

#endif
