/* SPDX-License-Identifier: MIT */
/* The backups of a run by their SHA-256: the same one may lie in an image many
 * times, and becomes one blob. */
#ifndef CVK_ENGINE_SEEN_H
#define CVK_ENGINE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"
#include "base/sha256.h"

/* The first time a backup was seen, and what became of its blob. */
struct cvk_seen_entry {
    bool used;
    uint8_t sha256[CVK_SHA256_SIZE];
    uint64_t offset;
    bool partial;
    bool published; /* what follows is known */
    bool written, synced;
    enum cvk_code code; /* why it was not written */
};

struct cvk_seen {
    struct cvk_seen_entry *slots;
    size_t n, size;
};

void cvk_seen_init(struct cvk_seen *s);
void cvk_seen_clear(struct cvk_seen *s);

/* NULL if it was not seen. Entries move when one is added. */
struct cvk_seen_entry *cvk_seen_find(const struct cvk_seen *s,
                                     const uint8_t sha256[CVK_SHA256_SIZE]);

/* A new entry, for what was not seen; NULL when memory is exhausted. */
struct cvk_seen_entry *cvk_seen_add(struct cvk_seen *s,
                                    const uint8_t sha256[CVK_SHA256_SIZE]);

#endif
