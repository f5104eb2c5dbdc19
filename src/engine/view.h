/* SPDX-License-Identifier: MIT */
/* Text around a place in an image, as UTF-8: as far as it can be text, and as
 * much of it as is wanted. */
#ifndef CVK_ENGINE_VIEW_H
#define CVK_ENGINE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/encoding.h"
#include "base/slice.h"

/* Bytes that can be read anywhere: fewer than n only at an end. */
struct cvk_bytes {
    void *context;
    enum cvk_code (*read)(void *context, uint64_t offset, uint8_t *p, size_t n,
                          size_t *got);
};

struct cvk_view {
    struct cvk_buf bytes;
    struct cvk_buf piece;
    struct cvk_slice text; /* part of bytes, behind which a NUL can stand */
    size_t anchor;         /* index in text of the place that was asked for */
    uint64_t base;         /* offset in the image of the text's first unit */
    enum cvk_encoding encoding; /* set by the caller: CVK_UTF8 for text of one
                                 * byte a character, whether valid or not */
    bool ended;                 /* no more text follows, or no more is taken */
};

void cvk_view_init(struct cvk_view *v);
void cvk_view_clear(struct cvk_view *v);

/* Reads text of v->encoding around the character whose first byte is at offset
 * at: up to lead characters before it, and at least most bytes of UTF-8 behind
 * it unless v->ended. Lone surrogates become U+FFFD. CVK_OK, CVK_E_MEMORY,
 * CVK_E_IO_*. */
enum cvk_code cvk_view_read(struct cvk_view *v, const struct cvk_bytes *from,
                            uint64_t at, size_t lead, size_t most);

/* The offset in the image of byte index of the text. */
uint64_t cvk_view_offset(const struct cvk_view *v, size_t index);

#endif
