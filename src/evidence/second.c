/* SPDX-License-Identifier: MIT */
#include "evidence/second.h"

#include <b64/cdecode.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"

/* libb64 counts in int and may write one byte past its result, so it is fed
 * pieces of at most this many characters and its output has room to spare. */
enum { PIECE = 4096 };

void cvk_second_init(struct cvk_second *s)
{
    cvk_dom_init(&s->dom);
    cvk_buf_init(&s->name, CVK_MAX_POINTER + 1);
}

void cvk_second_clear(struct cvk_second *s)
{
    cvk_dom_clear(&s->dom);
    cvk_buf_clear(&s->name);
}

enum cvk_code cvk_second_read(struct cvk_second *s, struct cvk_slice document,
                              size_t values)
{
    /* the longest name on the way, so that looking it up cannot fail */
    if (!cvk_buf_reserve(&s->name, CVK_MAX_POINTER + 1))
        return CVK_E_MEMORY;
    return cvk_dom_parse(&s->dom, document, values);
}

/* What libb64 would skip (white space) or, where char is unsigned, decode as
 * data ('='). */
static const bool left_out[256] = {
    [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['='] = true};

/* The next piece without any of those, empty at the end of text; takes it off
 * the front of text. */
static struct cvk_slice take_piece(struct cvk_slice *text)
{
    static const uint8_t padding[2] = {'=', '='};
    struct cvk_slice piece;
    size_t from = 0, to;

    while (from < text->n && left_out[text->p[from]])
        from++;
    to = text->n - from < PIECE ? text->n : from + PIECE;
    to = cvk_slice_skip_plain(cvk_slice_cut(*text, 0, to), from, '!', padding);
    /* what else there may be is for libb64 to judge */
    to += to == from && to < text->n;
    piece = cvk_slice_cut(*text, from, to);
    *text = cvk_slice_cut(*text, to, text->n);
    return piece;
}

/* A derivation on its way. */
struct derivation {
    struct cvk_slice text; /* what is left */
    base64_decodestate state;
    char out[PIECE];
};

static enum cvk_code start(struct derivation *d, struct cvk_second *s,
                           struct cvk_slice pointer)
{
    bool ambiguous;
    const char *text =
        cvk_dom_string(&s->dom, pointer, &s->name, &ambiguous);

    if (ambiguous)
        return CVK_E_JSON_DUPLICATE_NAME;
    if (!text)
        return CVK_E_CROSS_DISAGREEMENT;
    d->text = cvk_slice_of(text, strlen(text));
    base64_init_decodestate(&d->state);
    return CVK_OK;
}

/* The next bytes, *piece, which live until the next call. False at the end. */
static bool next(struct derivation *d, struct cvk_slice *piece)
{
    struct cvk_slice symbols = take_piece(&d->text);
    int got = 0;

    if (symbols.n > 0)
        got = base64_decode_block((const char *)symbols.p, (int)symbols.n,
                                  d->out, &d->state);
    *piece = cvk_slice_of(d->out, got > 0 ? (size_t)got : 0);
    return symbols.n > 0;
}

enum cvk_code cvk_second_check(struct cvk_second *s, struct cvk_slice pointer,
                               struct cvk_slice blob)
{
    struct derivation d;
    struct cvk_slice piece;
    enum cvk_code code = start(&d, s, pointer);
    size_t seen = 0;

    if (code)
        return code;
    while (next(&d, &piece)) {
        if (piece.n > blob.n - seen ||
            memcmp(blob.p + seen, piece.p, piece.n) != 0)
            return CVK_E_CROSS_DISAGREEMENT;
        seen += piece.n;
    }
    return seen == blob.n ? CVK_OK : CVK_E_CROSS_DISAGREEMENT;
}

enum cvk_code cvk_second_digest(struct cvk_second *s, struct cvk_slice pointer,
                                uint64_t *size,
                                uint8_t sha256[CVK_SHA256_SIZE])
{
    struct cvk_sha256_state hash;
    struct derivation d;
    struct cvk_slice piece;
    enum cvk_code code = start(&d, s, pointer);

    *size = 0;
    if (code)
        return code;
    cvk_sha256_start(&hash);
    while (next(&d, &piece)) {
        cvk_sha256_add(&hash, piece);
        *size += piece.n;
    }
    cvk_sha256_finish(&hash, sha256);
    return CVK_OK;
}
