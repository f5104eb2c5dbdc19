/* SPDX-License-Identifier: MIT */
/* Files are written to part files that nobody else can open meanwhile, and get
 * their names by a rename that replaces only what may be replaced. */
#include "os/outfilefd.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/fd.h"
#include "os/partname.h"
#include "os/win32_acl.h"
#include "os/win32_file.h"

enum { PIECE = 4096, TRIES = 3, MOST = 1 << 30 };

/* ---- writing ------------------------------------------------------------ */

enum cvk_code cvk_outfile_write_fd(int fd, struct cvk_slice bytes, int *error)
{
    for (size_t at = 0; at < bytes.n;) {
        size_t n = bytes.n - at > MOST ? MOST : bytes.n - at;
        DWORD done = 0;

        if (!WriteFile(cvk_win_handle(fd), bytes.p + at, (DWORD)n, &done,
                       NULL)) {
            cvk_win_errno(GetLastError());
            *error = errno;
            return CVK_E_IO_WRITE;
        }
        at += done;
    }
    return CVK_OK;
}

static int open_special(const char *path, DWORD access)
{
    struct cvk_win_how how = {access, CVK_SHARE_ALL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS, NULL};

    return cvk_win_open(-1, path, &how);
}

bool cvk_outfile_is_special(const char *path)
{
    int fd = open_special(path, FILE_READ_ATTRIBUTES);
    struct cvk_win_facts facts;
    bool is;

    if (fd < 0)
        return false;
    is = cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_OTHER;
    _close(fd);
    return is;
}

enum cvk_code cvk_outfile_write_special(const char *path,
                                        struct cvk_slice bytes, int *error)
{
    int fd = open_special(path, GENERIC_WRITE);
    enum cvk_code code;

    if (fd < 0) {
        *error = errno;
        return CVK_E_IO_CREATE;
    }
    code = cvk_outfile_write_fd(fd, bytes, error);
    _close(fd);
    return code;
}

/* ---- names -------------------------------------------------------------- */

/* Removes what is open at fd. */
static bool remove_open(int fd)
{
    FILE_DISPOSITION_INFO gone = {.DeleteFile = TRUE};

    return SetFileInformationByHandle(cvk_win_handle(fd), FileDispositionInfo,
                                      &gone, sizeof gone);
}

/* Renames what is open at f->fd to f's name, in one step. False with errno. */
static bool rename_open(const struct cvk_outfile *f, bool replace)
{
    wchar_t *wide = cvk_wide_path(f->dir->fd, f->name);
    size_t n = wide ? wcslen(wide) * sizeof *wide : 0;
    FILE_RENAME_INFO *info = wide ? calloc(1, sizeof *info + n) : NULL;
    bool ok = false;

    if (info) {
        info->ReplaceIfExists = replace;
        info->FileNameLength = (DWORD)n;
        memcpy(info->FileName, wide, n);
        ok = SetFileInformationByHandle(cvk_win_handle(f->fd), FileRenameInfo,
                                        info, (DWORD)(sizeof *info + n));
        if (!ok)
            cvk_win_errno(GetLastError());
    }
    free(info);
    free(wide);
    return ok;
}

/* ---- part files --------------------------------------------------------- */

/* A killed run left what it had written so far: the start of what this one
 * writes. A file that holds anything else is somebody's, and stays. */
static bool is_leftover(int fd, struct cvk_slice bytes)
{
    struct cvk_win_facts facts;

    return cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_FILE &&
           cvk_outfile_starts(fd, bytes);
}

/* False if a run that lives has it open, or it is something else. */
static bool remove_leftover(const struct cvk_outfile *f, const char *part,
                            struct cvk_slice bytes)
{
    struct cvk_win_how how = {GENERIC_READ | DELETE, 0, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT, NULL};
    int fd = cvk_win_open(f->dir->fd, part, &how);
    bool removed;

    if (fd < 0)
        return errno == ENOENT;
    removed = is_leftover(fd, bytes) && remove_open(fd);
    _close(fd);
    return removed;
}

/* Nobody else can open it before it is renamed. */
enum cvk_code cvk_outfile_open_new(struct cvk_outfile *f,
                                   struct cvk_slice bytes, int *error)
{
    struct cvk_owner_only owner;
    struct cvk_win_how how = {GENERIC_READ | GENERIC_WRITE | DELETE, 0,
                              CREATE_NEW, FILE_ATTRIBUTE_NORMAL,
                              &owner.attributes};
    char part[CVK_MAX_NAME + 1];

    if (!cvk_owner_only_make(&owner, false)) {
        *error = errno;
        return CVK_E_IO_CREATE;
    }
    cvk_part_join(f);
    cvk_part_name(f, part);
    for (int i = 0; i < TRIES; i++) {
        f->fd = cvk_win_open(f->dir->fd, part, &how);
        if (f->fd >= 0) {
            f->mode_kept = cvk_owner_only_kept(f->fd);
            return CVK_OK;
        }
        *error = errno;
        if (*error != EEXIST && *error != EBUSY) {
            cvk_part_leave(f);
            return CVK_E_IO_CREATE;
        }
        if (!remove_leftover(f, part, bytes))
            break;
    }
    cvk_part_leave(f);
    return CVK_E_IO_BUSY;
}

/* ---- stage -------------------------------------------------------------- */

