/* SPDX-License-Identifier: MIT */
/* The timeline of a page: inputs by the time they were last modified. */
#ifndef CVK_OUTPUT_HTMLTIMELINE_H
#define CVK_OUTPUT_HTMLTIMELINE_H

#include <stdbool.h>

#include "output/htmlpage.h"

/* The input of a record; one that the record before had, too, has one row. */
void cvk_timeline_add(struct cvk_page *p, const struct cvk_manifest *m);

/* Brings them into order, those without a time at the end. */
void cvk_timeline_sort(struct cvk_page *p);

/* The row with this index: *row, and in out what stands before it, the heading
 * of a day. False behind the last. */
bool cvk_timeline_next(const struct cvk_page *p, size_t index,
                       struct cvk_buf *out, struct cvk_slice *row);

#endif
