/* SPDX-License-Identifier: MIT */
/* Traces of a config in bytes that are no readable one: enough not to pass
 * over a damaged config as if it were some other file. */
#ifndef CVK_EVIDENCE_TRACE_H
#define CVK_EVIDENCE_TRACE_H

#include <stdbool.h>

#include "base/slice.h"

/* True if the name of a details object (in any letter case) or the start of a
 * key backup's base64 text stands somewhere in the bytes: as text of any width,
 * wrapped, or with JSON's escapes. */
bool cvk_trace_found(struct cvk_slice bytes);

#endif
