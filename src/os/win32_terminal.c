/* SPDX-License-Identifier: MIT */
#include "os/terminal.h"

#include <fcntl.h>
#include <io.h>
#include <windows.h>

bool cvk_is_terminal(int stream)
{
    HANDLE h = (HANDLE)_get_osfhandle(stream);
    DWORD mode;

    /* not _isatty, to which NUL is one */
    return GetFileType(h) == FILE_TYPE_CHAR && GetConsoleMode(h, &mode);
}

void cvk_streams_prepare(void)
{
    for (int fd = CVK_STDIN; fd <= CVK_STDERR; fd++) {
        /* the lowest free number is fd; opened the wrong way round */
        if (_get_osfhandle(fd) < 0 &&
            _open("NUL", (fd == CVK_STDIN ? _O_WRONLY : _O_RDONLY) |
                             _O_NOINHERIT) != fd)
            return;
        _setmode(fd, _O_BINARY); /* lines end as they do everywhere else */
    }
    if (cvk_is_terminal(CVK_STDOUT) || cvk_is_terminal(CVK_STDERR))
        SetConsoleOutputCP(CP_UTF8);
}
