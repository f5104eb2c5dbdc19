/* SPDX-License-Identifier: MIT */
#include "output/blobname.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "os/path.h"

static struct cvk_slice strip_suffix(struct cvk_slice name)
{
    static const struct cvk_slice suffixes[] = {
        {(const uint8_t *)".json.gz", 8},
        {(const uint8_t *)".json", 5},
    };

    for (size_t i = 0; i < 2; i++)
        if (name.n > suffixes[i].n && cvk_slice_ends_nocase(name, suffixes[i]))
            return cvk_slice_cut(name, 0, name.n - suffixes[i].n);
    return name;
}

bool cvk_blob_name(struct cvk_buf *out, const char *path, bool secret,
                   size_t ordinal)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path + cvk_path_root(path);
    char number[32] = "";

    if (strcmp(path, "-") == 0)
        name = "stdin";
    if (ordinal > 1)
        snprintf(number, sizeof number, ".%zu", ordinal);
    return cvk_buf_append_slice(
               out, strip_suffix(cvk_slice_of(name, strlen(name)))) &&
           cvk_buf_append_string(out, secret ? ".secret" : "") &&
           cvk_buf_append_string(out, number) &&
           cvk_buf_append_string(out, ".blob");
}

bool cvk_carved_name(struct cvk_buf *out, uint64_t offset,
                     const uint8_t *sha256, bool partial)
{
    enum { DIGITS = 16 };
    char hex[CVK_SHA256_HEX_SIZE], name[64];

    cvk_sha256_hex(sha256, hex);
    snprintf(name, sizeof name, "carved-%016llx-%.*s%s",
             (unsigned long long)offset, DIGITS, hex,
             partial ? ".partial" : "");
    return cvk_buf_append_string(out, name) && cvk_buf_append_byte(out, 0);
}

bool cvk_member_name_valid(struct cvk_slice name)
{
    size_t at = 0;

    if (cvk_slice_find(name, 0) < name.n)
        return false;
    for (;;) {
        struct cvk_slice rest = cvk_slice_cut(name, at, name.n);
        struct cvk_slice part = cvk_slice_cut(rest, 0,
                                              cvk_slice_find(rest, '/'));

        if (part.n == 0 || cvk_slice_equal(part, CVK_LITERAL("..")))
            return false;
        if (part.n == rest.n)
            return true;
        at += part.n + 1;
    }
}

bool cvk_blob_parents(struct cvk_buf *out, const char *path)
{
    const char *slash;

    path += cvk_path_root(path);
    for (; (slash = strchr(path, '/')); path = slash + 1) {
        struct cvk_slice part = cvk_slice_of(path, (size_t)(slash - path));

        if (part.n == 0 || cvk_slice_equal(part, CVK_LITERAL(".")))
            continue;
        if (cvk_slice_equal(part, CVK_LITERAL("..")) ||
            !cvk_buf_append_slice(out, part) || !cvk_buf_append_byte(out, '/'))
            return false;
    }
    return true;
}

char *cvk_parent_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 1;
    char *parent = malloc(n + 1);

    if (parent) {
        memcpy(parent, slash ? path : ".", n);
        parent[n] = '\0';
    }
    return parent;
}
