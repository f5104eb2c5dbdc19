/* SPDX-License-Identifier: MIT */
#include "evidence/second.h"

#include <b64/cdecode.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"

/* libb64 counts in int and may write one byte past its result, so it is fed
 * small pieces and its output has room to spare. */
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

/* Copies up to PIECE characters of text from *at on, but for those. */
static int take_piece(const char *text, size_t n, size_t *at, char piece[PIECE])
{
    int length = 0;
    size_t i = *at;

    for (; i < n && length < PIECE; i++) {
        piece[length] = text[i];
        length += !left_out[(uint8_t)text[i]];
    }
    *at = i;
    return length;
}

enum cvk_code cvk_second_check(struct cvk_second *s, struct cvk_slice pointer,
                               struct cvk_slice blob)
{
    bool ambiguous;
    const char *text =
        cvk_dom_string(&s->dom, pointer, &s->name, &ambiguous);
    char piece[PIECE], out[PIECE];
    size_t n = text ? strlen(text) : 0, at = 0, seen = 0;
    base64_decodestate state;
    int length;

    if (ambiguous)
        return CVK_E_JSON_DUPLICATE_NAME;
    if (!text)
        return CVK_E_CROSS_DISAGREEMENT;
    base64_init_decodestate(&state);
    while ((length = take_piece(text, n, &at, piece)) > 0) {
        int got = base64_decode_block(piece, length, out, &state);

        if (got < 0 || (size_t)got > blob.n - seen ||
            memcmp(blob.p + seen, out, (size_t)got) != 0)
            return CVK_E_CROSS_DISAGREEMENT;
        seen += (size_t)got;
    }
    return seen == blob.n ? CVK_OK : CVK_E_CROSS_DISAGREEMENT;
}
