/* SPDX-License-Identifier: MIT */
#include "os/fd.h"

#include <errno.h>
#include <unistd.h>

long cvk_fd_read(int fd, void *p, size_t n)
{
    return (long)read(fd, p, n);
}

long cvk_fd_read_at(int fd, void *p, size_t n, uint64_t at)
{
    return (long)pread(fd, p, n, (off_t)at);
}

void cvk_fd_close(int fd)
{
    int saved = errno;

    if (fd >= 0 && fd != STDIN_FILENO)
        close(fd);
    errno = saved;
}
