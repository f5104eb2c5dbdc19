/* SPDX-License-Identifier: MIT */
#include "engine/scan.h"

/* Compressed bytes read at once, and of one stream: blocks, and names in its
 * header, can take any number and give nothing. */
enum { PIECE = 1 << 16, MOST = 2 * CVK_MAX_CARVE_TEXT };

bool cvk_scan_init(struct cvk_scan *s,
                   const struct cvk_extract_options *options, bool partial,
                   bool gzip)
{
    enum cvk_anchor_path path = cvk_anchor_best_path();

    *s = (struct cvk_scan){0};
    cvk_buf_init(&s->inflated, CVK_MAX_CARVE_TEXT + CVK_SCAN_SLACK);
    cvk_buf_init(&s->piece, PIECE);
    cvk_anchors_init(&s->anchors, gzip, path);
    cvk_anchors_init(&s->no_gzip, false, path);
    if (!cvk_prover_init(&s->prover, options, partial))
        return false;
    if (gzip)
        s->inflate = cvk_inflate_new();
    return s->inflate || !gzip;
}

void cvk_scan_clear(struct cvk_scan *s)
{
    cvk_buf_clear(&s->inflated);
    cvk_buf_clear(&s->piece);
    cvk_inflate_free(s->inflate);
    cvk_prover_clear(&s->prover);
}

/* One window on its way. */
struct task {
    struct cvk_scan *s;
    const struct cvk_bytes *from;
    const struct cvk_window *w;
    struct cvk_hits *hits;
    struct cvk_anchor last; /* the same word is seen twice */
    uint64_t covered;       /* all before it may lie in a hit */
    uint64_t inflated_to;   /* or in a whole gzip stream */
    bool unpacked;          /* all this is of a gzip stream */
    enum cvk_code code;
};

static enum cvk_code search(struct task *t, const struct cvk_anchors *a);

/* ---- gzip --------------------------------------------------------------- */

static enum cvk_code read_memory(void *context, uint64_t offset, uint8_t *p,
                                 size_t n, size_t *got)
{
    const struct cvk_slice *s = context;

    *got = offset >= s->n ? 0 : s->n - offset < n ? s->n - (size_t)offset : n;
    if (*got)
        memcpy(p, s->p + offset, *got);
    return CVK_OK;
}

/* Unpacks the stream at offset at into s->inflated, as much as there is room
 * for. *used is how many bytes of it that took, *whole that it came to its
 * end. */
static enum cvk_code unpack(struct task *t, uint64_t at, uint64_t *used,
                            bool *whole)
{
    struct cvk_scan *s = t->s;
    struct cvk_buf *out = &s->inflated;
    enum cvk_code code = CVK_OK;

    *used = out->n = 0;
    *whole = false;
    if (!cvk_buf_reserve(&s->piece, PIECE))
        return CVK_E_MEMORY;
    cvk_inflate_start(s->inflate, CVK_INFLATE_GZIP);
    while (!*whole && out->n < CVK_MAX_CARVE_TEXT && *used < MOST) {
        struct cvk_slice in;
        size_t got;

        code = t->from->read(t->from->context, at + *used, s->piece.p, PIECE,
                             &got);
        if (code || !got)
            break;
        in = cvk_slice_of(s->piece.p, got);
        while (!code && in.n && !*whole && out->n < CVK_MAX_CARVE_TEXT) {
            size_t room = CVK_MAX_CARVE_TEXT - out->n, made, before = in.n;

            room = room < PIECE ? room : PIECE;
            if (!cvk_buf_reserve(out, out->n + room + CVK_SCAN_SLACK))
                return CVK_E_MEMORY;
            code = cvk_inflate_run(s->inflate, &in, out->p + out->n, room,
                                   &made, whole);
            out->n += made;
            *used += before - in.n;
            if (!made && before == in.n)
                break;
        }
        if (code == CVK_E_GZIP_DAMAGED) /* what came before may do */
            return CVK_OK;
    }
    return code;
}

/* A hit of what was unpacked becomes one of the stream at offset at. One that
 * is cut may have been read on into what follows it, and so hides nothing. */
