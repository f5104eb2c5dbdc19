/* SPDX-License-Identifier: MIT */
#include "input/text.h"

#include "base/utf8.h"
#include "unit.h"

#define S(text) {(const uint8_t *)(text), sizeof(text) - 1}

static struct cvk_buf wide;
static struct cvk_text_facts facts;
static struct cvk_slice text;

static void set_up(void)
{
    cvk_buf_init(&wide, 1 << 20);
}

static void tear_down(void)
{
    cvk_buf_clear(&wide);
}

static enum cvk_code decode(struct cvk_slice bytes)
{
    memset(&facts, 0x55, sizeof facts);
    return cvk_text_decode(bytes, &wide, &facts, &text);
}

static const struct {
    struct cvk_slice bytes;
    enum cvk_encoding encoding;
    size_t bom;
    struct cvk_slice text;
} good[] = {
    {S(""), CVK_UTF8, 0, S("")},
    {S("{"), CVK_UTF8, 0, S("{")},
    {S("\xff"), CVK_UTF8, 0, S("\xff")},
    {S("\0"), CVK_UTF8, 0, S("\0")},
    {S("{}"), CVK_UTF8, 0, S("{}")},
    {S("\0\0"), CVK_UTF8, 0, S("\0\0")},
    {S("{\"\xc3\xa4\"}"), CVK_UTF8, 0, S("{\"\xc3\xa4\"}")},
    {S("{}\0\0"), CVK_UTF8, 0, S("{}\0\0")},
    {S("\xc3\xa4\xff"), CVK_UTF8, 0, S("\xc3\xa4\xff")},
    /* marks, alone and before text */
    {S("\xef\xbb\xbf"), CVK_UTF8_BOM, 3, S("")},
    {S("\xef\xbb\xbf{}"), CVK_UTF8_BOM, 3, S("{}")},
    {S("\xef\xbb\xbf\xef\xbb\xbf"), CVK_UTF8_BOM, 3, S("\xef\xbb\xbf")},
    {S("\xef\xbb"), CVK_UTF8, 0, S("\xef\xbb")},
    {S("\xff\xfe"), CVK_UTF16LE, 2, S("")},
    {S("\xfe\xff"), CVK_UTF16BE, 2, S("")},
    {S("\xff\xfe{\0}\0"), CVK_UTF16LE, 2, S("{}")},
    {S("\xfe\xff\0{\0}"), CVK_UTF16BE, 2, S("{}")},
    /* a mark that comes twice: the second is text */
    {S("\xff\xfe\xff\xfe"), CVK_UTF16LE, 2, S("\xef\xbb\xbf")},
    /* without a mark: the first two bytes tell */
    {S("{\0}\0"), CVK_UTF16LE, 0, S("{}")},
    {S("\0{\0}"), CVK_UTF16BE, 0, S("{}")},
    {S("{\0"), CVK_UTF16LE, 0, S("{")},
    {S("\0{"), CVK_UTF16BE, 0, S("{")},
    {S(" \0\n\0"), CVK_UTF16LE, 0, S(" \n")},
    {S("{\0}\0\0\0"), CVK_UTF16LE, 0, S("{}\0")},
    /* one to four bytes of UTF-8, at the edges of their ranges */
    {S("\xff\xfe\x7f\0\x80\0\xff\x07\0\x08\xff\xd7\0\xe0\xff\xff"),
     CVK_UTF16LE, 2,
     S("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"
       "\xef\xbf\xbf")},
    {S("\xfe\xff\xd8\0\xdc\0\xdb\xff\xdf\xff"), CVK_UTF16BE, 2,
     S("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
    {S("\xff\xfe\x3d\xd8\xa9\xdc"), CVK_UTF16LE, 2, S("\xf0\x9f\x92\xa9")},
};

START_TEST(stored_text_becomes_utf8)
{
    ck_assert_int_eq(decode(good[_i].bytes), CVK_OK);
    ck_assert_str_eq(cvk_encoding_name(facts.encoding),
                     cvk_encoding_name(good[_i].encoding));
    ck_assert_uint_eq(facts.bom, good[_i].bom);
    ck_assert_uint_eq(facts.error_at, 0);
    ck_assert_uint_eq(text.n, good[_i].text.n);
    ck_assert_mem_eq(text.p, good[_i].text.p, text.n);
    ck_assert_uint_eq(text.p[text.n], 0);
}
END_TEST

START_TEST(utf8_is_not_copied)
{
    struct cvk_slice bytes = CVK_LITERAL("\xef\xbb\xbf{}");

    ck_assert_int_eq(decode(bytes), CVK_OK);
    ck_assert_ptr_eq(text.p, bytes.p + 3);
    ck_assert_ptr_null(wide.p);
}
END_TEST

static const struct {
    struct cvk_slice bytes;
    enum cvk_code code;
    size_t error_at;
} bad[] = {
    /* half a unit at the end */
    {S("{\0}"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("\0{}"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("\xff\xfe{"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    /* high surrogates: at the end, cut, before a letter, before a high one */
    {S("{\0\0\xd8"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("{\0\xff\xdb"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("{\0\0\xd8\0"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("{\0\0\xd8x\0"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("{\0\0\xd8\xff\xdb"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("{\0\0\xd8\0\xe0"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("\xfe\xff\xd8\0\0{"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    /* low surrogates without a high one */
    {S("{\0\0\xdc"), CVK_E_TEXT_UTF16_DAMAGED, 2},
    {S("\xff\xfe{\0\xff\xdf}\0"), CVK_E_TEXT_UTF16_DAMAGED, 4},
    {S("\xff\xfe\0\xd8\0\xdc\0\xdc"), CVK_E_TEXT_UTF16_DAMAGED, 6},
};

START_TEST(damaged_utf16_is_refused_with_its_place)
{
    ck_assert_int_eq(decode(bad[_i].bytes), bad[_i].code);
    ck_assert_uint_eq(facts.error_at, bad[_i].error_at);
}
END_TEST

START_TEST(utf32_is_told_from_utf16)
{
    static const struct cvk_slice utf32[] = {
        S("\xff\xfe\0\0"), S("\xff\xfe\0\0{\0\0\0"), S("\0\0\xfe\xff"),
        S("\0\0\xfe\xff\0\0\0{"), S("{\0\0\0"), S("\0\0\0{"),
        S("{\0\0\0}\0\0\0"),
    };
    static const struct cvk_slice others[] = {
        S("\xff\xfe\0"), S("\xff\xfe{\0\0\0"), S("{\0\0"), S("\0\0\xfe"),
        S("\0\0\0"), S("[\0\0\0"),
    };

    for (size_t i = 0; i < sizeof utf32 / sizeof *utf32; i++)
        ck_assert_int_eq(decode(utf32[i]), CVK_E_TEXT_UTF32);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_int_ne(decode(others[i]), CVK_E_TEXT_UTF32);
}
END_TEST

/* Writes cp as UTF-16 and returns the bytes it took. */
static size_t put_utf16(uint8_t *out, uint32_t cp, bool big)
{
    uint32_t v = cp - 0x10000;
    uint32_t units[2] = {cp < 0x10000 ? cp : 0xd800 | v >> 10,
                         0xdc00 | (v & 0x3ff)};
    size_t n = cp < 0x10000 ? 1 : 2;

    for (size_t i = 0; i < n; i++) {
        out[2 * i + (big ? 0 : 1)] = (uint8_t)(units[i] >> 8);
        out[2 * i + (big ? 1 : 0)] = (uint8_t)units[i];
    }
    return 2 * n;
}

START_TEST(every_scalar_value_is_converted)
{
    bool big = _i == 1;

    for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
        uint8_t bytes[9] = {0}, wanted[4];
        size_t n = 0, n_wanted;

        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        n += put_utf16(bytes, 0xfeff, big);
        n += put_utf16(bytes + n, cp, big);
        n_wanted = cvk_utf8_encode(cp, wanted);
        if (decode(cvk_slice_of(bytes, n)) || text.n != n_wanted ||
            memcmp(text.p, wanted, n_wanted) != 0)
            ck_abort_msg("U+%04x", cp);
    }
}
END_TEST

/* The worst growth is from two bytes to three. */
START_TEST(the_room_for_the_text_is_always_enough)
{
    static uint8_t bytes[3 + 2 * 5000];

    bytes[0] = 0xff;
    bytes[1] = 0xfe;
    for (size_t i = 2; i + 1 < sizeof bytes; i += 2)
        put_utf16(bytes + i, 0xffff, false);
    for (size_t n = 0; n <= 5000; n += n < 400 ? 1 : 500) {
        cvk_buf_clear(&wide);
        ck_assert_int_eq(decode(cvk_slice_of(bytes, 2 + 2 * n)), CVK_OK);
        ck_assert_uint_eq(text.n, 3 * n);
        ck_assert_uint_lt(text.n, wide.size);
    }
}
END_TEST

START_TEST(text_that_does_not_fit_is_a_matter_of_memory)
{
    cvk_buf_init(&wide, 5);
    ck_assert_int_eq(decode(CVK_LITERAL("{\0}\0")), CVK_E_MEMORY);
}
END_TEST

START_TEST(a_second_text_replaces_the_first)
{
    ck_assert_int_eq(decode(CVK_LITERAL("l\0o\0n\0g\0")), CVK_OK);
    ck_assert_int_eq(decode(CVK_LITERAL("{\0")), CVK_OK);
    assert_slice(text, "{");
    ck_assert_uint_eq(text.p[1], 0);
}
END_TEST

START_TEST(encodings_have_their_names)
{
    ck_assert_str_eq(cvk_encoding_name(CVK_UTF8), "utf-8");
    ck_assert_str_eq(cvk_encoding_name(CVK_UTF8_BOM), "utf-8-bom");
    ck_assert_str_eq(cvk_encoding_name(CVK_UTF16LE), "utf-16le");
    ck_assert_str_eq(cvk_encoding_name(CVK_UTF16BE), "utf-16be");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tc = tcase_create("text");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, stored_text_becomes_utf8, 0,
                        sizeof good / sizeof *good);
    tcase_add_test(tc, utf8_is_not_copied);
    tcase_add_loop_test(tc, damaged_utf16_is_refused_with_its_place, 0,
                        sizeof bad / sizeof *bad);
    tcase_add_test(tc, utf32_is_told_from_utf16);
    tcase_add_loop_test(tc, every_scalar_value_is_converted, 0, 2);
    tcase_add_test(tc, the_room_for_the_text_is_always_enough);
    tcase_add_test(tc, text_that_does_not_fit_is_a_matter_of_memory);
    tcase_add_test(tc, a_second_text_replaces_the_first);
    tcase_add_test(tc, encodings_have_their_names);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
