/* SPDX-License-Identifier: MIT */
#include "evidence/b64.h"

#include <nettle/base64.h>

#include "evidence/b64_avx2.h"
#include "sample.h"
#include "unit.h"

/* RFC 4648 table 1; table 2 differs in the last two. */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Decodes into memory of exactly the size the header asks for. */
static enum cvk_code decode(struct cvk_slice text, struct cvk_b64 *r,
                            uint8_t *copy)
{
    uint8_t *out = malloc(cvk_b64_room(text.n));
    enum cvk_code code = cvk_b64_decode(text, out, r);

    ck_assert_uint_le(r->size, cvk_b64_room(text.n));
    if (copy)
        memcpy(copy, out, r->size);
    free(out);
    return code;
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

START_TEST(every_group_of_one_byte)
{
    for (unsigned i = 0; i < 64; i++)
        for (unsigned k = 0; k < 64; k++) {
            char text[] = {alphabet[i], alphabet[k], '=', '='};
            struct cvk_b64 r;
            uint8_t out[1];

            for (size_t n = 2; n <= 4; n += 2) {
                ck_assert_int_eq(decode(cvk_slice_of(text, n), &r, out),
                                 CVK_OK);
                ck_assert_uint_eq(r.size, 1);
                ck_assert_uint_eq(out[0], i << 2 | k >> 4);
                ck_assert(r.unused_bits == ((k & 15) != 0));
                ck_assert(r.unpadded == (n == 2));
                ck_assert_uint_eq(r.padding, n - 2);
                ck_assert_uint_eq(r.last_symbol, 1);
            }
        }
}
END_TEST

START_TEST(every_group_of_two_bytes)
{
    for (unsigned i = 0; i < 64 * 64 * 64; i++) {
        char text[] = {alphabet[i >> 12], alphabet[i >> 6 & 63],
                       alphabet[i & 63], '='};
        struct cvk_b64 r;
        uint8_t out[2];

        for (size_t n = 3; n <= 4; n++) {
            ck_assert_int_eq(decode(cvk_slice_of(text, n), &r, out), CVK_OK);
            ck_assert_uint_eq(r.size, 2);
            ck_assert_uint_eq(out[0], i >> 10);
            ck_assert_uint_eq(out[1], i >> 2 & 255);
            ck_assert(r.unused_bits == ((i & 3) != 0));
            ck_assert(r.unpadded == (n == 3));
            ck_assert_uint_eq(r.padding, n - 3);
            ck_assert_uint_eq(r.last_symbol, 2);
        }
    }
}
END_TEST

static void check_byte(int c)
{
    for (size_t at = 0; at < 8; at++) {
        char text[] = "AAAAAAAA";
        uint8_t out[6], wanted[6] = {0};
        struct cvk_b64 r;
        enum cvk_code code;
        const char *hit = c ? strchr(alphabet, c) : NULL;

        text[at] = (char)c;
        code = decode(cvk_slice_of(text, 8), &r, out);
        if (hit) {
            uint32_t v = (uint32_t)(hit - alphabet) << (18 - at % 4 * 6);

            for (size_t k = 0; k < 3; k++)
                wanted[at / 4 * 3 + k] = (uint8_t)(v >> (16 - 8 * k));
            ck_assert_int_eq(code, CVK_OK);
            ck_assert_uint_eq(r.size, 6);
            ck_assert_mem_eq(out, wanted, 6);
            ck_assert_uint_eq(r.symbols, 8);
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            ck_assert_int_eq(code, CVK_OK);
            ck_assert_uint_eq(r.size, 5);
            ck_assert_uint_eq(r.whitespace, 1);
            ck_assert_uint_eq(r.first_whitespace, at);
            ck_assert(r.unpadded);
        } else if (c == '=') {
            ck_assert_int_eq(code, at < 7 ? CVK_E_B64_PADDING : CVK_OK);
            ck_assert(at == 7 || r.error_at == at);
        } else {
            ck_assert_int_eq(code, c == '-' || c == '_'
                                       ? CVK_E_B64_URL_ALPHABET
                                       : CVK_E_B64_ALPHABET);
            ck_assert_uint_eq(r.error_at, at);
        }
    }
}

START_TEST(every_byte_at_every_place)
{
    for (int c = 0; c < 256; c++)
        check_byte(c);
}
END_TEST

/* What FromBase64String refuses, and where; a bar stands before the place. */
static const struct {
    const char *text;
    enum cvk_code code;
} refused[] = {
    {"A|", CVK_E_B64_LENGTH},
    {"AAAAA|", CVK_E_B64_LENGTH},
    {"AAAA A\n|", CVK_E_B64_LENGTH},
    {"|=", CVK_E_B64_PADDING},
    {"|==", CVK_E_B64_PADDING},
    {"|===", CVK_E_B64_PADDING},
    {"|====", CVK_E_B64_PADDING},
    {" |=", CVK_E_B64_PADDING},
    {"A|=", CVK_E_B64_PADDING},
    {"A|==", CVK_E_B64_PADDING},
    {"A|===", CVK_E_B64_PADDING},
    {"A|=AA", CVK_E_B64_PADDING},
    {"|=AAA", CVK_E_B64_PADDING},
    {"AA|=", CVK_E_B64_PADDING},
    {"AA|=\n", CVK_E_B64_PADDING},
    {"AA|=A", CVK_E_B64_PADDING},
    {"AA|=A=", CVK_E_B64_PADDING},
    {"AA|===", CVK_E_B64_PADDING},
    {"AA|======", CVK_E_B64_PADDING},
    {"AAA|==", CVK_E_B64_PADDING},
    {"AAA|=====", CVK_E_B64_PADDING},
    {"AAA|=A", CVK_E_B64_PADDING},
    {"AAAA|=", CVK_E_B64_PADDING},
    {"AAAA|==", CVK_E_B64_PADDING},
    {"AAAA|====", CVK_E_B64_PADDING},
    {"AA|==AAAA", CVK_E_B64_PADDING},
    {"AAA|=AAAA", CVK_E_B64_PADDING},
    {"AA|== AA==", CVK_E_B64_PADDING},
    {"AAAAA|=", CVK_E_B64_PADDING},
    {"AAAAA|===", CVK_E_B64_PADDING},
    {"AA==|!", CVK_E_B64_ALPHABET},
    {"AA=|.", CVK_E_B64_ALPHABET},
    {"AA=|-", CVK_E_B64_URL_ALPHABET},
    {"AAAA|-AA=", CVK_E_B64_URL_ALPHABET},
    {"AA|_A", CVK_E_B64_URL_ALPHABET},
    {"AA|%3D%3D", CVK_E_B64_PERCENT_ENCODED},
    {"AAAA|%2fA", CVK_E_B64_PERCENT_ENCODED},
    {"AAA=|%0A", CVK_E_B64_PERCENT_ENCODED},
    {"AAA|%253D", CVK_E_B64_PERCENT_ENCODED},
    {"AA|%AB", CVK_E_B64_ALPHABET},
    {"AA|%3", CVK_E_B64_ALPHABET},
    {"AA|%3g", CVK_E_B64_ALPHABET},
    {"AA|%G3", CVK_E_B64_ALPHABET},
    {"AA|%%3D", CVK_E_B64_ALPHABET},
    {"AAAA\n|\v", CVK_E_B64_ALPHABET},
    {"AAAA|\f", CVK_E_B64_ALPHABET},
    {"AAAA|\xc2\xa0", CVK_E_B64_ALPHABET},
    {"|\xef\xbb\xbf" "AAAA", CVK_E_B64_ALPHABET},
    {"AA|,A", CVK_E_B64_ALPHABET},
    {"|\"AAAA\"", CVK_E_B64_ALPHABET},
    {"AA|@A-", CVK_E_B64_ALPHABET},
    {"AA|[A", CVK_E_B64_ALPHABET},
    {"AA|`A", CVK_E_B64_ALPHABET},
    {"AA|{A", CVK_E_B64_ALPHABET},
    {"AA|:A", CVK_E_B64_ALPHABET},
    {"AA|*A", CVK_E_B64_ALPHABET},
};

START_TEST(what_dotnet_refuses_is_refused_at_its_place)
{
    const char *from = refused[_i].text, *mark = strchr(from, '|');
    size_t n = (size_t)(mark - from);
    char text[32];
    struct cvk_b64 r;

    memcpy(text, from, n);
    memcpy(text + n, mark + 1, strlen(mark));
    ck_assert_str_eq(cvk_code_id(decode(slice(text), &r, NULL)),
                     cvk_code_id(refused[_i].code));
    ck_assert_uint_eq(r.error_at, n);
}
END_TEST

START_TEST(nuls_behind_characters_are_utf16)
{
    struct cvk_b64 r;

    ck_assert_int_eq(decode(CVK_LITERAL("A\0A\0A\0A\0"), &r, NULL),
                     CVK_E_B64_UTF16);
    ck_assert_uint_eq(r.error_at, 1);
    ck_assert_int_eq(decode(CVK_LITERAL("\0A\0A\0A\0A"), &r, NULL),
                     CVK_E_B64_UTF16);
    ck_assert_uint_eq(r.error_at, 0);
    ck_assert_int_eq(decode(CVK_LITERAL("AAA\0AAAA"), &r, NULL),
                     CVK_E_B64_ALPHABET);
    ck_assert_uint_eq(r.error_at, 3);
    ck_assert_int_eq(decode(CVK_LITERAL("AAAA\0\0\0\0"), &r, NULL),
                     CVK_E_B64_ALPHABET);
    ck_assert_int_eq(decode(CVK_LITERAL("AAAA\0A"), &r, NULL),
                     CVK_E_B64_ALPHABET);
    ck_assert_int_eq(decode(CVK_LITERAL("AAAA\0"), &r, NULL),
                     CVK_E_B64_ALPHABET);
}
END_TEST

START_TEST(white_space_is_ignored_anywhere)
{
    static const char text[] = "Zm9vYmFyZg==";
    static const char space[] = " \t\r\n";

    for (size_t at = 0; at < sizeof text; at++)
        for (size_t count = 1; count < 10; count++) {
            char spaced[32];
            uint8_t out[8];
            struct cvk_b64 r;

            memcpy(spaced, text, at);
            for (size_t k = 0; k < count; k++)
                spaced[at + k] = space[(at + k) % 4];
            memcpy(spaced + at + count, text + at, sizeof text - at);
            ck_assert_int_eq(decode(slice(spaced), &r, out), CVK_OK);
            ck_assert_uint_eq(r.size, 7);
            ck_assert_mem_eq(out, "foobarf", 7);
            ck_assert_uint_eq(r.whitespace, count);
            ck_assert_uint_eq(r.first_whitespace, at);
            ck_assert_uint_eq(r.symbols, 10);
            ck_assert_uint_eq(r.padding, 2);
            ck_assert_uint_eq(r.last_symbol, at < 10 ? 9 + count : 9);
            ck_assert(!r.unpadded && !r.unused_bits);
        }
}
END_TEST

START_TEST(white_space_may_stand_between_all_characters)
{
    struct cvk_b64 r;
    uint8_t out[8];

    ck_assert_int_eq(decode(slice("\nZ m\t9\rv\nY = = \r\n"), &r, out),
                     CVK_E_B64_PADDING);
    ck_assert_int_eq(decode(slice("\nZ m\t9\rv\nY g\n=\n=\r\n"), &r, out),
                     CVK_OK);
    ck_assert_uint_eq(r.size, 4);
    ck_assert_mem_eq(out, "foob", 4);
    ck_assert_uint_eq(r.whitespace, 10);
    ck_assert_uint_eq(r.first_whitespace, 0);
}
END_TEST

START_TEST(nothing_is_empty)
{
    struct cvk_b64 r;

    ck_assert_int_eq(decode(slice(""), &r, NULL), CVK_OK);
    ck_assert_uint_eq(r.size, 0);
    ck_assert_uint_eq(r.symbols, 0);
    ck_assert(!r.unpadded);
    ck_assert_int_eq(decode(slice(" \n"), &r, NULL), CVK_OK);
    ck_assert_uint_eq(r.size, 0);
    ck_assert_uint_eq(r.whitespace, 2);
    ck_assert_uint_eq(r.last_symbol, 0);
}
END_TEST

/* With UBSan of clang nothing may be added to NULL. */
START_TEST(a_text_that_is_absent_is_empty)
{
    struct cvk_slice absent = {NULL, 0};
    uint8_t out[4];
    struct cvk_b64 r;
    size_t size = 1, error_at = 1;

    ck_assert_int_eq(cvk_b64_decode(absent, out, &r), CVK_OK);
    ck_assert_uint_eq(r.size + r.symbols, 0);
    ck_assert_int_eq(cvk_b64url_decode(absent, out, &size, &error_at),
                     CVK_B64URL_OK);
    ck_assert_uint_eq(size, 0);
}
END_TEST

/* nettle is the third opinion: neither our decoder nor libb64. */
START_TEST(random_bytes_come_back)
{
    uint64_t seed = 1;

    for (size_t n = 0; n < 400; n++) {
        uint8_t bytes[400], out[400];
        char text[BASE64_ENCODE_RAW_LENGTH(400) + 1];
        size_t length = BASE64_ENCODE_RAW_LENGTH(n);
        struct cvk_b64 r;

        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)sample_random(&seed);
        base64_encode_raw(text, n, bytes);
        ck_assert_int_eq(decode(cvk_slice_of(text, length), &r, out), CVK_OK);
        ck_assert_uint_eq(r.size, n);
        ck_assert(n == 0 || !memcmp(out, bytes, n));
        ck_assert_uint_eq(r.padding, (3 - n % 3) % 3);
        ck_assert_uint_eq(r.symbols, length - r.padding);
        ck_assert_uint_eq(r.symbols, cvk_b64_length(n));
        ck_assert(!r.whitespace && !r.unpadded && !r.unused_bits);
    }
}
END_TEST

