/* SPDX-License-Identifier: MIT */
#include "restore/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/timestamp.h"
#include "evidence/pointer.h"

void cvk_reader_refuse(struct cvk_reader *r, enum cvk_code code,
                       const struct cvk_text *at, const char *format, ...)
{
    va_list args;

    if (r->code)
        return;
    va_start(args, format);
    vsnprintf(r->why, sizeof r->why, format, args);
    va_end(args);
    r->code = code;
    r->pointer = at ? *at : (struct cvk_text){0};
}

static struct cvk_text store(struct cvk_reader *r, struct cvk_slice s)
{
    struct cvk_text t = cvk_case_store(r->c, s);

    if (r->c->text.failed)
        cvk_reader_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
    return t;
}

struct cvk_text cvk_reader_entry(struct cvk_reader *r)
{
    r->path.n = r->entry;
    /* the pointer of a whole document is empty, and known all the same */
    return store(r, r->path.n ? cvk_buf_slice(&r->path) : CVK_LITERAL(""));
}

/* Names hold no '/' and no '~' that would have to be escaped in a pointer:
 * they are the program's own, in the document's letter case. */
static void append_step(struct cvk_reader *r, struct cvk_slice name)
{
    if (!cvk_buf_append_byte(&r->path, '/') ||
        !cvk_buf_append_slice(&r->path, name))
        cvk_reader_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
}

static void refuse_twice(struct cvk_reader *r, const char *name, size_t n)
{
    struct cvk_text at = store(r, cvk_buf_slice(&r->path));

    cvk_reader_refuse(r, CVK_E_JSON_DUPLICATE_NAME, &at,
                      "the name %.*s stands twice in one object", (int)n,
                      name);
}

static struct cvk_dom_value follow(struct cvk_reader *r,
                                   struct cvk_dom_value from,
                                   const char *names)
{
    struct cvk_dom_value v = from;

    while (v.item) {
        size_t n = strcspn(names, "/");

        v = cvk_dom_find(v, cvk_slice_of(names, n));
        if (!v.item)
            break;
        append_step(r, cvk_dom_name(v));
        if (v.kind == CVK_DOM_TWICE)
            refuse_twice(r, names, n);
        names += n;
        if (!*names)
            break;
        names++;
    }
    return v;
}

struct cvk_dom_value cvk_reader_get(struct cvk_reader *r,
                                    struct cvk_dom_value from,
                                    const char *names,
                                    struct cvk_text *pointer)
{
    struct cvk_dom_value v;

    r->path.n = r->entry;
    v = follow(r, from, names);
    if (pointer && v.item)
        *pointer = store(r, cvk_buf_slice(&r->path));
    return v;
}

struct cvk_dom_value cvk_reader_property(struct cvk_reader *r,
                                         struct cvk_dom_value entry,
                                         const char *names,
                                         struct cvk_text *pointer)
{
    struct cvk_dom_value v, inner;

    r->path.n = r->entry;
    inner = follow(r, entry, "properties");
    v = follow(r, inner, names);
    if (!v.item)
        return cvk_reader_get(r, entry, names, pointer);
    if (pointer)
        *pointer = store(r, cvk_buf_slice(&r->path));
    return v;
}

struct cvk_text cvk_reader_text(struct cvk_reader *r, struct cvk_dom_value v)
{
    struct cvk_slice s = cvk_dom_text(v);

    if (!s.n)
        return (struct cvk_text){0};
    if (s.n > CVK_MAX_IDENTIFIER) {
        cvk_reader_refuse(r, CVK_E_EXPORT_VALUE, NULL,
                          "an identifier of %zu characters", s.n);
        return (struct cvk_text){0};
    }
    return store(r, s);
}

bool cvk_reader_time(struct cvk_reader *r, struct cvk_dom_value v,
                     int64_t *seconds)
{
    struct cvk_slice s = cvk_dom_text(v);
    char shown[CVK_MAX_SHOWN];
    uint64_t n;

    if (v.kind == CVK_DOM_ABSENT || v.kind == CVK_DOM_NULL)
        return false;
    if (cvk_dom_integer(v, &n) && n <= UINT32_MAX) {
        *seconds = (int64_t)n;
        return true;
    }
    /* Windows PowerShell writes some times as an object around the value */
    if (v.kind == CVK_DOM_OBJECT)
        s = cvk_dom_text(cvk_dom_find(v, CVK_LITERAL("value")));
    if (s.p && cvk_timestamp_parse(s, seconds))
        return true;
    cvk_escape_shown(shown, s);
    cvk_reader_refuse(r, CVK_E_EXPORT_VALUE, NULL,
                      "a time that cannot be read%s%s", s.n ? ": " : "",
                      s.n ? shown : "");
    return false;
}

void cvk_reader_add(struct cvk_reader *r, struct cvk_buf *array,
                    const void *element, size_t size)
{
    if (!cvk_buf_append(array, element, size))
        cvk_reader_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
}
