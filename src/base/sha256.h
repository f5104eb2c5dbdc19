/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), done by nettle. */
#ifndef CVK_BASE_SHA256_H
#define CVK_BASE_SHA256_H

#include <stdint.h>

#include <nettle/sha2.h>

#include "base/slice.h"

#define CVK_SHA256_SIZE 32
#define CVK_SHA256_HEX_SIZE 65

/* The same piece by piece: start, add as often as needed, finish. */
struct cvk_sha256_state {
    struct sha256_ctx context;
};

void cvk_sha256_start(struct cvk_sha256_state *s);
void cvk_sha256_add(struct cvk_sha256_state *s, struct cvk_slice piece);
void cvk_sha256_finish(struct cvk_sha256_state *s,
                       uint8_t digest[CVK_SHA256_SIZE]);

void cvk_sha256(struct cvk_slice s, uint8_t digest[CVK_SHA256_SIZE]);

/* Lower-case hexadecimal digits and a NUL. */
void cvk_sha256_hex(const uint8_t digest[CVK_SHA256_SIZE],
                    char hex[CVK_SHA256_HEX_SIZE]);

/* Version of nettle in use. */
int cvk_sha256_library_major(void);
int cvk_sha256_library_minor(void);

#endif
