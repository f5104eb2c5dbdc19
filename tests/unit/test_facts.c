/* SPDX-License-Identifier: MIT */
#include "evidence/facts.h"

#include <stdio.h>

#include "unit.h"

static struct cvk_config config;
static struct cvk_record record;

static void setup(void)
{
    cvk_config_init(&config);
    cvk_record_init(&record);
}

static void teardown(void)
{
    cvk_config_clear(&config);
    cvk_record_clear(&record);
}

/* What the document says of its backup number index. */
static enum cvk_code apply(const char *document, size_t index, bool strict)
{
    struct cvk_document_text doc = {
        .text = cvk_slice_of(document, strlen(document)),
        .encoding = CVK_UTF8};

    ck_assert_int_eq(cvk_config_parse(&config, doc.text), CVK_OK);
    ck_assert_uint_lt(index, config.n_backups);
    cvk_record_reset(&record, CVK_RECORD_EXTRACT, strict);
    return cvk_facts_apply(&record, &config, index, &doc);
}

static void assert_known(struct cvk_text t, const char *wanted)
{
    struct cvk_slice s = cvk_record_text(&record, t);

    if (!wanted)
        ck_assert(!t.known);
    else
        ck_assert_msg(t.known && cvk_slice_equal(
                                     s, cvk_slice_of(wanted, strlen(wanted))),
                      "\"%.*s\" instead of \"%s\"", (int)s.n,
                      s.n ? (const char *)s.p : "", wanted);
}

#define SUB "01234567-89ab-cdef-0123-456789abcdef"
#define GROUP "/subscriptions/" SUB "/resourceGroups/rg/providers/"
#define DES(name) GROUP "Microsoft.Compute/diskEncryptionSets/" name
#define KV(name) GROUP "Microsoft.KeyVault/vaults/" name
#define MHSM(name) GROUP "Microsoft.KeyVault/managedHSMs/" name
#define URL(vault, key) "https://" vault ".vault.azure.net/keys/" key
#define SECRET(vault, name) "https://" vault ".vault.azure.net/secrets/" name
#define V1 "0123456789abcdef0123456789abcdef"
#define V2 "fedcba9876543210fedcba9876543210"
#define KEY URL("v", "k")
#define K "\"KeyBackupData\":\"QQ==\""
#define S(name, value) ",\"" name "\":\"" value "\""
/* A document with these members in the details, and these in the root. */
#define DOC(details, root)                                                     \
    "{\"OsDiskEncryptionDetails\":{" K details "}" root "}"

enum { NO_FACT = -1, USUAL = 16 };

static const struct {
    int kind; /* and whether the names are usual ones */
    const char *value;
    const char *names[7];
} facts[] = {
    {CVK_FACT_KEY_URL | USUAL, KEY,
     {"KeyUrl", "keyURL", "KekUrl", "KeyId", "KeyIdentifier", "k\\u0069d"}},
    {CVK_FACT_KEY_URL | USUAL, KEY "/" V1, {"KeyUrl"}},
    {CVK_FACT_KEY_URL | USUAL, "https:\\/\\/v.vault.azure.net/keys/k", {"Kid"}},
    {CVK_FACT_KEY_URL, KEY, {"Whatever", "DiskEncryptionSetId", "KeyVersion"}},
    {CVK_FACT_DES_ID | USUAL, DES("d"),
     {"DiskEncryptionSetId", "OsDiskEncryptionSetId",
      "SecuredVMOsDiskEncryptionSetId"}},
    {CVK_FACT_DES_ID, DES("d"), {"KeyUrl", "x"}},
    {CVK_FACT_VAULT_ID | USUAL, KV("v"),
     {"KeyVaultId", "KekVaultId", "KeyVaultResourceId"}},
    {CVK_FACT_VAULT_ID | USUAL, MHSM("v"), {"KeyVaultId"}},
    {CVK_FACT_VAULT_ID, MHSM("v"), {"x"}},
    {CVK_FACT_KEY_VERSION | USUAL, V1, {"KeyVersion", "keyversion"}},
    {CVK_FACT_RESOURCE_TYPE | USUAL, "x", {"keyVaultResourceType"}},
    {NO_FACT, V1, {"Version", "SecretData"}},
    {NO_FACT, "1", {"KeyVersion"}},
    {NO_FACT, "", {"KeyVaultResourceType", "KeyUrl"}},
    {NO_FACT, "Microsoft.KeyVault/vaults", {"Type"}},
    {NO_FACT, KEY, {"SecretData", "KeyVaultSecretBackupData"}},
    {NO_FACT, "see " KEY, {"KeyUrl"}},
    {CVK_FACT_SECRET_URL | USUAL, SECRET("v", "s"),
     {"SecretUrl", "secretKeyUrl"}},
    {CVK_FACT_SECRET_URL, SECRET("v", "s") "/" V1, {"KeyUrl", "x"}},
    {NO_FACT, SECRET("v", "s") "/x", {"SecretUrl"}},
    {NO_FACT, KV("v"), {"SecretVaultId", "SecretKeyVaultId"}},
};

