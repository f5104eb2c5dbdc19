/* SPDX-License-Identifier: MIT */
/* What makes a restore fail although its row promises success; told only by
 * what exports show. */
#ifndef CVK_RESTORE_VETO_H
#define CVK_RESTORE_VETO_H

#include "restore/judge.h"

/* Applies the vetoes, in their order, to a ruling that says "succeeds". */
void cvk_veto_apply(const struct cvk_situation *s, struct cvk_ruling *r);

/* The export of the vault or Managed HSM at that host, NULL if there is none;
 * *index is its number. */
const struct cvk_vault *cvk_vault_find(const struct cvk_case *c,
                                       const struct cvk_key_url *key,
                                       size_t *index);

/* How far permissions can be told from the exports. */
enum cvk_permissions {
    CVK_PERMISSIONS_NO_EXPORT,
    CVK_PERMISSIONS_RBAC, /* roles are in no export; also a Managed HSM's */
    CVK_PERMISSIONS_NO_PRINCIPAL, /* the DES's identity is not known */
    CVK_PERMISSIONS_LACK_BACKUP,
    CVK_PERMISSIONS_LACK_DES,
    CVK_PERMISSIONS_GIVEN,
};

/* For the vault that the restore will use; *vault is its export. */
enum cvk_permissions cvk_permissions_find(const struct cvk_situation *s,
                                          const struct cvk_vault **vault);

#endif
