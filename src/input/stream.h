/* SPDX-License-Identifier: MIT */
/* The bytes of an archive in order, unpacked from gzip where that is around
 * them, a piece at a time. */
#ifndef CVK_INPUT_STREAM_H
#define CVK_INPUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"
#include "base/slice.h"
#include "input/archive.h"
#include "input/fault.h"
#include "input/gzip.h"

enum { CVK_STREAM_PIECE = 1 << 16 };

struct cvk_stream {
    struct cvk_archive_io io;
    struct cvk_fault *fault;     /* where errors are told */
    struct cvk_inflate *inflate; /* NULL: there is no gzip around it */
    enum cvk_code code;          /* what ended the stream */
    bool source_ended;
    bool ended;                  /* so has what is unpacked */
    bool in_member;              /* of gzip */
    uint64_t stored;             /* bytes taken from the source and used */
    uint64_t at;                 /* offset of the next byte, unpacked */
    struct cvk_slice packed;     /* of packed_bytes, not used yet */
    struct cvk_slice next;       /* unpacked, not taken yet */
    uint8_t packed_bytes[CVK_STREAM_PIECE];
    uint8_t unpacked_bytes[CVK_STREAM_PIECE];
};

/* Starts at the first byte of *io, which is copied. fault and inflate are
 * borrowed; inflate is NULL for bytes that are as they are stored. */
void cvk_stream_open(struct cvk_stream *s, const struct cvk_archive_io *io,
                     struct cvk_inflate *inflate, struct cvk_fault *fault);

/* The next bytes, at least one unless the stream has ended; they stay until
 * some are taken. CVK_OK, CVK_E_GZIP_TRUNCATED, _GZIP_DAMAGED, _MEMORY,
 * _ARCHIVE_RATIO, or a code of io: told in fault, and again in each later
 * call. */
enum cvk_code cvk_stream_peek(struct cvk_stream *s, struct cvk_slice *bytes);

/* Goes on by n, which must not exceed what was peeked. */
void cvk_stream_take(struct cvk_stream *s, size_t n);

/* n bytes into p, fewer only where the stream ends; codes as above. */
enum cvk_code cvk_stream_read(struct cvk_stream *s, void *p, size_t n,
                              size_t *got);

/* Goes on by n bytes, fewer only where the stream ends. */
enum cvk_code cvk_stream_skip(struct cvk_stream *s, uint64_t n, uint64_t *gone);

/* Goes on to the end of the source. CVK_E_ARCHIVE_TRAILING, when all has been
 * read, if there was another byte than NUL. */
enum cvk_code cvk_stream_finish(struct cvk_stream *s);

/* Reads the source to its end, whatever is in it. CVK_OK or a code of io. */
enum cvk_code cvk_stream_abandon(struct cvk_stream *s);

/* True if so many bytes were unpacked from so few that nobody would pack a
 * document that well. */
bool cvk_stream_is_bomb(uint64_t unpacked, uint64_t stored);

#endif
