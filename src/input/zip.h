/* SPDX-License-Identifier: MIT */
/* A zip, member by member, in the order of its central directory. The contract
 * of each call is that of archive.h. */
#ifndef CVK_INPUT_ZIP_H
#define CVK_INPUT_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/slice.h"
#include "input/archive.h"
#include "input/fault.h"
#include "input/gzip.h"

struct cvk_zip;

/* NULL when memory is exhausted. free takes NULL. */
struct cvk_zip *cvk_zip_new(void);
void cvk_zip_free(struct cvk_zip *z);

/* True if the bytes are the start of a zip. */
bool cvk_zip_starts(struct cvk_slice head);

/* io is copied, inflate and fault are borrowed until close or free. After an
 * error z is closed. */
enum cvk_code cvk_zip_open(struct cvk_zip *z, const struct cvk_archive_io *io,
                           struct cvk_inflate *inflate,
                           struct cvk_fault *fault);
void cvk_zip_close(struct cvk_zip *z);

enum cvk_code cvk_zip_next(struct cvk_zip *z, struct cvk_member *m,
                           bool *ended);
enum cvk_code cvk_zip_read(struct cvk_zip *z, uint64_t max,
                           struct cvk_buf *out);

/* Where the archive ends; what follows belongs to none. */
uint64_t cvk_zip_end(const struct cvk_zip *z);

#endif
