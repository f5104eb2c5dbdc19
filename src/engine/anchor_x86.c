/* SPDX-License-Identifier: MIT */
/* The filter for processors that look up 16 bytes at once: pshufb is SSSE3, in
 * every x86-64-v2; what only has SSE2 takes the portable path. */
#include "engine/anchor.h"

#if defined __x86_64__ || defined __i386__

#include <immintrin.h>

/* Bits of the buckets whose first n bytes may stand at p, n being 3 or 4: for
 * each place the half bytes are looked up, and all have to agree. */
__attribute__((target("ssse3"))) static inline __m128i look_16(
    const struct cvk_anchors *a, const uint8_t *p, int place)
{
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i v = _mm_loadu_si128((const void *)(p + place));
    __m128i low = _mm_load_si128((const void *)a->low[place]);
    __m128i high = _mm_load_si128((const void *)a->high[place]);

    low = _mm_shuffle_epi8(low, _mm_and_si128(v, nibble));
    v = _mm_and_si128(_mm_srli_epi16(v, 4), nibble);
    return _mm_and_si128(low, _mm_shuffle_epi8(high, v));
}

__attribute__((target("ssse3"))) size_t cvk_anchors_skip_ssse3(
    const struct cvk_anchors *a, const uint8_t *p, size_t at, size_t to)
{
    const __m128i zero = _mm_setzero_si128();

    for (; at < to; at += 16) {
        __m128i v = _mm_and_si128(look_16(a, p + at, 0), look_16(a, p + at, 1));
        unsigned none;

        v = _mm_and_si128(v, look_16(a, p + at, 2));
        none = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, zero));
        if (none == 0xffff)
            continue;
        v = _mm_and_si128(v, look_16(a, p + at, 3));
        none = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, zero));
        if (none == 0xffff)
            continue;
        at += (size_t)__builtin_ctz(~none);
        return at < to ? at : to;
    }
    return to;
}

__attribute__((target("avx2"))) static inline __m256i look_32(
    const struct cvk_anchors *a, const uint8_t *p, int place)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i v = _mm256_loadu_si256((const void *)(p + place));
    __m256i low = _mm256_broadcastsi128_si256(
        _mm_load_si128((const void *)a->low[place]));
    __m256i high = _mm256_broadcastsi128_si256(
        _mm_load_si128((const void *)a->high[place]));

    low = _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble));
    v = _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble);
    return _mm256_and_si256(low, _mm256_shuffle_epi8(high, v));
}

__attribute__((target("avx2"))) size_t cvk_anchors_skip_avx2(
    const struct cvk_anchors *a, const uint8_t *p, size_t at, size_t to)
{
    const __m256i zero = _mm256_setzero_si256();

    for (; at < to; at += 32) {
        __m256i v =
            _mm256_and_si256(look_32(a, p + at, 0), look_32(a, p + at, 1));
        unsigned none;

        v = _mm256_and_si256(v, look_32(a, p + at, 2));
        if (_mm256_testz_si256(v, v))
            continue;
        v = _mm256_and_si256(v, look_32(a, p + at, 3));
        none = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, zero));
        if (none == 0xffffffff)
            continue;
        at += (size_t)__builtin_ctz(~none);
        return at < to ? at : to;
    }
    return to;
}

bool cvk_anchor_path_works(enum cvk_anchor_path path)
{
    return path == CVK_ANCHOR_PORTABLE ||
           (path == CVK_ANCHOR_SSSE3 && __builtin_cpu_supports("ssse3")) ||
           (path == CVK_ANCHOR_AVX2 && __builtin_cpu_supports("avx2"));
}

#else

bool cvk_anchor_path_works(enum cvk_anchor_path path)
{
    return path == CVK_ANCHOR_PORTABLE;
}

/* Never called: the path does not work here. */
size_t cvk_anchors_skip_ssse3(const struct cvk_anchors *a, const uint8_t *p,
                              size_t at, size_t to)
{
    return cvk_anchors_skip_portable(a, p, at, to);
}

size_t cvk_anchors_skip_avx2(const struct cvk_anchors *a, const uint8_t *p,
                             size_t at, size_t to)
{
    return cvk_anchors_skip_portable(a, p, at, to);
}

#endif
