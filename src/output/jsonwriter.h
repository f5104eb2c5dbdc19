/* SPDX-License-Identifier: MIT */
/* A small streaming JSON writer: it keeps track of commas and escapes text.
 * name is NULL inside arrays. Failure (the buffer is full) stays until init. */
#ifndef CVK_OUTPUT_JSONWRITER_H
#define CVK_OUTPUT_JSONWRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct cvk_jsonwriter {
    struct cvk_buf *out;
    bool comma; /* the next member or element needs one before it */
    bool ok;
};

void cvk_jsonwriter_init(struct cvk_jsonwriter *w, struct cvk_buf *out);

void cvk_jw_begin(struct cvk_jsonwriter *w, const char *name, char bracket);
void cvk_jw_end(struct cvk_jsonwriter *w, char bracket);

/* text is UTF-8; NULL text.p writes null. */
void cvk_jw_text(struct cvk_jsonwriter *w, const char *name,
                 struct cvk_slice text);
void cvk_jw_string(struct cvk_jsonwriter *w, const char *name,
                   const char *string);
void cvk_jw_number(struct cvk_jsonwriter *w, const char *name, uint64_t number);
void cvk_jw_bool(struct cvk_jsonwriter *w, const char *name, bool value);
void cvk_jw_null(struct cvk_jsonwriter *w, const char *name);

/* A member whose name is UTF-8 text from outside, too. */
void cvk_jw_member(struct cvk_jsonwriter *w, struct cvk_slice name,
                   struct cvk_slice text);

/* A value that is JSON already. */
void cvk_jw_raw(struct cvk_jsonwriter *w, const char *name,
                struct cvk_slice json);

#endif
