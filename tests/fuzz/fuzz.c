/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_fail(const char *oracle, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, oracle);
    abort();
}

struct cvk_slice fuzz_copy(struct cvk_buf *b, struct cvk_slice bytes)
{
    b->max = SIZE_MAX / 4;
    b->n = 0;
    fuzz_require(cvk_buf_append_slice(b, bytes));
    fuzz_require(cvk_buf_reserve(b, b->n));
    b->p[b->n] = 0;
    return cvk_buf_slice(b);
}

size_t fuzz_choice(struct cvk_slice input)
{
    uint32_t h = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < input.n; i++)
        h = (h ^ input.p[i]) * 16777619u;
    return h >> 8;
}

bool fuzz_inside(struct cvk_slice part, struct cvk_slice whole)
{
    return part.p >= whole.p && part.p <= whole.p + whole.n &&
           part.n <= whole.n - (size_t)(part.p - whole.p);
}
