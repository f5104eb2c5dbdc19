/* SPDX-License-Identifier: MIT */
/* The directories that outputs go into: one tree for a run, shared by its
 * threads. Directories are created where they are missing, never through a
 * link below the top. */
#ifndef CVK_OS_OUTDIR_H
#define CVK_OS_OUTDIR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/code.h"
#include "base/limits.h"
#include "os/fileset.h"
#include "os/thread.h"

/* Longest file name, as the file systems of Linux have it. */
#define CVK_MAX_NAME 255

/* An open directory that files are put into; closed when its last user
 * releases it. */
struct cvk_outdir {
    int fd;
    uint64_t device, inode;
    atomic_uint users;
    atomic_bool no_tmpfile; /* files need a name from the start */
    atomic_bool needs_proc; /* to give a file without a name one */
    atomic_bool mode_known; /* one file was written, and its mode looked at */
    atomic_bool mode_kept;  /* the file system holds mode 0600 */
    unsigned synced_in;     /* of the thread that publishes: the last round */
};

struct cvk_outfile;

struct cvk_outtree {
    const char *path;
    bool sync;
    bool must_exist; /* the top is not created */
    bool has_syncfs; /* and it tells of errors: Linux 5.8 */
    struct cvk_monitor monitor;
    struct cvk_outdir *top;    /* opened with the first file */
    struct cvk_outfile *parts; /* files on their way that have a part file */
    unsigned created;     /* directories, inside the monitor */
    atomic_uint unsynced; /* of these, those whose parent is not synced yet */
    unsigned seen;        /* of the thread that publishes: of unsynced */
    unsigned rounds;      /* of the thread that publishes */
};

/* Nothing is opened yet; path stays the caller's. */
void cvk_outtree_init(struct cvk_outtree *t, const char *path, bool sync);
void cvk_outtree_clear(struct cvk_outtree *t);

/* The top directory, which is created with mode 0700 if it is missing. The
 * caller releases it. CVK_OK, CVK_E_IO_CREATE (*error is the errno),
 * CVK_E_MEMORY. */
enum cvk_code cvk_outtree_top(struct cvk_outtree *t, struct cvk_outdir **d,
                              int *error);

/* The directory path below the top, created where it is missing. path is
 * relative, holds no "..", and no link is followed on the way. */
enum cvk_code cvk_outtree_below(struct cvk_outtree *t, const char *path,
                                struct cvk_outdir **d, int *error);

/* True if the top is open, and this directory. */
bool cvk_outtree_is_top(struct cvk_outtree *t, struct cvk_file_id id);

/* One more user, one less. */
struct cvk_outdir *cvk_outdir_keep(struct cvk_outdir *d);
void cvk_outdir_release(struct cvk_outdir *d);

#endif
