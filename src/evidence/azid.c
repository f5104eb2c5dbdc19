/* SPDX-License-Identifier: MIT */
#include "evidence/azid.h"

/* Host suffixes behind the first label. Sources: Azure CLI 2.45 cloud.py and
 * the Learn page "About keys, secrets and certificates"; for the HSM suffix of
 * the China cloud the two disagree, so both are known. */
static const struct {
    struct cvk_slice suffix;
    enum cvk_store store;
    enum cvk_cloud cloud;
} clouds[] = {
#define SUFFIX(text, store, cloud)                                             \
    {{(const uint8_t *)(text), sizeof(text) - 1}, store, cloud}
    SUFFIX(".vault.azure.net", CVK_KEY_VAULT, CVK_CLOUD_PUBLIC),
    SUFFIX(".managedhsm.azure.net", CVK_MANAGED_HSM, CVK_CLOUD_PUBLIC),
    SUFFIX(".vault.azure.cn", CVK_KEY_VAULT, CVK_CLOUD_CHINA),
    SUFFIX(".managedhsm.azure.cn", CVK_MANAGED_HSM, CVK_CLOUD_CHINA),
    SUFFIX(".managedhsm.chinacloudapi.cn", CVK_MANAGED_HSM, CVK_CLOUD_CHINA),
    SUFFIX(".vault.usgovcloudapi.net", CVK_KEY_VAULT, CVK_CLOUD_USGOV),
    SUFFIX(".managedhsm.usgovcloudapi.net", CVK_MANAGED_HSM, CVK_CLOUD_USGOV),
    SUFFIX(".vault.microsoftazure.de", CVK_KEY_VAULT, CVK_CLOUD_GERMANY),
    SUFFIX(".managedhsm.microsoftazure.de", CVK_MANAGED_HSM,
           CVK_CLOUD_GERMANY),
    /* Air-gapped and future clouds: the label decides, the cloud is unknown. */
    SUFFIX(".vault.", CVK_KEY_VAULT, CVK_CLOUD_UNKNOWN),
    SUFFIX(".managedhsm.", CVK_MANAGED_HSM, CVK_CLOUD_UNKNOWN),
#undef SUFFIX
};

enum { MAX_LABEL = 63, MAX_KEY_NAME = 127, VERSION_DIGITS = 32 };
/* Azure's own limits are 24 (vault, HSM), 80 (DES) and 90 (resource group). */
enum { MAX_RESOURCE_NAME = 90 };

/* The bit of 0x20 makes small letters of capitals, and none of other bytes. */
static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static size_t count_hex(struct cvk_slice text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += is_hex(text.p[i]);
    return n;
}

