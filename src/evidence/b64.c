/* SPDX-License-Identifier: MIT */
#include "evidence/b64.h"

/* Any bit above the 24 of a group marks a character outside the alphabet. */
#define BAD 0x80000000u

/* The tables below hold, for each byte and each place in a group of four, the
 * six bits already shifted to their place. They are built by the compiler from
 * the definition of the alphabet, so there is nothing to mistype. */
#define SEXTET(c, c62, c63)                                                    \
    ((c) >= 'A' && (c) <= 'Z'   ? (uint32_t)((c) - 'A')                        \
     : (c) >= 'a' && (c) <= 'z' ? (uint32_t)((c) - 'a' + 26)                   \
     : (c) >= '0' && (c) <= '9' ? (uint32_t)((c) - '0' + 52)                   \
     : (c) == (c62)             ? 62u                                          \
     : (c) == (c63)             ? 63u                                          \
                                : BAD)
#define E1(c, s, x, y)                                                         \
    (SEXTET(c, x, y) == BAD ? BAD : (SEXTET(c, x, y) & 63u) << (s))
#define E4(c, s, x, y)                                                         \
    E1(c, s, x, y), E1((c) + 1, s, x, y), E1((c) + 2, s, x, y),                \
        E1((c) + 3, s, x, y)
#define E16(c, s, x, y)                                                        \
    E4(c, s, x, y), E4((c) + 4, s, x, y), E4((c) + 8, s, x, y),                \
        E4((c) + 12, s, x, y)
#define E64(c, s, x, y)                                                        \
    E16(c, s, x, y), E16((c) + 16, s, x, y), E16((c) + 32, s, x, y),           \
        E16((c) + 48, s, x, y)
#define TABLE(s, x, y)                                                         \
    {                                                                          \
        E64(0, s, x, y), E64(64, s, x, y), E64(128, s, x, y),                  \
            E64(192, s, x, y)                                                  \
    }
#define TABLES(x, y)                                                           \
    {                                                                          \
        TABLE(18, x, y), TABLE(12, x, y), TABLE(6, x, y), TABLE(0, x, y)       \
    }

typedef uint32_t tables[4][256];

static const tables standard = TABLES('+', '/'); /* RFC 4648 section 4 */
static const tables url = TABLES('-', '_');      /* RFC 4648 section 5 */

/* Decodes whole groups from *at while all four characters are good; moves *at
 * behind them and returns the new end of the output. */
static uint8_t *decode_groups(const tables t, struct cvk_slice text, size_t *at,
                              uint8_t *out)
{
    const uint8_t *p = text.p + *at, *end = text.p + text.n;

    for (; end - p >= 4; p += 4) {
        uint32_t v = t[0][p[0]] | t[1][p[1]] | t[2][p[2]] | t[3][p[3]];

        if (v & BAD)
            break;
        out[0] = (uint8_t)(v >> 16);
        out[1] = (uint8_t)(v >> 8);
        out[2] = (uint8_t)v;
        out += 3;
    }
    *at = (size_t)(p - text.p);
    return out;
}

/* Writes the bytes of an unfinished group: held sextets (2 or 3) in bits, and
 * says whether the bits behind them are zero. */
static uint8_t *finish_group(uint8_t *out, uint32_t bits, size_t held,
                             bool *unused)
{
    if (held == 2) {
        *out++ = (uint8_t)(bits >> 4);
        *unused = bits & 15;
    } else if (held == 3) {
        *out++ = (uint8_t)(bits >> 10);
        *out++ = (uint8_t)(bits >> 2);
        *unused = bits & 3;
    }
    return out;
}

/* True if a URL escape stands at at, of a character that base64 text holds and
 * URLs do not: any other is damage that only looks like one. */
static bool is_url_escape(struct cvk_slice text, size_t at)
{
    static const struct cvk_slice escapes[] = {
        {(const uint8_t *)"%3d", 3}, {(const uint8_t *)"%2b", 3},
        {(const uint8_t *)"%2f", 3}, {(const uint8_t *)"%0d", 3},
        {(const uint8_t *)"%0a", 3}, {(const uint8_t *)"%20", 3},
        {(const uint8_t *)"%25", 3}, /* an escape escaped again */
    };
    struct cvk_slice rest = cvk_slice_cut(text, at, text.n);

    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (cvk_slice_starts_nocase(rest, escapes[i]))
            return true;
    return false;
}

