/* SPDX-License-Identifier: MIT */
/* One key backup: text -> bytes -> anatomy -> second opinion -> its record. */
#ifndef CVK_ENGINE_BACKUP_H
#define CVK_ENGINE_BACKUP_H

#include "engine/extract.h"

/* Derives backup number index (from 0) of the config x has read into
 * x->decoded and fills r. CVK_OK if the bytes are good to write; otherwise r
 * is refused with the returned code. */
enum cvk_code cvk_backup_from_config(struct cvk_extract *x, size_t index,
                                     struct cvk_record *r);

/* Fills r from the bytes of a key backup file, in the same way. */
enum cvk_code cvk_backup_from_blob(struct cvk_extract *x,
                                   struct cvk_slice blob,
                                   struct cvk_record *r);

#endif
