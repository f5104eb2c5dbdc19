/* SPDX-License-Identifier: MIT */
#include "output/html.h"

#include <string.h>

#include "base/limits.h"
#include "unit.h"

static struct cvk_buf out;

static void setup(void)
{
    cvk_buf_init(&out, 1 << 20);
}

static void teardown(void)
{
    ck_assert(!out.failed);
    cvk_buf_clear(&out);
}

START_TEST(text_is_never_markup)
{
    cvk_html_text(&out, CVK_LITERAL("<a href=\"x\" id='y'>&amp;</a>"));
    assert_slice(cvk_buf_slice(&out),
                 "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;"
                 "&lt;/a&gt;");
}
END_TEST

START_TEST(text_that_is_not_safe_to_show_is_escaped)
{
    cvk_html_text(&out, CVK_LITERAL("a\\<\x1b[1m\xe2\x80\xae\xff&\n"));
    assert_slice(cvk_buf_slice(&out),
                 "a\\\\&lt;\\x1b[1m\\u202e\\xff&amp;\\n");
}
END_TEST

START_TEST(safe_text_keeps_its_backslashes)
{
    cvk_html_text(&out, CVK_LITERAL("C:\\caf\xc3\xa9"));
    assert_slice(cvk_buf_slice(&out), "C:\\caf\xc3\xa9");
}
END_TEST

START_TEST(characters_that_xml_lacks_are_escaped)
{
    cvk_html_text(&out, CVK_LITERAL("\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd"));
    assert_slice(cvk_buf_slice(&out), "\\ufffe|\\uffff|\xef\xbf\xbd");
}
END_TEST

START_TEST(a_sequence_that_ends_too_early_is_shown_as_bytes)
{
    cvk_html_text(&out, CVK_LITERAL("\xef\xbf"));
    assert_slice(cvk_buf_slice(&out), "\\xef\\xbf");
}
END_TEST

START_TEST(long_text_is_cut_between_characters)
{
    char text[CVK_MAX_PAGE_TEXT + 2];
    size_t n = CVK_MAX_PAGE_TEXT - 1;

    memset(text, 'x', n);
    memcpy(text + n, "\xc3\xa9y", 3);
    cvk_html_text(&out, cvk_slice_of(text, sizeof text));
    ck_assert_uint_eq(out.n, n + strlen("<i>... and 3 more bytes</i>"));
    out.n = 0;
    cvk_html_text(&out, cvk_slice_of(text, CVK_MAX_PAGE_TEXT + 1));
    ck_assert_uint_gt(out.n, CVK_MAX_PAGE_TEXT + 1);
    out.n = 0;
    cvk_html_text(&out, cvk_slice_of(text, n));
    ck_assert_uint_eq(out.n, n);
}
END_TEST

START_TEST(absent_text_makes_no_element)
{
    cvk_html_element(&out, "b", "k", (struct cvk_slice){NULL, 0});
    ck_assert_uint_eq(out.n, 0);
    cvk_html_element(&out, "b", "k", CVK_LITERAL("<"));
    assert_slice(cvk_buf_slice(&out), "<b class=\"k\">&lt;</b>");
}
END_TEST

START_TEST(digits_stand_in_groups)
{
    cvk_html_count(&out, 7);
    cvk_html_put(&out, "|");
    cvk_html_count(&out, 999);
    cvk_html_put(&out, "|");
    cvk_html_count(&out, 1000);
    cvk_html_put(&out, "|");
    cvk_html_count(&out, UINT64_MAX);
    assert_slice(cvk_buf_slice(&out),
                 "7|999|1&#160;000|18&#160;446&#160;744&#160;073&#160;709"
                 "&#160;551&#160;615");
}
END_TEST

START_TEST(a_page_is_known_by_its_head)
{
    cvk_html_head(&out);
    ck_assert(cvk_html_begins(cvk_buf_slice(&out)));
    ck_assert(!cvk_html_begins(CVK_LITERAL("<!DOCTYPE html>\n<html>")));
    ck_assert(!cvk_html_begins(CVK_LITERAL("")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("html");
    TCase *tc = tcase_create("html");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, text_is_never_markup);
    tcase_add_test(tc, text_that_is_not_safe_to_show_is_escaped);
    tcase_add_test(tc, safe_text_keeps_its_backslashes);
    tcase_add_test(tc, characters_that_xml_lacks_are_escaped);
    tcase_add_test(tc, a_sequence_that_ends_too_early_is_shown_as_bytes);
    tcase_add_test(tc, long_text_is_cut_between_characters);
    tcase_add_test(tc, absent_text_makes_no_element);
    tcase_add_test(tc, digits_stand_in_groups);
    tcase_add_test(tc, a_page_is_known_by_its_head);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
