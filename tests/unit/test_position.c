/* SPDX-License-Identifier: MIT */
#include "evidence/position.h"

#include "sample.h"
#include "unit.h"

/* a, a two-byte letter, a pair, LF, CRLF, a three-byte letter, an empty line */
static const char text[] = "a\xc3\xa4\xf0\x9f\x98\x80\nb\r\n\xe2\x82\xac\n\nz";

static const struct {
    size_t at;
    uint64_t narrow, wide, line, column; /* offsets in UTF-8 and UTF-16 */
} places[] = {
    {0, 0, 0, 1, 1},      /* a */
    {1, 1, 2, 1, 2},      /* U+00E4 */
    {3, 3, 4, 1, 3},      /* U+1F600 */
    {7, 7, 8, 1, 4},      /* LF */
    {8, 8, 10, 2, 1},     /* b */
    {9, 9, 12, 2, 2},     /* CR */
    {10, 10, 14, 2, 3},   /* LF */
    {11, 11, 16, 3, 1},   /* U+20AC */
    {14, 14, 18, 3, 2},   /* LF */
    {15, 15, 20, 4, 1},   /* LF */
    {16, 16, 22, 5, 1},   /* z */
    {17, 17, 24, 5, 2},   /* the end */
    {18, 17, 24, 5, 2},   /* behind the end */
    {2, 1, 2, 1, 2},      /* inside U+00E4 */
    {4, 3, 4, 1, 3},      /* inside U+1F600 */
    {6, 3, 4, 1, 3},
    {13, 11, 16, 3, 1},   /* inside U+20AC */
};

static const struct {
    enum cvk_encoding encoding;
    size_t bom;
} stored[] = {
    {CVK_UTF8, 0},    {CVK_UTF8_BOM, 3}, {CVK_UTF16LE, 0},
    {CVK_UTF16LE, 2}, {CVK_UTF16BE, 0},  {CVK_UTF16BE, 2},
};

START_TEST(places_are_those_of_the_stored_document)
{
    struct cvk_document_text doc = {
        .text = CVK_LITERAL(text),
        .encoding = stored[_i].encoding,
        .bom = stored[_i].bom,
    };
    bool wide = stored[_i].encoding == CVK_UTF16LE ||
                stored[_i].encoding == CVK_UTF16BE;

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct cvk_place p = cvk_position_find(&doc, places[i].at);

        ck_assert(p.known);
        ck_assert_ptr_null(p.pointer.p);
        ck_assert_uint_eq(p.offset,
                          (wide ? places[i].wide : places[i].narrow) + doc.bom);
        ck_assert_uint_eq(p.line, places[i].line);
        ck_assert_uint_eq(p.column, places[i].column);
    }
}
END_TEST

START_TEST(a_byte_that_is_no_utf8_counts_as_one_character)
{
    struct cvk_document_text doc = {
        .text = CVK_LITERAL("a\xff\xc3z"),
        .encoding = CVK_UTF8,
    };
    struct cvk_place p = cvk_position_find(&doc, 3);

    ck_assert_uint_eq(p.offset, 3);
    ck_assert_uint_eq(p.column, 4);
    p = cvk_position_find(&doc, 1);
    ck_assert_uint_eq(p.offset, 1);
    ck_assert_uint_eq(p.column, 2);
}
END_TEST

/* Places remembered on the way change no answer, in whatever order. */
START_TEST(a_large_text_gives_the_same_places_in_any_order)
{
    static uint8_t large[40000];
    static struct cvk_document_text doc, fresh;
    uint64_t seed = 1;

    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)text[i % (sizeof text - 1)];
    doc = (struct cvk_document_text){
        .text = cvk_slice_of(large, sizeof large),
        .encoding = stored[_i].encoding,
        .bom = stored[_i].bom};
    for (size_t i = 0; i < 500; i++) {
        size_t at = sample_random(&seed) % (sizeof large + 2);
        struct cvk_place got = cvk_position_find(&doc, at), wanted;

        fresh = doc;
        fresh.n_marks = 0;
        wanted = cvk_position_find(&fresh, at);
        ck_assert_uint_eq(got.offset, wanted.offset);
        ck_assert_uint_eq(got.line, wanted.line);
        ck_assert_uint_eq(got.column, wanted.column);
    }
    ck_assert_uint_gt(doc.n_marks, 0);
}
END_TEST

START_TEST(an_empty_text_has_one_place)
{
    struct cvk_document_text doc = {
        .text = CVK_LITERAL(""), .encoding = CVK_UTF8_BOM, .bom = 3};
    struct cvk_place p = cvk_position_find(&doc, 0);

    ck_assert_uint_eq(p.offset, 3);
    ck_assert_uint_eq(p.line, 1);
    ck_assert_uint_eq(p.column, 1);
}
END_TEST

START_TEST(only_lf_ends_a_line)
{
    struct cvk_document_text doc = {
        .text = CVK_LITERAL("a\rb\xe2\x80\xa8" "c\xc2\x85" "d\f\v"),
        .encoding = CVK_UTF8};
    struct cvk_place p = cvk_position_find(&doc, doc.text.n);

    ck_assert_uint_eq(p.line, 1);
    ck_assert_uint_eq(p.column, 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("position");
    TCase *tc = tcase_create("position");

    tcase_add_loop_test(tc, places_are_those_of_the_stored_document, 0,
                        sizeof stored / sizeof *stored);
    tcase_add_test(tc, a_byte_that_is_no_utf8_counts_as_one_character);
    tcase_add_loop_test(tc, a_large_text_gives_the_same_places_in_any_order, 0,
                        sizeof stored / sizeof *stored);
    tcase_add_test(tc, an_empty_text_has_one_place);
    tcase_add_test(tc, only_lf_ends_a_line);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