START_TEST(facts_are_known_by_their_syntax)
{
    int kind = facts[_i].kind;

    for (const char *const *name = facts[_i].names; *name; name++) {
        char document[512];

        snprintf(document, sizeof document,
                 "{\"OsDiskEncryptionDetails\":{" K ",\"%s\":\"%s\"}}", *name,
                 facts[_i].value);
        apply(document, 0, false);
        ck_assert_uint_eq(config.n_facts, kind == NO_FACT ? 0 : 1);
        if (kind == NO_FACT)
            continue;
        ck_assert_int_eq(config.facts[0].kind, kind & ~USUAL);
        ck_assert(config.facts[0].usual_name == ((kind & USUAL) != 0));
    }
}
END_TEST

START_TEST(facts_stand_anywhere_and_know_their_pointer)
{
    static const char document[] =
        "{\"a/b\":[[0,[],{\"c~d\":\"" KEY "\"}]],\"e\":[{\"x\":[1,2]},\"" KEY
        "\"],\"f\":{\"\":{\"\":\"" KEY "\"}},\"OsDiskEncryptionDetails\":{" K
        "},\"g\\u00e4\\\"\\\\\":\"" KEY "\"}";
    static const char *const pointers[] = {"/a~1b/0/2/c~0d", "/e/1", "/f//",
                                           "/g\xc3\xa4\"\\"};

    apply(document, 0, false);
    ck_assert_uint_eq(config.n_facts, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct cvk_fact *fact = &config.facts[i];

        assert_slice(cvk_text_slice(&config.text, fact->value), KEY);
        ck_assert(cvk_slice_equal(
            cvk_text_slice(&config.text, fact->pointer),
            cvk_slice_of(pointers[i], strlen(pointers[i]))));
        ck_assert_uint_eq(fact->token.to - fact->token.from, strlen(KEY));
        ck_assert(!memcmp(document + fact->token.from, KEY, strlen(KEY)));
    }
    ck_assert_uint_eq(config.n_fields, 0);
}
END_TEST

START_TEST(all_parts_reach_the_record)
{
    struct cvk_key_facts *key = &record.key;
    struct cvk_des_facts *des = &record.des;

    ck_assert(!apply(DOC(S("KeyUrl", URL("kv", "k") "/" V1)
                             S("DiskEncryptionSetId", DES("d"))
                             S("KeyVaultId", KV("KV")) S("KeyVersion", V1)
                             S("KeyVaultResourceType",
                               "Microsoft.KeyVault/vaults"), ""), 0, true));
    ck_assert_uint_eq(record.findings.n, 0);
    assert_known(key->url, URL("kv", "k") "/" V1);
    assert_known(key->url_pointer, "/OsDiskEncryptionDetails/KeyUrl");
    assert_known(key->name, "k");
    assert_known(key->version, V1);
    assert_known(key->vault, "kv");
    assert_known(key->vault_id, KV("KV"));
    assert_known(key->resource_type, "Microsoft.KeyVault/vaults");
    ck_assert_int_eq(key->store, CVK_KEY_VAULT);
    ck_assert(key->has_cloud);
    ck_assert_int_eq(key->cloud, CVK_CLOUD_PUBLIC);
    assert_known(des->id, DES("d"));
    assert_known(des->id_pointer,
                 "/OsDiskEncryptionDetails/DiskEncryptionSetId");
    assert_known(des->name, "d");
    assert_known(des->resource_group, "rg");
    assert_known(des->subscription, SUB);
    ck_assert_uint_eq(record.n_fields, 5);
    assert_known(record.fields[3].pointer,
                 "/OsDiskEncryptionDetails/KeyVersion");
    assert_known(record.fields[3].value, V1);
    ck_assert(record.fields[3].is_string);
}
END_TEST

