/* SPDX-License-Identifier: MIT */
#include "os/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* First size of the buffer for input of unknown length. */
enum { STREAM_SIZE = 1 << 16 };

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

/* Reads until out holds at least enough bytes or the input ends; asks for up
 * to most in all. */
static enum cvk_code read_up_to(struct cvk_infile *f, size_t enough,
                                size_t most, struct cvk_buf *out, bool *ended)
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

/* One read takes a whole regular file: it asks for one byte more than there
 * should be, so that a file that has grown is seen. */
static enum cvk_code load_regular(struct cvk_infile *f, size_t size,
                                  struct cvk_buf *out)
{
    enum cvk_code code;
    bool ended;

    if (!cvk_buf_reserve(out, size + 1))
        return CVK_E_MEMORY;
    code = read_up_to(f, size, size + 1, out, &ended);
    return code ? code : out->n == size ? CVK_OK : CVK_E_IO_CHANGED;
}

static enum cvk_code load_head(struct cvk_infile *f, size_t head,
                               struct cvk_buf *out)
{
    enum cvk_code code;
    bool ended;

    if (!cvk_buf_reserve(out, head))
        return CVK_E_MEMORY;
    code = read_up_to(f, head, head, out, &ended);
    return code ? code : CVK_E_INPUT_TOO_LARGE;
}

/* A pipe, a device, or a file of a pseudo file system that says size 0. */
static enum cvk_code load_stream(struct cvk_infile *f, uint64_t max,
                                 struct cvk_buf *out)
{
    size_t size = STREAM_SIZE;
    bool ended = false;

    while (!ended) {
        enum cvk_code code;

        if (size > max + 1)
            size = (size_t)max + 1;
        if (!cvk_buf_reserve(out, size))
            return CVK_E_MEMORY;
        code = read_up_to(f, size, size, out, &ended);
        if (code)
            return code;
        if (out->n > max)
            return CVK_E_INPUT_TOO_LARGE;
        size *= 2;
    }
    return CVK_OK;
}

enum cvk_code cvk_infile_load(struct cvk_infile *f, uint64_t max, size_t head,
                              struct cvk_buf *out)
{
    uint64_t size = f->facts.size;
    enum cvk_code code;

    out->n = 0;
    /* standard input may stand in the middle of a regular file */
    if (size == 0 || f->is_stdin)
        code = load_stream(f, max, out);
    else if (size > max)
        code = load_head(f, head, out);
    else
        code = load_regular(f, (size_t)size, out);
    if (out->p)
        out->p[out->n] = 0;
    return code;
}

enum cvk_code cvk_infile_read(struct cvk_infile *f, void *p, size_t n,
                              size_t *got)
{
    struct cvk_buf out = {.p = p};
    bool ended;
    enum cvk_code code = read_up_to(f, n, n, &out, &ended);

    *got = out.n;
    return code;
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
