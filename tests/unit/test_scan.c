/* SPDX-License-Identifier: MIT */
/* Windows of hostile bytes: whatever is done to what can be found, the search
 * comes to an end, and what it calls whole is whole. */
#include "engine/scan.h"

#include <stdio.h>
#include <string.h>

#include "evidence/json_dom.h"
#include "evidence/keybackup.h"
#include "unit.h"

enum { SIZE = 1 << 16 };

static uint8_t bytes[SIZE + CVK_SCAN_SLACK];
static size_t n_bytes;
static uint64_t n_read;
static uint64_t state;
static atomic_int cancel;
static struct cvk_extract_options options = {
    .type = CVK_RECORD_CARVE, .cross_check = true, .cancel = &cancel};
static struct cvk_item item;
static struct cvk_scan scan;

static uint32_t noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static void set_up(void)
{
    cvk_dom_setup();
    cvk_item_init(&item);
    item.at.path = "image";
    ck_assert(cvk_buf_append(&item.text, "image", sizeof "image"));
    ck_assert(cvk_scan_init(&scan, &options, true, true));
    scan.prover.extract->item = &item;
}

static void tear_down(void)
{
    cvk_scan_clear(&scan);
    cvk_item_clear(&item);
}

static void append(const char *s)
{
    size_t n = strlen(s);

    ck_assert_uint_le(n_bytes + n, SIZE);
    memcpy(bytes + n_bytes, s, n);
    n_bytes += n;
}

