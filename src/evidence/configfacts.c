/* SPDX-License-Identifier: MIT */
#include "evidence/configfacts.h"

#include "evidence/azid.h"
#include "evidence/configplace.h"
#include "evidence/json_string.h"

/* Names that Azure's sibling documents use for a kind of fact (ADE config,
 * REST models KEKDetails, EncryptionDetails, SecuredVMDetails, Key Vault).
 * A fact under such a name is preferred to one under any other. */
static const struct {
    const char *name;
    enum cvk_fact_kind kind;
} usual_names[] = {
    {"KeyUrl", CVK_FACT_KEY_URL},
    {"KekUrl", CVK_FACT_KEY_URL},
    {"KeyId", CVK_FACT_KEY_URL},
    {"KeyIdentifier", CVK_FACT_KEY_URL},
    {"Kid", CVK_FACT_KEY_URL},
    {"DiskEncryptionSetId", CVK_FACT_DES_ID},
    {"OsDiskEncryptionSetId", CVK_FACT_DES_ID},
    {"SecuredVMOsDiskEncryptionSetId", CVK_FACT_DES_ID},
    {"KeyVaultId", CVK_FACT_VAULT_ID},
    {"KekVaultId", CVK_FACT_VAULT_ID},
    {"KeyVaultResourceId", CVK_FACT_VAULT_ID},
    {"KeyVersion", CVK_FACT_KEY_VERSION},
    {"KeyVaultResourceType", CVK_FACT_RESOURCE_TYPE},
    {"SecretUrl", CVK_FACT_SECRET_URL},
    {"SecretKeyUrl", CVK_FACT_SECRET_URL},
};

/* The vault of the secret in REST models; it says nothing of the key's. */
static bool is_secret_vault(const struct cvk_config *c)
{
    return cvk_configplace_is(c, "SecretVaultId") ||
           cvk_configplace_is(c, "SecretKeyVaultId");
}

/* What kind of fact a string is, by the syntax of its value or, for two
 * kinds, by its name. */
static bool classify(const struct cvk_config *c, struct cvk_slice value,
                     enum cvk_fact_kind *kind)
{
    struct cvk_key_url url;
    struct cvk_arm_id id;

    if (cvk_key_url_parse(value, &url))
        *kind = CVK_FACT_KEY_URL;
    else if (cvk_secret_url_parse(value, &url))
        *kind = CVK_FACT_SECRET_URL;
    else if (is_secret_vault(c))
        return false;
    else if (cvk_arm_id_parse(value, &id))
        *kind = id.type == CVK_ARM_DISK_ENCRYPTION_SET ? CVK_FACT_DES_ID
                                                       : CVK_FACT_VAULT_ID;
    else if (cvk_configplace_is(c, "KeyVersion") &&
             cvk_key_version_valid(value))
        *kind = CVK_FACT_KEY_VERSION;
    else if (cvk_configplace_is(c, "KeyVaultResourceType") && value.n)
        *kind = CVK_FACT_RESOURCE_TYPE;
    else
        return false;
    return true;
}

static bool is_usual_name(const struct cvk_config *c, enum cvk_fact_kind kind)
{
    for (size_t i = 0; i < sizeof usual_names / sizeof *usual_names; i++)
        if (usual_names[i].kind == kind &&
            cvk_configplace_is(c, usual_names[i].name))
            return true;
    return false;
}

/* Keeps value, which lies at c->text from start on, if it is a fact; its
 * pointer is then in *pointer. */
static enum cvk_code note_fact(struct cvk_config *c, const struct cvk_json *j,
                               struct cvk_text value, struct cvk_text *pointer)
{
    struct cvk_fact fact = {.value = value, .token = {j->from, j->to}};

    if (!classify(c, cvk_text_slice(&c->text, value), &fact.kind))
        return CVK_OK;
    fact.usual_name = is_usual_name(c, fact.kind);
    fact.published = c->in_ade && c->depth == 2 &&
                     (cvk_configplace_is(c, "KeyUrl") ||
                      cvk_configplace_is(c, "SecretUrl"));
    if (c->n_facts < CVK_MAX_FACTS && !cvk_configplace_pointer(c, pointer))
        return CVK_E_MEMORY;
    fact.pointer = *pointer;
    if (!fact.pointer.known)
        c->facts_cut = true;
    else
        c->facts[c->n_facts++] = fact;
    return CVK_OK;
}

