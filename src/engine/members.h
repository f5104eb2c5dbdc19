/* SPDX-License-Identifier: MIT */
/* An archive: its members, one after the other, each as if it were an input. */
#ifndef CVK_ENGINE_MEMBERS_H
#define CVK_ENGINE_MEMBERS_H

#include "engine/extract.h"

/* Goes through the archive that x->source has just opened; members are
 * delivered, and the result is then of the archive itself. False as for
 * cvk_item_extract. */
bool cvk_members_extract(struct cvk_extract *x,
                         const struct cvk_extract_sink *sink,
                         struct cvk_result *result);

#endif
