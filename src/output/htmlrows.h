/* SPDX-License-Identifier: MIT */
/* The rows of a page's tables, each from one record of a manifest. */
#ifndef CVK_OUTPUT_HTMLROWS_H
#define CVK_OUTPUT_HTMLROWS_H

#include <stdbool.h>

#include "output/htmlpage.h"

void cvk_html_table_init(struct cvk_html_table *t);

/* True if the table has room for one more row, which is counted either way. */
bool cvk_html_table_more(struct cvk_html_table *t);

/* Name and member of the input of a record. */
void cvk_html_row_input(struct cvk_buf *out, const struct cvk_manifest_row *r);

/* Each appends to its table, or counts what it left out. */
void cvk_html_row_run(struct cvk_html_table *t, struct cvk_dom_value root);
void cvk_html_row_blob(struct cvk_html_table *t, const struct cvk_manifest *m);
void cvk_html_row_findings(struct cvk_html_table tables[3],
                           const struct cvk_manifest *m);

/* What the picture shows of a record. */
bool cvk_html_row_picture(struct cvk_picture *p, const struct cvk_manifest *m);

#endif
