/* SPDX-License-Identifier: MIT */
#include "input/archive.h"

#include <stdlib.h>

#include "input/fault.h"
#include "input/gzip.h"
#include "input/stream.h"
#include "input/tar.h"
#include "input/tarheader.h"
#include "input/zip.h"

struct cvk_archive {
    enum cvk_archive_kind kind;
    struct cvk_fault fault;
    bool ended;
    uint64_t members;
    struct cvk_inflate *inflate;
    struct cvk_tar tar;
    struct cvk_zip *zip;
    struct cvk_stream stream;
};

/* ---- which it is ------------------------------------------------------- */

/* Unpacks the start of a gzip stream; *n bytes come of it. */
static enum cvk_code unpack_head(struct cvk_inflate *f, struct cvk_slice head,
                                 uint8_t *p, size_t room, size_t *n)
{
    *n = 0;
    while (*n < room && cvk_gzip_starts(head)) {
        bool ended = false;
        size_t made = 1;

        cvk_inflate_start(f, CVK_INFLATE_GZIP);
        while (*n < room && !ended && made) {
            enum cvk_code code =
                cvk_inflate_run(f, &head, p + *n, room - *n, &made, &ended);

            if (code)
                return code;
            *n += made;
        }
        if (!ended)
            break;
    }
    return CVK_OK;
}

enum cvk_code cvk_archive_kind(struct cvk_slice head,
                               enum cvk_archive_kind *kind)
{
    uint8_t block[CVK_TAR_BLOCK];
    struct cvk_inflate *f;
    enum cvk_code code;
    size_t n;

    *kind = CVK_ARCHIVE_NONE;
    if (cvk_zip_starts(head))
        *kind = CVK_ARCHIVE_ZIP;
    else if (cvk_tar_starts(head))
        *kind = CVK_ARCHIVE_TAR;
    if (*kind || !cvk_gzip_starts(head))
        return CVK_OK;
    f = cvk_inflate_new();
    if (!f)
        return CVK_E_MEMORY;
    code = unpack_head(f, head, block, sizeof block, &n);
    cvk_inflate_free(f);
    if (code == CVK_E_MEMORY)
        return code;
    if (cvk_tar_starts(cvk_slice_of(block, n)))
        *kind = CVK_ARCHIVE_TAR_GZ;
    return CVK_OK;
}

/* ---- one after the other ----------------------------------------------- */

struct cvk_archive *cvk_archive_new(void)
{
    struct cvk_archive *a = calloc(1, sizeof *a);

    if (!a)
        return NULL;
    cvk_tar_init(&a->tar);
    a->zip = cvk_zip_new();
    a->inflate = cvk_inflate_new();
    if (a->zip && a->inflate)
        return a;
    cvk_archive_free(a);
    return NULL;
}

void cvk_archive_free(struct cvk_archive *a)
{
    if (!a)
        return;
    cvk_zip_free(a->zip);
    cvk_inflate_free(a->inflate);
    cvk_tar_clear(&a->tar);
    free(a);
}

static void forget_fault(struct cvk_archive *a)
{
    a->fault = (struct cvk_fault){0};
}

enum cvk_code cvk_archive_open(struct cvk_archive *a,
                               enum cvk_archive_kind kind,
                               const struct cvk_archive_io *io)
{
    forget_fault(a);
    a->kind = kind;
    a->ended = false;
    a->members = 0;
    cvk_stream_open(&a->stream, io,
                    kind == CVK_ARCHIVE_TAR_GZ ? a->inflate : NULL, &a->fault);
    if (kind != CVK_ARCHIVE_ZIP) {
        cvk_tar_open(&a->tar, &a->stream, &a->fault);
        return CVK_OK;
    }
    if (!io->read_at)
        return cvk_fault_end(&a->fault, CVK_E_ARCHIVE_NEEDS_FILE, 0,
                             "a zip cannot be read from a pipe");
    return cvk_zip_open(a->zip, io, a->inflate, &a->fault);
}

enum cvk_code cvk_archive_next(struct cvk_archive *a, struct cvk_member *m,
                               bool *ended)
{
    enum cvk_code code;

    *ended = a->ended;
    if (a->fault.ends || a->ended)
        return a->fault.ends ? a->fault.code : CVK_OK;
    forget_fault(a);
    code = a->kind == CVK_ARCHIVE_ZIP ? cvk_zip_next(a->zip, m, ended)
                                      : cvk_tar_next(&a->tar, m, ended);
    a->ended = !code && *ended;
    if (code || *ended)
        return code;
    if (++a->members > CVK_MAX_ARCHIVE_MEMBERS)
        return cvk_fault_end(&a->fault, CVK_E_ARCHIVE_MEMBERS,
                             a->stream.stored,
                             "the archive has more than %d members",
                             CVK_MAX_ARCHIVE_MEMBERS);
    return CVK_OK;
}

enum cvk_code cvk_archive_read(struct cvk_archive *a, uint64_t max,
                               struct cvk_buf *out)
{
    if (a->fault.ends)
        return a->fault.code;
    forget_fault(a);
    return a->kind == CVK_ARCHIVE_ZIP ? cvk_zip_read(a->zip, max, out)
                                      : cvk_tar_read(&a->tar, max, out);
}

enum cvk_code cvk_archive_finish(struct cvk_archive *a)
{
    uint64_t gone;
    enum cvk_code code = CVK_OK;

    if (a->fault.ends || !a->ended)
        return cvk_stream_abandon(&a->stream);
    forget_fault(a);
    if (a->kind == CVK_ARCHIVE_ZIP)
        code = cvk_stream_skip(&a->stream, cvk_zip_end(a->zip), &gone);
    else
        code = cvk_tar_finish(&a->tar);
    return code ? code : cvk_stream_finish(&a->stream);
}

const char *cvk_archive_why(const struct cvk_archive *a)
{
    return a->fault.why;
}

uint64_t cvk_archive_error_at(const struct cvk_archive *a, bool *unpacked)
{
    *unpacked = a->fault.unpacked;
    return a->fault.at;
}