/* ---- the same, slowly ---------------------------------------------------- */

/* Its number in the alphabet, 64 if it is not there. */
static unsigned sextet(uint8_t c, bool is_url)
{
    const char *hit = c ? strchr(alphabet, c) : NULL;

    if (is_url && (c == '+' || c == '/'))
        return 64;
    if (is_url && (c == '-' || c == '_'))
        return c == '-' ? 62 : 63;
    return hit ? (unsigned)(hit - alphabet) : 64;
}

/* Appends the bits of one character; returns the bytes that are complete. */
static size_t push(uint8_t *out, size_t bits, unsigned v)
{
    for (size_t b = 0; b < 6; b++, bits++) {
        if (bits % 8 == 0)
            out[bits / 8] = 0;
        out[bits / 8] |= (uint8_t)((v >> (5 - b) & 1) << (7 - bits % 8));
    }
    return bits / 8;
}

/* Walks text character by character, as the comments of b64.h have it. */
static enum cvk_code decode_slowly(struct cvk_slice text, uint8_t *out,
                                   struct cvk_b64 *r)
{
    size_t first_padding = 0, rest;

    *r = (struct cvk_b64){0};
    for (size_t at = 0; at < text.n; at++) {
        uint8_t c = text.p[at];
        unsigned v = sextet(c, false);

        if (c == '=') {
            first_padding = r->padding++ ? first_padding : at;
        } else if (c && strchr(" \t\r\n", c)) {
            r->first_whitespace = r->whitespace++ ? r->first_whitespace : at;
        } else if (v == 64 || r->padding) {
            r->error_at = v == 64 ? at : first_padding;
            return v < 64                 ? CVK_E_B64_PADDING
                   : c == '-' || c == '_' ? CVK_E_B64_URL_ALPHABET
                                          : CVK_E_B64_ALPHABET;
        } else {
            r->size = push(out, 6 * r->symbols++, v);
            r->last_symbol = at;
        }
    }
    rest = r->symbols % 4;
    r->unused_bits = rest > 1 && out[r->size] != 0;
    r->error_at = r->padding ? first_padding : text.n;
    if (rest == 1 && !r->padding)
        return CVK_E_B64_LENGTH;
    if (r->padding && (rest < 2 || r->padding != 4 - rest))
        return CVK_E_B64_PADDING;
    r->unpadded = rest && !r->padding;
    return CVK_OK;
}

