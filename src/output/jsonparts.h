/* SPDX-License-Identifier: MIT */
/* Parts of JSON lines that records of several types have. */
#ifndef CVK_OUTPUT_JSONPARTS_H
#define CVK_OUTPUT_JSONPARTS_H

#include <stdint.h>

#include "base/slice.h"
#include "evidence/record.h"
#include "output/jsonwriter.h"
#include "output/report.h"

#define CVK_JSON_SCHEMA "cvmkey/1"

/* The member sha256. */
void cvk_json_put_sha256(struct cvk_jsonwriter *w, const uint8_t *sha256);

/* A file name, or another text of any bytes, as the member name: as it is where
 * it can stand in JSON and on a terminal, else escaped, with the exact bytes
 * beside it in base64 as the member exact (NULL: without). */
void cvk_json_put_name(struct cvk_jsonwriter *w, const char *name,
                       const char *exact, struct cvk_slice bytes);

/* A file name as the member path, with path_base64. */
void cvk_json_put_path(struct cvk_jsonwriter *w, struct cvk_slice path);

/* The members of a summary. */
void cvk_json_put_counts(struct cvk_jsonwriter *w, const struct cvk_summary *s);

/* The member findings. */
void cvk_json_put_findings(struct cvk_jsonwriter *w,
                           const struct cvk_record *r);

#endif
