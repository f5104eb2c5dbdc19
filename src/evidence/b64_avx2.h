/* SPDX-License-Identifier: MIT */
/* Base64 thirty-two characters at a time, where the processor has AVX2. */
#ifndef CVK_EVIDENCE_B64_AVX2_H
#define CVK_EVIDENCE_B64_AVX2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Decodes text from its front, 32 characters to 24 bytes, up to the first 32
 * of which one is not of the alphabet: the standard one, or that of URLs.
 * Writes up to 4 bytes behind the decoded ones. Returns the number of
 * characters; 0 on any other processor. */
size_t cvk_b64_avx2_decode(struct cvk_slice text, bool is_url, uint8_t *out);

#endif
