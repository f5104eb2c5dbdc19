/* SPDX-License-Identifier: MIT */
#include "evidence/keybackup.h"

#include "evidence/b64.h"
#include "sample.h"
#include "unit.h"

static struct cvk_buf blob, scratch, table;
static struct cvk_keybackup k;

static void setup(void)
{
    cvk_buf_init(&blob, 1 << 20);
    cvk_buf_init(&scratch, 1 << 20);
    cvk_buf_init(&table, 1 << 22);
}

static void teardown(void)
{
    cvk_buf_clear(&blob);
    cvk_buf_clear(&scratch);
    cvk_buf_clear(&table);
}

/* Parses bytes from memory of exactly their size, and judges kind and end. */
static enum cvk_code judge_as(struct cvk_slice s, bool wants_secret)
{
    uint8_t *copy = malloc(s.n + 1);
    enum cvk_code code;

    if (s.n)
        memcpy(copy, s.p, s.n);
    code = cvk_keybackup_parse(cvk_slice_of(copy, s.n), &scratch, &k);
    code = cvk_keybackup_check_kind(&k, code, wants_secret);
    if (!code)
        code = cvk_keybackup_check_end(cvk_slice_of(copy, s.n), &k);
    ck_assert_msg(!code || code == CVK_E_MEMORY || k.why[0],
                  "%s without words", cvk_code_id(code));
    ck_assert_uint_le(k.error_at, s.n);
    free(copy);
    return code;
}

static enum cvk_code judge(struct cvk_slice s)
{
    return judge_as(s, false);
}

static enum cvk_code judge_sample(const struct sample *s)
{
    blob.n = 0;
    sample_build(&blob, s);
    return judge(cvk_buf_slice(&blob));
}

/* The blob with n bytes at at replaced by put, which may be longer. */
static enum cvk_code judge_edited(size_t at, size_t n, const void *put,
                                  size_t put_n)
{
    struct cvk_buf edited;
    enum cvk_code code;

    cvk_buf_init(&edited, 1 << 20);
    cvk_buf_append(&edited, blob.p, at);
    cvk_buf_append(&edited, put, put_n);
    cvk_buf_append(&edited, blob.p + at + n, blob.n - at - n);
    code = judge(cvk_buf_slice(&edited));
    cvk_buf_clear(&edited);
    return code;
}

#define assert_code(got, wanted)                                               \
    ck_assert_str_eq(cvk_code_id(got), cvk_code_id(wanted))

/* The sample is accepted and found to be what it is. */
static void assert_whole(const struct sample *s)
{
    assert_code(judge_sample(s), CVK_OK);
    ck_assert_int_eq(k.format, s->magic ? CVK_BACKUP_KEY_VAULT_KEY
                                        : CVK_BACKUP_MANAGED_HSM_KEY);
    ck_assert_uint_eq(k.used, blob.n);
    ck_assert_uint_eq(k.encrypted_key, s->key);
    ck_assert_uint_eq(k.iv, s->iv);
    ck_assert_uint_eq(k.ciphertext, s->ciphertext);
    ck_assert_uint_eq(k.tag, s->tag);
    ck_assert_int_eq(blob.p[k.ciphertext_at - 1], '.');
    ck_assert_uint_eq(blob.n - k.ciphertext_at,
                      cvk_b64_length(s->ciphertext) + 1 +
                          cvk_b64_length(s->tag));
    ck_assert_uint_eq(scratch.n, s->ciphertext);
}

START_TEST(a_whole_backup_is_accepted)
{
    assert_whole(&sample_starts[_i].sample);
    ck_assert_uint_eq(k.newer, sample_starts[_i].newer);
}
END_TEST

