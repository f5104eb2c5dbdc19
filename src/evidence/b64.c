/* SPDX-License-Identifier: MIT */
#include "evidence/b64.h"

#include "evidence/b64_avx2.h"

/* A byte that is no character of the alphabet counts as sextet 64: the bit
 * behind the six that a character carries. */
#define SEXTET(c, c62, c63)                                                    \
    ((c) >= 'A' && (c) <= 'Z'   ? (c) - 'A'                                    \
     : (c) >= 'a' && (c) <= 'z' ? (c) - 'a' + 26                               \
     : (c) >= '0' && (c) <= '9' ? (c) - '0' + 52                               \
     : (c) == (c62)             ? 62                                           \
     : (c) == (c63)             ? 63                                           \
                                : 64)

/* What sextet v adds to the three bytes of its group when it stands at each
 * of the four places; the fourth byte is not 0 for a bad character. The
 * tables are built by the compiler from the definition of the alphabet, so
 * there is nothing to mistype. */
#define PLACE0(v) {(v) << 2 & 255, 0, 0, (v) >> 6}
#define PLACE1(v) {(v) >> 4 & 3, (v) << 4 & 255, 0, (v) >> 6}
#define PLACE2(v) {0, (v) >> 2 & 15, (v) << 6 & 255, (v) >> 6}
#define PLACE3(v) {0, 0, (v) & 63, (v) >> 6}
#define E1(c, place, x, y) place(SEXTET(c, x, y))
#define E4(c, place, x, y)                                                     \
    E1(c, place, x, y), E1((c) + 1, place, x, y), E1((c) + 2, place, x, y),    \
        E1((c) + 3, place, x, y)
#define E16(c, place, x, y)                                                    \
    E4(c, place, x, y), E4((c) + 4, place, x, y), E4((c) + 8, place, x, y),    \
        E4((c) + 12, place, x, y)
#define E64(c, place, x, y)                                                    \
    E16(c, place, x, y), E16((c) + 16, place, x, y),                           \
        E16((c) + 32, place, x, y), E16((c) + 48, place, x, y)
#define TABLE(place, x, y)                                                     \
    {                                                                          \
        E64(0, place, x, y), E64(64, place, x, y), E64(128, place, x, y),      \
            E64(192, place, x, y)                                              \
    }
#define TABLES(x, y)                                                           \
    {                                                                          \
        TABLE(PLACE0, x, y), TABLE(PLACE1, x, y), TABLE(PLACE2, x, y),         \
            TABLE(PLACE3, x, y)                                                \
    }

typedef uint8_t tables[4][256][4];

static const _Alignas(4) tables standard = TABLES('+', '/'); /* RFC 4648, 4 */
static const _Alignas(4) tables url = TABLES('-', '_');      /* RFC 4648, 5 */

static bool is_symbol(const tables t, uint8_t c)
{
    return !t[3][c][3];
}

static uint32_t sextet(const tables t, uint8_t c)
{
    return t[3][c][2];
}

/* Four bytes as one number, whichever end comes first: the bytes of four
 * characters are joined by OR, which does not mind. */
static uint32_t load(const uint8_t bytes[4])
{
    uint32_t v;

    memcpy(&v, bytes, sizeof v);
    return v;
}

/* Decodes the group at p; writes one byte more than the three it has. Returns
 * those four. */
static uint32_t decode_group(const tables t, const uint8_t *p, uint8_t *out)
{
    uint32_t v = load(t[0][p[0]]) | load(t[1][p[1]]) | load(t[2][p[2]]) |
                 load(t[3][p[3]]);

    memcpy(out, &v, sizeof v);
    return v;
}

/* Decodes whole groups from *at while all four characters are good; moves *at
 * behind them and returns the new end of the output. */
static uint8_t *decode_groups(const tables t, struct cvk_slice text, size_t *at,
                              uint8_t *out)
{
    const uint8_t *p, *end;
    const uint32_t bad = load((const uint8_t[4]){0, 0, 0, 1});
    size_t wide;

    if (text.n - *at < 4) /* also where there is no text at all */
        return out;
    wide = cvk_b64_avx2_decode(cvk_slice_cut(text, *at, text.n), t == url, out);
    p = text.p + *at + wide;
    end = text.p + text.n;
    out += wide / 4 * 3;
    for (; end - p >= 4 && !(decode_group(t, p, out) & bad); p += 4)
        out += 3;
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
        } else if (!is_symbol(standard, c)) {
            r->error_at = at;
            r->symbols = at - r->whitespace - r->padding;
            return bad_character(text, at);
        } else if (r->padding) {
            r->error_at = first_padding;
            r->symbols = at - r->whitespace - r->padding;
            return CVK_E_B64_PADDING;
        } else {
            bits = bits << 6 | sextet(standard, c);
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
         r->last_symbol > 0 &&
         !is_symbol(standard, text.p[r->last_symbol - 1]);)
        r->last_symbol--;
    r->last_symbol -= r->last_symbol > 0;
    return code;
}

bool cvk_b64url_char(uint8_t c)
{
    return is_symbol(url, c);
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
        if (!is_symbol(url, text.p[at])) {
            *size = (size_t)(out - start);
            *error_at = at;
            return CVK_B64URL_ALPHABET;
        }
        bits = bits << 6 | sextet(url, text.p[at]);
        held++;
    }
    out = finish_group(out, bits, held, &unused);
    *size = (size_t)(out - start);
    *error_at = text.n ? text.n - 1 : 0;
    return held == 1 ? CVK_B64URL_LENGTH
           : unused  ? CVK_B64URL_UNUSED_BITS
                     : CVK_B64URL_OK;
}
