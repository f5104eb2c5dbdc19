/* SPDX-License-Identifier: MIT */
/* What went wrong in an archive, and where. */
#ifndef CVK_INPUT_FAULT_H
#define CVK_INPUT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/code.h"

struct cvk_fault {
    enum cvk_code code; /* CVK_OK: nothing did */
    bool ends;          /* the archive, not one member */
    bool unpacked;      /* at counts bytes behind gzip */
    uint64_t at;
    char why[160];
};

/* Sets all of *f but .unpacked, which goes to false, and returns code. */
enum cvk_code cvk_fault_end(struct cvk_fault *f, enum cvk_code code,
                            uint64_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
enum cvk_code cvk_fault_member(struct cvk_fault *f, enum cvk_code code,
                               uint64_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
