/* SPDX-License-Identifier: MIT */
/* gzip streams (RFC 1952), inflated by zlib into a bounded buffer or piece by
 * piece; and the bare deflate (RFC 1951) of zip. */
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

/* One stream of deflate at a time, piece by piece. */
struct cvk_inflate;

enum cvk_inflate_wrapper {
    CVK_INFLATE_GZIP, /* one gzip member, its check sum and length checked */
    CVK_INFLATE_BARE
};

/* NULL when memory is exhausted. free takes NULL. */
struct cvk_inflate *cvk_inflate_new(void);
void cvk_inflate_free(struct cvk_inflate *f);

/* Begins a new stream, whatever became of the last. */
void cvk_inflate_start(struct cvk_inflate *f, enum cvk_inflate_wrapper wrapper);

/* Takes bytes off the front of *in and puts *made, at most room, to p. *ended
 * tells the end of the stream, behind which *in is left alone. If neither *in
 * nor *made moved, more bytes are needed. CVK_OK, CVK_E_GZIP_DAMAGED,
 * _MEMORY. */
enum cvk_code cvk_inflate_run(struct cvk_inflate *f, struct cvk_slice *in,
                              uint8_t *p, size_t room, size_t *made,
                              bool *ended);

/* CRC-32 of zip and gzip, continued from crc; 0 begins one. */
uint32_t cvk_crc32(uint32_t crc, struct cvk_slice bytes);

/* Version of zlib in use, "1.2.13". */
const char *cvk_gzip_library_version(void);

#endif