static void assert_nothing_known(void)
{
    assert_known(record.key.url, NULL);
    assert_known(record.key.url_pointer, NULL);
    assert_known(record.key.name, NULL);
    assert_known(record.key.version, NULL);
    assert_known(record.key.vault, NULL);
    assert_known(record.key.vault_id, NULL);
    assert_known(record.key.resource_type, NULL);
    assert_known(record.des.id, NULL);
    ck_assert(!record.key.has_cloud);
    ck_assert_int_eq(record.key.store, CVK_STORE_UNKNOWN);
}

START_TEST(nothing_said_is_nothing_known)
{
    ck_assert(!apply(DOC(",\"n\":7", ""), 0, true));
    assert_nothing_known();
    ck_assert(record.n_fields == 1 && !record.fields[0].is_string);
}
END_TEST

/* Which of several facts counts, and how many warnings the others give. */
static const struct {
    const char *document, *url, *version, *vault, *des;
    size_t warnings;
    enum cvk_code code;
} cases[] = {
    /* the usual name before another one, either before one outside */
    {DOC(S("x", URL("a", "k")) S("KeyUrl", URL("b", "k")), ""),
     URL("b", "k"), NULL, "b", NULL, 1, CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("b", "k")) S("x", URL("a", "k")), ""),
     URL("b", "k"), NULL, "b", NULL, 1, CVK_E_FACTS_KEY_URL},
    {"{\"KeyUrl\":\"" URL("a", "k") "\",\"OsDiskEncryptionDetails\":{" K
     S("x", URL("b", "k")) "}}",
     URL("b", "k"), NULL, "b", NULL, 1, CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("a", "k")) S("KekUrl", URL("b", "k")), ""),
     URL("a", "k"), NULL, "a", NULL, 1, CVK_E_FACTS_KEY_URL},
    {DOC("", S("x", URL("a", "k"))), URL("a", "k"), NULL, "a", NULL, 0, 0},
    /* equal but for case, port, slash, version */
    {DOC(S("KeyUrl", URL("a", "k") "/" V1) S("x", URL("A", "K") "/" V1),
         S("y", URL("a", "k")) S("z", "https://a.vault.azure.net:443/keys/k/")),
     URL("a", "k") "/" V1, V1, "a", NULL, 0, 0},
    {DOC(S("KeyUrl", URL("a", "k") "/" V1) S("x", URL("a", "k") "/" V2), ""),
     URL("a", "k") "/" V1, V1, "a", NULL, 1, CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("a", "k")) S("x", URL("a", "l")), ""), URL("a", "k"),
     NULL, "a", NULL, 1, CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("a", "k")), S("x", URL("b", "k")) S("y", URL("c", "k"))
         S("z", URL("a", "k"))), URL("a", "k"), NULL, "a", NULL, 2,
     CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", "https://a.vault.example.org/keys/k"), ""),
     "https://a.vault.example.org/keys/k", NULL, "a", NULL, 1,
     CVK_E_FACTS_CLOUD},
    /* versions that the chosen URL does not have */
    {DOC(S("KeyUrl", URL("a", "k")) S("x", URL("a", "k") "/" V1)
         S("y", URL("a", "k") "/" V2), ""), URL("a", "k"), NULL, "a", NULL, 1,
     CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("a", "k")) S("x", URL("a", "k") "/" V1)
         S("y", URL("A", "K") "/" V1), S("z", URL("a", "k"))), URL("a", "k"),
     NULL, "a", NULL, 0, 0},
    {DOC(S("x", URL("a", "k") "/" V1) S("KeyUrl", URL("a", "k")),
         S("y", URL("a", "k") "/" V2) S("z", URL("b", "k") "/" V2)),
     URL("a", "k"), NULL, "a", NULL, 2, CVK_E_FACTS_KEY_URL},
    {DOC(S("KeyUrl", URL("a", "k")) S("x", URL("b", "k") "/" V1), ""),
     URL("a", "k"), NULL, "a", NULL, 1, CVK_E_FACTS_KEY_URL},
    /* and those of another backup */
    {DOC(S("KeyUrl", URL("a", "k")),
         ",\"x\":{" K S("KeyUrl", URL("a", "k") "/" V1) "}"), URL("a", "k"),
     NULL, "a", NULL, 0, 0},
    {DOC(S("KeyUrl", URL("a", "k")) S("x", URL("a", "k") "/" V1),
         ",\"x\":{" K S("KeyUrl", URL("a", "k") "/" V2) "}"), URL("a", "k"),
     NULL, "a", NULL, 0, 0},
    {DOC(S("KeyVersion", V1) S("KeyUrl", URL("a", "k"))
         S("x", URL("a", "k") "/" V2), ""), URL("a", "k"), V1, "a", NULL, 1,
     CVK_E_FACTS_KEY_VERSION},
    {DOC(S("KeyVersion", V1) S("KeyUrl", URL("a", "k"))
         S("x", URL("a", "k") "/" V1), ""), URL("a", "k"), V1, "a", NULL, 0, 0},
    /* versions */
    {DOC(S("KeyVersion", V1), ""), NULL, V1, NULL, NULL, 0, 0},
    {DOC(S("KeyVersion", V1) S("KeyUrl", URL("a", "k")), ""), URL("a", "k"), V1,
     "a", NULL, 0, 0},
    {DOC(S("KeyVersion", V2) S("KeyUrl", URL("a", "k") "/" V1), ""),
     URL("a", "k") "/" V1, V1, "a", NULL, 1, CVK_E_FACTS_KEY_VERSION},
    {DOC(S("KeyVersion", V1), S("KeyVersion", V2)), NULL, V1, NULL, NULL, 1,
     CVK_E_FACTS_KEY_VERSION},
    {DOC(S("KeyVersion", V1) S("KeyUrl", URL("a", "k") "/" V1),
         S("KeyVersion", V2)), URL("a", "k") "/" V1, V1, "a", NULL, 1,
     CVK_E_FACTS_KEY_VERSION},
    {DOC(S("KeyVersion", "0123456789ABCDEF0123456789ABCDEF")
         S("KeyUrl", URL("a", "k") "/" V1), ""),
     URL("a", "k") "/" V1, V1, "a", NULL, 0, 0},
    /* vaults */
    {DOC(S("KeyVaultId", KV("a")), ""), NULL, NULL, "a", NULL, 0, 0},
    {DOC(S("KeyVaultId", KV("A")) S("KeyUrl", URL("a", "k")), ""),
     URL("a", "k"), NULL, "a", NULL, 0, 0},
    {DOC(S("KeyVaultId", KV("b")) S("KeyUrl", URL("a", "k")), ""),
     URL("a", "k"), NULL, "a", NULL, 1, CVK_E_FACTS_VAULT},
    {DOC(S("KeyVaultId", MHSM("a")) S("KeyUrl", URL("a", "k")), ""),
     URL("a", "k"), NULL, "a", NULL, 1, CVK_E_FACTS_VAULT},
    {DOC(S("KeyVaultId", KV("a")) S("x", KV("b")), ""), NULL, NULL, "a", NULL,
     1, CVK_E_FACTS_VAULT},
    {DOC(S("KeyVaultId", KV("a")) S("x", KV("A")), ""), NULL, NULL, "a", NULL,
     0, 0},
    /* disk encryption sets */
    {DOC(S("x", DES("a")) S("DiskEncryptionSetId", DES("b")), ""), NULL, NULL,
     NULL, "b", 1, CVK_E_FACTS_DES},
    {DOC(S("DiskEncryptionSetId", DES("b")), S("x", DES("B"))), NULL, NULL,
     NULL, "b", 0, 0},
    /* resource types */
    {DOC(S("KeyVaultResourceType", "a"), S("KeyVaultResourceType", "b")), NULL,
     NULL, NULL, NULL, 1, CVK_E_FACTS_STORE},
    {DOC(S("KeyVaultResourceType", "a"), S("KeyVaultResourceType", "A")), NULL,
     NULL, NULL, NULL, 0, 0},
};

