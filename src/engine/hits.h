/* SPDX-License-Identifier: MIT */
/* What was found in an image: documents that hold key backups. */
#ifndef CVK_ENGINE_HITS_H
#define CVK_ENGINE_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/result.h"

/* One document, its records, the bytes of its good backups. */
struct cvk_hit {
    uint64_t offset, length;
    bool whole; /* some record of it is good */
    struct cvk_result result;
    struct cvk_buf blobs; /* of the good records, one behind the other */
};

/* In the order in which they were found. */
struct cvk_hits {
    struct cvk_hit **v;
    size_t n, size;
};

void cvk_hits_init(struct cvk_hits *hits);
void cvk_hits_clear(struct cvk_hits *hits);

/* Adds a new one; NULL when memory is exhausted. */
struct cvk_hit *cvk_hits_add(struct cvk_hits *hits);
bool cvk_hits_take(struct cvk_hits *hits, struct cvk_hit *hit);
void cvk_hit_free(struct cvk_hit *hit);

/* Frees the last one. */
void cvk_hits_drop(struct cvk_hits *hits);

#endif
