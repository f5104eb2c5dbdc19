/* SPDX-License-Identifier: MIT */
#include "base/finding.h"

#include <stdio.h>

#include "unit.h"

static struct cvk_findings list;
static struct cvk_buf text;

static void set_up(void)
{
    memset(&list, 0, sizeof list);
    cvk_buf_init(&text, CVK_MAX_RECORD_TEXT);
}

static void tear_down(void)
{
    cvk_buf_clear(&text);
}

__attribute__((format(printf, 4, 5))) static void
add(enum cvk_severity severity, enum cvk_code code,
    const struct cvk_place *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    cvk_findings_add(&list, &text, severity, code, place, format, args);
    va_end(args);
}

static void assert_finding(size_t i, enum cvk_severity severity,
                           enum cvk_code code, const char *words)
{
    struct cvk_slice s = cvk_text_slice(&text, list.v[i].text);

    ck_assert_uint_lt(i, list.n);
    ck_assert_int_eq(list.v[i].severity, severity);
    ck_assert_str_eq(cvk_code_id(list.v[i].code), cvk_code_id(code));
    ck_assert(list.v[i].text.known);
    ck_assert_uint_eq(s.n, strlen(words));
    ck_assert_mem_eq(s.p, words, s.n);
}

START_TEST(findings_keep_their_order)
{
    add(CVK_WARNING, CVK_E_B64_WHITESPACE, NULL, "%d spaces", 3);
    add(CVK_NOTE, CVK_E_TEXT_BOM, NULL, "a mark");
    add(CVK_WARNING, CVK_E_FACTS_CLOUD, NULL, "%s", "cloud");
    ck_assert_uint_eq(list.n, 3);
    ck_assert(!list.refused);
    assert_finding(0, CVK_WARNING, CVK_E_B64_WHITESPACE, "3 spaces");
    assert_finding(1, CVK_NOTE, CVK_E_TEXT_BOM, "a mark");
    assert_finding(2, CVK_WARNING, CVK_E_FACTS_CLOUD, "cloud");
}
END_TEST

START_TEST(an_error_closes_the_list)
{
    add(CVK_NOTE, CVK_E_TEXT_BOM, NULL, "a mark");
    add(CVK_ERROR, CVK_E_B64_LENGTH, NULL, "first");
    ck_assert(list.refused);
    add(CVK_ERROR, CVK_E_B64_PADDING, NULL, "second");
    add(CVK_WARNING, CVK_E_FACTS_DES, NULL, "late");
    add(CVK_NOTE, CVK_E_INPUT_GZIP, NULL, "late");
    cvk_findings_close(&list, &text);
    ck_assert_uint_eq(list.n, 2);
    ck_assert_uint_eq(list.left_out, 0);
    assert_finding(1, CVK_ERROR, CVK_E_B64_LENGTH, "first");
}
END_TEST

static void add_notes(size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(CVK_NOTE, CVK_E_FACTS_MORE, NULL, "%zu", i);
}

START_TEST(as_many_as_the_limit_are_all_kept)
{
    add_notes(CVK_MAX_FINDINGS);
    cvk_findings_close(&list, &text);
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS);
    assert_finding(CVK_MAX_FINDINGS - 1, CVK_NOTE, CVK_E_FACTS_MORE, "63");
}
END_TEST

START_TEST(what_exceeds_the_limit_is_counted)
{
    char words[64];

    add_notes(CVK_MAX_FINDINGS + (size_t)_i);
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS);
    ck_assert_uint_eq(list.left_out, (size_t)_i);
    cvk_findings_close(&list, &text);
    snprintf(words, sizeof words, "%d more findings were left out", _i);
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS + 1);
    assert_finding(CVK_MAX_FINDINGS, CVK_NOTE, CVK_E_FINDINGS_MORE, words);
    ck_assert(!list.v[CVK_MAX_FINDINGS].placed);
    ck_assert(!list.v[CVK_MAX_FINDINGS].pointer.known);
}
END_TEST

START_TEST(an_error_comes_behind_the_count)
{
    add_notes(CVK_MAX_FINDINGS + 2);
    add(CVK_ERROR, CVK_E_B64_LENGTH, NULL, "the end");
    cvk_findings_close(&list, &text);
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS + 2);
    assert_finding(CVK_MAX_FINDINGS, CVK_NOTE, CVK_E_FINDINGS_MORE,
                   "2 more findings were left out");
    assert_finding(CVK_MAX_FINDINGS + 1, CVK_ERROR, CVK_E_B64_LENGTH,
                   "the end");
}
END_TEST

