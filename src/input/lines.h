/* SPDX-License-Identifier: MIT */
/* A text file line by line, in memory for one line. */
#ifndef CVK_INPUT_LINES_H
#define CVK_INPUT_LINES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/slice.h"
#include "os/instream.h"

struct cvk_lines {
    struct cvk_instream stream;
    const atomic_int *cancel;
    size_t max;        /* bytes of a line */
    uint64_t number;   /* of the line read last, from 1; 0 before */
    uint64_t offset;   /* of its first byte in the file */
    int error;         /* errno of the last failure */

    /* Private. */
    struct cvk_buf buf;
    size_t at;         /* bytes of buf that are used up */
    uint64_t next;     /* offset of buf->p[at] */
    bool ended;
};

void cvk_lines_init(struct cvk_lines *l, size_t max,
                    const atomic_int *cancel);
void cvk_lines_clear(struct cvk_lines *l);

/* Opens path, or standard input where path is NULL; codes as
 * cvk_instream_open, and CVK_E_MEMORY. */
enum cvk_code cvk_lines_open(struct cvk_lines *l, const char *path);

/* The next line without its line feed, followed by a NUL that does not count;
 * it lives until the next call. CVK_OK, with line->p NULL behind the last
 * line; CVK_E_INPUT_TOO_LARGE for a line of more than max bytes, which is
 * passed over; CVK_E_IO_READ, _IO_DIRECTORY, _IO_INTERRUPTED, _MEMORY. */
enum cvk_code cvk_lines_next(struct cvk_lines *l, struct cvk_slice *line);

#endif
