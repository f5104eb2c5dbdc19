/* SPDX-License-Identifier: MIT */
/* One input -> its records, and the blobs they describe staged. */
#ifndef CVK_ENGINE_EXTRACT_H
#define CVK_ENGINE_EXTRACT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "evidence/config.h"
#include "evidence/keybackup.h"
#include "evidence/position.h"
#include "evidence/record.h"
#include "evidence/second.h"
#include "input/source.h"

/* How inputs are to be judged. */
struct cvk_extract_options {
    enum cvk_record_type type;
    bool strict;
    bool allow_unknown_format;
    bool cross_check;
    uint64_t max_input_size;
    const volatile sig_atomic_t *cancel;
};

/* Receives the bytes of a backup that was found good; may refuse the record.
 * ordinal counts the keys' or the secrets' backups of the input from 1; there
 * are total of both. */
struct cvk_extract_sink {
    void *context;
    void (*take)(void *context, struct cvk_record *r, struct cvk_slice blob,
                 size_t ordinal, size_t total);
};

/* The records of one input, in document order; at least one. */
struct cvk_result {
    struct cvk_record *records;
    size_t n;
    size_t size;
    struct cvk_file_id input; /* the file that was read */
};

void cvk_result_init(struct cvk_result *result);
void cvk_result_clear(struct cvk_result *result);

/* Working memory of one thread, kept from input to input. */
struct cvk_extract {
    struct cvk_source source;
    struct cvk_buf wide;     /* UTF-16 as UTF-8 */
    struct cvk_buf value;    /* key data without escapes */
    struct cvk_buf decoded;  /* key data as bytes */
    struct cvk_buf scratch;  /* ciphertext */
    struct cvk_buf table;    /* search for repeated blocks */
    struct cvk_config config;
    struct cvk_keybackup backup;
    struct cvk_second second;
    struct cvk_record base;  /* what all records of the input share */
    struct cvk_document_text doc;
    const struct cvk_extract_options *options;
};

/* NULL when memory is exhausted. */
struct cvk_extract *cvk_extract_new(const struct cvk_extract_options *options);
void cvk_extract_free(struct cvk_extract *x);

/* Extracts path ("-" is standard input) into result; sink may be NULL. False
 * only if there is no memory for a single record: then nothing can be said of
 * the input at all. */
bool cvk_extract_one(struct cvk_extract *x, const char *path,
                     const struct cvk_extract_sink *sink,
                     struct cvk_result *result);

#endif
