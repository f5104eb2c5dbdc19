/* SPDX-License-Identifier: MIT */
#include "os/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART_SUFFIX ".cvmkey-part"

enum { FILE_MODE = 0600, PROC_PATH = 64 };

/* ---- writing ------------------------------------------------------------ */

static bool write_all(int fd, struct cvk_slice bytes)
{
    size_t at = 0;

    while (at < bytes.n) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            at += (size_t)n;
    }
    return true;
}

static bool sync_fd(int fd)
{
    int r;

    do
        r = fsync(fd);
    while (r != 0 && errno == EINTR);
    return r == 0;
}

/* Some file systems cannot sync a directory and say EINVAL: there is nothing
 * to wait for then. */
static bool sync_directory(int fd)
{
    return sync_fd(fd) || errno == EINVAL;
}

enum cvk_code cvk_outfile_write_fd(int fd, struct cvk_slice bytes, int *error)
{
    if (write_all(fd, bytes))
        return CVK_OK;
    *error = errno;
    return CVK_E_IO_WRITE;
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

/* ---- directories -------------------------------------------------------- */

/* Opens, or creates and opens, one directory below at. */
static int open_directory(int at, const char *name, int flags, bool sync)
{
    int fd;

    flags |= O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    fd = openat(at, name, flags);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
        return -1;
    if (sync && at != AT_FDCWD && !sync_directory(at))
        return -1;
    return openat(at, name, flags);
}

/* Walks path component by component from at, creating what is missing.
 * Takes the descriptor at and returns another, or -1. */
static int walk_directories(int at, const char *path, int flags, bool sync)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        char name[CVK_MAX_NAME + 1];
        int next, saved;

        if (n > CVK_MAX_NAME) {
            close(at);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, path, n);
        name[n] = '\0';
        path += n + (path[n] == '/');
        if (n == 0)
            continue;
        next = open_directory(at, name, flags, sync);
        saved = errno;
        close(at);
        if (next < 0) {
            errno = saved;
            return -1;
        }
        at = next;
    }
    return at;
}

/* Takes over the descriptor; O_TMPFILE files get their name through /proc. */
static enum cvk_code finish_open(struct cvk_outdir *d, int fd, int *error)
{
    *d = (struct cvk_outdir){.fd = fd, .mode_kept = true};
    if (fd < 0) {
        *error = errno;
        return CVK_E_IO_CREATE;
    }
    d->no_tmpfile = access("/proc/self/fd", X_OK) != 0;
    return CVK_OK;
}

enum cvk_code cvk_outdir_open(struct cvk_outdir *d, const char *path,
                              int *error)
{
    return finish_open(d, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                       error);
}

enum cvk_code cvk_outdir_create(struct cvk_outdir *d, const char *path,
                                bool sync, int *error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT) {
        fd = open(*path == '/' ? "/" : ".",
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0)
            fd = walk_directories(fd, path, 0, sync);
    }
    return finish_open(d, fd, error);
}

enum cvk_code cvk_outdir_create_below(struct cvk_outdir *d,
                                      const struct cvk_outdir *parent,
                                      const char *path, bool sync, int *error)
{
    int fd = fcntl(parent->fd, F_DUPFD_CLOEXEC, 0);

    if (fd >= 0)
        fd = walk_directories(fd, path, O_NOFOLLOW, sync);
    return finish_open(d, fd, error);
}

