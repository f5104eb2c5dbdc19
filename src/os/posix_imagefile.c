/* SPDX-License-Identifier: MIT */
#include "os/imagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NOATIME is allowed to the owner of a file and to root. */
int cvk_image_file_open(const struct cvk_image *image, const char *path)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;

    do /* a pipe waits for its writer */
        fd = open(path, flags | O_NOATIME);
    while (fd < 0 && errno == EINTR && !*image->cancel);
    return fd < 0 && errno == EPERM ? open(path, flags) : fd;
}

enum cvk_code cvk_image_file_measure(struct cvk_image *image,
                                     struct cvk_image_segment *s)
{
    struct stat st;
    off_t end;

    if (fstat(s->fd, &st) != 0) {
        image->error = errno;
        return CVK_E_IO_READ;
    }
    s->id = (struct cvk_file_id){true, (uint64_t)st.st_dev,
                                 (uint64_t)st.st_ino};
    if (S_ISDIR(st.st_mode))
        return CVK_E_IO_DIRECTORY;
    image->stream = image->is_stdin ||
                    !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode));
    if (image->stream)
        return CVK_OK;
    /* of a block device, too */
    end = lseek(s->fd, 0, SEEK_END);
    if (end < 0) {
        image->error = errno;
        return CVK_E_IO_READ;
    }
    s->size = (uint64_t)end;
    return CVK_OK;
}

bool cvk_image_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

uint64_t cvk_image_file_data(const struct cvk_image_segment *s, uint64_t at)
{
    off_t data = lseek(s->fd, (off_t)at, SEEK_DATA);

    if (data >= 0)
        return (uint64_t)data;
    /* else the file system does not tell */
    return errno == ENXIO ? s->size : at;
}