/* Decodes text both ways, from memory of exactly its size that starts at an
 * odd address. */
static void compare(struct cvk_slice text)
{
    uint8_t *copy = malloc(text.n + 1), out[400], wanted[400];
    struct cvk_slice s = cvk_slice_of(copy + 1, text.n);
    struct cvk_b64 r, w;
    enum cvk_code code;

    if (text.n)
        memcpy(copy + 1, text.p, text.n);
    code = decode_slowly(s, wanted, &w);
    ck_assert_int_eq(decode(s, &r, out), code);
    ck_assert(!code || r.error_at == w.error_at);
    if (code != CVK_E_B64_LENGTH)
        ck_assert_uint_eq(r.symbols, w.symbols);
    if (!code) {
        ck_assert_uint_eq(r.size, w.size);
        ck_assert(!w.size || !memcmp(out, wanted, w.size));
        ck_assert_uint_eq(r.padding, w.padding);
        ck_assert_uint_eq(r.whitespace, w.whitespace);
        ck_assert_uint_eq(r.first_whitespace, w.first_whitespace);
        ck_assert_uint_eq(r.last_symbol, w.last_symbol);
        ck_assert(r.unpadded == w.unpadded);
        ck_assert(r.unused_bits == w.unused_bits);
    }
    free(copy);
}

