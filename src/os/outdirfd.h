/* SPDX-License-Identifier: MIT */
/* What the system does for directories that files are put into, for
 * os/outdir.c. */
#ifndef CVK_OS_OUTDIRFD_H
#define CVK_OS_OUTDIRFD_H

#include "os/outdir.h"

/* Can one call write a whole file system to the disk, and tell of errors? */
bool cvk_outdir_has_syncfs(void);

/* The directory t->path, created with all that is missing above it unless
 * t->must_exist. A new descriptor, -1 with errno. */
int cvk_outdir_open_top(struct cvk_outtree *t);

/* One directory in that at at, created where it is missing; no link is
 * followed. A new descriptor, -1 with errno. */
int cvk_outdir_step(struct cvk_outtree *t, int at, const char *name);

/* Steps along path from at, which stays open and is the result where path has
 * no names; -1 with errno. */
int cvk_outdir_walk(struct cvk_outtree *t, int at, const char *path,
                    int (*step)(struct cvk_outtree *t, int at,
                                const char *name));

/* Takes what is known of the directory that is open at d->fd into d. False with
 * errno. */
bool cvk_outdir_look(struct cvk_outdir *d);

#endif
