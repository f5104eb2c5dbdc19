/* SPDX-License-Identifier: MIT */
/* From an offset in the UTF-8 text that was parsed back to where a person
 * finds it in the document: byte offset as downloaded, line and column. */
#ifndef CVK_EVIDENCE_POSITION_H
#define CVK_EVIDENCE_POSITION_H

#include "base/encoding.h"
#include "base/finding.h"
#include "base/slice.h"

/* The text of a document and how it was stored. */
struct cvk_document_text {
    struct cvk_slice text; /* UTF-8, without a byte order mark */
    enum cvk_encoding encoding;
    size_t bom; /* bytes of the byte order mark, 0 if there was none */

    /* Private: places passed before, so that many findings in a large text do
     * not walk all of it each time. All zero at first. */
    struct {
        size_t at;
        uint64_t offset, line, column;
    } marks[CVK_MAX_MARKS];
    size_t n_marks;
};

/* The place of byte at of the text. Lines end at LF; columns count code
 * points. It walks the text, so it is done only when something is reported. */
struct cvk_place cvk_position_find(struct cvk_document_text *doc, size_t at);

#endif
