/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

bool cvk_slice_equal_nocase(struct cvk_slice a, struct cvk_slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (cvk_lower(a.p[i]) != cvk_lower(b.p[i]))
            return false;
    return true;
}

bool cvk_slice_starts(struct cvk_slice s, struct cvk_slice prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

bool cvk_slice_starts_nocase(struct cvk_slice s, struct cvk_slice prefix)
{
    return s.n >= prefix.n &&
           cvk_slice_equal_nocase(cvk_slice_cut(s, 0, prefix.n), prefix);
}

bool cvk_slice_ends_nocase(struct cvk_slice s, struct cvk_slice suffix)
{
    return s.n >= suffix.n &&
           cvk_slice_equal_nocase(cvk_slice_cut(s, s.n - suffix.n, s.n),
                                  suffix);
}

size_t cvk_slice_find(struct cvk_slice s, uint8_t c)
{
    const uint8_t *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (size_t)(hit - s.p) : s.n;
}

size_t cvk_slice_search(struct cvk_slice s, struct cvk_slice needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++) {
        i += cvk_slice_find(cvk_slice_cut(s, i, s.n), needle.p[0]);
        if (i + needle.n <= s.n && !memcmp(s.p + i, needle.p, needle.n))
            return i;
    }
    return s.n;
}
