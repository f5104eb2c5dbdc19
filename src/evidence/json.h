/* SPDX-License-Identifier: MIT */
/* A strict RFC 8259 reader: one linear pass over UTF-8 text, one event per
 * call, no recursion, no memory of its own. What it accepts is what the
 * program accepts; cJSON only gets to see what passed here. */
#ifndef CVK_EVIDENCE_JSON_H
#define CVK_EVIDENCE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"
#include "base/limits.h"
#include "base/slice.h"

enum cvk_json_event {
    CVK_JSON_OBJECT,
    CVK_JSON_OBJECT_END,
    CVK_JSON_ARRAY,
    CVK_JSON_ARRAY_END,
    CVK_JSON_NAME, /* of the member whose value is the next event */
    CVK_JSON_STRING,
    CVK_JSON_NUMBER,
    CVK_JSON_TRUE,
    CVK_JSON_FALSE,
    CVK_JSON_NULL,
    CVK_JSON_DONE,   /* the root value is complete; text may follow at .at */
    CVK_JSON_FAILED, /* see .error and .error_at */
};

struct cvk_json {
    struct cvk_slice text;
    size_t at; /* bytes read so far */

    /* Of the last event: token [from, to) in the text. Names and strings
     * without their quotes, still escaped if .escaped. */
    size_t from, to;
    bool escaped;

    size_t values; /* begun so far, containers included */

    enum cvk_code error;
    size_t error_at; /* offset of the byte the error speaks of */

    /* Private. */
    uint8_t expect;
    size_t depth;
    uint8_t in_object[CVK_MAX_DEPTH / 8 + 1];
};

void cvk_json_init(struct cvk_json *j, struct cvk_slice text);

/* The next event. After CVK_JSON_DONE or CVK_JSON_FAILED it repeats that. */
enum cvk_json_event cvk_json_next(struct cvk_json *j);

/* The token of the last event. */
static inline struct cvk_slice cvk_json_token(const struct cvk_json *j)
{
    return cvk_slice_cut(j->text, j->from, j->to);
}

/* The error that j met, in words, with the character where that helps. */
void cvk_json_explain(const struct cvk_json *j,
                      char why[CVK_MAX_FINDING_TEXT]);

#endif
