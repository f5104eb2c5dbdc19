/* SPDX-License-Identifier: MIT */
#include "os/outdirfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "os/fd.h"

/* So many new directories are synced one by one; more of them together. */
enum { FEW = 4, OPEN = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

/* syncfs(2) tells of errors in writing back since Linux 5.8. */
bool cvk_outdir_has_syncfs(void)
{
    struct utsname u;
    unsigned major = 0, minor = 0;

    return uname(&u) == 0 && sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
           (major > 5 || (major == 5 && minor >= 8));
}

/* A new directory lasts once its parent is synced: now where there are few of
 * them, together with the files where there are many. */
static bool settle(struct cvk_outtree *t, int parent)
{
    if (!t->sync)
        return true;
    if (t->has_syncfs && ++t->created > FEW) {
        atomic_fetch_add(&t->unsynced, 1);
        return true;
    }
    while (fsync(parent) != 0)
        if (errno != EINTR) /* some file systems cannot sync a directory */
            return errno == EINVAL;
    return true;
}

/* Opens, or creates and opens, one directory below at. */
static int open_directory(struct cvk_outtree *t, int at, const char *name,
                          int flags)
{
    int fd = openat(at, name, OPEN | flags);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
        return -1;
    if (!settle(t, at)) {
        int saved = errno;

        /* whoever found it later would take it for settled */
        unlinkat(at, name, AT_REMOVEDIR);
        errno = saved;
        return -1;
    }
    return openat(at, name, OPEN | flags);
}

int cvk_outdir_step(struct cvk_outtree *t, int at, const char *name)
{
    return open_directory(t, at, name, O_NOFOLLOW);
}

static int step_through_links(struct cvk_outtree *t, int at, const char *name)
{
    return open_directory(t, at, name, 0);
}

int cvk_outdir_open_top(struct cvk_outtree *t)
{
    int fd = open(t->path, OPEN), at;

    if (fd >= 0 || errno != ENOENT || t->must_exist)
        return fd;
    at = open(*t->path == '/' ? "/" : ".", OPEN);
    fd = cvk_outdir_walk(t, at, t->path, step_through_links);
    if (fd != at)
        cvk_fd_close(at);
    return fd;
}

bool cvk_outdir_look(struct cvk_outdir *d)
{
    struct stat st;

    if (fstat(d->fd, &st) != 0)
        return false;
    d->device = (uint64_t)st.st_dev;
    d->inode = (uint64_t)st.st_ino;
    atomic_init(&d->mode_kept, true);
    /* O_TMPFILE files get their name through /proc */
    atomic_init(&d->no_tmpfile, access("/proc/self/fd", X_OK) != 0);
    return true;
}
