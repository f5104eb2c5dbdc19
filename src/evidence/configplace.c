/* SPDX-License-Identifier: MIT */
#include "evidence/configplace.h"

#include "evidence/json_string.h"
#include "evidence/pointer.h"

struct cvk_slice cvk_configplace_text(const struct cvk_config *c,
                                      struct cvk_span s)
{
    return cvk_slice_cut(c->doc, s.from, s.to);
}

bool cvk_configplace_is(const struct cvk_config *c, const char *name)
{
    const struct cvk_frame *f = &c->frames[c->depth - 1];
    struct cvk_slice mine = cvk_configplace_text(c, f->name);
    struct cvk_slice other = cvk_slice_of(name, strlen(name));

    return f->is_object && (f->escaped ? cvk_json_equal_nocase(mine, other)
                                       : cvk_slice_equal_nocase(mine, other));
}

bool cvk_configplace_pointer(struct cvk_config *c, struct cvk_text *pointer)
{
    size_t start = c->text.n;
    bool too_long = false;

    *pointer = (struct cvk_text){0};
    for (size_t i = 0; i < c->depth && !too_long; i++) {
        struct cvk_frame *f = &c->frames[i];
        struct cvk_slice name = cvk_configplace_text(c, f->name);

        /* a byte of the pointer takes at most 6 as a token; that a way is too
         * long is found out once, not for each of a thousand elements */
        f->too_long = f->too_long ||
                      (f->is_object && name.n > 6 * CVK_MAX_POINTER);
        if (!f->too_long) {
            if (!(f->is_object ? cvk_pointer_add_name(&c->text, name)
                               : cvk_pointer_add_index(&c->text, f->index)))
                return false;
            f->too_long = c->text.n - start > CVK_MAX_POINTER;
        }
        too_long = f->too_long;
    }
    if (too_long)
        c->text.n = start;
    else
        *pointer = cvk_text_since(&c->text, start);
    return true;
}
