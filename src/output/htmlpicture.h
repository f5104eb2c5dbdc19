/* SPDX-License-Identifier: MIT */
/* The picture of a report: which key, in which store, through which disk
 * encryption set, leads to which files. Bounded: it keeps the first ways that
 * it is told of, and counts the rest. */
#ifndef CVK_OUTPUT_HTMLPICTURE_H
#define CVK_OUTPUT_HTMLPICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/finding.h"
#include "base/limits.h"
#include "base/sha256.h"

/* Columns before the files. */
enum { CVK_PICTURE_KEY, CVK_PICTURE_STORE, CVK_PICTURE_DES, CVK_PICTURE_BOXES };

/* What is known of one box; absent texts are not known. whole tells it from
 * others, and is what the picture's reader is told in full. */
struct cvk_picture_label {
    struct cvk_slice whole, name, detail;
};

struct cvk_picture_box {
    uint8_t id[CVK_SHA256_SIZE]; /* of whole */
    bool known;
    struct cvk_text whole, name, detail;
    unsigned middle, ways; /* sum of the middles of its ways, their number */
    unsigned y;
};

struct cvk_picture_way {
    size_t box[CVK_PICTURE_BOXES];
    uint64_t files;
    struct cvk_text file[CVK_MAX_PICTURE_FILES];
    unsigned y, height;
};

struct cvk_picture {
    struct cvk_buf text;
    struct cvk_picture_box boxes[CVK_PICTURE_BOXES][CVK_MAX_PICTURE_WAYS];
    size_t n_boxes[CVK_PICTURE_BOXES];
    struct cvk_picture_way ways[CVK_MAX_PICTURE_WAYS];
    size_t n_ways;
    uint64_t drawn;    /* files of the ways */
    uint64_t left_out; /* files of ways there was no room for */
};

void cvk_picture_init(struct cvk_picture *p);
void cvk_picture_clear(struct cvk_picture *p);

/* One more file. False when memory is exhausted. */
bool cvk_picture_add(struct cvk_picture *p,
                     const struct cvk_picture_label labels[CVK_PICTURE_BOXES],
                     struct cvk_slice file);

/* Appends the picture as a figure, with what was left out. */
void cvk_picture_put(struct cvk_picture *p, struct cvk_buf *out);

#endif
