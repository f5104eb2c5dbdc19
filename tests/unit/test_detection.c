/* SPDX-License-Identifier: MIT */
/* How well damage is detected, measured: each kind of damage that 713
 * published backups were tried with is done to made-up backups of the same
 * shape, and the share that goes unseen is held against the figures then
 * found. They stand in cvmkey-formats(5). */
#include <stdio.h>

#include "evidence/b64.h"
#include "evidence/keybackup.h"
#include "sample.h"
#include "unit.h"

/* The sizes of common backups: a 2021 vault key, a Managed HSM key. */
static const struct sample real_sized[] = {
    {SAMPLE_MAGIC, SAMPLE_NEW, 256, 16, 4736, 32},
    {SAMPLE_MAGIC, SAMPLE_OLD, 256, 16, 6960, 16},
    {NULL, SAMPLE_HSM, 0, 16, 12288, 32},
};
enum { N_SAMPLES = sizeof real_sized / sizeof *real_sized, TRIES = 4000 };

static struct cvk_buf blob, text, damaged, decoded, scratch, table;
static struct cvk_keybackup k;

static void setup(void)
{
    cvk_buf_init(&blob, 1 << 20);
    cvk_buf_init(&text, 1 << 20);
    cvk_buf_init(&damaged, 1 << 20);
    cvk_buf_init(&decoded, 1 << 20);
    cvk_buf_init(&scratch, 1 << 20);
    cvk_buf_init(&table, 1 << 22);
}

static void teardown(void)
{
    cvk_buf_clear(&blob);
    cvk_buf_clear(&text);
    cvk_buf_clear(&damaged);
    cvk_buf_clear(&decoded);
    cvk_buf_clear(&scratch);
    cvk_buf_clear(&table);
}

static void build(int i)
{
    blob.n = text.n = 0;
    sample_build(&blob, &real_sized[i]);
    sample_encode(&text, blob.p, blob.n, false);
}

/* True if the whole check of a backup's bytes finds nothing. */
static bool passes(struct cvk_slice s)
{
    static const uint8_t seed[16] = {1};
    size_t first, again;
    bool found;

    if (cvk_keybackup_parse(s, &scratch, &k) ||
        cvk_keybackup_check_end(s, &k) || k.newer)
        return false;
    cvk_keybackup_find_repeat(&scratch, seed, &table, &found, &first, &again);
    return !found;
}

/* The same for the text, as extract judges it: unpadded text counts only if
 * the backup inside is whole. */
static bool text_passes(struct cvk_slice s)
{
    struct cvk_b64 r;

    cvk_buf_reserve(&decoded, cvk_b64_room(s.n));
    return cvk_b64_decode(s, decoded.p, &r) == CVK_OK && !r.unused_bits &&
           passes(cvk_slice_of(decoded.p, r.size));
}

static void copy(const struct cvk_buf *from)
{
    damaged.n = 0;
    cvk_buf_append_slice(&damaged, cvk_buf_slice(from));
}

struct tally {
    unsigned long tried, unseen;
};

static void count(struct tally *t, bool unseen)
{
    t->tried++;
    t->unseen += unseen;
}

/* Prints the share that went unseen; it must be at most per_mille. */
static void judge(const char *damage, struct tally t, unsigned per_mille)
{
    printf("# %s: %lu of %lu unseen (%.2f %%)\n", damage, t.unseen, t.tried,
           100.0 * (double)t.unseen / (double)t.tried);
    ck_assert_uint_gt(t.tried, 1000);
    ck_assert_msg(t.unseen * 1000 <= t.tried * per_mille,
                  "%s: more than %u per mille", damage, per_mille);
}

static uint64_t state;

/* A number below n. */
static size_t any(size_t n)
{
    return sample_random(&state) % n;
}

START_TEST(no_truncation_of_the_blob_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (size_t n = 0; n < blob.n; n++)
            count(&t, passes(cvk_slice_of(blob.p, n)));
    }
    judge("blob cut at every length", t, 0);
}
END_TEST

START_TEST(no_truncation_of_the_text_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        size_t whole;

        build(i);
        /* without its padding alone the text still stands for all bytes */
        for (whole = text.n; text.p[whole - 1] == '=';)
            whole--;
        for (size_t n = 0; n < whole; n++)
            count(&t, text_passes(cvk_slice_of(text.p, n)));
    }
    judge("text cut at every length", t, 0);
}
END_TEST

START_TEST(no_lost_start_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (size_t n = 1; n < blob.n; n++)
            count(&t, passes(cvk_slice_of(blob.p + n, blob.n - n)));
    }
    judge("start cut off at every length", t, 0);
}
END_TEST