START_TEST(the_header_gives_kid_alg_and_enc)
{
    static const struct sample no_kid = HEADED("{" ALG "," ENC "}");

    assert_code(judge_sample(&sample_vault), CVK_OK);
    assert_slice(k.kid, SAMPLE_KID);
    assert_slice(k.alg, "RSA-OAEP-256");
    assert_slice(k.enc, "A256CBC-HS512");
    assert_code(judge_sample(&no_kid), CVK_OK);
    ck_assert_ptr_null(k.kid.p);
    assert_code(judge_sample(&sample_hsm), CVK_OK);
    assert_slice(k.kid, "backup-protection-key");
    assert_slice(k.alg, "dir");
}
END_TEST

START_TEST(segments_have_their_sizes)
{
    for (const size_t *size = sample_segments[_i].sizes; *size != END; size++) {
        struct sample s = sample_segments[_i].sample;

        memcpy((char *)&s + sample_segments[_i].offset, size, sizeof *size);
        assert_code(judge_sample(&s), sample_segments[_i].code);
        if (sample_segments[_i].code)
            continue;
        assert_whole(&s);
        ck_assert_uint_eq(k.newer, sample_segments[_i].newer);
    }
}
END_TEST

START_TEST(a_start_that_is_altered_or_joined_is_told)
{
    static const struct sample joined = HEADED(SAMPLE_NEW "xyz");
    static const struct sample starts[] = {
        MARKED("AzureKeyVaultKeyBackupV.microsoft.com"),
        MARKED("AzureKeyVaultKeyBackupVx.microsoft.com"),
        MARKED("azurekeyvaultkeybackupv1.microsoft.com"),
        MARKED("AzureKeyVaultKeyBackupV1.example.com"),
        MARKED("AzureKeyVaultCertificateBackupV1.microsoft.com"), MARKED("")};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        assert_code(judge_sample(&starts[i]), CVK_E_BLOB_HEADER);
    assert_code(judge_sample(&joined), CVK_E_BLOB_SEGMENTS);
}
END_TEST

START_TEST(a_header_that_cannot_be_is_refused)
{
    struct sample s = HEADED(sample_bad_headers[_i]);

    assert_code(judge_sample(&s), CVK_E_BLOB_HEADER);
    ck_assert_uint_eq(k.error_at, 39);
}
END_TEST

static const struct sample *const whole[] = {&sample_vault, &sample_old,
                                             &sample_hsm};

START_TEST(a_backup_cut_anywhere_is_refused)
{
    size_t lead = whole[_i]->magic ? 14 : 3;

    ck_assert(!judge_sample(whole[_i]));
    for (size_t n = 0; n < blob.n; n++) {
        enum cvk_code code = judge(cvk_slice_of(blob.p, n));

        ck_assert_msg(code == (n < lead ? CVK_E_BLOB_UNKNOWN_FORMAT
                                        : CVK_E_BLOB_TRUNCATED),
                      "cut to %zu bytes: %s", n, cvk_code_id(code));
        ck_assert(n < lead || k.error_at == n);
    }
}
END_TEST

START_TEST(a_magic_of_any_version_may_be_cut)
{
    static const char *const magics[] = {
        "AzureKeyVaultKeyBackupV2.microsoft.com",
        "AzureKeyVaultKeyBackupV12.microsoft.com",
        "AzureKeyVaultKeyBackupV123.microsoft.com",
        "AzureKeyVaultSecretBackupV12.microsoft.com"};
    static const char *const others[] = {
        "AzureKeyVaultKeyBackupVx", "AzureKeyVaultKeyBackupV.mic",
        "AzureKeyVaultKeyBackupV1.example", "AzureKeyVaultKeyBackupV1x",
        "AzureKeyVaultKeyBackupX", "AzureKeyVaultX"};

    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        for (size_t n = 14; n <= strlen(magics[i]); n++) {
            blob.n = 0;
            cvk_buf_append_byte(&blob, (uint8_t)strlen(magics[i]));
            cvk_buf_append(&blob, magics[i], n - 1);
            assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_TRUNCATED);
            ck_assert_uint_eq(k.error_at, n);
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        blob.n = 0;
        cvk_buf_append_byte(&blob, 38);
        cvk_buf_append_string(&blob, others[i]);
        assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_HEADER);
    }
}
END_TEST

