/* SPDX-License-Identifier: MIT */
#include "evidence/pointer.h"

#include <stdio.h>

#include "evidence/json_string.h"

/* True if the token is a reference token as it stands. */
static bool is_plain(struct cvk_slice token)
{
    return cvk_slice_find(token, '~') == token.n &&
           cvk_slice_find(token, '/') == token.n &&
           cvk_slice_find(token, '\\') == token.n;
}

bool cvk_pointer_add_name(struct cvk_buf *out, struct cvk_slice token)
{
    bool ok = cvk_buf_append_byte(out, '/');

    if (is_plain(token))
        return ok && cvk_buf_append_slice(out, token);
    for (size_t at = 0; ok && at < token.n;) {
        uint8_t c[4];
        size_t n = cvk_json_char(token, &at, c);

        ok = c[0] == '~'   ? cvk_buf_append_string(out, "~0")
             : c[0] == '/' ? cvk_buf_append_string(out, "~1")
                           : cvk_buf_append(out, c, n);
    }
    return ok;
}

bool cvk_pointer_add_text(struct cvk_buf *out, struct cvk_slice name)
{
    bool ok = cvk_buf_append_byte(out, '/');

    for (size_t i = 0; ok && i < name.n; i++)
        ok = name.p[i] == '~'   ? cvk_buf_append_string(out, "~0")
             : name.p[i] == '/' ? cvk_buf_append_string(out, "~1")
                                : cvk_buf_append_byte(out, name.p[i]);
    return ok;
}

bool cvk_pointer_add_index(struct cvk_buf *out, size_t index)
{
    char word[32];

    snprintf(word, sizeof word, "/%zu", index);
    return cvk_buf_append_string(out, word);
}

bool cvk_pointer_next(struct cvk_slice *pointer, struct cvk_buf *out)
{
    struct cvk_slice rest = *pointer;
    size_t at;

    out->n = 0;
    if (!rest.n || rest.p[0] != '/')
        return false;
    for (at = 1; at < rest.n && rest.p[at] != '/'; at++) {
        uint8_t c = rest.p[at];

        if (c == '~' && at + 1 < rest.n)
            c = rest.p[++at] == '1' ? '/' : '~';
        if (!cvk_buf_append_byte(out, c))
            return false;
    }
    *pointer = cvk_slice_cut(rest, at, rest.n);
    return true;
}
