/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

void cvk_sha256(struct cvk_slice s, uint8_t digest[CVK_SHA256_SIZE])
{
    struct sha256_ctx ctx;

    sha256_init(&ctx);
    sha256_update(&ctx, s.n, s.p);
    sha256_digest(&ctx, CVK_SHA256_SIZE, digest);
}

void cvk_sha256_hex(const uint8_t digest[CVK_SHA256_SIZE],
                    char hex[CVK_SHA256_HEX_SIZE])
{
    base16_encode_update(hex, CVK_SHA256_SIZE, digest);
    hex[CVK_SHA256_HEX_SIZE - 1] = '\0';
}

int cvk_sha256_library_major(void)
{
    return nettle_version_major();
}

int cvk_sha256_library_minor(void)
{
    return nettle_version_minor();
}
