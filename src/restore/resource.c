/* SPDX-License-Identifier: MIT */
/* Member names: Azure REST models of Microsoft.Compute and Microsoft.KeyVault
 * (npm @azure/arm-compute 24.1.0, @azure/arm-keyvault 5.0.0), the transforms
 * of Azure CLI 2.45, and the Learn pages of Az.Compute and Az.KeyVault. */
#include "restore/resource.h"

#include "base/escape.h"

/* Refuses a text that has to be an identifier of that sort and is none. */
static void refuse_value(struct cvk_reader *r, struct cvk_text at,
                         struct cvk_text value, const char *what)
{
    char shown[CVK_MAX_SHOWN];

    cvk_escape_shown(shown, cvk_case_text(r->c, value));
    cvk_reader_refuse(r, CVK_E_EXPORT_VALUE, at.known ? &at : NULL,
                      "this is no %s: %s", what, shown);
}

static struct cvk_text read_des_id(struct cvk_reader *r,
                                   struct cvk_dom_value v, struct cvk_text at)
{
    struct cvk_text id = cvk_reader_text(r, v);
    struct cvk_arm_id arm;

    if (id.known && (!cvk_arm_id_parse(cvk_case_text(r->c, id), &arm) ||
                     arm.type != CVK_ARM_DISK_ENCRYPTION_SET))
        refuse_value(r, at, id, "id of a disk encryption set");
    return id;
}

/* A key URL without its version does not tell which key is used. */
static struct cvk_text read_key_url(struct cvk_reader *r,
                                    struct cvk_dom_value v, struct cvk_text at)
{
    struct cvk_text url = cvk_reader_text(r, v);
    struct cvk_key_url key;

    if (!url.known)
        return url;
    if (!cvk_key_url_parse(cvk_case_text(r->c, url), &key))
        refuse_value(r, at, url, "URL of a key");
    else if (!key.version.p)
        url.known = false;
    return url;
}

void cvk_des_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_des d = {.from.export = r->export};
    struct cvk_text at = {0};
    struct cvk_dom_value v;

    v = cvk_reader_get(r, entry, "id", &at);
    d.id = read_des_id(r, v, at);
    if (!d.id.known)
        cvk_reader_refuse(r, CVK_E_EXPORT_VALUE, NULL,
                          "a disk encryption set without an id");
    v = cvk_reader_property(r, entry, "activeKey/keyUrl", &d.key_pointer);
    d.key_url = read_key_url(r, v, d.key_pointer);
    v = cvk_reader_property(r, entry, "activeKey/sourceVault/id", NULL);
    d.vault_id = cvk_reader_text(r, v);
    v = cvk_reader_property(r, entry, "encryptionType", &d.type_pointer);
    d.type = cvk_reader_text(r, v);
    v = cvk_reader_get(r, entry, "identity/principalId", NULL);
    d.principal = cvk_reader_text(r, v);
    v = cvk_reader_property(r, entry, "previousKeys", NULL);
    d.rotating = cvk_dom_first(v).item != NULL;
    d.from.pointer = cvk_reader_entry(r);
    cvk_reader_add(r, &r->c->des, &d, sizeof d);
}

/* ---- vaults ------------------------------------------------------------- */

static unsigned read_right(struct cvk_slice s)
{
    static const struct {
        const char *name;
        unsigned right;
    } rights[] = {
        {"get", CVK_RIGHT_GET},         {"list", CVK_RIGHT_LIST},
        {"wrapKey", CVK_RIGHT_WRAP},    {"unwrapKey", CVK_RIGHT_UNWRAP},
        {"all", CVK_RIGHT_ALL},
    };

    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (cvk_slice_equal_nocase(s, cvk_slice_of(rights[i].name,
                                                   strlen(rights[i].name))))
            return rights[i].right;
    return 0;
}

/* az and REST: permissions.keys; PowerShell: PermissionsToKeys. */
static void read_policy(struct cvk_reader *r, struct cvk_dom_value policy,
                        size_t vault)
{
    struct cvk_policy p = {.vault = vault};
    struct cvk_dom_value keys =
        cvk_reader_get(r, policy, "permissions/keys", NULL);

    if (!keys.item)
        keys = cvk_reader_get(r, policy, "PermissionsToKeys", NULL);
    for (struct cvk_dom_value v = cvk_dom_first(keys); v.item;
         v = cvk_dom_next(v))
        p.rights |= read_right(cvk_dom_text(v));
    p.object = cvk_reader_text(r, cvk_reader_get(r, policy, "objectId", NULL));
    cvk_reader_add(r, &r->c->policies, &p, sizeof p);
}

static struct cvk_text read_vault_url(struct cvk_reader *r,
                                      struct cvk_dom_value entry)
{
    struct cvk_text at = {0}, url;
    struct cvk_key_url parsed;
    struct cvk_dom_value v = cvk_reader_property(r, entry, "vaultUri", &at);

    if (!v.item)
        v = cvk_reader_property(r, entry, "hsmUri", &at);
    url = cvk_reader_text(r, v);
    if (url.known && !cvk_vault_url_parse(cvk_case_text(r->c, url), &parsed))
        refuse_value(r, at, url, "URL of a vault");
    return url;
}

void cvk_vault_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_vault d = {.from.export = r->export};
    size_t index = r->c->vaults.n / sizeof d;
    struct cvk_dom_value v = cvk_reader_get(r, entry, "id", NULL);

    if (!v.item)
        v = cvk_reader_get(r, entry, "ResourceId", NULL);
    d.id = cvk_reader_text(r, v);
    d.url = read_vault_url(r, entry);
    v = cvk_reader_get(r, entry, "location", NULL);
    d.location = cvk_reader_text(r, v);
    v = cvk_reader_property(r, entry, "enableRbacAuthorization", NULL);
    d.rbac = cvk_dom_true(v);
    v = cvk_reader_property(r, entry, "accessPolicies", &d.policies_pointer);
    d.has_policies = v.kind == CVK_DOM_ARRAY;
    for (v = cvk_dom_first(v); v.item && !r->code; v = cvk_dom_next(v))
        read_policy(r, v, index);
    d.from.pointer = cvk_reader_entry(r);
    cvk_reader_add(r, &r->c->vaults, &d, sizeof d);
}

/* ---- who names a DES ---------------------------------------------------- */

static void add_disk(struct cvk_reader *r, struct cvk_dom_value v,
                     struct cvk_text at)
{
    struct cvk_disk d = {.from.export = r->export};

    d.des_id = read_des_id(r, v, at);
    d.from.pointer = at.known ? at : cvk_reader_entry(r);
    cvk_reader_add(r, &r->c->disks, &d, sizeof d);
}

void cvk_disk_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_text at = {0};
    struct cvk_dom_value v = cvk_reader_property(
        r, entry,
        "storageProfile/osDisk/managedDisk/securityProfile/"
        "diskEncryptionSet/id",
        &at);

    if (!v.item)
        v = cvk_reader_property(
            r, entry, "securityProfile/secureVMDiskEncryptionSetId", &at);
    add_disk(r, v, at);
}

void cvk_request_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_text at = {0};
    struct cvk_dom_value v = cvk_reader_property(
        r, entry, "securedVMDetails/securedVMOsDiskEncryptionSetId", &at);

    add_disk(r, v, at);
}
