/* SPDX-License-Identifier: MIT */
/* The lines of a report, and the exit status that writing them leads to. */
#ifndef CVK_CMD_LINEOUT_H
#define CVK_CMD_LINEOUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"

struct cvk_lineout {
    FILE *to;
    struct cvk_buf line; /* the one being made; of the caller, who clears it */
    int status;          /* highest so far */
    int write_error;     /* errno of the first write that failed */
};

void cvk_lineout_raise(struct cvk_lineout *out, int status);

/* Writes the line, if all of it could be made: never a part of one. */
void cvk_lineout_flush(struct cvk_lineout *out, bool whole);

/* Tells whether all of it could be written. */
void cvk_lineout_finish(struct cvk_lineout *out);

#endif
