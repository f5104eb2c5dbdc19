/* SPDX-License-Identifier: MIT */
/* The files below a directory, one at a time, in the bytewise order of their
 * whole paths. Below the root nothing is reached through a link, and what
 * cannot be looked into is a row of its own: it never ends the walk. */
#ifndef CVK_OS_WALK_H
#define CVK_OS_WALK_H

#include <stdbool.h>

#include "base/code.h"
#include "os/fileset.h"

enum cvk_walk_kind {
    CVK_WALK_FILE,    /* a regular file */
    CVK_WALK_LINK,    /* a symbolic link, whatever it leads to */
    CVK_WALK_SPECIAL, /* a FIFO, socket or device */
    CVK_WALK_FAILED,  /* what lies here or below was not seen, or not all */
};

/* An open directory of the walk, shared with whoever still has to open a file
 * in it. Its users are counted: any thread may keep and release it. */
struct cvk_walk_dir;

/* The descriptor, for openat; it lasts as long as the directory is kept. */
int cvk_walk_dir_fd(const struct cvk_walk_dir *dir);

/* One more user; gives dir back. */
struct cvk_walk_dir *cvk_walk_dir_keep(struct cvk_walk_dir *dir);

/* One user less, the last one closes it. NULL is no directory. */
void cvk_walk_dir_release(struct cvk_walk_dir *dir);

/* All pointers are valid until the next call; dir for longer if it is kept. */
struct cvk_walk_entry {
    enum cvk_walk_kind kind;
    const char *path; /* from the root, "sub/a.json"; "." is the root itself */
    const char *name; /* the last component of path */
    struct cvk_walk_dir *dir; /* where name stands */
    /* FILE: inode as the listing gives it, device of dir; no call is made for
     * it, so a file that is mounted upon has the identity of what it hides */
    struct cvk_file_id id;
    /* FAILED: CVK_E_IO_OPEN or, when part of a directory was read and its
     * entries came before, CVK_E_IO_READ (error is the errno: EOVERFLOW for
     * more than CVK_MAX_WALK_NAMES); CVK_E_SKIP_OUTPUT, _WALK_DEPTH, _WALK_LOOP, _WALK_PATH
     * (path is then longer than CVK_MAX_PATH) */
    enum cvk_code code;
    int error;
};

/* Memory: the names of one directory for each open level. */
struct cvk_walk;

/* Starts at the directory path, which may be a link to one. NULL if it cannot
 * be opened or nothing of it read: *code is CVK_E_IO_OPEN, _IO_READ (*error is
 * the errno; ENOTDIR says that it is no directory) or _MEMORY. */
struct cvk_walk *cvk_walk_open(const char *path, enum cvk_code *code,
                               int *error);

/* From now on directories below the root of which own is true are not entered:
 * each is a row with CVK_E_SKIP_OUTPUT. */
void cvk_walk_avoid(struct cvk_walk *w,
                    bool (*own)(void *context, struct cvk_file_id id),
                    void *context);

/* Gives the next entry. False at the end: *code is CVK_OK, or CVK_E_MEMORY
 * when memory is exhausted and the rest was not seen. */
bool cvk_walk_next(struct cvk_walk *w, struct cvk_walk_entry *e,
                   enum cvk_code *code);

/* Releases everything but the directories that others keep. NULL is none. */
void cvk_walk_close(struct cvk_walk *w);

#endif
