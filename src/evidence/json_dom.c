/* SPDX-License-Identifier: MIT */
#include "evidence/json_dom.h"

#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "evidence/pointer.h"

enum { ALIGNMENT = 16 };

/* Bytes of each allocation cJSON makes besides the characters: rounding. A
 * value costs one cJSON and at most two strings (name and value). */
enum { PER_VALUE = sizeof(cJSON) + 3 * ALIGNMENT };

/* The arena the allocator serves from; set only while cJSON runs. */
static _Thread_local struct cvk_buf *current;
static _Thread_local bool exhausted;

/* The arena never moves while it is in use: room was made before. */
static void *take(size_t n)
{
    void *p;

    if (n > SIZE_MAX - ALIGNMENT)
        return NULL;
    n = (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!current || n > current->size - current->n) {
        exhausted = true;
        return NULL;
    }
    p = current->p + current->n;
    current->n += n;
    return p;
}

/* Everything is given back at once, with the next document. */
static void give_back(void *p)
{
    (void)p;
}

void cvk_dom_setup(void)
{
    cJSON_Hooks hooks = {.malloc_fn = take, .free_fn = give_back};

    cJSON_InitHooks(&hooks);
}

void cvk_dom_init(struct cvk_dom *d)
{
    cvk_buf_init(&d->arena, 2 * (size_t)CVK_MAX_INPUT_SIZE +
                                (size_t)CVK_MAX_VALUES * PER_VALUE);
    d->root = NULL;
}

void cvk_dom_clear(struct cvk_dom *d)
{
    cvk_buf_clear(&d->arena);
    d->root = NULL;
}

enum cvk_code cvk_dom_parse(struct cvk_dom *d, struct cvk_slice text,
                            size_t values)
{
    const char *end;

    d->arena.n = 0;
    /* every string is shorter than its token, and no two tokens overlap */
    if (!cvk_buf_reserve(&d->arena, text.n + (values + 1) * PER_VALUE))
        return CVK_E_MEMORY;
    current = &d->arena;
    exhausted = false;
    d->root = cJSON_ParseWithLengthOpts((const char *)text.p, text.n + 1, &end,
                                        true);
    current = NULL;
    if (exhausted)
        return CVK_E_MEMORY;
    return d->root ? CVK_OK : CVK_E_CROSS_DISAGREEMENT;
}

/* The child of item that one reference token names: by exact member name, or
 * by index. */
static const cJSON *step(const cJSON *item, const char *name, bool *ambiguous)
{
    const cJSON *child;
    char *end;
    unsigned long index;

    if (cJSON_IsObject(item)) {
        const cJSON *found = cJSON_GetObjectItemCaseSensitive(item, name);

        child = found ? found->next : NULL;
        for (; child && !*ambiguous; child = child->next)
            *ambiguous = strcmp(child->string, name) == 0;
        return found;
    }
    if (!cJSON_IsArray(item))
        return NULL;
    index = strtoul(name, &end, 10);
    child = *name && !*end ? item->child : NULL;
    while (child && index--)
        child = child->next;
    return child;
}

static struct cvk_dom_value value_of(const cJSON *item)
{
    struct cvk_dom_value v = {CVK_DOM_BOOL, item};

    if (!item)
        v.kind = CVK_DOM_ABSENT;
    else if (cJSON_IsNull(item))
        v.kind = CVK_DOM_NULL;
    else if (cJSON_IsString(item))
        v.kind = CVK_DOM_STRING;
    else if (cJSON_IsNumber(item))
        v.kind = CVK_DOM_NUMBER;
    else if (cJSON_IsObject(item))
        v.kind = CVK_DOM_OBJECT;
    else if (cJSON_IsArray(item))
        v.kind = CVK_DOM_ARRAY;
    return v;
}

/* The value at a pointer, NULL if there is none. */
static const cJSON *find(const struct cvk_dom *d, struct cvk_slice pointer,
                         struct cvk_buf *name, bool *ambiguous)
{
    const cJSON *item = d->root;

