/* SPDX-License-Identifier: MIT */
#include "os/fileset.h"

#include <stdlib.h>

enum { FIRST_SIZE = 64 };

void cvk_fileset_init(struct cvk_fileset *s)
{
    *s = (struct cvk_fileset){0};
}

void cvk_fileset_clear(struct cvk_fileset *s)
{
    free(s->slots);
    cvk_fileset_init(s);
}

/* The slot that holds id, or the free one where it belongs; there always is
 * one. Inode numbers are often consecutive: good enough as they are. */
static struct cvk_file_id *find(const struct cvk_fileset *s,
                                struct cvk_file_id id)
{
    size_t i = (size_t)(id.inode ^ id.device * 31) & (s->size - 1);

    while (s->slots[i].known && (s->slots[i].inode != id.inode ||
                                 s->slots[i].device != id.device))
        i = (i + 1) & (s->size - 1);
    return &s->slots[i];
}

/* Twice the slots, so that at most half of them are in use. */
static bool grow(struct cvk_fileset *s)
{
    struct cvk_fileset bigger = {.n = s->n,
                                 .size = s->size ? 2 * s->size : FIRST_SIZE};

    bigger.slots = calloc(bigger.size, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < s->size; i++)
        if (s->slots[i].known)
            *find(&bigger, s->slots[i]) = s->slots[i];
    free(s->slots);
    *s = bigger;
    return true;
}

bool cvk_fileset_add(struct cvk_fileset *s, struct cvk_file_id id)
{
    struct cvk_file_id *slot;

    if (2 * (s->n + 1) > s->size && !grow(s))
        return false;
    slot = find(s, id);
    s->n += !slot->known;
    *slot = id;
    return true;
}

bool cvk_fileset_has(const struct cvk_fileset *s, struct cvk_file_id id)
{
    return s->n && id.known && find(s, id)->known;
}
