/* SPDX-License-Identifier: MIT */
/* The config and the exports of one failed restore, read into a case that can
 * be judged. */
#ifndef CVK_ENGINE_GATHER_H
#define CVK_ENGINE_GATHER_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/code.h"
#include "evidence/record.h"
#include "output/report.h"
#include "restore/case.h"

/* One file from the connected side. */
struct cvk_gather_export {
    const char *path; /* "-" is standard input */
    enum cvk_role role;
};

struct cvk_gather {
    char *config; /* read exactly as 'show' reads it */
    const struct cvk_gather_export *exports;
    size_t n_exports;
    uint64_t max_input_size;
    const atomic_int *cancel;

    /* Called for each input that cannot be used. */
    void *context;
    void (*refused)(void *context, const struct cvk_record *r);
};

/* Fills *c, and *config with what is known of the config's input, key and DES;
 * what the operator states is set by the caller before. Inputs are counted in
 * *summary: if one of them was refused, or none was good, there is nothing to
 * be judged. CVK_OK, or CVK_E_MEMORY when there is none to go on. */
enum cvk_code cvk_gather_run(const struct cvk_gather *g, struct cvk_case *c,
                             struct cvk_record *config,
                             struct cvk_summary *summary);

#endif
