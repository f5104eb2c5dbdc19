/* SPDX-License-Identifier: MIT */
/* A text file that grows during a run and appears whole at its end, or not at
 * all: the manifest, the sums. */
#ifndef CVK_OUTPUT_LISTING_H
#define CVK_OUTPUT_LISTING_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "os/outfile.h"

struct cvk_listing_options {
    const char *file;    /* "" for the usual name in dir */
    const char *dir;     /* output directory, created if missing */
    const char *usual;   /* name */
    /* With --force: true if a file that begins so may be replaced. Else NULL. */
    bool (*replaceable)(struct cvk_slice begin);
    bool sync;
    bool hash; /* size and SHA-256 of what was written are wanted */
};

struct cvk_listing {
    bool open;
    struct cvk_outtree tree;
    struct cvk_outfile file;
    struct cvk_buf lines; /* to be written */
    char *path;           /* as a person would name it */
    char *parent;
    bool (*replaceable)(struct cvk_slice begin);
    int error; /* errno of what failed, 0 for none */
    bool hashed;
    struct cvk_sha256_state hash; /* of the size bytes written so far */
    uint64_t size;
};

/* Starts the file. CVK_OK, CVK_E_IO_EXISTS, _IO_CREATE, _IO_BUSY, _MEMORY.
 * It is to be cleared in any case. */
enum cvk_code cvk_listing_open(struct cvk_listing *l,
                               const struct cvk_listing_options *options);

/* Where whole lines are to be appended. */
struct cvk_buf *cvk_listing_lines(struct cvk_listing *l);

/* To be called after each line: writes when there are enough of them.
 * CVK_E_IO_WRITE, after which nothing more is written. */
enum cvk_code cvk_listing_write(struct cvk_listing *l);

/* Gives it its name. CVK_OK if it is complete, and on disk where wanted. */
enum cvk_code cvk_listing_publish(struct cvk_listing *l);

/* Gives up what was not published. */
void cvk_listing_clear(struct cvk_listing *l);

#endif
