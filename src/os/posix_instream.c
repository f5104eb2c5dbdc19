/* SPDX-License-Identifier: MIT */
#include "os/instream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/outfile.h"

/* O_NOATIME is allowed to the owner of a file and to root. */
static int open_at(int dir, const char *path, int more)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | more;
    int fd = openat(dir, path, flags | O_NOATIME);

    return fd < 0 && errno == EPERM ? openat(dir, path, flags) : fd;
}

enum cvk_code cvk_instream_open(struct cvk_instream *s, const char *path,
                              const atomic_int *cancel, int *error)
{
    struct stat st;

    *error = 0;
    s->fd = STDIN_FILENO;
    if (!path)
        return CVK_OK;
    do /* a pipe waits for its writer */
        s->fd = open_at(AT_FDCWD, path, 0);
    while (s->fd < 0 && errno == EINTR && !*cancel);
    if (s->fd < 0) {
        *error = errno;
        return *cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_OPEN;
    }
    if (fstat(s->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        cvk_instream_close(s);
        return CVK_E_IO_DIRECTORY;
    }
    return CVK_OK;
}

enum cvk_code cvk_indir_open(struct cvk_indir *d, const char *path, int *error)
{
    d->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    *error = d->fd < 0 ? errno : 0;
    return d->fd < 0 ? CVK_E_IO_OPEN : CVK_OK;
}

/* What stands under the last component name in dir. */
static enum cvk_code look(int dir, const char *name, enum cvk_found *found,
                          int *error)
{
    struct stat st;

    *error = 0;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        *found = S_ISREG(st.st_mode)   ? CVK_FOUND_FILE
                 : S_ISLNK(st.st_mode) ? CVK_FOUND_LINK
                                       : CVK_FOUND_OTHER;
        return CVK_OK;
    }
    *found = CVK_FOUND_NOTHING;
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
        return CVK_OK;
    *error = errno;
    return CVK_E_IO_OPEN;
}

/* Opens one folder on the way; -1 and *found if it is none. */
static int step_into(int dir, const char *name, enum cvk_found *found,
                     enum cvk_code *code, int *error)
{
    int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0)
        return fd;
    *error = errno;
    *code = CVK_E_IO_OPEN;
    if (errno == ENOTDIR || errno == ELOOP || errno == ENOENT ||
        errno == ENAMETOOLONG) {
        *code = look(dir, name, found, error);
        /* a file where a folder should be: nothing can stand below it */
        if (!*code && *found != CVK_FOUND_LINK)
            *found = CVK_FOUND_NOTHING;
    }
    return -1;
}

static enum cvk_code open_last(int dir, const char *name, struct cvk_instream *s,
                               enum cvk_found *found, int *error)
{
    enum cvk_code code = look(dir, name, found, error);
    struct stat st;

    if (code || *found != CVK_FOUND_FILE)
        return code;
    /* it may be another one by now: do not wait for a pipe, look again */
    s->fd = open_at(dir, name, O_NOFOLLOW | O_NONBLOCK);
    if (s->fd < 0) {
        *error = errno;
        return CVK_E_IO_OPEN;
    }
    if (fstat(s->fd, &st) != 0) {
        *error = errno;
        cvk_instream_close(s);
        return CVK_E_IO_OPEN;
    }
    if (!S_ISREG(st.st_mode)) {
        cvk_instream_close(s);
        *found = CVK_FOUND_OTHER;
    }
    return CVK_OK;
}

enum cvk_code cvk_indir_open_file(const struct cvk_indir *d, const char *path,
                                  struct cvk_instream *s, enum cvk_found *found,
                                  int *error)
{
    enum cvk_code code = CVK_OK;
    const char *slash;
    int dir = d->fd;

    s->fd = -1;
    *error = 0;
    *found = CVK_FOUND_NOTHING;
    while (dir >= 0 && (slash = strchr(path, '/'))) {
        size_t n = (size_t)(slash - path);
        char name[CVK_MAX_NAME + 1];
        int next = -1;

        if (n <= CVK_MAX_NAME) {
            memcpy(name, path, n);
            name[n] = '\0';
            next = step_into(dir, name, found, &code, error);
        }
        if (dir != d->fd)
            close(dir);
        dir = next;
        path = slash + 1;
    }
    if (dir < 0)
        return code;
    code = open_last(dir, path, s, found, error);
    if (dir != d->fd)
        close(dir);
    return code;
}
