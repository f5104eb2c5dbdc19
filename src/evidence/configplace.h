/* SPDX-License-Identifier: MIT */
/* Where the walk through a config is: part of config.c. */
#ifndef CVK_EVIDENCE_CONFIGPLACE_H
#define CVK_EVIDENCE_CONFIGPLACE_H

#include "evidence/config.h"

/* The bytes of the document in the span. */
struct cvk_slice cvk_configplace_text(const struct cvk_config *c,
                                      struct cvk_span s);

/* True if the member being read has this name, in any ASCII case; never for
 * an element of an array. */
bool cvk_configplace_is(const struct cvk_config *c, const char *name);

/* The pointer of the current value into c->text. Not known when it is longer
 * than CVK_MAX_POINTER; false only when memory is exhausted. */
bool cvk_configplace_pointer(struct cvk_config *c, struct cvk_text *pointer);

#endif
