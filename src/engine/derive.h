/* SPDX-License-Identifier: MIT */
/* A key backup once more from its config, by the independent path alone: cJSON
 * and libb64, behind the unpacking and the text decoding that every input
 * goes through. */
#ifndef CVK_ENGINE_DERIVE_H
#define CVK_ENGINE_DERIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/sha256.h"
#include "base/slice.h"
#include "evidence/second.h"
#include "input/source.h"

/* Reused from config to config; one that is asked for again at once is not
 * read again. */
struct cvk_derive {
    struct cvk_source source;
    struct cvk_buf wide;  /* UTF-16 as UTF-8 */
    struct cvk_buf path;  /* of the config at hand */
    struct cvk_second second;
    bool loaded, parsed;  /* how far it has come */
};

void cvk_derive_init(struct cvk_derive *d);
void cvk_derive_clear(struct cvk_derive *d);

/* Loads the config path, which is no longer than max bytes; codes and words
 * (d->source.why) as cvk_source_load, and CVK_E_MEMORY. */
enum cvk_code cvk_derive_load(struct cvk_derive *d, struct cvk_slice path,
                              uint64_t max,
                              const atomic_int *cancel);

/* Size and SHA-256 of the key backup at pointer of the config loaded last.
 * CVK_OK; CVK_E_CROSS_DISAGREEMENT if there is none, *why saying so; _MEMORY. */
enum cvk_code cvk_derive_backup(struct cvk_derive *d, struct cvk_slice pointer,
                                uint64_t *size,
                                uint8_t sha256[CVK_SHA256_SIZE],
                                const char **why);

#endif
