/* SPDX-License-Identifier: MIT */
/* Text from evidence and file names made safe to show: on a terminal, in
 * JSON, and in the two shells of the restore commands. */
#ifndef CVK_BASE_ESCAPE_H
#define CVK_BASE_ESCAPE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/slice.h"

/* Appends s C style: backslash as \\, control characters (C0, DEL, C1, and
 * the characters that change direction or break lines) as \n, \x1b, \u202e;
 * bytes that are not UTF-8 as \xff. Printable text stays as it is. False only
 * when memory or the buffer's cap is exhausted. */
bool cvk_escape_text(struct cvk_buf *out, struct cvk_slice s);

/* True if s is not UTF-8 or holds a character that is not safe to show. */
bool cvk_escape_needed(struct cvk_slice s);

/* Appends a file name: as it is where that is safe, else escaped as above. */
bool cvk_escape_name(struct cvk_buf *out, struct cvk_slice s);

/* The same into a C string for use in messages; at most CVK_MAX_SHOWN - 1
 * bytes, "..." at the end where it was cut. Returns out. */
const char *cvk_escape_shown(char out[CVK_MAX_SHOWN], struct cvk_slice s);

/* Appends s, which is valid UTF-8, as a JSON string with its quotes. */
bool cvk_escape_json(struct cvk_buf *out, struct cvk_slice s);

/* Appends s as one word of a POSIX shell, quoted only where it must be, or of
 * PowerShell, always in single quotes. False if s cannot be given safely in
 * one line of text (control characters, not UTF-8): nothing is appended. */
bool cvk_escape_posix_word(struct cvk_buf *out, struct cvk_slice s);
bool cvk_escape_powershell_word(struct cvk_buf *out, struct cvk_slice s);

/* The same for a POSIX shell, always in single quotes. */
bool cvk_escape_posix_string(struct cvk_buf *out, struct cvk_slice s);

#endif
