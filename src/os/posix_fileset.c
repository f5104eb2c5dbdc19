/* SPDX-License-Identifier: MIT */
#include "os/fileset.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

bool cvk_file_identify(const char *path, struct cvk_file_id *id)
{
    struct stat st;
    int r = path ? stat(path, &st) : fstat(STDIN_FILENO, &st);

    *id = (struct cvk_file_id){0};
    if (r != 0) /* what cannot be found cannot be read either */
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES ||
               errno == ELOOP || errno == ENAMETOOLONG || errno == EBADF;
    *id = (struct cvk_file_id){true, (uint64_t)st.st_dev, (uint64_t)st.st_ino};
    return true;
}