static void move_out(struct cvk_hit *hit, uint64_t at, uint64_t used,
                     bool whole)
{
    for (size_t i = 0; i < hit->result.n; i++) {
        struct cvk_record *r = &hit->result.records[i];

        r->carve.gzip = true;
        r->carve.inner = hit->offset;
        r->carve.offset = at;
        r->carve.length = used;
        if (r->status == CVK_STATUS_OK)
            cvk_record_note(r, CVK_E_CARVE_GZIP, NULL,
                            "found inside a gzip stream, unpacked in memory");
    }
    hit->unpacked = true;
    hit->inner = hit->offset;
    hit->offset = at;
    hit->length = whole ? used : 1;
}

static bool take_inner(struct task *t, struct cvk_hits *inner, uint64_t at,
                       uint64_t used, bool whole)
{
    cvk_hits_settle(inner);
    for (; inner->n > 0; inner->n--) {
        move_out(inner->v[inner->n - 1], at, used, whole);
        if (!cvk_hits_take(t->hits, inner->v[inner->n - 1]))
            return false;
    }
    return true;
}

static enum cvk_code look_into(struct task *t, uint64_t at)
{
    struct cvk_scan *s = t->s;
    struct cvk_prover *p = &s->prover;
    struct cvk_slice memory;
    struct cvk_bytes from = {&memory, read_memory};
    struct cvk_window w = {.base = 0};
    struct cvk_hits inner;
    struct task task = {
        .s = s, .from = &from, .w = &w, .hits = &inner, .unpacked = true};
    uint64_t used, cost;
    bool whole;
    enum cvk_code code;

    if (!p->work || t->hits->cost > CVK_MAX_CARVE_HELD) {
        p->notes.crowded = true;
        return CVK_OK;
    }
    code = unpack(t, at, &used, &whole);
    cost = used + s->inflated.n;
    p->work -= cost < p->work ? cost : p->work;
    p->notes.crowded |= used >= MOST;
    if (!whole && s->inflated.n >= CVK_MAX_CARVE_TEXT) {
        p->notes.cut++;
        p->notes.cut_first |= at == 0;
    }
    if (code || !s->inflated.n)
        return code;
    memory = w.bytes = cvk_buf_slice(&s->inflated);
    w.to = memory.n;
    memset(s->inflated.p + s->inflated.n, 0, CVK_SCAN_SLACK);
    cvk_hits_init(&inner);
    code = search(&task, &s->no_gzip);
    if (whole)
        t->inflated_to = at + used;
    if (!code && !take_inner(t, &inner, at, used, whole))
        code = CVK_E_MEMORY;
    cvk_hits_clear(&inner);
    return code;
}

/* ---- the window --------------------------------------------------------- */

static void cover(struct task *t, const struct cvk_hit *hit)
{
    if (hit->whole && hit->offset + hit->length > t->covered)
        t->covered = hit->offset + hit->length;
}

static void take_anchor(void *context, const struct cvk_anchor *anchor)
{
    struct task *t = context;
    uint64_t at = t->w->base + anchor->at;
    struct cvk_hits *hits = t->hits;
    size_t n = hits->n;

    if (t->code)
        return;
    if (anchor->word->kind == CVK_ANCHOR_GZIP) {
        if (at >= t->inflated_to)
            t->code = look_into(t, at);
        return;
    }
    if (anchor->at == t->last.at && anchor->word == t->last.word &&
        anchor->width == t->last.width)
        return;
    t->last = *anchor;
    t->code =
        cvk_prove(&t->s->prover, t->from, anchor, at, at < t->covered, hits);
    if (t->code)
        return;
    for (size_t i = n; i < hits->n; i++)
        cover(t, hits->v[i]);
    while (hits->n > n && hits->cost > CVK_MAX_CARVE_HELD &&
           (!hits->v[hits->n - 1]->whole || t->unpacked)) {
        cvk_hits_drop(hits);
        t->s->prover.notes.crowded = true;
    }
}

static enum cvk_code search(struct task *t, const struct cvk_anchors *a)
{
    const struct cvk_window *w = t->w;
    size_t at = w->from;

    for (;;) {
        at = cvk_anchors_skip(a, w->bytes.p, at, w->to);
        if (at >= w->to || t->code)
            return t->code;
        cvk_anchors_check(a, w->bytes, at, t, take_anchor);
        at++;
    }
}

enum cvk_code cvk_scan_window(struct cvk_scan *s, const struct cvk_bytes *from,
                              const struct cvk_window *w, struct cvk_hits *hits)
{
    struct task t = {.s = s, .from = from, .w = w, .hits = hits};

    cvk_prover_window(&s->prover);
    return search(&t, s->inflate ? &s->anchors : &s->no_gzip);
}
