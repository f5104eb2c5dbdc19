/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

bool cvk_slice_equal_nocase(struct cvk_slice a, struct cvk_slice b)
{
    if (a.n != b.n)
        return false;
    if (cvk_slice_equal(a, b)) /* as it nearly always is */
        return true;
    for (size_t i = 0; i < a.n; i++)
        if (cvk_lower(a.p[i]) != cvk_lower(b.p[i]))
            return false;
    return true;
}

bool cvk_slice_starts(struct cvk_slice s, struct cvk_slice prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

bool cvk_slice_starts_nocase(struct cvk_slice s, struct cvk_slice prefix)
{
    return s.n >= prefix.n &&
           cvk_slice_equal_nocase(cvk_slice_cut(s, 0, prefix.n), prefix);
}

bool cvk_slice_ends_nocase(struct cvk_slice s, struct cvk_slice suffix)
{
    return s.n >= suffix.n &&
           cvk_slice_equal_nocase(cvk_slice_cut(s, s.n - suffix.n, s.n),
                                  suffix);
}

size_t cvk_slice_find(struct cvk_slice s, uint8_t c)
{
    const uint8_t *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (size_t)(hit - s.p) : s.n;
}

/* Sixteen bytes side by side, as GCC and clang have them on every processor:
 * SSE2 where that is, words elsewhere. Comparing gives 0 or -1 for each. */
typedef int8_t bytes __attribute__((vector_size(16)));

/* What ends a run, in each place: bytes below least, also those beyond ASCII,
 * which are negative here, and bytes equal to one of the others. */
struct ends {
    bytes least, stop, other;
};

/* The bytes of v that end the run. A macro: where a processor has no such
 * vectors, compilers disagree on how a function would return one. */
#define ENDING(v, e)                                                           \
    (((v) < (e)->least) | ((v) == (e)->stop) | ((v) == (e)->other))

static bool any(const bytes *v)
{
    uint64_t halves[2];

    memcpy(halves, v, sizeof halves);
    return halves[0] | halves[1];
}

/* Index of the byte that comes first in memory of those that are not 0; there
 * is one. */
static size_t first_set(uint64_t v)
{
    bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

    return (size_t)(little ? __builtin_ctzll(v) : __builtin_clzll(v)) / 8;
}

/* Index of the first of 16 bytes that ends the run, 16 if there is none. */
static size_t find_end_16(const uint8_t *p, const struct ends *e)
{
    uint64_t halves[2];
    bytes v;

    memcpy(&v, p, sizeof v);
    v = ENDING(v, e);
    memcpy(halves, &v, sizeof halves);
    return halves[0]   ? first_set(halves[0])
           : halves[1] ? 8 + first_set(halves[1])
                       : 16;
}

static bool has_end_64(const uint8_t *p, const struct ends *e)
{
    bytes a, b, c, d;

    memcpy(&a, p, sizeof a);
    memcpy(&b, p + 16, sizeof b);
    memcpy(&c, p + 32, sizeof c);
    memcpy(&d, p + 48, sizeof d);
    a = ENDING(a, e) | ENDING(b, e) | ENDING(c, e) | ENDING(d, e);
    return any(&a);
}

size_t cvk_slice_skip_plain(struct cvk_slice s, size_t at, uint8_t least,
                            const uint8_t stops[2])
{
    const bytes zero = {0};
    const struct ends e = {.least = zero + (int8_t)least,
                           .stop = zero + (int8_t)stops[0],
                           .other = zero + (int8_t)stops[1]};

    while (s.n - at >= 64 && !has_end_64(s.p + at, &e))
        at += 64;
    while (s.n - at >= 16) {
        size_t n = find_end_16(s.p + at, &e);

        at += n;
        if (n < 16)
            return at;
    }
    while (at < s.n && s.p[at] >= least && s.p[at] < 0x80 &&
           s.p[at] != stops[0] && s.p[at] != stops[1])
        at++;
    return at;
}

size_t cvk_slice_search(struct cvk_slice s, struct cvk_slice needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++) {
        i += cvk_slice_find(cvk_slice_cut(s, i, s.n), needle.p[0]);
        if (i + needle.n <= s.n && !memcmp(s.p + i, needle.p, needle.n))
            return i;
    }
    return s.n;
}
