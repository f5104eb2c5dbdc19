/* SPDX-License-Identifier: MIT */
/* Commands: Azure CLI 2.45 and the Learn pages of Az.KeyVault, Az.Compute and
 * Az.RecoveryServices (16.2.0); permissions and application ids: Learn,
 * "Restore Confidential VM using Azure Backup" and the quickstarts of
 * Confidential VMs. Rules of key restores: Learn, Restore-AzKeyVaultKey. */
#include "restore/remedy.h"

#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "restore/missing.h"
#include "restore/veto.h"

/* The key that has to be brought back; placeholders where it is not known. */
struct subject {
    const struct cvk_situation *s;
    struct cvk_judgement *j;
    struct cvk_key_url key;
    const struct cvk_key_view *view;
    bool snapshot; /* or perhaps, where the tier is not known */
};

static struct subject original(const struct cvk_situation *s,
                               struct cvk_judgement *j)
{
    struct subject t = {.s = s, .j = j, .key = s->o_in_h, .view = &s->o_view};

    t.snapshot = s->snapshot || s->tier == CVK_TIER_UNKNOWN;
    if (s->o_source)
        return t;
    t.key.vault = CVK_LITERAL("VAULT");
    t.key.host = CVK_LITERAL("VAULT-HOST");
    t.key.name = CVK_LITERAL("KEY");
    t.key.version = CVK_LITERAL("VERSION");
    t.key.store = s->c->store;
    return t;
}

/* ---- pieces ------------------------------------------------------------- */

static void say_tier(const struct subject *t)
{
    if (t->snapshot)
        cvk_judgement_step(t->j, "take a recovery point that has a vault tier: "
                                 "a snapshot needs the DES and the key of the "
                                 "backup as they were");
}

static void say_recover(const struct subject *t)
{
    char before[CVK_TIMESTAMP_SIZE + 16] = "", at[CVK_TIMESTAMP_SIZE];

    if (t->view->has_purge) {
        cvk_timestamp_words(t->view->purge, at);
        snprintf(before, sizeof before, " before %s", at);
    }
    cvk_judgement_step(t->j,
                       "recover the key%s: az keyvault key recover %s %.*s "
                       "--name %.*s / Undo-AzKeyVaultKeyRemoval %s %.*s -Name "
                       "%.*s",
                       before, cvk_az_store(&t->key), CVK_SHOWN(t->key.vault),
                       CVK_SHOWN(t->key.name), cvk_powershell_store(&t->key),
                       CVK_SHOWN(t->key.vault), CVK_SHOWN(t->key.name));
}

static void say_look_first(const struct subject *t)
{
    if (t->view->deleted_listed || t->view->name_taken)
        return;
    cvk_judgement_step(t->j,
                       "look whether the key is only soft-deleted; if it is, "
                       "recover it (az keyvault key recover, Undo-AzKeyVault"
                       "KeyRemoval) and retry as before, without the steps "
                       "below: az keyvault key list-deleted %s %.*s / "
                       "Get-AzKeyVaultKey %s %.*s -InRemovedState",
                       cvk_az_store(&t->key), CVK_SHOWN(t->key.vault),
                       cvk_powershell_store(&t->key), CVK_SHOWN(t->key.vault));
}

static void say_restore_key(const struct subject *t)
{
    bool hsm = t->key.store == CVK_MANAGED_HSM;
    struct cvk_slice vault = t->key.vault;

    if (t->view->name_taken)
        vault = hsm ? CVK_LITERAL("OTHER-HSM")
                    : CVK_LITERAL("OTHER-VAULT");
    cvk_judgement_step(
        t->j,
        "restore the key from the blob that cvmkey extract writes; %s takes it "
        "if the name %.*s is free there%s: az keyvault key restore %s %.*s "
        "--file BLOB / Restore-AzKeyVaultKey %s %.*s -InputFile BLOB",
        hsm ? "any Managed HSM of the same security domain"
            : "any vault of the same subscription and geography",
        CVK_SHOWN(t->key.name),
        t->view->name_taken ? ", which it is not in the old one" : "",
        cvk_az_store(&t->key), CVK_SHOWN(vault),
        cvk_powershell_store(&t->key), CVK_SHOWN(vault));
}