/* Repeats a scalar of the details object in the record. pointer is the one it
 * has as a fact, if it is one. */
static enum cvk_code note_field(struct cvk_config *c, struct cvk_text value,
                                struct cvk_text pointer, bool is_string)
{
    struct cvk_field field = {
        .value = value, .pointer = pointer, .is_string = is_string};

    if (c->n_fields == CVK_MAX_FIELDS) {
        c->fields_cut = true;
        return CVK_OK;
    }
    if (!pointer.known && !cvk_configplace_pointer(c, &field.pointer))
        return CVK_E_MEMORY;
    if (field.pointer.known)
        c->fields[c->n_fields++] = field;
    else
        c->fields_cut = true;
    return CVK_OK;
}

/* True where a platform-managed key is spoken of, as in the VM property
 * securityEncryptionType or in a DES-less config. */
static bool says_platform_key(struct cvk_slice value)
{
    static const uint8_t first_letter[2] = {'p', 'P'};

    for (size_t at = 0;; at++) {
        struct cvk_slice rest;

        at = cvk_slice_skip_plain(value, at, 0, first_letter);
        rest = cvk_slice_cut(value, at, value.n);
        if (rest.n < sizeof "platformkey" - 1)
            return false;
        if (cvk_slice_starts_nocase(rest, CVK_LITERAL("platformkey")) ||
            cvk_slice_starts_nocase(rest, CVK_LITERAL("platformmanagedkey")))
            return true;
    }
}

/* The text of a string, cut to what a field may hold, into c->text. */
static enum cvk_code store_string(struct cvk_config *c,
                                  const struct cvk_json *j,
                                  struct cvk_text *value)
{
    struct cvk_slice token = cvk_json_token(j);
    size_t start = c->text.n, at = 0;

    if (!j->escaped && token.n <= CVK_MAX_FIELD_SIZE) {
        *value = cvk_text_store(&c->text, token);
        return value->known ? CVK_OK : CVK_E_MEMORY;
    }
    while (at < token.n) {
        uint8_t out[4];
        size_t n = cvk_json_char(token, &at, out);

        if (c->text.n - start + n > CVK_MAX_FIELD_SIZE) {
            c->fields_cut = c->fields_cut || c->in_details;
            break;
        }
        if (!cvk_buf_append(&c->text, out, n))
            return CVK_E_MEMORY;
    }
    *value = cvk_text_since(&c->text, start);
    return CVK_OK;
}

enum cvk_code cvk_configfacts_string(struct cvk_config *c,
                                     const struct cvk_json *j)
{
    size_t start = c->text.n, kept = c->n_facts + c->n_fields;
    struct cvk_text value, pointer = {0};
    enum cvk_code code = store_string(c, j, &value);

    if (!code && value.n <= CVK_MAX_IDENTIFIER)
        code = note_fact(c, j, value, &pointer);
    if (!code && c->in_details) {
        if (says_platform_key(cvk_text_slice(&c->text, value)))
            c->says_platform_key = true;
        code = note_field(c, value, pointer, true);
    }
    if (c->n_facts + c->n_fields == kept)
        c->text.n = start; /* nothing refers to it */
    return code;
}

enum cvk_code cvk_configfacts_other(struct cvk_config *c,
                                    struct cvk_slice token)
{
    size_t start = c->text.n, kept = c->n_fields;
    struct cvk_text value;

    if (token.n > CVK_MAX_FIELD_SIZE || c->n_fields == CVK_MAX_FIELDS) {
        c->fields_cut = true;
        return CVK_OK;
    }
    value = cvk_text_store(&c->text, token);
    if (!value.known || note_field(c, value, (struct cvk_text){0}, false))
        return CVK_E_MEMORY;
    if (c->n_fields == kept)
        c->text.n = start; /* nothing refers to it */
    return CVK_OK;
}