START_TEST(no_zero_filled_hole_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (int n = 0; n < TRIES; n++) {
            size_t at = any(blob.n - 512);

            copy(&blob);
            memset(damaged.p + at, 0, 512);
            count(&t, passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("hole of 512 zero bytes", t, 0);
}
END_TEST

START_TEST(no_run_overwritten_with_the_run_before_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (int n = 0; n < TRIES / 4; n++) {
            size_t at = 512 + any(blob.n - 1024);

            copy(&blob);
            memcpy(damaged.p + at, blob.p + at - 512, 512);
            count(&t, passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("512 bytes overwritten with the 512 before", t, 0);
}
END_TEST

/* Removes n bytes at at from the copy. */
static void cut_out(size_t at, size_t n)
{
    memmove(damaged.p + at, damaged.p + at + n, damaged.n - at - n);
    damaged.n -= n;
}

START_TEST(no_single_lost_character_of_the_text_goes_unseen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (size_t at = 0; at < text.n; at++) {
            bool padding = text.p[at] == '=';

            copy(&text);
            cut_out(at, 1);
            /* one '=' alone is the unpadded form, which is accepted */
            if (!padding)
                count(&t, text_passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("one character of the text lost", t, 0);
}
END_TEST

START_TEST(bytes_lost_inside_the_ciphertext_are_mostly_seen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (int n = 0; n < TRIES; n++) {
            copy(&blob);
            cut_out(1000 + any(blob.n - 3000), 1 + any(1000));
            count(&t, passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("1 to 1000 bytes of the ciphertext lost", t, 50);
}
END_TEST

START_TEST(a_multiple_of_four_characters_lost_in_the_text_is_mostly_seen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (int n = 0; n < TRIES; n++) {
            copy(&text);
            cut_out(1500 + any(text.n - 4000), 4 * (1 + any(300)));
            count(&t, text_passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("4 to 1200 characters of the text lost, in fours", t, 50);
}
END_TEST

/* Another character of the base64 alphabet. */
static uint8_t other_symbol(uint8_t c)
{
    static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
                                  "mnopqrstuvwxyz0123456789+/";
    uint8_t other;

    do
        other = (uint8_t)symbols[any(64)];
    while (other == c);
    return other;
}

START_TEST(a_changed_character_of_the_text_is_often_seen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (size_t at = 0; at < text.n; at++) {
            if (text.p[at] == '=')
                continue;
            copy(&text);
            damaged.p[at] = other_symbol(text.p[at]);
            count(&t, text_passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("one character of the text changed", t, 400);
}
END_TEST

START_TEST(a_flipped_bit_of_the_blob_is_sometimes_seen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (size_t at = 0; at < blob.n; at++) {
            copy(&blob);
            damaged.p[at] ^= (uint8_t)(1u << any(8));
            count(&t, passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("one bit of the blob flipped", t, 660);
}
END_TEST

START_TEST(a_replaced_character_of_the_ciphertext_cannot_be_seen)
{
    struct tally t = {0, 0};

    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        for (int n = 0; n < TRIES; n++) {
            size_t at = 1000 + any(blob.n - 1100);

            copy(&blob);
            do
                damaged.p[at] = other_symbol(blob.p[at]);
            while (damaged.p[at] == '+' || damaged.p[at] == '/');
            count(&t, passes(cvk_buf_slice(&damaged)));
        }
    }
    judge("one character of the ciphertext replaced", t, 1000);
    /* if this were ever seen, the manual would be wrong the other way */
    ck_assert_uint_gt(t.unseen * 100, t.tried * 95);
}
END_TEST

START_TEST(what_was_not_damaged_passes)
{
    for (int i = 0; i < N_SAMPLES; i++) {
        build(i);
        ck_assert(passes(cvk_buf_slice(&blob)));
        ck_assert(text_passes(cvk_buf_slice(&text)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detection");
    TCase *tc = tcase_create("detection");

    tcase_set_timeout(tc, 300);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, what_was_not_damaged_passes);
    tcase_add_test(tc, no_truncation_of_the_blob_goes_unseen);
    tcase_add_test(tc, no_truncation_of_the_text_goes_unseen);
    tcase_add_test(tc, no_lost_start_goes_unseen);
    tcase_add_test(tc, no_zero_filled_hole_goes_unseen);
    tcase_add_test(tc, no_run_overwritten_with_the_run_before_goes_unseen);
    tcase_add_test(tc, no_single_lost_character_of_the_text_goes_unseen);
    tcase_add_test(tc, bytes_lost_inside_the_ciphertext_are_mostly_seen);
    tcase_add_test(tc,
                   a_multiple_of_four_characters_lost_in_the_text_is_mostly_seen);
    tcase_add_test(tc, a_changed_character_of_the_text_is_often_seen);
    tcase_add_test(tc, a_flipped_bit_of_the_blob_is_sometimes_seen);
    tcase_add_test(tc, a_replaced_character_of_the_ciphertext_cannot_be_seen);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
