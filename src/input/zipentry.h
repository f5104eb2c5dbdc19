/* SPDX-License-Identifier: MIT */
/* What a zip says of one member, in its central directory and again before the
 * content (PKWARE APPNOTE 4.3.7, 4.3.12, 4.5.3). */
#ifndef CVK_INPUT_ZIPENTRY_H
#define CVK_INPUT_ZIPENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "input/archive.h"

enum {
    CVK_ZIP_ENTRY_SIZE = 46, /* in the directory: then come name and the rest */
    CVK_ZIP_LOCAL_SIZE = 30, /* before the content, likewise */

    CVK_ZIP_STORED = 0, /* methods */
    CVK_ZIP_DEFLATED = 8,
    CVK_ZIP_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13, /* flags, any of them */
};

struct cvk_zipentry {
    unsigned flags, method;
    uint32_t crc;
    uint64_t packed, size;
    uint64_t local;              /* offset of the header before the content */
    uint32_t attributes;
    size_t name, extra, comment; /* sizes of what follows the entry */
    bool has_mtime;
    int64_t mtime;
    bool lies; /* a number of zip64 is missing */
};

/* Reads the entry of CVK_ZIP_ENTRY_SIZE bytes. False if it is none. */
bool cvk_zipentry_parse(struct cvk_zipentry *e, const uint8_t *p);

/* Takes over what the extra fields of the entry say: the numbers of zip64, and
 * the time of Info-ZIP, in seconds; that of the entry itself has no zone. */
void cvk_zipentry_take_extra(struct cvk_zipentry *e, struct cvk_slice extra);

/* True if the header of CVK_ZIP_LOCAL_SIZE bytes before the content says the
 * same. Where the sizes follow the content, or stand in zip64, those of the
 * directory count. */
bool cvk_zipentry_agrees(const struct cvk_zipentry *e, const uint8_t *p);

/* By the mode of Unix, or by a name that ends in "/". */
enum cvk_member_type cvk_zipentry_type(const struct cvk_zipentry *e,
                                       struct cvk_slice name);

#endif
