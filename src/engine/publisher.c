/* SPDX-License-Identifier: MIT */
#include "engine/publisher.h"

#include <stdlib.h>

struct cvk_publisher *cvk_publisher_new(const struct cvk_batch *b,
                                        size_t group,
                                        struct cvk_summary *summary)
{
    struct cvk_publisher *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->batch = b;
    p->summary = summary;
    p->limit = group;
    p->keep = b->blobs && (b->blobs->replace || b->blobs->resume);
    cvk_fileset_init(&p->kept.inputs);
    cvk_fileset_init(&p->kept.outputs);
    return p;
}

void cvk_publisher_free(struct cvk_publisher *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < CVK_MAX_GROUP; i++)
        cvk_result_clear(&p->group[i]);
    cvk_fileset_clear(&p->kept.inputs);
    cvk_fileset_clear(&p->kept.outputs);
    free(p);
}

void cvk_publisher_take(struct cvk_publisher *p, struct cvk_result *result)
{
    struct cvk_result empty = p->group[p->n];

    for (size_t i = 0; i < result->n; i++)
        p->staged += result->files[i].fd >= 0;
    p->bytes += result->counted;
    result->counted = 0;
    p->group[p->n++] = *result;
    *result = empty;
}

bool cvk_publisher_full(const struct cvk_publisher *p)
{
    /* half of the bytes: workers go on while the group is published */
    return p->n == p->limit || p->staged >= p->limit ||
           p->bytes >= CVK_MAX_WAITING / 2;
}

/* What was opened must not be replaced, whatever its name led to before. */
static bool keep_inputs(struct cvk_publisher *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct cvk_result *r = &p->group[i];

        if (r->input.known && r->records[0].status != CVK_STATUS_SKIPPED &&
            !cvk_fileset_add(&p->kept.inputs, r->input))
            return false;
    }
    return true;
}

static void publish(struct cvk_publisher *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->group[i].n; k++) {
            if (p->group[i].files[k].fd < 0)
                continue;
            p->records[n] = &p->group[i].records[k];
            p->files[n++] = &p->group[i].files[k];
        }
    cvk_blobs_publish(p->records, p->files, n, p->keep ? &p->kept : NULL);
    p->staged = 0;
}

/* The worst status of an input's records is the input's. An archive counts by
 * its members, and by itself only where it is at fault; an image by itself,
 * which comes after what was found in it. */
static void count(struct cvk_summary *s, const struct cvk_result *result)
{
    const struct cvk_record *first = &result->records[0];
    enum cvk_status worst = first->status;

    for (size_t i = 0; i < result->n; i++) {
        const struct cvk_record *r = &result->records[i];

        if (r->status > worst)
            worst = r->status;
        if (r->blob.written && !r->blob.repeated) {
            s->blobs++;
            s->bytes_out += r->backup.size;
        }
    }
    if ((first->type == CVK_RECORD_ARCHIVE && worst == CVK_STATUS_OK) ||
        first->type == CVK_RECORD_CARVE)
        return;
    if (first->image && first->image->refused && worst == CVK_STATUS_OK)
        worst = CVK_STATUS_REFUSED;
    s->inputs++;
    s->ok += worst == CVK_STATUS_OK;
    s->refused += worst == CVK_STATUS_REFUSED;
    s->errors += worst == CVK_STATUS_ERROR;
    s->skipped += worst == CVK_STATUS_SKIPPED;
    s->bytes_in += first->input.size;
}

static void report(struct cvk_publisher *p, struct cvk_result *result)
{
    for (size_t i = 0; i < result->n; i++) {
        struct cvk_record *r = &result->records[i];

        cvk_findings_close(&r->findings, &r->text);
    }
    count(p->summary, result);
    p->batch->emit(p->batch->context, result);
    cvk_result_reset(result);
}

/* It cannot be told what must not be replaced: nothing is. */
static void give_up(struct cvk_publisher *p)
{
    for (size_t i = 0; i < p->n; i++)
        cvk_result_clear(&p->group[i]);
    p->n = p->staged = p->bytes = 0;
}

bool cvk_publisher_flush(struct cvk_publisher *p)
{
    if (p->keep && p->batch->blobs->replace && !keep_inputs(p)) {
        give_up(p);
        return false;
    }
    publish(p);
    for (size_t i = 0; i < p->n; i++)
        report(p, &p->group[i]);
    p->n = p->bytes = 0;
    p->batch->tick(p->batch->context, p->summary, p->total);
    return true;
}
