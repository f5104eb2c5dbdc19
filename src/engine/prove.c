/* SPDX-License-Identifier: MIT */
#include "engine/prove.h"

#include "engine/anchored.h"
#include "engine/byteorder.h"

/* Characters before an anchor that are looked at for a config, or for a backup
 * alone, and the first length of text behind it: more is taken when it does not
 * do. */
static const struct reach {
    size_t lead, first;
} config_reach = {CVK_MAX_CARVE_LEAD, 1 << 15}, backup_reach = {256, 1 << 11};

/* Bytes read in vain for one window: a tenth of a second. The text around an
 * anchor takes as long as so many times its size. */
#define WORK ((uint64_t)128 << 20)
enum { TEXT_WORK = 4 };

bool cvk_prover_init(struct cvk_prover *p,
                     const struct cvk_extract_options *options, bool partial)
{
    *p = (struct cvk_prover){.partial = partial};
    cvk_view_init(&p->view);
    for (size_t i = 0; i < CVK_MAX_CARVE_LEVELS; i++)
        cvk_buf_init(&p->levels[i], 2 * CVK_MAX_CARVE_TEXT);
    p->extract = cvk_extract_new(options);
    return p->extract != NULL;
}

void cvk_prover_clear(struct cvk_prover *p)
{
    cvk_view_clear(&p->view);
    for (size_t i = 0; i < CVK_MAX_CARVE_LEVELS; i++)
        cvk_buf_clear(&p->levels[i]);
    cvk_extract_free(p->extract);
}

void cvk_prover_window(struct cvk_prover *p)
{
    p->work = WORK;
    p->notes = (struct cvk_prove_notes){0};
}

struct cvk_hit *cvk_anchored_hit(struct cvk_anchored *t,
                                 enum cvk_carve_source source, size_t from,
                                 size_t to)
{
    struct cvk_extract *x = t->p->extract;
    struct cvk_hit *hit = cvk_hits_add(t->hits);

    if (!hit)
        return NULL;
    hit->offset = cvk_view_offset(&t->p->view, from);
    hit->length = cvk_view_offset(&t->p->view, to) - hit->offset;
    if (!cvk_extract_begin(x, x->options->type)) {
        cvk_hits_drop(t->hits);
        return NULL;
    }
    x->base.carve = (struct cvk_carve_facts){.offset = hit->offset,
                                             .length = hit->length,
                                             .source = source,
                                             .escaped = t->level};
    x->base.input.decoded = source != CVK_CARVE_BLOB;
    x->base.input.encoding = t->p->view.encoding;
    return hit;
}

/* Is there a config to look for, and may it take the time? */
static bool may_be_config(const struct cvk_anchored *t)
{
    enum cvk_anchor_kind kind = t->anchor->word->kind;

    if (t->alone ||
        (kind != CVK_ANCHOR_BASE64_VAULT && kind != CVK_ANCHOR_BASE64_HSM))
        return false;
    t->p->notes.crowded |= !t->p->work;
    return t->p->work > 0;
}

static bool is_whole(const struct cvk_hits *hits)
{
    return hits->v[hits->n - 1]->whole;
}

static void charge(struct cvk_anchored *t)
{
    uint64_t cost = TEXT_WORK * (uint64_t)t->p->view.bytes.n;

    t->p->work -= cost < t->p->work ? cost : t->p->work;
}

/* Takes more and more text until it does. */
static enum cvk_code prove_in(struct cvk_anchored *t,
                              const struct cvk_bytes *from, uint64_t at,
                              enum cvk_encoding encoding, enum cvk_proof *got)
{
    struct cvk_view *v = &t->p->view;
    bool config = may_be_config(t);
    const struct reach *reach = config ? &config_reach : &backup_reach;

    v->encoding = encoding;
    *got = CVK_PROOF_CUT;
    for (size_t most = reach->first; *got == CVK_PROOF_CUT; most *= 2) {
        enum cvk_code code = cvk_view_read(v, from, at, reach->lead, most);

        if (code)
            return code;
        t->level = 0;
        t->text[0] = v->text;
        t->at[0] = v->anchor;
        *got = config ? cvk_anchored_config(t) : CVK_PROOF_NOTHING;
        if (*got == CVK_PROOF_CUT && v->ended)
            *got = CVK_PROOF_NOTHING;
        if (*got == CVK_PROOF_NOTHING)
            *got = cvk_anchored_backup(t);
        if (config && !(*got == CVK_PROOF_FOUND && is_whole(t->hits)))
            charge(t);
    }
    return *got == CVK_PROOF_NO_MEMORY ? CVK_E_MEMORY : CVK_OK;
}

