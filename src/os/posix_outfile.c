/* SPDX-License-Identifier: MIT */
#include "os/outfilefd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/partfile.h"

enum { PIECE = 4096 };

/* ---- writing ------------------------------------------------------------ */

enum cvk_code cvk_outfile_write_fd(int fd, struct cvk_slice bytes, int *error)
{
    size_t at = 0;

    while (at < bytes.n) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);

        if (n < 0 && errno != EINTR) {
            *error = errno;
            return CVK_E_IO_WRITE;
        }
        if (n > 0)
            at += (size_t)n;
    }
    return CVK_OK;
}

bool cvk_outfile_is_special(const char *path)
{
    /* names of open descriptors, whatever these lead to */
    static const char *const descriptors[] = {"/dev/stdout", "/dev/stderr",
                                              "/dev/fd/", "/proc/"};
    struct stat st;

    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (strncmp(path, descriptors[i], strlen(descriptors[i])) == 0)
            return true;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
           !S_ISDIR(st.st_mode);
}

enum cvk_code cvk_outfile_write_special(const char *path,
                                        struct cvk_slice bytes, int *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    enum cvk_code code;

    if (fd < 0) {
        *error = errno;
        return CVK_E_IO_CREATE;
    }
    code = cvk_outfile_write_fd(fd, bytes, error);
    if (close(fd) != 0 && !code) {
        *error = errno;
        code = CVK_E_IO_WRITE;
    }
    return code;
}

/* ---- stage -------------------------------------------------------------- */

void cvk_outfile_remove_part(struct cvk_outfile *f)
{
    if (f->named)
        cvk_part_remove(f);
}

/* Opens a file without a name, or one with the name of a part file on file
 * systems that know no such thing. */
static enum cvk_code open_new(struct cvk_outfile *f, struct cvk_slice bytes,
                            int *error)
{
    if (f->dir->no_tmpfile)
        return cvk_part_create(f, bytes, error);
    f->fd = openat(f->dir->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, CVK_FILE_MODE);
    if (f->fd >= 0)
        return CVK_OK;
    *error = errno;
    /* what kernels and file systems without O_TMPFILE answer, open(2) */
    if (*error != EOPNOTSUPP && *error != EISDIR && *error != ENOENT &&
        *error != EINVAL)
        return CVK_E_IO_CREATE;
    f->dir->no_tmpfile = true;
    return cvk_part_create(f, bytes, error);
}

static bool has_mode(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & 07777) == CVK_FILE_MODE;
}

/* Once for each directory: does mode 0600 stick? The umask may have taken bits
 * away, exFAT and NTFS cannot hold it. */
static void check_mode(struct cvk_outfile *f)
{
    struct cvk_outdir *d = f->dir;

    if (!d->mode_known && !has_mode(f->fd)) {
        d->mode_kept = fchmod(f->fd, CVK_FILE_MODE) == 0 && has_mode(f->fd);
        d->mode_known = !d->mode_kept; /* the umask: look every time */
    } else {
        d->mode_known = true;
    }
    f->mode_kept = d->mode_kept;
}

enum cvk_code cvk_outfile_check(const struct cvk_outdir *dir, const char *name,
                                bool (*replaceable)(struct cvk_slice begin))
{
    uint8_t begin[PIECE];
    struct stat st;
    long n;
    int fd;

    if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return CVK_OK; /* what is wrong with the name is told when it is used */
    if (!replaceable || !S_ISREG(st.st_mode))
        return CVK_E_IO_EXISTS;
    fd = openat(dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return CVK_E_IO_EXISTS;
    n = cvk_outfile_read_on(fd, begin, sizeof begin, 0);
    close(fd);
    return n == 0 || (n > 0 && replaceable(cvk_slice_of(begin, (size_t)n)))
               ? CVK_OK
               : CVK_E_IO_EXISTS;
}

enum cvk_code cvk_outfile_open_new(struct cvk_outfile *f,
                                   struct cvk_slice bytes, int *error)
{
    enum cvk_code code = open_new(f, bytes, error);

    if (!code)
        check_mode(f);
    return code;
}

bool cvk_outfile_fits(int fd, size_t size)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           (st.st_mode & 07777) == CVK_FILE_MODE &&
           (uint64_t)st.st_size == size;
}

int cvk_outfile_open_existing(const struct cvk_outfile *f)
{
    return openat(f->dir->fd, f->name,
                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}
