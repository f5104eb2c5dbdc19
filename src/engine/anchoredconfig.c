/* SPDX-License-Identifier: MIT */
#include "engine/anchored.h"

#include "evidence/configfind.h"
#include "evidence/jsonescape.h"

/* The text that the string around the anchor stands for. CVK_PROOF_CUT tells
 * that the string may go on. */
static enum cvk_proof undo_level(struct cvk_anchored *t)
{
    struct cvk_buf *out = &t->p->levels[t->level];
    struct cvk_slice s = t->text[t->level];
    size_t at = t->at[t->level], begin = cvk_jsonescape_begin(s, at), used;
    bool cut, ok;

    out->n = 0;
    used = cvk_jsonescape_undo(cvk_slice_cut(s, begin, at), SIZE_MAX, out, &cut,
                               &ok);
    if (ok && begin + used != at)
        return CVK_PROOF_NOTHING;
    t->at[t->level + 1] = out->n;
    if (ok)
        cvk_jsonescape_undo(cvk_slice_cut(s, at, s.n), SIZE_MAX, out, &cut,
                            &ok);
    if (!ok || !cvk_buf_reserve(out, out->n + 1))
        return CVK_PROOF_NO_MEMORY;
    t->level++;
    t->text[t->level] = cvk_buf_slice(out);
    t->begin[t->level] = begin;
    return cut ? CVK_PROOF_CUT : CVK_PROOF_FOUND;
}

/* Byte index of the text at the level at hand, as index in the view's. */
static bool raise_index(struct cvk_anchored *t, size_t *index)
{
    for (size_t level = t->level; level > 0; level--) {
        struct cvk_buf scratch;
        bool cut, ok;

        cvk_buf_init(&scratch, *index + 4);
        *index = t->begin[level] +
                 cvk_jsonescape_undo(cvk_slice_cut(t->text[level - 1],
                                                   t->begin[level],
                                                   t->text[level - 1].n),
                                     *index, &scratch, &cut, &ok);
        cvk_buf_clear(&scratch);
        if (!ok)
            return false;
    }
    return true;
}

static void keep_blob(void *context, struct cvk_record *r,
                      struct cvk_outfile *f, const struct cvk_blob_source *from,
                      struct cvk_slice blob, size_t total)
{
    struct cvk_hit *hit = context;

    (void)f;
    (void)from;
    (void)total;
    if (!cvk_buf_append_slice(&hit->blobs, blob))
        cvk_record_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
}

static void note_escapes(struct cvk_anchored *t)
{
    if (t->level)
        cvk_record_note(&t->p->extract->base, CVK_E_CARVE_ESCAPED, NULL,
                        "the config stood inside a JSON string, from which "
                        "its escapes were taken %zu time%s",
                        t->level, t->level == 1 ? "" : "s");
}

/* Is the anchor in key data of the config that was read last, all of which is
 * good? at is its place in that. */
static bool gives(const struct cvk_config *c, const struct cvk_hit *hit,
                  size_t at)
{
    for (size_t i = 0; i < hit->result.n; i++)
        if (hit->result.records[i].status != CVK_STATUS_OK)
            return false;
    for (size_t i = 0; i < c->n_backups; i++)
        if (c->backups[i].token.from <= at && at < c->backups[i].token.to)
            return true;
    return false;
}

/* Reads the config at span of the text at hand as an input. */
static enum cvk_proof take_config(struct cvk_anchored *t, struct cvk_span span)
{
    struct cvk_slice text = t->text[t->level];
    struct cvk_extract_sink sink = {.take = keep_blob};
    size_t from = span.from, to = span.to;
    struct cvk_hit *hit;
    uint8_t *end, behind;
    bool ok;

    if (!raise_index(t, &from) || !raise_index(t, &to))
        return CVK_PROOF_NO_MEMORY;
    hit = cvk_anchored_hit(t, CVK_CARVE_CONFIG, from, to);
    if (!hit)
        return CVK_PROOF_NO_MEMORY;
    note_escapes(t);
    sink.context = hit;
    /* the buffer is ours, and has room for one more behind its text */
    end = (t->level ? t->p->levels[t->level - 1].p : t->p->view.bytes.p) +
          (t->level ? 0 : text.p - t->p->view.bytes.p) + span.to;
    behind = *end;
    *end = 0;
    ok =
        cvk_extract_text(t->p->extract, cvk_slice_cut(text, span.from, span.to),
                         t->p->view.encoding, &sink, &hit->result);
    *end = behind;
    if (!ok)
        return CVK_PROOF_NO_MEMORY;
    for (size_t i = 0; i < hit->result.n; i++) {
        enum cvk_status status = hit->result.records[i].status;

        if (status == CVK_STATUS_ERROR) /* nothing else is asked for here */
            return CVK_PROOF_NO_MEMORY;
        hit->whole |= status == CVK_STATUS_OK;
    }
    t->given = gives(&t->p->extract->config, hit, t->at[t->level] - span.from);
    /* a part of it may be worth more than nothing */
    if (hit->whole || !t->p->partial)
        return CVK_PROOF_FOUND;
    cvk_hits_drop(t->hits);
    return CVK_PROOF_NOTHING;
}

/* How often the name whose quote is at name stands inside a string; one that is
 * \u0022 does at least once. */
static bool find_level(struct cvk_slice s, size_t name, size_t *level)
{
    if (s.p[name] == '"')
        return cvk_jsonescape_level(cvk_jsonescape_backslashes(s, name),
                                    level);
    *level = 1;
    return true;
}

enum cvk_proof cvk_anchored_config(struct cvk_anchored *t)
{
    bool cut = false;

    for (;;) {
        struct cvk_slice s = t->text[t->level];
        size_t at = t->at[t->level], name = cvk_configfind_name(s, at), level;
        struct cvk_span span;
        enum cvk_proof got;

        if (name == s.n || !find_level(s, name, &level))
            return CVK_PROOF_NOTHING;
        if (!t->p->work)
            t->p->notes.crowded = true;
        if (!level) {
            enum cvk_configfind found = cvk_configfind_around(
                &t->p->extract->config, s, name, at, &t->p->work, &span);

            if (found == CVK_CONFIG_NO_MEMORY)
                return CVK_PROOF_NO_MEMORY;
            if (found == CVK_CONFIG_FOUND)
                return take_config(t, span);
            return found == CVK_CONFIG_CUT || cut ? CVK_PROOF_CUT
                                                  : CVK_PROOF_NOTHING;
        }
        if (t->level == CVK_MAX_CARVE_LEVELS)
            return CVK_PROOF_NOTHING;
        got = undo_level(t);
        if (got == CVK_PROOF_NO_MEMORY || got == CVK_PROOF_NOTHING)
            return got;
        cut |= got == CVK_PROOF_CUT;
    }
}
