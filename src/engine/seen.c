/* SPDX-License-Identifier: MIT */
#include "engine/seen.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 }; /* slots; a power of two, as all sizes */

void cvk_seen_init(struct cvk_seen *s)
{
    *s = (struct cvk_seen){0};
}

void cvk_seen_clear(struct cvk_seen *s)
{
    free(s->slots);
    cvk_seen_init(s);
}

/* The slot of a digest, or the free one where it belongs. A digest is as good
 * as random: nobody can choose where it goes. */
static struct cvk_seen_entry *find_slot(struct cvk_seen_entry *slots,
                                        size_t size, const uint8_t *sha256)
{
    uint64_t h;
    size_t i;

    memcpy(&h, sha256, sizeof h);
    for (i = (size_t)h & (size - 1); slots[i].used; i = (i + 1) & (size - 1))
        if (memcmp(slots[i].sha256, sha256, CVK_SHA256_SIZE) == 0)
            break;
    return &slots[i];
}

struct cvk_seen_entry *cvk_seen_find(const struct cvk_seen *s,
                                     const uint8_t sha256[CVK_SHA256_SIZE])
{
    struct cvk_seen_entry *e;

    if (!s->size)
        return NULL;
    e = find_slot(s->slots, s->size, sha256);
    return e->used ? e : NULL;
}

static bool grow(struct cvk_seen *s)
{
    size_t size = s->size ? 2 * s->size : FIRST_SIZE;
    struct cvk_seen_entry *slots = calloc(size, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < s->size; i++)
        if (s->slots[i].used)
            *find_slot(slots, size, s->slots[i].sha256) = s->slots[i];
    free(s->slots);
    s->slots = slots;
    s->size = size;
    return true;
}

struct cvk_seen_entry *cvk_seen_add(struct cvk_seen *s,
                                    const uint8_t sha256[CVK_SHA256_SIZE])
{
    struct cvk_seen_entry *e;

    if (2 * s->n >= s->size && !grow(s))
        return NULL;
    e = find_slot(s->slots, s->size, sha256);
    s->n += !e->used;
    *e = (struct cvk_seen_entry){.used = true};
    memcpy(e->sha256, sha256, CVK_SHA256_SIZE);
    return e;
}
