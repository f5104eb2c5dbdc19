/* SPDX-License-Identifier: MIT */
#include "engine/hits.h"

#include <stdlib.h>

void cvk_hits_init(struct cvk_hits *hits)
{
    *hits = (struct cvk_hits){0};
}

void cvk_hit_free(struct cvk_hit *hit)
{
    if (!hit)
        return;
    cvk_result_clear(&hit->result);
    cvk_buf_clear(&hit->blobs);
    free(hit);
}

void cvk_hits_clear(struct cvk_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++)
        cvk_hit_free(hits->v[i]);
    free(hits->v);
    cvk_hits_init(hits);
}

bool cvk_hits_take(struct cvk_hits *hits, struct cvk_hit *hit)
{
    size_t size = hits->size ? 2 * hits->size : 16;
    struct cvk_hit **v;

    if (hits->n == hits->size) {
        v = realloc(hits->v, size * sizeof *v);
        if (!v)
            return false;
        hits->v = v;
        hits->size = size;
    }
    hits->v[hits->n++] = hit;
    return true;
}

struct cvk_hit *cvk_hits_add(struct cvk_hits *hits)
{
    struct cvk_hit *hit = calloc(1, sizeof *hit);

    if (!hit)
        return NULL;
    cvk_result_init(&hit->result);
    cvk_buf_init(&hit->blobs, CVK_MAX_BACKUPS * CVK_MAX_CARVE_TEXT);
    if (cvk_hits_take(hits, hit))
        return hit;
    cvk_hit_free(hit);
    return NULL;
}

void cvk_hits_drop(struct cvk_hits *hits)
{
    cvk_hit_free(hits->v[--hits->n]);
}
