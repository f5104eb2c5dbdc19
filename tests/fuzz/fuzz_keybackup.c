/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=4096 */
/* Anatomy of a key backup: what is accepted is its magic and five segments,
 * which put together again are the same bytes. */
#include "evidence/b64.h"
#include "evidence/keybackup.h"
#include "fuzz.h"
#include "reference.h"

enum { SEGMENTS = 5 };

static struct cvk_buf scratch = {.max = 1 << 28};

/* Cuts the JWE at its dots; false if there are not four. */
static bool cut(struct cvk_slice jwe, struct cvk_slice segments[SEGMENTS])
{
    for (int i = 0; i < SEGMENTS; i++) {
        size_t n = cvk_slice_find(jwe, '.');

        segments[i] = cvk_slice_cut(jwe, 0, n);
        if ((n == jwe.n) != (i == SEGMENTS - 1))
            return false;
        jwe = cvk_slice_cut(jwe, n < jwe.n ? n + 1 : n, jwe.n);
    }
    return true;
}

/* Bytes of the magic with the length before it; 0 for an HSM's backup. */
static size_t magic_size(struct cvk_slice s, enum cvk_backup_format format)
{
    return format == CVK_BACKUP_MANAGED_HSM_KEY ? 0 : (size_t)s.p[0] + 1;
}

static void check_segments(struct cvk_slice whole,
                           const struct cvk_keybackup *k)
{
    static struct cvk_buf bytes = {.max = 1 << 28}, again = {.max = 1 << 28};
    struct cvk_slice s[SEGMENTS];
    size_t magic = magic_size(whole, k->format);
    const size_t sizes[SEGMENTS] = {0, k->encrypted_key, k->iv, k->ciphertext,
                                    k->tag};
    bool unused;

    fuzz_require(magic < whole.n);
    fuzz_require(cut(cvk_slice_cut(whole, magic, whole.n), s));
    again.n = 0;
    cvk_buf_append(&again, whole.p, magic);
    for (int i = 0; i < SEGMENTS; i++) {
        bytes.n = 0;
        fuzz_require(ref_b64_decode(ref_b64_url, s[i], &bytes, &unused));
        fuzz_require(i == 0 || bytes.n == sizes[i]);
        fuzz_require(i != 0 || !memcmp(bytes.p, k->header, bytes.n));
        fuzz_require(i != 3 || cvk_slice_equal(cvk_buf_slice(&bytes),
                                               cvk_buf_slice(&scratch)));
        if (i > 0)
            cvk_buf_append_byte(&again, '.');
        ref_b64_encode(ref_b64_url, cvk_buf_slice(&bytes), &again);
    }
    fuzz_require(cvk_slice_equal(cvk_buf_slice(&again), whole));
    fuzz_require(s[3].p == whole.p + k->ciphertext_at);
    fuzz_require(
        fuzz_inside(k->alg, cvk_slice_of(k->header, sizeof k->header)));
}

/* Every pair of blocks, one after the other. */
static void check_repeat(void)
{
    static const uint8_t seed[16] = "seed of the test";
    static struct cvk_buf table = {.max = 1 << 28};
    size_t first = 0, again = 0, n = scratch.n / 16;
    bool found, expected = false;

    fuzz_require(!cvk_keybackup_find_repeat(&scratch, seed, &table, &found,
                                            &first, &again));
    for (size_t i = 1; i < n && n < 1000; i++)
        for (size_t k = 0; k < i && !expected; k++)
            expected = !memcmp(scratch.p + 16 * i, scratch.p + 16 * k, 16);
    fuzz_require(found == expected || n >= 1000);
    fuzz_require(!found || (first < again && again + 16 <= scratch.n &&
                            first % 16 == 0 && again % 16 == 0 &&
                            !memcmp(scratch.p + first, scratch.p + again, 16)));
}

/* What stands behind a backup changes nothing but how it is judged. */
static void check_alone(struct cvk_slice whole, const struct cvk_keybackup *k)
{
    static struct cvk_keybackup alone;

    fuzz_require(cvk_keybackup_parse(whole, &scratch, &alone) == CVK_OK);
    fuzz_require(alone.used == whole.n && alone.format == k->format &&
                 alone.newer == k->newer && alone.tag == k->tag &&
                 cvk_slice_equal(alone.kid, k->kid));
    fuzz_require(cvk_keybackup_check_end(whole, &alone) == CVK_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_keybackup k;
    struct cvk_slice s = cvk_slice_of(data, size);
    enum cvk_code code = cvk_keybackup_parse(s, &scratch, &k);

    cvk_keybackup_looks_base64(s);
    fuzz_require(code != CVK_E_MEMORY);
    if (code) {
        fuzz_require(k.error_at <= size && k.why[0]);
        return 0;
    }
    fuzz_require(k.used <= size && !k.why[0]);
    check_segments(cvk_slice_cut(s, 0, k.used), &k);
    check_repeat();
    check_alone(cvk_slice_cut(s, 0, k.used), &k);
    fuzz_require((cvk_keybackup_check_end(s, &k) == CVK_OK) ==
                 (k.used == size));
    return 0;
}
