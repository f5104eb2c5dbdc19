/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=2048 */
/* zip: in pieces of any size the same members come out, each of the size and
 * with the check sum that the archive states, and as minizip unpacks it. */
#include <minizip/unzip.h>

#include "fuzz.h"
#include "input/gzip.h"
#include "input/zip.h"
#include "memory.h"

enum { MAX = 1 << 20 };

/* ---- minizip on memory -------------------------------------------------- */

struct reader {
    struct cvk_slice bytes;
    ZPOS64_T at;
};

static struct reader reader;

static voidpf open_bytes(voidpf context, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return context;
}

static uLong read_bytes(voidpf context, voidpf stream, void *p, uLong n)
{
    struct reader *r = context;

    (void)stream;
    if (n > r->bytes.n - r->at)
        n = (uLong)(r->bytes.n - r->at);
    if (n)
        memcpy(p, r->bytes.p + r->at, n);
    r->at += n;
    return n;
}

static ZPOS64_T tell_bytes(voidpf context, voidpf stream)
{
    (void)stream;
    return ((struct reader *)context)->at;
}

static long seek_bytes(voidpf context, voidpf stream, ZPOS64_T offset,
                       int origin)
{
    struct reader *r = context;
    ZPOS64_T from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? r->at
                    : origin == ZLIB_FILEFUNC_SEEK_END ? r->bytes.n
                                                       : 0;

    (void)stream;
    if (offset > r->bytes.n - from)
        return -1;
    r->at = from + offset;
    return 0;
}

static int nothing(voidpf context, voidpf stream)
{
    (void)context;
    (void)stream;
    return 0;
}

static unzFile other; /* minizip, at the member that comes next */
static bool first;

static void open_other(struct cvk_slice zip)
{
    zlib_filefunc64_def source = {
        .zopen64_file = open_bytes,
        .zread_file = read_bytes,
        .ztell64_file = tell_bytes,
        .zseek64_file = seek_bytes,
        .zclose_file = nothing,
        .zerror_file = nothing,
        .opaque = &reader,
    };

    reader = (struct reader){zip, 0};
    other = unzOpen2_64("", &source);
    first = true;
}

/* ---- members ------------------------------------------------------------ */

/* The member as minizip unpacks it, where it can. */
static void check_content(struct cvk_slice content)
{
    static uint8_t out[MAX + 1];
    int n;

    if (unzOpenCurrentFile(other) != UNZ_OK)
        return;
    n = unzReadCurrentFile(other, out, sizeof out);
    if (unzCloseCurrentFile(other) == UNZ_OK && n >= 0)
        fuzz_require(cvk_slice_equal(cvk_slice_of(out, (size_t)n), content));
}

static void check_member(const struct cvk_member *m, enum cvk_code code,
                         struct cvk_slice content, const struct fuzz_source *s)
{
    unz_file_info64 info;
    static char name[1 << 16];

    (void)s;
    if (code || !other)
        return;
    /* what is no file was not brought here: go on to the name */
    for (;;) {
        int r = first ? unzGoToFirstFile(other) : unzGoToNextFile(other);

        first = false;
        if (r != UNZ_OK)
            return;
        /* it takes a list whose end is cut, where there is a whole one */
        if (unzGetCurrentFileInfo64(other, &info, name, sizeof name, NULL, 0,
                                    NULL, 0) != UNZ_OK)
            return;
        if (info.size_filename == m->name.n &&
            !memcmp(name, m->name.p, m->name.n) &&
            info.uncompressed_size == content.n &&
            info.crc == cvk_crc32(0, content))
            break;
    }
    check_content(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cvk_slice zip = cvk_slice_of(data, size);
    size_t choice = fuzz_choice(zip);
    uint64_t max = choice & 1 ? MAX : choice / 2 % 1024;
    struct fuzz_source whole = {zip, SIZE_MAX, 0};
    struct fuzz_source pieces = {zip, 1 + choice % 300, 0};
    struct fuzz_listing a, b;

    open_other(zip);
    a = fuzz_list(CVK_ARCHIVE_ZIP, &whole, max, check_member);
    if (other)
        unzClose(other);
    b = fuzz_list(CVK_ARCHIVE_ZIP, &pieces, max, NULL);
    fuzz_require(fuzz_listing_equal(&a, &b));
    fuzz_require(a.members <= size / 46);
    return 0;
}
