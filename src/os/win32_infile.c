/* SPDX-License-Identifier: MIT */
#include "os/infile.h"

#include <errno.h>
#include <io.h>

#include "os/infilefill.h"
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

static int open_untouched(struct cvk_infile *f, const struct cvk_location *at)
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
static enum cvk_code check_open(struct cvk_infile *f, bool found)
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

enum cvk_code cvk_infile_open(struct cvk_infile *f,
                              const struct cvk_location *at,
                              const atomic_int *cancel)
{
    enum cvk_code code;

    *f = (struct cvk_infile){.fd = CVK_STDIN, .cancel = cancel};
    f->is_stdin = !at->path;
    if (!f->is_stdin)
        f->fd = open_untouched(f, at);
    if (f->fd < 0) {
        f->error = errno;
        return *cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_OPEN;
    }
    code = check_open(f, at->dir != NULL);
    if (code)
        cvk_infile_close(f);
    return code;
}

void cvk_infile_close(struct cvk_infile *f)
{
    /* nothing was written: the result of close says nothing */
    if (f->fd >= 0 && !f->is_stdin)
        _close(f->fd);
    f->fd = -1;
}

enum cvk_code cvk_infile_fill(struct cvk_infile *f, size_t enough, size_t most,
                              struct cvk_buf *out, bool *ended)
{
    *ended = false;
    while (out->n < enough && !*ended) {
        long n = cvk_win_read(f->fd, out->p + out->n, most - out->n);

        if (n < 0 && errno != EINTR) {
            f->error = errno;
            return CVK_E_IO_READ;
        }
        if (*f->cancel && n <= 0)
            return CVK_E_IO_INTERRUPTED;
        if (n > 0)
            out->n += (size_t)n;
        *ended = n == 0;
    }
    return CVK_OK;
}

enum cvk_code cvk_infile_read_at(struct cvk_infile *f, uint64_t offset,
                                 void *p, size_t n, size_t *got)
{
    uint8_t *to = p;

    *got = 0;
    while (*got < n) {
        long r = cvk_win_read_at(f->fd, to + *got, n - *got, offset + *got);

        if (r < 0) {
            f->error = errno;
            return *f->cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_READ;
        }
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return CVK_OK;
}
