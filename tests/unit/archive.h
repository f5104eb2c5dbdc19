/* SPDX-License-Identifier: MIT */
/* Archives made in memory, and a source that hands them out. */
#ifndef CVK_TESTS_ARCHIVE_H
#define CVK_TESTS_ARCHIVE_H

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "input/archive.h"
#include "unit.h"

/* What is read, and how. */
struct memory_source {
    struct cvk_slice bytes;
    size_t at;
    size_t chunk;      /* most bytes of one read, 0 for any */
    size_t fail_at;    /* reading this byte fails; SIZE_MAX for never */
    uint32_t sum;      /* of all that read gave */
    size_t given;
};

static struct cvk_buf made; /* the archive */
static struct cvk_buf out;  /* a member */
static struct cvk_archive *archive;
static struct memory_source source;

static enum cvk_code give(struct memory_source *s, size_t at, void *p, size_t n,
                          size_t *got)
{
    *got = 0;
    if (at >= s->bytes.n)
        return CVK_OK;
    if (s->chunk && n > s->chunk)
        n = s->chunk;
    *got = n < s->bytes.n - at ? n : s->bytes.n - at;
    if (s->fail_at >= at && s->fail_at < at + *got) {
        *got = 0;
        return CVK_E_IO_READ;
    }
    memcpy(p, s->bytes.p + at, *got);
    return CVK_OK;
}

static inline enum cvk_code source_read(void *context, void *p, size_t n,
                                        size_t *got)
{
    struct memory_source *s = context;
    enum cvk_code code = give(s, s->at, p, n, got);

    s->at += *got;
    if (!code) {
        s->sum = (uint32_t)crc32(s->sum, p, (uInt)*got);
        s->given += *got;
    }
    return code;
}

static inline enum cvk_code source_read_at(void *context, uint64_t at, void *p,
                                           size_t n, size_t *got)
{
    struct memory_source *s = context;

    return give(s, at < SIZE_MAX ? (size_t)at : SIZE_MAX, p, n, got);
}

static inline void archive_set_up(void)
{
    cvk_buf_init(&made, (size_t)1 << 30);
    cvk_buf_init(&out, (size_t)1 << 30);
    archive = cvk_archive_new();
    ck_assert_ptr_nonnull(archive);
    source = (struct memory_source){.fail_at = SIZE_MAX};
}

static inline void archive_tear_down(void)
{
    cvk_archive_free(archive);
    cvk_buf_clear(&made);
    cvk_buf_clear(&out);
}

static inline enum cvk_code open_bytes(enum cvk_archive_kind kind,
                                       struct cvk_slice bytes)
{
    struct cvk_archive_io io = {&source, source_read, source_read_at, bytes.n};

    source.bytes = bytes;
    source.at = source.given = 0;
    source.sum = 0;
    return cvk_archive_open(archive, kind, &io);
}

static inline enum cvk_code open_made(enum cvk_archive_kind kind)
{
    return open_bytes(kind, cvk_buf_slice(&made));
}

/* Reads every member of what is open; the code that ended it. *whole tells
 * that it came to its end, *members how many there were, *bad how many could
 * not be read. */
struct tally {
    size_t members, bad;
    uint64_t bytes;
    enum cvk_code bad_code; /* of the last bad one */
};

static inline enum cvk_code read_all(struct tally *t, uint64_t max)
{
    struct cvk_member m;
    enum cvk_code code;
    bool ended;

    *t = (struct tally){0};
    while (!(code = cvk_archive_next(archive, &m, &ended)) && !ended) {
        ck_assert_uint_le(m.name.n, CVK_MAX_PATH);
        t->members++;
        code = cvk_archive_read(archive, max, &out);
        if (code) {
            t->bad++;
            t->bad_code = code;
        } else {
            ck_assert_uint_eq(out.p[out.n], 0);
            t->bytes += out.n;
        }
    }
    return code;
}

/* The next member has this name and type. */
#define assert_member(text, kind)                                              \
    do {                                                                       \
        bool ended_;                                                           \
        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended_), CVK_OK); \
        ck_assert(!ended_);                                                    \
        assert_slice(member.name, text);                                       \
        ck_assert_int_eq(member.type, CVK_MEMBER_##kind);                      \
    } while (0)

