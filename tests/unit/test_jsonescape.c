/* SPDX-License-Identifier: MIT */
#include "evidence/jsonescape.h"

#include <string.h>

#include "unit.h"

static struct cvk_buf out;

static void set_up(void)
{
    cvk_buf_init(&out, 1 << 12);
}

static void tear_down(void)
{
    cvk_buf_clear(&out);
}

static struct cvk_slice text(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

START_TEST(escapes_are_undone_up_to_the_quote)
{
    static const struct {
        const char *text, *plain;
        size_t used;
        bool cut;
    } rows[] = {
        {"a\\\"b\\\\c\\/d\"e", "a\"b\\c/d", 10, false},
        {"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", 10, false},
        {"\\u0041\\u00fc\\u20AC\"", "A\xc3\xbc\xe2\x82\xac", 18, false},
        {"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 12, false},
        {"\\ud83dx\"", "\xef\xbf\xbdx", 7, false},
        {"a\\qb\"cdefghijklmnop", "a", 1, false},
        {"a\\uzzzz\"cdefghijklmnop", "a", 1, false},
        {"abc", "abc", 3, true},
        {"abc\\", "abc", 3, true},
        {"abc\\u00", "abc", 3, true},
        {"abc\\\"}", "abc\"}", 6, true},
        {"\"", "", 0, false},
        {"", "", 0, true},
        {"\\u00/1\"cdefghijklmnop", "", 0, false},
        {"\\u00:1\"cdefghijklmnop", "", 0, false},
        {"\\uffff\"", "\xef\xbf\xbf", 6, false},
        {"\\ude00x\"", "\xef\xbf\xbdx", 7, false},
        {"\\ud83dabcdefghij\"", "\xef\xbf\xbd" "abcdefghij", 16, false},
        {"\\ud83d\\n234567\"", "\xef\xbf\xbd\n234567", 14, false},
        {"\\ud83d\\uzzzzabcdefgh\"", "\xef\xbf\xbd", 6, false},
        {"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A", 12, false},
        {"\\ud83d\\uffff\"", "\xef\xbf\xbd\xef\xbf\xbf", 12, false},
    };
    bool cut, ok;
    size_t used = cvk_jsonescape_undo(text(rows[_i].text), SIZE_MAX, &out,
                                      &cut, &ok);

    ck_assert(ok);
    ck_assert_uint_eq(used, rows[_i].used);
    ck_assert_uint_eq(out.n, strlen(rows[_i].plain));
    if (out.n)
        ck_assert_mem_eq(out.p, rows[_i].plain, out.n);
    ck_assert_int_eq(cut, rows[_i].cut);
}
END_TEST

START_TEST(a_bound_maps_bytes_back)
{
    bool cut, ok;

    ck_assert_uint_eq(cvk_jsonescape_undo(text("ab\\\"cd\""), 3, &out, &cut,
                                          &ok), 4);
    ck_assert_uint_eq(out.n, 3);
}
END_TEST

START_TEST(a_full_buffer_is_said)
{
    struct cvk_buf small;
    bool cut, ok;

    cvk_buf_init(&small, 2);
    cvk_jsonescape_undo(text("abcdef\""), SIZE_MAX, &small, &cut, &ok);
    ck_assert(!ok);
    cvk_buf_clear(&small);
}
END_TEST

START_TEST(backslashes_tell_the_level)
{
    size_t level;

    ck_assert_uint_eq(cvk_jsonescape_backslashes(text("a\\\\\\\"b"), 4), 3);
    ck_assert_uint_eq(cvk_jsonescape_backslashes(text("\\\\\""), 2), 2);
    ck_assert(cvk_jsonescape_level(0, &level) && level == 0);
    ck_assert(cvk_jsonescape_level(1, &level) && level == 1);
    ck_assert(cvk_jsonescape_level(3, &level) && level == 2);
    ck_assert(cvk_jsonescape_level(7, &level) && level == 3);
    ck_assert(!cvk_jsonescape_level(2, &level));
    ck_assert(!cvk_jsonescape_level(15, &level));
}
END_TEST

START_TEST(a_string_begins_behind_its_own_quote)
{
    ck_assert_uint_eq(cvk_jsonescape_begin(text("{\"a\":\"x\\\"y"), 10), 6);
    ck_assert_uint_eq(cvk_jsonescape_begin(text("\"x\\\\\"y"), 6), 5);
    ck_assert_uint_eq(cvk_jsonescape_begin(text("x\\\"y"), 4), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jsonescape");
    TCase *tcase = tcase_create("undo");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, escapes_are_undone_up_to_the_quote, 0, 22);
    tcase_add_test(tcase, a_bound_maps_bytes_back);
    tcase_add_test(tcase, a_full_buffer_is_said);
    tcase_add_test(tcase, backslashes_tell_the_level);
    tcase_add_test(tcase, a_string_begins_behind_its_own_quote);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
