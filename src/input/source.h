/* SPDX-License-Identifier: MIT */
/* One input from where it stands to the bytes of its document: read once,
 * hashed as it lies on disk, unpacked. */
#ifndef CVK_INPUT_SOURCE_H
#define CVK_INPUT_SOURCE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/slice.h"
#include "input/archive.h"
#include "input/gzip.h"
#include "os/infile.h"

/* Reused from input to input. */
struct cvk_source {
    struct cvk_buf raw;      /* as stored; the beginning of an archive */
    struct cvk_buf inflated; /* where it was gzip */

    struct cvk_infile file;
    bool whole;    /* raw holds all of the input */
    bool read;     /* size and sha256 are known */
    uint64_t size; /* as stored */
    uint8_t sha256[CVK_SHA256_SIZE];
    bool is_gzip;
    struct cvk_gzip gzip;
    struct cvk_slice document; /* followed by a NUL that does not count */
    enum cvk_archive_kind archive;

    /* While the bytes of an archive are handed out. */
    struct cvk_archive_io io;
    struct cvk_sha256_state hash;
    uint64_t delivered;

    char why[CVK_MAX_FINDING_TEXT]; /* of an error */
};

void cvk_source_init(struct cvk_source *s);
void cvk_source_clear(struct cvk_source *s);

/* Loads an input. Documents longer than max are refused, stored or unpacked.
 * On failure s->why has it in words, s->read tells whether the stored bytes are
 * known, and s->document is as much as there is. If it is an archive
 * (s->archive), of any size, it stays open and s->io gives its bytes until
 * cvk_source_close. */
enum cvk_code cvk_source_load(struct cvk_source *s,
                              const struct cvk_location *at, uint64_t max,
                              const atomic_int *cancel);

/* Closes an archive. If all of its bytes have been handed out, or can be read
 * again, its size and hash are known then. CVK_OK, CVK_E_IO_READ,
 * _IO_CHANGED, _IO_INTERRUPTED. */
enum cvk_code cvk_source_close(struct cvk_source *s);

/* Puts into s->why what a code of this file or of s->io means. */
enum cvk_code cvk_source_explain(struct cvk_source *s, enum cvk_code code,
                                 uint64_t max);

/* Goes on from bytes that are in s->raw already, such as an archive member's:
 * hashed and unpacked. */
enum cvk_code cvk_source_take(struct cvk_source *s, uint64_t max);

#endif
