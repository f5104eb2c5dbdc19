/* SPDX-License-Identifier: MIT */
/* The second opinion: cJSON and libb64 derive the key data again, on their
 * own, and the result must be the same bytes. Two parsers and two decoders
 * that agree are what an examiner can defend. */
#ifndef CVK_EVIDENCE_SECOND_H
#define CVK_EVIDENCE_SECOND_H

#include "base/buf.h"
#include "base/code.h"
#include "base/sha256.h"
#include "base/slice.h"
#include "evidence/json_dom.h"

struct cvk_second {
    struct cvk_dom dom;
    struct cvk_buf name;
};

void cvk_second_init(struct cvk_second *s);
void cvk_second_clear(struct cvk_second *s);

/* Reads the document, which holds so many JSON values, again; the text must be
 * followed by a NUL. CVK_OK, CVK_E_MEMORY or CVK_E_CROSS_DISAGREEMENT. */
enum cvk_code cvk_second_read(struct cvk_second *s, struct cvk_slice document,
                              size_t values);

/* Derives the key data at pointer of the document read last and holds it
 * against blob: CVK_OK if they are equal, else CVK_E_CROSS_DISAGREEMENT, or
 * CVK_E_JSON_DUPLICATE_NAME where the pointer leads to more than one value. */
enum cvk_code cvk_second_check(struct cvk_second *s, struct cvk_slice pointer,
                               struct cvk_slice blob);

/* The same for who has no bytes at hand: the size and the hash of what is
 * derived. */
enum cvk_code cvk_second_digest(struct cvk_second *s, struct cvk_slice pointer,
                                uint64_t *size,
                                uint8_t sha256[CVK_SHA256_SIZE]);

#endif
