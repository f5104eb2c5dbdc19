/* SPDX-License-Identifier: MIT */
#include "os/imagefile.h"

#include <errno.h>
#include <io.h>

#include "os/terminal.h"
#include "os/win32_file.h"

static int open_for(const char *path, DWORD access)
{
    struct cvk_win_how how = {access, CVK_SHARE_ALL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS, NULL};

    return cvk_win_open(-1, path, &how);
}

int cvk_image_file_open(const struct cvk_image *image, const char *path)
{
    int fd = open_for(path, GENERIC_READ | FILE_WRITE_ATTRIBUTES);

    (void)image;
    if (fd < 0)
        return open_for(path, GENERIC_READ);
    cvk_win_keep_access_time(fd);
    return fd;
}

bool cvk_image_file_exists(const char *path)
{
    int fd = open_for(path, FILE_READ_ATTRIBUTES);

    if (fd < 0)
        return errno != ENOENT;
    _close(fd);
    return true;
}

/* A disk itself has no such facts and is refused: it is read in whole sectors
 * only, which the parts of a search are not. What was handed down may be
 * readable and tell nothing. */
enum cvk_code cvk_image_file_measure(struct cvk_image *image,
                                     struct cvk_image_segment *s)
{
    struct cvk_win_facts facts;

    if (!cvk_win_look(s->fd, &facts)) {
        image->error = errno;
        if (!image->is_stdin || errno == EBADF)
            return CVK_E_IO_READ;
    }
    s->id = facts.id;
    if (facts.kind == CVK_WIN_DIRECTORY)
        return CVK_E_IO_DIRECTORY;
    image->stream = image->is_stdin || facts.kind == CVK_WIN_OTHER;
    s->size = image->stream ? 0 : facts.size;
    return CVK_OK;
}

/* Holes are read as the zeros they are. */
uint64_t cvk_image_file_data(const struct cvk_image_segment *s, uint64_t at)
{
    (void)s;
    return at;
}
