/* SPDX-License-Identifier: MIT */
#include "input/gzip.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in points to const bytes */
#include <zlib.h>

enum {
    GZIP_ONLY = 15 + 16, /* windowBits: largest window, gzip wrapper required */
    BARE = -15,
    FIRST_SIZE = 1 << 16,
};

struct cvk_inflate {
    z_stream z;
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

/* Runs inflate once, from the front of *in to p[0..room). */
static enum cvk_code step(z_stream *z, struct cvk_slice *in, uint8_t *p,
                          size_t room, size_t *made, bool *ended)
{
    int r;

    z->next_in = in->p;
    z->avail_in = at_most_uint(in->n);
    z->next_out = p;
    z->avail_out = at_most_uint(room);
    r = inflate(z, Z_NO_FLUSH);
    *in = cvk_slice_cut(*in, (size_t)(z->next_in - in->p), in->n);
    *made = (size_t)(z->next_out - p);
    *ended = r == Z_STREAM_END;
    if (r == Z_MEM_ERROR)
        return CVK_E_MEMORY;
    return *ended || r == Z_OK || r == Z_BUF_ERROR ? CVK_OK
                                                   : CVK_E_GZIP_DAMAGED;
}

/* Inflates one member from the front of *in. */
static enum cvk_code inflate_member(z_stream *z, struct cvk_slice *in,
                                    uint64_t max, struct cvk_buf *out)
{
    for (;;) {
        enum cvk_code code = CVK_OK;
        size_t room, made;
        bool ended;

        if (!out->p || out->n >= out->size - 1 || out->n > max)
            code = make_room(out, max);
        if (code)
            return code;
        room = out->size - 1 - out->n;
        code = step(z, in, out->p + out->n, room, &made, &ended);
        out->n += made;
        if (code)
            return code;
        if (ended)
            return out->n > max ? CVK_E_INPUT_TOO_LARGE : CVK_OK;
        if (in->n == 0 && made < room)
            return CVK_E_GZIP_TRUNCATED;
    }
}

enum cvk_code cvk_gzip_inflate(struct cvk_slice in, uint64_t max,
                               struct cvk_buf *out, struct cvk_gzip *g)
{
    z_stream z = {0};
    struct cvk_slice left = in;
    enum cvk_code code = CVK_OK;

    *g = (struct cvk_gzip){0};
    out->n = 0;
    if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
        return CVK_E_MEMORY;
    while (!code && cvk_gzip_starts(left)) {
        code = inflate_member(&z, &left, max, out);
        g->error_at = in.n - left.n;
        if (code)
            break;
        g->used = in.n - left.n;
        g->members++;
        inflateReset(&z);
    }
    inflateEnd(&z);
    if (!code && out->p)
        out->p[out->n] = 0;
    return code;
}

struct cvk_inflate *cvk_inflate_new(void)
{
    struct cvk_inflate *f = calloc(1, sizeof *f);

    if (f && inflateInit2(&f->z, GZIP_ONLY) != Z_OK) {
        free(f);
        f = NULL;
    }
    return f;
}

void cvk_inflate_free(struct cvk_inflate *f)
{
    if (f)
        inflateEnd(&f->z);
    free(f);
}

void cvk_inflate_start(struct cvk_inflate *f, enum cvk_inflate_wrapper wrapper)
{
    /* takes no memory, and cannot fail for these values */
    inflateReset2(&f->z, wrapper == CVK_INFLATE_GZIP ? GZIP_ONLY : BARE);
}

enum cvk_code cvk_inflate_run(struct cvk_inflate *f, struct cvk_slice *in,
                              uint8_t *p, size_t room, size_t *made,
                              bool *ended)
{
    return step(&f->z, in, p, room, made, ended);
}

uint32_t cvk_crc32(uint32_t crc, struct cvk_slice bytes)
{
    return (uint32_t)crc32_z(crc, bytes.p, bytes.n);
}

const char *cvk_gzip_library_version(void)
{
    return zlibVersion();
}
