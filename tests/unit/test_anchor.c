/* SPDX-License-Identifier: MIT */
#include "engine/anchor.h"

#include <string.h>

#include "unit.h"

enum { SIZE = 1 << 16, SLACK = 68 };

static uint8_t bytes[SIZE + SLACK];
static uint64_t state;

/* xorshift64 of G. Marsaglia, "Xorshift RNGs" */
static uint8_t noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint8_t)(state >> 32);
}

static void fill(uint64_t seed, const char *alphabet)
{
    size_t n = alphabet ? strlen(alphabet) : 0;

    state = seed * 2654435761u + 88172645463325252u;
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = n ? (uint8_t)alphabet[noise() % n] : noise();
}

/* Words in all their forms; the first of each is what is found. */
static const struct {
    const char *text;
    enum cvk_anchor_kind kind;
    size_t at; /* of the word in the text */
} plants[] = {
    {"&AzureKeyVaultKeyBackupV1", CVK_ANCHOR_RAW_VAULT, 1},
    {")AzureKeyVaultSecretBackupV1", CVK_ANCHOR_RAW_VAULT, 1},
    {"eyJhbGciOiJkaXIiLCJlbmMi", CVK_ANCHOR_RAW_HSM, 0},
    {"JkF6dXJlS2V5VmF1bHRLZXlC", CVK_ANCHOR_BASE64_VAULT, 2},
    {"AAAmQXp1cmVLZXlWYXVsdEtl", CVK_ANCHOR_BASE64_VAULT, 4},
    {"ACZBenVyZUtleVZhdWx0S2V5", CVK_ANCHOR_BASE64_VAULT, 3},
    {"ZXlKaGJHY2lPaUprYVhJaUxD", CVK_ANCHOR_BASE64_HSM, 0},
    {"AGV5SmhiR2NpT2lKa2FYSWlM", CVK_ANCHOR_BASE64_HSM, 2},
    {"AABleUpoYkdjaU9pSmthWElp", CVK_ANCHOR_BASE64_HSM, 3},
};
enum { N_PLANTS = sizeof plants / sizeof *plants };

struct seen {
    size_t at;
    enum cvk_anchor_kind kind;
    unsigned width;
    size_t n; /* places */
};

static void note(void *context, const struct cvk_anchor *anchor)
{
    struct seen *seen = context;

    /* more than one part of a word may be known */
    seen->n += !seen->n || seen->at != anchor->at;
    seen->at = anchor->at;
    seen->kind = anchor->word->kind;
    seen->width = anchor->width;
}

static size_t write_text(size_t at, const char *text, unsigned width)
{
    for (; *text; text++, at += width) {
        bytes[at] = (uint8_t)*text;
        if (width == 2)
            bytes[at + 1] = 0;
    }
    return at;
}

/* All that is found in the bytes; the last one in seen. */
static void find(enum cvk_anchor_path path, struct seen *seen)
{
    struct cvk_anchors a;

    *seen = (struct seen){0};
    cvk_anchors_init(&a, true, path);
    for (size_t at = 0;; at++) {
        at = cvk_anchors_skip(&a, bytes, at, SIZE);
        if (at == SIZE)
            break;
        cvk_anchors_check(&a, cvk_slice_of(bytes, SIZE), at, seen, note);
    }
}

/* Writes each word somewhere, in both widths. */
static void plant(void)
{
    for (size_t i = 0; i < 2 * N_PLANTS; i++)
        write_text(SIZE / (2 * N_PLANTS + 1) * i + noise(),
                   plants[i / 2].text, 1 + i % 2);
}

START_TEST(all_paths_let_the_same_through)
{
    static const char *const alphabets[] = {
        NULL,
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "&AzureKyJhbGciO\xff",
        "\x1f\x8b\x08\x01""eyJhA",
    };
    struct cvk_anchors portable, fast;

    fill((uint64_t)_i, alphabets[_i % 4]);
    plant();
    cvk_anchors_init(&portable, _i % 3, CVK_ANCHOR_PORTABLE);
    for (int path = CVK_ANCHOR_SSSE3; path < CVK_ANCHOR_N_PATHS; path++) {
        size_t let = 0;

        if (!cvk_anchor_path_works((enum cvk_anchor_path)path))
            continue;
        cvk_anchors_init(&fast, _i % 3, (enum cvk_anchor_path)path);
        for (size_t from = 0, to = SIZE - (size_t)_i; from < to; from++) {
            size_t a = cvk_anchors_skip(&portable, bytes, from, to);

            ck_assert_uint_eq(cvk_anchors_skip(&fast, bytes, from, to), a);
            from = a;
            let += a < to;
        }
        ck_assert_uint_ge(let, 2 * N_PLANTS);
    }
}
END_TEST

