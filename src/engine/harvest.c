/* SPDX-License-Identifier: MIT */
#include "engine/harvest.h"

#include <stdlib.h>
#include <string.h>

#include "output/blobname.h"

/* Blobs that are made durable together: each keeps a descriptor and, up to
 * then, its hit. */
enum { GROUP = 64 };

/* What was published is told to those who come later. */
static void emit(void *context, const struct cvk_result *result)
{
    struct cvk_harvest *h = context;

    for (size_t i = 0; i < result->n; i++) {
        const struct cvk_record *r = &result->records[i];
        const struct cvk_finding *error = cvk_record_error(r);
        struct cvk_seen_entry *e =
            r->type == CVK_RECORD_CARVE && r->backup.size && !r->blob.repeated
                ? cvk_seen_find(&h->seen, r->backup.sha256)
                : NULL;

        if (r->type == CVK_RECORD_CARVE) {
            h->hits++;
            h->refused += r->status != CVK_STATUS_OK;
        }
        if (!e || e->published || e->offset != r->carve.offset)
            continue;
        e->published = true;
        e->written = r->blob.written;
        e->synced = r->blob.synced;
        e->code = error ? error->code : CVK_OK;
    }
    h->carve->emit(h->carve->context, result);
}

static void ignore_tick(void *context, const struct cvk_summary *so_far,
                        uint64_t total)
{
    (void)context;
    (void)so_far;
    (void)total;
}

bool cvk_harvest_init(struct cvk_harvest *h, const struct cvk_carve *carve,
                      struct cvk_summary *summary)
{
    *h = (struct cvk_harvest){.carve = carve};
    h->batch = (struct cvk_batch){.options = carve->options,
                                  .blobs = carve->blobs,
                                  .context = h,
                                  .emit = emit,
                                  .tick = ignore_tick};
    cvk_seen_init(&h->seen);
    cvk_hits_init(&h->pending);
    cvk_buf_init(&h->name, CVK_MAX_PATH);
    h->publisher = cvk_publisher_new(&h->batch, GROUP, summary);
    if (!cvk_blobs_init(&h->blobs, carve->blobs))
        return false;
    cvk_stager_init(&h->stager, &h->blobs);
    return h->publisher != NULL;
}

void cvk_harvest_clear(struct cvk_harvest *h)
{
    cvk_hits_clear(&h->pending);
    cvk_publisher_free(h->publisher);
    cvk_stager_clear(&h->stager);
    cvk_blobs_clear(&h->blobs);
    cvk_seen_clear(&h->seen);
    cvk_buf_clear(&h->name);
}

void cvk_harvest_begin(struct cvk_harvest *h, uint64_t from, uint64_t to)
{
    cvk_hits_clear(&h->pending);
    h->from = from;
    h->to = to;
    h->cover = (struct cvk_cover){0};
    h->hits = h->refused = 0;
}

/* ---- one record --------------------------------------------------------- */

static bool flush(struct cvk_harvest *h)
{
    return cvk_publisher_flush(h->publisher);
}

/* The name of a blob that was found first at offset. */
static bool build_name(struct cvk_harvest *h, const struct cvk_record *r,
                       uint64_t offset, bool partial,
                       struct cvk_blob_source *from)
{
    h->name.n = 0;
    if (!cvk_carved_name(&h->name, offset, r->backup.sha256, partial))
        return false;
    *from = (struct cvk_blob_source){.path = (const char *)h->name.p};
    return true;
}

/* A backup that was seen before has its blob already, if it has one. */
static bool repeat(struct cvk_harvest *h, struct cvk_record *r)
{
    struct cvk_seen_entry *e = cvk_seen_find(&h->seen, r->backup.sha256);
    struct cvk_blob_source from;

    if (!e->published && !flush(h))
        return false;
    e = cvk_seen_find(&h->seen, r->backup.sha256);
    r->blob.repeated = true;
    if (!e->written) {
        cvk_record_refuse(r, e->code ? e->code : CVK_E_IO_WRITE, NULL,
                          "the blob of this backup, found first at offset "
                          "%llu, could not be written",
                          (unsigned long long)e->offset);
        return true;
    }
    if (!build_name(h, r, e->offset, e->partial, &from))
        return false;
    cvk_blob_name_again(&h->stager, r, &from);
    r->blob.written = true;
    r->blob.synced = e->synced;
    return true;
}

