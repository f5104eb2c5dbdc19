/* SPDX-License-Identifier: MIT */
#include "os/imagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NOATIME is allowed to the owner of a file and to root. */
int cvk_imagefile_open(const char *path, const atomic_int *cancel)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;

    do /* a pipe waits for its writer */
        fd = open(path, flags | O_NOATIME);
    while (fd < 0 && errno == EINTR && !*cancel);
    return fd < 0 && errno == EPERM ? open(path, flags) : fd;
}

void cvk_imagefile_close(int fd)
{
    close(fd); /* nothing was written: its result says nothing */
}

bool cvk_imagefile_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool cvk_imagefile_look(int fd, struct cvk_imagefile_facts *facts)
{
    struct stat st;

    *facts = (struct cvk_imagefile_facts){0};
    if (fstat(fd, &st) != 0)
        return false;
    facts->id = (struct cvk_file_id){true, (uint64_t)st.st_dev,
                                     (uint64_t)st.st_ino};
    facts->directory = S_ISDIR(st.st_mode);
    facts->stream = !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode));
    return true;
}

/* Of a block device, too, whose st_size is 0. */
bool cvk_imagefile_size(int fd, uint64_t *size)
{
    off_t end = lseek(fd, 0, SEEK_END);

    *size = end < 0 ? 0 : (uint64_t)end;
    return end >= 0;
}

long cvk_imagefile_read(int fd, void *p, size_t n)
{
    return read(fd, p, n);
}

long cvk_imagefile_read_at(int fd, void *p, size_t n, uint64_t at)
{
    return pread(fd, p, n, (off_t)at);
}

uint64_t cvk_imagefile_data(int fd, uint64_t offset)
{
    off_t data = lseek(fd, (off_t)offset, SEEK_DATA);

    if (data >= 0)
        return (uint64_t)data;
    return errno == ENXIO ? UINT64_MAX : offset;
}
