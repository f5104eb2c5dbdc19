/* SPDX-License-Identifier: MIT */
/* Where key backups may begin in a window of bytes: a filter of four bytes for
 * each word that stands in every backup, as bytes and as base64 at each of its
 * three alignments, in text of one and of two bytes a character; and the start
 * of gzip streams. It misses nothing; what it finds is then looked at. */
#ifndef CVK_ENGINE_ANCHOR_H
#define CVK_ENGINE_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* What stands there. */
enum cvk_anchor_kind {
    CVK_ANCHOR_RAW_VAULT, /* a vault's magic, behind its length byte */
    CVK_ANCHOR_RAW_HSM,   /* the header of a Managed HSM's JWE */
    CVK_ANCHOR_BASE64_VAULT,
    CVK_ANCHOR_BASE64_HSM,
    CVK_ANCHOR_GZIP,
};

struct cvk_anchor_word {
    enum cvk_anchor_kind kind;
    struct cvk_slice text; /* characters that are always the same */
    uint8_t lead; /* base64: symbols before it in its first group of four */
    uint8_t skip; /* base64: bytes of that group before the backup */
};

/* A place where a word may be. */
struct cvk_anchor {
    size_t at; /* of the word's first character; of a gzip stream */
    const struct cvk_anchor_word *word;
    unsigned width; /* bytes of a character, 1 or 2; its low byte is at at */
};

/* How many fours of bytes the filter knows, gzip aside. */
enum { CVK_ANCHOR_PRINTS = 28, CVK_ANCHOR_SLOTS = 4096 };

/* Tables of the filter, and the fastest way to use them here. */
struct cvk_anchors {
    /* Of each of the four bytes: bits of the buckets that it may belong to, by
     * the byte and by its low six bits; and of those that it can not, by its
     * half bytes. */
    uint8_t six[4][64];
    uint8_t no_low[4][16], no_high[4][16];
    uint8_t byte[4][256];
    uint32_t prints[CVK_ANCHOR_PRINTS]; /* the four bytes, as they lie */
    uint64_t slots[CVK_ANCHOR_SLOTS / 64]; /* bits: some print has this hash */
    bool gzip;
    size_t (*skip)(const struct cvk_anchors *a, const uint8_t *p, size_t at,
                   size_t to);
};

/* Ways to search; all find the same. */
enum cvk_anchor_path {
    CVK_ANCHOR_PORTABLE,
    CVK_ANCHOR_SSSE3,
    CVK_ANCHOR_AVX2,
    CVK_ANCHOR_AVX512, /* with VBMI */
    CVK_ANCHOR_N_PATHS
};

/* True if this processor knows the path. */
bool cvk_anchor_path_works(enum cvk_anchor_path path);

/* gzip: streams are looked for, too. */
void cvk_anchors_init(struct cvk_anchors *a, bool gzip,
                      enum cvk_anchor_path path);

/* The best path that works here. */
enum cvk_anchor_path cvk_anchor_best_path(void);

/* The first index in [at, to) at which four bytes stand that the filter knows,
 * to if there is none. 68 bytes behind to can be read. */
size_t cvk_anchors_skip(const struct cvk_anchors *a, const uint8_t *p,
                        size_t at, size_t to);

/* The words whose four bytes stand at index at of s: calls found for each that
 * stands there as a whole, lines broken or not. */
void cvk_anchors_check(const struct cvk_anchors *a, struct cvk_slice s,
                       size_t at, void *context,
                       void (*found)(void *context,
                                     const struct cvk_anchor *anchor));

/* The paths: they miss nothing, and may stop where nothing is. */
size_t cvk_anchors_skip_portable(const struct cvk_anchors *a, const uint8_t *p,
                                 size_t at, size_t to);
size_t cvk_anchors_skip_ssse3(const struct cvk_anchors *a, const uint8_t *p,
                              size_t at, size_t to);
size_t cvk_anchors_skip_avx2(const struct cvk_anchors *a, const uint8_t *p,
                             size_t at, size_t to);
size_t cvk_anchors_skip_avx512(const struct cvk_anchors *a, const uint8_t *p,
                               size_t at, size_t to);

#endif