void cvk_outfile_remove_part(struct cvk_outfile *f)
{
    if (!f->taken)
        remove_open(f->fd);
}

/* What stands under the name, itself; -1 with errno. */
static int open_existing(const struct cvk_outdir *dir, const char *name,
                         DWORD access, DWORD flags)
{
    struct cvk_win_how how = {access, CVK_SHARE_ALL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS | flags, NULL};

    return cvk_win_open(dir->fd, name, &how);
}

enum cvk_code cvk_outfile_check(const struct cvk_outdir *dir, const char *name,
                                bool (*replaceable)(struct cvk_slice begin))
{
    int fd = open_existing(dir, name, GENERIC_READ,
                           FILE_FLAG_OPEN_REPARSE_POINT);
    struct cvk_win_facts facts;
    uint8_t begin[PIECE];
    long n = -1;

    if (fd < 0) /* what else is wrong with the name is told when it is used */
        return errno == EACCES || errno == EBUSY ? CVK_E_IO_EXISTS : CVK_OK;
    if (replaceable && cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_FILE)
        n = cvk_fd_read_at(fd, begin, sizeof begin, 0);
    _close(fd);
    return n == 0 || (n > 0 && replaceable(cvk_slice_of(begin, (size_t)n)))
               ? CVK_OK
               : CVK_E_IO_EXISTS;
}

int cvk_outfile_open_existing(const struct cvk_outfile *f)
{
    return open_existing(f->dir, f->name, GENERIC_READ,
                         FILE_FLAG_OPEN_REPARSE_POINT);
}

bool cvk_outfile_fits(int fd, size_t size)
{
    struct cvk_win_facts facts;

    return cvk_win_look(fd, &facts) && facts.kind == CVK_WIN_FILE &&
           facts.size == size && cvk_owner_only_kept(fd);
}

/* ---- publish ------------------------------------------------------------ */

static void fail(struct cvk_outfile *f, enum cvk_code code, int error)
{
    f->code = code;
    f->error = error;
}

/* Writes to the disk, the file's name and facts included. A directory cannot be
 * flushed: NTFS has the rename in its journal by then. */
static void flush(struct cvk_outfile *f)
{
    if (f->taken || FlushFileBuffers(cvk_win_handle(f->fd)))
        return;
    cvk_win_errno(GetLastError());
    fail(f, CVK_E_IO_SYNC, errno);
}

/* May the file that has the name now, if there is one, be replaced? Where that
 * cannot be told it may not. */
static enum cvk_code check_old(struct cvk_outfile *f,
                               const struct cvk_kept *kept)
{
    int fd = open_existing(f->dir, f->name, FILE_READ_ATTRIBUTES, 0);
    struct cvk_win_facts facts;
    bool known;

    if (fd < 0) {
        f->error = errno;
        return errno == ENOENT ? CVK_OK : CVK_E_IO_PUBLISH;
    }
    known = cvk_win_look(fd, &facts);
    _close(fd);
    if (!known)
        return CVK_E_IO_PUBLISH;
    if (cvk_fileset_has(&kept->inputs, facts.id))
        return CVK_E_IO_OUTPUT_IS_INPUT;
    return cvk_fileset_has(&kept->outputs, facts.id) ? CVK_E_IO_EXISTS : CVK_OK;
}

/* The file must not be replaced, or taken, by a later output of this run; nor
 * this one take what an earlier output made. */
static enum cvk_code keep_new(struct cvk_outfile *f, struct cvk_kept *kept)
{
    struct cvk_win_facts facts;

    if (!cvk_win_look(f->fd, &facts)) {
        f->error = errno;
        return CVK_E_IO_PUBLISH;
    }
    if (f->taken && cvk_fileset_has(&kept->outputs, facts.id))
        return CVK_E_IO_EXISTS;
    return cvk_fileset_add(&kept->outputs, facts.id) ? CVK_OK : CVK_E_MEMORY;
}

static void give_name(struct cvk_outfile *f, struct cvk_kept *kept)
{
    bool replace = f->existing & CVK_REPLACE_EXISTING;
    char part[CVK_MAX_NAME + 1];

    if (replace && !f->taken)
        f->code = check_old(f, kept);
    if (!f->code && f->existing != CVK_KEEP_EXISTING)
        f->code = keep_new(f, kept);
    if (f->taken && !f->code) {
        cvk_part_name(f, part);
        remove_leftover(f, part, (struct cvk_slice){0});
    }
    if (f->code || f->taken)
        return;
    if (!rename_open(f, replace))
        fail(f, errno == EEXIST ? CVK_E_IO_EXISTS : CVK_E_IO_PUBLISH, errno);
}

void cvk_outfiles_publish(struct cvk_outfile *const *files, size_t n,
                          struct cvk_kept *kept)
{
    bool sync = n && files[0]->tree->sync;

    for (size_t i = 0; i < n; i++)
        if (sync && !files[i]->code)
            flush(files[i]);
    for (size_t i = 0; i < n; i++) {
        struct cvk_outfile *f = files[i];

        if (!f->code)
            give_name(f, kept);
        f->published = !f->code;
        if (sync && f->published)
            flush(f);
        if (f->published)
            cvk_outfile_let_go(f);
        else
            cvk_outfile_discard(f);
    }
}
