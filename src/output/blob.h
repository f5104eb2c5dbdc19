/* SPDX-License-Identifier: MIT */
/* Puts blobs where the command line wants them: stage while the input is at
 * hand, publish when the records of an input are complete. */
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
    bool parents;     /* keep the directories of inputs below dir */
    bool replace;     /* --force */
    bool sync;
};

struct cvk_blobs {
    struct cvk_blob_options options;
    struct cvk_kept *kept; /* files that must not be replaced */

    struct cvk_outdir dir; /* opened with the first blob */
    struct cvk_outdir sub; /* below it, for --parents */
    struct cvk_buf sub_path;
    struct cvk_buf path, input; /* working memory */
    struct cvk_outfile staged[CVK_MAX_BACKUPS];
    struct cvk_record *records[CVK_MAX_BACKUPS];
    size_t n_staged;
};

/* kept may be NULL unless options->replace is set. */
void cvk_blobs_init(struct cvk_blobs *b, const struct cvk_blob_options *options,
                    struct cvk_kept *kept);
void cvk_blobs_clear(struct cvk_blobs *b);

/* Stages the blob of r, which must stay where it is until publish. What fails
 * refuses the record. Number ordinal (from 1) of total backups. */
void cvk_blobs_stage(struct cvk_blobs *b, struct cvk_record *r,
                     struct cvk_slice blob, size_t ordinal, size_t total);

/* Publishes all that was staged since the last call; each record tells where
 * its blob is now, or why it is not. */
void cvk_blobs_publish(struct cvk_blobs *b);

#endif
