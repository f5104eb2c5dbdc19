/* SPDX-License-Identifier: MIT */
/* The failed job beside the prediction: what happened then, and what would
 * happen now. */
#ifndef CVK_RESTORE_JOBCHECK_H
#define CVK_RESTORE_JOBCHECK_H

#include "restore/judge.h"

/* The job that ended last, NULL if none was exported. */
const struct cvk_job *cvk_jobcheck_find(const struct cvk_case *c);

/* A job that shows one of the published codes decides where the exports do not,
 * and is told apart where they do. */
void cvk_jobcheck_apply(const struct cvk_situation *s, struct cvk_ruling *r,
                        struct cvk_judgement *j);

#endif
