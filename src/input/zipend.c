/* SPDX-License-Identifier: MIT */
#include "input/zipend.h"

#include <string.h>

#include "base/slice.h"

enum {
    END_SIZE = 22, /* without its comment */
    LOCATOR_SIZE = 20,
    END64_SIZE = 56, /* without extensions */
    COMMENT_MAX = 0xffff,
    TAIL = END_SIZE + COMMENT_MAX + LOCATOR_SIZE,
};

static enum cvk_code damaged(struct cvk_fault *fault, uint64_t at,
                             const char *what)
{
    return cvk_fault_end(fault, CVK_E_ARCHIVE_DAMAGED, at, "%s", what);
}

/* Reads exactly n bytes at offset. */
static enum cvk_code read_at(const struct cvk_archive_io *io, uint64_t offset,
                             uint8_t *p, size_t n, struct cvk_fault *fault)
{
    enum cvk_code code = CVK_OK;
    size_t done = 0, got = 0;

    while (!code && done < n) {
        code = io->read_at(io->context, offset + done, p + done, n - done,
                           &got);
        if (!code && got == 0)
            return cvk_fault_end(fault, CVK_E_ARCHIVE_TRUNCATED, offset + done,
                                 "the archive is shorter than it was");
        done += got;
    }
    if (code)
        return cvk_fault_end(fault, code, offset, "the source cannot be read");
    return CVK_OK;
}

static bool is_one_disk(uint32_t this_disk, uint32_t first_disk)
{
    return this_disk == 0 && first_disk == 0;
}

/* The record at p, offset at, in an archive of less than 4 GiB. */
static enum cvk_code read_end(const uint8_t *p, uint64_t at,
                              struct cvk_fault *fault, struct cvk_zipend *e)
{
    uint64_t size = cvk_zip_u32(p + 12);

    e->members = cvk_zip_u16(p + 10);
    e->directory = cvk_zip_u32(p + 16);
    e->directory_end = at;
    if (!is_one_disk(cvk_zip_u16(p + 4), cvk_zip_u16(p + 6)) ||
        cvk_zip_u16(p + 8) != e->members)
        return damaged(fault, at, "a part of an archive in several volumes");
    if (e->directory + size != at)
        return damaged(fault, at, "the list of members is not where the end "
                                  "of the archive says");
    return CVK_OK;
}

/* The larger record that the locator at p, offset at, points to. */
static enum cvk_code read_end64(const struct cvk_archive_io *io,
                                const uint8_t *p, uint64_t at,
                                struct cvk_fault *fault, struct cvk_zipend *e)
{
    uint64_t end64 = cvk_zip_u64(p + 8), size;
    uint8_t record[END64_SIZE];
    enum cvk_code code;

    if (at < END64_SIZE || end64 > at - END64_SIZE)
        return damaged(fault, at, "the zip64 locator points outside");
    code = read_at(io, end64, record, sizeof record, fault);
    if (code)
        return code;
    if (memcmp(record, "PK\6\6", 4) != 0)
        return damaged(fault, end64, "the zip64 locator points to no record");
    e->members = cvk_zip_u64(record + 32);
    size = cvk_zip_u64(record + 40);
    e->directory = cvk_zip_u64(record + 48);
    e->directory_end = end64;
    if (!is_one_disk(cvk_zip_u32(record + 16), cvk_zip_u32(record + 20)) ||
        cvk_zip_u64(record + 24) != e->members)
        return damaged(fault, end64, "a part of an archive in several volumes");
    if (size > end64 || e->directory != end64 - size)
        return damaged(fault, end64, "the list of members is not where the "
                                     "end of the archive says");
    return CVK_OK;
}

/* Index of the last end record in tail, or tail.n. */
static size_t find_end(struct cvk_slice tail)
{
    for (size_t i = tail.n < END_SIZE ? 0 : tail.n - END_SIZE + 1; i-- > 0;)
        if (memcmp(tail.p + i, "PK\5\6", 4) == 0)
            return i;
    return tail.n;
}

enum cvk_code cvk_zipend_find(const struct cvk_archive_io *io,
                              struct cvk_buf *tail, struct cvk_fault *fault,
                              struct cvk_zipend *e)
{
    size_t n = io->size < TAIL ? (size_t)io->size : TAIL;
    uint64_t from = io->size - n, at;
    enum cvk_code code;
    size_t i;

    *e = (struct cvk_zipend){0};
    if (!cvk_buf_reserve(tail, n))
        return cvk_fault_end(fault, CVK_E_MEMORY, 0, "not enough memory");
    code = read_at(io, from, tail->p, n, fault);
    if (code)
        return code;
    i = find_end(cvk_slice_of(tail->p, n));
    if (i == n)
        return cvk_fault_end(fault, CVK_E_ARCHIVE_TRUNCATED, io->size,
                             "the archive ends without its list of members");
    at = from + i;
    e->end = at + END_SIZE + cvk_zip_u16(tail->p + i + 20);
    if (e->end > io->size)
        return cvk_fault_end(fault, CVK_E_ARCHIVE_TRUNCATED, io->size,
                             "the archive ends inside its comment");
    if (i >= LOCATOR_SIZE &&
        memcmp(tail->p + i - LOCATOR_SIZE, "PK\6\7", 4) == 0)
        return read_end64(io, tail->p + i - LOCATOR_SIZE, at - LOCATOR_SIZE,
                          fault, e);
    return read_end(tail->p + i, at, fault, e);
}
