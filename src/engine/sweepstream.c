/* SPDX-License-Identifier: MIT */
#include "engine/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/imagekind.h"

/* ---- a stream ----------------------------------------------------------- */

/* What is held of a stream: some of what has gone, and what was read ahead. */
struct stream {
    struct cvk_image *image;
    struct cvk_buf bytes;
    uint64_t base; /* offset of the first */
    bool ended;
};

/* Reads on until the bytes before offset to are there, or it ends. */
static enum cvk_code fill(struct stream *s, uint64_t to)
{
    size_t wanted = (size_t)(to - s->base), got;

    if (to <= s->base)
        return CVK_OK;
    if (!cvk_buf_reserve(&s->bytes, wanted + CVK_SCAN_SLACK))
        return CVK_E_MEMORY;
    while (s->bytes.n < wanted && !s->ended) {
        enum cvk_code code = cvk_image_next(s->image, s->bytes.p + s->bytes.n,
                                            wanted - s->bytes.n, &got);

        if (code)
            return code;
        s->bytes.n += got;
        s->ended = !got;
    }
    return CVK_OK;
}

static enum cvk_code read_stream(void *context, uint64_t offset, uint8_t *p,
                                 size_t n, size_t *got)
{
    struct stream *s = context;
    enum cvk_code code = fill(s, offset + n);
    size_t at = (size_t)(offset - s->base);

    *got = 0;
    if (code || offset < s->base || at >= s->bytes.n)
        return code;
    *got = s->bytes.n - at < n ? s->bytes.n - at : n;
    memcpy(p, s->bytes.p + at, *got);
    return CVK_OK;
}

/* Lets go of what no hit can begin in any more. */
static void forget(struct stream *s, uint64_t before)
{
    uint64_t keep = CVK_SWEEP_LEAD + CVK_SCAN_MARGIN;
    size_t n;

    if (before <= s->base + keep)
        return;
    n = before - keep - s->base < s->bytes.n ? (size_t)(before - keep - s->base)
                                             : s->bytes.n;
    memmove(s->bytes.p, s->bytes.p + n, s->bytes.n - n);
    s->bytes.n -= n;
    s->base += n;
}

/* Searches window number n of the stream, if it comes so far. */
static bool search_stream(struct cvk_sweep_worker *w, struct stream *s,
                          uint64_t n, struct cvk_sweep_slot *slot)
{
    uint64_t begin = n * CVK_CARVE_WINDOW, end = begin + CVK_CARVE_WINDOW;
    struct cvk_bytes from = {s, read_stream};
    struct cvk_window window = {0};
    struct cvk_buf *copy = &w->bytes;
    size_t lead = begin ? CVK_SCAN_MARGIN : 0;

    slot->code = fill(s, end + CVK_SCAN_MARGIN);
    if (!slot->code && n == 0)
        slot->code =
            cvk_imagekind_check(cvk_buf_slice(&s->bytes), &w->run->what);
    if (slot->code)
        return true;
    /* proving may move the bytes that were read */
    slot->code =
        read_stream(s, begin - lead, copy->p,
                    CVK_CARVE_WINDOW + lead + CVK_SCAN_MARGIN, &copy->n);
    if (slot->code || copy->n <= lead)
        return slot->code != CVK_OK;
    memset(copy->p + copy->n, 0, CVK_SCAN_SLACK);
    window.bytes = cvk_buf_slice(copy);
    window.base = begin - lead;
    window.from = lead;
    window.to =
        copy->n < CVK_CARVE_WINDOW + lead ? copy->n : CVK_CARVE_WINDOW + lead;
    slot->code = cvk_scan_window(&w->scan, &from, &window, &slot->hits);
    slot->notes = w->scan.prover.notes;
    forget(s, end);
    return true;
}

void cvk_sweep_stream(struct cvk_sweep *run)
{
    struct stream s = {.image = &run->image};
    struct cvk_sweep_slot *slot = calloc(1, sizeof *slot);
    struct cvk_sweep_worker w = {0};
    bool ok = cvk_sweep_worker_init(&w, run) && slot;

    cvk_buf_init(&s.bytes, (size_t)(CVK_SWEEP_LONGEST + CVK_SWEEP_LEAD) +
                               2 * CVK_CARVE_WINDOW + CVK_MAX_CARVE_TEXT);
    if (!ok)
        run->code = CVK_E_MEMORY;
    for (uint64_t n = 0;
         ok && !run->code && n < CVK_MAX_IMAGE_SIZE / CVK_CARVE_WINDOW; n++) {
        if (*run->c->options.cancel || !search_stream(&w, &s, n, slot))
            break;
        cvk_sweep_report(run, n, slot);
    }
    run->image.size = s.base + s.bytes.n;
    if (slot)
        cvk_hits_clear(&slot->hits);
    free(slot);
    cvk_buf_clear(&s.bytes);
    cvk_sweep_worker_clear(&w);
}
