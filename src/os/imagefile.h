/* SPDX-License-Identifier: MIT */
/* What the system does for one segment of an image, for os/image.c. */
#ifndef CVK_OS_IMAGEFILE_H
#define CVK_OS_IMAGEFILE_H

#include "os/image.h"

/* A new descriptor, -1 with errno. */
int cvk_image_file_open(const struct cvk_image *image, const char *path);

bool cvk_image_file_exists(const char *path);

/* What is open at s->fd: s->id, image->stream and, unless that is true,
 * s->size. CVK_OK, CVK_E_IO_READ with image->error, _IO_DIRECTORY. */
enum cvk_code cvk_image_file_measure(struct cvk_image *image,
                                     struct cvk_image_segment *s);

/* The first offset in s from at on that lies in no hole; s->size if there is
 * none. */
uint64_t cvk_image_file_data(const struct cvk_image_segment *s, uint64_t at);

#endif