    *ambiguous = false;
    while (item && pointer.n) {
        if (!cvk_pointer_next(&pointer, name) || !cvk_buf_append_byte(name, 0))
            return NULL;
        item = step(item, (const char *)name->p, ambiguous);
    }
    return item;
}

const char *cvk_dom_string(const struct cvk_dom *d, struct cvk_slice pointer,
                           struct cvk_buf *name, bool *ambiguous)
{
    const cJSON *item = find(d, pointer, name, ambiguous);

    return item && cJSON_IsString(item) ? item->valuestring : NULL;
}

struct cvk_dom_value cvk_dom_at(const struct cvk_dom *d,
                                struct cvk_slice pointer, struct cvk_buf *name,
                                bool *ambiguous)
{
    return value_of(find(d, pointer, name, ambiguous));
}

struct cvk_dom_value cvk_dom_root(const struct cvk_dom *d)
{
    return value_of(d->root);
}

struct cvk_dom_value cvk_dom_member(struct cvk_dom_value object,
                                    const char *name)
{
    bool twice = false;
    struct cvk_dom_value v;

    if (object.kind != CVK_DOM_OBJECT)
        return value_of(NULL);
    v = value_of(step(object.item, name, &twice));
    if (twice)
        v.kind = CVK_DOM_TWICE;
    return v;
}

/* cJSON_Compare looks at nested objects twice for each level. */
bool cvk_dom_equal(struct cvk_dom_value a, struct cvk_dom_value b)
{
    if (a.kind != b.kind || !a.item)
        return false;
    if (a.kind == CVK_DOM_STRING)
        return strcmp(a.item->valuestring, b.item->valuestring) == 0;
    if (a.kind == CVK_DOM_NUMBER)
        return memcmp(&a.item->valuedouble, &b.item->valuedouble,
                      sizeof a.item->valuedouble) == 0;
    return a.kind == CVK_DOM_NULL ||
           (a.kind == CVK_DOM_BOOL &&
            cJSON_IsTrue(a.item) == cJSON_IsTrue(b.item));
}

struct cvk_slice cvk_dom_name(struct cvk_dom_value v)
{
    const char *s = v.item ? v.item->string : NULL;

    return cvk_slice_of(s, s ? strlen(s) : 0);
}

struct cvk_dom_value cvk_dom_find(struct cvk_dom_value object,
                                  struct cvk_slice name)
{
    struct cvk_dom_value found = value_of(NULL), v = cvk_dom_first(object);

    for (; object.kind == CVK_DOM_OBJECT && v.item; v = cvk_dom_next(v)) {
        if (!cvk_slice_equal_nocase(cvk_dom_name(v), name))
            continue;
        if (found.item) {
            found.kind = CVK_DOM_TWICE;
            return found;
        }
        found = v;
    }
    return found;
}

struct cvk_dom_value cvk_dom_first(struct cvk_dom_value container)
{
    bool is_container = container.kind == CVK_DOM_OBJECT ||
                        container.kind == CVK_DOM_ARRAY;

    return value_of(is_container ? container.item->child : NULL);
}

struct cvk_dom_value cvk_dom_next(struct cvk_dom_value v)
{
    return value_of(v.item ? v.item->next : NULL);
}

bool cvk_dom_true(struct cvk_dom_value v)
{
    return v.kind == CVK_DOM_BOOL && cJSON_IsTrue(v.item);
}

struct cvk_slice cvk_dom_text(struct cvk_dom_value v)
{
    const char *s = v.kind == CVK_DOM_STRING ? v.item->valuestring : NULL;

    return cvk_slice_of(s, s ? strlen(s) : 0);
}

bool cvk_dom_integer(struct cvk_dom_value v, uint64_t *n)
{
    double d = v.kind == CVK_DOM_NUMBER ? v.item->valuedouble : -1;

    /* written so that NaN is refused, and before the conversion */
    if (!(d >= 0 && d <= (double)CVK_MAX_JSON_INTEGER))
        return false;
    *n = (uint64_t)d;
    return (double)*n == d;
}

const char *cvk_dom_library_version(void)
{
    return cJSON_Version();
}
