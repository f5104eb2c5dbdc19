/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

/* Length of the sequence that begins with c, 0 if none does. */
static size_t sequence_length(uint8_t c)
{
    return c < 0x80   ? 1
           : c < 0xc2 ? 0
           : c < 0xe0 ? 2
           : c < 0xf0 ? 3
           : c < 0xf5 ? 4
                      : 0;
}

bool cvk_utf8_is_cut(struct cvk_slice s, size_t at)
{
    if (sequence_length(s.p[at]) <= s.n - at)
        return false;
    for (size_t i = at + 1; i < s.n; i++)
        if ((s.p[i] & 0xc0) != 0x80)
            return false;
    return true;
}

size_t cvk_utf8_decode(struct cvk_slice s, size_t at, uint32_t *cp)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t c = s.p[at];
    size_t n = sequence_length(c);
    uint32_t v;

    if (n == 0 || n > s.n - at)
        return 0;
    v = n == 1 ? c : c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s.p[at + i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (s.p[at + i] & 0x3fu);
    }
    if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
        return 0;
    *cp = v;
    return n;
}

bool cvk_utf8_valid(struct cvk_slice s)
{
    uint32_t cp;

    for (size_t at = 0; at < s.n;) {
        size_t n = cvk_utf8_decode(s, at, &cp);

        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

size_t cvk_utf8_encode(uint32_t cp, uint8_t *out)
{
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (uint8_t)(0x80 | (cp & 0x3f));
    out[0] = (uint8_t)(lead[n] | cp);
    return n;
}

struct cvk_slice cvk_utf8_prefix(struct cvk_slice s, size_t max)
{
    size_t n = s.n < max ? s.n : max;

    while (n < s.n && n > 0 && (s.p[n] & 0xc0) == 0x80)
        n--;
    return cvk_slice_cut(s, 0, n);
}
