/* SPDX-License-Identifier: MIT */
/* Groups of files become durable and get their names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/partfile.h"

/* Up to here each file or directory is synced by itself; for more of them one
 * syncfs(2) is cheaper, though it writes what others have left unwritten, too. */
enum { FEW = 4 };

static void fail(struct cvk_outfile *f, enum cvk_code code, int error)
{
    f->code = code;
    f->error = error;
}

/* ---- durable ------------------------------------------------------------ */

static bool sync_file(int fd)
{
    int r;

    do
        r = fsync(fd);
    while (r != 0 && errno == EINTR);
    return r == 0;
}

static bool sync_system(int fd)
{
    int r;

    do
        r = syncfs(fd);
    while (r != 0 && errno == EINTR);
    return r == 0;
}

static void sync_each(struct cvk_outfile *const *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!files[i]->code && !sync_file(files[i]->fd))
            fail(files[i], CVK_E_IO_SYNC, errno);
}

/* True if d lies in the file system of the tree's top, whose descriptor is
 * older than every file: only then syncfs tells of each error since. */
static bool below_top(const struct cvk_outtree *t, const struct cvk_outdir *d)
{
    return t->top && d->device == t->top->device;
}

/* The bytes of all files, before one of them gets its name. Where syncfs fails
 * it does not tell for which: each file is asked. */
static void sync_bytes(struct cvk_outfile *const *files, size_t n)
{
    struct cvk_outtree *t = files[0]->tree;
    bool together = n > FEW && t->has_syncfs && t->top;

    for (size_t i = 0; i < n && together; i++)
        together = below_top(t, files[i]->dir);
    if (!together || !sync_system(t->top->fd))
        sync_each(files, n);
}

/* Some file systems cannot sync a directory and say EINVAL: there is nothing
 * to wait for then. */
static bool sync_directory(int fd)
{
    return sync_file(fd) || errno == EINVAL;
}

/* How many directories the files stand in; it stops counting above limit. */
static size_t count_directories(struct cvk_outfile *const *files, size_t n,
                                size_t limit)
{
    unsigned round = ++files[0]->tree->rounds;
    size_t found = 0;

    for (size_t i = 0; i < n && found <= limit; i++) {
        found += files[i]->dir->synced_in != round;
        files[i]->dir->synced_in = round;
    }
    return found;
}

static void sync_each_directory(struct cvk_outfile *const *files, size_t n)
{
    const struct cvk_outdir *last = NULL;
    bool ok = true;
    int error = 0;

    for (size_t i = 0; i < n; i++) {
        struct cvk_outfile *f = files[i];

        if (!f->published)
            continue;
        if (f->dir != last) {
            last = f->dir;
            ok = sync_directory(f->dir->fd);
            error = errno;
        }
        if (!ok)
            fail(f, CVK_E_IO_SYNC, error);
    }
}

static void fail_published(struct cvk_outfile *const *files, size_t n,
                           int error)
{
    for (size_t i = 0; i < n; i++)
        if (files[i]->published)
            fail(files[i], CVK_E_IO_SYNC, error);
}

/* The names of all files, once they have them, and the new directories on the
 * way there: only syncfs knows all of these. */
static void sync_names(struct cvk_outfile *const *files, size_t n)
{
    struct cvk_outtree *t = files[0]->tree;
    unsigned unsynced = atomic_load(&t->unsynced);
    bool parents = t->top && unsynced != t->seen;
    bool together = t->has_syncfs && t->top &&
                    (parents || count_directories(files, n, FEW) > FEW);

    for (size_t i = 0; i < n && together; i++)
        together = below_top(t, files[i]->dir);
    if ((together || parents) && sync_system(t->top->fd)) {
        t->seen = unsynced;
        if (together)
            return;
    } else if (parents) {
        fail_published(files, n, errno);
        return;
    }
    sync_each_directory(files, n);
}

/* ---- names -------------------------------------------------------------- */