static void compare_url(struct cvk_slice text)
{
    uint8_t *copy = malloc(text.n + 1), out[400], wanted[400];
    size_t at = 0, size = 0, wanted_size = 0, error_at;
    struct cvk_slice s = cvk_slice_of(copy + 1, text.n);
    enum cvk_b64url_end end;

    if (text.n)
        memcpy(copy + 1, text.p, text.n);
    while (at < text.n && sextet(s.p[at], true) < 64) {
        wanted_size = push(wanted, 6 * at, sextet(s.p[at], true));
        at++;
    }
    end = at < text.n                        ? CVK_B64URL_ALPHABET
          : at % 4 == 1                      ? CVK_B64URL_LENGTH
          : at % 4 && wanted[wanted_size]    ? CVK_B64URL_UNUSED_BITS
                                             : CVK_B64URL_OK;
    ck_assert_int_eq(cvk_b64url_decode(s, out, &size, &error_at), end);
    if (end == CVK_B64URL_ALPHABET)
        ck_assert_uint_eq(error_at, at);
    else
        ck_assert_uint_eq(size, wanted_size);
    if (end == CVK_B64URL_OK && size)
        ck_assert_mem_eq(out, wanted, size);
    free(copy);
}

START_TEST(every_byte_at_every_place_of_a_long_text)
{
    char text[128 + 1];

    for (size_t at = 0; at < 128; at++)
        for (unsigned c = 0; c < 256; c++) {
            for (size_t i = 0; i < 128; i++)
                text[i] = alphabet[(i * 7 + c) % 62];
            text[at] = (char)c;
            compare(cvk_slice_of(text, 128));
            compare_url(cvk_slice_of(text, 128));
        }
}
END_TEST

