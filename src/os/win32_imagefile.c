/* SPDX-License-Identifier: MIT */
#include "os/imagefile.h"

#include <errno.h>
#include <io.h>

#include "os/win32_file.h"

int cvk_imagefile_open(const char *path, const atomic_int *cancel)
{
    static const struct cvk_win_how how = {
        GENERIC_READ, CVK_SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
        NULL};

    (void)cancel; /* no open waits here */
    return cvk_win_open(-1, path, &how);
}

void cvk_imagefile_close(int fd)
{
    _close(fd); /* nothing was written: its result says nothing */
}

bool cvk_imagefile_exists(const char *path)
{
    struct cvk_file_id id;

    return cvk_file_identify(path, &id) && id.known;
}

bool cvk_imagefile_look(int fd, struct cvk_imagefile_facts *facts)
{
    struct cvk_win_facts win;

    *facts = (struct cvk_imagefile_facts){0};
    if (!cvk_win_look(fd, &win))
        return false;
    facts->id = win.id;
    facts->directory = win.kind == CVK_WIN_DIRECTORY;
    facts->stream = win.kind == CVK_WIN_OTHER;
    return true;
}

bool cvk_imagefile_size(int fd, uint64_t *size)
{
    struct cvk_win_facts win;
    bool ok = cvk_win_look(fd, &win);

    *size = ok ? win.size : 0;
    return ok;
}

long cvk_imagefile_read(int fd, void *p, size_t n)
{
    return cvk_win_read(fd, p, n);
}

long cvk_imagefile_read_at(int fd, void *p, size_t n, uint64_t at)
{
    return cvk_win_read_at(fd, p, n, at);
}

/* Holes of sparse files are read as zeros. */
uint64_t cvk_imagefile_data(int fd, uint64_t offset)
{
    (void)fd;
    return offset;
}
