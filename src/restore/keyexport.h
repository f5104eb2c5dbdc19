/* SPDX-License-Identifier: MIT */
/* Keys as az, the data plane's REST and PowerShell print them, live or
 * soft-deleted, and what a file of them lists. */
#ifndef CVK_RESTORE_KEYEXPORT_H
#define CVK_RESTORE_KEYEXPORT_H

#include "evidence/json_dom.h"
#include "restore/reader.h"

/* Where the URL of the key stands in an entry, NULL if it is no key. */
const char *cvk_key_entry_url(struct cvk_reader *r, struct cvk_dom_value entry);

void cvk_key_entry_read(struct cvk_reader *r, struct cvk_dom_value entry);

/* What the keys from number first on list, together: they are of one file.
 * single: the file is one entry, not a list. */
void cvk_key_listing_judge(const struct cvk_case *c, size_t first, bool single,
                           struct cvk_export *e);

#endif
