/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 256 };

void cvk_buf_init(struct cvk_buf *b, size_t max)
{
    *b = (struct cvk_buf){.max = max};
}

void cvk_buf_clear(struct cvk_buf *b)
{
    free(b->p);
    cvk_buf_init(b, b->max);
}

bool cvk_buf_reserve(struct cvk_buf *b, size_t n)
{
    size_t size = b->size ? b->size : FIRST_SIZE;
    uint8_t *p;

    if (n > b->max || n >= SIZE_MAX / 2) {
        b->failed = true;
        return false;
    }
    if (b->p && n < b->size)
        return true;
    while (size <= n)
        size *= 2;
    if (size > b->max)
        size = b->max + 1;
    p = realloc(b->p, size);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->size = size;
    return true;
}

bool cvk_buf_append(struct cvk_buf *b, const void *p, size_t n)
{
    if (n >= b->size - b->n && /* with the one more that reserve makes */
        !cvk_buf_reserve(b, n <= SIZE_MAX - b->n ? b->n + n : SIZE_MAX))
        return false;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    return true;
}

bool cvk_buf_append_slice(struct cvk_buf *b, struct cvk_slice s)
{
    return cvk_buf_append(b, s.p, s.n);
}

bool cvk_buf_append_string(struct cvk_buf *b, const char *s)
{
    return cvk_buf_append(b, s, strlen(s));
}

bool cvk_buf_append_byte(struct cvk_buf *b, uint8_t c)
{
    return cvk_buf_append(b, &c, 1);
}
