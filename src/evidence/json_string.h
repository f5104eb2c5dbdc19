/* SPDX-License-Identifier: MIT */
/* What the text between two quotes means. All functions take tokens that
 * cvk_json_next accepted; they check nothing again. */
#ifndef CVK_EVIDENCE_JSON_STRING_H
#define CVK_EVIDENCE_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* The next character of token at *at as UTF-8 in out; moves *at behind it.
 * Returns the number of bytes, 1 to 4. */
size_t cvk_json_char(struct cvk_slice token, size_t *at, uint8_t out[4]);

/* Appends the string the token stands for. False when out is full. */
bool cvk_json_unescape(struct cvk_slice token, struct cvk_buf *out);

/* True if two tokens stand for strings that are equal but for the case of
 * ASCII letters. A plain string is its own token. */
bool cvk_json_equal_nocase(struct cvk_slice a, struct cvk_slice b);

/* A hash of the string the token stands for, equal for two strings that
 * cvk_json_equal_nocase calls equal. */
uint64_t cvk_json_hash_nocase(struct cvk_slice token);

/* Offset in token of the character that holds byte number index of the string
 * it stands for; token.n if the string ends before. */
size_t cvk_json_offset(struct cvk_slice token, size_t index);

#endif
