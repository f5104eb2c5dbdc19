/* SPDX-License-Identifier: MIT */
/* Containers of disk images that are not raw: told by their first bytes. */
#ifndef CVK_EVIDENCE_IMAGEKIND_H
#define CVK_EVIDENCE_IMAGEKIND_H

#include "base/code.h"
#include "base/slice.h"

/* Bytes of the start of an image that are looked at. */
enum { CVK_IMAGEKIND_SIZE = 512 };

/* CVK_OK if bytes may begin a raw image, else the cause, and *what it is in
 * words. */
enum cvk_code cvk_imagekind_check(struct cvk_slice bytes, const char **what);

#endif
