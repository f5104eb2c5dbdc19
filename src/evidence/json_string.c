/* SPDX-License-Identifier: MIT */
#include "evidence/json_string.h"

#include "base/utf8.h"

static uint32_t unit_at(struct cvk_slice token, size_t at)
{
    uint32_t unit = 0;

    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = cvk_lower(token.p[i]);

        unit = unit << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return unit;
}

static size_t unescape_unit(struct cvk_slice token, size_t *at, uint8_t out[4])
{
    uint32_t cp = unit_at(token, *at + 2);

    *at += 6;
    if (cp >= 0xd800 && cp <= 0xdfff) {
        uint32_t low = unit_at(token, *at + 2);

        *at += 6;
        cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
    }
    return cvk_utf8_encode(cp, out);
}

size_t cvk_json_char(struct cvk_slice token, size_t *at, uint8_t out[4])
{
    static const char escapes[] = "b\bf\fn\nr\rt\t";
    uint8_t c = token.p[*at];
    const char *e;
    uint32_t cp;
    size_t n;

    if (c != '\\' && c < 0x80) {
        out[0] = c;
        ++*at;
        return 1;
    }
    if (c != '\\') {
        n = cvk_utf8_decode(token, *at, &cp);
        n = n ? n : 1;
        memcpy(out, token.p + *at, n);
        *at += n;
        return n;
    }
    c = token.p[*at + 1];
    if (c == 'u')
        return unescape_unit(token, at, out);
    e = memchr(escapes, c, sizeof escapes - 1);
    out[0] = e ? (uint8_t)e[1] : c; /* \" \\ \/ stand for themselves */
    *at += 2;
    return 1;
}

bool cvk_json_unescape(struct cvk_slice token, struct cvk_buf *out)
{
    size_t at = 0;

    while (at < token.n) {
        size_t plain = cvk_slice_find(cvk_slice_cut(token, at, token.n), '\\');
        uint8_t c[4];
        size_t n;

        if (!cvk_buf_append(out, token.p + at, plain))
            return false;
        at += plain;
        if (at == token.n)
            break;
        n = cvk_json_char(token, &at, c);
        if (!cvk_buf_append(out, c, n))
            return false;
    }
    return true;
}

bool cvk_json_equal_nocase(struct cvk_slice a, struct cvk_slice b)
{
    size_t i = 0, k = 0;

    while (i < a.n && k < b.n) {
        bool same = a.p[i] == b.p[k];
        uint8_t x[4], y[4];
        size_t n, m;

        /* what is not escaped is compared byte by byte */
        if (a.p[i] != '\\' && (same || b.p[k] != '\\')) {
            if (!same && cvk_lower(a.p[i]) != cvk_lower(b.p[k]))
                return false;
            i++;
            k++;
            continue;
        }
        n = cvk_json_char(a, &i, x);
        m = cvk_json_char(b, &k, y);
        if (!cvk_slice_equal_nocase(cvk_slice_of(x, n), cvk_slice_of(y, m)))
            return false;
    }
    return i == a.n && k == b.n;
}

/* FNV-1a, 64 bits. */
uint64_t cvk_json_hash_nocase(struct cvk_slice token)
{
    uint64_t h = 14695981039346656037u;

    for (size_t at = 0; at < token.n;) {
        uint8_t c[4] = {token.p[at]};
        size_t n = 1;

        if (c[0] == '\\')
            n = cvk_json_char(token, &at, c);
        else
            at++;
        for (size_t i = 0; i < n; i++)
            h = (h ^ cvk_lower(c[i])) * 1099511628211u;
    }
    return h;
}

size_t cvk_json_offset(struct cvk_slice token, size_t index)
{
    size_t at = 0, seen = 0;

    while (at < token.n) {
        size_t start = at;
        uint8_t c[4];

        seen += cvk_json_char(token, &at, c);
        if (seen > index)
            return start;
    }
    return token.n;
}
