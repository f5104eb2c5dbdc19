/* SPDX-License-Identifier: MIT */
/* A window of an image -> the hits whose key backups begin in it. */
#ifndef CVK_ENGINE_SCAN_H
#define CVK_ENGINE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/anchor.h"
#include "engine/prove.h"
#include "input/gzip.h"

/* Bytes to be had on either side of a window: more than a word of the search
 * with a line break in it takes. */
enum { CVK_SCAN_MARGIN = 4096 };

/* Zeros behind the bytes of a window, for the search to run into. */
enum { CVK_SCAN_SLACK = 128 };

struct cvk_window {
    struct cvk_slice bytes; /* with what is there of the margins */
    size_t from, to;        /* the window in bytes */
    uint64_t base;          /* offset of bytes in the image */
};

/* Working memory of one thread. */
struct cvk_scan {
    struct cvk_anchors anchors, no_gzip;
    struct cvk_prover prover;
    struct cvk_inflate *inflate; /* NULL: gzip streams are left alone */
    struct cvk_buf inflated, piece;
};

/* False when memory is exhausted; to be cleared in any case. */
bool cvk_scan_init(struct cvk_scan *s,
                   const struct cvk_extract_options *options, bool partial,
                   bool gzip);
void cvk_scan_clear(struct cvk_scan *s);

/* Adds to hits what begins in the window; from reads the rest of it. A hit may
 * lie in another one, and one may be found twice. CVK_OK, CVK_E_MEMORY,
 * CVK_E_IO_*. */
enum cvk_code cvk_scan_window(struct cvk_scan *s, const struct cvk_bytes *from,
                              const struct cvk_window *w,
                              struct cvk_hits *hits);

#endif
