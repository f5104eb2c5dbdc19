/* SPDX-License-Identifier: MIT */
/* What the system does to open an input, for os/infile.c. */
#ifndef CVK_OS_INFILEFD_H
#define CVK_OS_INFILEFD_H

#include "os/infile.h"

/* Opens what stands at at so that its access time stays, where that can be had:
 * f->facts.atime_kept. A new descriptor, -1 with errno. */
int cvk_infile_open_untouched(struct cvk_infile *f,
                              const struct cvk_location *at);

/* What is open at f->fd, into f->facts. found: it was found in a directory.
 * CVK_OK, CVK_E_IO_READ with f->error, _IO_DIRECTORY, _SKIP_SPECIAL. */
enum cvk_code cvk_infile_look(struct cvk_infile *f, bool found);

#endif