/* Text of n characters with a few changed, and white space in between. */
static size_t random_text(char text[400], size_t n, uint64_t *seed)
{
    static const char odd[] = " \t\r\n==-_.\v\x80\xff";
    size_t changes = sample_random(seed) % 4;
    bool spaced = sample_random(seed) % 3 == 0;
    size_t length = 0, width = 1 + sample_random(seed) % 80;

    for (size_t i = 0; i < n; i++) {
        text[length++] = alphabet[sample_random(seed) % 64];
        if (spaced && sample_random(seed) % width == 0)
            text[length++] = odd[sample_random(seed) % 4];
    }
    for (size_t i = 0; i < 2 && sample_random(seed) % 2; i++)
        text[length++] = '=';
    for (; length && changes > 0; changes--)
        text[sample_random(seed) % length] =
            changes % 2 ? odd[sample_random(seed) % (sizeof odd - 1)]
                        : (char)sample_random(seed);
    return length;
}

START_TEST(random_text_decodes_the_same_slowly)
{
    uint64_t seed = (uint64_t)_i;

    for (size_t n = 0; n <= 195; n++)
        for (size_t round = 0; round < 50; round++) {
            char text[400];
            size_t length = random_text(text, n, &seed);
            struct cvk_slice s = cvk_slice_of(text, length);

            if (!length || !memchr(text, 0, length)) /* UTF-16 is elsewhere */
                compare(s);
            for (size_t i = 0; i < length; i++)
                text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
            compare_url(s);
        }
}
END_TEST

