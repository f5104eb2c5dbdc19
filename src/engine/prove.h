/* SPDX-License-Identifier: MIT */
/* A place where a key backup may begin -> the largest document that holds it,
 * read as strictly as any input: a hit, or nothing. */
#ifndef CVK_ENGINE_PROVE_H
#define CVK_ENGINE_PROVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/anchor.h"
#include "engine/extract.h"
#include "engine/hits.h"
#include "engine/view.h"

/* What the search of a window met besides hits. */
struct cvk_prove_notes {
    bool crowded;   /* not all could be looked at */
    uint64_t cut;   /* gzip streams that were not read whole */
    bool cut_first; /* the image begins as one */
};

/* Working memory of one thread. */
struct cvk_prover {
    struct cvk_extract *extract;
    struct cvk_view view;
    struct cvk_buf levels[CVK_MAX_CARVE_LEVELS]; /* with escapes undone */
    bool partial; /* what is not whole counts, too */

    /* Bytes that may still be read in vain for the window at hand: what a
     * hostile image can cost. */
    uint64_t work;
    struct cvk_prove_notes notes; /* on that window */
};

/* options are of records of type CVK_RECORD_CARVE. False when memory is
 * exhausted; to be cleared in any case. */
bool cvk_prover_init(struct cvk_prover *p,
                     const struct cvk_extract_options *options, bool partial);
void cvk_prover_clear(struct cvk_prover *p);

/* Starts on another window. */
void cvk_prover_window(struct cvk_prover *p);

/* Looks at an anchor, whose place is that of its word. Adds what it finds, if
 * anything, to hits: a config, and the backup itself if that is none of the
 * config's. inside: hits holds one around the anchor, so that a backup which
 * it gives counts no more. CVK_OK, CVK_E_MEMORY, CVK_E_IO_*. */
enum cvk_code cvk_prove(struct cvk_prover *p, const struct cvk_bytes *from,
                        const struct cvk_anchor *anchor, uint64_t at,
                        bool inside, struct cvk_hits *hits);

#endif
