/* SPDX-License-Identifier: MIT */
#include "input/source.h"

#include <stdio.h>
#include <string.h>

enum { PIECE = 1 << 16 };

void cvk_source_init(struct cvk_source *s)
{
    memset(s, 0, sizeof *s);
    s->file.fd = -1;
    cvk_buf_init(&s->raw, (size_t)CVK_MAX_INPUT_SIZE + 1);
    cvk_buf_init(&s->inflated, (size_t)CVK_MAX_INPUT_SIZE + 1);
}

void cvk_source_clear(struct cvk_source *s)
{
    cvk_infile_close(&s->file);
    cvk_buf_clear(&s->raw);
    cvk_buf_clear(&s->inflated);
}

enum cvk_code cvk_source_explain(struct cvk_source *s, enum cvk_code code,
                                 uint64_t max)
{
    const char *why = "";

    switch (code) {
    case CVK_E_INPUT_TOO_LARGE:
        snprintf(s->why, sizeof s->why,
                 "the document is larger than %llu bytes",
                 (unsigned long long)max);
        return code;
    case CVK_E_IO_OPEN:
        snprintf(s->why, sizeof s->why, "cannot open: %s",
                 strerror(s->file.error));
        return code;
    case CVK_E_IO_READ:
        snprintf(s->why, sizeof s->why, "cannot read: %s",
                 strerror(s->file.error));
        return code;
    case CVK_E_IO_DIRECTORY:
        why = "is a directory";
        break;
    case CVK_E_IO_CHANGED:
        why = "the file changed its size while it was read";
        break;
    case CVK_E_IO_INTERRUPTED:
        why = "interrupted";
        break;
    case CVK_E_SKIP_SPECIAL:
        why = "is no regular file";
        break;
    case CVK_E_GZIP_TRUNCATED:
        why = "the gzip stream ends before it is complete";
        break;
    case CVK_E_GZIP_DAMAGED:
        why = "the gzip stream is damaged";
        break;
    case CVK_E_INPUT_EMPTY:
        why = "the file is empty";
        break;
    default:
        why = "not enough memory";
        break;
    }
    snprintf(s->why, sizeof s->why, "%s", why);
    return code;
}

static enum cvk_code unpack(struct cvk_source *s, uint64_t max)
{
    enum cvk_code code;

    s->document = cvk_buf_slice(&s->raw);
    s->is_gzip = cvk_gzip_starts(s->document);
    if (!s->is_gzip)
        return s->document.n ? CVK_OK : CVK_E_INPUT_EMPTY;
    code = cvk_gzip_inflate(s->document, max, &s->inflated, &s->gzip);
    s->document = cvk_buf_slice(&s->inflated);
    return code         ? code
           : s->document.n ? CVK_OK
                           : CVK_E_INPUT_EMPTY;
}

enum cvk_code cvk_source_take(struct cvk_source *s, uint64_t max)
{
    enum cvk_code code;

    s->why[0] = '\0';
    s->archive = CVK_ARCHIVE_NONE;
    s->size = s->raw.n;
    cvk_sha256(cvk_buf_slice(&s->raw), s->sha256);
    s->read = true;
    code = unpack(s, max);
    return code ? cvk_source_explain(s, code, max) : CVK_OK;
}

/* ---- archives ----------------------------------------------------------- */

/* The next bytes: those read already, then what the file still has. */
static enum cvk_code next_bytes(void *context, void *p, size_t n, size_t *got)
{
    struct cvk_source *s = context;
    enum cvk_code code = CVK_OK;

    *got = 0;
    if (s->delivered < s->raw.n) {
        size_t left = s->raw.n - (size_t)s->delivered;

        *got = n < left ? n : left;
        memcpy(p, s->raw.p + s->delivered, *got);
    } else if (!s->whole) {
        code = cvk_infile_read(&s->file, p, n, got);
    }
    s->delivered += *got;
    cvk_sha256_add(&s->hash, cvk_slice_of(p, *got));
    return code;
}

static enum cvk_code bytes_at(void *context, uint64_t offset, void *p,
                              size_t n, size_t *got)
{
    struct cvk_source *s = context;
    size_t left;

    if (!s->whole)
        return cvk_infile_read_at(&s->file, offset, p, n, got);
    left = offset < s->raw.n ? s->raw.n - (size_t)offset : 0;
    *got = n < left ? n : left;
    if (*got)
        memcpy(p, s->raw.p + offset, *got);
    return CVK_OK;
}

static void open_archive(struct cvk_source *s)
{
    s->delivered = 0;
    cvk_sha256_start(&s->hash);
    s->io = (struct cvk_archive_io){.context = s, .read = next_bytes};
    if (!s->whole && (!s->file.facts.regular || s->file.is_stdin))
        return;
    s->io.read_at = bytes_at;
    s->io.size = s->whole ? s->raw.n : s->file.facts.size;
}

/* What nobody has asked for counts, too. */
static enum cvk_code read_rest(struct cvk_source *s)
{
    uint8_t piece[PIECE];
    size_t got;

    for (;;) {
        enum cvk_code code = next_bytes(s, piece, sizeof piece, &got);

        if (code || got == 0)
            return code;
    }
}

enum cvk_code cvk_source_close(struct cvk_source *s)
{
    enum cvk_code code = read_rest(s);

    if (!code && s->file.facts.regular && !s->file.is_stdin &&
        s->delivered != s->file.facts.size)
        code = CVK_E_IO_CHANGED;
    cvk_infile_close(&s->file);
    if (code)
        return cvk_source_explain(s, code, 0);
    s->size = s->delivered;
    cvk_sha256_finish(&s->hash, s->sha256);
    s->read = true;
    return CVK_OK;
}

/* ---- any input ---------------------------------------------------------- */

static enum cvk_code load(struct cvk_source *s, const struct cvk_location *at,
                          uint64_t max, const atomic_int *cancel)
{
    enum cvk_code code = cvk_infile_open(&s->file, at, cancel);

    s->raw.n = 0;
    if (code)
        return code;
    code = cvk_infile_load(&s->file, max, CVK_ARCHIVE_HEAD, &s->raw);
    s->whole = code == CVK_OK;
    s->document = cvk_buf_slice(&s->raw);
    if ((!code || code == CVK_E_INPUT_TOO_LARGE) &&
        cvk_archive_kind(s->document, &s->archive))
        return CVK_E_MEMORY;
    if (s->archive == CVK_ARCHIVE_NONE)
        return code;
    open_archive(s);
    return CVK_OK;
}

enum cvk_code cvk_source_load(struct cvk_source *s,
                              const struct cvk_location *at, uint64_t max,
                              const atomic_int *cancel)
{
    enum cvk_code code;

    s->read = s->is_gzip = s->whole = false;
    s->archive = CVK_ARCHIVE_NONE;
    s->document = (struct cvk_slice){0};
    s->why[0] = '\0';
    code = load(s, at, max, cancel);
    if (s->archive)
        return CVK_OK;
    cvk_infile_close(&s->file);
    return code ? cvk_source_explain(s, code, max) : cvk_source_take(s, max);
}