/* Without replacing: by the kernel's own means where the file system has them.
 * exFAT has neither; there the check and the rename are two steps, and only
 * the lock on the part file keeps another cvmkey from coming between them. */
static bool rename_new(const struct cvk_outfile *f)
{
    struct stat st;

    if (cvk_part_rename(f, false) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (cvk_part_link(f) == 0)
        return cvk_part_remove(f) == 0;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return false;
    if (fstatat(f->dir->fd, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        errno = EEXIST;
    else if (errno == ENOENT)
        return cvk_part_rename(f, true) == 0;
    return false;
}

static bool rename_over(struct cvk_outfile *f)
{
    f->code = cvk_part_give(f, &f->error);
    if (f->code)
        return false;
    if (cvk_part_rename(f, true) == 0)
        return true;
    f->error = errno;
    if (!f->named)
        cvk_part_remove(f);
    f->code = CVK_E_IO_PUBLISH;
    return false;
}

static struct cvk_file_id identity(const struct stat *st)
{
    return (struct cvk_file_id){true, (uint64_t)st->st_dev,
                                (uint64_t)st->st_ino};
}

/* May the file that has the name now, if there is one, be replaced? Where that
 * cannot be told it may not. */
static enum cvk_code check_old(struct cvk_outfile *f,
                               const struct cvk_kept *kept)
{
    struct stat st;

    if (fstatat(f->dir->fd, f->name, &st, 0) != 0) {
        f->error = errno; /* a link that leads nowhere is no file */
        return errno == ENOENT || errno == ELOOP ? CVK_OK : CVK_E_IO_PUBLISH;
    }
    if (cvk_fileset_has(&kept->inputs, identity(&st)))
        return CVK_E_IO_OUTPUT_IS_INPUT;
    return cvk_fileset_has(&kept->outputs, identity(&st)) ? CVK_E_IO_EXISTS
                                                          : CVK_OK;
}

/* The file must not be replaced, or taken, by a later output of this run; nor
 * this one take what an earlier output made. */
static enum cvk_code keep_new(struct cvk_outfile *f, struct cvk_kept *kept)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0) {
        f->error = errno;
        return CVK_E_IO_PUBLISH;
    }
    if (f->taken && cvk_fileset_has(&kept->outputs, identity(&st)))
        return CVK_E_IO_EXISTS;
    return cvk_fileset_add(&kept->outputs, identity(&st)) ? CVK_OK
                                                          : CVK_E_MEMORY;
}

static void give_name(struct cvk_outfile *f, struct cvk_kept *kept)
{
    bool replace = f->existing & CVK_REPLACE_EXISTING;

    if (replace && !f->taken)
        f->code = check_old(f, kept);
    if (!f->code && f->existing != CVK_KEEP_EXISTING)
        f->code = keep_new(f, kept);
    if (f->taken && !f->code)
        cvk_part_clean(f);
    if (f->code || f->taken)
        return;
    if (replace) {
        rename_over(f);
        return;
    }
    if (f->named ? rename_new(f) : cvk_unnamed_link(f, f->name) == 0)
        return;
    fail(f, errno == EEXIST ? CVK_E_IO_EXISTS : CVK_E_IO_PUBLISH, errno);
}

void cvk_outfiles_publish(struct cvk_outfile *const *files, size_t n,
                          struct cvk_kept *kept)
{
    if (n == 0)
        return;
    if (files[0]->tree->sync)
        sync_bytes(files, n);
    for (size_t i = 0; i < n; i++) {
        struct cvk_outfile *f = files[i];

        if (!f->code)
            give_name(f, kept);
        f->published = !f->code;
    }
    if (files[0]->tree->sync)
        sync_names(files, n);
    for (size_t i = 0; i < n; i++) {
        if (files[i]->published)
            cvk_outfile_let_go(files[i]);
        else
            cvk_outfile_discard(files[i]);
    }
}
