/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <string.h>

#include "base/limits.h"
#include "fuzz.h"

/* ---- UTF-8 -------------------------------------------------------------- */

void ref_put(struct cvk_buf *out, uint32_t cp)
{
    uint8_t bytes[4] = {(uint8_t)cp};
    size_t n = 1;

    if (cp >= 0x10000) {
        bytes[0] = (uint8_t)(0xf0 + cp / 0x40000);
        bytes[1] = (uint8_t)(0x80 + cp / 0x1000 % 64);
        bytes[2] = (uint8_t)(0x80 + cp / 64 % 64);
        bytes[3] = (uint8_t)(0x80 + cp % 64);
        n = 4;
    } else if (cp >= 0x800) {
        bytes[0] = (uint8_t)(0xe0 + cp / 0x1000);
        bytes[1] = (uint8_t)(0x80 + cp / 64 % 64);
        bytes[2] = (uint8_t)(0x80 + cp % 64);
        n = 3;
    } else if (cp >= 0x80) {
        bytes[0] = (uint8_t)(0xc0 + cp / 64);
        bytes[1] = (uint8_t)(0x80 + cp % 64);
        n = 2;
    }
    fuzz_require(cvk_buf_append(out, bytes, n));
}

/* The table of RFC 3629 section 4: what the first two bytes may be. */
size_t ref_utf8(struct cvk_slice s, size_t at, uint32_t *cp)
{
    static const struct {
        uint8_t from, to, second_from, second_to, n, base;
    } rows[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2, 0xc0}, {0xe0, 0xe0, 0xa0, 0xbf, 3, 0xe0},
        {0xe1, 0xec, 0x80, 0xbf, 3, 0xe0}, {0xed, 0xed, 0x80, 0x9f, 3, 0xe0},
        {0xee, 0xef, 0x80, 0xbf, 3, 0xe0}, {0xf0, 0xf0, 0x90, 0xbf, 4, 0xf0},
        {0xf1, 0xf3, 0x80, 0xbf, 4, 0xf0}, {0xf4, 0xf4, 0x80, 0x8f, 4, 0xf0},
    };

    *cp = s.p[at];
    if (*cp < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (s.p[at] < rows[i].from || s.p[at] > rows[i].to)
            continue;
        *cp = (uint32_t)(s.p[at] - rows[i].base);
        for (size_t k = 1; k < rows[i].n; k++) {
            uint8_t c = at + k < s.n ? s.p[at + k] : 0;

            if (c < (k == 1 ? rows[i].second_from : 0x80) ||
                c > (k == 1 ? rows[i].second_to : 0xbf))
                return 0;
            *cp = *cp * 64 + (c - 0x80u);
        }
        return rows[i].n;
    }
    return 0;
}

/* ---- base64 ------------------------------------------------------------- */

#define COMMON "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

const char ref_b64_standard[64] = COMMON "+/";
const char ref_b64_url[64] = COMMON "-_";

bool ref_b64_decode(const char alphabet[64], struct cvk_slice text,
                    struct cvk_buf *out, bool *unused)
{
    uint32_t bits = 0;
    size_t held = 0; /* bits */

