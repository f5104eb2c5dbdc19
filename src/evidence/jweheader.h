/* SPDX-License-Identifier: MIT */
/* The protected header of a key backup's JWE (RFC 7516 section 4.1). */
#ifndef CVK_EVIDENCE_JWEHEADER_H
#define CVK_EVIDENCE_JWEHEADER_H

#include "base/slice.h"
#include "evidence/keybackup.h"

/* The kid of every Managed HSM backup seen; a vault's is a GUID. */
#define CVK_HSM_KID "backup-protection-key"

/* Reads the decoded header into k->kid, k->alg and k->enc, which point into
 * it, and marks in k->newer what has not been seen before; k->format is set
 * already. Returns CVK_OK, CVK_E_BLOB_HEADER, or CVK_E_BLOB_SEGMENTS where the
 * header is whole and something is joined to it; *why says it in words. */
enum cvk_code cvk_jwe_header_parse(struct cvk_slice header,
                                   struct cvk_keybackup *k, const char **why);

#endif
