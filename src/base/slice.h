/* SPDX-License-Identifier: MIT */
/* Bytes with their length. A slice never owns: it lives as long as the buffer
 * it was cut from, and nothing about it says that a NUL ends it. */
#ifndef CVK_BASE_SLICE_H
#define CVK_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cvk_slice {
    const uint8_t *p;
    size_t n;
};

/* A slice of a string constant of the program, without its NUL. */
#define CVK_LITERAL(s) ((struct cvk_slice){(const uint8_t *)(s), sizeof(s) - 1})

static inline struct cvk_slice cvk_slice_of(const void *p, size_t n)
{
    return (struct cvk_slice){p, n};
}

/* Bytes [from, to) of s; the caller has checked from <= to <= s.n. Nothing is
 * added to the NULL of a slice that is absent: C11 6.5.6 does not define it. */
static inline struct cvk_slice cvk_slice_cut(struct cvk_slice s, size_t from,
                                             size_t to)
{
    return (struct cvk_slice){from ? s.p + from : s.p, to - from};
}

static inline bool cvk_slice_equal(struct cvk_slice a, struct cvk_slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* ASCII letters only: independent of the locale. */
static inline uint8_t cvk_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Equal but for the case of ASCII letters, as PowerShell and Azure compare. */
bool cvk_slice_equal_nocase(struct cvk_slice a, struct cvk_slice b);

bool cvk_slice_starts(struct cvk_slice s, struct cvk_slice prefix);
bool cvk_slice_starts_nocase(struct cvk_slice s, struct cvk_slice prefix);
bool cvk_slice_ends_nocase(struct cvk_slice s, struct cvk_slice suffix);

/* Index of the first byte c in s, or s.n. */
size_t cvk_slice_find(struct cvk_slice s, uint8_t c);

/* Index of the first byte of s, from at on, that is below least (at most 127),
 * not ASCII, or one of the two stops; s.n if there is none. at <= s.n. */
size_t cvk_slice_skip_plain(struct cvk_slice s, size_t at, uint8_t least,
                            const uint8_t stops[2]);

/* Index of the first occurrence of needle in s, or s.n. */
size_t cvk_slice_search(struct cvk_slice s, struct cvk_slice needle);

#endif
