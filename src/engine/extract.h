/* SPDX-License-Identifier: MIT */
/* One input -> its records, and the blobs they describe staged. */
#ifndef CVK_ENGINE_EXTRACT_H
#define CVK_ENGINE_EXTRACT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/feed.h"
#include "engine/result.h"
#include "evidence/config.h"
#include "evidence/keybackup.h"
#include "evidence/position.h"
#include "evidence/record.h"
#include "evidence/second.h"
#include "input/source.h"
#include "output/blob.h"

/* How inputs are to be judged. */
struct cvk_extract_options {
    enum cvk_record_type type;
    bool strict;
    bool allow_unknown_format;
    bool cross_check;
    uint64_t max_input_size;
    const atomic_int *cancel;
};

/* What becomes of results. */
struct cvk_extract_sink {
    void *context;
    /* A record is about to join these of its document: waits until there is
     * room for it. NULL: there always is. */
    void (*room)(void *context, const struct cvk_result *result);
    /* The bytes of a backup that was found good, one of total in the document;
     * may refuse the record or stage a file. NULL: nothing is written. */
    void (*take)(void *context, struct cvk_record *r, struct cvk_outfile *f,
                 const struct cvk_blob_source *from, struct cvk_slice blob,
                 size_t total);
    /* The result of an archive's member is complete; it is emptied, and used
     * again for the next one. False: no more are wanted. */
    bool (*deliver)(void *context, struct cvk_result *result);
};

/* Working memory of one thread, kept from input to input. */
struct cvk_extract {
    struct cvk_source file;    /* the input */
    struct cvk_source inner;   /* a member of it, if it is an archive */
    struct cvk_source *source; /* the one of these that is being read */
    struct cvk_archive *archive; /* made with the first one */
    const struct cvk_item *item;
    struct cvk_slice member;   /* name; .p NULL outside of archives */
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

/* The start of a record for the item, or for the member x->member of it. False
 * when memory is exhausted. */
bool cvk_extract_begin(struct cvk_extract *x, enum cvk_record_type type);

/* Puts what is known of x->source into that record. */
void cvk_extract_take_facts(struct cvk_extract *x);

/* Goes on with what x->source holds; code is what loading it said, of which
 * the record has not been told. */
bool cvk_extract_document(struct cvk_extract *x, enum cvk_code code,
                          const struct cvk_extract_sink *sink,
                          struct cvk_result *result);

/* Goes on with a config that was found in text, which a NUL follows; encoding
 * is how the text lay there. */
bool cvk_extract_text(struct cvk_extract *x, struct cvk_slice text,
                      enum cvk_encoding encoding,
                      const struct cvk_extract_sink *sink,
                      struct cvk_result *result);

/* Ends the result with the base record alone. */
bool cvk_extract_end(struct cvk_extract *x, struct cvk_result *result);

#endif
