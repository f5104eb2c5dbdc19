/* SPDX-License-Identifier: MIT */
/* How the system spells paths. Everywhere else '/' stands between their
 * parts. */
#ifndef CVK_OS_PATH_H
#define CVK_OS_PATH_H

#include <stddef.h>

/* Spells a path that the user gave as it is everywhere else, in place. */
void cvk_path_spell(char *path);

/* How much at the start of such a path is the name of no directory, as that of
 * a drive. */
size_t cvk_path_root(const char *path);

#endif
