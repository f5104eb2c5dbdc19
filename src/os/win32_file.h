/* SPDX-License-Identifier: MIT */
/* Windows: paths, descriptors and errors. Paths are UTF-8 everywhere else; what
 * is no valid UTF-16 there is WTF-8 here. A descriptor is one of the C library,
 * with a handle of the system below it. */
#ifndef CVK_OS_WIN32_FILE_H
#define CVK_OS_WIN32_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>

#include "os/fileset.h"

/* Others may read a file, and write it, while we have it open. */
#define CVK_SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
/* Nobody can rename or remove a directory that we have open. */
#define CVK_SHARE_DIRECTORY (FILE_SHARE_READ | FILE_SHARE_WRITE)

enum cvk_win_kind {
    CVK_WIN_FILE,
    CVK_WIN_DIRECTORY,
    CVK_WIN_LINK,  /* any reparse point: link, junction, mount, cloud file */
    CVK_WIN_OTHER, /* a pipe, console or device */
};

struct cvk_win_facts {
    enum cvk_win_kind kind;
    struct cvk_file_id id;
    uint64_t size;
    int64_t mtime; /* seconds since 1970, UTC */
    uint32_t mtime_ns;
};

/* How CreateFileW opens. */
struct cvk_win_how {
    DWORD access, share, create, flags;
    SECURITY_ATTRIBUTES *security; /* NULL: the directory's */
};

/* Sets errno to what says the same as the error of the system. */
void cvk_win_errno(DWORD error);

/* path as wide characters, absolute and behind \\?\, so that it may be long.
 * dir, unless -1, is the descriptor of the directory it is relative to; then it
 * must not name a stream. Freed by the caller; NULL with errno: EILSEQ where it
 * is no WTF-8. */
wchar_t *cvk_wide_path(int dir, const char *path);

/* n wide characters as WTF-8, with a NUL. Freed by the caller; NULL: no
 * memory. */
char *cvk_wtf8(const wchar_t *wide, size_t n);

/* A new descriptor, -1 with errno. */
int cvk_win_open(int dir, const char *path, const struct cvk_win_how *how);

HANDLE cvk_win_handle(int fd);

/* What is open; false with errno. */
bool cvk_win_look(int fd, struct cvk_win_facts *facts);

/* Reading leaves the access time alone from now on. False where it may not: it
 * needs FILE_WRITE_ATTRIBUTES, though it changes none. */
bool cvk_win_keep_access_time(int fd);

#endif
