/* SPDX-License-Identifier: MIT */
/* Ctrl-C and its kind end the run between two inputs, or in the middle of a
 * read that waits; a second one ends the program at once. */
#ifndef CVK_CMD_SIGNALS_H
#define CVK_CMD_SIGNALS_H

#include <stdatomic.h>

/* Starts to watch for SIGINT, SIGTERM and SIGHUP. Returns the flag that is
 * non-zero once one came. */
const atomic_int *cvk_signals_catch(void);

/* If one came, lets it do what it does by default: the parent sees it. */
void cvk_signals_raise(void);

#endif
