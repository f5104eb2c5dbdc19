/* SPDX-License-Identifier: MIT */
/* Which files a run must not replace: those it reads and those it wrote, known
 * by device and inode, whatever their names are. */
#ifndef CVK_OS_FILESET_H
#define CVK_OS_FILESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Identity of a file, to tell whether two names are one file. */
struct cvk_file_id {
    bool known;
    uint64_t device, inode;
};

/* A set of identities; grows as needed. */
struct cvk_fileset {
    struct cvk_file_id *slots;
    size_t n, size;
};

void cvk_fileset_init(struct cvk_fileset *s);
void cvk_fileset_clear(struct cvk_fileset *s);

/* Adds an identity that is known. False when memory is exhausted. */
bool cvk_fileset_add(struct cvk_fileset *s, struct cvk_file_id id);
bool cvk_fileset_has(const struct cvk_fileset *s, struct cvk_file_id id);

/* What a run that may replace files must leave alone. */
struct cvk_kept {
    struct cvk_fileset inputs, outputs;
};

/* The file that path leads to, or standard input where path is NULL. Not known
 * if there is none; false if that cannot be told. */
bool cvk_file_identify(const char *path, struct cvk_file_id *id);

#endif
