/* SPDX-License-Identifier: MIT */
/* Slow and obvious readings of the formats, to hold the program's own against.
 * They share nothing with it but slices and buffers. */
#ifndef CVK_TESTS_REFERENCE_H
#define CVK_TESTS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Length of the UTF-8 sequence (RFC 3629) at s.p[at], 0 if it is none. */
size_t ref_utf8(struct cvk_slice s, size_t at, uint32_t *cp);

/* Appends the UTF-8 of a code point. */
void ref_put(struct cvk_buf *out, uint32_t cp);

extern const char ref_b64_standard[64], ref_b64_url[64];

/* Decodes characters of the alphabet alone; what does not fill a byte is
 * dropped, *unused tells that it was not zero. False if there is another
 * character, or one more than a multiple of four. */
bool ref_b64_decode(const char alphabet[64], struct cvk_slice text,
                    struct cvk_buf *out, bool *unused);

/* The text of bytes, without padding. */
void ref_b64_encode(const char alphabet[64], struct cvk_slice bytes,
                    struct cvk_buf *out);

/* Reads one JSON value (RFC 8259) within the program's limits of depth and
 * number, white space before it left aside. False if there is none; else *end
 * is behind it. */
bool ref_json(struct cvk_slice text, size_t *end);

/* Appends what the text between two quotes stands for. False if it is no
 * string of JSON. */
bool ref_json_string(struct cvk_slice token, struct cvk_buf *out);

#endif
