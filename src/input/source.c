/* SPDX-License-Identifier: MIT */
#include "input/source.h"

#include <stdio.h>
#include <string.h>

void cvk_source_init(struct cvk_source *s)
{
    memset(s, 0, sizeof *s);
    cvk_buf_init(&s->raw, (size_t)CVK_MAX_INPUT_SIZE + 1);
    cvk_buf_init(&s->inflated, (size_t)CVK_MAX_INPUT_SIZE + 1);
}

void cvk_source_clear(struct cvk_source *s)
{
    cvk_buf_clear(&s->raw);
    cvk_buf_clear(&s->inflated);
}

static enum cvk_code explain(struct cvk_source *s, enum cvk_code code,
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
        snprintf(s->why, sizeof s->why, "cannot open: %s", strerror(s->error));
        return code;
    case CVK_E_IO_READ:
        snprintf(s->why, sizeof s->why, "cannot read: %s", strerror(s->error));
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

enum cvk_code cvk_source_load(struct cvk_source *s, const char *path,
                              uint64_t max,
                              const volatile sig_atomic_t *cancel)
{
    const char *name = strcmp(path, "-") == 0 ? NULL : path;
    enum cvk_code code;

    s->read = s->is_gzip = false;
    s->why[0] = '\0';
    code = cvk_readfile(name, max, cancel, &s->raw, &s->file, &s->error);
    if (code)
        return explain(s, code, max);
    cvk_sha256(cvk_buf_slice(&s->raw), s->sha256);
    s->read = true;
    code = unpack(s, max);
    return code ? explain(s, code, max) : CVK_OK;
}
