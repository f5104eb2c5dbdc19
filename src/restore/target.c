/* SPDX-License-Identifier: MIT */
/* Rules of key restores: Learn, Backup-AzKeyVaultKey and Restore-AzKeyVaultKey:
 * same subscription and geography, and a name that is free. */
#include "restore/target.h"

#include <stdarg.h>
#include <stdio.h>

#include "restore/veto.h"

struct target {
    const struct cvk_situation *s;
    struct cvk_judgement *j;
    const struct cvk_vault *vault;
    struct cvk_arm_id id;
    struct cvk_key_url url; /* of the vault; host is not set if not known */
    const char *wrong;      /* why the key cannot be restored there */
    const char *unknown;    /* why it cannot be told */
};

const struct cvk_vault *cvk_target_find(const struct cvk_situation *s)
{
    const struct cvk_vault *v, *own = NULL, *of_des = NULL;
    size_t index;

    if (s->o_source)
        own = cvk_vault_find(s->c, &s->o, &index);
    if (s->has_a)
        of_des = cvk_vault_find(s->c, &s->a, &index);
    if (!s->o_source)
        return NULL;
    for (size_t i = 0; (v = cvk_case_vault(s->c, i)); i++)
        if (v != own && v != of_des)
            return v;
    return NULL;
}

/* The subscription of O's vault: by its export, by the config, or by a DES
 * that uses it. */
static bool find_subscription(const struct target *t, struct cvk_slice *found)
{
    const struct cvk_case *c = t->s->c;
    size_t index;
    const struct cvk_vault *own = cvk_vault_find(c, &t->s->o, &index);
    struct cvk_text ids[3] = {c->vault_id};
    struct cvk_arm_id id;

    if (own)
        ids[1] = own->id;
    if (t->s->des && t->s->same_vault)
        ids[2] = t->s->des->vault_id;
    for (size_t i = 0; i < 3; i++)
        if (cvk_arm_id_parse(cvk_case_text(c, ids[i]), &id)) {
            *found = id.subscription;
            return true;
        }
    return false;
}

static void check_subscription(struct target *t)
{
    struct cvk_slice subscription;

    if (!find_subscription(t, &subscription))
        t->unknown = "the subscription of the original vault is not known";
    else if (!cvk_slice_equal_nocase(subscription, t->id.subscription))
        t->wrong = "it is of another subscription than the original vault";
}

/* Which regions make up a geography is not known offline. */
static void check_location(struct target *t)
{
    const struct cvk_case *c = t->s->c;
    size_t index;
    const struct cvk_vault *own = cvk_vault_find(c, &t->s->o, &index);
    struct cvk_slice here = cvk_case_text(c, t->vault->location);

    if (!own || !own->location.known || !here.n)
        t->unknown = "the locations of both vaults are not known";
    else if (!cvk_slice_equal_nocase(here, cvk_case_text(c, own->location)))
        t->unknown = "the vaults are in different locations, and it is not "
                     "known whether these are of one geography";
}

static void check_store(struct target *t)
{
    bool from_hsm = t->s->o.store == CVK_MANAGED_HSM;
    bool to_hsm = t->id.type == CVK_ARM_MANAGED_HSM;

    if (t->s->c->store)
        from_hsm = t->s->c->store == CVK_MANAGED_HSM;
    if (from_hsm != to_hsm)
        t->wrong = from_hsm ? "a backup of a Managed HSM's key cannot be "
                              "restored into a key vault"
                            : "a backup of a vault's key cannot be restored "
                              "into a Managed HSM";
    else if (to_hsm)
        t->unknown = "it must have the same security domain, which is in no "
                     "export";
}

static void check_name(struct target *t)
{
    struct cvk_key_url key = t->s->o;
    struct cvk_key_view v;

    if (!cvk_vault_url_parse(cvk_case_text(t->s->c, t->vault->url), &t->url))
        return;
    key.host = t->url.host;
    key.vault = t->url.vault;
    key.store = t->url.store;
    v = cvk_key_state_find(t->s->c, &key, false);
    if (v.state == CVK_KEY_SOFT_DELETED)
        t->wrong = "the name of the key is taken there by a soft-deleted key";
    else if (v.name_taken || v.name_listed ||
             (v.state != CVK_KEY_UNKNOWN && v.state != CVK_KEY_ABSENT))
        t->wrong = "the name of the key is taken there";
}

/* The error ends the findings, and says nothing about the outcome. */
static void add_error(struct cvk_judgement *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_error(struct cvk_judgement *j, const char *format, ...)
{
    struct cvk_record *r = &j->record;
    va_list args;

    va_start(args, format);
    cvk_findings_add(&r->findings, &r->text, CVK_ERROR, CVK_E_TARGET_REFUSED,
                     NULL, format, args);
    va_end(args);
}

void cvk_target_judge(const struct cvk_situation *s, struct cvk_judgement *j)
{
    struct target t = {.s = s, .j = j, .vault = cvk_target_find(s)};

    if (!t.vault ||
        !cvk_arm_id_parse(cvk_case_text(s->c, t.vault->id), &t.id))
        return;
    check_location(&t);
    check_subscription(&t);
    check_store(&t);
    check_name(&t);
    if (!t.wrong && t.unknown)
        cvk_record_warn(&j->record, CVK_E_TARGET_UNKNOWN, NULL,
                        "the key may not be restorable into %.*s: %s",
                        CVK_SHOWN(t.id.name), t.unknown);
    if (!t.wrong)
        return;
    cvk_judgement_step(j, "choose another target than %.*s for the key: %s",
                       CVK_SHOWN(t.id.name), t.wrong);
    add_error(j, "the key cannot be restored into %.*s: %s",
              CVK_SHOWN(t.id.name), t.wrong);
}
