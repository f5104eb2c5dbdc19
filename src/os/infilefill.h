/* SPDX-License-Identifier: MIT */
/* What the system does to read an input, for os/infile.c. */
#ifndef CVK_OS_INFILEFILL_H
#define CVK_OS_INFILEFILL_H

#include "os/infile.h"

/* Reads until out holds at least enough bytes or the input ends; asks for up
 * to most in all, for which there is room. CVK_OK, CVK_E_IO_READ,
 * _IO_DIRECTORY, _IO_INTERRUPTED. */
enum cvk_code cvk_infile_fill(struct cvk_infile *f, size_t enough, size_t most,
                              struct cvk_buf *out, bool *ended);

#endif
