/* SPDX-License-Identifier: MIT */
/* Reads an input once and leaves it as it was found. */
#ifndef CVK_OS_INFILE_H
#define CVK_OS_INFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "os/fileset.h"
#include "os/walk.h"

/* Where an input stands. */
struct cvk_location {
    const char *path;         /* NULL: standard input */
    struct cvk_walk_dir *dir; /* path is a name in it; NULL: from here. What a
                               * walk found is not read through a link, and
                               * only if it is a regular file. */
};

struct cvk_file_facts {
    struct cvk_file_id id;
    bool regular;
    uint64_t size;  /* of a regular file, when it was opened */
    bool has_mtime; /* regular files only */
    int64_t mtime;  /* seconds since 1970, UTC */
    uint32_t mtime_ns;
    bool atime_kept; /* reading leaves the access time alone */
};

struct cvk_infile {
    int fd; /* -1: not open */
    bool is_stdin;
    const atomic_int *cancel;
    struct cvk_file_facts facts;
    int error; /* errno of what failed last */
};

/* True if path leads to a directory. */
bool cvk_infile_is_directory(const char *path);

/* Opens an input. *cancel, if it becomes non-zero, ends an open or a read that
 * waits. CVK_OK, CVK_E_IO_OPEN, _IO_READ (f->error has the errno),
 * _IO_DIRECTORY, _IO_INTERRUPTED, _SKIP_SPECIAL. f need not be closed after a
 * failure, but may be. */
enum cvk_code cvk_infile_open(struct cvk_infile *f,
                              const struct cvk_location *at,
                              const atomic_int *cancel);
void cvk_infile_close(struct cvk_infile *f);

/* Appends to out what there is, at most max bytes, with a NUL behind that does
 * not count. A regular file's size is known before memory is taken; of one that
 * is larger than max only the first head bytes are read. CVK_OK,
 * CVK_E_INPUT_TOO_LARGE: out holds the beginning, and the rest can still be
 * read; _IO_READ, _IO_DIRECTORY, _IO_CHANGED, _IO_INTERRUPTED, _MEMORY. */
enum cvk_code cvk_infile_load(struct cvk_infile *f, uint64_t max, size_t head,
                              struct cvk_buf *out);

/* Reads up to n of the bytes that follow; fewer only at the end. */
enum cvk_code cvk_infile_read(struct cvk_infile *f, void *p, size_t n,
                              size_t *got);

/* The same from offset on, of a regular file. */
enum cvk_code cvk_infile_read_at(struct cvk_infile *f, uint64_t offset,
                                 void *p, size_t n, size_t *got);

#endif
