/* SPDX-License-Identifier: MIT */
/* Names of vaults and keys are letters, digits and '-'; names of resource
 * groups and ids may need quotes. */
#include "restore/missing.h"

#include <stdio.h>

#include "base/escape.h"

static const char again[] = " (again, all of these together)";

/* A word quoted for a shell where it needs that, into a C string; RG where it
 * cannot be. */
static const char *quote(char out[CVK_MAX_IDENTIFIER], struct cvk_slice s,
                         bool powershell, struct cvk_judgement *j)
{
    struct cvk_buf b;
    bool ok;

    /* more than any quoting makes of it, so that only memory can fail */
    cvk_buf_init(&b, 8 * s.n + 8);
    ok = cvk_escape_posix_word(&b, s);
    if (ok && powershell && b.n && b.p[0] == '\'') {
        b.n = 0;
        ok = cvk_escape_powershell_word(&b, s);
    }
    j->text.failed |= b.failed;
    ok = ok && b.n && b.n < CVK_MAX_IDENTIFIER;
    snprintf(out, CVK_MAX_IDENTIFIER, "%.*s", ok ? (int)b.n : 2,
             ok ? (const char *)b.p : "RG");
    cvk_buf_clear(&b);
    return out;
}

static void miss_des(const struct cvk_situation *s, struct cvk_judgement *j,
                     const char *suffix)
{
    char az[CVK_MAX_IDENTIFIER], powershell[CVK_MAX_IDENTIFIER];
    struct cvk_slice group = CVK_LITERAL("RG");
    struct cvk_arm_id id;

    if (s->d0.p && cvk_arm_id_parse(s->d0, &id))
        group = id.resource_group;
    cvk_judgement_miss(j, "--des",
                       "az disk-encryption-set list -g %s / "
                       "Get-AzDiskEncryptionSet -ResourceGroupName %s | "
                       "ConvertTo-Json -Depth 4%s",
                       quote(az, group, false, j),
                       quote(powershell, group, true, j), suffix);
}

static void miss_input(const struct cvk_situation *s, struct cvk_judgement *j)
{
    char az[CVK_MAX_IDENTIFIER];

    cvk_judgement_miss(j, "--input-des", "az disk-encryption-set show --ids %s",
                       quote(az, s->input, false, j));
}

static void miss_versions(const struct cvk_key_url *key,
                          struct cvk_judgement *j, const char *suffix)
{
    cvk_judgement_miss(
        j, "--keys",
        "az keyvault key list-versions %s %.*s --name %.*s / "
        "Get-AzKeyVaultKey %s %.*s -Name %.*s -IncludeVersions | "
        "ConvertTo-Json%s",
        cvk_az_store(key), CVK_SHOWN(key->vault), CVK_SHOWN(key->name),
        cvk_powershell_store(key), CVK_SHOWN(key->vault), CVK_SHOWN(key->name),
        suffix);
}

static void miss_list(const struct cvk_key_url *key, struct cvk_judgement *j,
                      const char *suffix)
{
    cvk_judgement_miss(j, "--keys",
                       "az keyvault key list %s %.*s / Get-AzKeyVaultKey %s "
                       "%.*s | ConvertTo-Json%s",
                       cvk_az_store(key), CVK_SHOWN(key->vault),
                       cvk_powershell_store(key), CVK_SHOWN(key->vault),
                       suffix);
}

static void miss_deleted(const struct cvk_key_url *key,
                         struct cvk_judgement *j, const char *suffix)
{
    cvk_judgement_miss(j, "--deleted-keys",
                       "az keyvault key list-deleted %s %.*s / "
                       "Get-AzKeyVaultKey %s %.*s -InRemovedState | "
                       "ConvertTo-Json%s",
                       cvk_az_store(key), CVK_SHOWN(key->vault),
                       cvk_powershell_store(key), CVK_SHOWN(key->vault),
                       suffix);
}

/* A list of versions proves that one is there; that a name is not, only a list
 * of all keys does. */
static void miss_state(const struct cvk_key_url *key,
                       const struct cvk_key_view *v, struct cvk_judgement *j)
{
    miss_versions(key, j, "");
    if (!v->name_listed)
        miss_list(key, j, "");
}

static void miss_again(const struct cvk_key_url *key,
                       const struct cvk_key_view *v, struct cvk_judgement *j)
{
    if (v->state != CVK_KEY_CONTRADICTORY)
        return;
    miss_versions(key, j, again);
    miss_list(key, j, again);
    miss_deleted(key, j, again);
}

void cvk_missing_write(const struct cvk_situation *s,
                       const struct cvk_ruling *r, struct cvk_judgement *j)
{
    cvk_truth needs = r->needs;

    if (needs & CVK_NEEDS_O)
        cvk_judgement_miss(j, "--key-url",
                           "--key-url=URL with the version in use at backup "
                           "time (no export proves it: the DES shows only "
                           "today's key)");
    if (needs & CVK_NEEDS_D0)
        cvk_judgement_miss(j, "--vm",
                           "az vm show -g RG -n VM / az disk show --ids OSDISK "
                           "of the source, as --vm; else --des-id=ID");
    if (needs & CVK_NEEDS_D0_STATE)
        miss_des(s, j, "");
    if (needs & CVK_NEEDS_INPUT)
        miss_input(s, j);
    if (needs & CVK_NEEDS_AGAIN) {
        if (s->d0_view.state == CVK_DES_CONTRADICTORY || s->contradictory_des)
            miss_des(s, j, again);
        miss_again(&s->o_in_h, &s->o_view, j);
        miss_again(&s->a, &s->a_view, j);
    }
    if (needs & CVK_NEEDS_O_STATE)
        miss_state(&s->o_in_h, &s->o_view, j);
    if (needs & CVK_NEEDS_A_STATE)
        miss_state(&s->a, &s->a_view, j);
    if (needs & CVK_NEEDS_TIER)
        cvk_judgement_miss(j, "--job",
                           "az backup recoverypoint show -g RG -v RSV "
                           "-c CONTAINER -i ITEM -n RP, or --tier");
}
