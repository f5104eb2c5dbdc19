/* SPDX-License-Identifier: MIT */
/* The filter for processors that look up 16 bytes at once: pshufb is SSSE3, in
 * every x86-64-v2; what only has SSE2 takes the portable path. */
#include "engine/anchor.h"

#if defined __x86_64__ || defined __i386__

#include <immintrin.h>

#define SSSE3 __attribute__((target("ssse3")))
#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/* Of 16 places from p on: the buckets that the byte number place there is not
 * of. Looking up by a byte of 128 and more gives 0, so that no mask is needed
 * for the low half: the high one decides. */
SSSE3 static inline __m128i look_16(const struct cvk_anchors *a,
                                    const uint8_t *p, int place)
{
    __m128i v = _mm_loadu_si128((const void *)(p + place));
    __m128i low = _mm_loadu_si128((const void *)a->no_low[place]);
    __m128i high = _mm_loadu_si128((const void *)a->no_high[place]);

    low = _mm_shuffle_epi8(low, v);
    v = _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(15));
    return _mm_or_si128(low, _mm_shuffle_epi8(high, v));
}

/* Bits of the places where some bucket is left. */
SSSE3 static inline unsigned left_16(__m128i v)
{
    __m128i none = _mm_cmpeq_epi8(v, _mm_set1_epi8(-1));

    return (unsigned)_mm_movemask_epi8(none) ^ 0xffff;
}

SSSE3 size_t cvk_anchors_skip_ssse3(const struct cvk_anchors *a,
                                    const uint8_t *p, size_t at, size_t to)
{
    for (; at < to; at += 16) {
        __m128i v = _mm_or_si128(look_16(a, p + at, 0), look_16(a, p + at, 1));
        unsigned left;

        v = _mm_or_si128(v, look_16(a, p + at, 2));
        if (!left_16(v))
            continue;
        left = left_16(_mm_or_si128(v, look_16(a, p + at, 3)));
        if (left)
            return at + (size_t)__builtin_ctz(left);
    }
    return to;
}

AVX2 static inline __m256i look_32(const struct cvk_anchors *a,
                                   const uint8_t *p, int place)
{
    __m256i v = _mm256_loadu_si256((const void *)(p + place));
    __m256i low = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const void *)a->no_low[place]));
    __m256i high = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const void *)a->no_high[place]));

    low = _mm256_shuffle_epi8(low, v);
    v = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
    return _mm256_or_si256(low, _mm256_shuffle_epi8(high, v));
}

/* The same of the first three bytes. */
AVX2 static inline __m256i look_32_at_three(const struct cvk_anchors *a,
                                            const uint8_t *p)
{
    __m256i v = _mm256_or_si256(look_32(a, p, 0), look_32(a, p, 1));

    return _mm256_or_si256(v, look_32(a, p, 2));
}

AVX2 static inline unsigned left_32(__m256i v)
{
    __m256i none = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(-1));

    return ~(unsigned)_mm256_movemask_epi8(none);
}

AVX2 size_t cvk_anchors_skip_avx2(const struct cvk_anchors *a,
                                  const uint8_t *p, size_t at, size_t to)
{
    for (; at < to; at += 64) {
        __m256i v = look_32_at_three(a, p + at);
        __m256i w = look_32_at_three(a, p + at + 32);
        uint64_t left;

        if (_mm256_testc_si256(_mm256_and_si256(v, w), _mm256_set1_epi8(-1)))
            continue;
        v = _mm256_or_si256(v, look_32(a, p + at, 3));
        w = _mm256_or_si256(w, look_32(a, p + at + 32, 3));
        left = left_32(v) | (uint64_t)left_32(w) << 32;
        if (left)
            return at + (size_t)__builtin_ctzll(left);
    }
    return to;
}

/* The buckets that the byte may be of, by its low six bits. */
AVX512 static inline __m512i look_64(const struct cvk_anchors *a,
                                     const uint8_t *p, int place)
{
    return _mm512_permutexvar_epi8(_mm512_loadu_si512(p + place),
                                   _mm512_loadu_si512(a->six[place]));
}

AVX512 size_t cvk_anchors_skip_avx512(const struct cvk_anchors *a,
                                      const uint8_t *p, size_t at, size_t to)
{
    for (; at < to; at += 64) {
        __m512i v = _mm512_and_si512(look_64(a, p + at, 0),
                                     look_64(a, p + at, 1));
        uint64_t left = _mm512_test_epi8_mask(v, look_64(a, p + at, 2));

        if (!left)
            continue;
        v = _mm512_and_si512(v, look_64(a, p + at, 2));
        left = _mm512_test_epi8_mask(v, look_64(a, p + at, 3));
        if (left)
            return at + (size_t)__builtin_ctzll(left);
    }
    return to;
}

bool cvk_anchor_path_works(enum cvk_anchor_path path)
{
    switch (path) {
    case CVK_ANCHOR_PORTABLE:
        return true;
    case CVK_ANCHOR_SSSE3:
        return __builtin_cpu_supports("ssse3");
    case CVK_ANCHOR_AVX2:
        return __builtin_cpu_supports("avx2");
    case CVK_ANCHOR_AVX512:
        return __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vbmi");
    case CVK_ANCHOR_N_PATHS:
        break;
    }
    return false;
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

size_t cvk_anchors_skip_avx512(const struct cvk_anchors *a, const uint8_t *p,
                               size_t at, size_t to)
{
    return cvk_anchors_skip_portable(a, p, at, to);
}

#endif
