/* SPDX-License-Identifier: MIT */
#include "engine/hits.h"

#include <stdlib.h>
#include <string.h>

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
    hits->cost += hit->cost;
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
    hits->cost -= hits->v[hits->n - 1]->cost;
    cvk_hit_free(hits->v[--hits->n]);
}

void cvk_hits_count(struct cvk_hits *hits)
{
    struct cvk_hit *hit = hits->v[hits->n - 1];

    hits->cost -= hit->cost;
    hit->cost =
        sizeof *hit + cvk_result_cost(&hit->result) + hit->blobs.size;
    hits->cost += hit->cost;
}

static int compare(const void *a, const void *b)
{
    const struct cvk_hit *x = *(struct cvk_hit *const *)a;
    const struct cvk_hit *y = *(struct cvk_hit *const *)b;

    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    if (x->unpacked && y->unpacked && x->inner != y->inner)
        return x->inner < y->inner ? -1 : 1;
    return (int)y->whole - (int)x->whole;
}

void cvk_hits_sort(struct cvk_hits *hits)
{
    if (hits->n)
        qsort(hits->v, hits->n, sizeof *hits->v, compare);
}

/* ---- one inside another ------------------------------------------------- */

static uint64_t end_of(const struct cvk_hit *hit)
{
    return hit->offset + hit->length;
}

static bool is_same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, CVK_SHA256_SIZE) == 0;
}

static bool gives(const struct cvk_hit *hit, const uint8_t *sha256)
{
    for (size_t i = 0; i < hit->result.n; i++)
        if (hit->result.records[i].status == CVK_STATUS_OK &&
            is_same(hit->result.records[i].backup.sha256, sha256))
            return true;
    return false;
}

bool cvk_hit_holds(const struct cvk_hit *other, const struct cvk_hit *hit)
{
    if (!other->whole || other->offset > hit->offset ||
        end_of(other) < end_of(hit))
        return false;
    for (size_t i = 0; i < hit->result.n; i++)
        if (hit->result.records[i].status == CVK_STATUS_OK &&
            !gives(other, hit->result.records[i].backup.sha256))
            return false;
    return true;
}

/* Does a hit around bytes up to end give the backup? */
static bool is_covered(const struct cvk_cover *cover, const uint8_t *sha256,
                       uint64_t end)
{
    for (size_t i = 0; i < cover->n; i++)
        if (cover->backups[i].end >= end &&
            is_same(cover->backups[i].sha256, sha256))
            return true;
    return false;
}

static bool all_covered(const struct cvk_cover *cover,
                        const struct cvk_hit *hit)
{
    for (size_t i = 0; i < hit->result.n; i++)
        if (hit->result.records[i].status == CVK_STATUS_OK &&
            !is_covered(cover, hit->result.records[i].backup.sha256,
                        end_of(hit)))
            return false;
    return end_of(hit) <= cover->end;
}

/* Remembers what a whole hit gives, and forgets what ended before it. */
static void cover_backups(struct cvk_cover *cover, const struct cvk_hit *hit)
{
    size_t n = 0;

    for (size_t i = 0; i < cover->n; i++)
        if (cover->backups[i].end > hit->offset)
            cover->backups[n++] = cover->backups[i];
    for (size_t i = 0; i < hit->result.n && n < CVK_MAX_COVERED; i++) {
        const struct cvk_record *r = &hit->result.records[i];

        if (r->status != CVK_STATUS_OK)
            continue;
        memcpy(cover->backups[n].sha256, r->backup.sha256, CVK_SHA256_SIZE);
        cover->backups[n++].end = end_of(hit);
    }
    cover->n = n;
    if (end_of(hit) > cover->end)
        cover->end = end_of(hit);
}

bool cvk_cover_add(struct cvk_cover *cover, const struct cvk_hit *hit)
{
    bool same = hit->unpacked && hit->offset + 1 == cover->stream;

    if (!same && (hit->whole ? all_covered(cover, hit)
                             : hit->offset < cover->end ||
                                   hit->offset + 1 == cover->last))
        return false;
    if (hit->whole)
        cover_backups(cover, hit);
    else if (!same)
        cover->last = hit->offset + 1;
    if (hit->unpacked)
        cover->stream = hit->offset + 1;
    return true;
}

void cvk_hits_settle(struct cvk_hits *hits)
{
    struct cvk_cover cover = {0};
    size_t n = 0;

    cvk_hits_sort(hits);
    for (size_t i = 0; i < hits->n; i++) {
        if (cvk_cover_add(&cover, hits->v[i]))
            hits->v[n++] = hits->v[i];
        else
            cvk_hit_free(hits->v[i]);
    }
    hits->n = n;
}