/* False on processors that have none. */
static bool has_wide_path(void)
{
    uint8_t out[24 + 4];
    size_t n = cvk_b64_avx2_decode(
        CVK_LITERAL("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), false, out);

    ck_assert(n == 0 || n == 32);
    return n > 0;
}

/* What the wide path takes of text whose first wrong character is at bad: all
 * pieces of 32 before it; and what it writes. */
static void check_wide(struct cvk_slice text, size_t bad, bool is_url)
{
    size_t n = has_wide_path() ? bad / 32 * 32 : 0, size = 0;
    uint8_t *out = malloc(cvk_b64_room(n)), wanted[200];

    ck_assert_uint_eq(cvk_b64_avx2_decode(text, is_url, out), n);
    for (size_t i = 0; i < n; i++)
        size = push(wanted, 6 * i, sextet(text.p[i], is_url));
    ck_assert(!size || !memcmp(out, wanted, size));
    free(out);
}

START_TEST(the_wide_path_stops_before_what_is_wrong)
{
    static const char wrong[2][4] = {"-_=\x80", "+/=\x80"};
    uint64_t seed = 3;

    for (size_t n = 0; n <= 200; n++)
        for (size_t bad = 0; bad <= n; bad++) {
            bool is_url = sample_random(&seed) % 2;
            char text[201];

            for (size_t i = 0; i < n; i++)
                text[i] = alphabet[sample_random(&seed) % 62];
            text[bad] = wrong[is_url][sample_random(&seed) % 4];
            check_wide(cvk_slice_of(text, n), bad, is_url);
        }
}
END_TEST

/* ---- base64url ---------------------------------------------------------- */

static enum cvk_b64url_end decode_url(struct cvk_slice text, uint8_t *copy,
                                      size_t *size, size_t *error_at)
{
    uint8_t *out = malloc(cvk_b64_room(text.n));
    enum cvk_b64url_end end = cvk_b64url_decode(text, out, size, error_at);

    ck_assert_uint_le(*size, cvk_b64_room(text.n));
    if (copy)
        memcpy(copy, out, *size);
    free(out);
    return end;
}

static void check_url_byte(int c)
{
    const char *hit = c ? strchr(alphabet, c) : NULL;
    bool good = (hit && c != '+' && c != '/') || c == '-' || c == '_';

    ck_assert(cvk_b64url_char((uint8_t)c) == good);
    for (size_t at = 0; at < 8; at++) {
        char text[] = "AAAAAAAA";
        size_t size, error_at;

        text[at] = (char)c;
        ck_assert_int_eq(decode_url(cvk_slice_of(text, 8), NULL, &size,
                                    &error_at),
                         good ? CVK_B64URL_OK : CVK_B64URL_ALPHABET);
        ck_assert(good ? size == 6 : error_at == at);
    }
}

START_TEST(url_knows_64_characters_and_ignores_none)
{
    for (int c = 0; c < 256; c++)
        check_url_byte(c);
}
END_TEST

START_TEST(url_ends_canonically)
{
    for (unsigned i = 0; i < 64 * 64 * 64; i++) {
        char text[] = {alphabet[i >> 12], alphabet[i >> 6 & 63],
                       alphabet[i & 63]};
        size_t size, error_at;
        uint8_t out[2];

        for (size_t n = 2; n <= 3; n++) {
            unsigned unused = n == 2 ? i >> 6 & 15 : i & 3;

            for (size_t k = 0; k < 3; k++)
                text[k] = text[k] == '+' ? '-' : text[k] == '/' ? '_' : text[k];
            ck_assert_int_eq(decode_url(cvk_slice_of(text, n), out, &size,
                                        &error_at),
                             unused ? CVK_B64URL_UNUSED_BITS : CVK_B64URL_OK);
            ck_assert_uint_eq(size, n - 1);
            ck_assert_uint_eq(out[0], i >> 10);
            ck_assert(n == 2 || out[1] == (i >> 2 & 255));
            ck_assert(!unused || error_at == n - 1);
        }
    }
}
END_TEST

START_TEST(url_cannot_have_one_character_left)
{
    size_t size, error_at;

    for (size_t n = 0; n < 20; n++) {
        ck_assert_int_eq(decode_url(cvk_slice_of("AAAAAAAAAAAAAAAAAAAAA", n),
                                    NULL, &size, &error_at),
                         n % 4 == 1 ? CVK_B64URL_LENGTH : CVK_B64URL_OK);
        ck_assert(n % 4 != 1 || error_at == n - 1);
    }
}
END_TEST

START_TEST(url_random_bytes_come_back)
{
    uint64_t seed = 2;

    for (size_t n = 0; n < 400; n++) {
        uint8_t bytes[400], out[400];
        char text[BASE64_ENCODE_RAW_LENGTH(400) + 1];
        size_t size, error_at, length = cvk_b64_length(n);

        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)sample_random(&seed);
        base64_encode_raw(text, n, bytes);
        for (size_t k = 0; k < length; k++)
            text[k] = text[k] == '+' ? '-' : text[k] == '/' ? '_' : text[k];
        ck_assert_int_eq(decode_url(cvk_slice_of(text, length), out, &size,
                                    &error_at),
                         CVK_B64URL_OK);
        ck_assert_uint_eq(size, n);
        ck_assert(n == 0 || !memcmp(out, bytes, n));
        if (length % 4)
            ck_assert_int_eq(decode_url(cvk_slice_of(text, length + 1), out,
                                        &size, &error_at),
                             CVK_B64URL_ALPHABET); /* '=' */
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("b64");
    TCase *tc = tcase_create("b64");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_group_of_one_byte);
    tcase_add_test(tc, every_group_of_two_bytes);
    tcase_add_test(tc, every_byte_at_every_place);
    tcase_add_loop_test(tc, what_dotnet_refuses_is_refused_at_its_place, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(tc, nuls_behind_characters_are_utf16);
    tcase_add_test(tc, white_space_is_ignored_anywhere);
    tcase_add_test(tc, white_space_may_stand_between_all_characters);
    tcase_add_test(tc, nothing_is_empty);
    tcase_add_test(tc, a_text_that_is_absent_is_empty);
    tcase_add_test(tc, random_bytes_come_back);
    tcase_add_test(tc, every_byte_at_every_place_of_a_long_text);
    tcase_add_loop_test(tc, random_text_decodes_the_same_slowly, 0, 4);
    tcase_add_test(tc, the_wide_path_stops_before_what_is_wrong);
    tcase_add_test(tc, url_knows_64_characters_and_ignores_none);
    tcase_add_test(tc, url_ends_canonically);
    tcase_add_test(tc, url_cannot_have_one_character_left);
    tcase_add_test(tc, url_random_bytes_come_back);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
