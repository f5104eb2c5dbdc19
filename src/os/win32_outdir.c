/* SPDX-License-Identifier: MIT */
#include "os/outdir.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/win32_acl.h"
#include "os/win32_file.h"

/* The shortest path: \\?\C:\ has its first component behind this. */
enum { DRIVE = 6 };

void cvk_outtree_init(struct cvk_outtree *t, const char *path, bool sync)
{
    memset(t, 0, sizeof *t);
    t->path = path;
    t->sync = sync;
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
    _close(d->fd);
    free(d);
}

/* A directory, in dir through no link. -1 with errno. */
static int open_directory(int dir, const char *name)
{
    struct cvk_win_how how = {FILE_LIST_DIRECTORY, CVK_SHARE_DIRECTORY,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL};
    struct cvk_win_facts facts;
    int fd;

    if (dir >= 0)
        how.flags |= FILE_FLAG_OPEN_REPARSE_POINT;
    fd = cvk_win_open(dir, name, &how);
    if (fd < 0 || (cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_DIRECTORY))
        return fd;
    _close(fd);
    errno = facts.kind == CVK_WIN_LINK ? ELOOP : ENOTDIR;
    return -1;
}

/* Only its owner can look into it. One that is there already will do. */
static bool make(const wchar_t *wide)
{
    struct cvk_owner_only owner;

    if (!cvk_owner_only_make(&owner, true))
        return false;
    if (CreateDirectoryW(wide, &owner.attributes) ||
        GetLastError() == ERROR_ALREADY_EXISTS)
        return true;
    cvk_win_errno(GetLastError());
    return false;
}

/* The end of what is there already of wide, a path that ends at end: what is
 * missing is cut off, each component by a NUL. */
static wchar_t *cut_missing(wchar_t *wide, wchar_t *end)
{
    wchar_t *p = end;

    while (GetFileAttributesW(wide) == INVALID_FILE_ATTRIBUTES) {
        wchar_t *cut = wcsrchr(wide, L'\\');

        if (!cut || cut < wide + DRIVE)
            break;
        p = cut;
        *p = 0;
    }
    return p;
}

/* Creates what is missing on the way to path, and path itself. */
static bool make_all(const char *path)
{
    wchar_t *wide = cvk_wide_path(-1, path), *end, *p;
    bool ok = true;

    if (!wide)
        return false;
    end = wide + wcslen(wide);
    p = cut_missing(wide, end);
    while (ok && p < end) {
        *p = L'\\';
        p += wcslen(p);
        ok = make(wide);
    }
    free(wide);
    return ok;
}

/* Takes over the descriptor. */
static enum cvk_code finish_open(int fd, struct cvk_outdir **d, int *error)
{
    struct cvk_win_facts facts;

    *d = NULL;
    if (fd < 0 || !cvk_win_look(fd, &facts)) {
        *error = errno;
        if (fd >= 0)
            _close(fd);
        return CVK_E_IO_CREATE;
    }
    *d = calloc(1, sizeof **d);
    if (!*d) {
        _close(fd);
        return CVK_E_MEMORY;
    }
    (*d)->fd = fd;
    (*d)->device = facts.id.device;
    (*d)->inode = facts.id.inode;
    atomic_init(&(*d)->users, 1);
    return CVK_OK;
}

static int open_top(struct cvk_outtree *t)
{
    int fd = open_directory(-1, t->path);

    if (fd >= 0 || errno != ENOENT || t->must_exist || !make_all(t->path))
        return fd;
    return open_directory(-1, t->path);
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

/* Opens, or creates and opens, one directory in dir. */
static int step_into(int dir, const char *name)
{
    int fd = open_directory(dir, name);
    wchar_t *wide;
    bool made;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    wide = cvk_wide_path(dir, name);
    made = wide && make(wide);
    free(wide);
    return made ? open_directory(dir, name) : -1;
}

/* The descriptor of path below dir, created where it is missing. */
static int walk_directories(int dir, const char *path)
{
    int at = dir;

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
            next = step_into(at, name);
            saved = errno;
        }
        if (at != dir)
            _close(at);
        errno = saved;
        at = next;
    }
    return at;
}

enum cvk_code cvk_outtree_below(struct cvk_outtree *t, const char *path,
                                struct cvk_outdir **d, int *error)
{
    struct cvk_outdir *top;
    enum cvk_code code = cvk_outtree_top(t, &top, error);
    int fd;

    if (code)
        return code;
    /* one thread at a time, so that two do not make the same */
    cvk_monitor_enter(&t->monitor);
    fd = walk_directories(top->fd, path);
    cvk_monitor_leave(&t->monitor);
    if (fd == top->fd) {
        *d = top;
        return CVK_OK;
    }
    code = finish_open(fd, d, error);
    cvk_outdir_release(top);
    return code;
}
