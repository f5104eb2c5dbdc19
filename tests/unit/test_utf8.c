/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "unit.h"

/* Well-formed sequences as Unicode table 3-7 lists them, byte by byte: an
 * account of UTF-8 that shares nothing with the decoder's arithmetic. */
static const struct {
    uint8_t n, low[4], high[4];
} table_3_7[] = {
    {1, {0x00}, {0x7f}},
    {2, {0xc2, 0x80}, {0xdf, 0xbf}},
    {3, {0xe0, 0xa0, 0x80}, {0xe0, 0xbf, 0xbf}},
    {3, {0xe1, 0x80, 0x80}, {0xec, 0xbf, 0xbf}},
    {3, {0xed, 0x80, 0x80}, {0xed, 0x9f, 0xbf}},
    {3, {0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf}},
    {4, {0xf0, 0x90, 0x80, 0x80}, {0xf0, 0xbf, 0xbf, 0xbf}},
    {4, {0xf1, 0x80, 0x80, 0x80}, {0xf3, 0xbf, 0xbf, 0xbf}},
    {4, {0xf4, 0x80, 0x80, 0x80}, {0xf4, 0x8f, 0xbf, 0xbf}},
};

static size_t table_length(struct cvk_slice s)
{
    for (size_t row = 0; row < sizeof table_3_7 / sizeof *table_3_7; row++) {
        size_t i = 0;

        while (i < table_3_7[row].n && i < s.n &&
               s.p[i] >= table_3_7[row].low[i] &&
               s.p[i] <= table_3_7[row].high[i])
            i++;
        if (i == table_3_7[row].n)
            return i;
    }
    return 0;
}

static void assert_as_the_table(const uint8_t *p, size_t n)
{
    struct cvk_slice s = cvk_slice_of(p, n);
    uint32_t cp = 0xabcdef;
    size_t length = cvk_utf8_decode(s, 0, &cp), wanted = table_length(s);

    if (length != wanted)
        ck_abort_msg("%02x %02x (%zu bytes): %zu, not %zu", p[0],
                     n > 1 ? p[1] : 0u, n, length, wanted);
    if (length == 1 && cp != p[0])
        ck_abort_msg("%02x is U+%04x", p[0], cp);
}

START_TEST(every_scalar_value_survives_encode_and_decode)
{
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        uint8_t bytes[5] = {0x5a, 0x5a, 0x5a, 0x5a, 0x5a};
        uint32_t back = 0xffffffff;
        size_t wanted = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        size_t n;

        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        n = cvk_utf8_encode(cp, bytes);
        if (n != wanted || bytes[n] != 0x5a)
            ck_abort_msg("U+%04x takes %zu bytes", cp, n);
        if (cvk_utf8_decode(cvk_slice_of(bytes, n), 0, &back) != n ||
            back != cp || table_length(cvk_slice_of(bytes, n)) != n)
            ck_abort_msg("U+%04x comes back as U+%04x", cp, back);
        for (size_t cut = 1; cut < n; cut++)
            if (cvk_utf8_decode(cvk_slice_of(bytes, cut), 0, &back) != 0)
                ck_abort_msg("U+%04x cut to %zu bytes is taken", cp, cut);
    }
}
END_TEST

START_TEST(all_strings_of_one_and_two_bytes_are_as_the_standard_has_them)
{
    for (unsigned v = 0; v < 0x10000; v++) {
        uint8_t p[2] = {(uint8_t)(v >> 8), (uint8_t)v};

        assert_as_the_table(p, 1);
        assert_as_the_table(p, 2);
    }
}
END_TEST

