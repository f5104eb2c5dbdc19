/* SPDX-License-Identifier: MIT */
/* Names of blobs: from the input's own name, never from text inside it. */
#ifndef CVK_OUTPUT_BLOBNAME_H
#define CVK_OUTPUT_BLOBNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Appends the name for the key or secret backup number ordinal (from 1, each
 * counted on its own) of the input path: its last component without .json or
 * .json.gz, then .blob, .2.blob and so on, or .secret.blob, .secret.2.blob;
 * stdin.blob for "-". False when out is full. */
bool cvk_blob_name(struct cvk_buf *out, const char *path, bool secret,
                   size_t ordinal);

/* Appends the name for a backup carved at that offset, without .blob but with a
 * NUL: carved-OFFSET-HASH, of 16 hexadecimal digits each, and .partial where it
 * is not whole. False when out is full. */
bool cvk_carved_name(struct cvk_buf *out, uint64_t offset,
                     const uint8_t *sha256, bool partial);

/* True if a name inside an archive may name a blob: relative, without "..",
 * empty or NUL parts. */
bool cvk_member_name_valid(struct cvk_slice name);

/* The directory of a file's path, up to the last '/'; "." where there is none.
 * The caller frees it; NULL when memory is exhausted. */
char *cvk_parent_directory(const char *path);

/* Appends the directories of path, without leading '/' and "." and with a '/'
 * at the end of each, as --parents keeps them; nothing for "-". False if there
 * is a ".." among them or out is full. */
bool cvk_blob_parents(struct cvk_buf *out, const char *path);

#endif
