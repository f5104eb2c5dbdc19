/* SPDX-License-Identifier: MIT */
/* One run's part of a manifest: its records are counted and held against the
 * summary that ends it. Manifests that were joined have several parts. */
#ifndef CVK_EVIDENCE_TALLY_H
#define CVK_EVIDENCE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/code.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "evidence/manifest.h"

/* All zeros before the first row. */
struct cvk_tally {
    bool open;  /* a run or a record that no summary has followed yet */
    bool blind; /* a line could not be read: counts say nothing */
    struct cvk_manifest_counts counts; /* but for the input at hand */
    /* Records that are of the input before them, or of the same one named once
     * more: the counts may be lower by so many inputs. */
    uint64_t repeats;

    /* The input at hand, which may have several records. */
    bool any;
    enum cvk_row_status worst;
    uint64_t size;
    uint8_t input[CVK_SHA256_SIZE]; /* hash of what tells it from others */
    bool has_pointer;
    uint8_t pointer[CVK_SHA256_SIZE]; /* hash of its first backup's pointer */

    /* The archive at hand, or a file that may be one. */
    uint8_t path[CVK_SHA256_SIZE];
    uint64_t inputs_of_path;
    bool awaits_archive; /* members had records, it had none yet */

    /* The image at hand: records of what was found in it, which stand in front
     * of its own. Those of one backup name one blob. */
    uint64_t hits;
    bool blobs_repeat;

    char why[CVK_MAX_FINDING_TEXT]; /* of an error */
};

/* True if row begins a part and is not the run that a manifest begins with. */
bool cvk_tally_lacks_run(const struct cvk_tally *t,
                         const struct cvk_manifest_row *row);

/* Counts the next row. CVK_OK; CVK_E_MANIFEST_CUT: it is a run, and the one
 * before has no summary; CVK_E_MANIFEST_COUNTS: the summary, or the record of
 * an archive or image, does not count the records before it. */
enum cvk_code cvk_tally_add(struct cvk_tally *t,
                            const struct cvk_manifest_row *row);

/* A line that cannot be read: it may have been anything. */
void cvk_tally_add_unread(struct cvk_tally *t);

/* The manifest ends. CVK_OK, CVK_E_MANIFEST_CUT. */
enum cvk_code cvk_tally_end(struct cvk_tally *t);

#endif
