/* SPDX-License-Identifier: MIT */
/* Files that appear whole or not at all. Stage writes the bytes where nobody
 * can see them; publish makes them durable, then gives them their name. */
#ifndef CVK_OS_OUTFILE_H
#define CVK_OS_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/code.h"
#include "base/limits.h"
#include "base/slice.h"
#include "os/fileset.h"

/* Longest file name, as the file systems of Linux have it. */
#define CVK_MAX_NAME 255

/* An open directory that files are put into. */
struct cvk_outdir {
    int fd;          /* -1: not open */
    bool no_tmpfile; /* files need a name from the start */
    bool mode_known; /* one file was written, and its mode looked at */
    bool mode_kept;  /* the file system holds mode 0600 */
};

/* Opens the directory path, which must be there. CVK_OK, CVK_E_IO_CREATE
 * (*error is the errno). */
enum cvk_code cvk_outdir_open(struct cvk_outdir *d, const char *path,
                              int *error);

/* The same, but what is missing of path is created with mode 0700, and made
 * durable if sync is true. */
enum cvk_code cvk_outdir_create(struct cvk_outdir *d, const char *path,
                                bool sync, int *error);

/* The same below parent. path is relative and holds no ".."; no link is
 * followed on the way. */
enum cvk_code cvk_outdir_create_below(struct cvk_outdir *d,
                                      const struct cvk_outdir *parent,
                                      const char *path, bool sync, int *error);

void cvk_outdir_close(struct cvk_outdir *d);

/* A file on its way into dir, which must stay open until it has arrived. */
struct cvk_outfile {
    int fd; /* -1: nothing is staged */
    struct cvk_outdir *dir;
    bool replace;
    struct cvk_slice bytes; /* what it shall hold, while it is staged */
    bool published; /* it has its name */
    bool named; /* its bytes lie under part until it is published */
    char name[CVK_MAX_NAME + 1];
    char part[CVK_MAX_NAME + 1];
};

/* Writes the bytes of a file that shall be called name, mode 0600. replace
 * allows publish to replace an existing file. On failure nothing is left.
 * CVK_OK, CVK_E_IO_CREATE, _IO_WRITE (*error is the errno), _IO_BUSY. */
enum cvk_code cvk_outfile_stage(struct cvk_outfile *f, struct cvk_outdir *dir,
                                const char *name, bool replace,
                                struct cvk_slice bytes, int *error);

/* Gives the staged file its name; if sync is true both are on disk then. A
 * file that stands in kept (NULL unless files may be replaced) is not
 * replaced, and the new file joins its outputs. CVK_OK, CVK_E_IO_EXISTS,
 * _IO_OUTPUT_IS_INPUT, _IO_SYNC, _IO_PUBLISH, _MEMORY. f is spent either way,
 * and where it failed nothing is left of it: only when the very last step,
 * syncing the directory, fails (CVK_E_IO_SYNC) the file is there, as
 * f->published tells. */
enum cvk_code cvk_outfile_publish(struct cvk_outfile *f, bool sync,
                                  struct cvk_kept *kept, int *error);

/* Gives up a staged file and leaves nothing of it. */
void cvk_outfile_discard(struct cvk_outfile *f);

/* True if path is there and is no regular file and no directory: a pipe or a
 * device such as /dev/null, which is written as it is. */
bool cvk_outfile_is_special(const char *path);

/* Writes all bytes to such a file, or to an open descriptor. */
enum cvk_code cvk_outfile_write_special(const char *path,
                                        struct cvk_slice bytes, int *error);
enum cvk_code cvk_outfile_write_fd(int fd, struct cvk_slice bytes, int *error);

#endif
