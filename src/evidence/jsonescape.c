/* SPDX-License-Identifier: MIT */
#include "evidence/jsonescape.h"

#include "base/limits.h"
#include "base/utf8.h"

size_t cvk_jsonescape_backslashes(struct cvk_slice s, size_t at)
{
    size_t n = 0;

    while (n < at && s.p[at - n - 1] == '\\')
        n++;
    return n;
}

bool cvk_jsonescape_level(size_t backslashes, size_t *level)
{
    for (*level = 0; *level <= CVK_MAX_CARVE_LEVELS; ++*level)
        if (backslashes == ((size_t)1 << *level) - 1)
            return true;
    return false;
}

size_t cvk_jsonescape_begin(struct cvk_slice s, size_t at)
{
    while (at > 0) {
        at--;
        if (s.p[at] == '"' && cvk_jsonescape_backslashes(s, at) % 2 == 0)
            return at + 1;
    }
    return 0;
}

static bool read_unit(struct cvk_slice s, size_t at, uint32_t *unit)
{
    *unit = 0;
    if (s.n - at < 4)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = cvk_lower(s.p[i]);

        if (c >= '0' && c <= '9')
            *unit = *unit << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *unit = *unit << 4 | (uint32_t)(c - 'a' + 10);
        else
            return false;
    }
    return true;
}

/* The \u escape at at, with the second half of a pair; its length, 0 if it is
 * none. */
static size_t read_unicode(struct cvk_slice s, size_t at, uint32_t *cp)
{
    uint32_t low;

    if (!read_unit(s, at + 2, cp))
        return 0;
    if (*cp < 0xd800 || *cp > 0xdfff)
        return 6;
    if (*cp < 0xdc00 && s.n - at >= 12 && s.p[at + 6] == '\\' &&
        s.p[at + 7] == 'u' && read_unit(s, at + 8, &low) && low >= 0xdc00 &&
        low <= 0xdfff) {
        *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
        return 12;
    }
    *cp = 0xfffd;
    return 6;
}

/* The escape at at, as a code point; its length, 0 if it is none. */
static size_t read_escape(struct cvk_slice s, size_t at, uint32_t *cp)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known;

    if (s.p[at + 1] == 'u')
        return read_unicode(s, at, cp);
    known = memchr(from, s.p[at + 1], sizeof from - 1);
    if (!known)
        return 0;
    *cp = (uint8_t)to[known - from];
    return 2;
}

size_t cvk_jsonescape_undo(struct cvk_slice s, size_t most,
                           struct cvk_buf *out, bool *cut, bool *ok)
{
    enum { LONGEST = 12 }; /* escape */
    size_t at = 0, n;

    *ok = true;
    while (at < s.n && s.p[at] != '"' && out->n < most && *ok) {
        uint8_t utf8[4];
        uint32_t cp;

        if (s.p[at] != '\\') {
            *ok = cvk_buf_append_byte(out, s.p[at++]);
            continue;
        }
        n = s.n - at < 2 ? 0 : read_escape(s, at, &cp);
        if (!n)
            break;
        *ok = cvk_buf_append(out, utf8, cvk_utf8_encode(cp, utf8));
        at += n;
    }
    *cut = at >= s.n || (s.p[at] == '\\' && s.n - at < LONGEST);
    return at;
}
