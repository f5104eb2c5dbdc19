/* SPDX-License-Identifier: MIT */
/* A config somewhere in other text, around a place where a key backup was
 * seen. */
#ifndef CVK_EVIDENCE_CONFIGFIND_H
#define CVK_EVIDENCE_CONFIGFIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "evidence/config.h"

enum cvk_configfind {
    CVK_CONFIG_FOUND,
    CVK_CONFIG_NONE,
    CVK_CONFIG_CUT, /* none; but the text ends inside something like one */
    CVK_CONFIG_NO_MEMORY,
};

/* The quote, or \u0022 for one, before the last name of a details object (any
 * ASCII case) that stands before byte at of s; s.n if there is none. */
size_t cvk_configfind_name(struct cvk_slice s, size_t at);

/* The smallest whole config that begins before the name at byte name and holds
 * byte at: [*from, *to) of s. c is working memory. *work, bytes that may still
 * be read, is lowered; none are looked at once it is 0. */
enum cvk_configfind cvk_configfind_around(struct cvk_config *c,
                                          struct cvk_slice s, size_t name,
                                          size_t at, uint64_t *work,
                                          struct cvk_span *span);

#endif
