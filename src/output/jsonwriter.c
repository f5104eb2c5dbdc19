/* SPDX-License-Identifier: MIT */
#include "output/jsonwriter.h"

#include <stdio.h>

#include "base/escape.h"

void cvk_jsonwriter_init(struct cvk_jsonwriter *w, struct cvk_buf *out)
{
    *w = (struct cvk_jsonwriter){.out = out, .ok = true};
}

/* What stands before a value: comma and name. */
static void lead(struct cvk_jsonwriter *w, const char *name)
{
    if (w->comma)
        w->ok = w->ok && cvk_buf_append_byte(w->out, ',');
    w->comma = true;
    if (name)
        w->ok = w->ok && cvk_buf_append_byte(w->out, '"') &&
                cvk_buf_append_string(w->out, name) &&
                cvk_buf_append_string(w->out, "\":");
}

void cvk_jw_begin(struct cvk_jsonwriter *w, const char *name, char bracket)
{
    lead(w, name);
    w->ok = w->ok && cvk_buf_append_byte(w->out, (uint8_t)bracket);
    w->comma = false;
}

void cvk_jw_end(struct cvk_jsonwriter *w, char bracket)
{
    w->ok = w->ok && cvk_buf_append_byte(w->out, (uint8_t)bracket);
    w->comma = true;
}

void cvk_jw_text(struct cvk_jsonwriter *w, const char *name,
                 struct cvk_slice text)
{
    if (!text.p) {
        cvk_jw_null(w, name);
        return;
    }
    lead(w, name);
    w->ok = w->ok && cvk_escape_json(w->out, text);
}

void cvk_jw_string(struct cvk_jsonwriter *w, const char *name,
                   const char *string)
{
    cvk_jw_text(w, name, cvk_slice_of(string, string ? strlen(string) : 0));
}

void cvk_jw_number(struct cvk_jsonwriter *w, const char *name, uint64_t number)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);

    cvk_jw_raw(w, name, cvk_slice_of(digits, (size_t)n));
}

void cvk_jw_bool(struct cvk_jsonwriter *w, const char *name, bool value)
{
    cvk_jw_raw(w, name, value ? CVK_LITERAL("true") : CVK_LITERAL("false"));
}

void cvk_jw_null(struct cvk_jsonwriter *w, const char *name)
{
    cvk_jw_raw(w, name, CVK_LITERAL("null"));
}

void cvk_jw_raw(struct cvk_jsonwriter *w, const char *name,
                struct cvk_slice json)
{
    lead(w, name);
    w->ok = w->ok && cvk_buf_append_slice(w->out, json);
}

void cvk_jw_member(struct cvk_jsonwriter *w, struct cvk_slice name,
                   struct cvk_slice text)
{
    lead(w, NULL);
    w->ok = w->ok && cvk_escape_json(w->out, name) &&
            cvk_buf_append_byte(w->out, ':') && cvk_escape_json(w->out, text);
}