/* where: the host that has the key; NULL where the operator chooses it. */
static void say_create_des(const struct subject *t, const struct cvk_slice *host)
{
    struct cvk_slice any = CVK_LITERAL("HOST-OF-THAT-VAULT");

    cvk_judgement_step(
        t->j,
        "create a DES of the type ConfidentialVmEncryptedWithCustomerKey with "
        "the key URL https://%.*s/keys/%.*s/%.*s, name and version as before: "
        "az disk-encryption-set create -g RG -n NEW-DES --key-url URL "
        "--encryption-type ConfidentialVmEncryptedWithCustomerKey / "
        "New-AzDiskEncryptionSetConfig -Location LOCATION -KeyUrl URL "
        "-IdentityType SystemAssigned -EncryptionType "
        "ConfidentialVmEncryptedWithCustomerKey",
        CVK_SHOWN(host ? *host : any), CVK_SHOWN(t->key.name),
        CVK_SHOWN(t->key.version));
}

static void say_permissions(const struct subject *t)
{
    if (t->key.store == CVK_MANAGED_HSM)
        cvk_judgement_step(
            t->j, "give local roles on the key: the DES Managed HSM Crypto "
                  "User, Confidential VM Orchestrator (bf7b6499-ff71-4aa2-97a4-"
                  "f372087be7f0) Managed HSM Crypto Service Release User (the "
                  "restore page says Crypto Service Encryption User, which "
                  "cannot release), Backup Management Service Managed HSM "
                  "Crypto User");
    else
        cvk_judgement_step(
            t->j, "give permissions on keys: the DES get, wrapKey, unwrapKey; "
                  "Confidential VM Orchestrator (bf7b6499-ff71-4aa2-97a4-"
                  "f372087be7f0) get, release; Backup Management Service "
                  "(262044b1-e2ce-469f-a196-69ab7ada62d3) get, list, backup");
}

static void say_retry_new(const struct subject *t)
{
    cvk_judgement_step(t->j, "retry the restore and name the new DES (az: "
                             "--cvm-os-des-id, PowerShell: "
                             "-CVMOsDiskEncryptionSetId)");
}

static void say_retry(const struct subject *t)
{
    cvk_judgement_step(t->j, "%s",
                       t->s->uses_input
                           ? "retry the restore, naming the same DES"
                           : "retry the restore as before, with the default "
                             "selection");
}

static void say_enable(const struct subject *t)
{
    bool expired = t->view->state == CVK_KEY_EXPIRED;

    cvk_judgement_step(
        t->j,
        "%s: az keyvault key set-attributes %s %.*s --name %.*s --version %.*s "
        "%s / Update-AzKeyVaultKey %s %.*s -Name %.*s -Version %.*s %s",
        expired ? "move the expiry of the version" : "enable the version",
        cvk_az_store(&t->key), CVK_SHOWN(t->key.vault), CVK_SHOWN(t->key.name),
        CVK_SHOWN(t->key.version), expired ? "--expires TIME" : "--enabled true",
        cvk_powershell_store(&t->key), CVK_SHOWN(t->key.vault),
        CVK_SHOWN(t->key.name), CVK_SHOWN(t->key.version),
        expired ? "-Expires TIME" : "-Enable $true");
}

/* ---- remedies ----------------------------------------------------------- */

/* Steps 3 to 5 of bringing a key back. */
static void write_new_des(const struct subject *t, const struct cvk_slice *host)
{
    say_create_des(t, host);
    say_permissions(t);
    say_retry_new(t);
}

