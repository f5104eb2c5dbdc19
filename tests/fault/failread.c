/* SPDX-License-Identifier: MIT */
/* A preload by which a medium fails: pread of the file BAD_FILE ends before the
 * first of the ranges BAD_RANGES, "FROM-TO FROM-TO ..." in bytes, and fails
 * with EIO inside one, as the kernel does it. The first BAD_AFTER reads are
 * good all the same. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t pread(int fd, void *p, size_t n, off_t offset);
ssize_t pread64(int fd, void *p, size_t n, off_t offset);

static int is_bad_file(int fd)
{
    const char *name = getenv("BAD_FILE");
    struct stat a, b;

    return name && stat(name, &a) == 0 && fstat(fd, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

ssize_t pread(int fd, void *p, size_t n, off_t offset)
{
    ssize_t (*real)(int, void *, size_t, off_t);
    const char *ranges = getenv("BAD_RANGES"), *after = getenv("BAD_AFTER");
    static long reads; /* by one thread */
    char *end;

    *(void **)&real = dlsym(RTLD_NEXT, "pread64");
    if (!ranges || !is_bad_file(fd))
        return real(fd, p, n, offset);
    if (after && reads++ < atol(after))
        return real(fd, p, n, offset);
    while (*ranges) {
        off_t from = strtoll(ranges, &end, 10), to;

        if (*end != '-')
            break;
        to = strtoll(end + 1, &end, 10);
        ranges = end + strspn(end, " ");
        if (offset >= from && offset < to) {
            errno = EIO;
            return -1;
        }
        if (offset < from && offset + (off_t)n > from)
            n = (size_t)(from - offset);
    }
    return real(fd, p, n, offset);
}

ssize_t pread64(int fd, void *p, size_t n, off_t offset)
{
    return pread(fd, p, n, offset);
}
