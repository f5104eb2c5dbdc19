/* SPDX-License-Identifier: MIT */
/* Verdicts on the blobs of a manifest, as text in the manner of sha256sum -c
 * or as JSON lines. */
#ifndef CVK_OUTPUT_VERIFY_H
#define CVK_OUTPUT_VERIFY_H

#include <stdbool.h>

#include "base/buf.h"
#include "evidence/manifest.h"
#include "output/report.h"

struct cvk_verify_summary {
    struct cvk_summary all; /* of it, blobs: those as the manifest says */
    uint64_t derived;       /* blobs of those that were also derived again */
};

struct cvk_verdict_format {
    /* Append to out; false when out is full. */
    bool (*verdict)(struct cvk_buf *out, const struct cvk_verdict *v,
                    bool verbose);
    bool (*summary)(struct cvk_buf *out, const struct cvk_verify_summary *s);
};

extern const struct cvk_verdict_format cvk_verdict_text;
extern const struct cvk_verdict_format cvk_verdict_json;

/* What the verdict is about: the blob, else the manifest. */
struct cvk_slice cvk_verdict_name(const struct cvk_verdict *v);

#endif
