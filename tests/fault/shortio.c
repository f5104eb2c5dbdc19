/* SPDX-License-Identifier: MIT */
/* A preload under which the program's reads and writes move at most SHORT_IO
 * bytes a call, and every SHORT_EINTR-th fails with EINTR before. Adds to the
 * file SHORT_LOG how many calls that changed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
ssize_t __pread_chk(int fd, void *p, size_t n, off_t at, size_t room);

static FILE *log_file;
static size_t most = (size_t)-1;
static unsigned long interval;
static atomic_ulong calls, changed;

__attribute__((constructor)) static void start(void)
{
    const char *size = getenv("SHORT_IO"), *every = getenv("SHORT_EINTR");
    const char *log = getenv("SHORT_LOG");

    if (size && atol(size) > 0)
        most = (size_t)atol(size);
    interval = every ? strtoul(every, NULL, 10) : 0;
    /* before the sandbox, which lets no file be made later */
    if (log)
        log_file = fopen(log, "ae");
}

__attribute__((destructor)) static void tell(void)
{
    if (!log_file)
        return;
    fprintf(log_file, "%lu\n", (unsigned long)changed);
    fclose(log_file);
}

/* Zero, and what is left of n; or -1. */
static int shorten(size_t *n)
{
    if (interval && ++calls % interval == 0) {
        changed++;
        errno = EINTR;
        return -1;
    }
    if (*n > most) {
        changed++;
        *n = most;
    }
    return 0;
}

ssize_t read(int fd, void *p, size_t n)
{
    return shorten(&n) ? -1 : syscall(SYS_read, fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
    return shorten(&n) ? -1 : syscall(SYS_pread64, fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
    return shorten(&n) ? -1 : syscall(SYS_write, fd, p, n);
}

/* The same, as a compiler calls them that knows the room. */
ssize_t __read_chk(int fd, void *p, size_t n, size_t room)
{
    if (n > room)
        abort();
    return read(fd, p, n);
}

ssize_t __pread_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
    if (n > room)
        abort();
    return pread(fd, p, n, at);
}
