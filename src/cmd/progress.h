/* SPDX-License-Identifier: MIT */
/* One line on standard error that tells how far a run is, and is gone when
 * anything else is to be read. */
#ifndef CVK_CMD_PROGRESS_H
#define CVK_CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/options.h"
#include "output/report.h"

struct cvk_progress {
    bool on;
    bool shown;
    uint64_t started, last; /* milliseconds */
};

void cvk_progress_start(struct cvk_progress *p, enum cvk_progress_mode mode);

/* Shows it, at most ten times a second. total is 0 where it is not known. */
void cvk_progress_show(struct cvk_progress *p, const struct cvk_summary *so_far,
                       uint64_t total);

/* The same for one large input: bytes done and found so far, of total, 0 if
 * that is not known. */
void cvk_progress_bytes(struct cvk_progress *p, uint64_t done, uint64_t total,
                        uint64_t found);

/* Removes the line. */
void cvk_progress_hide(struct cvk_progress *p);

#endif
