/* SPDX-License-Identifier: MIT */
/* Records as text for people or as JSON lines for programs: one row of a table
 * for each format, one file for each writer. Writers print what a record says
 * and compute nothing. */
#ifndef CVK_OUTPUT_REPORT_H
#define CVK_OUTPUT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "evidence/record.h"

/* Counts of one run. */
struct cvk_summary {
    uint64_t inputs, ok, refused, errors, skipped;
    uint64_t blobs;     /* written */
    uint64_t bytes_in;  /* of inputs as stored */
    uint64_t bytes_out; /* of blobs */
};

struct cvk_report_format {
    const char *separator; /* stands between two records */
    /* Append to out; false when out is full. */
    bool (*record)(struct cvk_buf *out, const struct cvk_record *r,
                   bool verbose);
    bool (*summary)(struct cvk_buf *out, const struct cvk_summary *s);
};

extern const struct cvk_report_format cvk_report_text;
extern const struct cvk_report_format cvk_report_json;
extern const struct cvk_report_format cvk_report_sums; /* of written blobs */

#endif
