/* SPDX-License-Identifier: MIT */
#include "engine/byteorder.h"

/* Characters on either side of the text that are looked at. */
enum { NEAR = 512 };

/* ASCII text looks the same in both orders but for one byte at either end: the
 * one before the first low byte is NUL in big endian, the one behind the last
 * in little. */
struct ends {
    uint64_t first, last; /* low bytes of the first and the last character */
    uint8_t before[2 * NEAR], behind[2 * NEAR];
    size_t n_before, n_behind;
};

static bool is_text(uint8_t c)
{
    return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

static enum cvk_code read_ends(struct ends *e, const struct cvk_bytes *from,
                               uint64_t offset, uint64_t length)
{
    enum cvk_code code;
    size_t n;

    e->first = offset;
    e->last = offset + length - 2;
    n = e->first < sizeof e->before ? (size_t)e->first : sizeof e->before;
    code = from->read(from->context, e->first - n, e->before, n, &e->n_before);
    return code ? code
                : from->read(from->context, e->last + 1, e->behind,
                             sizeof e->behind, &e->n_behind);
}

/* Byte number i before the first low byte, or behind the last; 0 where there
 * is none. */
static uint8_t before(const struct ends *e, size_t i)
{
    return i < e->n_before ? e->before[e->n_before - 1 - i] : 0;
}

static uint8_t behind(const struct ends *e, size_t i)
{
    return i < e->n_behind ? e->behind[i] : 0;
}

/* Is it big endian? What nothing tells is little, which is far likelier. */
static bool is_big(const struct ends *e)
{
    size_t left = 0, right = 0;

    if (!before(e, 0) != !behind(e, 0))
        return !before(e, 0);
    /* more text around it: look at where that ends */
    while (left < e->n_before && !before(e, left) &&
           is_text(before(e, left + 1)))
        left += 2;
    while (right < e->n_behind && !behind(e, right) &&
           is_text(behind(e, right + 1)))
        right += 2;
    if (!before(e, left) != !behind(e, right))
        return !before(e, left);
    return !before(e, left) && before(e, left + 1) && !behind(e, right + 1);
}

enum cvk_code cvk_byteorder_guess(const struct cvk_bytes *from, uint64_t offset,
                                  uint64_t length, bool *big)
{
    struct ends e;
    enum cvk_code code = read_ends(&e, from, offset, length);

    *big = !code && is_big(&e);
    return code;
}
