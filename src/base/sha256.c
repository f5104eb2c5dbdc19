/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <nettle/base16.h>
#include <nettle/version.h>

void cvk_sha256_start(struct cvk_sha256_state *s)
{
    sha256_init(&s->context);
}

void cvk_sha256_add(struct cvk_sha256_state *s, struct cvk_slice piece)
{
    sha256_update(&s->context, piece.n, piece.p);
}

void cvk_sha256_finish(struct cvk_sha256_state *s,
                       uint8_t digest[CVK_SHA256_SIZE])
{
    sha256_digest(&s->context, CVK_SHA256_SIZE, digest);
}

void cvk_sha256(struct cvk_slice s, uint8_t digest[CVK_SHA256_SIZE])
{
    struct cvk_sha256_state state;

    cvk_sha256_start(&state);
    cvk_sha256_add(&state, s);
    cvk_sha256_finish(&state, digest);
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
