/* SPDX-License-Identifier: MIT */
#include "evidence/b64run.h"

#include <string.h>

/* Sextet of a symbol (RFC 4648 section 4), -1 for any other byte. */
static int sextet(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The first byte from at on that does not belong to a line break: a control
 * or space, or backslashes with the letter that JSON has for one. */
static size_t skip_break(struct cvk_slice s, size_t at)
{
    while (at < s.n) {
        size_t end = at;

        while (end < s.n && s.p[end] == '\\')
            end++;
        if (end == at && !memchr(" \t\r\n", s.p[at], 4))
            break;
        if (end > at && (end == s.n || !memchr("rnt", s.p[end], 3)))
            break;
        at = end + 1;
    }
    return at < s.n ? at : s.n;
}

/* The same backwards: the first byte before at that does not belong to a line
 * break, plus one. */
static size_t skip_break_back(struct cvk_slice s, size_t at)
{
    while (at > 0) {
        size_t end = at - 1;

        if (memchr(" \t\r\n", s.p[end], 4)) {
            at = end;
            continue;
        }
        while (end > 0 && s.p[end - 1] == '\\')
            end--;
        if (end == at - 1 || !memchr("rnt", s.p[at - 1], 3))
            break;
        at = end;
    }
    return at;
}

bool cvk_b64run_match(struct cvk_slice s, size_t at, struct cvk_slice word,
                      size_t index, size_t *from)
{
    size_t to = at;

    for (size_t i = index; i < word.n; i++) {
        to = skip_break(s, to);
        if (to == s.n || s.p[to] != word.p[i])
            return false;
        to++;
    }
    *from = at;
    for (size_t i = index; i-- > 0; --*from) {
        *from = skip_break_back(s, *from);
        if (*from == 0 || s.p[*from - 1] != word.p[i])
            return false;
    }
    return true;
}

bool cvk_b64run_back(struct cvk_slice s, size_t *at, size_t symbols)
{
    for (; symbols > 0; symbols--, --*at) {
        *at = skip_break_back(s, *at);
        if (*at == 0 || sextet(s.p[*at - 1]) < 0)
            return false;
    }
    return true;
}

bool cvk_b64run_decode(struct cvk_slice s, size_t at, size_t most,
                       struct cvk_buf *out, bool *cut)
{
    uint32_t bits = 0;
    unsigned held = 0;

    for (;;) {
        int v = at < s.n ? sextet(s.p[at]) : -1;

        if (v < 0) {
            size_t next = skip_break(s, at);

            *cut = next == s.n || (s.p[next] == '\\' && s.n - next < 16);
            if (next == at || next == s.n)
                return true;
            at = next;
            continue;
        }
        *cut = false;
        bits = bits << 6 | (uint32_t)v;
        held += 6;
        at++;
        if (held < 8)
            continue;
        held -= 8;
        if (!cvk_buf_append_byte(out, (uint8_t)(bits >> held)))
            return false;
        if (out->n >= most)
            return true;
    }
}

size_t cvk_b64run_end(struct cvk_slice s, size_t at, size_t symbols)
{
    for (; symbols > 0 && at < s.n; symbols--)
        at = skip_break(s, at) + 1;
    for (int i = 0; i < 2 && at < s.n && s.p[at] == '='; i++)
        at++;
    return at < s.n ? at : s.n;
}
