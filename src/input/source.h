/* SPDX-License-Identifier: MIT */
/* One input from its name to the bytes of its document: read once, hashed as
 * it lies on disk, unpacked. */
#ifndef CVK_INPUT_SOURCE_H
#define CVK_INPUT_SOURCE_H

#include <signal.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/slice.h"
#include "input/gzip.h"
#include "os/readfile.h"

/* Reused from input to input. */
struct cvk_source {
    struct cvk_buf raw;      /* as stored */
    struct cvk_buf inflated; /* where it was gzip */

    struct cvk_file_facts file;
    bool read;     /* raw and sha256 hold the whole input */
    uint8_t sha256[CVK_SHA256_SIZE];
    bool is_gzip;
    struct cvk_gzip gzip;
    struct cvk_slice document; /* followed by a NUL that does not count */

    /* Of an error. */
    int error; /* errno, 0 for none */
    char why[CVK_MAX_FINDING_TEXT];
};

void cvk_source_init(struct cvk_source *s);
void cvk_source_clear(struct cvk_source *s);

/* Loads path, or standard input where it is "-". Documents longer than max are
 * refused, stored or unpacked. On failure s->why has it in words and s->read
 * tells whether the stored bytes are known. */
enum cvk_code cvk_source_load(struct cvk_source *s, const char *path,
                              uint64_t max,
                              const volatile sig_atomic_t *cancel);

#endif
