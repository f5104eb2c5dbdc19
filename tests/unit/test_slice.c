/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

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

int main(void)
{
    Suite *suite = suite_create("slice");
    TCase *tc = tcase_create("slice");

    tcase_add_test(tc, equal_ignores_only_ascii_case);
    tcase_add_test(tc, empty_slices_are_equal);
    tcase_add_test(tc, search_finds_the_first_occurrence);
    tcase_add_test(tc, suffixes_compare_without_case);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
