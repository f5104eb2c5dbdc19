/* SPDX-License-Identifier: MIT */
#include "evidence/b64run.h"

#include <string.h>

#include "unit.h"

static struct cvk_buf out;

static void set_up(void)
{
    cvk_buf_init(&out, 1 << 16);
}

static void tear_down(void)
{
    cvk_buf_clear(&out);
}

static struct cvk_slice text(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

START_TEST(symbols_are_decoded_until_something_else_comes)
{
    static const struct {
        const char *text, *bytes;
        bool cut;
    } rows[] = {
        {"Zm9vYmFy", "foobar", true},
        {"Zm9vYmFy\"", "foobar", false},
        {"Zm9vYm=", "foob", false}, /* whole bytes only */
        {"Zm9v\r\nYmFy}", "foobar", false},
        {"Zm9v\\r\\nYmFy\\", "foobar", true},
        {"Zm9v\\\\r\\\\nYmFy\\u", "foobar", true},
        {"Z \tm\n9 v.YmFy", "foo", false},
        {"Zm9vYmFy\r\n", "foobar", true},
        {"", "", true},
        {"-", "", false},
    };
    bool cut;

    ck_assert(cvk_b64run_decode(text(rows[_i].text), 0, 1000, &out, &cut));
    ck_assert_uint_eq(out.n, strlen(rows[_i].bytes));
    if (out.n)
        ck_assert_mem_eq(out.p, rows[_i].bytes, out.n);
    ck_assert_int_eq(cut, rows[_i].cut);
}
END_TEST

START_TEST(no_more_than_wanted_is_decoded)
{
    bool cut;

    ck_assert(cvk_b64run_decode(text("Zm9vYmFy"), 0, 4, &out, &cut));
    ck_assert_uint_eq(out.n, 4);
}
END_TEST

START_TEST(a_full_buffer_is_said)
{
    struct cvk_buf small;
    bool cut;

    cvk_buf_init(&small, 2);
    ck_assert(!cvk_b64run_decode(text("Zm9vYmFy"), 0, 1000, &small, &cut));
    cvk_buf_clear(&small);
}
END_TEST

START_TEST(the_way_back_leads_over_line_breaks)
{
    size_t at = 11;

    ck_assert(cvk_b64run_back(text("AB\\r\\nCD\r\nEF"), &at, 4));
    ck_assert_uint_eq(at, 1);
    at = 3;
    ck_assert(!cvk_b64run_back(text("\"AB"), &at, 3));
    at = 2;
    ck_assert(!cvk_b64run_back(text("AB"), &at, 3));
}
END_TEST

START_TEST(the_end_is_behind_the_padding)
{
    ck_assert_uint_eq(cvk_b64run_end(text("Zm9vYg==x"), 0, 6), 8);
    ck_assert_uint_eq(cvk_b64run_end(text("Zm\n9vYmFy"), 0, 4), 5);
    ck_assert_uint_eq(cvk_b64run_end(text("Zm9v"), 0, 9), 4);
    ck_assert_uint_eq(cvk_b64run_end(text("Zm9v===="), 0, 4), 6);
}
END_TEST

START_TEST(words_are_matched_in_both_directions)
{
    size_t from;

    ck_assert(cvk_b64run_match(text("xAB\\nCDE"), 5, text("ABCDE"), 2, &from));
    ck_assert_uint_eq(from, 1);
    ck_assert(!cvk_b64run_match(text("xAB\\nCDF"), 5, text("ABCDE"), 2, &from));
    ck_assert(!cvk_b64run_match(text("xBB\\nCDE"), 5, text("ABCDE"), 2, &from));
    ck_assert(!cvk_b64run_match(text("BCDE"), 1, text("ABCDE"), 2, &from));
    ck_assert(!cvk_b64run_match(text("ABCD"), 2, text("ABCDE"), 2, &from));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("b64run");
    TCase *tcase = tcase_create("run");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, symbols_are_decoded_until_something_else_comes,
                        0, 10);
    tcase_add_test(tcase, no_more_than_wanted_is_decoded);
    tcase_add_test(tcase, a_full_buffer_is_said);
    tcase_add_test(tcase, the_way_back_leads_over_line_breaks);
    tcase_add_test(tcase, the_end_is_behind_the_padding);
    tcase_add_test(tcase, words_are_matched_in_both_directions);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