/* A JWE without magic: a vault's that lost it, or perhaps a newer HSM's. */
#define BARE(header) {{NULL, header, 256, 16, 160, 32}, CVK_E_BLOB_HEADER}
#define BARE_NEW(header) {{NULL, header, 256, 16, 160, 32}, CVK_OK}
#define PQ "\"alg\":\"ML-KEM\""

static const struct {
    struct sample sample;
    enum cvk_code code;
} bare[] = {
    BARE(SAMPLE_NEW), BARE("{" KID "," PQ "," ENC "}"),
    BARE("{" PQ "," ENC "," KID "}"), BARE("{\"kid\":\"0\"," PQ "," ENC "}"),
    BARE("{" ALG "," ENC "}"), BARE("{" ALG "," ENC ",\"kid\":\"0\"}"),
    BARE_NEW("{" HSM_KID "," PQ "," ENC "}"), BARE_NEW("{" PQ "," ENC "}"),
    BARE_NEW("{" PQ "," ENC "," HSM_KID "}"),
    BARE_NEW("{" PQ "," ENC ",\"kid\":\"0\"}"),
    {HSM("{" KID "," DIR "," ENC "}"), CVK_OK},
    {HSM("{" HSM_KID "," DIR "," ENC "}"), CVK_OK},
    {HSM("{" ENC "," DIR "," HSM_KID "}"), CVK_OK},
};

START_TEST(a_lost_magic_is_not_a_newer_format)
{
    assert_code(judge_sample(&bare[_i].sample), bare[_i].code);
    ck_assert_int_eq(k.format, bare[_i].code ? CVK_BACKUP_UNKNOWN
                                             : CVK_BACKUP_MANAGED_HSM_KEY);
    ck_assert(bare[_i].code || k.newer);
}
END_TEST

START_TEST(a_backup_without_its_start_is_refused)
{
    ck_assert(!judge_sample(whole[_i]));
    for (size_t n = 1; n < blob.n; n++)
        ck_assert_msg(judge(cvk_slice_of(blob.p + n, blob.n - n)) != CVK_OK,
                      "without %zu bytes", n);
}
END_TEST

START_TEST(a_lost_dot_is_a_lost_dot)
{
    size_t dot = 0;

    ck_assert(!judge_sample(whole[_i]));
    for (size_t at = whole[_i]->magic ? 39 : 0; at < blob.n; at++)
        if (blob.p[at] == '.') {
            enum cvk_code code = judge_edited(at, 1, "", 0);

            /* without the last one nothing shows where the tag begins */
            ck_assert_msg(code == (++dot < 4 ? CVK_E_BLOB_SEGMENTS
                                             : CVK_E_BLOB_TRUNCATED),
                          "without dot %zu: %s", dot, cvk_code_id(code));
        }
    ck_assert_uint_eq(dot, 4);
}
END_TEST

START_TEST(a_further_dot_is_refused_anywhere)
{
    ck_assert(!judge_sample(whole[_i]));
    for (size_t at = 0; at <= blob.n; at++)
        ck_assert_msg(judge_edited(at, 0, ".", 1), "dot at %zu", at);
}
END_TEST

START_TEST(bytes_that_no_segment_holds_are_refused_where_they_stand)
{
    static const uint8_t bytes[] = {0,   '\n', ' ', '+',  '/',
                                    '=', '!',  '@', 0x80, 0xff};

    ck_assert(!judge_sample(whole[_i]));
    for (size_t at = whole[_i]->magic ? 39 : 3; at < blob.n; at++)
        for (size_t b = 0; b < sizeof bytes && blob.p[at] != '.'; b++) {
            enum cvk_code code = judge_edited(at, 1, &bytes[b], 1);

            ck_assert_msg(code == CVK_E_BLOB_ALPHABET && k.error_at == at,
                          "byte 0x%02x at %zu: %s at %zu", bytes[b], at,
                          cvk_code_id(code), k.error_at);
        }
}
END_TEST

