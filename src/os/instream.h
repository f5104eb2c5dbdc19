/* SPDX-License-Identifier: MIT */
/* Files that are read piece by piece, in bounded memory, and left as they were
 * found. */
#ifndef CVK_OS_INSTREAM_H
#define CVK_OS_INSTREAM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"

struct cvk_instream {
    int fd; /* -1: not open */
};

/* Opens path, following links, or standard input where path is NULL. CVK_OK,
 * CVK_E_IO_OPEN (*error is the errno), _IO_DIRECTORY, _IO_INTERRUPTED. */
enum cvk_code cvk_instream_open(struct cvk_instream *s, const char *path,
                              const atomic_int *cancel, int *error);

/* The next bytes, at most size of them; *got is 0 at the end only. CVK_OK,
 * CVK_E_IO_READ, _IO_DIRECTORY, _IO_INTERRUPTED. */
enum cvk_code cvk_instream_read(struct cvk_instream *s, uint8_t *out, size_t size,
                              const atomic_int *cancel, size_t *got,
                              int *error);

void cvk_instream_close(struct cvk_instream *s);

/* An open directory below which files are looked for. */
struct cvk_indir {
    int fd; /* -1: not open */
};

/* CVK_OK, CVK_E_IO_OPEN (*error is the errno). */
enum cvk_code cvk_indir_open(struct cvk_indir *d, const char *path, int *error);
void cvk_indir_close(struct cvk_indir *d);

/* What stands under a name. */
enum cvk_found {
    CVK_FOUND_FILE,
    CVK_FOUND_NOTHING,
    CVK_FOUND_LINK,  /* there, or on the way there */
    CVK_FOUND_OTHER, /* a directory, a pipe, a device */
};

/* Opens the regular file path below d; path is relative and holds no "..". No
 * link is followed, neither on the way nor at its end, and nothing that is no
 * regular file is opened. CVK_OK: *found tells whether s is open; else
 * CVK_E_IO_OPEN with *error. */
enum cvk_code cvk_indir_open_file(const struct cvk_indir *d, const char *path,
                                  struct cvk_instream *s, enum cvk_found *found,
                                  int *error);

#endif