static void write_key(const struct subject *t)
{
    if (t->view->state == CVK_KEY_SOFT_DELETED) {
        say_recover(t);
        cvk_judgement_step(t->j, "retry as before, from any tier: nothing else "
                                 "is needed");
        return;
    }
    say_look_first(t);
    say_tier(t);
    say_restore_key(t);
    write_new_des(t, NULL);
}

static void write_unknown_key(const struct subject *t)
{
    cvk_judgement_step(
        t->j,
        "find out whether the original key is still there; if it is, go on "
        "with it, else restore it first: az keyvault key list-versions %s %.*s "
        "--name %.*s / Get-AzKeyVaultKey %s %.*s -Name %.*s -IncludeVersions",
        cvk_az_store(&t->key), CVK_SHOWN(t->key.vault), CVK_SHOWN(t->key.name),
        cvk_powershell_store(&t->key), CVK_SHOWN(t->key.vault),
        CVK_SHOWN(t->key.name));
    write_new_des(t, NULL);
}

static void write_des(const struct subject *t)
{
    enum cvk_key_state state = t->view->state;

    if (state == CVK_KEY_ABSENT)
        say_look_first(t);
    say_tier(t);
    if (state == CVK_KEY_UNKNOWN || state == CVK_KEY_CONTRADICTORY) {
        write_unknown_key(t);
        return;
    }
    if (state == CVK_KEY_SOFT_DELETED)
        say_recover(t);
    if (cvk_key_is_unusable(state))
        say_enable(t);
    if (state == CVK_KEY_ABSENT)
        say_restore_key(t);
    write_new_des(t, state == CVK_KEY_ABSENT ? NULL : &t->key.host);
}

static void write_enable(const struct subject *t)
{
    say_enable(t);
    say_retry(t);
    cvk_judgement_step(t->j, "do not restore the blob into that vault: the "
                             "name is taken there");
}

/* A vault that still has the key: that of the backup, if exports show it. */
static void say_use_other(const struct subject *t)
{
    struct cvk_key_view v =
        cvk_key_state_find(t->s->c, &t->s->o, t->s->same_vault);

    if (!t->s->same_vault && v.state == CVK_KEY_USABLE)
        cvk_judgement_step(t->j,
                           "the original key is usable in %.*s: point the DES "
                           "of the backup back at it and name no DES, or use a "
                           "DES of that vault; then the rest is not needed",
                           CVK_SHOWN(t->s->o.host));
    else
        cvk_judgement_step(t->j, "if another vault still has the original key, "
                                 "use a DES of that vault; then the rest is "
                                 "not needed");
}

static void write_mismatch(const struct subject *t)
{
    if (t->view->state == CVK_KEY_SOFT_DELETED) {
        say_recover(t);
        say_retry(t);
        return;
    }
    say_use_other(t);
    say_tier(t);
    say_restore_key(t);
    cvk_judgement_step(t->j, "if that was another vault than the one of the "
                             "DES, create a DES there, of the type "
                             "ConfidentialVmEncryptedWithCustomerKey, with "
                             "name and version of the key as before");
    say_permissions(t);
    cvk_judgement_step(t->j, "retry the restore, naming the DES whose vault "
                             "has the original key");
}

static void write_tier(const struct subject *t)
{
    struct cvk_situation s = *t->s;

    cvk_judgement_step(t->j, "take a recovery point that has a vault tier, and "
                             "name the DES there");
    s.named = false;
    cvk_situation_set_tier(&s, true);
    if (cvk_judge_tier(&s).outcome == CVK_OUTCOME_SUCCEEDS)
        cvk_judgement_step(t->j, "or restore from the snapshot without naming "
                                 "a DES: the DES of the backup still serves");
}

static void write_wrap_key(const struct subject *t)
{
    struct subject a = {.s = t->s, .j = t->j, .key = t->s->a,
                        .view = &t->s->a_view};

    if (a.view->state == CVK_KEY_SOFT_DELETED)
        say_recover(&a);
    else if (cvk_key_is_unusable(a.view->state))
        say_enable(&a);
    cvk_judgement_step(t->j, "%s the DES at a usable key of its vault, such as "
                             "the original one",
                       a.view->state == CVK_KEY_ABSENT ? "point" : "or point");
    say_retry(t);
}

