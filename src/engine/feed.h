/* SPDX-License-Identifier: MIT */
/* What there is to do, one item after the other: the inputs named, and what a
 * walk finds in those that are directories. */
#ifndef CVK_ENGINE_FEED_H
#define CVK_ENGINE_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/slice.h"
#include "os/fileset.h"
#include "os/infile.h"
#include "os/walk.h"

/* Inputs as they were named. */
struct cvk_inputs {
    char *const *paths;
    size_t n_paths;
    struct cvk_slice list; /* further names, each ended by a NUL */
    bool parents;          /* blobs of paths keep the directories */

    /* Directories that are not walked, as what the run writes itself; may be
     * NULL. *told: the records need not speak of it. */
    bool (*own)(void *context, struct cvk_file_id id, bool *told);
    void *context;
};

/* One input. */
struct cvk_item {
    struct cvk_buf text;    /* the input's path as records name it, and a NUL */
    struct cvk_location at; /* how to open it; its dir is kept */
    size_t below;           /* where in text the part starts that names blobs */
    bool parents;           /* blobs keep the directories of that part */
    bool found;             /* by a walk */
    enum cvk_code code;     /* not CVK_OK: there is nothing to read, and why */
    int error;              /* errno of code, 0 for none */
};

void cvk_item_init(struct cvk_item *item);

/* Lets go of what the item holds; its memory is kept for the next one. */
void cvk_item_reset(struct cvk_item *item);
void cvk_item_clear(struct cvk_item *item);

struct cvk_feed {
    const struct cvk_inputs *inputs;
    size_t next;     /* of paths */
    size_t list_at;  /* in list */
    struct cvk_walk *walk;
    const char *root; /* the directory that is being walked */
    bool told;        /* of the last directory that is not walked */
};

void cvk_feed_init(struct cvk_feed *f, const struct cvk_inputs *inputs);
void cvk_feed_clear(struct cvk_feed *f);

/* Puts the next input into item. *ended tells that there is none. CVK_E_MEMORY
 * when there is none to go on. */
enum cvk_code cvk_feed_next(struct cvk_feed *f, struct cvk_item *item,
                            bool *ended);

/* Looks at all inputs without opening them: counts them, and adds those that
 * must not be replaced to kept (unless it is NULL). Blobs and manifests of an
 * earlier run that a walk finds are not among these. CVK_E_MEMORY, CVK_E_IO_READ. */
enum cvk_code cvk_feed_survey(const struct cvk_inputs *inputs,
                              struct cvk_fileset *kept, uint64_t *n);

#endif