/* Letters, digits and '-': key names and host labels. */
static bool is_name_char(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '-' ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Takes the longest run of name characters off the front of rest. */
static struct cvk_slice take_name(struct cvk_slice *rest)
{
    size_t n = 0;
    struct cvk_slice taken;

    while (n < rest->n && is_name_char(rest->p[n]))
        n++;
    taken = cvk_slice_cut(*rest, 0, n);
    *rest = cvk_slice_cut(*rest, n, rest->n);
    return taken;
}

static bool take_word(struct cvk_slice *rest, struct cvk_slice word)
{
    if (!cvk_slice_starts_nocase(*rest, word))
        return false;
    *rest = cvk_slice_cut(*rest, word.n, rest->n);
    return true;
}

/* Takes LABEL.LABEL... off the front; its first label goes to vault. */
static bool take_host(struct cvk_slice *rest, struct cvk_slice *host,
                      struct cvk_slice *vault)
{
    struct cvk_slice start = *rest, label = take_name(rest);

    *vault = label;
    while (label.n >= 1 && label.n <= MAX_LABEL && label.p[0] != '-' &&
           label.p[label.n - 1] != '-') {
        if (!take_word(rest, CVK_LITERAL("."))) {
            *host = cvk_slice_cut(start, 0, start.n - rest->n);
            return true;
        }
        label = take_name(rest);
    }
    return false;
}

/* Store and cloud by the host; false if it is no vault's and no HSM's. */
static bool classify_host(struct cvk_key_url *url)
{
    struct cvk_slice suffix =
        cvk_slice_cut(url->host, url->vault.n, url->host.n);

    for (size_t i = 0; i < sizeof clouds / sizeof *clouds; i++) {
        bool known = clouds[i].cloud != CVK_CLOUD_UNKNOWN;

        if (known ? cvk_slice_equal_nocase(suffix, clouds[i].suffix)
                  : cvk_slice_starts_nocase(suffix, clouds[i].suffix)) {
            url->store = clouds[i].store;
            url->cloud = clouds[i].cloud;
            return true;
        }
    }
    return false;
}

bool cvk_key_version_valid(struct cvk_slice text)
{
    return text.n == VERSION_DIGITS && count_hex(text) == VERSION_DIGITS;
}

/* Takes https://HOST[:443] off the front. */
static bool take_server(struct cvk_slice *rest, struct cvk_key_url *url)
{
    *url = (struct cvk_key_url){0};
    if (!take_word(rest, CVK_LITERAL("https://")) ||
        !take_host(rest, &url->host, &url->vault) || !classify_host(url))
        return false;
    take_word(rest, CVK_LITERAL(":443"));
    return true;
}

bool cvk_vault_url_parse(struct cvk_slice text, struct cvk_key_url *url)
{
    struct cvk_slice rest = text;

    if (!take_server(&rest, url))
        return false;
    take_word(&rest, CVK_LITERAL("/"));
    return rest.n == 0;
}

/* The URL of an object in the collection, "/keys/" or "/secrets/"; names and
 * versions have the same syntax in both. */
static bool parse_object_url(struct cvk_slice text, struct cvk_slice collection,
                             struct cvk_key_url *url)
{
    struct cvk_slice rest = text;

    if (!take_server(&rest, url) || !take_word(&rest, collection))
        return false;
    url->name = take_name(&rest);
    if (url->name.n < 1 || url->name.n > MAX_KEY_NAME)
        return false;
    if (take_word(&rest, CVK_LITERAL("/")) && rest.n) {
        url->version = take_name(&rest);
        if (!cvk_key_version_valid(url->version))
            return false;
        take_word(&rest, CVK_LITERAL("/"));
    }
    return rest.n == 0;
}

bool cvk_key_url_parse(struct cvk_slice text, struct cvk_key_url *url)
{
    return parse_object_url(text, CVK_LITERAL("/keys/"), url);
}

bool cvk_secret_url_parse(struct cvk_slice text, struct cvk_key_url *url)
{
    return parse_object_url(text, CVK_LITERAL("/secrets/"), url) &&
           url->store == CVK_KEY_VAULT;
}

bool cvk_guid_valid(struct cvk_slice text)
{
    return text.n == 36 && text.p[8] == '-' && text.p[13] == '-' &&
           text.p[18] == '-' && text.p[23] == '-' && count_hex(text) == 32;
}

/* Takes everything up to the next '/' or the end. */
static struct cvk_slice take_part(struct cvk_slice *rest)
{
    size_t n = cvk_slice_find(*rest, '/');
    struct cvk_slice part = cvk_slice_cut(*rest, 0, n);

    *rest = cvk_slice_cut(*rest, n, rest->n);
    return part;
}

/* Resource group names may hold letters of any script, '_', '.', '(', ')'. */
static bool is_group_name(struct cvk_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x80 && !is_name_char(s.p[i]) &&
            !memchr("_.()", s.p[i], 4))
            return false;
    return s.n >= 1 && s.n <= 4 * MAX_RESOURCE_NAME;
}

static bool is_resource_name(struct cvk_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_char(s.p[i]) && s.p[i] != '_')
            return false;
    return s.n >= 1 && s.n <= MAX_RESOURCE_NAME;
}

bool cvk_arm_id_parse(struct cvk_slice text, struct cvk_arm_id *id)
{
    struct cvk_slice rest = text;

    *id = (struct cvk_arm_id){0};
    if (!take_word(&rest, CVK_LITERAL("/subscriptions/")))
        return false;
    id->subscription = take_part(&rest);
    if (!cvk_guid_valid(id->subscription) ||
        !take_word(&rest, CVK_LITERAL("/resourceGroups/")))
        return false;
    id->resource_group = take_part(&rest);
    if (!is_group_name(id->resource_group) ||
        !take_word(&rest, CVK_LITERAL("/providers/")))
        return false;
    if (take_word(&rest, CVK_LITERAL("Microsoft.Compute/diskEncryptionSets/")))
        id->type = CVK_ARM_DISK_ENCRYPTION_SET;
    else if (take_word(&rest, CVK_LITERAL("Microsoft.KeyVault/vaults/")))
        id->type = CVK_ARM_VAULT;
    else if (take_word(&rest, CVK_LITERAL("Microsoft.KeyVault/managedHSMs/")))
        id->type = CVK_ARM_MANAGED_HSM;
    else
        return false;
    id->name = take_part(&rest);
    take_word(&rest, CVK_LITERAL("/"));
    return rest.n == 0 && is_resource_name(id->name);
}

enum cvk_store cvk_resource_type_store(struct cvk_slice text)
{
    if (cvk_slice_equal_nocase(text,
                               CVK_LITERAL("Microsoft.KeyVault/managedHSMs")))
        return CVK_MANAGED_HSM;
    if (cvk_slice_equal_nocase(text, CVK_LITERAL("Microsoft.KeyVault/vaults")))
        return CVK_KEY_VAULT;
    return CVK_STORE_UNKNOWN;
}

const char *cvk_store_name(enum cvk_store store)
{
    return store == CVK_KEY_VAULT     ? "key-vault"
           : store == CVK_MANAGED_HSM ? "managed-hsm"
                                      : NULL;
}

const char *cvk_store_words(enum cvk_store store)
{
    return store == CVK_MANAGED_HSM ? "Managed HSM" : "key vault";
}

const char *cvk_cloud_name(enum cvk_cloud cloud)
{
    static const char *const names[] = {"unknown", "public", "china", "usgov",
                                        "germany"};

    return names[cloud];
}
