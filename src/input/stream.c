/* SPDX-License-Identifier: MIT */
#include "input/stream.h"

#include <string.h>

#include "base/limits.h"

enum { GZIP_MAGIC = 3 };

void cvk_stream_open(struct cvk_stream *s, const struct cvk_archive_io *io,
                     struct cvk_inflate *inflate, struct cvk_fault *fault)
{
    s->io = *io;
    s->fault = fault;
    s->inflate = inflate;
    s->code = CVK_OK;
    s->source_ended = s->ended = s->in_member = false;
    s->stored = s->at = 0;
    s->packed = (struct cvk_slice){s->packed_bytes, 0};
    s->next = (struct cvk_slice){s->unpacked_bytes, 0};
}

bool cvk_stream_is_bomb(uint64_t unpacked, uint64_t stored)
{
    return unpacked > CVK_MIN_RATIO_BYTES && unpacked / CVK_MAX_RATIO > stored;
}

static enum cvk_code fail(struct cvk_stream *s, enum cvk_code code)
{
    const char *why = "the source cannot be read";

    if (code == CVK_E_GZIP_TRUNCATED)
        why = "the gzip stream around the archive ends before it is complete";
    else if (code == CVK_E_GZIP_DAMAGED)
        why = "the gzip stream around the archive is damaged";
    else if (code == CVK_E_ARCHIVE_RATIO)
        why = "the gzip stream unpacks to more than 256 times its size";
    else if (code == CVK_E_MEMORY)
        why = "not enough memory";
    s->code = code;
    return cvk_fault_end(s->fault, code, s->stored, "%s", why);
}

/* Reads more of the source behind s->packed, if there is room. */
static enum cvk_code load(struct cvk_stream *s)
{
    enum cvk_code code;
    size_t got = 0;

    if (s->source_ended)
        return CVK_OK;
    memmove(s->packed_bytes, s->packed.p, s->packed.n);
    s->packed.p = s->packed_bytes;
    code = s->io.read(s->io.context, s->packed_bytes + s->packed.n,
                      sizeof s->packed_bytes - s->packed.n, &got);
    if (code)
        return fail(s, code);
    s->packed.n += got;
    s->source_ended = got == 0;
    return CVK_OK;
}

static enum cvk_code fill_plain(struct cvk_stream *s)
{
    enum cvk_code code = s->packed.n ? CVK_OK : load(s);

    if (code)
        return code;
    s->next = s->packed;
    s->stored += s->packed.n;
    s->packed.n = 0;
    s->ended = s->next.n == 0;
    return CVK_OK;
}

/* Looks for another gzip member where one may begin. */
static enum cvk_code begin_member(struct cvk_stream *s)
{
    while (s->packed.n < GZIP_MAGIC && !s->source_ended) {
        enum cvk_code code = load(s);

        if (code)
            return code;
    }
    s->in_member = cvk_gzip_starts(s->packed);
    s->ended = !s->in_member;
    if (s->in_member)
        cvk_inflate_start(s->inflate, CVK_INFLATE_GZIP);
    return CVK_OK;
}

static enum cvk_code inflate_more(struct cvk_stream *s)
{
    size_t before = s->packed.n, made;
    enum cvk_code code;
    bool ended;

    code = cvk_inflate_run(s->inflate, &s->packed, s->unpacked_bytes,
                           sizeof s->unpacked_bytes, &made, &ended);
    s->stored += before - s->packed.n;
    /* what came before the damage is given first; it is met again */
    if (code && (made == 0 || code == CVK_E_MEMORY))
        return fail(s, code);
    s->next = cvk_slice_of(s->unpacked_bytes, made);
    s->in_member = !ended;
    if (cvk_stream_is_bomb(s->at + made, s->stored))
        return fail(s, CVK_E_ARCHIVE_RATIO);
    if (!ended && made == 0 && s->packed.n == 0 && s->source_ended)
        return fail(s, CVK_E_GZIP_TRUNCATED);
    return CVK_OK;
}

static enum cvk_code fill_gzip(struct cvk_stream *s)
{
    enum cvk_code code = CVK_OK;

    while (!code && s->next.n == 0 && !s->ended) {
        if (!s->in_member)
            code = begin_member(s);
        else if (s->packed.n == 0 && !s->source_ended)
            code = load(s);
        if (!code && s->in_member)
            code = inflate_more(s);
    }
    return code;
}

enum cvk_code cvk_stream_peek(struct cvk_stream *s, struct cvk_slice *bytes)
{
    enum cvk_code code = s->code;

    if (!code && s->next.n == 0 && !s->ended)
        code = s->inflate ? fill_gzip(s) : fill_plain(s);
    if (code)
        s->next.n = 0;
    *bytes = s->next;
    return code;
}

void cvk_stream_take(struct cvk_stream *s, size_t n)
{
    s->next = cvk_slice_cut(s->next, n, s->next.n);
    s->at += n;
}

enum cvk_code cvk_stream_read(struct cvk_stream *s, void *p, size_t n,
                              size_t *got)
{
    uint8_t *to = p;

    *got = 0;
    while (*got < n) {
        struct cvk_slice piece;
        enum cvk_code code = cvk_stream_peek(s, &piece);
        size_t wanted = n - *got;

        if (code)
            return code;
        if (piece.n == 0)
            break;
        if (wanted > piece.n)
            wanted = piece.n;
        memcpy(to + *got, piece.p, wanted);
        cvk_stream_take(s, wanted);
        *got += wanted;
    }
    return CVK_OK;
}

enum cvk_code cvk_stream_skip(struct cvk_stream *s, uint64_t n, uint64_t *gone)
{
    *gone = 0;
    while (*gone < n) {
        struct cvk_slice piece;
        enum cvk_code code = cvk_stream_peek(s, &piece);
        uint64_t wanted = n - *gone;

        if (code)
            return code;
        if (piece.n == 0)
            break;
        if (wanted > piece.n)
            wanted = piece.n;
        cvk_stream_take(s, (size_t)wanted);
        *gone += wanted;
    }
    return CVK_OK;
}

/* Tells of the first byte of a piece that is not NUL, unless one was told of
 * already. */
static void look_for_bytes(struct cvk_stream *s, struct cvk_slice piece,
                           uint64_t at, bool unpacked)
{
    size_t i = 0;

    if (s->fault->code)
        return;
    while (i < piece.n && piece.p[i] == 0)
        i++;
    if (i == piece.n)
        return;
    cvk_fault_end(s->fault, CVK_E_ARCHIVE_TRAILING, at + i,
                  unpacked || !s->inflate
                      ? "more bytes follow the end of the archive"
                      : "bytes that are no gzip follow the archive");
    s->fault->unpacked = unpacked;
}

enum cvk_code cvk_stream_finish(struct cvk_stream *s)
{
    struct cvk_slice piece;
    enum cvk_code code;

    while (!(code = cvk_stream_peek(s, &piece)) && piece.n) {
        look_for_bytes(s, piece, s->at, s->inflate != NULL);
        cvk_stream_take(s, piece.n);
    }
    while (!code && (s->packed.n || !s->source_ended)) {
        look_for_bytes(s, s->packed, s->stored, false);
        s->stored += s->packed.n;
        s->packed.n = 0;
        code = load(s);
    }
    return code ? code : s->fault->code;
}

enum cvk_code cvk_stream_abandon(struct cvk_stream *s)
{
    enum cvk_code code = CVK_OK;

    s->next.n = 0;
    while (!code && !s->source_ended) {
        s->packed.n = 0;
        code = load(s);
    }
    return code;
}
