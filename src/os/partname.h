/* SPDX-License-Identifier: MIT */
/* What part files are called, and how those of one run share the names. */
#ifndef CVK_OS_PARTNAME_H
#define CVK_OS_PARTNAME_H

#include "os/outfile.h"

/* .NAME.cvmkey-part; where that would be too long, the start of NAME and a
 * hash of all of it. A second file of that name on its way gets a number. */
void cvk_part_name(const struct cvk_outfile *f, char part[CVK_MAX_NAME + 1]);

/* Files of this run that have the same name and a part file: the new one gets
 * a number, and which of them keeps the name is decided when they are
 * published, in order. */
void cvk_part_join(struct cvk_outfile *f);

/* f is spent: others of this run may use the part file's name. */
void cvk_part_leave(struct cvk_outfile *f);

#endif
