/* SPDX-License-Identifier: MIT */
#include "evidence/json_string.h"

#include <stdio.h>

#include "sample.h"
#include "unit.h"

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* RFC 3629 section 3, written down once more. */
static size_t encode(uint32_t cp, uint8_t out[4])
{
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (uint8_t)(0x80 | (cp & 0x3f));
    out[0] = (uint8_t)(leads[n] | cp);
    return n;
}

static void assert_unescaped(const char *token, const void *p, size_t n)
{
    struct cvk_buf out;

    cvk_buf_init(&out, 1 << 16);
    ck_assert(cvk_json_unescape(slice(token), &out));
    ck_assert_uint_eq(out.n, n);
    if (n)
        ck_assert_mem_eq(out.p, p, n);
    cvk_buf_clear(&out);
}

static const struct {
    const char *token, *text;
} tokens[] = {
    {"", ""},
    {"plain", "plain"},
    {"\\\"", "\""},
    {"\\\\", "\\"},
    {"\\/", "/"},
    {"\\b\\f\\n\\r\\t", "\b\f\n\r\t"},
    {"\\\\n", "\\n"},
    {"\\\\u0041", "\\u0041"},
    {"a\\u0041b", "aAb"},
    {"\\u00e4\\u20AC", "\xc3\xa4\xe2\x82\xac"},
    {"\\ud83d\\ude00!", "\xf0\x9f\x98\x80!"},
    {"caf\xc3\xa9\\n\xf0\x9f\x98\x80", "caf\xc3\xa9\n\xf0\x9f\x98\x80"},
};

START_TEST(escapes_stand_for_their_characters)
{
    assert_unescaped(tokens[_i].token, tokens[_i].text,
                     strlen(tokens[_i].text));
}
END_TEST

START_TEST(nul_is_a_character_like_others)
{
    assert_unescaped("a\\u0000b", "a\0b", 3);
}
END_TEST

START_TEST(every_unit_outside_the_surrogates_is_its_code_point)
{
    for (uint32_t cp = 0; cp < 0x10000; cp++) {
        char token[8];
        uint8_t wanted[4], got[4];
        size_t at = 0, n;

        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        snprintf(token, sizeof token, cp & 1 ? "\\u%04x" : "\\u%04X",
                 (unsigned)cp);
        n = cvk_json_char(slice(token), &at, got);
        ck_assert_uint_eq(at, 6);
        ck_assert_uint_eq(n, encode(cp, wanted));
        ck_assert_mem_eq(got, wanted, n);
    }
}
END_TEST

START_TEST(every_pair_is_one_code_point)
{
    for (uint32_t cp = 0x10000; cp <= 0x10ffff; cp += cp < 0x11000 ? 1 : 0x11) {
        char token[16];
        uint8_t wanted[4], got[4];
        size_t at = 0;

        snprintf(token, sizeof token, "\\u%04x\\u%04X",
                 (unsigned)(0xd800 + ((cp - 0x10000) >> 10)),
                 (unsigned)(0xdc00 + (cp & 0x3ff)));
        ck_assert_uint_eq(cvk_json_char(slice(token), &at, got), 4);
        ck_assert_uint_eq(at, 12);
        encode(cp, wanted);
        ck_assert_mem_eq(got, wanted, 4);
    }
}
END_TEST

START_TEST(characters_come_one_by_one)
{
    struct cvk_slice token = slice("a\\n\xc3\xa4\\ud83d\\ude00\xe2\x82\xac"
                                   "\xf0\x9f\x98\x80");
    static const size_t sizes[] = {1, 1, 2, 4, 3, 4};
    static const size_t ends[] = {1, 3, 5, 17, 20, 24};
    uint8_t c[4];
    size_t at = 0;

    for (size_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(cvk_json_char(token, &at, c), sizes[i]);
        ck_assert_uint_eq(at, ends[i]);
    }
    ck_assert_uint_eq(at, token.n);
}
END_TEST

START_TEST(a_full_buffer_is_reported)
{
    static const char *const longer[] = {"abcd", "abc\\n", "ab\\u00e4",
                                         "\\nabc"};

    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++) {
        struct cvk_buf out;

        cvk_buf_init(&out, 3);
        ck_assert(!cvk_json_unescape(slice(longer[i]), &out));
        cvk_buf_clear(&out);
    }
}
END_TEST

START_TEST(unescaping_appends)
{
    struct cvk_buf out;

    cvk_buf_init(&out, 16);
    ck_assert(cvk_json_unescape(slice("a\\t"), &out));
    ck_assert(cvk_json_unescape(slice("b"), &out));
    assert_slice(cvk_buf_slice(&out), "a\tb");
    cvk_buf_clear(&out);
}
END_TEST

