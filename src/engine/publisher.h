/* SPDX-License-Identifier: MIT */
/* The end of the line: results in input order become a group; the group is
 * published, counted and reported. */
#ifndef CVK_ENGINE_PUBLISHER_H
#define CVK_ENGINE_PUBLISHER_H

#include "base/limits.h"
#include "engine/batch.h"

struct cvk_publisher {
    const struct cvk_batch *batch;
    struct cvk_summary *summary;
    struct cvk_kept kept; /* files that must not be replaced or taken */
    bool keep;            /* kept is in use */
    uint64_t total;       /* inputs, 0 if not known */
    size_t limit;         /* results of one group */

    struct cvk_result group[CVK_MAX_GROUP];
    size_t n;
    size_t staged; /* files among them */
    size_t bytes;  /* counted of them */

    /* Of one call of publish. */
    struct cvk_record *records[CVK_MAX_GROUP + CVK_MAX_BACKUPS];
    struct cvk_outfile *files[CVK_MAX_GROUP + CVK_MAX_BACKUPS];
};

/* NULL when memory is exhausted. group is how many results make a group, at
 * most CVK_MAX_GROUP. */
struct cvk_publisher *cvk_publisher_new(const struct cvk_batch *b,
                                        size_t group,
                                        struct cvk_summary *summary);
void cvk_publisher_free(struct cvk_publisher *p);

/* Takes the next result, in exchange for an empty one. */
void cvk_publisher_take(struct cvk_publisher *p, struct cvk_result *result);

/* True when the group is large enough to be published. */
bool cvk_publisher_full(const struct cvk_publisher *p);

/* Publishes, counts and reports the group. False when memory is exhausted:
 * nothing of the group is left then. It is empty either way. */
bool cvk_publisher_flush(struct cvk_publisher *p);

#endif