START_TEST(an_error_fits_behind_a_full_list_without_a_count)
{
    add_notes(CVK_MAX_FINDINGS);
    add(CVK_ERROR, CVK_E_B64_LENGTH, NULL, "the end");
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS + 1);
    assert_finding(CVK_MAX_FINDINGS, CVK_ERROR, CVK_E_B64_LENGTH, "the end");
}
END_TEST

START_TEST(closing_twice_or_for_nothing_adds_nothing)
{
    cvk_findings_close(&list, &text);
    ck_assert_uint_eq(list.n, 0);
    add_notes(CVK_MAX_FINDINGS + 1);
    cvk_findings_close(&list, &text);
    cvk_findings_close(&list, &text);
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS + 1);
    add(CVK_ERROR, CVK_E_B64_LENGTH, NULL, "the end");
    ck_assert_uint_eq(list.n, CVK_MAX_FINDINGS + 2);
}
END_TEST

START_TEST(a_finding_keeps_its_place)
{
    struct cvk_place place = {CVK_LITERAL("/a/b"), true, 12, 3, 4};
    struct cvk_place pointer_only = {.pointer = CVK_LITERAL("")};

    add(CVK_WARNING, CVK_E_FACTS_DES, &place, "x");
    add(CVK_NOTE, CVK_E_FACTS_DES, &pointer_only, "x");
    add(CVK_NOTE, CVK_E_FACTS_DES, NULL, "x");
    ck_assert(list.v[0].placed);
    ck_assert_uint_eq(list.v[0].offset, 12);
    ck_assert_uint_eq(list.v[0].line, 3);
    ck_assert_uint_eq(list.v[0].column, 4);
    assert_slice(cvk_text_slice(&text, list.v[0].pointer), "/a/b");
    ck_assert(!list.v[1].placed);
    ck_assert(list.v[1].pointer.known);
    ck_assert_uint_eq(list.v[1].pointer.n, 0);
    ck_assert(!list.v[2].placed);
    ck_assert(!list.v[2].pointer.known);
    ck_assert_ptr_null(cvk_text_slice(&text, list.v[2].pointer).p);
}
END_TEST

static const struct {
    struct cvk_finding finding;
    const char *words;
} places[] = {
    {{.placed = false, .offset = 9, .line = 9, .column = 9}, ""},
    {{.placed = true, .offset = 12}, ", at byte 12 of the decoded backup"},
    {{.placed = true}, ", at byte 0 of the decoded backup"},
    {{.placed = true, .offset = 12, .line = 1, .column = 13},
     ", at offset 12 (line 1, column 13)"},
    {{.placed = true,
      .offset = UINT64_MAX,
      .line = UINT64_MAX,
      .column = UINT64_MAX},
     ", at offset 18446744073709551615 (line 18446744073709551615, "
     "column 18446744073709551615)"},
};

START_TEST(places_are_put_into_words)
{
    struct cvk_buf small;
    size_t n = strlen(places[_i].words);

    ck_assert(cvk_buf_append_string(&text, "x"));
    ck_assert(cvk_finding_append_place(&text, &places[_i].finding));
    ck_assert_uint_eq(text.n, n + 1);
    ck_assert_mem_eq(text.p + 1, places[_i].words, n);
    cvk_buf_init(&small, n ? n - 1 : 0);
    ck_assert_int_eq(cvk_finding_append_place(&small, &places[_i].finding),
                     n == 0);
    cvk_buf_clear(&small);
}
END_TEST

START_TEST(words_up_to_the_limit_are_kept)
{
    char words[CVK_MAX_FINDING_TEXT];

    memset(words, 'a', sizeof words);
    words[CVK_MAX_FINDING_TEXT - 1] = '\0';
    add(CVK_NOTE, CVK_E_FACTS_DES, NULL, "%s", words);
    assert_finding(0, CVK_NOTE, CVK_E_FACTS_DES, words);
    add(CVK_NOTE, CVK_E_FACTS_DES, NULL, "%sb", words);
    assert_finding(1, CVK_NOTE, CVK_E_FACTS_DES, words);
}
END_TEST

