/* SPDX-License-Identifier: MIT */
#include "evidence/azid.h"

#include <stdio.h>

#include "unit.h"

#define VERSION "0123456789abcdef0123456789ABCDEF"
#define GUID "01234567-89ab-CDEF-0123-456789abcdef"

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static const struct {
    const char *host;
    enum cvk_store store;
    enum cvk_cloud cloud;
} hosts[] = {
    {"v.vault.azure.net", CVK_KEY_VAULT, CVK_CLOUD_PUBLIC},
    {"v.managedhsm.azure.net", CVK_MANAGED_HSM, CVK_CLOUD_PUBLIC},
    {"v.vault.azure.cn", CVK_KEY_VAULT, CVK_CLOUD_CHINA},
    {"v.managedhsm.azure.cn", CVK_MANAGED_HSM, CVK_CLOUD_CHINA},
    {"v.managedhsm.chinacloudapi.cn", CVK_MANAGED_HSM, CVK_CLOUD_CHINA},
    {"v.vault.usgovcloudapi.net", CVK_KEY_VAULT, CVK_CLOUD_USGOV},
    {"v.managedhsm.usgovcloudapi.net", CVK_MANAGED_HSM, CVK_CLOUD_USGOV},
    {"v.vault.microsoftazure.de", CVK_KEY_VAULT, CVK_CLOUD_GERMANY},
    {"v.managedhsm.microsoftazure.de", CVK_MANAGED_HSM, CVK_CLOUD_GERMANY},
    {"v.vault.azure.eaglex.ic.gov", CVK_KEY_VAULT, CVK_CLOUD_UNKNOWN},
    {"v.vault.azure.microsoft.scloud", CVK_KEY_VAULT, CVK_CLOUD_UNKNOWN},
    {"v.managedhsm.local", CVK_MANAGED_HSM, CVK_CLOUD_UNKNOWN},
    {"v.vault.azure.net.example", CVK_KEY_VAULT, CVK_CLOUD_UNKNOWN},
    {"v.VAULT.Azure.NET", CVK_KEY_VAULT, CVK_CLOUD_PUBLIC},
};

START_TEST(the_host_names_store_and_cloud)
{
    char text[256];
    struct cvk_key_url url;

    snprintf(text, sizeof text, "https://%s/keys/k/" VERSION, hosts[_i].host);
    ck_assert(cvk_key_url_parse(slice(text), &url));
    ck_assert_int_eq(url.store, hosts[_i].store);
    ck_assert_int_eq(url.cloud, hosts[_i].cloud);
    ck_assert(cvk_slice_equal(url.host, slice(hosts[_i].host)));
    assert_slice(url.vault, "v");
    assert_slice(url.name, "k");
    assert_slice(url.version, VERSION);
}
END_TEST

static const struct {
    const char *text, *name, *version;
} urls[] = {
    {"https://my-vault.vault.azure.net/keys/my-Key1", "my-Key1", NULL},
    {"https://my-vault.vault.azure.net/keys/my-Key1/", "my-Key1", NULL},
    {"https://my-vault.vault.azure.net/keys/K/" VERSION, "K", VERSION},
    {"https://my-vault.vault.azure.net/keys/K/" VERSION "/", "K", VERSION},
    {"https://my-vault.vault.azure.net:443/keys/K/" VERSION, "K", VERSION},
    {"https://my-vault.vault.azure.net:443/keys/K", "K", NULL},
    {"HTTPS://my-vault.vault.azure.net/KEYS/K", "K", NULL},
    {"hTTpS://my-vault.vault.azure.net/Keys/K/", "K", NULL},
    {"https://my-vault.vault.azure.net/keys/-", "-", NULL},
    {"https://my-vault.vault.azure.net/keys/keys", "keys", NULL},
};

START_TEST(key_urls_give_their_parts)
{
    struct cvk_key_url url;

    ck_assert(cvk_key_url_parse(slice(urls[_i].text), &url));
    assert_slice(url.vault, "my-vault");
    assert_slice(url.host, "my-vault.vault.azure.net");
    ck_assert(cvk_slice_equal(url.name, slice(urls[_i].name)));
    if (urls[_i].version)
        ck_assert(cvk_slice_equal(url.version, slice(urls[_i].version)));
    else
        ck_assert_ptr_null(url.version.p);
}
END_TEST

