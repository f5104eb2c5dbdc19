/* SPDX-License-Identifier: MIT */
#include "restore/veto.h"

#include <string.h>

/* By its address; where an export lacks that, by kind and name: the first
 * label of the host is the name of the resource. */
static bool is_vault_of(const struct cvk_case *c, const struct cvk_vault *v,
                        const struct cvk_key_url *key)
{
    struct cvk_key_url url;
    struct cvk_arm_id id;

    if (cvk_vault_url_parse(cvk_case_text(c, v->url), &url))
        return cvk_slice_equal_nocase(url.host, key->host);
    if (!cvk_arm_id_parse(cvk_case_text(c, v->id), &id))
        return false;
    return cvk_slice_equal_nocase(id.name, key->vault) &&
           (id.type == CVK_ARM_MANAGED_HSM) == (key->store == CVK_MANAGED_HSM);
}

const struct cvk_vault *cvk_vault_find(const struct cvk_case *c,
                                       const struct cvk_key_url *key,
                                       size_t *index)
{
    const struct cvk_vault *v;

    for (size_t i = 0; (v = cvk_case_vault(c, i)); i++)
        if (is_vault_of(c, v, key)) {
            *index = i;
            return v;
        }
    return NULL;
}

/* ---- permissions -------------------------------------------------------- */

/* The rights that policies give to the object, or to all others. */
static bool some_policy(const struct cvk_case *c, size_t vault,
                        struct cvk_slice object, bool others, unsigned rights)
{
    const struct cvk_policy *p;

    for (size_t i = 0; (p = cvk_case_policy(c, i)); i++) {
        struct cvk_slice o = cvk_case_text(c, p->object);
        bool same = object.p && cvk_slice_equal_nocase(o, object);

        if (p->vault == vault && same != others &&
            (p->rights & rights) == rights)
            return true;
    }
    return false;
}

enum cvk_permissions cvk_permissions_find(const struct cvk_situation *s,
                                          const struct cvk_vault **vault)
{
    struct cvk_slice principal = {0};
    size_t index = 0;

    *vault = s->has_a ? cvk_vault_find(s->c, &s->a, &index) : NULL;
    if (!*vault)
        return CVK_PERMISSIONS_NO_EXPORT;
    if ((*vault)->rbac || s->a.store == CVK_MANAGED_HSM)
        return CVK_PERMISSIONS_RBAC;
    if (!(*vault)->has_policies)
        return CVK_PERMISSIONS_NO_EXPORT;
    if (s->des)
        principal = cvk_case_text(s->c, s->des->principal);
    if (!some_policy(s->c, index, principal, true,
                     CVK_RIGHT_GET | CVK_RIGHT_LIST))
        return CVK_PERMISSIONS_LACK_BACKUP;
    if (!principal.p)
        return CVK_PERMISSIONS_NO_PRINCIPAL;
    return some_policy(s->c, index, principal, false,
                       CVK_RIGHT_GET | CVK_RIGHT_WRAP | CVK_RIGHT_UNWRAP)
               ? CVK_PERMISSIONS_GIVEN
               : CVK_PERMISSIONS_LACK_DES;
}

/* ---- vetoes ------------------------------------------------------------- */

static void fail(struct cvk_ruling *r, const char *scenario, const char *code,
                 enum cvk_remedy remedy)
{
    r->scenario = scenario;
    r->outcome = CVK_OUTCOME_FAILS;
    r->code = code;
    r->remedy = remedy;
}

/* True if the active key is not usable, or not known to be. */
static bool veto_wrap_key(const struct cvk_situation *s, struct cvk_ruling *r)
{
    enum cvk_key_state state = s->a_view.state;

    if (!r->rule->wraps || state == CVK_KEY_USABLE)
        return false;
    if (cvk_key_is_gone(state) || cvk_key_is_unusable(state)) {
        fail(r, "wrap-key-unusable", NULL, CVK_REMEDY_WRAP_KEY);
        return true;
    }
    r->outcome = CVK_OUTCOME_UNDETERMINED;
    r->remedy = CVK_REMEDY_NONE;
    r->needs = state == CVK_KEY_CONTRADICTORY ? CVK_NEEDS_AGAIN
                                              : CVK_NEEDS_A_STATE;
    return true;
}

void cvk_veto_apply(const struct cvk_situation *s, struct cvk_ruling *r)
{
    struct cvk_slice type = cvk_case_text(s->c, s->des->type);
    const struct cvk_vault *vault;
    enum cvk_permissions permissions;

    if (type.n && !cvk_slice_equal_nocase(
                      type, CVK_LITERAL("ConfidentialVmEncryptedWith"
                                        "CustomerKey"))) {
        fail(r, "des-wrong-type", NULL, CVK_REMEDY_TYPE);
        return;
    }
    if (veto_wrap_key(s, r))
        return;
    permissions = cvk_permissions_find(s, &vault);
    if (permissions == CVK_PERMISSIONS_LACK_BACKUP)
        fail(r, "permissions", CVK_PERMISSIONS, CVK_REMEDY_BACKUP_PERMISSIONS);
    if (permissions == CVK_PERMISSIONS_LACK_DES)
        fail(r, "permissions", NULL, CVK_REMEDY_DES_PERMISSIONS);
}
