/* SPDX-License-Identifier: MIT */
/* Text of two bytes a character in an image: which of them comes first? */
#ifndef CVK_ENGINE_BYTEORDER_H
#define CVK_ENGINE_BYTEORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/view.h"

/* ASCII text of length bytes, the first of which, at offset, is the low byte of
 * a character: *big tells whether the high bytes stand before the low ones.
 * CVK_OK, CVK_E_IO_*. */
enum cvk_code cvk_byteorder_guess(const struct cvk_bytes *from, uint64_t offset,
                                  uint64_t length, bool *big);

#endif
