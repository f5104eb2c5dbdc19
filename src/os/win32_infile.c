/* SPDX-License-Identifier: MIT */
#include "os/infilefd.h"

#include <errno.h>
#include <io.h>

#include "os/terminal.h"
#include "os/walk.h"
#include "os/win32_file.h"

/* Directories open, too, so that they can be told from what is not there. */
static const struct cvk_win_how reading = {
    GENERIC_READ, CVK_SHARE_ALL, OPEN_EXISTING,
    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_SEQUENTIAL_SCAN, NULL};

bool cvk_infile_is_directory(const char *path)
{
    struct cvk_win_how how = reading;
    struct cvk_win_facts facts;
    bool is;
    int fd;

    how.access = FILE_READ_ATTRIBUTES;
    fd = cvk_win_open(-1, path, &how);
    is = fd >= 0 && cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_DIRECTORY;
    if (fd >= 0)
        _close(fd);
    return is;
}

int cvk_infile_open_untouched(struct cvk_infile *f,
                              const struct cvk_location *at)
{
    int dir = at->dir ? cvk_walk_dir_fd(at->dir) : -1, fd;
    struct cvk_win_how how = reading;

    /* what was a file when it was found may be a link now */
    if (at->dir)
        how.flags |= FILE_FLAG_OPEN_REPARSE_POINT;
    how.access |= FILE_WRITE_ATTRIBUTES;
    fd = cvk_win_open(dir, at->path, &how);
    f->facts.atime_kept = fd >= 0 && cvk_win_keep_access_time(fd);
    if (fd >= 0 || (errno != EACCES && errno != EROFS && errno != EPERM &&
                    errno != EBUSY))
        return fd;
    how.access = GENERIC_READ;
    return cvk_win_open(dir, at->path, &how);
}

/* What is open: something that can be read? */
enum cvk_code cvk_infile_look(struct cvk_infile *f, bool found)
{
    struct cvk_win_facts facts;

    if (!cvk_win_look(f->fd, &facts)) {
        f->error = errno;
        /* what was handed down may be readable and tell nothing */
        if (!f->is_stdin || errno == EBADF)
            return CVK_E_IO_READ;
    }
    /* followed and still one: a file that a driver assembles */
    if (!found && facts.kind == CVK_WIN_LINK)
        facts.kind = CVK_WIN_FILE;
    f->facts.id = facts.id;
    f->facts.regular = f->facts.has_mtime = facts.kind == CVK_WIN_FILE;
    f->facts.size = f->facts.regular ? facts.size : 0;
    f->facts.mtime = facts.mtime;
    f->facts.mtime_ns = facts.mtime_ns;
    if (found && !f->facts.regular)
        return CVK_E_SKIP_SPECIAL;
    return facts.kind == CVK_WIN_DIRECTORY ? CVK_E_IO_DIRECTORY : CVK_OK;
}
