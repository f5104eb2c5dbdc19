/* SPDX-License-Identifier: MIT */
/* One UTF-8 sequence at a time, strictly as RFC 3629 section 4 has it: no
 * overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef CVK_BASE_UTF8_H
#define CVK_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Length (1 to 4) of the sequence at s.p[at], its code point in *cp; 0 if
 * there is no valid one. at < s.n. */
size_t cvk_utf8_decode(struct cvk_slice s, size_t at, uint32_t *cp);

/* True if s ends inside the sequence that starts at s.p[at], and nothing is
 * wrong with it so far. at < s.n. */
bool cvk_utf8_is_cut(struct cvk_slice s, size_t at);

/* True if all of s is valid UTF-8. */
bool cvk_utf8_valid(struct cvk_slice s);

/* Writes cp (a scalar value) to out[0..4), returns the bytes used. */
size_t cvk_utf8_encode(uint32_t cp, uint8_t *out);

/* The longest prefix of s that is at most max bytes and cuts no sequence. */
struct cvk_slice cvk_utf8_prefix(struct cvk_slice s, size_t max);

#endif