static const char *const no_urls[] = {
    "",
    "https://",
    "https://v.vault.azure.net",
    "https://v.vault.azure.net/",
    "https://v.vault.azure.net/keys",
    "https://v.vault.azure.net/keys/",
    "https://v.vault.azure.net/keys//",
    "https://v.vault.azure.net/keys//" VERSION,
    "https://v.vault.azure.net//keys/k",
    "http://v.vault.azure.net/keys/k",
    "v.vault.azure.net/keys/k",
    " https://v.vault.azure.net/keys/k",
    "https://v.vault.azure.net/keys/k ",
    "https://v.vault.azure.net/keys/k\n",
    "https:/v.vault.azure.net/keys/k",
    "https//v.vault.azure.net/keys/k",
    "https://v.vault.azure.net:80/keys/k",
    "https://v.vault.azure.net:4430/keys/k",
    "https://v.vault.azure.net:44/keys/k",
    "https://v.vault.azure.net:/keys/k",
    "https://v.vault.azure.net:443:443/keys/k",
    "https://u@v.vault.azure.net/keys/k",
    "https://.vault.azure.net/keys/k",
    "https://vault.azure.net/keys/k",
    "https://v..vault.azure.net/keys/k",
    "https://v.vault..azure.net/keys/k",
    "https://v.vault.azure.net./keys/k",
    "https://v.vault./keys/k",
    "https://v.vault/keys/k",
    "https://w.v.vault.azure.net/keys/k",
    "https://v_w.vault.azure.net/keys/k",
    "https://-v.vault.azure.net/keys/k",
    "https://v-.vault.azure.net/keys/k",
    "https://v.vault.azure-.net/keys/k",
    "https://v.vault.azure.-net/keys/k",
    "https://v.vaults.azure.net/keys/k",
    "https://v.blob.core.windows.net/keys/k",
    "https://v.azure.net/keys/k",
    "https://v.vault.azure.net/secrets/k",
    "https://v.vault.azure.net/certificates/k",
    "https://v.vault.azure.net/keys/k_1",
    "https://v.vault.azure.net/keys/k.1",
    "https://v.vault.azure.net/keys/k%31",
    "https://v.vault.azure.net/keys/k\xc3\xa4",
    "https://v.vault.azure.net/keys/k//",
    "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcde",
    "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef0",
    "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdeg",
    "https://v.vault.azure.net/keys/k/0123456789abcdef-123456789abcdef",
    "https://v.vault.azure.net/keys/k/" VERSION "//",
    "https://v.vault.azure.net/keys/k/" VERSION "/x",
    "https://v.vault.azure.net/keys/k/" VERSION "?api-version=7.4",
    "https://v.vault.azure.net/keys/k/" VERSION "#",
    "https://v.vault.azure.net/keys/k?x",
};

START_TEST(other_text_is_no_key_url)
{
    struct cvk_key_url url;

    ck_assert_msg(!cvk_key_url_parse(slice(no_urls[_i]), &url), "%s",
                  no_urls[_i]);
}
END_TEST

START_TEST(secret_urls_give_their_parts)
{
    struct cvk_key_url url;

    ck_assert(cvk_secret_url_parse(
        slice("https://my-vault.vault.azure.net/secrets/B3284AAA-DAAA/" VERSION),
        &url));
    assert_slice(url.vault, "my-vault");
    assert_slice(url.name, "B3284AAA-DAAA");
    assert_slice(url.version, VERSION);
    ck_assert_int_eq(url.store, CVK_KEY_VAULT);
    ck_assert_int_eq(url.cloud, CVK_CLOUD_PUBLIC);
    ck_assert(cvk_secret_url_parse(
        slice("HTTPS://v.vault.azure.cn:443/Secrets/s/"), &url));
    assert_slice(url.name, "s");
    ck_assert_ptr_null(url.version.p);
    ck_assert_int_eq(url.cloud, CVK_CLOUD_CHINA);
}
END_TEST

static const char *const no_secret_urls[] = {
    "",
    "https://v.vault.azure.net/keys/k",
    "https://v.vault.azure.net/secrets",
    "https://v.vault.azure.net/secrets/",
    "https://v.vault.azure.net/secret/s",
    "https://v.vault.azure.net/secrets/s.BEK",
    "https://v.vault.azure.net/secrets/s/xx000000xx0849999f3xx30000003163",
    "https://v.vault.azure.net/secrets/s/0123456789abcdef0123456789abcde",
    "https://v.vault.azure.net/secrets/s/" VERSION "/x",
    "https://v.vault.azure.net/secrets/s/" VERSION "?x",
    "https://v.vault.azure.net:80/secrets/s",
    "http://v.vault.azure.net/secrets/s",
    "https://v.managedhsm.azure.net/secrets/s",
    "https://v.blob.core.windows.net/secrets/s",
};

