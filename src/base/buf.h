/* SPDX-License-Identifier: MIT */
/* A growing byte buffer with a cap: the only place below input/ where memory
 * is asked for, so running out of it is handled and tested once. */
#ifndef CVK_BASE_BUF_H
#define CVK_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Owned bytes p[0..n), room for size of them; never more than max. The memory
 * is kept when n goes back to 0, so that a worker can use it again. */
struct cvk_buf {
    uint8_t *p;
    size_t n;
    size_t size;
    size_t max;
    bool failed; /* something did not fit since the owner's last reset */
};

void cvk_buf_init(struct cvk_buf *b, size_t max);

/* Frees the bytes; b can be used again. */
void cvk_buf_clear(struct cvk_buf *b);

/* Makes room for n bytes in all, and one more that callers may use for a NUL.
 * False if n exceeds the cap or memory is exhausted; b is then unchanged. */
bool cvk_buf_reserve(struct cvk_buf *b, size_t n);

bool cvk_buf_append(struct cvk_buf *b, const void *p, size_t n);
bool cvk_buf_append_slice(struct cvk_buf *b, struct cvk_slice s);
bool cvk_buf_append_string(struct cvk_buf *b, const char *s);
bool cvk_buf_append_byte(struct cvk_buf *b, uint8_t c);

static inline struct cvk_slice cvk_buf_slice(const struct cvk_buf *b)
{
    return (struct cvk_slice){b->p, b->n};
}

#endif
