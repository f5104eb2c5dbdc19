/* SPDX-License-Identifier: MIT */
/* Images -> the key backups in them, in the order of their offsets. Windows
 * are searched by several threads; what they find is brought into order,
 * written and reported by one. The results are the same for any number. */
#ifndef CVK_ENGINE_CARVE_H
#define CVK_ENGINE_CARVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/extract.h"
#include "output/blob.h"
#include "output/report.h"

/* How far it is with the image at hand. */
struct cvk_carve_progress {
    uint64_t done, total; /* bytes; total 0: not known */
    uint64_t hits;
};

struct cvk_carve {
    struct cvk_extract_options options;
    const struct cvk_blob_options *blobs;
    char *const *paths; /* "-" is standard input */
    size_t n_paths;
    uint64_t offset, length; /* the part in which hits begin */
    bool has_length;
    bool partial; /* incomplete backups are written, too */
    bool gzip;    /* gzip streams are looked into */
    size_t jobs;

    /* Called once for each result, in order, by the caller's thread. */
    void *context;
    void (*emit)(void *context, const struct cvk_result *result);
    void (*tick)(void *context, const struct cvk_carve_progress *progress);
};

/* Searches all images, or up to the moment at which *options.cancel was set.
 * *summary counts images as inputs; *found the records of backups. CVK_OK;
 * CVK_E_MEMORY when there is none to go on. */
enum cvk_code cvk_carve_run(const struct cvk_carve *c,
                            struct cvk_summary *summary, uint64_t *found);

#endif
