/* SPDX-License-Identifier: MIT */
/* Files that appear whole or not at all. Stage writes the bytes where nobody
 * can see them; publish makes a group of files durable and gives them their
 * names. */
#ifndef CVK_OS_OUTFILE_H
#define CVK_OS_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/code.h"
#include "base/slice.h"
#include "os/fileset.h"
#include "os/outdir.h"

/* What becomes of a file that has the name already. */
enum cvk_existing {
    CVK_KEEP_EXISTING = 0,
    CVK_REPLACE_EXISTING = 1, /* --force */
    CVK_TAKE_EXISTING = 2,    /* --resume: if it is what would be written */
};

/* A file on its way into dir. It must not move in memory while it is staged. */
struct cvk_outfile {
    int fd; /* -1: nothing is staged */
    struct cvk_outtree *tree;
    struct cvk_outdir *dir;
    unsigned existing; /* CVK_*_EXISTING, together */
    bool taken;        /* it was there already, with the right bytes */
    bool named;        /* its bytes lie in a part file until it is published */
    unsigned serial;   /* tells part files of one name apart; usually 0 */
    struct cvk_outfile *next_part; /* of tree->parts */
    char name[CVK_MAX_NAME + 1];

    /* After publish. */
    bool published; /* it has its name */
    bool mode_kept; /* with mode 0600 */
    enum cvk_code code;
    int error; /* errno, 0 for none */
};

/* Looks whether the name is free: CVK_OK, CVK_E_IO_EXISTS. A regular file is
 * no hindrance if it is empty or replaceable, which may be NULL, is true of how
 * it begins; anything else could be evidence. */
enum cvk_code cvk_outfile_check(const struct cvk_outdir *dir, const char *name,
                                bool (*replaceable)(struct cvk_slice begin));

/* Starts a file that shall be called name in dir, mode 0600; dir is kept as
 * long as needed. On failure nothing is left. CVK_OK, CVK_E_IO_CREATE (*error
 * is the errno), _IO_BUSY. bytes, which may be empty, are what the file shall
 * hold, as far as that is known: a part file that a killed run left behind is
 * removed only if it holds the start of them. */
enum cvk_code cvk_outfile_create(struct cvk_outfile *f, struct cvk_outtree *tree,
                                 struct cvk_outdir *dir, const char *name,
                                 unsigned existing, struct cvk_slice bytes,
                                 int *error);

/* Appends bytes to it. On failure nothing is left. CVK_E_IO_WRITE. */
enum cvk_code cvk_outfile_append(struct cvk_outfile *f, struct cvk_slice bytes,
                                 int *error);

/* Both: a file of these bytes. If it is there already and may be taken,
 * nothing is written. */
enum cvk_code cvk_outfile_stage(struct cvk_outfile *f, struct cvk_outtree *tree,
                                struct cvk_outdir *dir, const char *name,
                                unsigned existing, struct cvk_slice bytes,
                                int *error);

/* Gives n staged files of one tree their names, in this order; where the tree
 * is to be synced they are on disk then. A file that stands in kept (NULL
 * unless existing files may be replaced or taken) is neither replaced nor
 * taken, and the new ones join its outputs. Each file's code is then CVK_OK,
 * CVK_E_IO_EXISTS, _IO_OUTPUT_IS_INPUT, _IO_SYNC, _IO_PUBLISH, _IO_BUSY or
 * _MEMORY; they are spent, and where one failed nothing is left of it: only
 * when the very last step, syncing the directory, fails (CVK_E_IO_SYNC) it is
 * there, as published tells. */
void cvk_outfiles_publish(struct cvk_outfile *const *files, size_t n,
                          struct cvk_kept *kept);

/* Gives up a staged file and leaves nothing of it. */
void cvk_outfile_discard(struct cvk_outfile *f);

/* True if path is there and is no regular file and no directory: a pipe or a
 * device such as /dev/null, which is written as it is. */
bool cvk_outfile_is_special(const char *path);

/* Writes all bytes to such a file, or to an open descriptor. */
enum cvk_code cvk_outfile_write_special(const char *path,
                                        struct cvk_slice bytes, int *error);
enum cvk_code cvk_outfile_write_fd(int fd, struct cvk_slice bytes, int *error);

#endif
