/* SPDX-License-Identifier: MIT */
/* What the scalars of a config say: identifiers wherever they stand, and the
 * details' own values: part of config.c. */
#ifndef CVK_EVIDENCE_CONFIGFACTS_H
#define CVK_EVIDENCE_CONFIGFACTS_H

#include "evidence/config.h"
#include "evidence/json.h"

/* Notes a string that is no key material: as a fact if it has the syntax of
 * one, and as a field inside the details. CVK_OK or CVK_E_MEMORY. */
enum cvk_code cvk_configfacts_string(struct cvk_config *c,
                                     const struct cvk_json *j);

/* Notes a number, true, false or null of the details as a field. */
enum cvk_code cvk_configfacts_other(struct cvk_config *c,
                                    struct cvk_slice token);

#endif
