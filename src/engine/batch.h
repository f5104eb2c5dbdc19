/* SPDX-License-Identifier: MIT */
/* Many inputs, one after the other: each one's records reach the caller in
 * input order, after its blobs are where they belong. */
#ifndef CVK_ENGINE_BATCH_H
#define CVK_ENGINE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/extract.h"
#include "output/blob.h"
#include "output/report.h"

struct cvk_batch {
    struct cvk_extract_options options;
    const struct cvk_blob_options *blobs; /* NULL: nothing is written */
    char *const *paths;
    size_t n_paths;

    /* Called once for each input. */
    void *context;
    void (*emit)(void *context, const struct cvk_result *result);
};

/* Runs all inputs, or up to the one at which *options.cancel was set, and
 * counts them in *summary. CVK_OK; CVK_E_MEMORY when there is none to go on;
 * CVK_E_IO_READ when it cannot be told which files must not be replaced. */
enum cvk_code cvk_batch_run(const struct cvk_batch *b,
                            struct cvk_summary *summary);

#endif
