/* SPDX-License-Identifier: MIT */
/* Inputs that lie in memory: as a source of an archive, and as a file. */
#ifndef CVK_TESTS_MEMORY_H
#define CVK_TESTS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "input/archive.h"

struct fuzz_source {
    struct cvk_slice bytes;
    size_t chunk; /* most bytes of one read, at least 1 */
    size_t at;
};

/* The io of a source, which is borrowed and starts anew. */
struct cvk_archive_io fuzz_source_io(struct fuzz_source *s);

/* What became of an archive, in numbers that two readings must share. */
struct fuzz_listing {
    enum cvk_code code; /* of the last step */
    enum cvk_code finish;
    uint64_t error_at;
    size_t members, unreadable;
    uint64_t bytes;  /* of the contents, those of which the beginning is known
                      * with it */
    uint64_t digest; /* of names, facts, codes and contents */
};

/* Called for each member that is read; code is of reading it. */
typedef void fuzz_member(const struct cvk_member *m, enum cvk_code code,
                         struct cvk_slice content, const struct fuzz_source *s);

/* Lists an archive and reads every member of at most max bytes, and holds what
 * input/archive.h promises of each call. member may be NULL. */
struct fuzz_listing fuzz_list(enum cvk_archive_kind kind, struct fuzz_source *s,
                              uint64_t max, fuzz_member *member);

bool fuzz_listing_equal(const struct fuzz_listing *a,
                        const struct fuzz_listing *b);

/* Path of a file that holds the bytes, until the next call. */
const char *fuzz_file(struct cvk_slice bytes);

#endif
