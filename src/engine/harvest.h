/* SPDX-License-Identifier: MIT */
/* Hits of windows, in the order of windows -> results in the order of offsets:
 * each place once, each backup written once. */
#ifndef CVK_ENGINE_HARVEST_H
#define CVK_ENGINE_HARVEST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/batch.h"
#include "engine/carve.h"
#include "engine/prove.h"
#include "engine/publisher.h"
#include "engine/seen.h"

struct cvk_harvest {
    const struct cvk_carve *carve;
    struct cvk_batch batch; /* what the publisher goes by */
    struct cvk_publisher *publisher;
    struct cvk_blobs blobs;
    struct cvk_stager stager;
    struct cvk_seen seen; /* of all images of the run */
    struct cvk_buf name;
    uint64_t found; /* records of all images */

    /* Of one image. */
    uint64_t from, to; /* hits that begin there count */
    struct cvk_hits pending;
    struct cvk_cover cover;
    uint64_t hits, refused; /* records */
};

/* False when memory is exhausted; to be cleared in any case. */
bool cvk_harvest_init(struct cvk_harvest *h, const struct cvk_carve *carve,
                      struct cvk_summary *summary);
void cvk_harvest_clear(struct cvk_harvest *h);

/* Starts on another image. */
void cvk_harvest_begin(struct cvk_harvest *h, uint64_t from, uint64_t to);

/* Takes the hits of a window, which is left empty, and goes on with all of
 * which no other can begin before: those before offset settled. False when
 * memory is exhausted. */
bool cvk_harvest_take(struct cvk_harvest *h, struct cvk_hits *hits,
                      uint64_t settled);

/* Goes on with all that is left; h->hits and h->refused are complete then. */
bool cvk_harvest_settle(struct cvk_harvest *h);

/* Ends the image: result is about the image itself. False when memory is
 * exhausted. */
bool cvk_harvest_end(struct cvk_harvest *h, struct cvk_result *result);

#endif
