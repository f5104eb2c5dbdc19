/* SPDX-License-Identifier: MIT */
#include "os/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* First size of the buffer for input of unknown length. */
enum { STREAM_SIZE = 1 << 16 };

/* O_NOATIME is allowed to the owner of a file and to root. */
static int open_untouched(const char *path,
                          const volatile sig_atomic_t *cancel,
                          bool *atime_kept)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;

    do
        fd = open(path, flags | O_NOATIME);
    while (fd < 0 && errno == EINTR && !*cancel);
    *atime_kept = fd >= 0;
    if (fd >= 0 || errno != EPERM)
        return fd;
    do
        fd = open(path, flags);
    while (fd < 0 && errno == EINTR && !*cancel);
    return fd;
}

static void take_facts(const struct stat *st, struct cvk_file_facts *facts)
{
    facts->id = (struct cvk_file_id){true, (uint64_t)st->st_dev,
                                     (uint64_t)st->st_ino};
    facts->has_mtime = S_ISREG(st->st_mode);
    facts->mtime = st->st_mtim.tv_sec;
    facts->mtime_ns = (uint32_t)st->st_mtim.tv_nsec;
}

/* Reads until out holds at least enough bytes or the input ends; asks for up
 * to most in all. */
static enum cvk_code read_up_to(int fd, size_t enough, size_t most,
                                const volatile sig_atomic_t *cancel,
                                struct cvk_buf *out, bool *ended, int *error)
{
    *ended = false;
    while (out->n < enough && !*ended) {
        ssize_t n = read(fd, out->p + out->n, most - out->n);

        if (n < 0 && errno != EINTR) {
            *error = errno;
            return errno == EISDIR ? CVK_E_IO_DIRECTORY : CVK_E_IO_READ;
        }
        if (n < 0 && *cancel)
            return CVK_E_IO_INTERRUPTED;
        if (n > 0)
            out->n += (size_t)n;
        *ended = n == 0;
    }
    return CVK_OK;
}

/* One read takes a whole regular file: it asks for one byte more than there
 * should be, so that a file that has grown is seen. */
static enum cvk_code read_regular(int fd, uint64_t size,
                                  const volatile sig_atomic_t *cancel,
                                  struct cvk_buf *out, int *error)
{
    enum cvk_code code;
    bool ended;

    if (!cvk_buf_reserve(out, (size_t)size + 1))
        return CVK_E_MEMORY;
    code = read_up_to(fd, (size_t)size, (size_t)size + 1, cancel, out, &ended,
                      error);
    return code ? code : out->n == size ? CVK_OK : CVK_E_IO_CHANGED;
}

/* A pipe, a device, or a file of a pseudo file system that says size 0. */
static enum cvk_code read_stream(int fd, uint64_t max,
                                 const volatile sig_atomic_t *cancel,
                                 struct cvk_buf *out, int *error)
{
    size_t size = STREAM_SIZE;
    bool ended = false;

    while (!ended) {
        enum cvk_code code;

        if (size > max + 1)
            size = (size_t)max + 1;
        if (!cvk_buf_reserve(out, size))
            return CVK_E_MEMORY;
        code = read_up_to(fd, size, size, cancel, out, &ended, error);
        if (code)
            return code;
        if (out->n > max)
            return CVK_E_INPUT_TOO_LARGE;
        size *= 2;
    }
    return CVK_OK;
}

static enum cvk_code read_open(int fd, uint64_t max,
                               const volatile sig_atomic_t *cancel,
                               struct cvk_buf *out,
                               struct cvk_file_facts *facts, int *error)
{
    enum cvk_code code;
    struct stat st;

    if (fstat(fd, &st) != 0) {
        *error = errno;
        return CVK_E_IO_READ;
    }
    take_facts(&st, facts);
    if (S_ISDIR(st.st_mode))
        return CVK_E_IO_DIRECTORY;
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max)
        return CVK_E_INPUT_TOO_LARGE;
    /* standard input may stand in the middle of a regular file */
    if (S_ISREG(st.st_mode) && st.st_size > 0 && fd != STDIN_FILENO)
        code = read_regular(fd, (uint64_t)st.st_size, cancel, out, error);
    else
        code = read_stream(fd, max, cancel, out, error);
    if (!code)
        out->p[out->n] = 0;
    return code;
}

enum cvk_code cvk_readfile(const char *path, uint64_t max,
                           const volatile sig_atomic_t *cancel,
                           struct cvk_buf *out, struct cvk_file_facts *facts,
                           int *error)
{
    enum cvk_code code;
    int fd = STDIN_FILENO;

    *facts = (struct cvk_file_facts){0};
    *error = 0;
    out->n = 0;
    if (path) {
        fd = open_untouched(path, cancel, &facts->atime_kept);
        if (fd < 0) {
            *error = errno;
            return *cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_OPEN;
        }
    }
    code = read_open(fd, max, cancel, out, facts, error);
    if (path)
        close(fd); /* nothing was written: its result says nothing */
    return code;
}
