/* SPDX-License-Identifier: MIT */
/* Base64 text somewhere in other text: symbols until something else comes.
 * Lines may be broken by white space, or by what JSON writes for it. */
#ifndef CVK_EVIDENCE_B64RUN_H
#define CVK_EVIDENCE_B64RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* True if word stands in s, perhaps with a line broken, so that its character
 * number index is byte at of s. *from is where it begins. */
bool cvk_b64run_match(struct cvk_slice s, size_t at, struct cvk_slice word,
                      size_t index, size_t *from);

/* Moves at back by so many symbols. False if other characters come first. */
bool cvk_b64run_back(struct cvk_slice s, size_t *at, size_t symbols);

/* Appends to out what the symbols from byte at of s on stand for: whole bytes,
 * until out holds most. *cut tells that s ended first. False when out is full.
 */
bool cvk_b64run_decode(struct cvk_slice s, size_t at, size_t most,
                       struct cvk_buf *out, bool *cut);

/* Where so many symbols from byte at of s on end, with the padding behind
 * them. */
size_t cvk_b64run_end(struct cvk_slice s, size_t at, size_t symbols);

#endif
