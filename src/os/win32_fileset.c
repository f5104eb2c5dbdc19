/* SPDX-License-Identifier: MIT */
#include "os/fileset.h"

#include <errno.h>
#include <io.h>

#include "os/terminal.h"
#include "os/win32_file.h"

bool cvk_file_identify(const char *path, struct cvk_file_id *id)
{
    static const struct cvk_win_how how = {
        FILE_READ_ATTRIBUTES, CVK_SHARE_ALL, OPEN_EXISTING,
        FILE_FLAG_BACKUP_SEMANTICS, NULL};
    struct cvk_win_facts facts;
    int fd = path ? cvk_win_open(-1, path, &how) : CVK_STDIN;
    bool ok = fd >= 0 && cvk_win_look(fd, &facts);
    int error = errno;

    if (path && fd >= 0)
        _close(fd);
    *id = ok ? facts.id : (struct cvk_file_id){0};
    /* what cannot be found cannot be read either */
    return ok || error == ENOENT || error == ENOTDIR || error == EACCES ||
           error == EINVAL || error == EILSEQ || error == ENAMETOOLONG ||
           error == EBADF;
}