START_TEST(other_text_is_no_secret_url)
{
    struct cvk_key_url url;

    ck_assert_msg(!cvk_secret_url_parse(slice(no_secret_urls[_i]), &url), "%s",
                  no_secret_urls[_i]);
}
END_TEST

START_TEST(a_key_name_has_at_most_127_characters)
{
    char text[256], name[128];
    struct cvk_key_url url;

    memset(name, 'k', sizeof name);
    for (int n = 126; n <= 128; n++) {
        snprintf(text, sizeof text, "https://v.vault.azure.net/keys/%.*s", n,
                 name);
        ck_assert(cvk_key_url_parse(slice(text), &url) == (n <= 127));
    }
}
END_TEST

START_TEST(a_host_label_has_at_most_63_characters)
{
    char text[256], label[64];
    struct cvk_key_url url;

    memset(label, 'a', sizeof label);
    for (int length = 62; length <= 64; length++) {
        snprintf(text, sizeof text, "https://%.*s.vault.azure.net/keys/k",
                 length, label);
        ck_assert(cvk_key_url_parse(slice(text), &url) == (length <= 63));
        snprintf(text, sizeof text, "https://v.vault.%.*s.net/keys/k", length,
                 label);
        ck_assert(cvk_key_url_parse(slice(text), &url) == (length <= 63));
    }
}
END_TEST

START_TEST(a_version_has_32_hexadecimal_digits)
{
    ck_assert(cvk_key_version_valid(slice(VERSION)));
    ck_assert(!cvk_key_version_valid(slice("")));
    ck_assert(!cvk_key_version_valid(slice(VERSION "0")));
    ck_assert(!cvk_key_version_valid(cvk_slice_of(VERSION, 31)));
    for (int c = 0; c < 256; c++) {
        char text[] = VERSION;
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                   (c >= 'A' && c <= 'F');

        for (size_t at = 0; at < 32; at += 31) {
            text[at] = (char)c;
            ck_assert(cvk_key_version_valid(cvk_slice_of(text, 32)) == hex);
            text[at] = '0';
        }
    }
}
END_TEST

START_TEST(a_guid_has_five_groups)
{
    ck_assert(cvk_guid_valid(slice(GUID)));
    ck_assert(!cvk_guid_valid(slice("")));
    ck_assert(!cvk_guid_valid(slice(GUID "0")));
    ck_assert(!cvk_guid_valid(cvk_slice_of(GUID, 35)));
    ck_assert(!cvk_guid_valid(slice("{1234567-89ab-cdef-0123-456789abcde}")));
    for (size_t at = 0; at < 36; at++) {
        char text[] = GUID;

        text[at] = text[at] == '-' ? '0' : '-';
        ck_assert(!cvk_guid_valid(slice(text)));
        text[at] = 'g';
        ck_assert(!cvk_guid_valid(slice(text)));
    }
}
END_TEST

/* ---- resource ids ------------------------------------------------------- */

#define SUB "/subscriptions/" GUID
#define DES_TYPE "/providers/Microsoft.Compute/diskEncryptionSets/"

static const struct {
    const char *text, *group, *name;
    enum cvk_arm_type type;
} ids[] = {
    {SUB "/resourceGroups/rg" DES_TYPE "des", "rg", "des",
     CVK_ARM_DISK_ENCRYPTION_SET},
    {SUB "/resourceGroups/rg" DES_TYPE "Des_1-x/", "rg", "Des_1-x",
     CVK_ARM_DISK_ENCRYPTION_SET},
    {SUB "/resourcegroups/RG/PROVIDERS/microsoft.compute/DISKENCRYPTIONSETS/D",
     "RG", "D", CVK_ARM_DISK_ENCRYPTION_SET},
    {SUB "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv", "rg",
     "kv", CVK_ARM_VAULT},
    {SUB "/resourceGroups/rg/providers/microsoft.keyvault/VAULTS/kv/", "rg",
     "kv", CVK_ARM_VAULT},
    {SUB "/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/h", "rg",
     "h", CVK_ARM_MANAGED_HSM},
    {"/SUBSCRIPTIONS/" GUID "/RESOURCEGROUPS/rg/providers/MICROSOFT.KEYVAULT/"
     "MANAGEDhsmS/h",
     "rg", "h", CVK_ARM_MANAGED_HSM},
    {SUB "/resourceGroups/a._-(b)" DES_TYPE "d", "a._-(b)", "d",
     CVK_ARM_DISK_ENCRYPTION_SET},
    {SUB "/resourceGroups/gr\xc3\xbc\xc3\x9f" DES_TYPE "d",
     "gr\xc3\xbc\xc3\x9f", "d", CVK_ARM_DISK_ENCRYPTION_SET},
};