/* The likeliest cause of a character that is none of ours. */
static enum cvk_code bad_character(struct cvk_slice text, size_t at)
{
    uint8_t c = text.p[at];

    if (c == '-' || c == '_')
        return CVK_E_B64_URL_ALPHABET;
    if (is_url_escape(text, at))
        return CVK_E_B64_PERCENT_ENCODED;
    /* every second character NUL: UTF-16 taken for bytes */
    if (c == 0 && at + 2 < text.n && text.p[at + 1] && text.p[at + 2] == 0)
        return CVK_E_B64_UTF16;
    return CVK_E_B64_ALPHABET;
}

/* How the text ends: complete, unpadded, or wrong. */
static enum cvk_code judge_end(struct cvk_slice text, size_t held,
                               size_t first_padding, struct cvk_b64 *r)
{
    size_t wanted = held == 2 ? 2 : held == 3 ? 1 : 0;

    r->error_at = text.n;
    if (held == 1 && !r->padding)
        return CVK_E_B64_LENGTH;
    if (r->padding && r->padding != wanted) {
        r->error_at = first_padding;
        return CVK_E_B64_PADDING;
    }
    r->unpadded = wanted && !r->padding;
    return CVK_OK;
}

enum cvk_code cvk_b64_decode(struct cvk_slice text, uint8_t *out,
                             struct cvk_b64 *r)
{
    uint8_t *start = out;
    uint32_t bits = 0;
    size_t held = 0, first_padding = 0, at = 0;
    enum cvk_code code;

    *r = (struct cvk_b64){0};
    for (;; at++) {
        uint8_t c;

        if (held == 0 && !r->padding)
            out = decode_groups(standard, text, &at, out);
        if (at >= text.n)
            break;
        c = text.p[at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (!r->whitespace++)
                r->first_whitespace = at;
        } else if (c == '=') {
            if (!r->padding++)
                first_padding = at;
        } else if (standard[3][c] == BAD) {
            r->error_at = at;
            r->symbols = at - r->whitespace - r->padding;
            return bad_character(text, at);
        } else if (r->padding) {
            r->error_at = first_padding;
            r->symbols = at - r->whitespace - r->padding;
            return CVK_E_B64_PADDING;
        } else {
            bits = bits << 6 | standard[3][c];
            if (++held == 4) {
                *out++ = (uint8_t)(bits >> 16);
                *out++ = (uint8_t)(bits >> 8);
                *out++ = (uint8_t)bits;
                held = 0;
            }
        }
    }
    code = judge_end(text, held, first_padding, r);
    out = finish_group(out, bits, held, &r->unused_bits);
    r->size = (size_t)(out - start);
    r->symbols = text.n - r->whitespace - r->padding;
    for (r->last_symbol = text.n;
         r->last_symbol > 0 && standard[3][text.p[r->last_symbol - 1]] == BAD;)
        r->last_symbol--;
    r->last_symbol -= r->last_symbol > 0;
    return code;
}

bool cvk_b64url_char(uint8_t c)
{
    return url[3][c] != BAD;
}

enum cvk_b64url_end cvk_b64url_decode(struct cvk_slice text, uint8_t *out,
                                      size_t *size, size_t *error_at)
{
    uint8_t *start = out;
    uint32_t bits = 0;
    size_t at = 0, held = 0;
    bool unused = false;

    out = decode_groups(url, text, &at, out);
    for (; at < text.n; at++) {
        uint32_t v = url[3][text.p[at]];

        if (v == BAD) {
            *size = (size_t)(out - start);
            *error_at = at;
            return CVK_B64URL_ALPHABET;
        }
        bits = bits << 6 | v;
        held++;
    }
    out = finish_group(out, bits, held, &unused);
    *size = (size_t)(out - start);
    *error_at = text.n ? text.n - 1 : 0;
    return held == 1 ? CVK_B64URL_LENGTH
           : unused  ? CVK_B64URL_UNUSED_BITS
                     : CVK_B64URL_OK;
}
