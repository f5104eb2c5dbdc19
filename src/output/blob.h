/* SPDX-License-Identifier: MIT */
/* Blobs on their way to disk: named after the input, staged by the thread that
 * found them good, published in groups, in order. */
#ifndef CVK_OUTPUT_BLOB_H
#define CVK_OUTPUT_BLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/limits.h"
#include "evidence/record.h"
#include "os/outfile.h"

struct cvk_blob_options {
    const char *file; /* -o: this file, "-" for standard output; or NULL */
    const char *dir;  /* -d */
    bool replace;     /* --force */
    bool resume;
    bool sync;
};

/* What a blob's name is made from. */
struct cvk_blob_source {
    const char *path;        /* of the input, "-" for standard input */
    bool parents;            /* keep the directories of path */
    struct cvk_slice member; /* in the archive at path; .p NULL for none */
};

/* Where the blobs of a run go; shared by its threads. */
struct cvk_blobs {
    struct cvk_blob_options options;
    struct cvk_outtree tree;
    char *parent; /* the directory of options.file */
    bool used;    /* options.file has got its blob */
};

/* False when memory is exhausted. */
bool cvk_blobs_init(struct cvk_blobs *b,
                    const struct cvk_blob_options *options);
void cvk_blobs_clear(struct cvk_blobs *b);

/* Working memory of one thread that stages blobs. */
struct cvk_stager {
    struct cvk_blobs *blobs;
    struct cvk_outdir *top, *below; /* opened last */
    struct cvk_buf below_path, path, member;

    /* Called before a folder is made that has the name of a blob: returns when
     * all inputs before this one have theirs, so that it never depends on
     * chance which of the two gets the name. NULL: it does not matter. */
    void (*in_turn)(void *context);
    void *context;
};

void cvk_stager_init(struct cvk_stager *s, struct cvk_blobs *blobs);
void cvk_stager_clear(struct cvk_stager *s);

/* Stages the blob of r, one of total backups of a document, in f, which must
 * not move until it is published. What fails refuses the record, and
 * f->fd is -1 then, as it is where nothing was to be staged. */
void cvk_blob_stage(struct cvk_stager *s, struct cvk_record *r,
                    struct cvk_outfile *f, const struct cvk_blob_source *from,
                    struct cvk_slice blob, size_t total);

/* Gives r the name of a blob that the run has written before. */
void cvk_blob_name_again(struct cvk_stager *s, struct cvk_record *r,
                         const struct cvk_blob_source *from);

/* Publishes n staged blobs in order; records[i] tells where files[i] is now, or
 * why it is not. kept as for cvk_outfiles_publish. */
void cvk_blobs_publish(struct cvk_record *const *records,
                       struct cvk_outfile *const *files, size_t n,
                       struct cvk_kept *kept);

#endif
