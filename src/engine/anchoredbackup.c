/* SPDX-License-Identifier: MIT */
#include "engine/anchored.h"

#include "engine/backup.h"
#include "evidence/b64run.h"
#include "evidence/jweheader.h"

/* The bytes of a backup and where in the view's text they begin. */
struct backup {
    struct cvk_slice bytes;
    size_t from;
    size_t skip; /* base64: bytes before it */
    bool is_base64;
    bool cut; /* more may follow */
};

/* Bytes of the largest backup that is carved, and bytes within which its header
 * ends: the magic, and base64 of the header. */
enum { LARGEST = 4 << 20, HEAD = 2 * CVK_MAX_JWE_HEADER };

static enum cvk_proof read_backup(struct cvk_anchored *t, struct backup *b)
{
    const struct cvk_anchor_word *word = t->anchor->word;
    struct cvk_buf *out = &t->p->extract->decoded;
    struct cvk_slice s = t->p->view.text;
    size_t from = t->p->view.anchor;
    bool ok;

    b->is_base64 = word->kind == CVK_ANCHOR_BASE64_VAULT ||
                   word->kind == CVK_ANCHOR_BASE64_HSM;
    b->skip = word->skip;
    b->cut = true;
    if (!b->is_base64) {
        if (word->kind == CVK_ANCHOR_RAW_VAULT && from-- == 0)
            return CVK_PROOF_NOTHING;
        b->from = from;
        b->bytes = cvk_slice_cut(s, from, s.n);
        return CVK_PROOF_FOUND;
    }
    if (!cvk_b64run_back(s, &from, word->lead))
        return CVK_PROOF_NOTHING;
    b->from = from;
    out->n = 0;
    ok = cvk_b64run_decode(s, from, LARGEST + b->skip, out, &b->cut);
    if (!ok)
        return CVK_PROOF_NO_MEMORY;
    if (out->n < b->skip)
        return CVK_PROOF_NOTHING;
    b->bytes = cvk_slice_cut(cvk_buf_slice(out), b->skip, out->n);
    return CVK_PROOF_FOUND;
}

/* Where n bytes of the backup end in the view's text. */
static size_t backup_end(const struct cvk_anchored *t, const struct backup *b,
                         size_t n)
{
    size_t bits = (b->skip + n) * 8;

    if (!b->is_base64)
        return b->from + n;
    return cvk_b64run_end(t->p->view.text, b->from, (bits + 5) / 6);
}

/* True if what was parsed can only be the start of a key backup: its header is
 * whole. Bare JWEs are common, so the HSM's has to name the HSM's own key. */
static bool is_one(const struct cvk_keybackup *k, enum cvk_anchor_kind kind)
{
    if (kind == CVK_ANCHOR_RAW_VAULT || kind == CVK_ANCHOR_BASE64_VAULT)
        return k->enc.p && k->format != CVK_BACKUP_UNKNOWN;
    return k->enc.p && cvk_slice_equal(k->kid, CVK_LITERAL(CVK_HSM_KID));
}

/* Could more bytes make one of what code was said of? */
static bool is_cut(const struct backup *b, const struct cvk_keybackup *k,
                   enum cvk_code code)
{
    return code && b->cut && k->error_at + 4 >= b->bytes.n &&
           (k->enc.p || b->bytes.n < HEAD);
}

/* A part of a backup is taken where that is wanted. */
static bool accept_partial(struct cvk_anchored *t, struct cvk_record *r)
{
    r->carve.partial = t->p->partial && r->status == CVK_STATUS_REFUSED &&
                       cvk_record_accept(r, CVK_E_CARVE_PARTIAL);
    return r->carve.partial;
}

/* Makes the record of n bytes of the backup. */
static enum cvk_proof take_backup(struct cvk_anchored *t,
                                  const struct backup *b, size_t n)
{
    struct cvk_slice bytes = cvk_slice_cut(b->bytes, 0, n);
    size_t end = backup_end(t, b, n);
    struct cvk_hit *hit = cvk_anchored_hit(
        t, b->is_base64 ? CVK_CARVE_BASE64 : CVK_CARVE_BLOB, b->from, end);
    struct cvk_record *r;
    enum cvk_code code;

    if (!hit || !cvk_result_reserve(&hit->result, 1))
        return CVK_PROOF_NO_MEMORY;
    r = cvk_result_add(&hit->result, &t->p->extract->base);
    if (!r)
        return CVK_PROOF_NO_MEMORY;
    code = cvk_backup_from_blob(t->p->extract, bytes, r);
    if (b->is_base64)
        r->backup.base64_length = ((b->skip + n) * 8 + 5) / 6;
    if (code == CVK_E_MEMORY)
        return CVK_PROOF_NO_MEMORY;
    hit->whole = !code;
    if (code && !accept_partial(t, r))
        return CVK_PROOF_FOUND;
    return cvk_buf_append_slice(&hit->blobs, bytes) ? CVK_PROOF_FOUND
                                                    : CVK_PROOF_NO_MEMORY;
}

enum cvk_proof cvk_anchored_backup(struct cvk_anchored *t)
{
    struct cvk_extract *x = t->p->extract;
    struct cvk_keybackup *k = &x->backup;
    enum cvk_code code;
    enum cvk_proof got;
    struct backup b;

    t->level = 0;
    got = read_backup(t, &b);
    if (got != CVK_PROOF_FOUND)
        return got;
    code = cvk_keybackup_parse(b.bytes, &x->scratch, k);
    if (code == CVK_E_MEMORY)
        return CVK_PROOF_NO_MEMORY;
    if (is_cut(&b, k, code) && !t->p->view.ended)
        return CVK_PROOF_CUT;
    if (!is_one(k, t->anchor->word->kind))
        return CVK_PROOF_NOTHING;
    if (!code && k->used <= LARGEST)
        return take_backup(t, &b, k->used);
    return k->error_at
               ? take_backup(t, &b,
                             k->error_at < b.bytes.n ? k->error_at : b.bytes.n)
               : CVK_PROOF_NOTHING;
}
