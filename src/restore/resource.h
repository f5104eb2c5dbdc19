/* SPDX-License-Identifier: MIT */
/* Resources as az, ARM and PowerShell print them: disk encryption sets, vaults
 * and Managed HSMs, VMs and disks. */
#ifndef CVK_RESTORE_RESOURCE_H
#define CVK_RESTORE_RESOURCE_H

#include "evidence/json_dom.h"
#include "restore/reader.h"

/* Each adds one entry to the case; what is wrong is in the reader. */
void cvk_des_read(struct cvk_reader *r, struct cvk_dom_value entry);
void cvk_vault_read(struct cvk_reader *r, struct cvk_dom_value entry);
void cvk_disk_read(struct cvk_reader *r, struct cvk_dom_value entry);

/* The body of a restore request: the DES that it names for the OS disk. */
void cvk_request_read(struct cvk_reader *r, struct cvk_dom_value entry);

#endif
