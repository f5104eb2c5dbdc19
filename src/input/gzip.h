/* SPDX-License-Identifier: MIT */
/* gzip streams (RFC 1952), inflated by zlib into a bounded buffer. */
#ifndef CVK_INPUT_GZIP_H
#define CVK_INPUT_GZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/slice.h"

struct cvk_gzip {
    size_t used;     /* bytes of in, up to the end of the last member */
    size_t members;  /* whole ones */
    size_t error_at; /* offset in in */
};

/* True if the bytes start a gzip stream. */
bool cvk_gzip_starts(struct cvk_slice bytes);

/* Inflates all members that follow each other from the start of in. What
 * follows the last, from g->used on, is the caller's to judge. CVK_OK,
 * CVK_E_GZIP_TRUNCATED, _GZIP_DAMAGED, _INPUT_TOO_LARGE (more than max bytes),
 * _MEMORY. */
enum cvk_code cvk_gzip_inflate(struct cvk_slice in, uint64_t max,
                               struct cvk_buf *out, struct cvk_gzip *g);

/* Version of zlib in use, "1.2.13". */
const char *cvk_gzip_library_version(void);

#endif
