/* SPDX-License-Identifier: MIT */
#include "input/zipentry.h"

#include <string.h>

#include "input/zipend.h"

enum {
    SIZES_FOLLOW = 1 << 3,

    EXTRA_ZIP64 = 0x0001,
    EXTRA_TIME = 0x5455, /* "UT", of Info-ZIP */

    MODE_TYPE = 0170000, /* as in Unix; the high half of the attributes */
    MODE_DIRECTORY = 0040000,
    MODE_FILE = 0100000,
    MODE_LINK = 0120000,
};

bool cvk_zipentry_parse(struct cvk_zipentry *e, const uint8_t *p)
{
    *e = (struct cvk_zipentry){
        .flags = cvk_zip_u16(p + 8),
        .method = cvk_zip_u16(p + 10),
        .crc = cvk_zip_u32(p + 16),
        .packed = cvk_zip_u32(p + 20),
        .size = cvk_zip_u32(p + 24),
        .name = cvk_zip_u16(p + 28),
        .extra = cvk_zip_u16(p + 30),
        .comment = cvk_zip_u16(p + 32),
        .attributes = cvk_zip_u32(p + 38),
        .local = cvk_zip_u32(p + 42),
    };
    return memcmp(p, "PK\1\2", 4) == 0;
}

/* The numbers of zip64 stand in one order, each only if its field is full. */
static void take_zip64(struct cvk_zipentry *e, const uint8_t *p, size_t n)
{
    uint64_t *const numbers[] = {&e->size, &e->packed, &e->local};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (*numbers[i] != UINT32_MAX)
            continue;
        e->lies = n < 8;
        if (e->lies)
            return;
        *numbers[i] = cvk_zip_u64(p);
        p += 8;
        n -= 8;
    }
}

void cvk_zipentry_take_extra(struct cvk_zipentry *e, struct cvk_slice extra)
{
    const uint8_t *p = extra.p;
    size_t n = extra.n;
    bool has_zip64 = false;

    while (n >= 4) {
        unsigned id = cvk_zip_u16(p);
        size_t size = cvk_zip_u16(p + 2);

        p += 4;
        n -= 4;
        if (size > n)
            break;
        if (id == EXTRA_ZIP64 && !has_zip64) {
            take_zip64(e, p, size);
            has_zip64 = true;
        } else if (id == EXTRA_TIME && size >= 5 && p[0] & 1) {
            e->has_mtime = true;
            e->mtime = (int32_t)cvk_zip_u32(p + 1);
        }
        p += size;
        n -= size;
    }
}

bool cvk_zipentry_agrees(const struct cvk_zipentry *e, const uint8_t *p)
{
    unsigned flags = cvk_zip_u16(p + 6);
    uint32_t packed = cvk_zip_u32(p + 18), size = cvk_zip_u32(p + 22);

    if (memcmp(p, "PK\3\4", 4) != 0 || cvk_zip_u16(p + 8) != e->method ||
        (flags & CVK_ZIP_ENCRYPTED) || cvk_zip_u16(p + 26) != e->name)
        return false;
    if (flags & SIZES_FOLLOW)
        return true;
    return cvk_zip_u32(p + 14) == e->crc &&
           (packed == UINT32_MAX || packed == e->packed) &&
           (size == UINT32_MAX || size == e->size);
}

enum cvk_member_type cvk_zipentry_type(const struct cvk_zipentry *e,
                                       struct cvk_slice name)
{
    unsigned type = e->attributes >> 16 & MODE_TYPE;

    if (type == MODE_LINK)
        return CVK_MEMBER_LINK;
    if (type == MODE_DIRECTORY || (name.n && name.p[name.n - 1] == '/'))
        return CVK_MEMBER_DIRECTORY;
    return type == 0 || type == MODE_FILE ? CVK_MEMBER_FILE
                                          : CVK_MEMBER_SPECIAL;
}
