/* SPDX-License-Identifier: MIT */
#include "os/instream.h"

#include <errno.h>
#include <io.h>
#include <stdbool.h>
#include <string.h>

#include "os/outdir.h"
#include "os/terminal.h"
#include "os/win32_file.h"

/* A link is opened itself. */
static const struct cvk_win_how untouched = {
    GENERIC_READ, CVK_SHARE_ALL, OPEN_EXISTING,
    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL};

enum cvk_code cvk_instream_open(struct cvk_instream *s, const char *path,
                                const atomic_int *cancel, int *error)
{
    struct cvk_win_how how = untouched;
    struct cvk_win_facts facts;

    *error = 0;
    s->fd = CVK_STDIN;
    if (!path)
        return CVK_OK;
    how.flags = FILE_FLAG_BACKUP_SEMANTICS;
    s->fd = cvk_win_open(-1, path, &how);
    if (s->fd < 0) {
        *error = errno;
        return *cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_OPEN;
    }
    if (cvk_win_look(s->fd, &facts) && facts.kind == CVK_WIN_DIRECTORY) {
        cvk_instream_close(s);
        return CVK_E_IO_DIRECTORY;
    }
    return CVK_OK;
}

enum cvk_code cvk_indir_open(struct cvk_indir *d, const char *path, int *error)
{
    struct cvk_win_how how = {FILE_LIST_DIRECTORY, CVK_SHARE_DIRECTORY,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL};
    struct cvk_win_facts facts;

    d->fd = cvk_win_open(-1, path, &how);
    if (d->fd >= 0 && cvk_win_look(d->fd, &facts) &&
        facts.kind != CVK_WIN_DIRECTORY) {
        cvk_indir_close(d);
        errno = ENOTDIR;
    }
    *error = d->fd < 0 ? errno : 0;
    return d->fd < 0 ? CVK_E_IO_OPEN : CVK_OK;
}

/* Opens what stands under name in dir; -1 and *found if that cannot be. */
static int open_entry(int dir, const char *name, bool last,
                      enum cvk_found *found, enum cvk_code *code, int *error)
{
    struct cvk_win_how how = untouched;
    struct cvk_win_facts facts;
    int fd;

    if (!last) /* it stays where it is while what is below is opened */
        how.share = CVK_SHARE_DIRECTORY;
    fd = cvk_win_open(dir, name, &how);
    *found = CVK_FOUND_NOTHING;
    if (fd >= 0 && cvk_win_look(fd, &facts)) {
        *found = facts.kind == CVK_WIN_FILE   ? CVK_FOUND_FILE
                 : facts.kind == CVK_WIN_LINK ? CVK_FOUND_LINK
                                              : CVK_FOUND_OTHER;
        if (last ? facts.kind == CVK_WIN_FILE : facts.kind == CVK_WIN_DIRECTORY)
            return fd;
        /* a file where a folder should be: nothing can stand below it */
        if (!last && *found != CVK_FOUND_LINK)
            *found = CVK_FOUND_NOTHING;
    } else if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR &&
                           errno != ENAMETOOLONG && errno != EINVAL &&
                           errno != EILSEQ)) {
        *error = errno;
        *code = CVK_E_IO_OPEN;
    }
    if (fd >= 0)
        _close(fd);
    return -1;
}

enum cvk_code cvk_indir_open_file(const struct cvk_indir *d, const char *path,
                                  struct cvk_instream *s, enum cvk_found *found,
                                  int *error)
{
    enum cvk_code code = CVK_OK;
    int dir = d->fd;
    bool last;

    s->fd = -1;
    *error = 0;
    do {
        size_t n = strcspn(path, "/");
        char name[CVK_MAX_NAME + 1];
        int next = -1;

        last = !path[n];
        *found = CVK_FOUND_NOTHING;
        if (n <= CVK_MAX_NAME) {
            memcpy(name, path, n);
            name[n] = '\0';
            next = open_entry(dir, name, last, found, &code, error);
        }
        if (dir != d->fd)
            _close(dir);
        dir = next;
        path += n + !last;
    } while (dir >= 0 && !last);
    s->fd = dir;
    return code;
}
