/* SPDX-License-Identifier: MIT */
/* What was found in an image: documents that hold key backups. */
#ifndef CVK_ENGINE_HITS_H
#define CVK_ENGINE_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/result.h"

/* One document, its records, the bytes of its good backups. One of a gzip
 * stream lies where the stream does, and does not hide the others of it. */
struct cvk_hit {
    uint64_t offset, length;
    uint64_t inner; /* offset in what was unpacked of a stream */
    bool unpacked;  /* of a gzip stream */
    bool whole;     /* some record of it is good */
    size_t cost;    /* bytes it holds, once it is complete */
    struct cvk_result result;
    struct cvk_buf blobs; /* of the good records, one behind the other */
};

/* In the order in which they were found, or sorted. */
struct cvk_hits {
    struct cvk_hit **v;
    size_t n, size;
    size_t cost; /* of those that were counted */
};

/* A backup that a whole hit gives, and where that hit ends. */
struct cvk_covered {
    uint8_t sha256[CVK_SHA256_SIZE];
    uint64_t end;
};

/* What is covered by hits that came in order. All 0 at the start. */
struct cvk_cover {
    struct cvk_covered backups[CVK_MAX_COVERED]; /* of those around */
    size_t n;
    uint64_t end;    /* all before it lies in one that is whole */
    uint64_t last;   /* offset of the last that is not, plus 1 */
    uint64_t stream; /* offset of the last gzip stream, plus 1 */
};

void cvk_hits_init(struct cvk_hits *hits);
void cvk_hits_clear(struct cvk_hits *hits);

/* Adds a new one; NULL when memory is exhausted. */
struct cvk_hit *cvk_hits_add(struct cvk_hits *hits);
bool cvk_hits_take(struct cvk_hits *hits, struct cvk_hit *hit);
void cvk_hit_free(struct cvk_hit *hit);

/* Frees the last one. */
void cvk_hits_drop(struct cvk_hits *hits);

/* Counts what the last one, which is complete, holds. */
void cvk_hits_count(struct cvk_hits *hits);

/* By offset, the largest first, what is whole before what is not. */
void cvk_hits_sort(struct cvk_hits *hits);

/* True if every backup that hit gives is one of other, which is whole and has
 * hit inside. */
bool cvk_hit_holds(const struct cvk_hit *other, const struct cvk_hit *hit);

/* True if the next hit in that order counts: inside others it does not, unless
 * it gives a backup that they do not. */
bool cvk_cover_add(struct cvk_cover *cover, const struct cvk_hit *hit);

/* Sorts them, and frees those that do not count. */
void cvk_hits_settle(struct cvk_hits *hits);

#endif
