/* SPDX-License-Identifier: MIT */
/* Jobs and recovery points of Azure Backup as az, REST and PowerShell print
 * them. */
#ifndef CVK_RESTORE_JOB_H
#define CVK_RESTORE_JOB_H

#include "evidence/json_dom.h"
#include "restore/reader.h"

/* True for a job, and for the property bag of one alone. */
bool cvk_job_is(struct cvk_reader *r, struct cvk_dom_value entry);
void cvk_job_read(struct cvk_reader *r, struct cvk_dom_value entry);

bool cvk_point_is(struct cvk_reader *r, struct cvk_dom_value entry);
void cvk_point_read(struct cvk_reader *r, struct cvk_dom_value entry);

#endif
