/* SPDX-License-Identifier: MIT */
/* Which identifiers of a config speak of which of its key backups, and whether
 * they agree. Facts that disagree are findings, never silently resolved. */
#ifndef CVK_EVIDENCE_FACTS_H
#define CVK_EVIDENCE_FACTS_H

#include "evidence/config.h"
#include "evidence/position.h"
#include "evidence/record.h"

/* Puts what the config says of its backup number index (from 0) into r: key
 * and disk encryption set, unless it is a secret's, secret, fields, and findings where facts disagree. Returns
 * CVK_OK, the code of a warning that refuses a strict record, CVK_E_MEMORY. */
enum cvk_code cvk_facts_apply(struct cvk_record *r, const struct cvk_config *c,
                              size_t index,
                              struct cvk_document_text *doc);

/* Settles the store by precedence (backup format, host name, resource type)
 * once the backup's format is known. Where facts name another kind of store,
 * one warning lists them, and r->key.store_disputed is set. */
enum cvk_code cvk_facts_settle_store(struct cvk_record *r,
                                     enum cvk_backup_format format);

#endif
