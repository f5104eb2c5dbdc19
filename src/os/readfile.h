/* SPDX-License-Identifier: MIT */
/* Reads one input whole, once, and leaves it as it was found. */
#ifndef CVK_OS_READFILE_H
#define CVK_OS_READFILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "os/fileset.h"

struct cvk_file_facts {
    struct cvk_file_id id;
    bool has_mtime; /* regular files only */
    int64_t mtime;  /* seconds since 1970, UTC */
    uint32_t mtime_ns;
    bool atime_kept; /* reading left the access time alone */
};

/* Reads path, or standard input where path is NULL, into out; out->p[out->n]
 * is a NUL that does not count. A regular file's size is known before memory
 * is taken. Anything longer than max bytes is refused. *cancel, if it becomes
 * non-zero, ends a read that waits. Returns CVK_OK, CVK_E_IO_OPEN,
 * _IO_DIRECTORY, _IO_READ (*error is the errno of these), _IO_CHANGED,
 * _IO_INTERRUPTED, _INPUT_TOO_LARGE or _MEMORY. */
enum cvk_code cvk_readfile(const char *path, uint64_t max,
                           const volatile sig_atomic_t *cancel,
                           struct cvk_buf *out, struct cvk_file_facts *facts,
                           int *error);

#endif
