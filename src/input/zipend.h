/* SPDX-License-Identifier: MIT */
/* The end of a zip (PKWARE APPNOTE 4.3.14 to 4.3.16): where the central
 * directory lies and how many members it lists. */
#ifndef CVK_INPUT_ZIPEND_H
#define CVK_INPUT_ZIPEND_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "input/archive.h"
#include "input/fault.h"

struct cvk_zipend {
    uint64_t members;
    uint64_t directory;     /* offset */
    uint64_t directory_end; /* offset behind its last entry */
    uint64_t end;           /* of the archive, with its comment */
};

/* Numbers of a zip are little-endian. */
static inline uint16_t cvk_zip_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t cvk_zip_u32(const uint8_t *p)
{
    return cvk_zip_u16(p) | (uint32_t)cvk_zip_u16(p + 2) << 16;
}

static inline uint64_t cvk_zip_u64(const uint8_t *p)
{
    return cvk_zip_u32(p) | (uint64_t)cvk_zip_u32(p + 4) << 32;
}

/* Finds it with io->read_at; tail is scratch. The directory must end right
 * where the end record begins, counted from the first byte of the source: so a
 * zip that lies inside another one cannot be taken for it. CVK_OK,
 * CVK_E_ARCHIVE_TRUNCATED, _ARCHIVE_DAMAGED, _MEMORY, or a code of io; told in
 * fault. */
enum cvk_code cvk_zipend_find(const struct cvk_archive_io *io,
                              struct cvk_buf *tail, struct cvk_fault *fault,
                              struct cvk_zipend *e);

#endif
