/* SPDX-License-Identifier: MIT */
/* The 512 bytes in front of each member of a tar: v7, ustar (POSIX.1-1988) and
 * GNU, whose fields lie at the same places. */
#ifndef CVK_INPUT_TARHEADER_H
#define CVK_INPUT_TARHEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { CVK_TAR_BLOCK = 512 };

struct cvk_tar_header {
    uint8_t type;           /* the character; NUL of old archives is '0' */
    uint64_t size;          /* at most 2^63 - 1 */
    bool has_mtime;
    int64_t mtime;
    struct cvk_slice prefix; /* stands before the name and a "/"; ustar only */
    struct cvk_slice name;
    bool more_sparse; /* blocks with a sparse map follow (GNU) */
};

/* True if block, of CVK_TAR_BLOCK bytes, holds nothing. */
bool cvk_tar_is_zero(const uint8_t *block);

/* True if the check sum of block is right. */
bool cvk_tar_sums_up(const uint8_t *block);

/* Reads the fields, whatever the check sum. False if the size is none.
 * Slices are parts of block. */
bool cvk_tar_header_parse(const uint8_t *block, struct cvk_tar_header *h);

/* True if block, CVK_TAR_BLOCK bytes or more, is the start of a tar: it says
 * so, or is laid out like the first header of an old one. */
bool cvk_tar_starts(struct cvk_slice head);

/* True if the block of a sparse map says that another one follows. */
bool cvk_tar_sparse_goes_on(const uint8_t *block);

#endif
