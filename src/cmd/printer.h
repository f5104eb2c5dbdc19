/* SPDX-License-Identifier: MIT */
/* Where results go: report, messages, manifest, sums, progress; and the exit
 * status they lead to. */
#ifndef CVK_CMD_PRINTER_H
#define CVK_CMD_PRINTER_H

#include <stdbool.h>
#include <stdio.h>

#include "cmd/lineout.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "engine/result.h"
#include "output/bag.h"
#include "output/blob.h"
#include "output/listing.h"
#include "output/report.h"

struct cvk_printer {
    const struct cvk_options *options;
    const struct cvk_report_format *format;
    struct cvk_lineout out;
    bool report;  /* is wanted */
    bool printed; /* a record was */
    struct cvk_listing manifest, sums;
    struct cvk_bag bag;
    struct cvk_progress progress;
};

/* Starts the listings that the options ask for. False after a message, if one
 * cannot be had: nothing may be read then. To be cleared in any case. blobs is
 * NULL where nothing is written. */
bool cvk_printer_init(struct cvk_printer *p, const struct cvk_options *o,
                      const struct cvk_blob_options *blobs);

void cvk_printer_result(struct cvk_printer *p, const struct cvk_result *result);

/* An error that is not of one input. */
void cvk_printer_raise(struct cvk_printer *p, int status);

/* The summary; the listings get their names if the run was complete. */
void cvk_printer_finish(struct cvk_printer *p,
                        const struct cvk_summary *summary, bool complete);
void cvk_printer_clear(struct cvk_printer *p);

#endif
