/* SPDX-License-Identifier: MIT */
#include "os/outdirfd.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <wchar.h>

#include "os/win32_acl.h"
#include "os/win32_file.h"

/* The shortest path: \\?\C:\ has its first component behind this. */
enum { DRIVE = 6 };

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

bool cvk_outdir_has_syncfs(void)
{
    return false;
}

int cvk_outdir_open_top(struct cvk_outtree *t)
{
    int fd = open_directory(-1, t->path);

    if (fd >= 0 || errno != ENOENT || t->must_exist || !make_all(t->path))
        return fd;
    return open_directory(-1, t->path);
}

int cvk_outdir_step(struct cvk_outtree *t, int at, const char *name)
{
    int fd = open_directory(at, name);
    wchar_t *wide;
    bool made;

    (void)t;
    if (fd >= 0 || errno != ENOENT)
        return fd;
    wide = cvk_wide_path(at, name);
    made = wide && make(wide);
    free(wide);
    return made ? open_directory(at, name) : -1;
}

bool cvk_outdir_look(struct cvk_outdir *d)
{
    struct cvk_win_facts facts;

    if (!cvk_win_look(d->fd, &facts))
        return false;
    d->device = facts.id.device;
    d->inode = facts.id.inode;
    return true;
}
