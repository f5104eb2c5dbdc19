/* SPDX-License-Identifier: MIT */
#include "evidence/configfind.h"

#include "base/limits.h"

/* Where the quote begins that ends before byte at of s, as itself or as what
 * .NET writes for it inside a string; at if there is none. */
static size_t find_quote(struct cvk_slice s, size_t at)
{
    static const struct cvk_slice escaped = {(const uint8_t *)"\\u0022", 6};

    if (at && s.p[at - 1] == '"')
        return at - 1;
    if (at >= escaped.n &&
        cvk_slice_starts(cvk_slice_cut(s, at - escaped.n, at), escaped))
        return at - escaped.n;
    return at;
}

size_t cvk_configfind_name(struct cvk_slice s, size_t at)
{
    static const struct cvk_slice names[] = {
        {(const uint8_t *)"OsDiskEncryptionDetails", 23},
        {(const uint8_t *)"OsDiskKeyAndSecretDetails", 25},
    };

    for (size_t i = at; i-- > 0;) {
        struct cvk_slice rest = cvk_slice_cut(s, i, at);

        if ((s.p[i] == 'O' || s.p[i] == 'o') && find_quote(s, i) < i &&
            (cvk_slice_starts_nocase(rest, names[0]) ||
             cvk_slice_starts_nocase(rest, names[1])))
            return find_quote(s, i);
    }
    return s.n;
}

/* Reads a config from byte from on; what follows it does not matter. */
static enum cvk_configfind try_at(struct cvk_config *c, struct cvk_slice s,
                                  size_t from, size_t at, uint64_t *work)
{
    enum cvk_code code = cvk_config_parse(c, cvk_slice_cut(s, from, s.n));
    size_t read = code && code != CVK_E_JSON_TRAILING ? c->error_at : c->used;

    *work -= read < *work ? read : *work;
    if (code == CVK_E_MEMORY)
        return CVK_CONFIG_NO_MEMORY;
    if (code == CVK_E_JSON_TRUNCATED)
        return CVK_CONFIG_CUT;
    if (!c->cvm_details.to && !c->ade_details.to)
        return CVK_CONFIG_NONE;
    if (code && code != CVK_E_JSON_TRAILING)
        return CVK_CONFIG_NONE;
    return from + c->used > at ? CVK_CONFIG_FOUND : CVK_CONFIG_NONE;
}

enum cvk_configfind cvk_configfind_around(struct cvk_config *c,
                                          struct cvk_slice s, size_t name,
                                          size_t at, uint64_t *work,
                                          struct cvk_span *span)
{
    enum cvk_configfind found = CVK_CONFIG_NONE;
    size_t tried = 0;

    for (size_t i = name; i-- > 0 && tried < CVK_MAX_CARVE_STARTS && *work;) {
        enum cvk_configfind now;

        if (s.p[i] != '{')
            continue;
        tried++;
        now = try_at(c, s, i, at, work);
        if (now == CVK_CONFIG_FOUND)
            *span = (struct cvk_span){i, i + c->used};
        if (now == CVK_CONFIG_FOUND || now == CVK_CONFIG_NO_MEMORY)
            return now;
        if (now == CVK_CONFIG_CUT)
            found = now;
    }
    return found;
}
