/* SPDX-License-Identifier: MIT */
/* What the system says of this process and of itself. */
#ifndef CVK_OS_PROCESS_H
#define CVK_OS_PROCESS_H

#include <stddef.h>
#include <stdint.h>

/* Asks for as many open files as are allowed, and tells how many that is. */
size_t cvk_raise_open_files(void);

/* Makes memory in pieces of CVK_LARGE_PIECE go back to the system as soon as it
 * is freed, whichever thread frees it. */
void cvk_return_memory(void);

/* What main() was given, as UTF-8: *argc words and a NULL. NULL where memory is
 * exhausted. */
char **cvk_arguments(int *argc, char **argv);

/* The path of the file that this process runs, in room or fixed. */
const char *cvk_own_file(char *room, size_t size);

/* The host's own name, as the kernel has it: no name service is asked. */
void cvk_host_name(char *name, size_t size);

/* Numeric user, 0 where there are none. */
uint64_t cvk_user_id(void);

/* Seconds since 1970, UTC. */
void cvk_clock(int64_t *seconds, uint32_t *ns);

/* Milliseconds of a clock that is never set. */
uint64_t cvk_milliseconds(void);

#endif