/* Stages the blob of a good record. */
static bool stage(struct cvk_harvest *h, struct cvk_record *r,
                  struct cvk_outfile *f, struct cvk_slice blob)
{
    struct cvk_blob_source from;
    struct cvk_seen_entry *e;

    /* the hash in its name tells it from the others of its document */
    r->backup.ordinal = 1;
    if (cvk_seen_find(&h->seen, r->backup.sha256))
        return repeat(h, r);
    e = cvk_seen_add(&h->seen, r->backup.sha256);
    if (!e)
        return false;
    e->offset = r->carve.offset;
    e->partial = r->carve.partial;
    if (!build_name(h, r, r->carve.offset, r->carve.partial, &from))
        return false;
    cvk_blob_stage(&h->stager, r, f, &from, blob, 1);
    return true;
}

/* ---- one hit ------------------------------------------------------------ */

/* Does the blob of the same backup wait to be published? */
static bool is_waiting(const struct cvk_harvest *h, const struct cvk_record *r)
{
    const struct cvk_seen_entry *e = cvk_seen_find(&h->seen, r->backup.sha256);

    return e && !e->published;
}

/* Lets go of the first n records of the hit: what becomes of the blobs has to
 * be known for the next one. */
static bool deliver_first(struct cvk_harvest *h, struct cvk_hit *hit, size_t n)
{
    struct cvk_result rest;

    cvk_result_init(&rest);
    if (!cvk_result_split(&hit->result, n, &rest))
        return false;
    h->found += n;
    cvk_publisher_take(h->publisher, &hit->result);
    cvk_result_clear(&hit->result);
    hit->result = rest;
    return flush(h);
}

static bool deliver(struct cvk_harvest *h, struct cvk_hit *hit)
{
    size_t at = 0;

    for (size_t i = 0; i < hit->result.n; i++) {
        struct cvk_record *r = &hit->result.records[i];
        size_t n = (size_t)r->backup.size;

        if (r->status != CVK_STATUS_OK)
            continue;
        if (i && is_waiting(h, r)) {
            if (!deliver_first(h, hit, i))
                return false;
            i = 0;
            r = hit->result.records;
        }
        if (!stage(h, r, &hit->result.files[i],
                   cvk_slice_of(hit->blobs.p + at, n)))
            return false;
        at += n;
    }
    h->found += hit->result.n;
    cvk_publisher_take(h->publisher, &hit->result);
    return !cvk_publisher_full(h->publisher) || flush(h);
}

static bool settle(struct cvk_harvest *h, struct cvk_hit *hit)
{
    return !cvk_cover_add(&h->cover, hit) || hit->offset < h->from ||
           hit->offset >= h->to || deliver(h, hit);
}

static bool settle_before(struct cvk_harvest *h, uint64_t offset)
{
    struct cvk_hits *p = &h->pending;
    size_t n = 0;
    bool ok = true;

    cvk_hits_sort(p);
    while (n < p->n && p->v[n]->offset < offset) {
        ok = ok && settle(h, p->v[n]);
        cvk_hit_free(p->v[n++]);
    }
    if (n)
        memmove(p->v, p->v + n, (p->n - n) * sizeof *p->v);
    p->n -= n;
    return ok;
}

bool cvk_harvest_take(struct cvk_harvest *h, struct cvk_hits *hits,
                      uint64_t settled)
{
    for (; hits->n > 0; hits->n--)
        if (!cvk_hits_take(&h->pending, hits->v[hits->n - 1]))
            return false;
    hits->cost = 0;
    return settle_before(h, settled);
}

bool cvk_harvest_settle(struct cvk_harvest *h)
{
    return settle_before(h, UINT64_MAX) && flush(h);
}

bool cvk_harvest_end(struct cvk_harvest *h, struct cvk_result *result)
{
    cvk_publisher_take(h->publisher, result);
    return flush(h);
}
