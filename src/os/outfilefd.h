/* SPDX-License-Identifier: MIT */
/* What the system does for a file that is on its way, for os/outfile.c. */
#ifndef CVK_OS_OUTFILEFD_H
#define CVK_OS_OUTFILEFD_H

#include "os/outfile.h"

/* Opens a new file for f, without a name or with that of a part file, which
 * only its owner may open: f->fd, f->mode_kept. CVK_OK, CVK_E_IO_CREATE
 * (*error), _IO_BUSY. */
enum cvk_code cvk_outfile_open_new(struct cvk_outfile *f,
                                   struct cvk_slice bytes, int *error);

/* Opens what has f's name already, itself, for reading; -1 with errno. */
int cvk_outfile_open_existing(const struct cvk_outfile *f);

/* Is that a regular file of so many bytes, for its owner only? */
bool cvk_outfile_fits(int fd, size_t size);

/* Removes the part file of f, if it has one. */
void cvk_outfile_remove_part(struct cvk_outfile *f);

/* As pread(2), once more where a signal interrupts it. */
long cvk_outfile_read_on(int fd, void *p, size_t n, size_t at);

/* Is all that the file at fd holds the start of bytes? */
bool cvk_outfile_starts(int fd, struct cvk_slice bytes);

/* Closes f, which was published or is given up. */
void cvk_outfile_let_go(struct cvk_outfile *f);

#endif
