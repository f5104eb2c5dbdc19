/* SPDX-License-Identifier: MIT */
/* What a run may do to the machine, and what the user is told of it. */
#ifndef CVK_CMD_CONFINE_H
#define CVK_CMD_CONFINE_H

#include <stdbool.h>

#include "cmd/options.h"
#include "os/sandbox.h"

/* First thing of all: no network, no other program. */
void cvk_confine_start(struct cvk_sandbox *s);

/* Files are written only where the options want outputs; nowhere, if o is
 * NULL. */
void cvk_confine_writes(struct cvk_sandbox *s, const struct cvk_options *o);

/* The same for a command that writes files, or does not; then says what is
 * missing. The exit status, CVK_EXIT_OK if the command may run. */
int cvk_confine(struct cvk_sandbox *s, const struct cvk_options *o,
                bool writes);

#endif
