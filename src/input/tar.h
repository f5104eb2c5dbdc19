/* SPDX-License-Identifier: MIT */
/* A tar, member by member. The contract of each call is that of archive.h. */
#ifndef CVK_INPUT_TAR_H
#define CVK_INPUT_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "input/archive.h"
#include "input/fault.h"
#include "input/pax.h"
#include "input/stream.h"
#include "input/tarheader.h"

struct cvk_tar {
    struct cvk_stream *stream; /* borrowed */
    struct cvk_fault *fault;   /* borrowed */
    bool ended;

    /* Of the current member. */
    uint64_t header_at;
    uint64_t left;      /* of its content, and the padding behind it */
    uint64_t padding;
    struct cvk_buf name;
    bool sparse;

    /* Of the extended headers before it. */
    struct cvk_pax pax;
    struct cvk_buf records;   /* what pax points into */
    struct cvk_buf long_name; /* GNU */
    bool has_long_name;
    bool has_extended;
    uint8_t block[CVK_TAR_BLOCK];
};

void cvk_tar_init(struct cvk_tar *t);
void cvk_tar_clear(struct cvk_tar *t);

void cvk_tar_open(struct cvk_tar *t, struct cvk_stream *stream,
                  struct cvk_fault *fault);
enum cvk_code cvk_tar_next(struct cvk_tar *t, struct cvk_member *m,
                           bool *ended);
enum cvk_code cvk_tar_read(struct cvk_tar *t, uint64_t max,
                           struct cvk_buf *out);

/* Behind the end: looks on until something else than zeros stands there, which
 * is told in fault as CVK_E_ARCHIVE_JOINED or _TRAILING. Returns what reading
 * says. */
enum cvk_code cvk_tar_finish(struct cvk_tar *t);

#endif