void cvk_outdir_close(struct cvk_outdir *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

/* ---- stage -------------------------------------------------------------- */

/* FNV-1a, 32 bits: tells long names apart. */
static uint32_t hash_name(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 16777619u;
    return h;
}

/* .NAME.cvmkey-part; where that would be too long, the start of NAME and a
 * hash of all of it. */
static void set_names(struct cvk_outfile *f, const char *name)
{
    int room = CVK_MAX_NAME - 1 - (int)sizeof PART_SUFFIX + 1;

    snprintf(f->name, sizeof f->name, "%s", name);
    if (strlen(name) <= (size_t)room)
        snprintf(f->part, sizeof f->part, ".%s" PART_SUFFIX, name);
    else
        snprintf(f->part, sizeof f->part, ".%.*s~%08x" PART_SUFFIX, room - 9,
                 name, (unsigned)hash_name(name));
}

/* A part file belongs to the run that holds its lock; one that nobody holds
 * was left by a run that was killed. True if fd is a regular file that still
 * stands under the name part, and the lock is now held. errno is EWOULDBLOCK
 * or ESTALE where another run has it. */
static bool lock_part(const struct cvk_outfile *f, int fd)
{
    struct stat here, there;

    /* a file system without locks cannot tell: take it as ours */
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    if (fstat(fd, &here) != 0)
        return false;
    /* between open and lock another run may have removed or renamed it */
    if (fstatat(f->dir->fd, f->part, &there, AT_SYMLINK_NOFOLLOW) != 0) {
        errno = errno == ENOENT ? ESTALE : errno;
        return false;
    }
    errno = ESTALE;
    return S_ISREG(here.st_mode) && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

/* A killed run left what it had written so far: the start of what this one is
 * about to write. A file of that name that holds anything else is somebody's,
 * perhaps evidence, and stays. */
static bool is_leftover(const struct cvk_outfile *f, int fd)
{
    uint8_t piece[4096];
    size_t at = 0;
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        st.st_uid != geteuid())
        return false;
    while ((n = read(fd, piece, sizeof piece)) > 0) {
        if ((size_t)n > f->bytes.n - at ||
            memcmp(piece, f->bytes.p + at, (size_t)n) != 0)
            return false;
        at += (size_t)n;
    }
    return n == 0;
}

/* Removes a leftover part file. False if a run that lives owns it, or it is
 * something else. */
static bool remove_leftover(const struct cvk_outfile *f)
{
    int fd = openat(f->dir->fd, f->part,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool removed;

    if (fd < 0)
        return errno == ENOENT;
    removed = lock_part(f, fd) && is_leftover(f, fd) &&
              unlinkat(f->dir->fd, f->part, 0) == 0;
    close(fd);
    return removed;
}

static enum cvk_code create_part(struct cvk_outfile *f, int *error)
{
    enum { TRIES = 3 };

    f->named = true;
    for (int i = 0; i < TRIES; i++) {
        f->fd = openat(f->dir->fd, f->part,
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                       FILE_MODE);
        if (f->fd >= 0 && lock_part(f, f->fd))
            return CVK_OK;
        *error = errno;
        if (f->fd >= 0 && *error != EWOULDBLOCK && *error != ESTALE) {
            cvk_outfile_discard(f); /* nobody else has it */
            return CVK_E_IO_CREATE;
        }
        if (f->fd >= 0)
            close(f->fd);
        else if (*error != EEXIST)
            return CVK_E_IO_CREATE;
        f->fd = -1;
        if (*error == EEXIST && !remove_leftover(f))
            break;
    }
    return CVK_E_IO_BUSY;
}

/* Opens a file without a name, or one with the name of a part file where that
 * cannot be: to replace a file, and on file systems that know no such thing. */
static enum cvk_code create(struct cvk_outfile *f, int *error)
{
    f->named = false;
    if (f->replace || f->dir->no_tmpfile)
        return create_part(f, error);
    f->fd = openat(f->dir->fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
                   FILE_MODE);
    if (f->fd >= 0)
        return CVK_OK;
    *error = errno;
    /* what kernels and file systems without O_TMPFILE answer, open(2) */
    if (*error != EOPNOTSUPP && *error != EISDIR && *error != ENOENT &&
        *error != EINVAL)
        return CVK_E_IO_CREATE;
    f->dir->no_tmpfile = true;
    return create_part(f, error);
}

/* Once for each directory: does mode 0600 stick? The umask may have taken bits
 * away, exFAT and NTFS cannot hold it. */
static void check_mode(struct cvk_outfile *f)
{
    struct stat st;

    if (f->dir->mode_known)
        return;
    f->dir->mode_known = true;
    if (fstat(f->fd, &st) == 0 && (st.st_mode & 07777) == FILE_MODE)
        return;
    f->dir->mode_kept = fchmod(f->fd, FILE_MODE) == 0 &&
                        fstat(f->fd, &st) == 0 &&
                        (st.st_mode & 07777) == FILE_MODE;
    f->dir->mode_known = !f->dir->mode_kept; /* the umask: look every time */
}

enum cvk_code cvk_outfile_stage(struct cvk_outfile *f, struct cvk_outdir *dir,
                                const char *name, bool replace,
                                struct cvk_slice bytes, int *error)
{
    enum cvk_code code;

    f->fd = -1;
    f->dir = dir;
    f->replace = replace;
    f->published = false;
    f->bytes = bytes;
    if (strlen(name) > CVK_MAX_NAME) {
        *error = ENAMETOOLONG;
        return CVK_E_IO_CREATE;
    }
    set_names(f, name);
    code = create(f, error);
    if (code)
        return code;
    check_mode(f);
    if (write_all(f->fd, bytes))
        return CVK_OK;
    *error = errno;
    cvk_outfile_discard(f);
    return CVK_E_IO_WRITE;
}

void cvk_outfile_discard(struct cvk_outfile *f)
{
    if (f->fd < 0)
        return;
    /* while the lock is held nobody else owns the name */
    if (f->named)
        unlinkat(f->dir->fd, f->part, 0);
    close(f->fd);
    f->fd = -1;
}

/* ---- publish ------------------------------------------------------------ */

static bool link_unnamed(const struct cvk_outfile *f)
{
    char proc[PROC_PATH];

    snprintf(proc, sizeof proc, "/proc/self/fd/%d", f->fd);
    return linkat(AT_FDCWD, proc, f->dir->fd, f->name, AT_SYMLINK_FOLLOW) == 0;
}

/* Without replacing: by the kernel's own means where the file system has them.
 * exFAT has neither; there the check and the rename are two steps, and only
 * the lock on the part file keeps another cvmkey from coming between them. */
static bool rename_new(const struct cvk_outfile *f)
{
    int dir = f->dir->fd;
    struct stat st;

    if (renameat2(dir, f->part, dir, f->name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (linkat(dir, f->part, dir, f->name, 0) == 0)
        return unlinkat(dir, f->part, 0) == 0;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return false;
    if (fstatat(dir, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        errno = EEXIST;
    else if (errno == ENOENT)
        return renameat(dir, f->part, dir, f->name) == 0;
    return false;
}

static struct cvk_file_id identity(const struct stat *st)
{
    return (struct cvk_file_id){true, (uint64_t)st->st_dev,
                                (uint64_t)st->st_ino};
}

/* May the file that has the name now, if there is one, be replaced? Where that
 * cannot be told it may not. */
static enum cvk_code check_old(const struct cvk_outfile *f,
                               const struct cvk_kept *kept, int *error)
{
    struct stat st;

    if (fstatat(f->dir->fd, f->name, &st, 0) != 0) {
        *error = errno; /* a link that leads nowhere is no file */
        return errno == ENOENT || errno == ELOOP ? CVK_OK : CVK_E_IO_PUBLISH;
    }
    if (cvk_fileset_has(&kept->inputs, identity(&st)))
        return CVK_E_IO_OUTPUT_IS_INPUT;
    return cvk_fileset_has(&kept->outputs, identity(&st)) ? CVK_E_IO_EXISTS
                                                          : CVK_OK;
}

/* The new file must not be replaced by a later output of this run. */
static enum cvk_code keep_new(const struct cvk_outfile *f,
                              struct cvk_kept *kept, int *error)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0) {
        *error = errno;
        return CVK_E_IO_PUBLISH;
    }
    return cvk_fileset_add(&kept->outputs, identity(&st)) ? CVK_OK
                                                          : CVK_E_MEMORY;
}

static enum cvk_code give_name(struct cvk_outfile *f, struct cvk_kept *kept,
                               int *error)
{
    int dir = f->dir->fd;
    enum cvk_code code = f->replace ? check_old(f, kept, error) : CVK_OK;
    bool ok;

    if (!code && f->replace)
        code = keep_new(f, kept, error);
    if (code)
        return code;
    ok = !f->named    ? link_unnamed(f)
         : f->replace ? renameat(dir, f->part, dir, f->name) == 0
                      : rename_new(f);
    if (ok)
        return CVK_OK;
    *error = errno;
    return *error == EEXIST ? CVK_E_IO_EXISTS : CVK_E_IO_PUBLISH;
}

enum cvk_code cvk_outfile_publish(struct cvk_outfile *f, bool sync,
                                  struct cvk_kept *kept, int *error)
{
    enum cvk_code code = CVK_OK;

    if (sync && !sync_fd(f->fd)) {
        *error = errno;
        code = CVK_E_IO_SYNC;
    }
    if (!code)
        code = give_name(f, kept, error);
    if (code) {
        cvk_outfile_discard(f);
        return code;
    }
    f->published = true;
    close(f->fd);
    f->fd = -1;
    if (sync && !sync_directory(f->dir->fd)) {
        *error = errno;
        return CVK_E_IO_SYNC;
    }
    return CVK_OK;
}
