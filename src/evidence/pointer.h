/* SPDX-License-Identifier: MIT */
/* JSON pointers, RFC 6901: built while a document is walked, followed when the
 * second opinion looks for the same value. */
#ifndef CVK_EVIDENCE_POINTER_H
#define CVK_EVIDENCE_POINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Appends "/" and the member name the JSON token stands for, or that is given
 * as text, or an index.
 * False when out is full. */
bool cvk_pointer_add_name(struct cvk_buf *out, struct cvk_slice token);
bool cvk_pointer_add_text(struct cvk_buf *out, struct cvk_slice name);
bool cvk_pointer_add_index(struct cvk_buf *out, size_t index);

/* Takes the first reference token off *pointer, with ~0 and ~1 undone, into
 * out. False at the end of the pointer, or when out is full. */
bool cvk_pointer_next(struct cvk_slice *pointer, struct cvk_buf *out);

#endif
