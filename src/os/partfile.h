/* SPDX-License-Identifier: MIT */
/* Part files, .NAME.cvmkey-part: names for files that are not published yet,
 * where they cannot be without one: on file systems that know no such thing,
 * and for the moment in which an existing file is replaced. */
#ifndef CVK_OS_PARTFILE_H
#define CVK_OS_PARTFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/slice.h"
#include "os/outfilefd.h"
#include "os/partname.h"

/* Of every file that is written: key material is its owner's. */
#define CVK_FILE_MODE 0600

/* Opens a new part file for f. One that a killed run left behind is removed if
 * it holds the start of bytes; one that another run holds, or that is something
 * else, stays: CVK_E_IO_BUSY. CVK_E_IO_CREATE with *error. */
enum cvk_code cvk_part_create(struct cvk_outfile *f, struct cvk_slice bytes,
                              int *error);

/* Gives f, which has no name yet, that of its part file. CVK_E_IO_BUSY,
 * CVK_E_IO_PUBLISH with *error. */
enum cvk_code cvk_part_give(struct cvk_outfile *f, int *error);

/* f is a file that was there already: removes the part file that a killed run
 * left beside it, on the conditions above. */
void cvk_part_clean(const struct cvk_outfile *f);

/* Removes the part file, as unlinkat(2). */
int cvk_part_remove(const struct cvk_outfile *f);

/* From the part file's name to f's own, as renameat2(2) and linkat(2). */
int cvk_part_rename(const struct cvk_outfile *f, bool replace);
int cvk_part_link(const struct cvk_outfile *f);

/* Gives f, which has no name, this one, as linkat(2). */
int cvk_unnamed_link(const struct cvk_outfile *f, const char *name);

#endif
