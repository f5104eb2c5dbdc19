/* SPDX-License-Identifier: MIT */
#include "input/gzip.h"

#include <limits.h>
#define ZLIB_CONST /* next_in points to const bytes */
#include <zlib.h>

enum {
    GZIP_ONLY = 15 + 16, /* windowBits: largest window, gzip wrapper required */
    FIRST_SIZE = 1 << 16,
};

bool cvk_gzip_starts(struct cvk_slice bytes)
{
    return cvk_slice_starts(bytes, CVK_LITERAL("\x1f\x8b\x08"));
}

static uInt at_most_uint(size_t n)
{
    return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

/* Makes room in out for more, up to one byte beyond max, so that a stream of
 * exactly max bytes can be told from a longer one. */
static enum cvk_code make_room(struct cvk_buf *out, uint64_t max)
{
    uint64_t wanted = out->n < FIRST_SIZE ? FIRST_SIZE : 2 * (uint64_t)out->n;

    if (out->n > max)
        return CVK_E_INPUT_TOO_LARGE;
    if (wanted > max + 1)
        wanted = max + 1;
    return cvk_buf_reserve(out, (size_t)wanted) ? CVK_OK : CVK_E_MEMORY;
}

/* Runs inflate once from in.p[*at] into the free room of out. */
static int inflate_step(z_stream *z, struct cvk_slice in, size_t *at,
                        struct cvk_buf *out)
{
    size_t room = out->size - 1 - out->n;
    int r;

    z->next_in = in.p + *at;
    z->avail_in = at_most_uint(in.n - *at);
    z->next_out = out->p + out->n;
    z->avail_out = at_most_uint(room);
    r = inflate(z, Z_NO_FLUSH);
    *at = (size_t)(z->next_in - in.p);
    out->n = (size_t)(z->next_out - out->p);
    return r;
}

/* Inflates one member that starts at *at. */
static enum cvk_code inflate_member(z_stream *z, struct cvk_slice in,
                                    size_t *at, uint64_t max,
                                    struct cvk_buf *out)
{
    for (;;) {
        enum cvk_code code = CVK_OK;
        int r;

        if (!out->p || out->n >= out->size - 1 || out->n > max)
            code = make_room(out, max);
        if (code)
            return code;
        r = inflate_step(z, in, at, out);
        if (r == Z_STREAM_END)
            return out->n > max ? CVK_E_INPUT_TOO_LARGE : CVK_OK;
        if (r == Z_MEM_ERROR)
            return CVK_E_MEMORY;
        if (r != Z_OK && r != Z_BUF_ERROR)
            return CVK_E_GZIP_DAMAGED;
        if (*at == in.n && z->avail_out > 0)
            return CVK_E_GZIP_TRUNCATED;
    }
}

enum cvk_code cvk_gzip_inflate(struct cvk_slice in, uint64_t max,
                               struct cvk_buf *out, struct cvk_gzip *g)
{
    z_stream z = {0};
    enum cvk_code code = CVK_OK;
    size_t at = 0;

    *g = (struct cvk_gzip){0};
    out->n = 0;
    if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
        return CVK_E_MEMORY;
    while (!code && cvk_gzip_starts(cvk_slice_cut(in, at, in.n))) {
        code = inflate_member(&z, in, &at, max, out);
        g->error_at = at;
        if (code)
            break;
        g->used = at;
        g->members++;
        inflateReset(&z);
    }
    inflateEnd(&z);
    if (!code && out->p)
        out->p[out->n] = 0;
    return code;
}

const char *cvk_gzip_library_version(void)
{
    return zlibVersion();
}
