/* SPDX-License-Identifier: MIT */
/* cJSON behind a thin wrapper, and the only file that includes it. It reads
 * text that evidence/json accepted, as an independent second reader; names are
 * matched exactly. All its memory comes from an arena sized beforehand. */
#ifndef CVK_EVIDENCE_JSON_DOM_H
#define CVK_EVIDENCE_JSON_DOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/slice.h"

struct cJSON;

/* Working memory of one thread, reused from document to document. */
struct cvk_dom {
    struct cvk_buf arena;
    struct cJSON *root;
};

/* Gives cJSON its allocator: once, before the first document. The allocator's
 * current arena is the one global of this program below cmd/, one for each
 * thread. */
void cvk_dom_setup(void);

void cvk_dom_init(struct cvk_dom *d);
void cvk_dom_clear(struct cvk_dom *d);

/* Reads text, which must be followed by a NUL that text.n does not count, and
 * hold at most values JSON values. CVK_E_MEMORY, or CVK_E_CROSS_DISAGREEMENT
 * if cJSON does not accept it. */
enum cvk_code cvk_dom_parse(struct cvk_dom *d, struct cvk_slice text,
                            size_t values);

/* The string at a JSON pointer, NULL if there is no string there. name is
 * working memory. *ambiguous tells that a name on the way stands twice in its
 * object. The C string is exact as long as it holds no U+0000. */
const char *cvk_dom_string(const struct cvk_dom *d, struct cvk_slice pointer,
                           struct cvk_buf *name, bool *ambiguous);

/* A value of the document, for callers that know its members. */
struct cvk_dom_value {
    enum {
        CVK_DOM_ABSENT,
        CVK_DOM_TWICE, /* more than one member has the name */
        CVK_DOM_NULL,
        CVK_DOM_STRING,
        CVK_DOM_NUMBER,
        CVK_DOM_OBJECT,
        CVK_DOM_ARRAY,
        CVK_DOM_BOOL,
    } kind;
    const struct cJSON *item; /* private */
};

struct cvk_dom_value cvk_dom_root(const struct cvk_dom *d);

/* The member of exactly that name; absent also where object is no object. */
struct cvk_dom_value cvk_dom_member(struct cvk_dom_value object,
                                    const char *name);

/* The value at a JSON pointer, as cvk_dom_string finds one. */
struct cvk_dom_value cvk_dom_at(const struct cvk_dom *d,
                                struct cvk_slice pointer, struct cvk_buf *name,
                                bool *ambiguous);

/* True if both are there, the same, and neither object nor array; strings up to
 * their first U+0000. */
bool cvk_dom_equal(struct cvk_dom_value a, struct cvk_dom_value b);

/* The member of that name in any letter case, as PowerShell finds it; names
 * that differ in nothing else stand there twice. */
struct cvk_dom_value cvk_dom_find(struct cvk_dom_value object,
                                  struct cvk_slice name);

/* The first member or element of a container, and the one behind v; absent
 * where there is none. */
struct cvk_dom_value cvk_dom_first(struct cvk_dom_value container);
struct cvk_dom_value cvk_dom_next(struct cvk_dom_value v);

/* The name of a member as it is written; .p is NULL for an element. */
struct cvk_slice cvk_dom_name(struct cvk_dom_value v);

/* True if v is the value true. */
bool cvk_dom_true(struct cvk_dom_value v);

/* The string up to its first U+0000, followed by a NUL; .p is NULL if the
 * value is none. Lives until the next document. */
struct cvk_slice cvk_dom_text(struct cvk_dom_value v);

/* True if v is a whole number from 0 to CVK_MAX_JSON_INTEGER: sets *n. */
bool cvk_dom_integer(struct cvk_dom_value v, uint64_t *n);

/* Version of cJSON in use, "1.7.15". */
const char *cvk_dom_library_version(void);

#endif
