/* SPDX-License-Identifier: MIT */
/* A manifest held against what is on disk: one verdict for each blob it names,
 * in its order, in memory that does not grow with its length but for 32 bytes
 * of each blob's name. */
#ifndef CVK_ENGINE_VERIFY_H
#define CVK_ENGINE_VERIFY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/code.h"
#include "evidence/manifest.h"
#include "output/verify.h"

struct cvk_verify {
    const char *manifest;   /* "-" is standard input */
    const char *output_dir; /* where the blobs are; NULL: beside the manifest */
    bool strict;            /* the first warning refuses */
    uint64_t max_input_size; /* of a config */
    const atomic_int *cancel;

    /* Called once for each verdict. */
    void *context;
    void (*emit)(void *context, const struct cvk_verdict *verdict);
};

/* Counts verdicts as inputs, rows that are passed over as skipped, and blobs
 * that are as the manifest says, or derived again as well. CVK_OK, or
 * CVK_E_MEMORY when there is none to go on. */
enum cvk_code cvk_verify_run(const struct cvk_verify *v,
                             struct cvk_verify_summary *summary);

#endif
