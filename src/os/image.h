/* SPDX-License-Identifier: MIT */
/* An image that is read anywhere, by several threads, and left as it was
 * found: a file, a block device, or the segments NAME.001, NAME.002 ... taken
 * as one. */
#ifndef CVK_OS_IMAGE_H
#define CVK_OS_IMAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"
#include "os/fileset.h"

struct cvk_image_segment {
    int fd;
    uint64_t from, size; /* in the image */
    struct cvk_file_id id;
};

struct cvk_image {
    struct cvk_image_segment *segments;
    size_t n_segments;
    uint64_t size;
    bool stream; /* it can only be read from front to back */
    bool is_stdin;
    uint64_t at; /* bytes read of a stream */
    const atomic_int *cancel;
    int error;      /* errno of what failed */
    unsigned wrong; /* number of the segment it speaks of, 0 for none */
};

/* A part that cannot be read. */
struct cvk_unreadable {
    uint64_t offset, length;
};

/* Parts that cannot be read, in order; those that touch are one. What exceeds
 * the room is counted in left_out. */
struct cvk_unreadable_list {
    struct cvk_unreadable *v;
    size_t n, room;
    uint64_t bytes;    /* of all, each once unless it is left out */
    uint64_t left_out; /* ranges */
};

/* Adds a range, fast at the end of the list. */
void cvk_unreadable_add(struct cvk_unreadable_list *list, uint64_t offset,
                        uint64_t length);

/* Adds those of from that lie in [begin, end), and the number of what they
 * leave out. */
void cvk_unreadable_take(struct cvk_unreadable_list *list,
                         const struct cvk_unreadable_list *from, uint64_t begin,
                         uint64_t end);

/* Opens path, NULL for standard input. *cancel ends a read that waits.
 * CVK_OK; CVK_E_IO_OPEN, _IO_READ (image->error has the errno),
 * _IO_DIRECTORY, _IO_INTERRUPTED, _IMAGE_SEGMENT (image->wrong), _MEMORY. To
 * be closed in any case. */
enum cvk_code cvk_image_open(struct cvk_image *image, const char *path,
                             const atomic_int *cancel);
void cvk_image_close(struct cvk_image *image);

/* Reads n bytes from offset on, fewer only at the end: *got. What cannot be
 * read is tried again sector by sector; zeros stand for it, and bad, which may
 * be NULL, tells of it. CVK_OK, CVK_E_IO_INTERRUPTED. */
enum cvk_code cvk_image_read(const struct cvk_image *image, uint64_t offset,
                             uint8_t *p, size_t n, size_t *got,
                             struct cvk_unreadable_list *bad);

/* The next bytes of a stream: *got is 0 at the end only. CVK_OK,
 * CVK_E_IO_READ (image->error), _IO_INTERRUPTED. */
enum cvk_code cvk_image_next(struct cvk_image *image, uint8_t *p, size_t n,
                             size_t *got);

/* The first offset from offset on that does not lie in a hole of a sparse
 * file; the size of the image if there is none. */
uint64_t cvk_image_data(const struct cvk_image *image, uint64_t offset);

#endif
