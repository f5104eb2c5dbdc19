/* SPDX-License-Identifier: MIT */
/* Directories that files are put into, whatever the system opens them with. */
#include "os/outdir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os/fd.h"
#include "os/outdirfd.h"

void cvk_outtree_init(struct cvk_outtree *t, const char *path, bool sync)
{
    memset(t, 0, sizeof *t);
    t->path = path;
    t->sync = sync;
    t->has_syncfs = sync && cvk_outdir_has_syncfs();
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
    cvk_fd_close(d->fd);
    free(d);
}

int cvk_outdir_walk(struct cvk_outtree *t, int at, const char *path,
                    int (*step)(struct cvk_outtree *t, int at,
                                const char *name))
{
    int from = at;

    while (at >= 0 && *path) {
        size_t n = strcspn(path, "/");
        char name[CVK_MAX_NAME + 1];
        int next = -1;

        errno = ENAMETOOLONG;
        if (n <= CVK_MAX_NAME) {
            memcpy(name, path, n);
            name[n] = '\0';
            path += n + (path[n] == '/');
            if (n == 0)
                continue;
            next = step(t, at, name);
        }
        if (at != from)
            cvk_fd_close(at);
        at = next;
    }
    return at;
}

/* Takes over the descriptor. */
static enum cvk_code finish_open(int fd, struct cvk_outdir **d, int *error)
{
    struct cvk_outdir *new;

    *d = NULL;
    if (fd < 0) {
        *error = errno;
        return CVK_E_IO_CREATE;
    }
    new = calloc(1, sizeof *new);
    if (!new) {
        cvk_fd_close(fd);
        return CVK_E_MEMORY;
    }
    new->fd = fd;
    atomic_init(&new->users, 1);
    if (!cvk_outdir_look(new)) {
        *error = errno;
        cvk_outdir_release(new);
        return CVK_E_IO_CREATE;
    }
    *d = new;
    return CVK_OK;
}

enum cvk_code cvk_outtree_top(struct cvk_outtree *t, struct cvk_outdir **d,
                              int *error)
{
    enum cvk_code code = CVK_OK;

    cvk_monitor_enter(&t->monitor);
    if (!t->top)
        code = finish_open(cvk_outdir_open_top(t), &t->top, error);
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
    fd = cvk_outdir_walk(t, top->fd, path, cvk_outdir_step);
    cvk_monitor_leave(&t->monitor);
    if (fd == top->fd) {
        *d = top;
        return CVK_OK;
    }
    code = finish_open(fd, d, error);
    cvk_outdir_release(top);
    return code;
}