    fuzz_require(cvk_buf_reserve(out, out->n + text.n));
    for (size_t i = 0; i < text.n; i++) {
        const char *hit = memchr(alphabet, text.p[i], 64);

        if (!hit)
            return false;
        bits = bits << 6 | (uint32_t)(hit - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out->p[out->n++] = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    *unused = bits != 0;
    return held < 6;
}

void ref_b64_encode(const char alphabet[64], struct cvk_slice bytes,
                    struct cvk_buf *out)
{
    uint32_t bits = 0;
    size_t held = 0;

    fuzz_require(cvk_buf_reserve(out, out->n + 2 * bytes.n + 1));
    for (size_t i = 0; i < bytes.n; i++) {
        bits = bits << 8 | bytes.p[i];
        for (held += 8; held >= 6; held -= 6)
            out->p[out->n++] = (uint8_t)alphabet[bits >> (held - 6) & 63];
    }
    if (held)
        out->p[out->n++] = (uint8_t)alphabet[bits << (6 - held) & 63];
}

/* ---- JSON --------------------------------------------------------------- */

struct reader {
    struct cvk_slice s;
    size_t at, depth, values;
    struct cvk_buf *out; /* of strings; NULL: not wanted */
};

static bool take(struct reader *r, const char *word)
{
    size_t n = strlen(word);

    if (r->s.n - r->at < n || memcmp(r->s.p + r->at, word, n))
        return false;
    r->at += n;
    return true;
}

static bool take_one_of(struct reader *r, const char *set, uint8_t *c)
{
    if (r->at == r->s.n || !r->s.p[r->at] || !strchr(set, r->s.p[r->at]))
        return false;
    *c = r->s.p[r->at++];
    return true;
}

static void skip_space(struct reader *r)
{
    uint8_t c;

    while (take_one_of(r, " \t\r\n", &c))
        ;
}

static void put(struct reader *r, uint32_t cp)
{
    if (r->out)
        ref_put(r->out, cp);
}

static bool take_unit(struct reader *r, uint32_t *unit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint8_t c;

    *unit = 0;
    for (int i = 0; i < 4; i++) {
        if (!take_one_of(r, digits, &c))
            return false;
        *unit = *unit * 16 + (uint32_t)(strchr(digits, c) - digits) % 16;
    }
    return true;
}

static bool take_escape(struct reader *r, bool is_name)
{
    static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    uint32_t unit, low;
    uint8_t c;

    if (take_one_of(r, "\"\\/bfnrt", &c)) {
        for (size_t i = 0; letters[i]; i += 2)
            if (letters[i] == c)
                put(r, (uint8_t)letters[i + 1]);
        return true;
    }
    if (!take(r, "u") || !take_unit(r, &unit) || (is_name && unit == 0))
        return false;
    if (unit >= 0xd800 && unit <= 0xdbff) {
        if (!take(r, "\\u") || !take_unit(r, &low) || low < 0xdc00 ||
            low > 0xdfff)
            return false;
        unit = 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
    } else if (unit >= 0xdc00 && unit <= 0xdfff) {
        return false;
    }
    put(r, unit);
    return true;
}

/* The characters up to the quote, which is not taken, or to the end. */
static bool take_characters(struct reader *r, bool is_name)
{
    while (r->at < r->s.n && r->s.p[r->at] != '"') {
        uint32_t cp;
        size_t n;

        if (take(r, "\\")) {
            if (!take_escape(r, is_name))
                return false;
            continue;
        }
        n = ref_utf8(r->s, r->at, &cp);
        if (n == 0 || cp < 0x20)
            return false;
        r->at += n;
        put(r, cp);
    }
    return true;
}

static bool take_string(struct reader *r, bool is_name)
{
    return take(r, "\"") && take_characters(r, is_name) && take(r, "\"");
}

static bool take_digits(struct reader *r)
{
    size_t start = r->at;
    uint8_t c;

    while (take_one_of(r, "0123456789", &c))
        ;
    return r->at > start;
}

static bool take_number(struct reader *r)
{
    uint8_t c;

    take(r, "-");
    if (take(r, "0")) {
        if (take_digits(r))
            return false;
    } else if (!take_digits(r)) {
        return false;
    }
    if (take(r, ".") && !take_digits(r))
        return false;
    if (!take_one_of(r, "eE", &c))
        return true;
    take_one_of(r, "+-", &c);
    return take_digits(r);
}

static bool take_value(struct reader *r);

/* Members or elements up to the end of their container. */
static bool take_list(struct reader *r, const char *end, bool object)
{
    bool ok;

    if (++r->depth > CVK_MAX_DEPTH)
        return false;
    skip_space(r);
    for (ok = true; ok && !take(r, end); skip_space(r)) {
        if (object) {
            ok = take_string(r, true);
            skip_space(r);
            ok = ok && take(r, ":");
        }
        ok = ok && take_value(r);
        skip_space(r);
        if (ok && take(r, ",")) {
            skip_space(r);
            ok = r->at < r->s.n && r->s.p[r->at] != (uint8_t)*end;
        } else if (ok) {
            ok = r->at < r->s.n && r->s.p[r->at] == (uint8_t)*end;
        }
    }
    r->depth--;
    return ok;
}

static bool take_value(struct reader *r)
{
    skip_space(r);
    if (++r->values > CVK_MAX_VALUES)
        return false;
    if (take(r, "{"))
        return take_list(r, "}", true);
    if (take(r, "["))
        return take_list(r, "]", false);
    if (r->at < r->s.n && r->s.p[r->at] == '"')
        return take_string(r, false);
    return take(r, "true") || take(r, "false") || take(r, "null") ||
           take_number(r);
}

bool ref_json(struct cvk_slice text, size_t *end)
{
    struct reader r = {.s = text};
    bool ok = take_value(&r);

    *end = r.at;
    return ok;
}

bool ref_json_string(struct cvk_slice token, struct cvk_buf *out)
{
    struct reader r = {.s = token, .out = out};

    return take_characters(&r, false) && r.at == token.n;
}
