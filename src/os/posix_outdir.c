/* SPDX-License-Identifier: MIT */
#include "os/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* So many new directories are synced one by one; more of them together. */
enum { FEW = 4, OPEN = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

/* syncfs(2) tells of errors in writing back since Linux 5.8. */
static bool has_syncfs(void)
{
    struct utsname u;
    unsigned major = 0, minor = 0;

    return uname(&u) == 0 && sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
           (major > 5 || (major == 5 && minor >= 8));
}

void cvk_outtree_init(struct cvk_outtree *t, const char *path, bool sync)
{
    memset(t, 0, sizeof *t);
    t->path = path;
    t->sync = sync;
    t->has_syncfs = sync && has_syncfs();
    cvk_monitor_init(&t->monitor);
}

void cvk_outtree_clear(struct cvk_outtree *t)
{
    if (t->top)
        cvk_outdir_release(t->top);
    t->top = NULL;
    cvk_monitor_clear(&t->monitor);
}

struct cvk_outdir *cvk_outdir_keep(struct cvk_outdir *d)
{
    atomic_fetch_add(&d->users, 1);
    return d;
}

void cvk_outdir_release(struct cvk_outdir *d)
{
    if (atomic_fetch_sub(&d->users, 1) > 1)
        return;
    close(d->fd);
    free(d);
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

/* Walks path component by component from at, creating what is missing.
 * Takes the descriptor at and returns another, or -1. */
static int walk_directories(struct cvk_outtree *t, int at, const char *path,
                            int flags)
{
    while (at >= 0 && *path) {
        size_t n = strcspn(path, "/");
        char name[CVK_MAX_NAME + 1];
        int next = -1, saved = ENAMETOOLONG;

        if (n <= CVK_MAX_NAME) {
            memcpy(name, path, n);
            name[n] = '\0';
            path += n + (path[n] == '/');
            if (n == 0)
                continue;
            next = open_directory(t, at, name, flags);
            saved = errno;
        }
        close(at);
        errno = saved;
        at = next;
    }
    return at;
}

/* Takes over the descriptor; O_TMPFILE files get their name through /proc. */
static enum cvk_code finish_open(int fd, struct cvk_outdir **d, int *error)
{
    struct stat st;

    *d = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        *error = errno;
        if (fd >= 0)
            close(fd);
        return CVK_E_IO_CREATE;
    }
    *d = calloc(1, sizeof **d);
    if (!*d) {
        close(fd);
        return CVK_E_MEMORY;
    }
    (*d)->fd = fd;
    (*d)->device = (uint64_t)st.st_dev;
    (*d)->inode = (uint64_t)st.st_ino;
    atomic_init(&(*d)->users, 1);
    atomic_init(&(*d)->mode_kept, true);
    atomic_init(&(*d)->no_tmpfile, access("/proc/self/fd", X_OK) != 0);
    return CVK_OK;
}

static int open_top(struct cvk_outtree *t)
{
    int fd = open(t->path, OPEN);

    if (fd >= 0 || errno != ENOENT || t->must_exist)
        return fd;
    return walk_directories(t, open(*t->path == '/' ? "/" : ".", OPEN),
                            t->path, 0);
}

enum cvk_code cvk_outtree_top(struct cvk_outtree *t, struct cvk_outdir **d,
                              int *error)
{
    enum cvk_code code = CVK_OK;

    cvk_monitor_enter(&t->monitor);
    if (!t->top)
        code = finish_open(open_top(t), &t->top, error);
    *d = code ? NULL : cvk_outdir_keep(t->top);
    cvk_monitor_leave(&t->monitor);
    return code;
}

bool cvk_outtree_is_top(struct cvk_outtree *t, struct cvk_file_id id)
{
    bool is;

    /* a directory that was just made is the top before it can be walked */
    cvk_monitor_enter(&t->monitor);
    is = t->top && t->top->inode == id.inode && t->top->device == id.device;
    cvk_monitor_leave(&t->monitor);
    return is;
}

enum cvk_code cvk_outtree_below(struct cvk_outtree *t, const char *path,
                                struct cvk_outdir **d, int *error)
{
    struct cvk_outdir *top;
    enum cvk_code code = cvk_outtree_top(t, &top, error);
    int fd;

    if (code)
        return code;
    /* one thread at a time, so that what another finds has been settled */
    cvk_monitor_enter(&t->monitor);
    fd = fcntl(top->fd, F_DUPFD_CLOEXEC, 0);
    fd = walk_directories(t, fd, path, O_NOFOLLOW);
    cvk_monitor_leave(&t->monitor);
    code = finish_open(fd, d, error);
    cvk_outdir_release(top);
    return code;
}
