/* SPDX-License-Identifier: MIT */
/* What a record states of its config, held against the config itself: each
 * value against the one at its pointer, as cJSON finds it, and each part of an
 * identifier against the whole. */
#ifndef CVK_EVIDENCE_CLAIMS_H
#define CVK_EVIDENCE_CLAIMS_H

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "evidence/json_dom.h"

/* record is a line of a manifest, config the document it is of; name is working
 * memory for CVK_MAX_POINTER + 1 bytes. Looked at are the URLs of key and
 * secret, the id of the disk encryption set, their parts, and the fields; what
 * the record leaves out is not missed. CVK_OK, or CVK_E_VERIFY_FACTS with why
 * in words. */
enum cvk_code cvk_claims_check(const struct cvk_dom *record,
                               const struct cvk_dom *config,
                               struct cvk_buf *name,
                               char why[CVK_MAX_FINDING_TEXT]);

#endif
