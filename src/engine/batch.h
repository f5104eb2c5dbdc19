/* SPDX-License-Identifier: MIT */
/* Many inputs: extracted by several threads, published in groups, reported in
 * input order by one thread. With one job there is no other thread at all; the
 * results are the same for any number of them. */
#ifndef CVK_ENGINE_BATCH_H
#define CVK_ENGINE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/extract.h"
#include "engine/feed.h"
#include "output/blob.h"
#include "output/report.h"

struct cvk_batch {
    struct cvk_extract_options options;
    const struct cvk_blob_options *blobs; /* NULL: nothing is written */
    struct cvk_inputs inputs;
    size_t jobs; /* threads that extract; 1: none besides the caller's */
    bool survey; /* count the inputs first */

    /* Called once for each result, in order, by the caller's thread. */
    void *context;
    void (*emit)(void *context, const struct cvk_result *result);
    /* Called between results, and while there are none for a while; total is
     * the number of inputs, 0 if that is not known. */
    void (*tick)(void *context, const struct cvk_summary *so_far,
                 uint64_t total);
};

/* Runs all inputs, or up to the one at which *options.cancel was set, and
 * counts them in *summary. CVK_OK; CVK_E_MEMORY when there is none to go on;
 * CVK_E_IO_READ when it cannot be told which files must not be replaced. */
enum cvk_code cvk_batch_run(const struct cvk_batch *b,
                            struct cvk_summary *summary);

#endif
