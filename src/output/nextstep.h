/* SPDX-License-Identifier: MIT */
/* The next step after a good record: extracting it if it was only shown, then
 * the restore command for the store the backup is of, in both shells, what it
 * needs, and what the published procedure does then. Where the config
 * contradicts the backup it says to stop first. */
#ifndef CVK_OUTPUT_NEXTSTEP_H
#define CVK_OUTPUT_NEXTSTEP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "evidence/record.h"

enum { CVK_NEXT_STEPS = 17 };

/* Appends line number i of the next step; false where there is none. */
bool cvk_next_step(struct cvk_buf *out, const struct cvk_record *r, size_t i);

#endif
