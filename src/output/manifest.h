/* SPDX-License-Identifier: MIT */
/* The first line of a manifest: what run it is of. */
#ifndef CVK_OUTPUT_MANIFEST_H
#define CVK_OUTPUT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct cvk_run_facts {
    const char *version;      /* of the program */
    const char *const *notes; /* KEY=VALUE, in UTF-8 */
    size_t n_notes;
    char *const *command; /* words of the command line */
    size_t n_command;
    const char *host;
    uint64_t user; /* numeric */
    int64_t start; /* seconds since 1970, UTC */
    uint32_t start_ns;
    const char *sandbox; /* what is enforced */
};

/* True if bytes begin like a manifest, or like sums. */
bool cvk_manifest_begins(struct cvk_slice bytes);
bool cvk_sums_begin(struct cvk_slice bytes);

/* Appends it to out; false when out is full. */
bool cvk_manifest_run(struct cvk_buf *out, const struct cvk_run_facts *run);

#endif
