/* SPDX-License-Identifier: MIT */
#include "engine/result.h"

#include <stdlib.h>

/* What is kept of a result between two documents, at most. */
enum { KEEP_RECORDS = 2, KEEP_TEXT = 1 << 14 };

void cvk_result_init(struct cvk_result *result)
{
    *result = (struct cvk_result){0};
}

void cvk_result_clear(struct cvk_result *result)
{
    for (size_t i = 0; i < result->n; i++)
        cvk_outfile_discard(&result->files[i]);
    for (size_t i = 0; i < result->size; i++)
        cvk_record_clear(&result->records[i]);
    free(result->records);
    free(result->files);
    cvk_result_init(result);
}

void cvk_result_reset(struct cvk_result *result)
{
    bool large = result->size > KEEP_RECORDS;

    for (size_t i = 0; i < result->n; i++)
        large = large || result->records[i].text.size > KEEP_TEXT;
    if (large)
        cvk_result_clear(result);
    result->n = 0;
}

size_t cvk_result_cost(const struct cvk_result *result)
{
    size_t cost = result->size *
                  (sizeof *result->records + sizeof *result->files);

    for (size_t i = 0; i < result->size; i++)
        cost += result->records[i].text.size +
                result->records[i].field_bytes.size;
    for (size_t i = 0; i < result->n; i++)
        if (result->files[i].fd >= 0)
            cost += (size_t)result->records[i].backup.size;
    return cost;
}

bool cvk_result_reserve(struct cvk_result *result, size_t n)
{
    struct cvk_record *r;
    struct cvk_outfile *f;

    if (n <= result->size)
        return true;
    r = realloc(result->records, n * sizeof *r);
    if (!r)
        return false;
    result->records = r;
    f = realloc(result->files, n * sizeof *f);
    if (!f)
        return false;
    result->files = f;
    while (result->size < n)
        cvk_record_init(&r[result->size++]);
    return true;
}

struct cvk_record *cvk_result_add(struct cvk_result *result,
                                  const struct cvk_record *base)
{
    struct cvk_record *r = &result->records[result->n];

    if (cvk_record_copy_input(r, base))
        return NULL;
    r->status = base->status;
    r->members = base->members;
    result->files[result->n++].fd = -1;
    return r;
}

bool cvk_result_split(struct cvk_result *result, size_t n,
                      struct cvk_result *rest)
{
    if (!cvk_result_reserve(rest, result->n - n))
        return false;
    for (; rest->n < result->n - n; rest->n++) {
        struct cvk_record empty = rest->records[rest->n];

        rest->records[rest->n] = result->records[n + rest->n];
        rest->files[rest->n].fd = -1;
        result->records[n + rest->n] = empty;
    }
    result->n = n;
    return true;
}
