/* SPDX-License-Identifier: MIT */
/* JSON inside a string of other JSON, as logs hold it: one level of escapes
 * taken off bytes that nobody has read strictly. */
#ifndef CVK_EVIDENCE_JSONESCAPE_H
#define CVK_EVIDENCE_JSONESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* How many backslashes stand directly before byte at of s. */
size_t cvk_jsonescape_backslashes(struct cvk_slice s, size_t at);

/* How often the quote that so many backslashes stand before was put into a
 * JSON string: 2^n - 1 of them for n times. False for other numbers. */
bool cvk_jsonescape_level(size_t backslashes, size_t *level);

/* Where the string that byte at of s lies in begins: behind its opening quote,
 * or 0 if that is not there. */
size_t cvk_jsonescape_begin(struct cvk_slice s, size_t at);

/* Appends to out what the string that starts with s stands for, up to its
 * closing quote, an escape that JSON does not have, the end of s, or until out
 * holds most bytes. Returns the bytes used; *cut tells that s ended first.
 * Half of a surrogate pair becomes U+FFFD. False in *ok when out is full. */
size_t cvk_jsonescape_undo(struct cvk_slice s, size_t most,
                           struct cvk_buf *out, bool *cut, bool *ok);

#endif
