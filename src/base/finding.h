/* SPDX-License-Identifier: MIT */
/* What an examiner sees of one cause: id, severity, place, words. */
#ifndef CVK_BASE_FINDING_H
#define CVK_BASE_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"

enum cvk_severity { CVK_NOTE, CVK_WARNING, CVK_ERROR };

/* A piece of the text buffer of a record: offset and length, so that the
 * buffer may move while it grows. */
struct cvk_text {
    uint32_t at;
    uint32_t n;
    bool known; /* false: null, nothing is known */
};

/* Where a finding lies. Both parts are optional. */
struct cvk_place {
    struct cvk_slice pointer; /* JSON pointer; .p NULL for none */
    bool known;               /* offset, line and column hold something */
    uint64_t offset;          /* bytes from the start of the document */
    uint64_t line;            /* from 1; 0 for none */
    uint64_t column;          /* code points, from 1; 0 for none */
};

struct cvk_finding {
    enum cvk_code code;
    enum cvk_severity severity;
    bool placed;
    uint64_t offset, line, column;
    struct cvk_text pointer;
    struct cvk_text text;
};

/* Notes and warnings in order, at most CVK_MAX_FINDINGS of them, then one
 * "findings.more" if some were left out, then at most one error. */
struct cvk_findings {
    struct cvk_finding v[CVK_MAX_FINDINGS + 2];
    size_t n;
    size_t left_out;
    bool refused;
};

/* Adds a finding with a vprintf text into *text. Nothing can be added behind
 * an error: the first failure decides. When text is full or memory is
 * exhausted the finding stays, without words. place may be NULL. */
void cvk_findings_add(struct cvk_findings *f, struct cvk_buf *text,
                      enum cvk_severity severity, enum cvk_code code,
                      const struct cvk_place *place, const char *format,
                      va_list args) __attribute__((format(printf, 6, 0)));

/* Says how many findings were left out, if any. Called once at the end of a
 * record; an error does it by itself. */
void cvk_findings_close(struct cvk_findings *f, struct cvk_buf *text);

/* Appends where the finding lies, as ", at offset 12 (line 1, column 13)";
 * nothing if that is not known. False when out is full. */
bool cvk_finding_append_place(struct cvk_buf *out, const struct cvk_finding *f);

/* Copies s into *text; not known if there was no room. */
struct cvk_text cvk_text_store(struct cvk_buf *text, struct cvk_slice s);

/* What was appended to *text from start on. */
static inline struct cvk_text cvk_text_since(const struct cvk_buf *text,
                                             size_t start)
{
    return (struct cvk_text){(uint32_t)start, (uint32_t)(text->n - start),
                             true};
}

static inline struct cvk_slice cvk_text_slice(const struct cvk_buf *text,
                                              struct cvk_text t)
{
    return t.known ? cvk_slice_of(text->p + t.at, t.n)
                   : (struct cvk_slice){NULL, 0};
}

#endif
