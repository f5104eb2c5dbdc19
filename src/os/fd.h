/* SPDX-License-Identifier: MIT */
/* Reading and closing what is open, whichever kind of thing it is. */
#ifndef CVK_OS_FD_H
#define CVK_OS_FD_H

#include <stddef.h>
#include <stdint.h>

/* As read(2) and pread(2), errno included; Windows reads at most 1 GiB at
 * once. */
long cvk_fd_read(int fd, void *p, size_t n);
long cvk_fd_read_at(int fd, void *p, size_t n, uint64_t at);

/* For what was only read: the result says nothing then, and errno stays.
 * Nothing happens to standard input, nor to -1. */
void cvk_fd_close(int fd);

#endif