static const struct {
    const char *a, *b;
    bool equal;
} pairs[] = {
    {"", "", true},
    {"KeyUrl", "keyURL", true},
    {"KeyUrl", "Key\\u0055\\u0072\\u006c", true},
    {"\\u004b\\u0065\\u0079", "\\u006B\\u0045Y", true},
    {"a\\/b", "A/B", true},
    {"\\u00e4", "\xc3\xa4", true},
    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80", true},
    {"\\u00e4", "\\u00c4", false}, /* ASCII letters only */
    {"k", "\\u212a", false},       /* KELVIN SIGN */
    {"i", "\\u0130", false},
    {"@", "`", false},
    {"[", "{", false},
    {"a", "", false},
    {"", "a", false},
    {"ab", "a", false},
    {"a", "a\\u0000", false},
    {"a\\n", "a\\\\n", false},
    {"abc", "abd", false},
};

START_TEST(only_the_case_of_ascii_letters_is_ignored)
{
    ck_assert(cvk_json_equal_nocase(slice(pairs[_i].a), slice(pairs[_i].b)) ==
              pairs[_i].equal);
    ck_assert(cvk_json_equal_nocase(slice(pairs[_i].b), slice(pairs[_i].a)) ==
              pairs[_i].equal);
    ck_assert((cvk_json_hash_nocase(slice(pairs[_i].a)) ==
               cvk_json_hash_nocase(slice(pairs[_i].b))) == pairs[_i].equal);
}
END_TEST

/* Tokens of a few characters, each written in one of several ways. */
START_TEST(comparing_and_hashing_are_the_same_as_unescaped)
{
    static const char *const parts[] = {
        "a", "A", "b", "\\u0061", "\\u0041", "\\n", "\\u000a", "/", "\\/",
        "\xc3\xa4", "\\u00e4", "\xc3\x84", "\\u00C4", "\xf0\x9f\x98\x80",
        "\\ud83d\\ude00", "\\\\"};
    uint64_t seed = 1;
    size_t equal = 0;

    for (size_t round = 0; round < 100000; round++) {
        struct cvk_buf tokens_of[2], strings[2];
        bool same;

        for (size_t k = 0; k < 2; k++) {
            cvk_buf_init(&tokens_of[k], 1 << 10);
            cvk_buf_init(&strings[k], 1 << 10);
            for (size_t n = 1 + sample_random(&seed) % 3; n > 0; n--)
                cvk_buf_append_string(
                    &tokens_of[k],
                    parts[sample_random(&seed) %
                          (sizeof parts / sizeof *parts)]);
            cvk_json_unescape(cvk_buf_slice(&tokens_of[k]), &strings[k]);
        }
        same = cvk_slice_equal_nocase(cvk_buf_slice(&strings[0]),
                                      cvk_buf_slice(&strings[1]));
        equal += same;
        ck_assert(cvk_json_equal_nocase(cvk_buf_slice(&tokens_of[0]),
                                        cvk_buf_slice(&tokens_of[1])) == same);
        ck_assert(
            (cvk_json_hash_nocase(cvk_buf_slice(&tokens_of[0])) ==
             cvk_json_hash_nocase(cvk_buf_slice(&tokens_of[1]))) == same);
        for (size_t k = 0; k < 2; k++) {
            cvk_buf_clear(&tokens_of[k]);
            cvk_buf_clear(&strings[k]);
        }
    }
    ck_assert_uint_gt(equal, 1000);
}
END_TEST

START_TEST(an_index_leads_back_to_the_token)
{
    struct cvk_slice token = slice("a\\n\xc3\xa4\\u20ac\\ud83d\\ude00z");
    static const size_t offsets[] = {0,  1,  3,  3,  5, 5,
                                     5,  11, 11, 11, 11, 23};

    for (size_t i = 0; i < 12; i++)
        ck_assert_uint_eq(cvk_json_offset(token, i), offsets[i]);
    ck_assert_uint_eq(cvk_json_offset(token, 12), token.n);
    ck_assert_uint_eq(cvk_json_offset(token, 1000), token.n);
    ck_assert_uint_eq(cvk_json_offset(slice(""), 0), 0);
}
END_TEST

START_TEST(a_byte_that_is_no_utf_8_stands_for_itself)
{
    struct cvk_slice token = slice("a\xff\xc3");
    uint8_t out[4];
    size_t at = 0;

    while (at < token.n) {
        uint8_t byte = token.p[at];

        ck_assert_uint_eq(cvk_json_char(token, &at, out), 1);
        ck_assert_int_eq(out[0], byte);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_string");
    TCase *tc = tcase_create("json_string");

    tcase_add_loop_test(tc, escapes_stand_for_their_characters, 0,
                        sizeof tokens / sizeof *tokens);
    tcase_add_test(tc, nul_is_a_character_like_others);
    tcase_add_test(tc, every_unit_outside_the_surrogates_is_its_code_point);
    tcase_add_test(tc, every_pair_is_one_code_point);
    tcase_add_test(tc, characters_come_one_by_one);
    tcase_add_test(tc, a_byte_that_is_no_utf_8_stands_for_itself);
    tcase_add_test(tc, a_full_buffer_is_reported);
    tcase_add_test(tc, unescaping_appends);
    tcase_add_loop_test(tc, only_the_case_of_ascii_letters_is_ignored, 0,
                        sizeof pairs / sizeof *pairs);
    tcase_add_test(tc, comparing_and_hashing_are_the_same_as_unescaped);
    tcase_add_test(tc, an_index_leads_back_to_the_token);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
