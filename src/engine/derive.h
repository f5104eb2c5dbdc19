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
#include "evidence/manifest.h"
#include "evidence/second.h"
#include "input/source.h"

/* Reused from config to config; one that is asked for again at once is not
 * read again. An archive stays open from one of its members to the next. */
struct cvk_derive {
    struct cvk_source file;      /* what stands under the path */
    struct cvk_source inner;     /* a member of it */
    struct cvk_source *config;   /* the one of these that is the config */
    struct cvk_archive *archive; /* a reader, made with the first one */
    bool in_archive;             /* file is one, and open */
    struct cvk_buf wide;         /* UTF-16 as UTF-8 */
    struct cvk_second second;
    bool parsed; /* by second */

    /* The config at hand, as its row names it; what loading it said. */
    struct cvk_buf path, member;
    bool is_member;
    uint8_t sha256[CVK_SHA256_SIZE];
    enum cvk_code code;
    bool known;

    char why[CVK_MAX_FINDING_TEXT]; /* of CVK_E_VERIFY_MEMBER */
};

void cvk_derive_init(struct cvk_derive *d);
void cvk_derive_clear(struct cvk_derive *d);

/* Loads the config that a row is of, no longer than max bytes. Codes and words
 * (d->config->why) as cvk_source_load, and CVK_E_MEMORY. Members are looked for
 * in the order of their archive, each behind the one before:
 * CVK_E_VERIFY_MEMBER if it is not there, or cannot be read. */
enum cvk_code cvk_derive_load(struct cvk_derive *d,
                              const struct cvk_manifest_row *row, uint64_t max,
                              const atomic_int *cancel);

/* True if the archive that a row is of is still open: cvk_derive_end reads it
 * to its end, so that d->file has its size and hash. Codes as
 * cvk_source_close. */
bool cvk_derive_is_in(const struct cvk_derive *d,
                      const struct cvk_manifest_row *row);
enum cvk_code cvk_derive_end(struct cvk_derive *d);

/* Size and SHA-256 of the key backup at pointer of the config loaded last.
 * CVK_OK; CVK_E_CROSS_DISAGREEMENT if there is none, *why saying so; _MEMORY.
 */
enum cvk_code cvk_derive_backup(struct cvk_derive *d, struct cvk_slice pointer,
                                uint64_t *size, uint8_t sha256[CVK_SHA256_SIZE],
                                const char **why);

/* Holds what a record says against the config derived from last; codes and
 * words (why) as cvk_claims_check. */
enum cvk_code cvk_derive_compare(struct cvk_derive *d,
                                 const struct cvk_dom *record,
                                 char why[CVK_MAX_FINDING_TEXT]);

#endif