START_TEST(the_nearest_fact_counts_and_others_are_held_against_it)
{
    ck_assert_int_eq(apply(cases[_i].document, 0, false), CVK_OK);
    assert_known(record.key.url, cases[_i].url);
    assert_known(record.key.version, cases[_i].version);
    assert_known(record.key.vault, cases[_i].vault);
    assert_known(record.des.name, cases[_i].des);
    ck_assert_uint_eq(record.findings.n, cases[_i].warnings);
    for (size_t i = 0; i < record.findings.n; i++) {
        ck_assert_str_eq(cvk_code_id(record.findings.v[i].code),
                         cvk_code_id(cases[_i].code));
        ck_assert_int_eq(record.findings.v[i].severity, CVK_WARNING);
    }
}
END_TEST

START_TEST(a_strict_record_is_refused_where_facts_disagree)
{
    enum cvk_code code = apply(cases[_i].document, 0, true);

    ck_assert_str_eq(cvk_code_id(code), cvk_code_id(cases[_i].code));
    ck_assert((cvk_record_error(&record) != NULL) == (code != CVK_OK));
    ck_assert_uint_eq(record.findings.n, code ? 1 : 0);
}
END_TEST

START_TEST(a_warning_names_both_values_and_the_other_place)
{
    static const char document[] =
        DOC(S("KeyUrl", URL("a", "k")), ",\n" "\"x\":\"" URL("b", "k") "\"");
    const struct cvk_finding *f = record.findings.v;
    struct cvk_slice words;

    ck_assert(!apply(document, 0, false));
    ck_assert(f->placed);
    ck_assert_uint_eq(f->offset,
                      (uint64_t)(strstr(document, "https://b") - document));
    ck_assert_uint_eq(f->line, 2);
    ck_assert_uint_eq(f->column, 6);
    words = cvk_record_text(&record, f->text);
    ck_assert(cvk_slice_search(words, CVK_LITERAL(URL("a", "k"))) < words.n);
    ck_assert(cvk_slice_search(words, CVK_LITERAL(URL("b", "k"))) < words.n);
    apply(DOC("", S("x", "https://a.vault.b/keys/k")), 0, false);
    assert_known(f->pointer, "/x");
    ck_assert(record.key.has_cloud && record.key.cloud == CVK_CLOUD_UNKNOWN);
}
END_TEST

