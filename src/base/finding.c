/* SPDX-License-Identifier: MIT */
#include "base/finding.h"

#include <stdio.h>

#include "base/utf8.h"

struct cvk_text cvk_text_store(struct cvk_buf *text, struct cvk_slice s)
{
    struct cvk_text t = {.at = (uint32_t)text->n, .n = (uint32_t)s.n};

    t.known = text->n + s.n < UINT32_MAX && cvk_buf_append_slice(text, s);
    return t;
}

static struct cvk_finding *new_slot(struct cvk_findings *f,
                                    enum cvk_severity severity)
{
    if (f->refused)
        return NULL;
    if (severity != CVK_ERROR && f->n >= CVK_MAX_FINDINGS) {
        f->left_out++;
        return NULL;
    }
    return &f->v[f->n++];
}

void cvk_findings_close(struct cvk_findings *f, struct cvk_buf *text)
{
    char words[64];
    int n;

    if (!f->left_out || f->refused)
        return;
    n = snprintf(words, sizeof words, "%zu more findings were left out",
                 f->left_out);
    f->v[f->n++] = (struct cvk_finding){
        .code = CVK_E_FINDINGS_MORE,
        .severity = CVK_NOTE,
        .text = cvk_text_store(text, cvk_slice_of(words, (size_t)n)),
    };
    f->left_out = 0;
}

/* The text as stored: never half a character. */
static struct cvk_text store_words(struct cvk_buf *text, const char *words,
                                   int n)
{
    struct cvk_slice s = cvk_slice_of(words, n < 0 ? 0 : (size_t)n);

    return cvk_text_store(text, cvk_utf8_prefix(s, CVK_MAX_FINDING_TEXT - 1));
}

void cvk_findings_add(struct cvk_findings *f, struct cvk_buf *text,
                      enum cvk_severity severity, enum cvk_code code,
                      const struct cvk_place *place, const char *format,
                      va_list args)
{
    char words[CVK_MAX_FINDING_TEXT + 4]; /* to see where a character ends */
    struct cvk_finding *v;
    int n;

    if (severity == CVK_ERROR)
        cvk_findings_close(f, text);
    v = new_slot(f, severity);
    if (!v)
        return;
    f->refused = severity == CVK_ERROR;
    n = vsnprintf(words, sizeof words, format, args);
    if (n >= (int)sizeof words)
        n = sizeof words - 1;
    *v = (struct cvk_finding){
        .code = code,
        .severity = severity,
        .text = store_words(text, words, n),
    };
    if (!place)
        return;
    v->placed = place->known;
    v->offset = place->offset;
    v->line = place->line;
    v->column = place->column;
    if (place->pointer.p)
        v->pointer = cvk_text_store(text, place->pointer);
}

/* What a place without a line counts in. */
static const char *place_words(enum cvk_code code)
{
    switch (code) {
    case CVK_E_GZIP_TRUNCATED:
    case CVK_E_GZIP_DAMAGED:
    case CVK_E_GZIP_TRAILING:
        return "compressed input";
    case CVK_E_ARCHIVE_TRUNCATED:
    case CVK_E_ARCHIVE_DAMAGED:
    case CVK_E_ARCHIVE_TRAILING:
    case CVK_E_ARCHIVE_JOINED:
    case CVK_E_ARCHIVE_MEMBERS:
    case CVK_E_ARCHIVE_RATIO:
    case CVK_E_ARCHIVE_NEEDS_FILE:
    case CVK_E_ARCHIVE_NAME:
    case CVK_E_ARCHIVE_ENCRYPTED:
    case CVK_E_ARCHIVE_METHOD:
    case CVK_E_ARCHIVE_SPARSE:
    case CVK_E_ARCHIVE_MEMBER_DAMAGED:
        return "archive";
    default:
        return "decoded backup";
    }
}

bool cvk_finding_append_place(struct cvk_buf *out, const struct cvk_finding *f)
{
    char words[96] = "";

    if (f->placed && f->line)
        snprintf(words, sizeof words,
                 ", at offset %llu (line %llu, column %llu)",
                 (unsigned long long)f->offset, (unsigned long long)f->line,
                 (unsigned long long)f->column);
    else if (f->placed)
        snprintf(words, sizeof words, ", at byte %llu of the %s",
                 (unsigned long long)f->offset,
                 place_words(f->code));
    return cvk_buf_append_string(out, words);
}
