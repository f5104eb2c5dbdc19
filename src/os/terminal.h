/* SPDX-License-Identifier: MIT */
/* The three standard streams. */
#ifndef CVK_OS_TERMINAL_H
#define CVK_OS_TERMINAL_H

#include <stdbool.h>

enum { CVK_STDIN, CVK_STDOUT, CVK_STDERR };

/* Fills descriptors 0 to 2 that were closed when the program was started, so
 * that no file opened later takes their number and is written by mistake. What
 * was closed stays unusable: writing to it fails. Also keeps a reader that goes
 * away, or a limit on the size of files, from ending the program: writing then
 * fails instead. */
void cvk_streams_prepare(void);

bool cvk_is_terminal(int stream);

#endif