START_TEST(words_far_beyond_the_limit_are_cut_at_it)
{
    char words[4 * CVK_MAX_FINDING_TEXT];

    memset(words, 'a', sizeof words);
    words[sizeof words - 1] = '\0';
    add(CVK_NOTE, CVK_E_FACTS_DES, NULL, "%s", words);
    words[CVK_MAX_FINDING_TEXT - 1] = '\0';
    assert_finding(0, CVK_NOTE, CVK_E_FACTS_DES, words);
}
END_TEST

/* Three and four byte characters across the limit, at each byte. */
START_TEST(words_are_not_cut_inside_a_character)
{
    char words[CVK_MAX_FINDING_TEXT + 4];
    size_t before = (size_t)(CVK_MAX_FINDING_TEXT - 1 - _i);

    for (int wide = 3; wide <= 4; wide++) {
        size_t end = before + (size_t)wide;

        memset(words, 'a', before);
        snprintf(words + before, sizeof words - before, "%s",
                 wide == 3 ? "\xe2\x82\xac" : "\xf0\x9f\x92\xa9");
        add(CVK_NOTE, CVK_E_FACTS_DES, NULL, "%s", words);
        ck_assert_uint_eq(list.v[list.n - 1].text.n,
                          end < CVK_MAX_FINDING_TEXT ? end : before);
    }
}
END_TEST

START_TEST(a_finding_without_room_for_words_stays)
{
    struct cvk_place place = {CVK_LITERAL("/pointer"), true, 1, 1, 2};

    cvk_buf_init(&text, 3);
    add(CVK_WARNING, CVK_E_FACTS_DES, &place, "four");
    ck_assert_uint_eq(list.n, 1);
    ck_assert_int_eq(list.v[0].code, CVK_E_FACTS_DES);
    ck_assert(!list.v[0].text.known);
    ck_assert(!list.v[0].pointer.known);
    ck_assert(list.v[0].placed);
    ck_assert_ptr_null(cvk_text_slice(&text, list.v[0].text).p);
    add(CVK_WARNING, CVK_E_FACTS_DES, NULL, "abc");
    assert_finding(1, CVK_WARNING, CVK_E_FACTS_DES, "abc");
}
END_TEST

START_TEST(stored_text_survives_the_growth_of_its_buffer)
{
    struct cvk_text first = cvk_text_store(&text, CVK_LITERAL("first"));
    struct cvk_text empty = cvk_text_store(&text, CVK_LITERAL(""));

    for (int i = 0; i < 10000; i++)
        ck_assert(cvk_text_store(&text, CVK_LITERAL("more")).known);
    assert_slice(cvk_text_slice(&text, first), "first");
    ck_assert(empty.known);
    ck_assert_ptr_nonnull(cvk_text_slice(&text, empty).p);
    ck_assert_uint_eq(cvk_text_slice(&text, empty).n, 0);
}
END_TEST

START_TEST(text_that_32_bits_do_not_reach_is_not_stored)
{
    cvk_buf_init(&text, SIZE_MAX / 4);
    ck_assert(!cvk_text_store(&text, cvk_slice_of("x", UINT32_MAX)).known);
    ck_assert_uint_eq(text.n, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("finding");
    TCase *tc = tcase_create("finding");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, findings_keep_their_order);
    tcase_add_test(tc, an_error_closes_the_list);
    tcase_add_test(tc, as_many_as_the_limit_are_all_kept);
    tcase_add_loop_test(tc, what_exceeds_the_limit_is_counted, 1, 4);
    tcase_add_test(tc, an_error_comes_behind_the_count);
    tcase_add_test(tc, an_error_fits_behind_a_full_list_without_a_count);
    tcase_add_test(tc, closing_twice_or_for_nothing_adds_nothing);
    tcase_add_test(tc, a_finding_keeps_its_place);
    tcase_add_loop_test(tc, places_are_put_into_words, 0,
                        sizeof places / sizeof *places);
    tcase_add_test(tc, words_far_beyond_the_limit_are_cut_at_it);
    tcase_add_test(tc, words_up_to_the_limit_are_kept);
    tcase_add_loop_test(tc, words_are_not_cut_inside_a_character, 0, 5);
    tcase_add_test(tc, a_finding_without_room_for_words_stays);
    tcase_add_test(tc, stored_text_survives_the_growth_of_its_buffer);
    tcase_add_test(tc, text_that_32_bits_do_not_reach_is_not_stored);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