START_TEST(all_strings_of_three_bytes_are_as_the_standard_has_them)
{
    for (unsigned v = 0; v < 0x1000000; v++) {
        uint8_t p[3] = {(uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

        assert_as_the_table(p, 3);
    }
}
END_TEST

START_TEST(strings_of_four_bytes_at_the_edges_are_as_the_standard_has_them)
{
    static const uint8_t edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
                                    0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    uint8_t p[4];

    for (unsigned lead = 0xe0; lead <= 0xff; lead++)
        for (unsigned second = 0; second <= 0xff; second++)
            for (size_t i = 0; i < sizeof edges; i++)
                for (size_t j = 0; j < sizeof edges; j++) {
                    p[0] = (uint8_t)lead;
                    p[1] = (uint8_t)second;
                    p[2] = edges[i];
                    p[3] = edges[j];
                    assert_as_the_table(p, 4);
                }
}
END_TEST

/* Overlong forms of U+0000, '/', U+007F, U+07FF, U+FFFF; the first and last
 * surrogates; above U+10FFFF; five and six bytes; cut; broken off. */
static const struct cvk_slice bad[] = {
    {(const uint8_t *)"\xc0\x80", 2},
    {(const uint8_t *)"\xc0\xaf", 2},
    {(const uint8_t *)"\xe0\x80\xaf", 3},
    {(const uint8_t *)"\xf0\x80\x80\xaf", 4},
    {(const uint8_t *)"\xc1\xbf", 2},
    {(const uint8_t *)"\xe0\x9f\xbf", 3},
    {(const uint8_t *)"\xf0\x8f\xbf\xbf", 4},
    {(const uint8_t *)"\xed\xa0\x80", 3},
    {(const uint8_t *)"\xed\xbf\xbf", 3},
    {(const uint8_t *)"\xf4\x90\x80\x80", 4},
    {(const uint8_t *)"\xf7\xbf\xbf\xbf", 4},
    {(const uint8_t *)"\xf8\x88\x80\x80\x80", 5},
    {(const uint8_t *)"\xfc\x84\x80\x80\x80\x80", 6},
    {(const uint8_t *)"\xfe", 1},
    {(const uint8_t *)"\xff", 1},
    {(const uint8_t *)"\x80", 1},
    {(const uint8_t *)"\xbf", 1},
    {(const uint8_t *)"\xc3", 1},
    {(const uint8_t *)"\xe2\x82", 2},
    {(const uint8_t *)"\xf0\x9f\x92", 3},
    {(const uint8_t *)"\xc3(", 2},
    {(const uint8_t *)"\xe2\x82(", 3},
    {(const uint8_t *)"\xe2(\xac", 3},
    {(const uint8_t *)"\xf0\x9f\x92(", 4},
};

START_TEST(malformed_sequences_are_refused_and_give_no_code_point)
{
    uint32_t cp = 0x1234;

    ck_assert_uint_eq(cvk_utf8_decode(bad[_i], 0, &cp), 0);
    ck_assert_uint_eq(cp, 0x1234);
    ck_assert_uint_eq(table_length(bad[_i]), 0);
}
END_TEST

START_TEST(decode_starts_where_it_is_told)
{
    struct cvk_slice s = CVK_LITERAL("a\xc3\xa4\xf0\x9f\x92\xa9");
    uint32_t cp = 0;

    ck_assert_uint_eq(cvk_utf8_decode(s, 1, &cp), 2);
    ck_assert_uint_eq(cp, 0xe4);
    ck_assert_uint_eq(cvk_utf8_decode(s, 3, &cp), 4);
    ck_assert_uint_eq(cp, 0x1f4a9);
    ck_assert_uint_eq(cvk_utf8_decode(s, 2, &cp), 0);
    ck_assert_uint_eq(cvk_utf8_decode(s, 6, &cp), 0);
}
END_TEST

START_TEST(a_prefix_is_the_longest_that_cuts_no_sequence)
{
    /* one, two, three and four bytes: whole at 0, 1, 3, 6 and 10 */
    struct cvk_slice s = CVK_LITERAL("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa9");
    static const size_t wanted[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

    for (size_t max = 0; max < sizeof wanted / sizeof *wanted; max++) {
        struct cvk_slice prefix = cvk_utf8_prefix(s, max);

        ck_assert_ptr_eq(prefix.p, s.p);
        ck_assert_uint_eq(prefix.n, wanted[max]);
    }
    ck_assert_uint_eq(cvk_utf8_prefix(s, SIZE_MAX).n, s.n);
    ck_assert_uint_eq(cvk_utf8_prefix(CVK_LITERAL(""), 0).n, 0);
    ck_assert_uint_eq(cvk_utf8_prefix(CVK_LITERAL(""), 5).n, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tc = tcase_create("utf8");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_scalar_value_survives_encode_and_decode);
    tcase_add_test(
        tc, all_strings_of_one_and_two_bytes_are_as_the_standard_has_them);
    tcase_add_test(tc,
                   all_strings_of_three_bytes_are_as_the_standard_has_them);
    tcase_add_test(
        tc, strings_of_four_bytes_at_the_edges_are_as_the_standard_has_them);
    tcase_add_loop_test(tc,
                        malformed_sequences_are_refused_and_give_no_code_point,
                        0, sizeof bad / sizeof *bad);
    tcase_add_test(tc, decode_starts_where_it_is_told);
    tcase_add_test(tc, a_prefix_is_the_longest_that_cuts_no_sequence);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
