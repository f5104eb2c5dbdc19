/* SPDX-License-Identifier: MIT */
/* What the system does for one segment of an image, for os/image.c. */
#ifndef CVK_OS_IMAGEFILE_H
#define CVK_OS_IMAGEFILE_H

#include "os/image.h"

/* A new descriptor, -1 with errno. */
int cvk_image_file_open(const struct cvk_image *image, const char *path);

/* Nothing happens to standard input. */
void cvk_image_file_close(int fd);

bool cvk_image_file_exists(const char *path);

/* What is open at s->fd: s->id, image->stream and, unless that is true,
 * s->size. CVK_OK, CVK_E_IO_READ with image->error, _IO_DIRECTORY. */
enum cvk_code cvk_image_file_measure(struct cvk_image *image,
                                     struct cvk_image_segment *s);

/* As read(2) and pread(2). */
long cvk_image_file_read(int fd, void *p, size_t n);
long cvk_image_file_read_at(int fd, void *p, size_t n, uint64_t at);

/* The first offset in s from at on that lies in no hole; s->size if there is
 * none. */
uint64_t cvk_image_file_data(const struct cvk_image_segment *s, uint64_t at);

#endif
