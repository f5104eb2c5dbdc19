/* SPDX-License-Identifier: MIT */
#include "evidence/config.h"

#include <stdio.h>

#include "evidence/json_string.h"
#include "unit.h"

static struct cvk_config config;
static struct cvk_buf text;

static void setup(void)
{
    cvk_config_init(&config);
    cvk_buf_init(&text, 32u << 20);
}

static void teardown(void)
{
    cvk_config_clear(&config);
    cvk_buf_clear(&text);
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static void add(const char *s)
{
    ck_assert(cvk_buf_append_string(&text, s));
}

/* Check sends a message for each assertion: one for all bytes. */
static void add_many(char c, size_t n)
{
    bool ok = true;

    while (n-- > 0)
        ok = cvk_buf_append_byte(&text, (uint8_t)c) && ok;
    ck_assert(ok);
}

static enum cvk_code parse(void)
{
    enum cvk_code code = cvk_config_parse(&config, cvk_buf_slice(&text));

    ck_assert_msg(!code || code == CVK_E_MEMORY || config.why[0],
                  "%s without words", cvk_code_id(code));
    return code;
}

static enum cvk_code parse_string(const char *s)
{
    text.n = 0;
    add(s);
    return parse();
}

/* A config whose details hold these members besides KeyBackupData. */
static enum cvk_code parse_details(const char *members)
{
    text.n = 0;
    add("{\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"QQ==\"");
    add(members);
    add("}}");
    return parse();
}

#define assert_code(got, wanted)                                               \
    ck_assert_str_eq(cvk_code_id(got), cvk_code_id(wanted))

static void assert_text(struct cvk_text t, const char *wanted)
{
    struct cvk_slice s = cvk_text_slice(&config.text, t);

    ck_assert_msg(t.known && cvk_slice_equal(s, slice(wanted)),
                  "\"%.*s\" instead of \"%s\"", (int)s.n,
                  s.n ? (const char *)s.p : "", wanted);
}

#define D "\"OsDiskEncryptionDetails\":"
#define A "\"OsDiskKeyAndSecretDetails\":"
#define K "\"KeyBackupData\":\"QQ==\""
#define B "\"KeyVaultSecretBackupData\":\"Qg==\""
#define URL "https://v.vault.azure.net/keys/k"

/* A bar stands where the error lies. */
static const struct {
    enum cvk_code code;
    const char *documents[12];
} verdicts[] = {
    {CVK_OK, {"{" D "{" K "}}", " {" D "{" K "}} \r\n\t",
      "{\"osdiskencryptiondetails\":{\"KEYBACKUPDATA\":\"\"}}",
      "{\"\\u004fsDiskEncryptionDetails\":{\"Key\\u0042ackupData\":\"\"}}",
      "{" D "{\"KeyBackupData\":null}}", "{" D "{\"KeyBackupData\":7}}",
      "{" D "{\"x\":{" K "}}}", "{\"x\":[{" K "}]," D "{}}",
      "{" D "{" K ",\"x\":{\"a\":1,\"a\":2,\"A\":3}},\"y\":{\"b\":1,\"b\":2}}",
      "{" D "{\"a\":\"PlatformKey\"," K "}}"}},
    {CVK_OK, {"{" A "{" K "}}", "{\"osdiskkeyandsecretdetails\":{" K "}}",
      "{" A "{" B "}}", "{" A "{" K "," B "}}",
      "{" A "{\"KeyBackupData\":null," B "}}",
      "{" A "{" K ",\"keyvaultsecretbackupDATA\":\" \\n\\u0020\"}}",
      "{" A "{\"KeyBackupData\":7}}",
      "{" A "{\"KeyVaultSecretBackupData\":false}}",
      "{" A "{},\"x\":{" B "}}", "{\"x\":{" K "}," A "{}}",
      "{" A "{" K ",\"KeyVaultSecretBackupData\":\"\xc3\xa4\"}}"}},
    {CVK_E_CONFIG_NO_KEY_DATA, {"{\"|OsDiskKeyAndSecretDetails\":{}}",
      "{\"|OSDISKKEYANDSECRETDETAILS\":{\"KeyBackupData\":null}}",
      "{\"|OsDiskKeyAndSecretDetails\":{\"KeyVaultSecretBackupData\":\"\","
      "\"KeyBackupData\":\"\\t\"}}",
      "{\"|OsDiskKeyAndSecretDetails\":{\"SecretData\":\"x\","
      "\"a\":\"PlatformKey\"}}", "{\"|OsDiskEncryptionDetails\":{" B "}}",
      "{\"x\":{" B "},\"|OsDiskEncryptionDetails\":{}}"}},
    {CVK_E_JSON_TRUNCATED, {"|", "{" D "{" K "}|"}},
    {CVK_E_JSON_ROOT, {"|[]", " |[{" D "{" K "}}]", "\"|x\"", "|null", "|1",
      " |1 \n"}},
    {CVK_E_JSON_SYNTAX, {"|7z\xbc\xaf", "|2026-01-02 INFO", "|1 {}", "|0,1"}},
    {CVK_E_JSON_DUPLICATE_NAME, {"{\"a\":1,\"|a\":2," D "{" K "}}",
      "{\"a\":1,\"|A\":2," D "{" K "}}",
      "{\"a\":1,\"|\\u0041\":2," D "{" K "}}", "{\"\":1,\"|\":2," D "{" K "}}",
      "{" D "{" K "},\"|OSDiskEncryptionDetails\":{}}",
      "{" D "{" K ",\"|KeyBackupData\":\"\"}}",
      "{" D "{" K ",\"|keybackupdata\":\"\"}}",
      "{" D "{" K ",\"a\":1,\"|\\u0061\":1}}",
      "{\"OsDiskKeyAndSecretDetails\":{\"a\":1,\"|a\":2}}"}},
    {CVK_E_CONFIG_NO_DETAILS, {"|{}", "|{\"x\":{" D "{" K "}}}"}},
    {CVK_E_CONFIG_DETAILS_TYPE, {"{" D "|null}", "{" D "|[{" K "}]}",
      "{" D "|7}", "{" D "\"|x\"}", "{\"OsDiskKeyAndSecretDetails\":|[]}"}},
    {CVK_E_CONFIG_BOTH_DETAILS, {
      "{" D "{" K "},\"|OsDiskKeyAndSecretDetails\":{}}",
      "{\"OsDiskKeyAndSecretDetails\":{},\"|OsDiskEncryptionDetails\":{}}"}},
    {CVK_E_CONFIG_NO_KEY_DATA, {"{\"|OsDiskEncryptionDetails\":{}}",
      "{\"|OsDiskEncryptionDetails\":{\"x\":{\"KeyBackupData\":null}}}",
      "{\"|OsDiskEncryptionDetails\":{\"a\":\"PlatformKe\"}}",
      "{\"x\":\"PlatformKey\",\"|OsDiskEncryptionDetails\":{}}"}},
    {CVK_E_CONFIG_KEY_DATA_TYPE, {"{" D "{\"KeyBackupData\":|[]}}",
      "{" D "{\"keybackupdata\":|{\"a\":1}}}",
      "{" A "{\"KeyBackupData\":|[]}}",
      "{" A "{\"KeyVaultSecretBackupData\":|[\"x\"]}}",
      "{" A "{" K ",\"KEYVAULTSECRETBACKUPDATA\":|{" B "}}}"}},
    {CVK_E_CONFIG_PLATFORM_KEY, {
      "{\"|OsDiskEncryptionDetails\":{\"a\":\"EncryptionWithPlatformKey\"}}",
      "{\"|OsDiskEncryptionDetails\":{\"x\":[\"PLATFORMMANAGEDKEY\"]}}"}},
    {CVK_E_JSON_TRAILING, {"{" D "{" K "}}|{", "{" D "{" K "}} \n|x",
      "{" D "{" K "}}|}", "{}|\f"}},
    {CVK_E_JSON_TRAILING_COMMA, {"{" D "{" K "|,}}"}},
    {CVK_E_JSON_SYNTAX, {"{" D "{" K "|;}}"}},
    {CVK_E_JSON_ESCAPE, {"{" D "{\"KeyBackupData\":\"|\\x\"}}"}}};

static void assert_verdict(const char *document, enum cvk_code wanted)
{
    const char *mark = strchr(document, '|');

    text.n = 0;
    for (const char *p = document; *p; p++)
        if (p != mark)
            add_many(*p, 1);
    ck_assert_msg(parse() == wanted, "%s: %s", document,
                  cvk_code_id(parse()));
    if (mark)
        ck_assert_uint_eq(config.error_at, (size_t)(mark - document));
    else
        ck_assert_uint_ge(config.n_backups, 1);
}

START_TEST(documents_have_one_verdict)
{
    for (const char *const *d = verdicts[_i].documents; *d; d++)
        assert_verdict(*d, verdicts[_i].code);
}
END_TEST

START_TEST(a_duplicate_name_shows_both_places)
{
    assert_code(parse_string("{\"aB\":1,\"b\":2,\"Ab\":3}"),
                CVK_E_JSON_DUPLICATE_NAME);
    ck_assert(config.has_other);
    ck_assert_uint_eq(config.other_at, 2);
    ck_assert_uint_eq(config.error_at, 15);
    ck_assert_ptr_nonnull(strstr(config.why, "case"));
    assert_code(parse_string("{\"a\":1,\"a\":3}"), CVK_E_JSON_DUPLICATE_NAME);
    ck_assert_ptr_null(strstr(config.why, "case"));
}
END_TEST

/* Found by following hashes of texts from one to the next until two met. */
START_TEST(names_of_one_hash_are_two_names)
{
    ck_assert_uint_eq(cvk_json_hash_nocase(slice("2laayl5mubgd!")),
                      cvk_json_hash_nocase(slice("cf6kl43jo6oal")));
    assert_code(parse_string("{\"2laayl5mubgd!\":1,\"cf6kl43jo6oal\":2," D "{" K
                             "}}"), CVK_OK);
}
END_TEST

START_TEST(root_and_details_have_at_most_1024_members)
{
    for (int in_details = 0; in_details < 2; in_details++)
        for (int n = 1024; n <= 1025; n++) {
            char member[32];

            text.n = 0;
            add(in_details ? "{" D "{" K : "{" D "{" K "}");
            for (int i = 1; i < n; i++) {
                snprintf(member, sizeof member, ",\"m%d\":%d", i, i);
                add(member);
            }
            add(in_details ? "}}" : "}");
            assert_code(parse(), n == 1024 ? CVK_OK : CVK_E_JSON_MEMBERS);
            ck_assert(n == 1024 ||
                      config.error_at ==
                          cvk_slice_search(cvk_buf_slice(&text),
                                           CVK_LITERAL("m1024")));
        }
}
END_TEST

START_TEST(trailing_nuls_are_counted)
{
    text.n = 0;
    add("{" D "{" K "}}\n");
    add_many('\0', 5);
    add(" \n");
    add_many('\0', 2);
    assert_code(parse(), CVK_OK);
    ck_assert_uint_eq(config.trailing_nuls, 7);
    ck_assert_uint_eq(config.first_nul, text.n - 9);
    ck_assert_uint_eq(config.used, text.n - 10);
    add("x");
    assert_code(parse(), CVK_E_JSON_TRAILING);
    ck_assert_uint_eq(config.error_at, text.n - 1);
    assert_code(parse_details(""), CVK_OK);
    ck_assert_uint_eq(config.trailing_nuls, 0);
    ck_assert_uint_eq(config.used, text.n);
    ck_assert_uint_eq(config.values, 3);
}
END_TEST

/* ---- backups ------------------------------------------------------------ */

START_TEST(a_backup_is_described)
{
    struct cvk_config_backup *b = config.backups;

    assert_code(parse_string("{" D "{\"KeyBackupData\":\"Q\\u0051==\"}}"),
                CVK_OK);
    ck_assert_uint_eq(config.n_backups, 1);
    assert_text(b->pointer, "/OsDiskEncryptionDetails/KeyBackupData");
    ck_assert(b->is_string && b->escaped && !b->is_null);
    ck_assert(!b->unpublished);
    assert_slice(cvk_slice_cut(cvk_buf_slice(&text), b->token.from,
                               b->token.to), "Q\\u0051==");
    assert_slice(cvk_slice_cut(cvk_buf_slice(&text), b->object.from,
                               b->object.to),
                 "{\"KeyBackupData\":\"Q\\u0051==\"}");
    assert_code(parse_string("{" D "{\"KeyBackupData\":null}}"), CVK_OK);
    ck_assert(!b->is_string && b->is_null && !b->escaped);
    assert_code(parse_string("{" D "{\"keybackupDATA\":-1}}"), CVK_OK);
    ck_assert(!b->is_string && !b->is_null);
    assert_text(b->pointer, "/OsDiskEncryptionDetails/keybackupDATA");
}
END_TEST

START_TEST(further_backups_are_found_in_order)
{
    static const char *const pointers[] = {
        "/first", "/Disks/0/keyBackupData", "/Disks/2/KeyBackupData",
        "/OsDiskEncryptionDetails/KeyBackupData",
        "/OsDiskEncryptionDetails/Other/a~1b~0", "/last/0/0"};

    assert_code(parse_string(
        "{\"first\":\"JkF6dXJlS2V5VmF1bHRLZXk\",\"Disks\":[{\"keyBackupData\":"
        "\"\"},{\"KeyBackupData\":7},{\"KeyBackupData\":\"x\"}]," D "{" K ","
        "\"Other\":{\"a/b~\":\"ZXlKaGJHY2lPaUpr\"},"
        "\"SecretData\":\"JkF6dXJlS2V5VmF1bHRLZXk\","
        "\"KeyVaultSecretBackupData\":\"KUF6dXJlS2V5VmF1bHRTZWN\"},"
        "\"last\":[[\"KUF6dXJlS2V5VmF1bHRTZWN\"]]}"), CVK_OK);
    ck_assert_uint_eq(config.n_backups, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_text(config.backups[i].pointer, pointers[i]);
        ck_assert(config.backups[i].unpublished ==
                  (i == 0 || i >= 4));
        ck_assert(config.backups[i].is_string);
    }
}
END_TEST

START_TEST(long_names_on_the_way_are_no_failure)
{
    size_t n = (const size_t[]){4000, 4096, 5000, 24576, 24577, 200000}[_i];

    text.n = 0;
    add("{" D "{" K ",\"");
    add_many('f', n);
    add("\":[{\"a\":1},{\"a\":2}]},\"");
    add_many('n', n);
    add("\":[{\"u\":\"" URL "\"}]}");
    assert_code(parse(), CVK_OK);
    ck_assert_uint_eq(config.n_facts, _i ? 0 : 1);
    ck_assert_uint_eq(config.n_fields, _i ? 0 : 2);
    ck_assert(config.facts_cut == (_i > 0));
    ck_assert(config.fields_cut == (_i > 0));
    text.n -= 2; /* a backup that cannot be named is not left out */
    add(",{" K "}]}");
    assert_code(parse(), _i ? CVK_E_CONFIG_BACKUPS : CVK_OK);
}
END_TEST

/* What is not kept takes no room, however often it comes. */
START_TEST(what_is_left_out_costs_no_memory)
{
    text.n = 0;
    add("{" D "{" K ",\"x\":[0");
    for (size_t i = 0; _i == 0 && i < 5000; i++) {
        add(",");
        add_many('1', 2000);
    }
    add("]},\"");
    add_many('n', 4000);
    add("\":[0");
    for (size_t i = 0; _i == 1 && i < 5000; i++)
        add(",\"" URL "\"");
    add("]}");
    assert_code(parse(), CVK_OK);
    ck_assert(_i == 0 ? config.fields_cut : config.facts_cut);
}
END_TEST

START_TEST(only_key_data_of_the_details_is_published)
{
    assert_code(parse_string("{\"x\":{" K "}," D "{}}"), CVK_OK);
    ck_assert(config.backups[0].unpublished);
    assert_code(parse_string("{\"x\":{" K "}," D "{" K "}}"), CVK_OK);
    ck_assert(!config.backups[0].unpublished);
    ck_assert(!config.backups[1].unpublished);
}
END_TEST

START_TEST(backups_at_one_pointer_are_ambiguous)
{
    static const bool ambiguous[] = {false, true, true, true, true, false};

    assert_code(parse_string("{\"a\":[{" K "},{" K ",\"keyBackupData\":\"\"}],"
                             "\"b\":{\"c\":{" K "},\"C\":{" K "}}," D "{" K
                             "}}"), CVK_OK);
    ck_assert_uint_eq(config.n_backups, 6);
    for (size_t i = 0; i < 6; i++)
        ck_assert(config.backups[i].ambiguous == ambiguous[i]);
}
END_TEST

/* Which backups of the document are ambiguous, as a string of 0 and 1. */
static void assert_ambiguous(const char *json, const char *expected)
{
    assert_code(parse_string(json), CVK_OK);
    ck_assert_uint_eq(config.n_backups, strlen(expected));
    for (size_t i = 0; expected[i]; i++)
        ck_assert_msg(config.backups[i].ambiguous == (expected[i] == '1'),
                      "%s: %zu", json, i);
}

START_TEST(a_name_that_stands_twice_on_the_way_makes_ambiguous)
{
    static const struct {
        const char *json, *ambiguous;
    } cases[] = {
        /* the other one leads to no backup: behind, before, in other case */
        {"{\"d\":{\"x\":{" K "},\"x\":{\"y\":1}}," D "{" K "}}", "10"},
        {"{\"d\":{\"x\":1,\"x\":{" K "}}," D "{" K "}}", "10"},
        {"{\"d\":{\"x\":{" K "},\"X\":null}," D "{" K "}}", "10"},
        {"{\"d\":{\"x\":{" K "},\"\\u0078\":[]}," D "{" K "}}", "10"},
        {"{\"d\":{" K ",\"KEYbackupData\":7}," D "{" K "}}", "10"},
        /* far from it on the same way, in arrays, inside the details */
        {"{\"d\":[[],{\"a\":{\"b\":[{" K "}]},\"a\":2}]," D "{" K "}}", "10"},
        {"{" D "{" K ",\"d\":{\"x\":{" K "},\"x\":0}}}", "01"},
        {"{\"d\":{\"x\":0,\"a\":[{" K "},{" K "}],\"A\":1}," D "{}}", "11"},
        /* on no way to a backup */
        {"{\"d\":{\"y\":1,\"x\":{" K "},\"y\":2}," D "{" K "}}", "00"},
        {"{\"d\":{\"x\":{" K ",\"x\":1}}," D "{" K "}}", "00"},
        {"{\"d\":[{\"x\":{" K "}},{\"x\":{" K "}},{\"x\":1}]," D "{" K "}}",
         "000"},
        {"{\"d\":{\"x\":{" K "},\"z\":{\"x\":1}},\"x\":1," D "{" K "}}", "00"},
        /* another name of the same hash */
        {"{\"d\":{\"2laayl5mubgd!\":{" K "},\"cf6kl43jo6oal\":1}," D "{" K "}}",
         "00"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_ambiguous(cases[i].json, cases[i].ambiguous);
}
END_TEST

/* ---- Azure Disk Encryption ---------------------------------------------- */

START_TEST(keys_and_secrets_are_counted_on_their_own)
{
    static const struct {
        const char *pointer;
        bool secret, unpublished;
        size_t ordinal;
    } backups[] = {
        {"/x/0/KeyVaultSecretBackupData", true, false, 1},
        {"/x/1", true, true, 2},
        {"/x/2", false, true, 1},
        {"/OsDiskKeyAndSecretDetails/KeyVaultSecretBackupData", true, false, 3},
        {"/OsDiskKeyAndSecretDetails/KeyBackupData", false, false, 2},
        {"/y/KeyBackupData", false, false, 3},
    };

    assert_code(parse_string(
        "{\"x\":[{" B "},\"KUF6dXJlS2V5VmF1bHRTZWN\","
        "\"JkF6dXJlS2V5VmF1bHRLZXk\",{\"KeyBackupData\":\"\"}]," A "{" B
        "," K "},\"y\":{\"KeyVaultSecretBackupData\":\" \"," K "}}"), CVK_OK);
    ck_assert_uint_eq(config.n_backups, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_text(config.backups[i].pointer, backups[i].pointer);
        ck_assert(config.backups[i].secret == backups[i].secret);
        ck_assert(config.backups[i].unpublished == backups[i].unpublished);
        ck_assert_uint_eq(config.backups[i].ordinal, backups[i].ordinal);
    }
}
END_TEST

/* A Confidential VM has no secret: what is found by its looks is a key backup
 * gone wrong, what is called a secret's backup is left alone. */
START_TEST(a_confidential_vm_has_key_backups_only)
{
    assert_code(parse_string("{\"x\":{" B "}," D "{" K "," B ",\"y\":{" B
                             "}},\"z\":[\"KUF6dXJlS2V5VmF1bHRTZWN\",{" K
                             "}]}"), CVK_OK);
    ck_assert_uint_eq(config.n_backups, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(!config.backups[i].secret);
        ck_assert_uint_eq(config.backups[i].ordinal, i + 1);
    }
    assert_text(config.backups[1].pointer, "/z/0");
    assert_code(parse_string("{" D "{" K ",\"KeyVaultSecretBackupData\":[]}}"),
                CVK_OK);
    ck_assert_uint_eq(config.n_backups, 1);
}
END_TEST

START_TEST(secret_data_is_measured_and_not_kept)
{
    static const struct {
        const char *pointer;
        size_t characters;
    } secrets[] = {
        {"/OsDiskKeyAndSecretDetails/secretDATA", 4},
        {"/OsDiskKeyAndSecretDetails/x/0/SecretData", 5},
        {"/y/SecretData", 3},
    };

    assert_code(parse_string(
        "{" A "{" K ",\"secretDATA\":\"hush\",\"x\":[{\"SecretData\":"
        "\"h\\u0075\xc3\xa4\\ud83d\\ude00\\n\"}],\"KeyUrl\":\"" URL "\"},"
        "\"y\":{\"Secret\\u0044ata\":\"" "abc" "\"},"
        "\"z\":[{\"SecretData\":\"\"},{\"SecretData\":null},"
        "{\"SecretData\":7},{\"SecretData\":{\"a\":\"hush\"}}]}"), CVK_OK);
    ck_assert_uint_eq(config.n_secrets, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_text(config.secrets[i].pointer, secrets[i].pointer);
        ck_assert_uint_eq(config.secrets[i].characters, secrets[i].characters);
    }
    assert_slice(cvk_slice_cut(cvk_buf_slice(&text),
                               config.secrets[0].token.from,
                               config.secrets[0].token.to), "hush");
    ck_assert_uint_eq(config.n_fields, 1);
    ck_assert_uint_eq(config.n_facts, 1);
    ck_assert(config.facts[0].published);
    ck_assert_uint_eq(cvk_slice_search(cvk_buf_slice(&config.text),
                                       CVK_LITERAL("hush")), config.text.n);
    assert_code(parse_details(",\"SecretData\":\"hush\""), CVK_OK);
    ck_assert_uint_eq(config.n_secrets, 0);
}
END_TEST

START_TEST(more_secrets_than_disks_are_said)
{
    for (size_t n = CVK_MAX_BACKUPS; n <= CVK_MAX_BACKUPS + 1; n++) {
        text.n = 0;
        add("{" A "{" K "},\"x\":[0");
        for (size_t i = 0; i < n; i++)
            add(",{\"SecretData\":\"hush\"}");
        add("]}");
        assert_code(parse(), CVK_OK);
        ck_assert_uint_eq(config.n_secrets, CVK_MAX_BACKUPS);
        ck_assert(config.facts_cut == (n > CVK_MAX_BACKUPS));
    }
}
END_TEST

/* ---- fields ------------------------------------------------------------- */

START_TEST(fields_are_the_scalars_of_the_details)
{
    static const struct {
        const char *pointer, *value;
        bool is_string;
    } fields[] = {
        {"/OsDiskEncryptionDetails/a", "text\n", true},
        {"/OsDiskEncryptionDetails/b", "-1.50e3", false},
        {"/OsDiskEncryptionDetails/c/0", "true", false},
        {"/OsDiskEncryptionDetails/c/1/d", "false", false},
        {"/OsDiskEncryptionDetails/c/2", "null", false},
        {"/OsDiskEncryptionDetails/e~0~1", "", true},
    };

    assert_code(parse_string(
        "{\"before\":1," D "{" K ",\"a\":\"text\\n\",\"b\":-1.50e3,"
        "\"c\":[true,{\"d\":false},null],\"secretDATA\":\"hush\",\"x\":["
        "{\"SecretData\":\"hush\"},{\"KeyVaultSecretBackupData\":\"hush\"},"
        "{\"KeyBackupData\":\"hush\"},{\"KeyBackupData\":7}],"
        "\"e~/\":\"\"},\"after\":\"x\"}"), CVK_OK);
    ck_assert_uint_eq(config.n_fields, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_text(config.fields[i].pointer, fields[i].pointer);
        assert_text(config.fields[i].value, fields[i].value);
        ck_assert(config.fields[i].is_string == fields[i].is_string);
    }
    ck_assert(!config.fields_cut);
}
END_TEST

START_TEST(nothing_inside_key_material_is_a_field)
{
    assert_code(parse_details(",\"SecretData\":[\"hush\",{\"a\":\"hush\"}],"
                              "\"KeyVaultSecretBackupData\":{\"v\":\"hush\"}"),
                CVK_OK);
    ck_assert_uint_eq(config.n_fields, 0);
}
END_TEST

START_TEST(a_field_holds_4096_bytes)
{
    static const char *const starts[] = {"\"7", "7", "\"\\u0037"};

    for (size_t n = 4090; n <= 4097; n++) {
        text.n = 0;
        add("{" D "{" K ",\"x\":");
        add(starts[_i]);
        add_many('7', n - 1);
        add(_i == 1 ? "}}" : "\"}}");
        assert_code(parse(), CVK_OK);
        ck_assert_msg(config.fields_cut == (n > 4096), "%zu bytes", n);
        if (n <= 4096)
            ck_assert_uint_eq(config.fields[0].value.n, n);
        else
            ck_assert_uint_eq(config.n_fields, _i == 1 ? 0 : 1);
    }
}
END_TEST

START_TEST(a_long_field_is_cut_between_characters)
{
    static const char *const letters[] = {"\xc3\xa4", "\xe2\x82\xac",
                                          "\xf0\x9f\x98\x80"};
    size_t size = strlen(letters[_i]);

    for (size_t lead = 0; lead < 4; lead++)
        for (int escaped = 0; escaped < 2; escaped++) {
            struct cvk_slice value;

            text.n = 0;
            add("{" D "{" K ",\"x\":\"");
            add_many('a', lead);
            for (size_t i = 0; i < 3000; i++)
                add(escaped && _i == 2 ? "\\ud83d\\ude00" : letters[_i]);
            add("\"}}");
            assert_code(parse(), CVK_OK);
            ck_assert(config.fields_cut);
            value = cvk_text_slice(&config.text, config.fields[0].value);
            ck_assert_uint_le(value.n, 4096);
            ck_assert_uint_gt(value.n, 4088);
            ck_assert_uint_eq((value.n - lead) % size, 0);
            ck_assert_mem_eq(value.p + value.n - size, letters[_i], size);
        }
}
END_TEST

START_TEST(each_long_field_is_cut_and_what_stands_elsewhere_is_none)
{
    for (int inside = 0; inside < 2; inside++) {
        text.n = 0;
        add(inside ? "{" D "{" K : "{" D "{" K "}");
        for (int i = 0; i < 2; i++) {
            add(i ? ",\"y\":\"" : ",\"x\":\"");
            add_many('7', 5000);
            add("\"");
        }
        add(inside ? "}}" : "}");
        assert_code(parse(), CVK_OK);
        ck_assert(config.fields_cut == (inside == 1));
        ck_assert_uint_eq(config.n_fields, inside ? 2 : 0);
    }
}
END_TEST

START_TEST(one_kind_of_details_tells_the_kind_of_config)
{
    assert_code(parse_string("{" A "{" K "}}"), CVK_OK);
    ck_assert(cvk_config_is_ade(&config));
    assert_code(parse_string("{" D "{" K "}}"), CVK_OK);
    ck_assert(!cvk_config_is_ade(&config));
    assert_code(parse_string("{" A "{" K "}," D "{" K "}}"),
                CVK_E_CONFIG_BOTH_DETAILS);
    ck_assert(!cvk_config_is_ade(&config));
}
END_TEST

START_TEST(only_urls_of_the_ade_details_themselves_are_published)
{
    assert_code(parse_string("{" A "{" B ",\"KeyUrl\":\"" URL "\",\"x\":{"
                             "\"KeyUrl\":\"" URL "\"}}}"), CVK_OK);
    ck_assert_uint_eq(config.n_facts, 2);
    ck_assert(config.facts[0].published);
    ck_assert(!config.facts[1].published);
}
END_TEST

/* ---- limits ------------------------------------------------------------- */

START_TEST(lists_end_at_their_limit_and_say_so)
{
    static const struct {
        const char *start, *item, *end;
        size_t *n, limit;
        bool *cut;
    } lists[] = {
        {"{\"x\":[0", ",\"" URL "\"", "]," D "{" K "}}", &config.n_facts,
         CVK_MAX_FACTS, &config.facts_cut},
        {"{" D "{" K ",\"x\":[", "1,", "[]]}}", &config.n_fields,
         CVK_MAX_FIELDS, &config.fields_cut},
        {"{" D "{" K ",\"x\":[", "\"s\",", "[]]}}", &config.n_fields,
         CVK_MAX_FIELDS, &config.fields_cut},
    };
    size_t limit = lists[_i].limit;

    for (size_t n = limit; n <= limit + 1; n++) {
        text.n = 0;
        add(lists[_i].start);
        for (size_t i = 0; i < n; i++)
            add(lists[_i].item);
        add(lists[_i].end);
        assert_code(parse(), CVK_OK);
        ck_assert_uint_eq(*lists[_i].n, limit);
        ck_assert(*lists[_i].cut == (n > limit));
    }
}
END_TEST

START_TEST(more_backups_than_disks_are_refused)
{
    for (size_t n = CVK_MAX_BACKUPS; n <= CVK_MAX_BACKUPS + 1; n++) {
        text.n = 0;
        add("{\"x\":[0");
        for (size_t i = 1; i < n; i++)
            add(",{" K "}");
        add("]," D "{" K "}}");
        assert_code(parse(),
                    n > CVK_MAX_BACKUPS ? CVK_E_CONFIG_BACKUPS : CVK_OK);
    }
}
END_TEST

START_TEST(memory_that_ends_is_reported)
{
    static const char document[] =
        "{\"x\":7,\"y\":\"" URL "\"," D "{" K ",\"a\":7,\"b\":\"" URL "\","
        "\"c\":[\"te\\txt\",{\"d\":null}]}}";
    static const char ade[] = "{" A "{" K "," B ",\"SecretData\":\"hush\","
                              "\"SecretUrl\":\"" URL "\"}}";
    const char *const documents[] = {document, ade};
    size_t max = 0;

    for (;; max++) {
        enum cvk_code code;

        cvk_buf_clear(&config.text);
        cvk_buf_init(&config.text, max);
        code = cvk_config_parse(&config, slice(documents[_i]));
        if (code == CVK_OK)
            break;
        assert_code(code, CVK_E_MEMORY);
    }
    ck_assert_uint_gt(max, 150);
}
END_TEST

START_TEST(memory_for_the_way_to_a_backup_may_end)
{
    static const char document[] = "{" D "{" K "},\"d\":[{" K "}]}";
    size_t max = 0;
    enum cvk_code code;

    for (;; max++) {
        cvk_buf_clear(&config.steps);
        cvk_buf_init(&config.steps, max);
        code = cvk_config_parse(&config, slice(document));
        if (code == CVK_OK)
            break;
        assert_code(code, CVK_E_MEMORY);
    }
    ck_assert_uint_gt(max, 32);
    /* those whose names stand once need none */
    cvk_buf_clear(&config.steps);
    cvk_buf_init(&config.steps, 0);
    assert_code(parse_string("{" D "{" K "}}"), CVK_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *tc = tcase_create("config");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, documents_have_one_verdict, 0,
                        sizeof verdicts / sizeof *verdicts);
    tcase_add_test(tc, a_duplicate_name_shows_both_places);
    tcase_add_test(tc, names_of_one_hash_are_two_names);
    tcase_add_test(tc, root_and_details_have_at_most_1024_members);
    tcase_add_test(tc, trailing_nuls_are_counted);
    tcase_add_test(tc, a_backup_is_described);
    tcase_add_test(tc, further_backups_are_found_in_order);
    tcase_add_test(tc, only_key_data_of_the_details_is_published);
    tcase_add_test(tc, backups_at_one_pointer_are_ambiguous);
    tcase_add_test(tc, a_name_that_stands_twice_on_the_way_makes_ambiguous);
    tcase_add_test(tc, keys_and_secrets_are_counted_on_their_own);
    tcase_add_test(tc, a_confidential_vm_has_key_backups_only);
    tcase_add_test(tc, secret_data_is_measured_and_not_kept);
    tcase_add_test(tc, more_secrets_than_disks_are_said);
    tcase_add_loop_test(tc, long_names_on_the_way_are_no_failure, 0, 6);
    tcase_add_loop_test(tc, what_is_left_out_costs_no_memory, 0, 2);
    tcase_add_test(tc, fields_are_the_scalars_of_the_details);
    tcase_add_test(tc, nothing_inside_key_material_is_a_field);
    tcase_add_loop_test(tc, a_field_holds_4096_bytes, 0, 3);
    tcase_add_loop_test(tc, a_long_field_is_cut_between_characters, 0, 3);
    tcase_add_test(tc, each_long_field_is_cut_and_what_stands_elsewhere_is_none);
    tcase_add_test(tc, one_kind_of_details_tells_the_kind_of_config);
    tcase_add_test(tc, only_urls_of_the_ade_details_themselves_are_published);
    tcase_add_loop_test(tc, lists_end_at_their_limit_and_say_so, 0, 3);
    tcase_add_test(tc, more_backups_than_disks_are_refused);
    tcase_add_loop_test(tc, memory_that_ends_is_reported, 0, 2);
    tcase_add_test(tc, memory_for_the_way_to_a_backup_may_end);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
