/* SPDX-License-Identifier: MIT */
/* Pieces of HTML that are well-formed XML too. Whatever did not fit leaves
 * out->failed set: that is looked at once, at the end. */
#ifndef CVK_OUTPUT_HTML_H
#define CVK_OUTPUT_HTML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"

/* Markup of the program's own. */
void cvk_html_put(struct cvk_buf *out, const char *html);

/* Text from evidence: characters that a terminal must not see are shown C
 * style, those that mean something in HTML as entities; of a text longer than
 * CVK_MAX_PAGE_TEXT the start, and how much is missing. */
void cvk_html_text(struct cvk_buf *out, struct cvk_slice s);

/* Between <name class=class> and its end; nothing for an absent text. */
void cvk_html_element(struct cvk_buf *out, const char *name, const char *class,
                      struct cvk_slice s);

/* Digits in groups of three: a count of something. */
void cvk_html_count(struct cvk_buf *out, uint64_t n);

/* The digits of a hash. */
void cvk_html_sha256(struct cvk_buf *out,
                     const uint8_t digest[CVK_SHA256_SIZE]);

/* A row of a description list, its text from evidence; "not known" where that
 * is absent. */
void cvk_html_fact(struct cvk_buf *out, const char *label, struct cvk_slice s);

/* Everything up to the first heading; the page begins with the bytes that
 * cvk_html_begins is true of. */
void cvk_html_head(struct cvk_buf *out);
bool cvk_html_begins(struct cvk_slice bytes);

#endif
