/* SPDX-License-Identifier: MIT */
/* One anchor on the way to its proof: the text around it, read as a config or
 * as a backup on its own. For prove.c and its parts. */
#ifndef CVK_ENGINE_ANCHORED_H
#define CVK_ENGINE_ANCHORED_H

#include "engine/prove.h"

struct cvk_anchored {
    struct cvk_prover *p;
    const struct cvk_anchor *anchor;
    struct cvk_hits *hits;
    bool alone; /* no config is looked for */
    bool given; /* the config that was found gives the anchor's backup */

    /* The text at the level at hand, where the anchor is in it, and where its
     * first byte stands in the text one level up. */
    struct cvk_slice text[CVK_MAX_CARVE_LEVELS + 1];
    size_t at[CVK_MAX_CARVE_LEVELS + 1];
    size_t begin[CVK_MAX_CARVE_LEVELS + 1];
    size_t level;
};

enum cvk_proof {
    CVK_PROOF_FOUND, /* the last hit is new */
    CVK_PROOF_NOTHING,
    CVK_PROOF_CUT, /* with more text there may be something */
    CVK_PROOF_NO_MEMORY,
};

/* Adds the record of a document that lies at [from, to) of the view's text;
 * NULL when memory is exhausted. */
struct cvk_hit *cvk_anchored_hit(struct cvk_anchored *t,
                                 enum cvk_carve_source source, size_t from,
                                 size_t to);

/* The config around the anchor, undoing as many levels of escapes as it has. */
enum cvk_proof cvk_anchored_config(struct cvk_anchored *t);

/* The backup that the anchor is the beginning of. */
enum cvk_proof cvk_anchored_backup(struct cvk_anchored *t);

#endif
