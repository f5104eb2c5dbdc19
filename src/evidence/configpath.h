/* SPDX-License-Identifier: MIT */
/* The ways that lead to the backups of a config: part of config.c. Names may
 * stand twice in nested objects; where one of them is on the way to a backup,
 * different readers are led to different values. */
#ifndef CVK_EVIDENCE_CONFIGPATH_H
#define CVK_EVIDENCE_CONFIGPATH_H

#include "evidence/config.h"

void cvk_configpath_init(struct cvk_config *c);

/* Notes the names on the way to the current value, which becomes the next
 * backup. False when memory is exhausted. */
bool cvk_configpath_note(struct cvk_config *c);

/* Once the document has been read: marks the backups as ambiguous on whose way
 * a name stands a second time in its object, in any ASCII case. */
void cvk_configpath_check(struct cvk_config *c);

#endif
