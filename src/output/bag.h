/* SPDX-License-Identifier: MIT */
/* A BagIt bag (RFC 8493) of a run: blobs and manifest are its payload, in the
 * folder data; the tag files beside it tell what is in there. bagit.txt, which
 * declares it to be a bag, gets its name last: a folder without it, or where it
 * is empty, is none. */
#ifndef CVK_OUTPUT_BAG_H
#define CVK_OUTPUT_BAG_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/record.h"
#include "output/listing.h"

struct cvk_bag_options {
    const char *path; /* of the bag */
    const char *data; /* of its payload, cvk_bag_data */
    bool replace;     /* --force: also a complete bag */
    bool resume;      /* what is there of an unfinished one */
    bool sync;
};

struct cvk_bag {
    bool open;
    bool broken; /* not to be finished: a line is missing */
    struct cvk_bag_options options;
    struct cvk_listing declaration; /* bagit.txt */
    struct cvk_listing payload;     /* manifest-sha256.txt */
    struct cvk_listing info;        /* bag-info.txt */
    struct cvk_listing tags;        /* tagmanifest-sha256.txt */
    const struct cvk_listing *failed; /* NULL: none of these */
    uint64_t files, bytes;            /* of the payload */
};

/* What bag-info.txt says of the run. */
struct cvk_bag_facts {
    const char *version;      /* of the program */
    const char *const *notes; /* KEY=VALUE, in UTF-8 */
    size_t n_notes;
    int64_t time; /* seconds since 1970, UTC */
    uint32_t time_ns;
    struct cvk_listing *manifest; /* published, and hashed */
};

/* The payload's folder; free() it. NULL when memory is exhausted. */
char *cvk_bag_data(const char *path);

void cvk_bag_init(struct cvk_bag *b);

/* Starts the tag files. CVK_E_IO_EXISTS if there is a bag, or something in its
 * data folder, that must stay; else as cvk_listing_open. */
enum cvk_code cvk_bag_open(struct cvk_bag *b, const struct cvk_bag_options *o);

/* To be called when nothing is in the way any more, before the payload changes:
 * a complete bag that is replaced gets an empty bagit.txt, and is none. */
enum cvk_code cvk_bag_withdraw(struct cvk_bag *b);

/* Names the blob of r, if it has one. */
enum cvk_code cvk_bag_add(struct cvk_bag *b, const struct cvk_record *r);

/* Completes the bag. CVK_E_BAG_EXTRA if there are files in data that it does
 * not name: it is not declared then, as after any other error. */
enum cvk_code cvk_bag_finish(struct cvk_bag *b, const struct cvk_bag_facts *f);

void cvk_bag_clear(struct cvk_bag *b);

#endif