static void write_grant(const struct subject *t, bool backup)
{
    struct cvk_slice object = cvk_case_text(t->s->c, t->s->des->principal);
    struct cvk_slice any = CVK_LITERAL("OBJECT-ID");

    if (backup || !cvk_guid_valid(object))
        object = any;
    cvk_judgement_step(
        t->j,
        "give %s %s on keys: az keyvault set-policy -n %.*s --object-id %.*s "
        "--key-permissions %s / Set-AzKeyVaultAccessPolicy -VaultName %.*s "
        "-ObjectId %.*s -PermissionsToKeys %s",
        backup ? "Backup Management Service (application 262044b1-e2ce-469f-"
                 "a196-69ab7ada62d3)"
               : "the DES",
        backup ? "get, list and backup" : "get, wrapKey and unwrapKey",
        CVK_SHOWN(t->s->a.vault), CVK_SHOWN(object),
        backup ? "get list backup" : "get wrapKey unwrapKey",
        CVK_SHOWN(t->s->a.vault), CVK_SHOWN(object),
        backup ? "get,list,backup" : "get,wrapKey,unwrapKey");
    say_retry(t);
}

static void write_default(const struct subject *t, const struct cvk_ruling *r)
{
    cvk_judgement_step(t->j, "%s",
                       t->s->uses_input
                           ? "restore, naming the DES of the backup or none"
                           : "restore with the default selection: name no DES");
    if (r->rule && !strcmp(r->rule->row, "4") && !t->s->snapshot)
        cvk_judgement_step(t->j, "if refused, name the DES of the backup "
                                 "explicitly: %.*s",
                           CVK_SHOWN(t->s->d0));
}

/* Backup and restore of a DES's permissions need to know which one it is. */
static void write_backup_permissions(const struct subject *t)
{
    if (t->s->has_a)
        write_grant(t, true);
    else
        say_permissions(t);
}

void cvk_remedy_write(const struct cvk_situation *s,
                      const struct cvk_ruling *r, struct cvk_judgement *j)
{
    struct subject t = original(s, j);

    if (r->outcome == CVK_OUTCOME_UNDETERMINED)
        cvk_judgement_step(j, "make the missing exports on the connected side "
                              "and diagnose again");
    if (r->outcome == CVK_OUTCOME_UNDETERMINED && r->needs != CVK_NEEDS_TIER)
        return;
    switch (r->remedy) {
    case CVK_REMEDY_NONE:
        break;
    case CVK_REMEDY_DEFAULT:
        write_default(&t, r);
        break;
    case CVK_REMEDY_RETRY:
        cvk_judgement_step(j, "restore, and name the DES (az: --cvm-os-des-id, "
                              "PowerShell: -CVMOsDiskEncryptionSetId): %.*s",
                           CVK_SHOWN(s->input));
        break;
    case CVK_REMEDY_TIER:
        write_tier(&t);
        break;
    case CVK_REMEDY_KEY:
        write_key(&t);
        break;
    case CVK_REMEDY_DES:
        write_des(&t);
        break;
    case CVK_REMEDY_ENABLE:
        write_enable(&t);
        break;
    case CVK_REMEDY_MISMATCH:
        write_mismatch(&t);
        break;
    case CVK_REMEDY_TYPE:
        write_new_des(&t, &t.key.host);
        break;
    case CVK_REMEDY_WRAP_KEY:
        write_wrap_key(&t);
        break;
    case CVK_REMEDY_BACKUP_PERMISSIONS:
        write_backup_permissions(&t);
        break;
    case CVK_REMEDY_DES_PERMISSIONS:
        write_grant(&t, false);
        break;
    }
}
