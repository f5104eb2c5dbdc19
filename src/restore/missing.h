/* SPDX-License-Identifier: MIT */
/* Which export would settle what is not known: the command that makes it. */
#ifndef CVK_RESTORE_MISSING_H
#define CVK_RESTORE_MISSING_H

#include "restore/judge.h"

void cvk_missing_write(const struct cvk_situation *s,
                       const struct cvk_ruling *r, struct cvk_judgement *j);

/* The options that name a store in az and in PowerShell. */
static inline const char *cvk_az_store(const struct cvk_key_url *key)
{
    return key->store == CVK_MANAGED_HSM ? "--hsm-name" : "--vault-name";
}

static inline const char *cvk_powershell_store(const struct cvk_key_url *key)
{
    return key->store == CVK_MANAGED_HSM ? "-HsmName" : "-VaultName";
}

#endif