START_TEST(sixteen_zero_bytes_are_a_hole_and_fifteen_are_damage)
{
    static const char zeros[20];

    ck_assert(!judge_sample(&sample_vault));
    for (size_t n = 15; n <= 17; n++)
        for (size_t at = 100; at <= blob.n - n; at++) {
            assert_code(judge_edited(at, n, zeros, n),
                        n < 16 ? CVK_E_BLOB_ALPHABET : CVK_E_BLOB_ZERO_HOLE);
            ck_assert_uint_eq(k.error_at, at);
        }
    /* the rest was never written */
    assert_code(judge_edited(blob.n - 100, 100, zeros, 16),
                CVK_E_BLOB_ZERO_HOLE);
}
END_TEST

START_TEST(segments_end_canonically)
{
    static const char sixty_four[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
                                     "mnopqrstuvwxyz0123456789-_";
    size_t ends = 0;

    ck_assert(!judge_sample(&sample_vault));
    for (size_t at = 39 + 119; at < blob.n; at++)
        if (at + 1 == blob.n || blob.p[at + 1] == '.') {
            const char *here = strchr(sixty_four, blob.p[at]);

            /* the lowest bit was zero */
            assert_code(judge_edited(at, 1, here + 1, 1),
                        CVK_E_BLOB_UNUSED_BITS);
            ck_assert_uint_eq(k.error_at, at);
            ends++;
        }
    ck_assert_uint_eq(ends, 4);
}
END_TEST

static const struct {
    const char *tail;
    size_t n;
    enum cvk_code code;
} tails[] = {
    {"\n", 1, CVK_E_BLOB_TRAILING},  {"\r\n", 2, CVK_E_BLOB_TRAILING},
    {"\0", 1, CVK_E_BLOB_TRAILING},  {" ", 1, CVK_E_BLOB_TRAILING},
    {"=", 1, CVK_E_BLOB_TRAILING},   {"\xff", 1, CVK_E_BLOB_TRAILING},
    {".", 1, CVK_E_BLOB_SEGMENTS},   {".AAAA", 5, CVK_E_BLOB_SEGMENTS},
    {"A", 1, CVK_E_BLOB_TAG},        {"-", 1, CVK_E_BLOB_TAG},
    {"AAAAAAAA", 8, CVK_E_BLOB_TAG}, {"&", 1, CVK_E_BLOB_TRAILING},
    {"&AzureKeyVault", 14, CVK_E_BLOB_GLUED},
    {")AzureKeyVault", 14, CVK_E_BLOB_GLUED},
    {"eyJhbGciOi", 10, CVK_E_BLOB_GLUED},
    {"eyJraWQi", 8, CVK_E_BLOB_GLUED},
    {"eyJlbmMi", 8, CVK_E_BLOB_GLUED},
};

START_TEST(what_follows_the_tag_has_its_code)
{
    for (size_t i = 0; i < 3; i++) {
        ck_assert(!judge_sample(whole[i]));
        assert_code(judge_edited(blob.n, 0, tails[_i].tail, tails[_i].n),
                    tails[_i].code);
        ck_assert_uint_eq(k.error_at, blob.n);
        ck_assert_uint_eq(k.used, blob.n);
    }
}
END_TEST

START_TEST(two_backups_joined_are_glued)
{
    for (size_t i = 0; i < 9; i++) {
        ck_assert(!judge_sample(whole[i / 3]));
        sample_build(&blob, whole[i % 3]);
        assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_GLUED);
    }
}
END_TEST

