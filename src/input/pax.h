/* SPDX-License-Identifier: MIT */
/* Records of a pax extended header (POSIX.1-2017, pax, "pax Extended Header"):
 * "LENGTH KEY=VALUE\n", as often as they fit. */
#ifndef CVK_INPUT_PAX_H
#define CVK_INPUT_PAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* What the records say of a member. Slices are parts of the records. */
struct cvk_pax {
    bool has_path, has_sparse_name, has_size, has_mtime;
    bool sparse;                  /* it has a GNU.sparse record */
    struct cvk_slice path;        /* any bytes */
    struct cvk_slice sparse_name; /* the true name of a sparse member */
    uint64_t size;                /* at most 2^63 - 1 */
    int64_t mtime;
    uint32_t mtime_ns;
    size_t error_at; /* offset of the record that is none */
};

/* Sets in *pax what the records say; what they do not mention stays, a value
 * that is empty undoes an earlier one. A time that is none is none; a size that
 * is none, or a length that lies, is false, with pax->error_at. */
bool cvk_pax_parse(struct cvk_pax *pax, struct cvk_slice records);

#endif
