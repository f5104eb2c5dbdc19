/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=1024 */
/* gzip: whole, piece by piece and by zlib at one stroke the same bytes come
 * out, and what zlib packs is unpacked again. */
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "fuzz.h"
#include "input/gzip.h"
#include "input/stream.h"
#include "memory.h"

enum { MAX = 1 << 17, ROOM = 1 << 21 };

static const struct cvk_slice magic = {(const uint8_t *)"\x1f\x8b\x08", 3};

/* What zlib alone makes of all members at the front of in. */
struct plain {
    enum cvk_code code;
    size_t used, members, n;
    uint8_t bytes[ROOM];
};

static void unpack(struct plain *u, struct cvk_slice in)
{
    static z_stream z; /* kept: taking its memory is most of the work */

    u->code = CVK_OK;
    u->used = u->members = u->n = 0;
    fuzz_require(z.state || inflateInit2(&z, 31) == Z_OK);
    while (cvk_slice_starts(in, magic) && u->n < ROOM) {
        int r;

        inflateReset(&z);
        z.next_in = in.p;
        z.avail_in = (uInt)in.n;
        z.next_out = u->bytes + u->n;
        z.avail_out = (uInt)(ROOM - u->n);
        r = inflate(&z, Z_FINISH);
        u->n = (size_t)(z.next_out - u->bytes);
        if (r != Z_STREAM_END) {
            u->code =
                r == Z_BUF_ERROR ? CVK_E_GZIP_TRUNCATED : CVK_E_GZIP_DAMAGED;
            break;
        }
        u->used += in.n - z.avail_in;
        u->members++;
        in = cvk_slice_cut(in, in.n - z.avail_in, in.n);
    }
}

static void check_whole(struct cvk_slice in, const struct plain *u)
{
    static struct cvk_buf out = {.max = MAX + 1};
    struct cvk_gzip g;
    enum cvk_code code = cvk_gzip_inflate(in, MAX, &out, &g);

    fuzz_require(g.used <= in.n && g.error_at <= in.n);
    if (u->n > MAX) {
        /* damage behind the limit may or may not be met */
        fuzz_require(code == CVK_E_INPUT_TOO_LARGE ||
                     (code && code == u->code));
        fuzz_require(out.n == MAX + 1 && !memcmp(out.p, u->bytes, out.n));
        return;
    }
    fuzz_require(code == u->code);
    fuzz_require(g.used == u->used && g.members == u->members);
    if (code)
        return;
    fuzz_require(
        cvk_slice_equal(cvk_buf_slice(&out), cvk_slice_of(u->bytes, u->n)));
    fuzz_require(!out.p || out.p[out.n] == 0);
}

static void check_stream(struct cvk_slice in, const struct plain *u)
{
    static struct cvk_stream stream;
    static struct cvk_inflate *inflater;
    struct fuzz_source source = {in, 1 + fuzz_choice(in) % 64, 0};
    struct cvk_archive_io io = fuzz_source_io(&source);
    struct cvk_fault fault = {0};
    struct cvk_slice piece;
    enum cvk_code code;
    size_t seen = 0;

    inflater = inflater ? inflater : cvk_inflate_new();
    fuzz_require(inflater);
    cvk_stream_open(&stream, &io, inflater, &fault);
    while (!(code = cvk_stream_peek(&stream, &piece)) && piece.n) {
        fuzz_require(piece.n <= u->n - seen &&
                     !memcmp(piece.p, u->bytes + seen, piece.n));
        seen += piece.n;
        cvk_stream_take(&stream, piece.n);
    }
    fuzz_require(code == u->code && fault.code == code);
    fuzz_require(code == CVK_E_GZIP_DAMAGED || seen == u->n);
    fuzz_require(cvk_stream_peek(&stream, &piece) == code && piece.n == 0);
    fuzz_require(code || stream.stored == u->used);
}

/* Two members and something behind them, packed as the input says. */
static void check_packed(struct cvk_slice in)
{
    static struct cvk_buf packed = {.max = 1 << 24}, out = {.max = 1 << 24};
    struct cvk_gzip g;
    static z_stream levels[10]; /* kept, as above */
    int level = (int)(fuzz_choice(in) % 10);
    z_stream *z = &levels[level];

    packed.n = 0;
    for (size_t i = 0; i < 2; i++) {
        struct cvk_slice half =
            cvk_slice_cut(in, i ? in.n / 2 : 0, i ? in.n : in.n / 2);
        size_t room;

        fuzz_require(z->state || deflateInit2(z, level, Z_DEFLATED, 31, 1,
                                              Z_DEFAULT_STRATEGY) == Z_OK);
        room = deflateBound(z, half.n);
        fuzz_require(cvk_buf_reserve(&packed, packed.n + room));
        z->next_in = half.p;
        z->avail_in = (uInt)half.n;
        z->next_out = packed.p + packed.n;
        z->avail_out = (uInt)room;
        fuzz_require(deflate(z, Z_FINISH) == Z_STREAM_END);
        packed.n += room - z->avail_out;
        deflateReset(z);
    }
    cvk_buf_append_string(&packed, "\x1f\x8b");
    fuzz_require(!cvk_gzip_inflate(cvk_buf_slice(&packed), in.n, &out, &g));
    fuzz_require(g.members == 2 && g.used == packed.n - 2);
    fuzz_require(cvk_slice_equal(cvk_buf_slice(&out), in));
    fuzz_require(in.n == 0 ||
                 cvk_gzip_inflate(cvk_buf_slice(&packed), in.n - 1, &out, &g) ==
                     CVK_E_INPUT_TOO_LARGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct plain u;
    struct cvk_slice in = cvk_slice_of(data, size);
    enum cvk_archive_kind kind;

    fuzz_require(cvk_gzip_starts(in) == cvk_slice_starts(in, magic));
    fuzz_require(!cvk_archive_kind(in, &kind));
    unpack(&u, in);
    if (u.n == ROOM)
        return 0; /* more than the plain reading has room for */
    check_whole(in, &u);
    check_stream(in, &u);
    if (size < MAX)
        check_packed(in);
    return 0;
}
