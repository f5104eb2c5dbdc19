/* SPDX-License-Identifier: MIT */
#include "input/tarheader.h"

#include <string.h>

/* Offsets and sizes of the fields. */
enum {
    NAME = 0,
    NAME_SIZE = 100,
    MODE = 100,
    MODE_SIZE = 8,
    SIZE = 124,
    MTIME = 136,
    NUMBER_SIZE = 12, /* of size and mtime */
    SUM = 148,
    SUM_SIZE = 8,
    TYPE = 156,
    MAGIC = 257,
    PREFIX = 345,
    PREFIX_SIZE = 155,
    STAR_PREFIX_SIZE = 131, /* star keeps two times behind it */
    STAR_MAGIC = 508,
    GNU_MORE_SPARSE = 482,
    SPARSE_GOES_ON = 504, /* in a block of a sparse map */
};

static struct cvk_slice field(const uint8_t *block, size_t at, size_t size)
{
    struct cvk_slice s = {block + at, size};

    return cvk_slice_cut(s, 0, cvk_slice_find(s, 0));
}

/* Octal digits between blanks, up to a NUL; nothing at all is 0. */
static bool octal(struct cvk_slice s, int64_t *value)
{
    size_t i = 0;

    *value = 0;
    while (i < s.n && s.p[i] == ' ')
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '7'; i++)
        *value = *value * 8 + (s.p[i] - '0'); /* 12 digits at most */
    while (i < s.n && s.p[i] == ' ')
        i++;
    return i == s.n;
}

/* GNU: a first byte of 0x80 or 0xff, then a big-endian number, the latter with
 * its sign. False unless it fits into 64 bits. */
static bool binary(const uint8_t *p, size_t n, int64_t *value)
{
    uint8_t sign = p[0] == 0xff ? 0xff : 0;
    uint64_t v = sign ? UINT64_MAX : 0;

    for (size_t i = 1; i < n; i++) {
        if (v >> 56 != sign)
            return false;
        v = v << 8 | p[i];
    }
    if ((v >> 63 != 0) != (sign != 0))
        return false;
    *value = sign ? -(int64_t)(UINT64_MAX - v) - 1 : (int64_t)v;
    return true;
}

static bool number(const uint8_t *block, size_t at, size_t size, int64_t *value)
{
    if (block[at] == 0x80 || block[at] == 0xff)
        return binary(block + at, size, value);
    return octal(field(block, at, size), value);
}

bool cvk_tar_is_zero(const uint8_t *block)
{
    for (size_t i = 0; i < CVK_TAR_BLOCK; i++)
        if (block[i])
            return false;
    return true;
}

/* The sum of all bytes, with blanks for the field itself. Some old programs
 * added signed characters. */
bool cvk_tar_sums_up(const uint8_t *block)
{
    int64_t sum = SUM_SIZE * ' ', high = 0, wanted;

    for (size_t i = 0; i < CVK_TAR_BLOCK; i++) {
        if (i >= SUM && i < SUM + SUM_SIZE)
            continue;
        sum += block[i];
        high += block[i] >> 7;
    }
    if (!octal(field(block, SUM, SUM_SIZE), &wanted))
        return false;
    return wanted == sum || wanted == sum - 256 * high;
}

static bool is_ustar(const uint8_t *block)
{
    return memcmp(block + MAGIC, "ustar", 6) == 0;
}

static bool is_gnu(const uint8_t *block)
{
    return memcmp(block + MAGIC, "ustar  ", 8) == 0;
}

static bool is_star(const uint8_t *block)
{
    return memcmp(block + STAR_MAGIC, "tar", 4) == 0;
}

bool cvk_tar_header_parse(const uint8_t *block, struct cvk_tar_header *h)
{
    int64_t size;

    memset(h, 0, sizeof *h);
    h->type = block[TYPE] ? block[TYPE] : '0';
    h->name = field(block, NAME, NAME_SIZE);
    h->prefix = (struct cvk_slice){block, 0};
    if (is_ustar(block))
        h->prefix = field(block, PREFIX,
                          is_star(block) ? STAR_PREFIX_SIZE : PREFIX_SIZE);
    h->more_sparse = h->type == 'S' && block[GNU_MORE_SPARSE] != 0;
    h->has_mtime = number(block, MTIME, NUMBER_SIZE, &h->mtime);
    if (!number(block, SIZE, NUMBER_SIZE, &size) || size < 0)
        return false;
    h->size = (uint64_t)size;
    return true;
}

/* Headers before POSIX have no magic, but few types, and a right sum; so has
 * the label that GNU tar -V puts in front of all members. */
static bool is_v7(const uint8_t *block)
{
    uint8_t type = block[TYPE];
    struct cvk_tar_header h;
    int64_t mode;

    return block[NAME] && (!type || (type >= '0' && type <= '7') ||
                           type == 'V') &&
           octal(field(block, MODE, MODE_SIZE), &mode) &&
           cvk_tar_header_parse(block, &h) && h.has_mtime &&
           cvk_tar_sums_up(block);
}

bool cvk_tar_starts(struct cvk_slice head)
{
    return head.n >= CVK_TAR_BLOCK &&
           (is_ustar(head.p) || is_gnu(head.p) || is_v7(head.p));
}

bool cvk_tar_sparse_goes_on(const uint8_t *block)
{
    return block[SPARSE_GOES_ON] != 0;
}
