/* SPDX-License-Identifier: MIT */
/* A manifest line by line into a page for people. */
#ifndef CVK_ENGINE_REPORT_H
#define CVK_ENGINE_REPORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/code.h"
#include "base/finding.h"
#include "output/htmlpage.h"

struct cvk_report {
    const char *manifest; /* "-" is standard input */
    const atomic_int *cancel;

    /* Called for each thing that is wrong with the manifest; line is 0 where
     * it is none of one line. */
    void *context;
    void (*emit)(void *context, enum cvk_severity severity, enum cvk_code code,
                 uint64_t line, const char *why);
};

/* Reads it all into the page, which the caller initialised and clears. CVK_OK
 * if there is something to show; the errors of opening and reading, with
 * *error the errno; CVK_E_MANIFEST_EMPTY, CVK_E_MEMORY. */
enum cvk_code cvk_report_read(const struct cvk_report *r, struct cvk_page *page,
                              int *error);

#endif
