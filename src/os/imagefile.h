/* SPDX-License-Identifier: MIT */
/* What the system does to read a file of an image, for os/image.c. */
#ifndef CVK_OS_IMAGEFILE_H
#define CVK_OS_IMAGEFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/fileset.h"

struct cvk_imagefile_facts {
    struct cvk_file_id id;
    bool directory;
    bool stream; /* it can only be read from front to back */
};

/* Opens path, without an access time where that is possible. A descriptor; -1
 * with errno. *cancel ends an open that waits. */
int cvk_imagefile_open(const char *path, const atomic_int *cancel);
void cvk_imagefile_close(int fd);

bool cvk_imagefile_exists(const char *path);

/* False with errno. */
bool cvk_imagefile_look(int fd, struct cvk_imagefile_facts *facts);

/* Of what is no stream; moves the place of the next read. False with errno. */
bool cvk_imagefile_size(int fd, uint64_t *size);

/* As read(2) and pread(2), errno included. */
long cvk_imagefile_read(int fd, void *p, size_t n);
long cvk_imagefile_read_at(int fd, void *p, size_t n, uint64_t at);

/* The first offset from offset on that does not lie in a hole, or offset where
 * the system does not tell; UINT64_MAX if all that follows is one. */
uint64_t cvk_imagefile_data(int fd, uint64_t offset);

#endif