/* A vault backup of n symbols of ciphertext. */
static void append_backup(size_t n)
{
    static const char symbols[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    /* {"kid":"k","alg":"RSA-OAEP-256","enc":"A256CBC-HS512"} */
    append("&AzureKeyVaultKeyBackupV1.microsoft.com"
           "eyJraWQiOiJrIiwiYWxnIjoiUlNBLU9BRVAtMjU2IiwiZW5jIjoiQTI1NkNCQy1I"
           "UzUxMiJ9.");
    for (size_t i = 0; i < 341; i++)
        bytes[n_bytes++] = (uint8_t)symbols[noise() % 64];
    append("A.AAAAAAAAAAAAAAAAAAAAAA.");
    for (size_t i = 0; i < n; i++)
        bytes[n_bytes++] = (uint8_t)symbols[noise() % 64];
    append(".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static void append_base64(size_t from)
{
    static const char symbols[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t raw[SIZE];
    size_t n = n_bytes - from;

    memcpy(raw, bytes + from, n);
    memset(raw + n, 0, 3);
    n_bytes = from;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v =
            (uint32_t)raw[i] << 16 | (uint32_t)raw[i + 1] << 8 | raw[i + 2];

        for (int shift = 18; shift >= 0; shift -= 6)
            bytes[n_bytes++] = (uint8_t)symbols[v >> shift & 63];
    }
    for (size_t i = n % 3; i && i < 3; i++)
        bytes[n_bytes - 3 + i] = '=';
}

static enum cvk_code read_bytes(void *context, uint64_t offset, uint8_t *p,
                                size_t n, size_t *got)
{
    (void)context;
    *got = offset >= n_bytes ? 0 : n_bytes - (size_t)offset;
    if (*got > n)
        *got = n;
    memcpy(p, bytes + offset, *got);
    n_read += *got;
    return CVK_OK;
}

static void search(struct cvk_hits *hits)
{
    struct cvk_bytes from = {NULL, read_bytes};
    struct cvk_window w = {.bytes = {bytes, n_bytes}, .to = n_bytes};

    memset(bytes + n_bytes, 0, CVK_SCAN_SLACK);
    cvk_hits_init(hits);
    ck_assert_int_eq((int)cvk_scan_window(&scan, &from, &w, hits), (int)CVK_OK);
}

/* A blob, base64 of one, and a config. */
static void write_all(void)
{
    size_t at;

    n_bytes = 0;
    append("noise ");
    append_backup(64 * 16);
    append("\n noise ");
    at = n_bytes;
    append("x"); /* another alignment */
    append_backup(64 * 8);
    append_base64(at);
    append("\n{\"a\":1,\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"");
    at = n_bytes;
    append_backup(64 * 4);
    append_base64(at);
    append("\"}} noise");
}

START_TEST(all_three_are_found)
{
    struct cvk_hits hits;

    state = 88172645463325252u;
    write_all();
    search(&hits);
    ck_assert_uint_eq(hits.n, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(hits.v[i]->whole);
        ck_assert_uint_eq(hits.v[i]->result.n, 1);
        ck_assert_uint_eq(hits.v[i]->result.records[0].backup.size,
                          hits.v[i]->blobs.n);
    }
    ck_assert_uint_eq(hits.v[0]->offset, 6);
    ck_assert_int_eq((int)hits.v[1]->result.records[0].carve.source,
                     (int)CVK_CARVE_BASE64);
    ck_assert_int_eq((int)hits.v[2]->result.records[0].carve.source,
                     (int)CVK_CARVE_CONFIG);
    ck_assert_uint_eq(hits.v[2]->offset + hits.v[2]->length, n_bytes - 6);
    cvk_hits_clear(&hits);
}
END_TEST

/* What is called whole parses again, to its last byte. */
static void check_hit(const struct cvk_hit *hit)
{
    static struct cvk_keybackup k;
    struct cvk_buf scratch;
    size_t at = 0;

    ck_assert_uint_le(hit->offset + hit->length, n_bytes);
    cvk_buf_init(&scratch, SIZE);
    for (size_t i = 0; i < hit->result.n; i++) {
        const struct cvk_record *r = &hit->result.records[i];
        struct cvk_slice blob;

        if (r->status != CVK_STATUS_OK)
            continue;
        ck_assert_uint_le(at + r->backup.size, hit->blobs.n);
        blob = cvk_slice_of(hit->blobs.p + at, (size_t)r->backup.size);
        at += blob.n;
        if (r->carve.partial)
            continue;
        ck_assert_int_eq((int)cvk_keybackup_parse(blob, &scratch, &k),
                         (int)CVK_OK);
        ck_assert_uint_eq(k.used, blob.n);
    }
    ck_assert_uint_eq(at, hit->blobs.n);
    cvk_buf_clear(&scratch);
}

/* Cuts, repeats and changes pieces. */
static void damage(void)
{
    for (uint32_t n = noise() % 6; n > 0; n--) {
        size_t at = noise() % n_bytes, to = noise() % n_bytes, size;

        size = noise() % 400;
        if (size > n_bytes - at)
            size = n_bytes - at;
        if (size > n_bytes - to)
            size = n_bytes - to;
        switch (noise() % 4) {
        case 0:
            memmove(bytes + to, bytes + at, size);
            break;
        case 1:
            memmove(bytes + at, bytes + at + size, n_bytes - at - size);
            n_bytes -= size;
            break;
        case 2:
            bytes[at] = (uint8_t)noise();
            break;
        default:
            bytes[at] = (uint8_t) "{}[]\"\\,:.=\r\n"[noise() % 12];
        }
    }
}

START_TEST(damage_does_no_harm)
{
    state = 88172645463325252u + (uint64_t)_i * 2654435761u;
    for (int round = 0; round < 40; round++) {
        struct cvk_hits hits;

        write_all();
        damage();
        search(&hits);
        for (size_t i = 0; i < hits.n; i++)
            check_hit(hits.v[i]);
        cvk_hits_clear(&hits);
    }
}
END_TEST

/* How much is read for words that begin nothing, close together. */
START_TEST(words_without_backups_cost_little)
{
    static const char *const words[] = {
        "&AzureKeyVaultKeyBackupV1.microsoft.com",
        "eyJhbGciOiJkaXIi",
        "QXp1cmVLZXlWYXVsd",
        "AAAleUpoYkdjaU9pSmthWElp",
    };
    const char *word = words[_i];
    struct cvk_hits hits;

    n_bytes = 0;
    while (n_bytes + strlen(word) <= SIZE)
        append(word);
    n_read = 0;
    search(&hits);
    ck_assert_uint_eq(hits.n, 0);
    ck_assert_uint_le(n_read, 64 << 20);
    cvk_hits_clear(&hits);
}
END_TEST

/* The same as text of two bytes a character. */
START_TEST(wide_damage_does_no_harm)
{
    state = 88172645463325252u + (uint64_t)_i * 40503u;
    for (int round = 0; round < 40; round++) {
        struct cvk_hits hits;

        write_all();
        damage();
        for (size_t i = n_bytes; i-- > 0;) {
            bytes[2 * i + 1] = bytes[i];
            bytes[2 * i] = 0;
        }
        n_bytes = 2 * n_bytes;
        search(&hits);
        for (size_t i = 0; i < hits.n; i++)
            check_hit(hits.v[i]);
        cvk_hits_clear(&hits);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *tcase = tcase_create("window");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, all_three_are_found);
    tcase_add_loop_test(tcase, words_without_backups_cost_little, 0, 4);
    tcase_add_loop_test(tcase, damage_does_no_harm, 0, 25);
    tcase_add_loop_test(tcase, wide_damage_does_no_harm, 0, 10);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