START_TEST(a_tag_of_an_unknown_enc_ends_where_its_characters_end)
{
    static const struct sample s = VAULT("RSA-OAEP", "X", 256, 16, 160, 15);

    assert_code(judge_sample(&s), CVK_E_BLOB_TRUNCATED);
    ck_assert(cvk_buf_append_string(&blob, "\n"));
    assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_TAG);
    blob.n--;
    ck_assert(cvk_buf_append_string(&blob, "AA\n")); /* 22 characters */
    assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_TRAILING);
    blob.n--;
    assert_code(judge(cvk_buf_slice(&blob)), CVK_OK);
    ck_assert_uint_eq(k.tag, 16);
    ck_assert(cvk_buf_append_string(&blob, "AAA")); /* one left over */
    assert_code(judge(cvk_buf_slice(&blob)), CVK_E_BLOB_TAG);
}
END_TEST

START_TEST(a_wrong_or_lost_length_byte_is_told)
{
    ck_assert(!judge_sample(&sample_vault));
    for (unsigned c = 0; c < 256; c++) {
        blob.p[0] = (uint8_t)c;
        assert_code(judge(cvk_buf_slice(&blob)),
                    c == 38 ? CVK_OK : CVK_E_BLOB_LENGTH_BYTE);
    }
    assert_code(judge(cvk_slice_of(blob.p + 1, blob.n - 1)),
                CVK_E_BLOB_LENGTH_BYTE);
}
END_TEST

START_TEST(a_magic_longer_than_its_length_byte_can_say_is_refused)
{
    struct sample s = sample_vault;
    char magic[160] = "AzureKeyVaultKeyBackupV";

    memset(magic + 23, '1', 90);
    strcpy(magic + 113, ".microsoft.com");
    s.magic = magic;
    assert_code(judge_sample(&s), CVK_OK); /* 127 */
    strcpy(magic + 113, "1.microsoft.com");
    assert_code(judge_sample(&s), CVK_E_BLOB_LENGTH_BYTE);
}
END_TEST

START_TEST(a_secret_is_no_key_whole_or_not)
{
    assert_code(judge_sample(&sample_secret), CVK_E_BLOB_SECRET);
    ck_assert_int_eq(k.format, CVK_BACKUP_KEY_VAULT_SECRET);
    ck_assert_uint_eq(k.used, blob.n);
    assert_code(judge(cvk_slice_of(blob.p, blob.n - 1)), CVK_E_BLOB_SECRET);
    assert_code(judge(cvk_slice_of(blob.p, 42)), CVK_E_BLOB_SECRET);
    assert_code(judge(cvk_slice_of(blob.p, 41)), CVK_E_BLOB_TRUNCATED);
    assert_code(judge(cvk_slice_of(blob.p + 1, blob.n - 1)),
                CVK_E_BLOB_LENGTH_BYTE);
}
END_TEST

START_TEST(a_secret_is_judged_like_a_key)
{
    assert_code(judge_sample(&sample_secret), CVK_E_BLOB_SECRET);
    assert_code(judge_as(cvk_buf_slice(&blob), true), CVK_OK);
    ck_assert_int_eq(k.format, CVK_BACKUP_KEY_VAULT_SECRET);
    ck_assert_uint_eq(k.used, blob.n);
    ck_assert_uint_eq(k.newer, 0);
    assert_slice(k.enc, "A256CBC-HS512");
    assert_code(judge_as(cvk_slice_of(blob.p, blob.n - 1), true),
                CVK_E_BLOB_TRUNCATED);
    ck_assert(cvk_buf_append_byte(&blob, '\n'));
    assert_code(judge_as(cvk_buf_slice(&blob), true), CVK_E_BLOB_TRAILING);
}
END_TEST

START_TEST(a_key_is_no_secret_whole_or_not)
{
    const struct sample *keys[] = {&sample_vault, &sample_old, &sample_hsm};

    for (size_t i = 0; i < 3; i++) {
        assert_code(judge_sample(keys[i]), CVK_OK);
        assert_code(judge_as(cvk_buf_slice(&blob), true), CVK_E_BLOB_KEY);
        ck_assert_int_ne(k.format, CVK_BACKUP_UNKNOWN);
        assert_code(judge_as(cvk_slice_of(blob.p, blob.n - 1), true),
                    CVK_E_BLOB_KEY);
    }
    assert_code(judge_as(CVK_LITERAL("hello"), true),
                CVK_E_BLOB_UNKNOWN_FORMAT);
}
END_TEST

