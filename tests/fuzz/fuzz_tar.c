/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=3072 */
/* tar: in pieces of any size, and through gzip, the same members come out, and
 * each is a part of the archive. Every input is read as it is and once more
 * with all check sums right, which no mutation would find. */
#include <stdio.h>
#define ZLIB_CONST
#include <zlib.h>

#include "fuzz.h"
#include "input/pax.h"
#include "memory.h"

enum { BLOCK = 512, SUM_AT = 148, SUM_SIZE = 8 };

/* Contents are whole blocks of the archive, in order. */
static void check_member(const struct cvk_member *m, enum cvk_code code,
                         struct cvk_slice content, const struct fuzz_source *s)
{
    size_t at = 0;

    (void)m;
    if (code && code != CVK_E_INPUT_TOO_LARGE)
        return;
    while (content.n && at + content.n <= s->bytes.n &&
           memcmp(s->bytes.p + at, content.p, content.n))
        at += BLOCK;
    fuzz_require(!content.n || at + content.n <= s->bytes.n);
}

static struct cvk_slice pack(struct cvk_slice tar)
{
    static struct cvk_buf packed = {.max = 1 << 28};
    static z_stream z; /* kept: taking its memory is most of the work */
    size_t room;

    fuzz_require(z.state || deflateInit2(&z, 1, Z_DEFLATED, 31, 1,
                                         Z_DEFAULT_STRATEGY) == Z_OK);
    room = deflateBound(&z, tar.n);
    packed.n = 0;
    fuzz_require(cvk_buf_reserve(&packed, room));
    z.next_in = tar.p;
    z.avail_in = (uInt)tar.n;
    z.next_out = packed.p;
    z.avail_out = (uInt)room;
    fuzz_require(deflate(&z, Z_FINISH) == Z_STREAM_END);
    packed.n = room - z.avail_out;
    deflateReset(&z);
    return cvk_buf_slice(&packed);
}

static void check(struct cvk_slice tar, bool with_gzip)
{
    size_t choice = fuzz_choice(tar);
    uint64_t max = choice & 1 ? 1 << 20 : choice / 2 % 1024;
    struct fuzz_source whole = {tar, SIZE_MAX, 0};
    struct fuzz_source pieces = {tar, 1 + choice % 700, 0};
    struct fuzz_listing a =
        fuzz_list(CVK_ARCHIVE_TAR, &whole, max, check_member);
    struct fuzz_listing b = fuzz_list(CVK_ARCHIVE_TAR, &pieces, max, NULL);

    fuzz_require(fuzz_listing_equal(&a, &b));
    fuzz_require(a.members <= tar.n / BLOCK && a.bytes <= tar.n);
    if (!with_gzip)
        return;
    pieces.bytes = pack(tar);
    b = fuzz_list(CVK_ARCHIVE_TAR_GZ, &pieces, max, NULL);
    fuzz_require(fuzz_listing_equal(&a, &b));
}

/* Makes every block a header with the right check sum, but for zeros. */
static void repair(struct cvk_buf *tar)
{
    for (size_t at = 0; at + BLOCK <= tar->n; at += BLOCK) {
        uint8_t *block = tar->p + at;
        unsigned sum = 0;

        for (size_t i = 0; i < BLOCK; i++)
            sum += i < SUM_AT || i >= SUM_AT + SUM_SIZE ? block[i] : 0;
        if (sum == 0)
            continue;
        snprintf((char *)block + SUM_AT, SUM_SIZE, "%06o",
                 sum + SUM_SIZE * ' ');
        block[SUM_AT + SUM_SIZE - 1] = ' ';
    }
}

/* The records of an extended header, on their own. */
static void check_pax(struct cvk_slice records)
{
    struct cvk_pax pax = {0};

    if (!cvk_pax_parse(&pax, records)) {
        fuzz_require(pax.error_at <= records.n);
        return;
    }
    fuzz_require(!pax.has_path || fuzz_inside(pax.path, records));
    fuzz_require(!pax.has_sparse_name || fuzz_inside(pax.sparse_name, records));
    fuzz_require(!pax.has_size || pax.size <= INT64_MAX);
    fuzz_require(!pax.has_mtime || pax.mtime_ns < 1000000000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf repaired;
    struct cvk_slice tar = cvk_slice_of(data, size);

    check_pax(tar);
    check(tar, size % 16 == 0);
    fuzz_copy(&repaired, tar);
    repair(&repaired);
    check(cvk_buf_slice(&repaired), size % 32 == 0);
    return 0;
}
