/* SPDX-License-Identifier: MIT */
#include "os/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/infilefill.h"

bool cvk_infile_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int open_retrying(const struct cvk_infile *f,
                         const struct cvk_location *at, int flags)
{
    int dir = at->dir ? cvk_walk_dir_fd(at->dir) : AT_FDCWD, fd;

    do
        fd = openat(dir, at->path, flags);
    while (fd < 0 && errno == EINTR && !*f->cancel);
    return fd;
}

/* O_NOATIME is allowed to the owner of a file and to root. */
static int open_untouched(struct cvk_infile *f, const struct cvk_location *at)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;

    /* what was a file when it was found may be a FIFO or a link now */
    if (at->dir)
        flags |= O_NOFOLLOW | O_NONBLOCK;
    fd = open_retrying(f, at, flags | O_NOATIME);
    f->facts.atime_kept = fd >= 0;
    return fd >= 0 || errno != EPERM ? fd : open_retrying(f, at, flags);
}

static void take_facts(const struct stat *st, struct cvk_file_facts *facts)
{
    facts->id = (struct cvk_file_id){true, (uint64_t)st->st_dev,
                                     (uint64_t)st->st_ino};
    facts->regular = facts->has_mtime = S_ISREG(st->st_mode);
    facts->size = facts->regular ? (uint64_t)st->st_size : 0;
    facts->mtime = st->st_mtim.tv_sec;
    facts->mtime_ns = (uint32_t)st->st_mtim.tv_nsec;
}

/* What is open: something that can be read? */
static enum cvk_code check_open(struct cvk_infile *f, bool found)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0) {
        f->error = errno;
        return CVK_E_IO_READ;
    }
    take_facts(&st, &f->facts);
    if (found && !f->facts.regular)
        return CVK_E_SKIP_SPECIAL;
    return S_ISDIR(st.st_mode) ? CVK_E_IO_DIRECTORY : CVK_OK;
}

enum cvk_code cvk_infile_open(struct cvk_infile *f,
                              const struct cvk_location *at,
                              const atomic_int *cancel)
{
    enum cvk_code code;

    *f = (struct cvk_infile){.fd = STDIN_FILENO, .cancel = cancel};
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
        close(f->fd);
    f->fd = -1;
}

enum cvk_code cvk_infile_fill(struct cvk_infile *f, size_t enough, size_t most,
                              struct cvk_buf *out, bool *ended)
{
    *ended = false;
    while (out->n < enough && !*ended) {
        ssize_t n = read(f->fd, out->p + out->n, most - out->n);

        if (n < 0 && errno != EINTR) {
            f->error = errno;
            return errno == EISDIR ? CVK_E_IO_DIRECTORY : CVK_E_IO_READ;
        }
        if (n < 0 && *f->cancel)
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
        ssize_t r = pread(f->fd, to + *got, n - *got,
                          (off_t)(offset + *got));

        if (r < 0 && errno != EINTR) {
            f->error = errno;
            return CVK_E_IO_READ;
        }
        if (r < 0 && *f->cancel)
            return CVK_E_IO_INTERRUPTED;
        if (r == 0)
            break;
        if (r > 0)
            *got += (size_t)r;
    }
    return CVK_OK;
}