/* ---- Azure Disk Encryption ---------------------------------------------- */

#define B "\"KeyVaultSecretBackupData\":\"Qg==\""
#define ADE(members) "{\"OsDiskKeyAndSecretDetails\":{" members "}}"

START_TEST(key_and_secret_have_their_own_facts)
{
    static const char document[] =
        ADE(K "," B S("KeyUrl", URL("kv", "k") "/" V1)
                S("SecretUrl", SECRET("sv", "s") "/" V2) S("SecretData", "x")
                    S("DiskEncryptionSetId", DES("d")));
    const struct cvk_secret_facts *secret = &record.secret;

    for (size_t i = 0; i < 2; i++) {
        ck_assert(!apply(document, i, true));
        ck_assert_uint_eq(record.findings.n, 0);
        ck_assert(secret->known && secret->has_data && secret->has_backup &&
                  secret->has_key_backup);
        assert_known(secret->url, SECRET("sv", "s") "/" V2);
        assert_known(secret->url_pointer,
                     "/OsDiskKeyAndSecretDetails/SecretUrl");
        ck_assert(secret->url_published);
        assert_known(secret->name, "s");
        assert_known(secret->version, V2);
        assert_known(secret->vault, "sv");
        ck_assert(secret->has_cloud && secret->cloud == CVK_CLOUD_PUBLIC);
        ck_assert_uint_eq(record.n_fields, 3);
        if (i == 1) {
            assert_nothing_known();
            continue;
        }
        assert_known(record.key.url, URL("kv", "k") "/" V1);
        ck_assert(record.key.url_published);
        assert_known(record.key.vault, "kv");
        assert_known(record.des.name, "d");
    }
}
END_TEST

static const struct {
    const char *document, *name, *version;
    enum cvk_code code;
} secrets[] = {
    {ADE(B), NULL, NULL, 0},
    {ADE(B S("SecretUrl", "")), NULL, NULL, 0},
    {ADE(B S("SecretUrl", SECRET("v", "s"))), "s", NULL, 0},
    {ADE(B S("KeyUrl", KEY) S("x", SECRET("w", "t"))), "t", NULL, 0},
    {ADE(B S("x", SECRET("w", "t")) S("SecretUrl", SECRET("v", "s"))), "s",
     NULL, CVK_E_FACTS_SECRET_URL},
    {ADE(B S("SecretUrl", SECRET("v", "s") "/" V1)
             S("SecretKeyUrl", SECRET("v", "s") "/" V2)), "s", V1,
     CVK_E_FACTS_SECRET_URL},
    {ADE(B S("SecretUrl", SECRET("v", "s") "/" V1)
             S("SecretKeyUrl", SECRET("V", "S"))), "s", V1, 0},
    {ADE(B S("SecretUrl", "https://v.vault.b/secrets/s")), "s", NULL,
     CVK_E_FACTS_CLOUD},
};

