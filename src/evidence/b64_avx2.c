/* SPDX-License-Identifier: MIT */
/* The way of Mula and Lemire, "Faster Base64 Encoding and Decoding using AVX2
 * Instructions", ACM Transactions on the Web 12 (3), 2018: the two halves of
 * a character, four bits each, are looked up in tables of sixteen. */
#include "evidence/b64_avx2.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

/* glibc has asked the processor at its own start. To ask again, as the compiler
 * would in every run, takes 50 us in a virtual machine: CPUID leaves it. */
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define HAS_AVX2 CPU_FEATURE_ACTIVE(AVX2)
#else
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#endif

/* A row of 16 characters has the same high half: its bit, 0 for a row without
 * any of base64. */
static const int8_t row_bits[16] = {0, 0, 1, 2, 4, 8, 16, 32};

struct alphabet {
    int8_t members[16]; /* by the low half: bits of the rows it is good in */
    int8_t steps[16];   /* by the high half: what makes a sextet of it */
    char last;          /* the character of sextet 63, which steps has wrong */
};

#define STEPS(row2)                                                            \
    {                                                                          \
        0, 0, (row2), 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a'                 \
    }

/* Rows: '+' and '/'; 0-9; A-O; P-Z; a-o; p-z. */
static const struct alphabet standard = {
    {0x2a, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3c, 0x15,
     0x14, 0x14, 0x14, 0x15},
    STEPS(62 - '+'),
    '/',
};

/* Rows: '-'; 0-9; A-O; P-Z and '_'; a-o; p-z. */
static const struct alphabet url = {
    {0x2a, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3c, 0x14,
     0x14, 0x15, 0x14, 0x1c},
    STEPS(62 - '-'),
    '_',
};

#define AVX2 __attribute__((target("avx2")))

/* Sixteen bytes, twice. */
AVX2 static __m256i twice(const int8_t bytes[16])
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)bytes));
}

/* Joins the sextets of 32 characters to 24 bytes, and writes four more. */
AVX2 static void write_sextets(__m256i sextets, uint8_t *out)
{
    /* the last byte of each group goes first, and no byte to the end */
    static const int8_t order[16] = {2, 1,  0,  6,  5,  4,  10, 9,
                                     8, 14, 13, 12, -1, -1, -1, -1};
    __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi16(0x0140));
    __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x11000));
    __m256i bytes = _mm256_shuffle_epi8(groups, twice(order));

    _mm_storeu_si128((__m128i *)(void *)out, _mm256_castsi256_si128(bytes));
    _mm_storeu_si128((__m128i *)(void *)(out + 12),
                     _mm256_extracti128_si256(bytes, 1));
}

AVX2 static size_t decode(struct cvk_slice text, const struct alphabet *a,
                          uint8_t *out)
{
    const __m256i members = twice(a->members), steps = twice(a->steps);
    const __m256i rows = twice(row_bits), last = _mm256_set1_epi8(a->last);
    size_t at = 0;

    for (; text.n - at >= 32; at += 32, out += 24) {
        __m256i c =
            _mm256_loadu_si256((const __m256i *)(const void *)(text.p + at));
        __m256i high =
            _mm256_and_si256(_mm256_srli_epi16(c, 4), _mm256_set1_epi8(15));
        /* the low half of what is not ASCII is looked up as 0: no member */
        __m256i good = _mm256_and_si256(_mm256_shuffle_epi8(members, c),
                                        _mm256_shuffle_epi8(rows, high));
        __m256i bad = _mm256_cmpeq_epi8(good, _mm256_setzero_si256());
        __m256i sextets = _mm256_blendv_epi8(
            _mm256_add_epi8(c, _mm256_shuffle_epi8(steps, high)),
            _mm256_set1_epi8(63), _mm256_cmpeq_epi8(c, last));

        if (_mm256_movemask_epi8(bad))
            break;
        write_sextets(sextets, out);
    }
    return at;
}

size_t cvk_b64_avx2_decode(struct cvk_slice text, bool is_url, uint8_t *out)
{
    if (text.n < 32 || !HAS_AVX2)
        return 0;
    return decode(text, is_url ? &url : &standard, out);
}

#else

size_t cvk_b64_avx2_decode(struct cvk_slice text, bool is_url, uint8_t *out)
{
    (void)text, (void)is_url, (void)out;
    return 0;
}

#endif