START_TEST(each_word_is_found_at_each_place)
{
    for (int path = CVK_ANCHOR_PORTABLE; path < CVK_ANCHOR_N_PATHS; path++)
        for (size_t at = 1000;
             cvk_anchor_path_works((enum cvk_anchor_path)path) && at < 1070;
             at += 3)
            for (unsigned width = 1; width <= 2; width++) {
                struct seen seen;

                memset(bytes, 0xff, SIZE);
                write_text(at, plants[_i].text, width);
                find((enum cvk_anchor_path)path, &seen);
                ck_assert_uint_gt(seen.n, 0);
                ck_assert_uint_eq(seen.at, at + plants[_i].at * width);
                ck_assert_int_eq((int)seen.kind, (int)plants[_i].kind);
                ck_assert_uint_eq(seen.width, width);
            }
}
END_TEST

START_TEST(a_line_break_hides_no_base64)
{
    static const char *const breaks[] = {"\r\n", "\n", " ", "\\r\\n",
                                         "\\\\r\\\\n",
                                         "\\\\\\\\r\\\\\\\\n"};
    const char *text = plants[_i].text;
    size_t n = strlen(text);

    if (plants[_i].kind != CVK_ANCHOR_BASE64_VAULT &&
        plants[_i].kind != CVK_ANCHOR_BASE64_HSM)
        return;
    for (size_t cut = 1; cut < n; cut++)
        for (size_t b = 0; b < sizeof breaks / sizeof *breaks; b++)
            for (unsigned width = 1; width <= 2; width++) {
                char line[128];
                struct seen seen;

                memcpy(line, text, cut);
                strcpy(line + cut, breaks[b]);
                strcat(line, text + cut);
                memset(bytes, 0xff, SIZE);
                write_text(500, line, width);
                find(cvk_anchor_best_path(), &seen);
                ck_assert_msg(seen.n > 0, "%s", line);
                ck_assert_uint_eq(seen.at,
                                  500 + width * (plants[_i].at +
                                                 (cut <= plants[_i].at
                                                      ? strlen(breaks[b])
                                                      : 0)));
            }
}
END_TEST

START_TEST(a_word_at_either_end_is_found)
{
    size_t n = strlen(plants[_i].text) - plants[_i].at;
    struct seen seen;

    memset(bytes, 0xff, sizeof bytes);
    write_text(0, plants[_i].text + plants[_i].at, 1);
    find(cvk_anchor_best_path(), &seen);
    ck_assert_uint_gt(seen.n, 0);
    memset(bytes, 0xff, sizeof bytes);
    write_text(SIZE - n, plants[_i].text + plants[_i].at, 1);
    find(cvk_anchor_best_path(), &seen);
    ck_assert_uint_gt(seen.n, 0);
    ck_assert_uint_eq(seen.at, SIZE - n);
}
END_TEST

START_TEST(a_part_of_a_word_is_none)
{
    struct seen seen;

    memset(bytes, 0xff, SIZE);
    write_text(100, "AzureKeyVaul", 1);
    write_text(200, "QXp1cmVLZXlWYXVsc", 1);
    /* a break is seen through in base64, and in nothing else */
    write_text(300, "QXp1cmV\nLZXlWYXVsd", 2);
    write_text(400, "AzureKey\nVault", 1);
    write_text(500, "Azure KeyVault", 2);
    find(cvk_anchor_best_path(), &seen);
    ck_assert_uint_eq(seen.n, 1);
    ck_assert_uint_eq(seen.at, 300);
}
END_TEST

START_TEST(gzip_streams_are_found_where_they_are_wanted)
{
    struct cvk_anchors a;
    struct seen seen;

    memset(bytes, 0xff, SIZE);
    memcpy(bytes + 333, "\x1f\x8b\x08\x00", 4);
    memcpy(bytes + 999, "\x1f\x8b\x08\x80", 4); /* a reserved flag */
    find(cvk_anchor_best_path(), &seen);
    ck_assert_uint_eq(seen.n, 1);
    ck_assert_uint_eq(seen.at, 333);
    ck_assert_int_eq((int)seen.kind, (int)CVK_ANCHOR_GZIP);
    cvk_anchors_init(&a, false, cvk_anchor_best_path());
    ck_assert_uint_eq(cvk_anchors_skip(&a, bytes, 0, SIZE), SIZE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("anchor");
    TCase *tcase = tcase_create("search");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, all_paths_let_the_same_through, 0, 24);
    tcase_add_loop_test(tcase, each_word_is_found_at_each_place, 0, N_PLANTS);
    tcase_add_loop_test(tcase, a_line_break_hides_no_base64, 0, N_PLANTS);
    tcase_add_loop_test(tcase, a_word_at_either_end_is_found, 0, N_PLANTS);
    tcase_add_test(tcase, a_part_of_a_word_is_none);
    tcase_add_test(tcase, gzip_streams_are_found_where_they_are_wanted);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