START_TEST(the_nearest_secret_url_counts)
{
    enum cvk_code code = secrets[_i].code;

    ck_assert_int_eq(apply(secrets[_i].document, 0, false), CVK_OK);
    assert_nothing_known();
    ck_assert(record.secret.known && !record.secret.has_data &&
              !record.secret.has_key_backup);
    assert_known(record.secret.name, secrets[_i].name);
    assert_known(record.secret.version, secrets[_i].version);
    ck_assert_uint_eq(record.findings.n, code ? 1 : 0);
    if (code)
        ck_assert_str_eq(cvk_code_id(record.findings.v[0].code),
                         cvk_code_id(code));
    ck_assert_int_eq(apply(secrets[_i].document, 0, true), code);
}
END_TEST

START_TEST(a_confidential_vm_has_no_secret)
{
    ck_assert(!apply(DOC(S("SecretUrl", SECRET("v", "s")) S("SecretData", "x"),
                         S("x", SECRET("v", "t"))), 0, true));
    ck_assert(!record.secret.known && !record.secret.has_data);
    assert_known(record.secret.url, NULL);
    assert_nothing_known();
}
END_TEST

/* ---- several backups ---------------------------------------------------- */

#define OBJECT(vault)                                                          \
    "{" K S("KeyUrl", URL(vault, "k")) S("DesId", DES(vault))                  \
        S("KeyVersion", V1) S("KeyVaultId", KV(vault)) "}"

static const char siblings[] =
    "{\"DataDisks\":[" OBJECT("data1") "," OBJECT("data2") "],"
    "\"OsDiskEncryptionDetails\":" OBJECT("os") "}";

static void assert_disk(const char *document, size_t index, const char *name)
{
    ck_assert_int_eq(apply(document, index, false), CVK_OK);
    assert_known(record.key.vault, name);
    assert_known(record.des.name, name);
    ck_assert_msg(record.findings.n == 0, "%s: %zu warnings, first %s", name,
                  record.findings.n, cvk_code_id(record.findings.v[0].code));
}

START_TEST(disks_beside_each_other_keep_to_themselves)
{
    assert_disk(siblings, 0, "data1");
    assert_disk(siblings, 1, "data2");
    assert_disk(siblings, 2, "os");
}
END_TEST

static const char nested[] =
    "{\"OsDiskEncryptionDetails\":{\"DataDisks\":[" OBJECT("data1") ","
    OBJECT("data2") "]," K S("KeyUrl", URL("os", "k")) S("DesId", DES("os"))
    "}}";

START_TEST(disks_inside_the_details_keep_to_themselves)
{
    assert_disk(nested, 0, "data1");
    assert_disk(nested, 1, "data2");
    assert_disk(nested, 2, "os");
}
END_TEST

START_TEST(facts_of_another_backup_are_not_borrowed)
{
    ck_assert(!apply("{\"Data\":" OBJECT("data") ","
                     "\"OsDiskEncryptionDetails\":{" K "}}", 1, true));
    assert_nothing_known();
}
END_TEST

START_TEST(facts_outside_of_all_backups_are_shared)
{
    static const char document[] =
        "{\"Data\":{" K "},\"KeyUrl\":\"" URL("a", "k") "\","
        "\"OsDiskEncryptionDetails\":{" K "}}";

    for (size_t i = 0; i < 2; i++) {
        ck_assert(!apply(document, i, true));
        assert_known(record.key.vault, "a");
    }
}
END_TEST

/* ---- limits ------------------------------------------------------------- */

START_TEST(what_was_left_out_is_said)
{
    static const char *const starts[] = {
        "{\"OsDiskEncryptionDetails\":{" K ",\"x\":[0", "{\"x\":[0"};
    static const char *const items[] = {",1", ",\"" KEY "\""};
    static const char *const ends[] = {
        "]}}", "],\"OsDiskEncryptionDetails\":{" K "}}"};
    static const enum cvk_code codes[] = {CVK_E_FIELDS_CUT, CVK_E_FACTS_MORE};
    char document[32768];

    for (int which = 0; which < 2; which++) {
        strcpy(document, starts[which]);
        for (int i = 0; i < 300; i++)
            strcat(document, items[which]);
        strcat(document, ends[which]);
        ck_assert_int_eq(apply(document, 0, false), CVK_OK);
        ck_assert_uint_eq(record.findings.n, 1);
        ck_assert_int_eq(record.findings.v[0].code, codes[which]);
        ck_assert_int_eq(record.findings.v[0].severity,
                         which ? CVK_WARNING : CVK_NOTE);
        ck_assert_int_eq(apply(document, 0, true),
                         which ? CVK_E_FACTS_MORE : CVK_OK);
    }
}
END_TEST

