/* SPDX-License-Identifier: MIT */
#include "input/lines.h"

#include <string.h>

enum { CHUNK = 1 << 16 };

void cvk_lines_init(struct cvk_lines *l, size_t max,
                    const atomic_int *cancel)
{
    *l = (struct cvk_lines){.stream = {-1}, .cancel = cancel, .max = max};
    cvk_buf_init(&l->buf, max + CHUNK + 1);
}

void cvk_lines_clear(struct cvk_lines *l)
{
    cvk_instream_close(&l->stream);
    cvk_buf_clear(&l->buf);
}

enum cvk_code cvk_lines_open(struct cvk_lines *l, const char *path)
{
    l->number = l->offset = l->next = 0;
    l->at = l->buf.n = 0;
    l->ended = false;
    if (!cvk_buf_reserve(&l->buf, CHUNK))
        return CVK_E_MEMORY;
    return cvk_instream_open(&l->stream, path, l->cancel, &l->error);
}

/* Reads on behind what is in the buffer; what was used up makes room. */
static enum cvk_code fill(struct cvk_lines *l)
{
    struct cvk_buf *b = &l->buf;
    enum cvk_code code;
    size_t got;

    if (l->at)
        memmove(b->p, b->p + l->at, b->n - l->at);
    b->n -= l->at;
    l->at = 0;
    if (!cvk_buf_reserve(b, b->n + CHUNK))
        return CVK_E_MEMORY;
    code = cvk_instream_read(&l->stream, b->p + b->n, CHUNK, l->cancel, &got,
                           &l->error);
    if (code)
        return code;
    b->n += got;
    l->ended = got == 0;
    return CVK_OK;
}

/* Uses up n bytes. */
static void pass(struct cvk_lines *l, size_t n)
{
    l->at += n;
    l->next += n;
}

/* Passes over what is left of a line that is too long. */
static enum cvk_code skip_line(struct cvk_lines *l)
{
    for (;;) {
        struct cvk_slice rest = cvk_slice_cut(cvk_buf_slice(&l->buf), l->at,
                                              l->buf.n);
        size_t n = cvk_slice_find(rest, '\n');
        enum cvk_code code;

        if (n < rest.n) {
            pass(l, n + 1);
            return CVK_E_INPUT_TOO_LARGE;
        }
        pass(l, n);
        if (l->ended)
            return CVK_E_INPUT_TOO_LARGE;
        code = fill(l);
        if (code)
            return code;
    }
}

enum cvk_code cvk_lines_next(struct cvk_lines *l, struct cvk_slice *line)
{
    size_t seen = 0; /* bytes that hold no line feed */

    *line = (struct cvk_slice){NULL, 0};
    l->offset = l->next;
    l->number++;
    for (;;) {
        struct cvk_slice rest = cvk_slice_cut(cvk_buf_slice(&l->buf), l->at,
                                              l->buf.n);
        size_t n = seen + cvk_slice_find(cvk_slice_cut(rest, seen, rest.n),
                                         '\n');
        enum cvk_code code;

        if (n > l->max)
            return skip_line(l);
        if (n < rest.n || (l->ended && n > 0)) {
            *line = cvk_slice_cut(rest, 0, n);
            l->buf.p[l->at + n] = '\0';
            pass(l, n < rest.n ? n + 1 : n);
            return CVK_OK;
        }
        if (l->ended)
            return CVK_OK;
        seen = n;
        code = fill(l);
        if (code)
            return code;
    }
}