START_TEST(base64_of_base64_is_told)
{
    for (size_t i = 0; i < 3; i++) {
        blob.n = 0;
        sample_text(&blob, whole[i]);
        assert_code(judge(cvk_buf_slice(&blob)), CVK_E_B64_TWICE);
    }
}
END_TEST

START_TEST(other_bytes_are_an_unknown_format)
{
    assert_code(judge(CVK_LITERAL("")), CVK_E_BLOB_UNKNOWN_FORMAT);
    assert_code(judge(CVK_LITERAL("&")), CVK_E_BLOB_UNKNOWN_FORMAT);
    assert_code(judge(CVK_LITERAL("hello")), CVK_E_BLOB_UNKNOWN_FORMAT);
    assert_code(judge(CVK_LITERAL("\x30\x82\x01\x00")),
                CVK_E_BLOB_UNKNOWN_FORMAT);
    assert_code(judge(CVK_LITERAL("xxeyJhbGciOiJ")), CVK_E_BLOB_HEADER);
}
END_TEST

START_TEST(a_full_buffer_is_no_verdict)
{
    static const uint8_t seed[16] = {0};
    size_t first, again;
    bool found;

    table.max = 16;
    assert_code(cvk_keybackup_find_repeat(&scratch, seed, &table, &found,
                                          &first, &again), CVK_E_MEMORY);
    scratch.max = 100;
    assert_code(judge_sample(&sample_vault), CVK_E_MEMORY);
    assert_code(judge_sample(&sample_secret), CVK_E_MEMORY);
}
END_TEST

/* ---- repeated blocks ---------------------------------------------------- */

