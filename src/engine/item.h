/* SPDX-License-Identifier: MIT */
/* One input, whatever it is: a document, an archive, or a row of a walk. */
#ifndef CVK_ENGINE_ITEM_H
#define CVK_ENGINE_ITEM_H

#include "engine/extract.h"

/* Extracts an item into result; what an archive holds is delivered member by
 * member, and the result is then of the archive itself. False only if there is
 * no memory for a single record: then nothing can be said of it at all. */
bool cvk_item_extract(struct cvk_extract *x, const struct cvk_item *item,
                      const struct cvk_extract_sink *sink,
                      struct cvk_result *result);

#endif
