/* SPDX-License-Identifier: MIT */
#include "os/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* RENAME_NOREPLACE of <linux/fs.h> */
enum { NO_REPLACE = 1 };

enum { PROC_PATH = 64, PIECE = 4096, TRIES = 3 };

/* ---- part files --------------------------------------------------------- */

/* A part file belongs to the run that holds its lock; one that nobody holds
 * was left by a run that was killed. True if fd is a regular file that still
 * stands under the name part, and the lock is now held. errno is EWOULDBLOCK
 * or ESTALE where another run has it. */
static bool lock_part(const struct cvk_outfile *f, const char *part, int fd)
{
    struct stat here, there;

    /* a file system without locks cannot tell: take it as ours */
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    if (fstat(fd, &here) != 0)
        return false;
    /* between open and lock another run may have removed or renamed it */
    if (fstatat(f->dir->fd, part, &there, AT_SYMLINK_NOFOLLOW) != 0) {
        errno = errno == ENOENT ? ESTALE : errno;
        return false;
    }
    errno = ESTALE;
    return S_ISREG(here.st_mode) && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

/* Are the n bytes at offset at of what f holds, or is going to hold, these? */
static bool holds(const struct cvk_outfile *f, struct cvk_slice bytes,
                  size_t at, const uint8_t *p, size_t n)
{
    uint8_t own[PIECE];

    if (f->fd < 0)
        return n <= bytes.n - at && memcmp(p, bytes.p + at, n) == 0;
    for (size_t done = 0; done < n;) {
        long r = cvk_outfile_read_on(f->fd, own, n - done, at + done);

        if (r <= 0 || memcmp(p + done, own, (size_t)r) != 0)
            return false;
        done += (size_t)r;
    }
    return true;
}

/* A killed run left what it had written so far: the start of what this one
 * writes. A file of that name that holds anything else is somebody's, perhaps
 * evidence, and stays. */
static bool is_leftover(const struct cvk_outfile *f, struct cvk_slice bytes,
                        int fd)
{
    uint8_t piece[PIECE];
    size_t at = 0;
    struct stat st;
    long n;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        st.st_uid != geteuid())
        return false;
    while ((n = cvk_outfile_read_on(fd, piece, sizeof piece, at)) > 0) {
        if (!holds(f, bytes, at, piece, (size_t)n))
            return false;
        at += (size_t)n;
    }
    return n == 0;
}

/* Removes a leftover part file. False if a run that lives owns it, or it is
 * something else. */
static bool remove_leftover(const struct cvk_outfile *f, const char *part,
                            struct cvk_slice bytes)
{
    int fd = openat(f->dir->fd, part,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool removed;

    if (fd < 0)
        return errno == ENOENT;
    removed = lock_part(f, part, fd) && is_leftover(f, bytes, fd) &&
              unlinkat(f->dir->fd, part, 0) == 0;
    close(fd);
    return removed;
}

void cvk_part_clean(const struct cvk_outfile *f)
{
    char part[CVK_MAX_NAME + 1];

    cvk_part_name(f, part);
    remove_leftover(f, part, (struct cvk_slice){0});
}

enum cvk_code cvk_part_create(struct cvk_outfile *f, struct cvk_slice bytes,
                              int *error)
{
    char part[CVK_MAX_NAME + 1];

    cvk_part_join(f);
    cvk_part_name(f, part);
    for (int i = 0; i < TRIES; i++) {
        int fd = openat(f->dir->fd, part,
                        O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        CVK_FILE_MODE);

        if (fd >= 0 && lock_part(f, part, fd)) {
            f->fd = fd;
            return CVK_OK;
        }
        *error = errno;
        if (fd >= 0 && *error != EWOULDBLOCK && *error != ESTALE)
            unlinkat(f->dir->fd, part, 0); /* nobody else has it */
        if (fd >= 0)
            close(fd);
        if (*error == EEXIST && !remove_leftover(f, part, bytes))
            break;
        if (*error != EEXIST && *error != EWOULDBLOCK && *error != ESTALE) {
            cvk_part_leave(f);
            return CVK_E_IO_CREATE;
        }
    }
    cvk_part_leave(f);
    return CVK_E_IO_BUSY;
}

/* While the lock is held nobody else owns the name. */
int cvk_part_remove(const struct cvk_outfile *f)
{
    char part[CVK_MAX_NAME + 1];

    cvk_part_name(f, part);
    return unlinkat(f->dir->fd, part, 0);
}

/* By its number: musl 1.2.3 of Debian 12 has no function for it. */
int cvk_part_rename(const struct cvk_outfile *f, bool replace)
{
    char part[CVK_MAX_NAME + 1];
    int dir = f->dir->fd;

    cvk_part_name(f, part);
    if (replace)
        return renameat(dir, part, dir, f->name);
    return (int)syscall(SYS_renameat2, dir, part, dir, f->name, NO_REPLACE);
}

int cvk_part_link(const struct cvk_outfile *f)
{
    char part[CVK_MAX_NAME + 1];

    cvk_part_name(f, part);
    return linkat(f->dir->fd, part, f->dir->fd, f->name, 0);
}

int cvk_unnamed_link(const struct cvk_outfile *f, const char *name)
{
    char proc[PROC_PATH];

    /* the descriptor itself: root always, others since Linux 6.10; else ENOENT
     * and the long way */
    if (!f->dir->needs_proc) {
        if (linkat(f->fd, "", f->dir->fd, name, AT_EMPTY_PATH) == 0)
            return 0;
        if (errno != ENOENT)
            return -1;
        f->dir->needs_proc = true;
    }
    snprintf(proc, sizeof proc, "/proc/self/fd/%d", f->fd);
    return linkat(AT_FDCWD, proc, f->dir->fd, name, AT_SYMLINK_FOLLOW);
}

enum cvk_code cvk_part_give(struct cvk_outfile *f, int *error)
{
    char part[CVK_MAX_NAME + 1];

    if (f->named)
        return CVK_OK;
    f->serial = 0; /* one thread publishes, one file after the other */
    cvk_part_name(f, part);
    flock(f->fd, LOCK_EX | LOCK_NB); /* nobody else has it open */
    for (int i = 0; i < TRIES; i++) {
        if (cvk_unnamed_link(f, part) == 0)
            return CVK_OK;
        *error = errno;
        if (*error != EEXIST)
            return CVK_E_IO_PUBLISH;
        if (!remove_leftover(f, part, (struct cvk_slice){0}))
            break;
    }
    return CVK_E_IO_BUSY;
}