/* Searches n random bytes where the block at to, if any, copies the other. */
static bool find(size_t n, size_t from, size_t to, size_t *first, size_t *again)
{
    static const uint8_t seed[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    uint64_t state = n;
    bool found = true;

    scratch.n = 0;
    while (scratch.n < n)
        cvk_buf_append_byte(&scratch, (uint8_t)sample_random(&state));
    if (to)
        memcpy(scratch.p + to, scratch.p + from, 16);
    assert_code(cvk_keybackup_find_repeat(&scratch, seed, &table, &found,
                                          first, again), CVK_OK);
    return found;
}

START_TEST(a_copied_block_is_found_at_every_distance)
{
    size_t first, again;

    for (size_t distance = 16; distance < 200 * 16; distance += 16) {
        ck_assert(find(200 * 16, 0, distance, &first, &again));
        ck_assert_uint_eq(first, 0);
        ck_assert_uint_eq(again, distance);
        ck_assert(find(200 * 16, 199 * 16 - distance, 199 * 16, &first,
                       &again));
        ck_assert_uint_eq(first, 199 * 16 - distance);
        ck_assert_uint_eq(again, 199 * 16);
    }
}
END_TEST

START_TEST(without_a_copy_nothing_is_found)
{
    size_t first, again;

    for (size_t n = 0; n <= 40 * 16; n++)
        ck_assert(!find(n, 0, 0, &first, &again));
    ck_assert(!find(20000 * 16, 0, 0, &first, &again));
    ck_assert(!find(16, 0, 0, &first, &again));
    ck_assert(find(20000 * 16, 16, 19999 * 16, &first, &again));
    ck_assert(!find(100 * 16, 0, 50 * 16 + 8, &first, &again)); /* unaligned */
    ck_assert(!find(2 * 16 + 15, 0, 2 * 16 - 1, &first, &again));
}
END_TEST

START_TEST(a_copy_is_found_with_every_seed)
{
    uint64_t state = 1;

    for (size_t i = 0; i < 1000; i++) {
        size_t first, again;
        uint8_t seed[16];
        bool found;

        find(64 * 16, 5 * 16, 60 * 16, &first, &again);
        for (size_t b = 0; b < sizeof seed; b++)
            seed[b] = (uint8_t)sample_random(&state);
        ck_assert(!cvk_keybackup_find_repeat(&scratch, seed, &table, &found,
                                             &first, &again));
        ck_assert(found && first == 5 * 16 && again == 60 * 16);
    }
}
END_TEST

/* Blocks that count in one of their words, which a hash that leaves it out
 * would put in one place: the search would not end before the timeout. */
START_TEST(blocks_that_differ_in_one_word_do_not_fall_together)
{
    static const uint8_t seed[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9};
    size_t first, again, blocks = (size_t)1 << 19;
    struct cvk_buf bytes, slots;
    bool found;

    cvk_buf_init(&bytes, (size_t)1 << 24);
    cvk_buf_init(&slots, (size_t)1 << 24);
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t block[4] = {0};

        block[_i] = i;
        cvk_buf_append(&bytes, block, sizeof block);
    }
    assert_code(cvk_keybackup_find_repeat(&bytes, seed, &slots, &found, &first,
                                          &again), CVK_OK);
    ck_assert(!found);
    cvk_buf_clear(&bytes);
    cvk_buf_clear(&slots);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keybackup");
    TCase *tc = tcase_create("keybackup");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, a_whole_backup_is_accepted, 0,
                        sizeof sample_starts / sizeof *sample_starts);
    tcase_add_test(tc, the_header_gives_kid_alg_and_enc);
    tcase_add_loop_test(tc, segments_have_their_sizes, 0,
                        sizeof sample_segments / sizeof *sample_segments);
    tcase_add_test(tc, a_start_that_is_altered_or_joined_is_told);
    tcase_add_loop_test(tc, a_header_that_cannot_be_is_refused, 0,
                        sizeof sample_bad_headers /
                            sizeof *sample_bad_headers);
    tcase_add_loop_test(tc, a_backup_cut_anywhere_is_refused, 0, 3);
    tcase_add_test(tc, a_magic_of_any_version_may_be_cut);
    tcase_add_loop_test(tc, a_lost_magic_is_not_a_newer_format, 0,
                        sizeof bare / sizeof *bare);
    tcase_add_loop_test(tc, a_backup_without_its_start_is_refused, 0, 3);
    tcase_add_loop_test(tc, a_lost_dot_is_a_lost_dot, 0, 3);
    tcase_add_loop_test(tc, a_further_dot_is_refused_anywhere, 0, 3);
    tcase_add_loop_test(
        tc, bytes_that_no_segment_holds_are_refused_where_they_stand, 0, 3);
    tcase_add_test(tc, sixteen_zero_bytes_are_a_hole_and_fifteen_are_damage);
    tcase_add_test(tc, segments_end_canonically);
    tcase_add_loop_test(tc, what_follows_the_tag_has_its_code, 0,
                        sizeof tails / sizeof *tails);
    tcase_add_test(tc, two_backups_joined_are_glued);
    tcase_add_test(tc, a_tag_of_an_unknown_enc_ends_where_its_characters_end);
    tcase_add_test(tc, a_wrong_or_lost_length_byte_is_told);
    tcase_add_test(tc,
                   a_magic_longer_than_its_length_byte_can_say_is_refused);
    tcase_add_test(tc, a_secret_is_no_key_whole_or_not);
    tcase_add_test(tc, a_secret_is_judged_like_a_key);
    tcase_add_test(tc, a_key_is_no_secret_whole_or_not);
    tcase_add_test(tc, base64_of_base64_is_told);
    tcase_add_test(tc, other_bytes_are_an_unknown_format);
    tcase_add_test(tc, a_full_buffer_is_no_verdict);
    tcase_add_test(tc, a_copied_block_is_found_at_every_distance);
    tcase_add_test(tc, without_a_copy_nothing_is_found);
    tcase_add_test(tc, a_copy_is_found_with_every_seed);
    tcase_add_loop_test(
        tc, blocks_that_differ_in_one_word_do_not_fall_together, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