START_TEST(a_record_without_room_for_its_fields_is_reported)
{
    static const char document[] = DOC(",\"a\":1,\"b\":\"text\"", "");

    for (size_t max = 0; max < 57; max++) {
        cvk_buf_clear(&record.text);
        cvk_buf_init(&record.text, max);
        ck_assert_int_eq(apply(document, 0, false), CVK_E_MEMORY);
    }
    cvk_buf_clear(&record.text);
    cvk_buf_init(&record.text, 100);
    ck_assert_int_eq(apply(document, 0, false), CVK_OK);
    config.n_fields = CVK_MAX_FIELDS + 1;
    ck_assert_int_eq(cvk_facts_apply(&record, &config, 0, &(
                         struct cvk_document_text){.encoding = CVK_UTF8}),
                     CVK_E_MEMORY);
}
END_TEST

/* ---- the store ---------------------------------------------------------- */

#define VAULTS "Microsoft.KeyVault/vaults"
#define HSMS "Microsoft.KeyVault/managedHSMs"

#define VAULT CVK_KEY_VAULT
#define HSM CVK_MANAGED_HSM
#define UNKNOWN CVK_BACKUP_UNKNOWN
#define VAULT_KEY CVK_BACKUP_KEY_VAULT_KEY
#define HSM_KEY CVK_BACKUP_MANAGED_HSM_KEY

static const struct {
    enum cvk_backup_format format;
    enum cvk_store host;
    const char *type;
    enum cvk_store used;
    bool warns;
} stores[] = {
    {UNKNOWN, 0, NULL, 0, false}, {UNKNOWN, 0, VAULTS, VAULT, false},
    {UNKNOWN, 0, HSMS, HSM, false}, {UNKNOWN, VAULT, NULL, VAULT, false},
    {UNKNOWN, VAULT, VAULTS, VAULT, false},
    {UNKNOWN, VAULT, HSMS, VAULT, true}, {UNKNOWN, HSM, VAULTS, HSM, true},
    {VAULT_KEY, 0, NULL, VAULT, false},
    {VAULT_KEY, 0, VAULTS, VAULT, false}, {VAULT_KEY, 0, HSMS, VAULT, true},
    {VAULT_KEY, VAULT, VAULTS, VAULT, false},
    {VAULT_KEY, VAULT, HSMS, VAULT, true},
    {VAULT_KEY, HSM, VAULTS, VAULT, true},
    {VAULT_KEY, HSM, HSMS, VAULT, true}, {HSM_KEY, 0, NULL, HSM, false},
    {HSM_KEY, 0, VAULTS, HSM, true}, {HSM_KEY, HSM, HSMS, HSM, false},
    {HSM_KEY, VAULT, HSMS, HSM, true},
    {CVK_BACKUP_KEY_VAULT_SECRET, 0, NULL, 0, false},
    {UNKNOWN, 0, "x", 0, false}, {HSM_KEY, 0, "x", HSM, false}};

START_TEST(format_host_and_type_settle_the_store_in_this_order)
{
    for (int strict = 0; strict < 2; strict++) {
        bool refuses = strict && stores[_i].warns;

        cvk_record_reset(&record, CVK_RECORD_EXTRACT, strict);
        record.key.store = stores[_i].host;
        if (stores[_i].type)
            record.key.resource_type = cvk_text_store(
                &record.text,
                cvk_slice_of(stores[_i].type, strlen(stores[_i].type)));
        ck_assert_int_eq(cvk_facts_settle_store(&record, stores[_i].format),
                         refuses ? CVK_E_FACTS_STORE : CVK_OK);
        ck_assert_int_eq(record.key.store, stores[_i].used);
        ck_assert_uint_eq(record.findings.n, stores[_i].warns ? 1 : 0);
        if (stores[_i].warns)
            ck_assert_int_eq(record.findings.v[0].code, CVK_E_FACTS_STORE);
    }
}
END_TEST

#define HSM_URL "https://h.managedhsm.azure.net/keys/k"
#define TYPE(value) S("KeyVaultResourceType", value)

/* Facts against a backup's format: what the warning lists, and whether the name
 * of the vault is one of them. */
