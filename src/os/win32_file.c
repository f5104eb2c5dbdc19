/* SPDX-License-Identifier: MIT */
#include "os/win32_file.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/fd.h"
#include "os/terminal.h"

/* Longest path of the system, in wide characters. */
enum { MAX_WIDE = 32767, MOST = 1 << 30 };

/* ---- errors ------------------------------------------------------------- */

void cvk_win_errno(DWORD error)
{
    static const struct {
        DWORD error;
        int number;
    } same[] = {
        {ERROR_FILE_NOT_FOUND, ENOENT},
        {ERROR_PATH_NOT_FOUND, ENOENT},
        {ERROR_BAD_PATHNAME, ENOENT},
        {ERROR_BAD_NETPATH, ENOENT},
        {ERROR_INVALID_DRIVE, ENOENT},
        {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
        {ERROR_ACCESS_DENIED, EACCES},
        {ERROR_PRIVILEGE_NOT_HELD, EPERM},
        {ERROR_SHARING_VIOLATION, EBUSY},
        {ERROR_LOCK_VIOLATION, EBUSY},
        {ERROR_WRITE_PROTECT, EROFS},
        {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
        {ERROR_OUTOFMEMORY, ENOMEM},
        {ERROR_FILE_EXISTS, EEXIST},
        {ERROR_ALREADY_EXISTS, EEXIST},
        {ERROR_DISK_FULL, ENOSPC},
        {ERROR_HANDLE_DISK_FULL, ENOSPC},
        {ERROR_INVALID_HANDLE, EBADF},
        {ERROR_INVALID_FUNCTION, ENOSYS}, /* of a disk itself, what files do */
        {ERROR_BROKEN_PIPE, EPIPE},
        {ERROR_NO_DATA, EPIPE},
        {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
        {ERROR_DIRECTORY, ENOTDIR},
        {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
        {ERROR_INVALID_NAME, EINVAL},
        {ERROR_INVALID_PARAMETER, EINVAL},
        {ERROR_OPERATION_ABORTED, EINTR},
    };

    errno = EIO;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (same[i].error == error)
            errno = same[i].number;
}

/* ---- paths -------------------------------------------------------------- */

/* The code point at *p, which moves behind it; -1 if it is no WTF-8. */
static long next_point(const uint8_t **p)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = *(*p)++;
    int n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3
          : c < 0xf5 ? 4 : 0;

    if (n < 2)
        return n ? (long)c : -1;
    c &= 0x7fu >> n;
    for (int i = 1; i < n; i++) {
        if ((**p & 0xc0) != 0x80)
            return -1;
        c = c << 6 | (*(*p)++ & 0x3fu);
    }
    return c < least[n] || c > 0x10ffff ? -1 : (long)c;
}

/* Freed by the caller; NULL with errno. room is for what is put before it. */
static wchar_t *widen(const char *path, size_t room)
{
    const uint8_t *p = (const uint8_t *)path;
    wchar_t *wide = malloc((room + strlen(path) + 1) * sizeof *wide);
    size_t n = room;

    while (wide && *p) {
        long c = next_point(&p);

        if (c < 0) {
            free(wide);
            errno = EILSEQ;
            return NULL;
        }
        if (c >= 0x10000) {
            wide[n++] = (wchar_t)(0xd800 + ((c - 0x10000) >> 10));
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        wide[n++] = (wchar_t)c;
    }
    if (wide)
        wide[n] = 0;
    return wide;
}

char *cvk_wtf8(const wchar_t *wide, size_t n)
{
    char *text = malloc(3 * n + 1), *to = text;

    for (size_t i = 0; text && i < n; i++) {
        uint32_t c = (uint16_t)wide[i];

        if ((c & 0xfc00) == 0xd800 && i + 1 < n &&
            ((uint16_t)wide[i + 1] & 0xfc00) == 0xdc00)
            c = 0x10000 + ((c & 0x3ff) << 10 | ((uint16_t)wide[++i] & 0x3ff));
        if (c < 0x80) {
            *to++ = (char)c;
            continue;
        }
        if (c < 0x800) {
            *to++ = (char)(0xc0 | c >> 6);
        } else if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
            *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
            *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        }
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    if (text)
        *to = '\0';
    return text;
}

/* Puts head before the wide characters from; frees nothing. */
static wchar_t *join(const wchar_t *head, const wchar_t *from)
{
    size_t n = wcslen(head), m = wcslen(from);
    wchar_t *all = malloc((n + m + 1) * sizeof *all);

    if (!all)
        return NULL;
    memcpy(all, head, n * sizeof *all);
    memcpy(all + n, from, (m + 1) * sizeof *all);
    return all;
}

/* The absolute path; devices, \\.\NAME, stay what they are. */
static wchar_t *absolute(const wchar_t *wide)
{
    wchar_t *full = malloc((MAX_WIDE + 1) * sizeof *full), *all = NULL;
    DWORD n = full ? GetFullPathNameW(wide, MAX_WIDE, full, NULL) : 0;

    if (full && (n == 0 || n >= MAX_WIDE))
        errno = n ? ENAMETOOLONG : ENOENT;
    else if (full && wcsncmp(full, L"\\\\.\\", 4) != 0 &&
             wcsncmp(full, L"\\\\?\\", 4) != 0)
        all = wcsncmp(full, L"\\\\", 2) == 0 ? join(L"\\\\?\\UNC\\", full + 2)
                                             : join(L"\\\\?\\", full);
    else if (full)
        all = join(L"", full);
    free(full);
    return all;
}

/* Below an open directory, whose path cannot change while it is open. */
static wchar_t *below(int dir, wchar_t *name)
{
    wchar_t *path = malloc((MAX_WIDE + 1) * sizeof *path), *all = NULL;
    DWORD n = 0;

    for (wchar_t *p = name; *p; p++)
        if (*p == L'/')
            *p = L'\\';
    if (path)
        n = GetFinalPathNameByHandleW(cvk_win_handle(dir), path, MAX_WIDE, 0);
    if (path && (n == 0 || n >= MAX_WIDE)) {
        cvk_win_errno(n ? ERROR_FILENAME_EXCED_RANGE : GetLastError());
    } else if (path) {
        if (path[n - 1] != L'\\') {
            path[n++] = L'\\';
            path[n] = 0;
        }
        all = join(path, name);
    }
    free(path);
    return all;
}

wchar_t *cvk_wide_path(int dir, const char *path)
{
    wchar_t *wide, *full;

    if (dir >= 0 && strpbrk(path, "\\:")) {
        errno = EINVAL;
        return NULL;
    }
    if (!*path) {
        errno = ENOENT;
        return NULL;
    }
    wide = widen(path, 0);
    if (!wide)
        return NULL;
    full = dir >= 0 ? below(dir, wide) : absolute(wide);
    free(wide);
    return full;
}

/* ---- descriptors -------------------------------------------------------- */

HANDLE cvk_win_handle(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

int cvk_win_open(int dir, const char *path, const struct cvk_win_how *how)
{
    wchar_t *wide = cvk_wide_path(dir, path);
    HANDLE h;
    int fd;

    if (!wide)
        return -1;
    h = CreateFileW(wide, how->access, how->share, how->security, how->create,
                    how->flags, NULL);
    free(wide);
    if (h == INVALID_HANDLE_VALUE) {
        cvk_win_errno(GetLastError());
        return -1;
    }
    fd = _open_osfhandle((intptr_t)h, _O_BINARY | _O_NOINHERIT);
    if (fd < 0) {
        CloseHandle(h);
        errno = EMFILE;
    }
    return fd;
}

/* FILETIME counts 100 ns since 1601. */
static void take_time(FILETIME t, struct cvk_win_facts *facts)
{
    int64_t ticks = (int64_t)((uint64_t)t.dwHighDateTime << 32 |
                              t.dwLowDateTime) - 116444736000000000;
    int64_t rest = ticks % 10000000;

    rest += rest < 0 ? 10000000 : 0;
    facts->mtime = (ticks - rest) / 10000000;
    facts->mtime_ns = (uint32_t)rest * 100;
}

bool cvk_win_look(int fd, struct cvk_win_facts *facts)
{
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE h = cvk_win_handle(fd);

    *facts = (struct cvk_win_facts){.kind = CVK_WIN_OTHER};
    if (h == INVALID_HANDLE_VALUE) {
        errno = EBADF;
        return false;
    }
    if (GetFileType(h) != FILE_TYPE_DISK)
        return true;
    if (!GetFileInformationByHandle(h, &info)) {
        cvk_win_errno(GetLastError());
        /* it is open: that it cannot be told is another matter */
        errno = errno == EBADF ? EIO : errno;
        return false;
    }
    facts->kind =
        info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ? CVK_WIN_LINK
        : info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY
            ? CVK_WIN_DIRECTORY
            : CVK_WIN_FILE;
    facts->id = (struct cvk_file_id){
        true, info.dwVolumeSerialNumber,
        (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow};
    facts->size = (uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow;
    take_time(info.ftLastWriteTime, facts);
    return true;
}

/* All ones: no operation on this handle changes it, SetFileTime(). */
bool cvk_win_keep_access_time(int fd)
{
    static const FILETIME leave = {0xffffffff, 0xffffffff};

    return SetFileTime(cvk_win_handle(fd), NULL, &leave, NULL);
}

/* The end of a file, or of a pipe whose writer went away, is no error. */
static long end_of_read(bool ok, DWORD got)
{
    DWORD error = GetLastError();

    if (ok)
        return (long)got;
    if (error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE)
        return 0;
    cvk_win_errno(error);
    return -1;
}

long cvk_fd_read(int fd, void *p, size_t n)
{
    DWORD got = 0;
    bool ok = ReadFile(cvk_win_handle(fd), p, n > MOST ? MOST : (DWORD)n, &got,
                       NULL);

    return end_of_read(ok, got);
}

/* ReadFile() leaves the position behind what it read, wherever that was. */
long cvk_fd_read_at(int fd, void *p, size_t n, uint64_t at)
{
    static const LARGE_INTEGER here = {0};
    OVERLAPPED where = {.Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32)};
    HANDLE h = cvk_win_handle(fd);
    LARGE_INTEGER before;
    bool known = SetFilePointerEx(h, here, &before, FILE_CURRENT);
    DWORD got = 0;
    bool ok = ReadFile(h, p, n > MOST ? MOST : (DWORD)n, &got, &where);
    long end = end_of_read(ok, got);

    if (known)
        SetFilePointerEx(h, before, NULL, FILE_BEGIN);
    return end;
}

void cvk_fd_close(int fd)
{
    int saved = errno;

    if (fd >= 0 && fd != CVK_STDIN)
        _close(fd);
    errno = saved;
}