/* ---- either byte order -------------------------------------------------- */

/* Drops the last hit but one. */
static void drop_other(struct cvk_hits *hits)
{
    struct cvk_hit *last = hits->v[hits->n - 1];

    hits->v[hits->n - 1] = hits->v[hits->n - 2];
    hits->v[hits->n - 2] = last;
    cvk_hits_drop(hits);
}

/* Of the last two hits, which are of one place in either order, keeps the
 * likelier one: the wrong order cuts a document's end. */
static void keep_likelier(struct cvk_hits *hits, bool big)
{
    const struct cvk_hit *little = hits->v[hits->n - 2];
    const struct cvk_hit *other = hits->v[hits->n - 1];

    if (little->whole != other->whole)
        big = other->whole;
    else if (little->length != other->length)
        big = other->length > little->length;
    if (big)
        drop_other(hits);
    else
        cvk_hits_drop(hits);
}

static enum cvk_code prove_wide(struct cvk_anchored *t,
                                const struct cvk_bytes *from, uint64_t at,
                                enum cvk_proof *got)
{
    enum cvk_code code = prove_in(t, from, at, CVK_UTF16LE, got);
    bool found = *got == CVK_PROOF_FOUND, big = false;

    if (code || at == 0)
        return code;
    if (found) {
        const struct cvk_hit *hit = t->hits->v[t->hits->n - 1];

        code = cvk_byteorder_guess(from, hit->offset, hit->length, &big);
        if (code || (hit->whole && !big &&
                     hit->result.records[0].carve.source == CVK_CARVE_CONFIG))
            return code;
    }
    code = prove_in(t, from, at - 1, CVK_UTF16BE, got);
    if (code)
        return code;
    if (found && *got == CVK_PROOF_FOUND)
        keep_likelier(t->hits, big);
    if (found)
        *got = CVK_PROOF_FOUND;
    return CVK_OK;
}

/* ---- a backup that the document around it does not give ------------------ */

static enum cvk_code prove_any(struct cvk_anchored *t,
                               const struct cvk_bytes *from, uint64_t at)
{
    enum cvk_proof got;

    t->given = false;
    return t->anchor->width == 1 ? prove_in(t, from, at, CVK_UTF8, &got)
                                 : prove_wide(t, from, at, &got);
}

static bool is_held(const struct cvk_hits *hits, const struct cvk_hit *hit)
{
    for (size_t i = hits->n; i-- > 0;)
        if (hits->v[i] != hit && cvk_hit_holds(hits->v[i], hit))
            return true;
    return false;
}

/* Adds the backup by itself if it is whole, and no other hit gives it. */
static enum cvk_code prove_alone(struct cvk_anchored *t,
                                 const struct cvk_bytes *from, uint64_t at)
{
    struct cvk_hits *hits = t->hits;
    size_t n = hits->n;
    enum cvk_code code;

    t->alone = true;
    code = prove_any(t, from, at);
    t->alone = false;
    if (code || hits->n == n)
        return code;
    if (!hits->v[n]->whole || is_held(hits, hits->v[n]))
        cvk_hits_drop(hits);
    return CVK_OK;
}

static bool is_config(const struct cvk_hit *hit)
{
    return hit->whole &&
           hit->result.records[0].carve.source == CVK_CARVE_CONFIG;
}

enum cvk_code cvk_prove(struct cvk_prover *p, const struct cvk_bytes *from,
                        const struct cvk_anchor *anchor, uint64_t at,
                        bool inside, struct cvk_hits *hits)
{
    struct cvk_anchored t = {.p = p, .anchor = anchor, .hits = hits};
    size_t n = hits->n;
    enum cvk_code code;

    if (inside) {
        code = prove_alone(&t, from, at);
        if (code || hits->n == n)
            return code;
        cvk_hits_drop(hits); /* it may have a config of its own */
    }
    t.alone = inside && hits->cost > CVK_MAX_CARVE_HELD;
    p->notes.crowded |= t.alone;
    code = prove_any(&t, from, at);
    if (code || hits->n == n)
        return code;
    cvk_hits_count(hits);
    if (!is_config(hits->v[n]) || t.given)
        return CVK_OK;
    if (inside && is_held(hits, hits->v[n]))
        cvk_hits_drop(hits); /* the one that is known */
    code = prove_alone(&t, from, at);
    if (!code && hits->n > n)
        cvk_hits_count(hits);
    return code;
}
