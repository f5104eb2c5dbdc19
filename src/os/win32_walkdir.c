/* SPDX-License-Identifier: MIT */
#include "os/walkdir.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "os/win32_file.h"

/* One answer of the system holds this much of a listing. */
enum { PIECE = 1 << 16 };

enum cvk_code cvk_walkdir_open(const struct cvk_walk_dir *at, const char *name,
                               struct cvk_walk_dir **dir, int *error)
{
    struct cvk_win_how how = {FILE_LIST_DIRECTORY, CVK_SHARE_DIRECTORY,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL};
    struct cvk_win_facts facts;
    int fd;

    *dir = NULL;
    if (at)
        how.flags |= FILE_FLAG_OPEN_REPARSE_POINT;
    fd = cvk_win_open(at ? at->fd : -1, name, &how);
    if (fd >= 0 && cvk_win_look(fd, &facts) &&
        facts.kind == (at ? CVK_WIN_DIRECTORY : facts.kind) &&
        facts.kind != CVK_WIN_FILE && facts.kind != CVK_WIN_OTHER)
        *dir = malloc(sizeof **dir);
    else if (fd >= 0)
        errno = ENOTDIR;
    if (!*dir) {
        *error = errno;
        if (fd >= 0)
            _close(fd);
        return *error == ENOMEM ? CVK_E_MEMORY : CVK_E_IO_OPEN;
    }
    atomic_init(&(*dir)->users, 1);
    (*dir)->fd = fd;
    (*dir)->id = facts.id;
    return CVK_OK;
}

/* ---- listing ------------------------------------------------------------ */

/* By the handle of the directory, which tells the numbers of files as well:
 * FindFirstFileW does not. */
struct stream {
    bool begun, filled;
    size_t at; /* of the next entry in piece */
    char *name;
    _Alignas(FILE_ID_BOTH_DIR_INFO) char piece[PIECE];
};

enum cvk_code cvk_walkdir_list(const struct cvk_walk_dir *dir,
                               struct cvk_walk_listing *l, int *error)
{
    *error = 0;
    l->dir = dir;
    l->stream = calloc(1, sizeof(struct stream));
    return l->stream ? CVK_OK : CVK_E_MEMORY;
}

/* False at the end, and where the system fails. */
static bool fill(const struct cvk_walk_dir *dir, struct stream *s, int *error)
{
    FILE_INFO_BY_HANDLE_CLASS class = s->begun ? FileIdBothDirectoryInfo
                                               : FileIdBothDirectoryRestartInfo;

    *error = 0;
    s->at = 0;
    s->filled = GetFileInformationByHandleEx(cvk_win_handle(dir->fd), class,
                                             s->piece, sizeof s->piece);
    if (!s->filled && GetLastError() != ERROR_NO_MORE_FILES &&
        (s->begun || GetLastError() != ERROR_FILE_NOT_FOUND)) {
        cvk_win_errno(GetLastError());
        *error = errno;
    }
    s->begun = true;
    return s->filled;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The entry at s->at; false when memory is exhausted. */
static bool take(struct stream *s, struct cvk_walk_found *found)
{
    const FILE_ID_BOTH_DIR_INFO *entry = (const void *)(s->piece + s->at);

    free(s->name);
    s->name = cvk_wtf8(entry->FileName, entry->FileNameLength / sizeof(WCHAR));
    *found = (struct cvk_walk_found){
        .name = s->name, .inode = (uint64_t)entry->FileId.QuadPart,
        .kind = CVK_WALK_FILE};
    if (entry->FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
        found->kind = CVK_WALK_LINK;
    else if (entry->FileAttributes & FILE_ATTRIBUTE_DEVICE)
        found->kind = CVK_WALK_SPECIAL;
    else
        found->is_directory = entry->FileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    s->at += entry->NextEntryOffset;
    s->filled = entry->NextEntryOffset != 0;
    return s->name != NULL;
}

bool cvk_walkdir_next(struct cvk_walk_listing *l, struct cvk_walk_found *found,
                      int *error)
{
    struct stream *s = l->stream;

    *error = 0;
    do {
        if (!s->filled && !fill(l->dir, s, error))
            return false;
        if (!take(s, found)) {
            *error = ENOMEM;
            return false;
        }
    } while (is_dot(found->name));
    return true;
}

void cvk_walkdir_end(struct cvk_walk_listing *l)
{
    struct stream *s = l->stream;

    free(s->name);
    free(s);
}
