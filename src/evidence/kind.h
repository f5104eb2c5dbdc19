/* SPDX-License-Identifier: MIT */
/* What a file is that is no JSON object: the usual mix-ups, told by their
 * first bytes, so that the message can name them. */
#ifndef CVK_EVIDENCE_KIND_H
#define CVK_EVIDENCE_KIND_H

#include "base/code.h"
#include "base/limits.h"
#include "base/slice.h"

/* CVK_OK if the bytes may be a JSON document (or nothing known), else the
 * cause, with why in words. Works on bytes before text decoding; a UTF-8 BOM
 * and leading white space do not hide the kind. */
enum cvk_code cvk_kind_check(struct cvk_slice bytes,
                             char why[CVK_MAX_FINDING_TEXT]);

/* True if the bytes are a key backup as the restore commands take it. */
bool cvk_kind_is_blob(struct cvk_slice bytes);

/* Do the bytes begin as xz, zstd, bzip2, 7z or RAR do, or, behind a layer of
 * gzip, with another one? */
bool cvk_kind_is_packed(struct cvk_slice s);

#endif
