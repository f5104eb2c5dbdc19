/* SPDX-License-Identifier: MIT */
#include "os/path.h"

#include <stdbool.h>
#include <string.h>

void cvk_path_spell(char *path)
{
    for (; *path; path++)
        if (*path == '\\')
            *path = '/';
}

static bool is_drive(const char *path)
{
    char letter = (char)(path[0] | 0x20);

    return letter >= 'a' && letter <= 'z' && path[1] == ':';
}

size_t cvk_path_root(const char *path)
{
    size_t n = strncmp(path, "//?/", 4) == 0 || strncmp(path, "//./", 4) == 0
                   ? 4 : 0;

    return is_drive(path + n) ? n + 2 : n;
}
