/* SPDX-License-Identifier: MIT */
/* What the system tells of one directory, for os/walk.c. */
#ifndef CVK_OS_WALKDIR_H
#define CVK_OS_WALKDIR_H

#include <stdatomic.h>

#include "os/walk.h"

struct cvk_walk_dir {
    atomic_uint users;
    int fd;
    struct cvk_file_id id;
};

/* Opens the directory name of at, through no link, or the path name where at is
 * NULL. CVK_OK, CVK_E_IO_OPEN with *error, _MEMORY. */
enum cvk_code cvk_walkdir_open(const struct cvk_walk_dir *at, const char *name,
                               struct cvk_walk_dir **dir, int *error);

/* A listing on its way. */
struct cvk_walk_listing {
    const struct cvk_walk_dir *dir;
    void *stream;
};

struct cvk_walk_found {
    const char *name; /* valid until the next one is asked for */
    uint64_t inode;
    enum cvk_walk_kind kind; /* of what is no directory */
    bool is_directory;
    int error; /* CVK_WALK_FAILED */
};

/* CVK_OK, CVK_E_IO_OPEN with *error, _MEMORY. */
enum cvk_code cvk_walkdir_list(const struct cvk_walk_dir *dir,
                               struct cvk_walk_listing *l, int *error);

/* The next entry but "." and "..". False at the end; *error is then 0, or the
 * errno of what cut the listing short. */
bool cvk_walkdir_next(struct cvk_walk_listing *l, struct cvk_walk_found *found,
                      int *error);
void cvk_walkdir_end(struct cvk_walk_listing *l);

#endif
