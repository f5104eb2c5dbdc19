/* SPDX-License-Identifier: MIT */
/* From stored text to UTF-8: byte order marks and UTF-16. Whether UTF-8 itself
 * is valid is checked by the JSON reader, in the same pass. */
#ifndef CVK_INPUT_TEXT_H
#define CVK_INPUT_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/encoding.h"
#include "base/slice.h"

struct cvk_text_facts {
    enum cvk_encoding encoding;
    size_t bom;      /* bytes of the byte order mark, 0 if there is none */
    size_t error_at; /* offset in the stored bytes */
};

/* Finds out how bytes are stored and gives their text as UTF-8, either as a
 * part of bytes or converted into wide. bytes must be followed by a NUL that
 * does not count; so is the text. A text without a mark is UTF-16 if one of
 * its first two bytes is NUL and the other is not: a config begins with ASCII.
 * CVK_OK, CVK_E_TEXT_UTF16_DAMAGED (the text ends before the damage),
 * _TEXT_UTF32, _MEMORY. */
enum cvk_code cvk_text_decode(struct cvk_slice bytes, struct cvk_buf *wide,
                              struct cvk_text_facts *facts,
                              struct cvk_slice *text);

#endif