#define assert_content(text)                                                   \
    do {                                                                       \
        ck_assert_int_eq(cvk_archive_read(archive, 1 << 20, &out), CVK_OK);    \
        assert_slice(cvk_buf_slice(&out), text);                               \
        ck_assert_uint_eq(out.p[out.n], 0);                                    \
    } while (0)

#define assert_end()                                                           \
    do {                                                                       \
        bool ended_;                                                           \
        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended_), CVK_OK); \
        ck_assert(ended_);                                                     \
    } while (0)

/* The next step ends the archive with this code, told at this offset. */
#define assert_fails(wanted, offset)                                           \
    do {                                                                       \
        bool ended_;                                                           \
        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended_), wanted); \
        assert_told(offset);                                                   \
        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended_), wanted); \
        ck_assert_int_eq(cvk_archive_read(archive, 99, &out), wanted);         \
    } while (0)

#define assert_told(offset)                                                    \
    do {                                                                       \
        bool unpacked_;                                                        \
        ck_assert_uint_eq(cvk_archive_error_at(archive, &unpacked_), offset);  \
        ck_assert_uint_gt(strlen(cvk_archive_why(archive)), 0);                \
    } while (0)

static struct cvk_member member;

/* ---- tar --------------------------------------------------------------- */

/* One header; numbers as they stand in it. */
struct tar_sample {
    const char *name;
    char type;         /* 0 stands for NUL */
    const char *size;  /* NULL: of the content */
    const char *mtime; /* NULL: a known one */
    const char *magic; /* 8 bytes with the version; NULL: ustar */
    const char *prefix;
};

#define USTAR "ustar\00000"
#define GNU "ustar  \0"
#define V7 "\0\0\0\0\0\0\0\0"

static inline void tar_sum(uint8_t *block)
{
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

/* Appends a header without its sum; returns where it stands. */
static inline size_t tar_header(const struct tar_sample *s, size_t content)
{
    uint8_t block[512] = {0};
    char size[13];

    snprintf(size, sizeof size, "%011llo", (unsigned long long)content);
    memcpy(block, s->name, strnlen(s->name, 100));
    memcpy(block + 100, "0000644\0000001750\0000001750", 23);
    memcpy(block + 124, s->size ? s->size : size, 12);
    memcpy(block + 136, s->mtime ? s->mtime : "14200000000", 12);
    block[156] = (uint8_t)s->type;
    memcpy(block + 257, s->magic ? s->magic : USTAR, 8);
    if (s->prefix)
        memcpy(block + 345, s->prefix, strnlen(s->prefix, 155));
    tar_sum(block);
    ck_assert(cvk_buf_append(&made, block, sizeof block));
    return made.n - sizeof block;
}

static inline void tar_zeros(size_t n)
{
    while (n--)
        cvk_buf_append_byte(&made, 0);
}

static inline void tar_content(struct cvk_slice content)
{
    cvk_buf_append_slice(&made, content);
    tar_zeros(-content.n % 512);
}

static inline size_t tar_add(const struct tar_sample *s,
                             struct cvk_slice content)
{
    size_t at = tar_header(s, content.n);

    tar_content(content);
    return at;
}

#define TAR_FILE(n, text)                                                      \
    tar_add(&(struct tar_sample){.name = n, .type = '0'}, CVK_LITERAL(text))

static inline void tar_end(void)
{
    tar_zeros(1024);
}

/* ---- gzip -------------------------------------------------------------- */

/* Appends s to to, packed as windowBits says: 31 gzip, -15 bare. */
static inline void pack(struct cvk_buf *to, struct cvk_slice s, int bits)
{
    z_stream z = {0};
    uLong room;

    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, bits, 8,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    room = deflateBound(&z, s.n);
    ck_assert(cvk_buf_reserve(to, to->n + room));
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = to->p + to->n;
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    to->n += room - z.avail_out;
    deflateEnd(&z);
}

/* Packs what was made. */
static inline void gzip_made(void)
{
    struct cvk_buf packed;

    cvk_buf_init(&packed, (size_t)1 << 30);
    pack(&packed, cvk_buf_slice(&made), 31);
    cvk_buf_clear(&made);
    made = packed;
}

#endif