START_TEST(resource_ids_give_their_parts)
{
    struct cvk_arm_id id;

    ck_assert(cvk_arm_id_parse(slice(ids[_i].text), &id));
    ck_assert_int_eq(id.type, ids[_i].type);
    assert_slice(id.subscription, GUID);
    ck_assert(cvk_slice_equal(id.resource_group, slice(ids[_i].group)));
    ck_assert(cvk_slice_equal(id.name, slice(ids[_i].name)));
}
END_TEST

static const char *const no_ids[] = {
    "",
    "/",
    "/subscriptions/",
    SUB,
    SUB "/",
    SUB "/resourceGroups",
    SUB "/resourceGroups/",
    SUB "/resourceGroups/rg",
    SUB "/resourceGroups/rg/providers/",
    SUB "/resourceGroups/rg" DES_TYPE,
    SUB "/resourceGroups/rg" DES_TYPE "/",
    SUB "/resourceGroups/rg" DES_TYPE "d//",
    SUB "/resourceGroups/rg" DES_TYPE "d/x",
    SUB "/resourceGroups/rg" DES_TYPE "d.e",
    SUB "/resourceGroups/rg" DES_TYPE "d e",
    SUB "/resourceGroups/rg" DES_TYPE "d\xc3\xa4",
    SUB "/resourceGroups/rg" DES_TYPE "d?x",
    SUB "/resourceGroups//providers/Microsoft.KeyVault/vaults/kv",
    SUB "/resourceGroups/r g" DES_TYPE "d",
    SUB "/resourceGroups/r*g" DES_TYPE "d",
    SUB "/resourceGroups/r\"g" DES_TYPE "d",
    SUB "/resourceGroups/r'g" DES_TYPE "d",
    SUB "/resourceGroups/rg/x/providers/Microsoft.KeyVault/vaults/kv",
    SUB "/resourceGroup/rg/providers/Microsoft.KeyVault/vaults/kv",
    SUB "/resourceGroups/rg/providers/Microsoft.KeyVault/vault/kv",
    SUB "/resourceGroups/rg/providers/Microsoft.Compute/disks/d",
    SUB "/resourceGroups/rg/providers/Microsoft.Compute/vaults/d",
    SUB "/resourceGroups/rg/provider/Microsoft.KeyVault/vaults/kv",
    SUB "/providers/Microsoft.KeyVault/vaults/kv",
    SUB "0/resourceGroups/rg" DES_TYPE "d",
    "subscriptions/" GUID "/resourceGroups/rg" DES_TYPE "d",
    " " SUB "/resourceGroups/rg" DES_TYPE "d",
    SUB "/resourceGroups/rg" DES_TYPE "d\n",
    "/subscriptions//resourceGroups/rg" DES_TYPE "d",
    "/subscriptions/01234567-89ab-cdef-0123-456789abcde/resourceGroups/rg"
    DES_TYPE "d",
    "/subscriptions/0123456789abcdef0123456789abcdef0123/resourceGroups/rg"
    DES_TYPE "d",
    "/subscriptions/01234567-89ab-cdef-0123-456789abcdeg/resourceGroups/rg"
    DES_TYPE "d",
};

START_TEST(other_text_is_no_resource_id)
{
    struct cvk_arm_id id;

    ck_assert_msg(!cvk_arm_id_parse(slice(no_ids[_i]), &id), "%s", no_ids[_i]);
}
END_TEST

START_TEST(resource_names_end_at_their_limits)
{
    char text[1024], many[512];
    struct cvk_arm_id id;

    memset(many, 'a', sizeof many);
    for (int n = 89; n <= 91; n++) {
        snprintf(text, sizeof text, "%s%.*s",
                 SUB "/resourceGroups/rg" DES_TYPE, n, many);
        ck_assert(cvk_arm_id_parse(slice(text), &id) == (n <= 90));
    }
    /* 90 characters of up to four bytes */
    for (int n = 359; n <= 361; n++) {
        snprintf(text, sizeof text, "%s%.*s%s", SUB "/resourceGroups/", n, many,
                 DES_TYPE "d");
        ck_assert(cvk_arm_id_parse(slice(text), &id) == (n <= 360));
    }
}
END_TEST

