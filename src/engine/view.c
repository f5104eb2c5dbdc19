/* SPDX-License-Identifier: MIT */
#include "engine/view.h"

#include "base/limits.h"
#include "base/utf8.h"

/* Bytes read at once, and a surrogate's second half behind them. */
enum { PIECE = 1 << 16, AHEAD = 2 };

void cvk_view_init(struct cvk_view *v)
{
    *v = (struct cvk_view){0};
    cvk_buf_init(&v->bytes,
                 CVK_MAX_CARVE_TEXT + CVK_MAX_CARVE_LEAD * 4 + PIECE * 2);
    cvk_buf_init(&v->piece, PIECE + AHEAD);
}

void cvk_view_clear(struct cvk_view *v)
{
    cvk_buf_clear(&v->bytes);
    cvk_buf_clear(&v->piece);
}

static bool is_wide(const struct cvk_view *v)
{
    return v->encoding != CVK_UTF8;
}

/* Bytes of a character of ASCII. */
static unsigned width(const struct cvk_view *v)
{
    return is_wide(v) ? 2 : 1;
}

/* What no text holds: JSON has to escape it, base64 has none of it. */
static bool is_control(uint8_t c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static uint32_t unit_at(const struct cvk_view *v, size_t at)
{
    const uint8_t *p = v->piece.p + at;

    return v->encoding == CVK_UTF16BE ? (uint32_t)p[0] << 8 | p[1]
                                      : (uint32_t)p[1] << 8 | p[0];
}

/* Appends the units of the piece, which starts at index from, up to to. */
static void append_wide(struct cvk_view *v, size_t *from, size_t to)
{
    while (*from + 2 <= to) {
        uint32_t cp = unit_at(v, *from);
        size_t n = 2;

        if (cp >= 0xd800 && cp <= 0xdbff && *from + 4 <= v->piece.n) {
            uint32_t low = unit_at(v, *from + 2);

            if (low >= 0xdc00 && low <= 0xdfff) {
                cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
                n = 4;
            }
        }
        if (cp >= 0xd800 && cp <= 0xdfff)
            cp = 0xfffd;
        v->bytes.n += cvk_utf8_encode(cp, v->bytes.p + v->bytes.n);
        *from += n;
    }
}

/* Appends the text of [offset, to) of the image; *next is where it stopped:
 * at or, for the second half of a pair, behind to; before it at the end. */
static enum cvk_code append(struct cvk_view *v, const struct cvk_bytes *from,
                            uint64_t offset, uint64_t to, uint64_t *next)
{
    size_t wanted = to - offset < PIECE ? (size_t)(to - offset) : PIECE;
    size_t at = 0;
    enum cvk_code code;

    *next = offset;
    /* a unit of UTF-16 gives three bytes at most */
    if (!cvk_buf_reserve(&v->piece, PIECE + AHEAD) ||
        !cvk_buf_reserve(&v->bytes, v->bytes.n + wanted * 3 / 2 + 8))
        return CVK_E_MEMORY;
    code = from->read(from->context, offset, v->piece.p,
                      wanted + (is_wide(v) ? AHEAD : 0), &v->piece.n);
    if (code)
        return code;
    if (is_wide(v)) {
        append_wide(v, &at, v->piece.n < wanted ? v->piece.n : wanted);
    } else {
        at = v->piece.n;
        cvk_buf_append(&v->bytes, v->piece.p, at);
    }
    *next = offset + at;
    return CVK_OK;
}

/* Takes the text before the anchor: what follows the last control. */
static enum cvk_code read_lead(struct cvk_view *v, const struct cvk_bytes *from,
                               uint64_t at, uint64_t lead, size_t *start)
{
    uint64_t offset, next;
    enum cvk_code code = CVK_OK;

    lead *= width(v);
    if (lead > at)
        lead = is_wide(v) ? at / 2 * 2 : at;
    offset = v->base = at - lead;
    while (!code && offset < at) {
        code = append(v, from, offset, at, &next);
        if (next == offset)
            break;
        offset = next;
    }
    v->anchor = v->bytes.n;
    *start = v->anchor;
    while (*start > 0 && !is_control(v->bytes.p[*start - 1]))
        --*start;
    return code;
}

/* Takes the text behind it. */
static enum cvk_code read_rest(struct cvk_view *v, const struct cvk_bytes *from,
                               uint64_t at, size_t most)
{
    size_t end = v->anchor + most, seen = v->anchor;
    enum cvk_code code = CVK_OK;

    while (!code && !v->ended && v->bytes.n < end) {
        uint64_t next;

        code = append(v, from, at, at + (end - v->bytes.n) * width(v), &next);
        v->ended = next == at;
        at = next;
        while (seen < v->bytes.n && !is_control(v->bytes.p[seen]))
            seen++;
        v->ended = v->ended || seen < v->bytes.n;
        v->bytes.n = seen;
    }
    v->ended = v->ended || v->bytes.n - v->anchor >= CVK_MAX_CARVE_TEXT;
    return code;
}

enum cvk_code cvk_view_read(struct cvk_view *v, const struct cvk_bytes *from,
                            uint64_t at, size_t lead, size_t most)
{
    enum cvk_code code;
    size_t start;

    v->bytes.n = 0;
    v->ended = false;
    code = read_lead(v, from, at, lead, &start);
    if (!code)
        code = read_rest(v, from, at, most);
    if (code)
        return code;
    v->text = cvk_slice_of(v->bytes.p, v->bytes.n);
    v->base = cvk_view_offset(v, start);
    v->text = cvk_slice_cut(v->text, start, v->text.n);
    v->anchor -= start;
    return CVK_OK;
}

uint64_t cvk_view_offset(const struct cvk_view *v, size_t index)
{
    uint64_t offset = v->base;

    if (!is_wide(v))
        return offset + index;
    for (size_t i = 0; i < index; i++)
        if ((v->text.p[i] & 0xc0) != 0x80)
            offset += v->text.p[i] >= 0xf0 ? 4 : 2;
    return offset;
}
