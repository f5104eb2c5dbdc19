/* SPDX-License-Identifier: MIT */
#include "os/path.h"

void cvk_path_spell(char *path)
{
    (void)path;
}

size_t cvk_path_root(const char *path)
{
    (void)path;
    return 0;
}