START_TEST(two_resource_types_name_a_store)
{
    static const struct {
        const char *text;
        enum cvk_store store;
    } types[] = {
        {"Microsoft.KeyVault/managedHSMs", CVK_MANAGED_HSM},
        {"MICROSOFT.KEYVAULT/MANAGEDHSMS", CVK_MANAGED_HSM},
        {"Microsoft.KeyVault/vaults", CVK_KEY_VAULT},
        {"microsoft.keyvault/Vaults", CVK_KEY_VAULT},
        {"Microsoft.KeyVault/vaults/", CVK_STORE_UNKNOWN},
        {"Microsoft.KeyVault/managedHSM", CVK_STORE_UNKNOWN},
        {" Microsoft.KeyVault/vaults", CVK_STORE_UNKNOWN},
        {"managedHSMs", CVK_STORE_UNKNOWN},
        {"", CVK_STORE_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        ck_assert_int_eq(cvk_resource_type_store(slice(types[i].text)),
                         types[i].store);
}
END_TEST

START_TEST(records_name_stores_and_clouds)
{
    ck_assert_ptr_null(cvk_store_name(CVK_STORE_UNKNOWN));
    ck_assert_str_eq(cvk_store_name(CVK_KEY_VAULT), "key-vault");
    ck_assert_str_eq(cvk_store_name(CVK_MANAGED_HSM), "managed-hsm");
    ck_assert_str_eq(cvk_store_words(CVK_STORE_UNKNOWN), "key vault");
    ck_assert_str_eq(cvk_store_words(CVK_KEY_VAULT), "key vault");
    ck_assert_str_eq(cvk_store_words(CVK_MANAGED_HSM), "Managed HSM");
    ck_assert_str_eq(cvk_cloud_name(CVK_CLOUD_UNKNOWN), "unknown");
    ck_assert_str_eq(cvk_cloud_name(CVK_CLOUD_PUBLIC), "public");
    ck_assert_str_eq(cvk_cloud_name(CVK_CLOUD_CHINA), "china");
    ck_assert_str_eq(cvk_cloud_name(CVK_CLOUD_USGOV), "usgov");
    ck_assert_str_eq(cvk_cloud_name(CVK_CLOUD_GERMANY), "germany");
}
END_TEST

START_TEST(the_address_of_a_vault_is_read)
{
    struct cvk_key_url url;

    ck_assert(cvk_vault_url_parse(CVK_LITERAL("https://KV1.vault.azure.net/"),
                                  &url));
    assert_slice(url.vault, "KV1");
    ck_assert_int_eq(url.store, CVK_KEY_VAULT);
    ck_assert(cvk_vault_url_parse(
        CVK_LITERAL("https://h.managedhsm.azure.net:443"), &url));
    assert_slice(url.host, "h.managedhsm.azure.net");
    ck_assert_int_eq(url.store, CVK_MANAGED_HSM);
    ck_assert(!cvk_vault_url_parse(CVK_LITERAL("https://kv1.example.com/"),
                                   &url));
    ck_assert(!cvk_vault_url_parse(
        CVK_LITERAL("https://kv1.vault.azure.net/keys/k"), &url));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("azid");
    TCase *tc = tcase_create("azid");

    tcase_add_loop_test(tc, the_host_names_store_and_cloud, 0,
                        sizeof hosts / sizeof *hosts);
    tcase_add_loop_test(tc, key_urls_give_their_parts, 0,
                        sizeof urls / sizeof *urls);
    tcase_add_loop_test(tc, other_text_is_no_key_url, 0,
                        sizeof no_urls / sizeof *no_urls);
    tcase_add_test(tc, secret_urls_give_their_parts);
    tcase_add_loop_test(tc, other_text_is_no_secret_url, 0,
                        sizeof no_secret_urls / sizeof *no_secret_urls);
    tcase_add_test(tc, a_key_name_has_at_most_127_characters);
    tcase_add_test(tc, a_host_label_has_at_most_63_characters);
    tcase_add_test(tc, a_version_has_32_hexadecimal_digits);
    tcase_add_test(tc, a_guid_has_five_groups);
    tcase_add_loop_test(tc, resource_ids_give_their_parts, 0,
                        sizeof ids / sizeof *ids);
    tcase_add_loop_test(tc, other_text_is_no_resource_id, 0,
                        sizeof no_ids / sizeof *no_ids);
    tcase_add_test(tc, resource_names_end_at_their_limits);
    tcase_add_test(tc, two_resource_types_name_a_store);
    tcase_add_test(tc, records_name_stores_and_clouds);
    tcase_add_test(tc, the_address_of_a_vault_is_read);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
