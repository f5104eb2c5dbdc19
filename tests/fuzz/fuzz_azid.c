/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=320 */
/* Azure's identifiers: what is taken for one is made of its parts and nothing
 * else, in any letter case. */
#include "evidence/azid.h"
#include "fuzz.h"

static struct cvk_buf whole = {.max = 1 << 20};

static void put(struct cvk_slice s)
{
    fuzz_require(cvk_buf_append_slice(&whole, s));
}

/* A URL from its parts, with what may stand in it and says nothing. */
static bool is_made_of(struct cvk_slice text, const struct cvk_key_url *url,
                       struct cvk_slice collection, bool port, bool slash)
{
    whole.n = 0;
    put(CVK_LITERAL("https://"));
    put(url->host);
    put(port ? CVK_LITERAL(":443") : CVK_LITERAL(""));
    put(collection);
    put(url->name);
    put(url->version.p ? CVK_LITERAL("/") : CVK_LITERAL(""));
    put(url->version);
    put(slash ? CVK_LITERAL("/") : CVK_LITERAL(""));
    return cvk_slice_equal_nocase(cvk_buf_slice(&whole), text);
}

static void check_url(struct cvk_slice text, const struct cvk_key_url *url,
                      struct cvk_slice collection)
{
    bool made = false;

    for (unsigned i = 0; i < 4 && !made; i++)
        made = is_made_of(text, url, collection, i & 1, i & 2);
    fuzz_require(made);
    fuzz_require(url->host.p == url->vault.p && url->vault.n < url->host.n);
    fuzz_require(url->host.p[url->vault.n] == '.');
    fuzz_require(url->store != CVK_STORE_UNKNOWN);
    fuzz_require(!url->version.p || cvk_key_version_valid(url->version));
    fuzz_require(cvk_store_name(url->store) && cvk_cloud_name(url->cloud));
}

static void check_arm(struct cvk_slice text, const struct cvk_arm_id *id)
{
    static const struct cvk_slice types[] = {
        {(const uint8_t *)"Microsoft.Compute/diskEncryptionSets", 36},
        {(const uint8_t *)"Microsoft.KeyVault/vaults", 25},
        {(const uint8_t *)"Microsoft.KeyVault/managedHSMs", 30},
    };
    struct cvk_slice made;

    whole.n = 0;
    put(CVK_LITERAL("/subscriptions/"));
    put(id->subscription);
    put(CVK_LITERAL("/resourceGroups/"));
    put(id->resource_group);
    put(CVK_LITERAL("/providers/"));
    put(types[id->type]);
    put(CVK_LITERAL("/"));
    put(id->name);
    made = cvk_buf_slice(&whole);
    put(CVK_LITERAL("/"));
    fuzz_require(cvk_slice_equal_nocase(made, text) ||
                 cvk_slice_equal_nocase(cvk_buf_slice(&whole), text));
    fuzz_require(cvk_guid_valid(id->subscription));
    fuzz_require(cvk_slice_find(id->name, '/') == id->name.n);
}

/* The same identifier in the other case, and with one byte more. */
static void check_variants(struct cvk_slice text, bool is_key, bool is_secret,
                           bool is_arm)
{
    static struct cvk_buf other = {.max = 1 << 20};
    struct cvk_slice changed = fuzz_copy(&other, text);
    struct cvk_key_url url;
    struct cvk_arm_id id;

    for (size_t i = 0; i < other.n; i++)
        if (cvk_lower(other.p[i]) >= 'a' && cvk_lower(other.p[i]) <= 'z')
            other.p[i] ^= 0x20;
    fuzz_require(cvk_key_url_parse(changed, &url) == is_key);
    fuzz_require(cvk_secret_url_parse(changed, &url) == is_secret);
    fuzz_require(cvk_arm_id_parse(changed, &id) == is_arm);
    cvk_buf_append_byte(&other, ' ');
    changed = cvk_buf_slice(&other);
    fuzz_require(!cvk_key_url_parse(changed, &url));
    fuzz_require(!cvk_secret_url_parse(changed, &url));
    fuzz_require(!cvk_arm_id_parse(changed, &id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cvk_slice text = cvk_slice_of(data, size);
    struct cvk_key_url key, secret;
    struct cvk_arm_id id;
    bool is_key = cvk_key_url_parse(text, &key);
    bool is_secret = cvk_secret_url_parse(text, &secret);
    bool is_arm = cvk_arm_id_parse(text, &id);

    fuzz_require(is_key + is_secret + is_arm <= 1);
    if (is_key)
        check_url(text, &key, CVK_LITERAL("/keys/"));
    if (is_secret)
        check_url(text, &secret, CVK_LITERAL("/secrets/"));
    fuzz_require(!is_secret || secret.store == CVK_KEY_VAULT);
    if (is_arm)
        check_arm(text, &id);
    if (is_key || is_secret || is_arm)
        check_variants(text, is_key, is_secret, is_arm);
    fuzz_require(!cvk_guid_valid(text) || text.n == 36);
    fuzz_require(!cvk_key_version_valid(text) || text.n == 32);
    cvk_resource_type_store(text);
    return 0;
}
