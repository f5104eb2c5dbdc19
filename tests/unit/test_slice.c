/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

#include "sample.h"
#include "unit.h"

START_TEST(equal_ignores_only_ascii_case)
{
    ck_assert(cvk_slice_equal_nocase(CVK_LITERAL("KeyUrl"),
                                     CVK_LITERAL("kEYuRL")));
    ck_assert(!cvk_slice_equal_nocase(CVK_LITERAL("@"), CVK_LITERAL("`")));
    ck_assert(!cvk_slice_equal_nocase(CVK_LITERAL("\xc3\x84"),
                                      CVK_LITERAL("\xc3\xa4")));
    ck_assert(!cvk_slice_equal_nocase(CVK_LITERAL("a"), CVK_LITERAL("ab")));
}
END_TEST

START_TEST(empty_slices_are_equal)
{
    ck_assert(cvk_slice_equal((struct cvk_slice){0}, CVK_LITERAL("")));
    ck_assert(cvk_slice_starts(CVK_LITERAL("x"), CVK_LITERAL("")));
    ck_assert_ptr_null(cvk_slice_cut((struct cvk_slice){0}, 0, 0).p);
}
END_TEST

START_TEST(search_finds_the_first_occurrence)
{
    struct cvk_slice s = CVK_LITERAL("aab.aabc");

    ck_assert_uint_eq(cvk_slice_search(s, CVK_LITERAL("aabc")), 4);
    ck_assert_uint_eq(cvk_slice_search(s, CVK_LITERAL("abd")), s.n);
    ck_assert_uint_eq(cvk_slice_search(s, CVK_LITERAL("aab.aabcd")), s.n);
    ck_assert_uint_eq(cvk_slice_find(s, '.'), 3);
    ck_assert_uint_eq(cvk_slice_find((struct cvk_slice){0}, 'a'), 0);
}
END_TEST

START_TEST(suffixes_compare_without_case)
{
    ck_assert(cvk_slice_ends_nocase(CVK_LITERAL("x.JSON"),
                                    CVK_LITERAL(".json")));
    ck_assert(!cvk_slice_ends_nocase(CVK_LITERAL("json"),
                                     CVK_LITERAL(".json")));
}
END_TEST

/* The same, one byte after the other. */
static size_t skip_slowly(struct cvk_slice s, size_t at, uint8_t least,
                          const uint8_t stops[2])
{
    while (at < s.n && s.p[at] >= least && s.p[at] < 0x80 &&
           s.p[at] != stops[0] && s.p[at] != stops[1])
        at++;
    return at;
}

/* What callers skip. */
static const struct {
    uint8_t least, stops[2];
} plains[] = {{' ', {'"', '\\'}}, {'!', {'=', '='}}, {0, {'a', 0}},
              {127, {127, 0}}};

START_TEST(skipping_ends_at_every_byte_at_every_place)
{
    const uint8_t *stops = plains[_i].stops;
    uint8_t least = plains[_i].least, text[128 + 3];

    memset(text, '~', sizeof text);
    if (least == 127)
        return; /* skips nothing, as the test below has it */
    for (size_t at = 0; at < 128; at++)
        for (unsigned c = 0; c < 256; c++) {
            struct cvk_slice s = {text + c % 4, 128};
            size_t from = at - at % 48;

            text[c % 4 + at] = (uint8_t)c;
            ck_assert_uint_eq(cvk_slice_skip_plain(s, 0, least, stops),
                              c >= least && c < 128 && c != stops[0] &&
                                      c != stops[1]
                                  ? 128
                                  : at);
            ck_assert_uint_eq(cvk_slice_skip_plain(s, from, least, stops),
                              skip_slowly(s, from, least, stops));
            text[c % 4 + at] = '~';
        }
}
END_TEST

/* Memory of exactly the size, so that reading beyond it shows. */
START_TEST(skipping_is_the_same_as_byte_by_byte)
{
    uint64_t seed = (uint64_t)_i;

    for (size_t n = 0; n <= 200; n++)
        for (size_t round = 0; round < 100; round++) {
            uint8_t *p = malloc(n + 1);
            struct cvk_slice s = {p + 1, n};
            size_t from = sample_random(&seed) % (n + 1);

            for (size_t i = 0; i < n; i++)
                p[1 + i] = (uint8_t)(' ' + sample_random(&seed) % 95);
            for (size_t i = sample_random(&seed) % 4; n && i > 0; i--)
                p[1 + sample_random(&seed) % n] = (uint8_t)sample_random(&seed);
            ck_assert_uint_eq(
                cvk_slice_skip_plain(s, from, plains[_i].least,
                                     plains[_i].stops),
                skip_slowly(s, from, plains[_i].least, plains[_i].stops));
            free(p);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slice");
    TCase *tc = tcase_create("slice");

    tcase_add_test(tc, equal_ignores_only_ascii_case);
    tcase_add_test(tc, empty_slices_are_equal);
    tcase_add_test(tc, search_finds_the_first_occurrence);
    tcase_add_test(tc, suffixes_compare_without_case);
    tcase_add_loop_test(tc, skipping_ends_at_every_byte_at_every_place, 0, 4);
    tcase_add_loop_test(tc, skipping_is_the_same_as_byte_by_byte, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