static const struct {
    const char *document;
    enum cvk_backup_format format;
    const char *lists[4];
    bool name;
} disputes[] = {
    {DOC(S("KeyUrl", KEY) S("KeyVaultId", KV("v")) TYPE(VAULTS), ""), HSM_KEY,
     {"v.vault.azure.net says key vault", "id of v says key vault",
      VAULTS " says key vault"}, true},
    {DOC(S("KeyUrl", HSM_URL) S("KeyVaultId", MHSM("h")) TYPE(HSMS), ""),
     VAULT_KEY,
     {"h.managedhsm.azure.net says Managed HSM", "id of h says Managed HSM",
      HSMS " says Managed HSM"}, true},
    {DOC(S("KeyVaultId", KV("v")), ""), HSM_KEY, {"id of v says key vault"},
     true},
    {DOC(S("KeyUrl", KEY), ""), HSM_KEY, {"the host"}, true},
    {DOC(S("KeyUrl", KEY) TYPE(HSMS), ""), VAULT_KEY, {HSMS}, false},
    {DOC(TYPE(HSMS), ""), VAULT_KEY, {HSMS}, false},
    {DOC(S("KeyUrl", KEY) S("KeyVaultId", KV("v")) TYPE(VAULTS), ""), VAULT_KEY,
     {NULL}, false},
    {DOC(S("KeyUrl", HSM_URL) S("KeyVaultId", MHSM("h")) TYPE(HSMS), ""),
     HSM_KEY, {NULL}, false},
    {DOC(TYPE("x"), ""), HSM_KEY, {NULL}, false},
};

START_TEST(one_warning_lists_every_fact_against_the_backup)
{
    const struct cvk_finding *f = record.findings.v;
    size_t n = 0;
    struct cvk_slice words;

    ck_assert(!apply(disputes[_i].document, 0, false));
    ck_assert(!cvk_facts_settle_store(&record, disputes[_i].format));
    ck_assert(cvk_record_vault_disputed(&record) == disputes[_i].name);
    ck_assert(record.key.store_disputed == (disputes[_i].lists[0] != NULL));
    ck_assert_uint_eq(record.findings.n, disputes[_i].lists[0] ? 1 : 0);
    if (!record.findings.n)
        return;
    ck_assert_int_eq(f->code, CVK_E_FACTS_STORE);
    words = cvk_record_text(&record, f->text);
    for (; disputes[_i].lists[n]; n++)
        ck_assert(cvk_slice_search(
                      words, cvk_slice_of(disputes[_i].lists[n],
                                          strlen(disputes[_i].lists[n]))) <
                  words.n);
    for (size_t i = 0; i < words.n; i++)
        n -= i + 6 <= words.n && !memcmp(words.p + i, " says ", 6);
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(two_resource_types_are_a_dispute)
{
    ck_assert(!apply(DOC(TYPE(VAULTS), TYPE(HSMS)), 0, false));
    ck_assert(record.key.store_disputed);
    ck_assert(!cvk_record_vault_disputed(&record));
    ck_assert(!apply(DOC(TYPE(VAULTS), ""), 0, false));
    ck_assert(!record.key.store_disputed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("facts");
    TCase *tc = tcase_create("facts");
    int n = sizeof cases / sizeof *cases;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, facts_are_known_by_their_syntax, 0,
                        sizeof facts / sizeof *facts);
    tcase_add_test(tc, facts_stand_anywhere_and_know_their_pointer);
    tcase_add_test(tc, all_parts_reach_the_record);
    tcase_add_test(tc, nothing_said_is_nothing_known);
    tcase_add_loop_test(
        tc, the_nearest_fact_counts_and_others_are_held_against_it, 0, n);
    tcase_add_loop_test(tc, a_strict_record_is_refused_where_facts_disagree, 0,
                        n);
    tcase_add_test(tc, a_warning_names_both_values_and_the_other_place);
    tcase_add_test(tc, key_and_secret_have_their_own_facts);
    tcase_add_loop_test(tc, the_nearest_secret_url_counts, 0,
                        sizeof secrets / sizeof *secrets);
    tcase_add_test(tc, a_confidential_vm_has_no_secret);
    tcase_add_test(tc, disks_beside_each_other_keep_to_themselves);
    tcase_add_test(tc, disks_inside_the_details_keep_to_themselves);
    tcase_add_test(tc, facts_of_another_backup_are_not_borrowed);
    tcase_add_test(tc, facts_outside_of_all_backups_are_shared);
    tcase_add_test(tc, what_was_left_out_is_said);
    tcase_add_test(tc, a_record_without_room_for_its_fields_is_reported);
    tcase_add_loop_test(tc,
                        format_host_and_type_settle_the_store_in_this_order, 0,
                        sizeof stores / sizeof *stores);
    tcase_add_loop_test(tc, one_warning_lists_every_fact_against_the_backup, 0,
                        sizeof disputes / sizeof *disputes);
    tcase_add_test(tc, two_resource_types_are_a_dispute);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
