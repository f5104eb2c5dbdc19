/* SPDX-License-Identifier: MIT */
/* What one document gave: its records, and their blobs on the way to disk. */
#ifndef CVK_ENGINE_RESULT_H
#define CVK_ENGINE_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "evidence/record.h"
#include "os/fileset.h"
#include "os/outfile.h"

/* The records of one document, in its order; at least one. */
struct cvk_result {
    struct cvk_record *records;
    struct cvk_outfile *files; /* of each record; fd is -1 where there is none */
    size_t n;
    size_t size;
    struct cvk_file_id input; /* the file that was read */
    size_t counted; /* bytes, by whoever limits how many wait */
};

void cvk_result_init(struct cvk_result *result);

/* Discards what is still staged and frees all. */
void cvk_result_clear(struct cvk_result *result);

/* Empties it, after its files were published. What an unusually large document
 * took is given back, the rest is kept for the next one. */
void cvk_result_reset(struct cvk_result *result);

/* Bytes it holds: memory, and those of the files that are staged. */
size_t cvk_result_cost(const struct cvk_result *result);

/* Makes room for n records. Those in use must not move later: whoever stages a
 * file keeps its address. False when memory is exhausted. */
bool cvk_result_reserve(struct cvk_result *result, size_t n);

/* Moves the records from number n on, none of which has a file, to rest, which
 * is empty. False when memory is exhausted. */
bool cvk_result_split(struct cvk_result *result, size_t n,
                      struct cvk_result *rest);

/* The next record, for which there is room: a copy of what base knows. NULL
 * when memory is exhausted. */
struct cvk_record *cvk_result_add(struct cvk_result *result,
                                  const struct cvk_record *base);

#endif
