/* SPDX-License-Identifier: MIT */
/* Key backups made up from a few sizes, and their base64 text: nothing here
 * was ever written by a service. */
#ifndef CVK_TESTS_SAMPLE_H
#define CVK_TESTS_SAMPLE_H

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "evidence/keybackup.h"

#define SAMPLE_MAGIC "AzureKeyVaultKeyBackupV1.microsoft.com"
#define SAMPLE_SECRET_MAGIC "AzureKeyVaultSecretBackupV1.microsoft.com"
#define SAMPLE_KID "01234567-89ab-cdef-0123-456789abcdef"
#define SAMPLE_HEADER(kid, alg, enc)                                           \
    "{\"kid\":\"" kid "\",\"alg\":\"" alg "\",\"enc\":\"" enc "\"}"
#define SAMPLE_OLD SAMPLE_HEADER(SAMPLE_KID, "RSA-OAEP", "A128CBC-HS256")
#define SAMPLE_NEW SAMPLE_HEADER(SAMPLE_KID, "RSA-OAEP-256", "A256CBC-HS512")
#define SAMPLE_HSM                                                             \
    "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\","                              \
    "\"kid\":\"backup-protection-key\"}"

/* One key backup: sizes of the segments in bytes. */
struct sample {
    const char *magic; /* NULL for none, as a Managed HSM has it */
    const char *header;
    size_t key, iv, ciphertext, tag;
};

static const struct sample sample_vault = {SAMPLE_MAGIC, SAMPLE_NEW, 256, 16,
                                           160, 32};
static const struct sample sample_old = {SAMPLE_MAGIC, SAMPLE_OLD, 256, 16,
                                         144, 16};
static const struct sample sample_hsm = {NULL, SAMPLE_HSM, 0, 16, 176, 32};
static const struct sample sample_secret = {SAMPLE_SECRET_MAGIC, SAMPLE_NEW,
                                            256, 16, 160, 32};

/* The same numbers in every run. */
static inline uint32_t sample_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Appends RFC 4648 text of p[0..n): section 4 with padding, or section 5
 * without. */
static inline void sample_encode(struct cvk_buf *out, const void *p, size_t n,
                                 bool url)
{
    static const char base[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789";
    const uint8_t *b = p;

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i < 3 ? n - i : 3;
        uint32_t v = (uint32_t)b[i] << 16;

        v |= left > 1 ? (uint32_t)b[i + 1] << 8 : 0;
        v |= left > 2 ? b[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            uint32_t sextet = v >> (18 - 6 * k) & 63;

            if (k <= left)
                cvk_buf_append_byte(
                    out, (uint8_t)(sextet < 62    ? base[sextet]
                                   : sextet == 62 ? (url ? '-' : '+')
                                                  : (url ? '_' : '/')));
            else if (!url)
                cvk_buf_append_byte(out, '=');
        }
    }
}

/* Appends a segment of n bytes that repeat nothing. */
static inline void sample_segment(struct cvk_buf *out, size_t n, uint64_t seed)
{
    struct cvk_buf bytes;

    cvk_buf_init(&bytes, n);
    for (size_t i = 0; i < n; i++)
        cvk_buf_append_byte(&bytes, (uint8_t)sample_random(&seed));
    sample_encode(out, bytes.p, n, true);
    cvk_buf_clear(&bytes);
}

/* Appends the bytes of a key backup. */
static inline void sample_build(struct cvk_buf *out, const struct sample *s)
{
    if (s->magic) {
        cvk_buf_append_byte(out, (uint8_t)strlen(s->magic));
        cvk_buf_append_string(out, s->magic);
    }
    sample_encode(out, s->header, strlen(s->header), true);
    cvk_buf_append_byte(out, '.');
    sample_segment(out, s->key, 1);
    cvk_buf_append_byte(out, '.');
    sample_segment(out, s->iv, 2);
    cvk_buf_append_byte(out, '.');
    sample_segment(out, s->ciphertext, 3);
    cvk_buf_append_byte(out, '.');
    sample_segment(out, s->tag, 4);
}

/* Appends the base64 text of a key backup. */
static inline void sample_text(struct cvk_buf *out, const struct sample *s)
{
    struct cvk_buf bytes;

    cvk_buf_init(&bytes, 1 << 20);
    sample_build(&bytes, s);
    sample_encode(out, bytes.p, bytes.n, false);
    cvk_buf_clear(&bytes);
}

/* ---- tables ------------------------------------------------------------ */

#define KID "\"kid\":\"" SAMPLE_KID "\""
#define ALG "\"alg\":\"RSA-OAEP\""
#define ENC "\"enc\":\"A256CBC-HS512\""
#define HSM_KID "\"kid\":\"backup-protection-key\""
#define DIR "\"alg\":\"dir\""

/* A key vault's backup; an HSM's with this header; a vault's with this. */
#define VAULT(alg, enc, key, iv, ct, tag)                                      \
    {SAMPLE_MAGIC, SAMPLE_HEADER(SAMPLE_KID, alg, enc), key, iv, ct, tag}
#define HSM(header) {NULL, header, 0, 16, 160, 32}
#define HEADED(header) {SAMPLE_MAGIC, header, 256, 16, 160, 32}
#define MARKED(magic) {magic, SAMPLE_NEW, 256, 16, 160, 32}
#define CBC "A256CBC-HS512"

/* Starts and headers that are well formed, and what in them is new. */
static const struct {
    struct sample sample;
    unsigned newer;
} sample_starts[] = {
    {HSM(SAMPLE_HSM), 0},
    {HEADED("{" KID "," ALG "," ENC "}"), 0},
    {MARKED("AzureKeyVaultKeyBackupV2.microsoft.com"), CVK_NEWER_MAGIC},
    {MARKED("AzureKeyVaultKeyBackupV12.microsoft.com"), CVK_NEWER_MAGIC},
    {MARKED("AzureKeyVaultKeyBackupV01.microsoft.com"), CVK_NEWER_MAGIC},
    {HEADED("{" HSM_KID "," ALG "," ENC "}"), CVK_NEWER_KID},
    {HEADED("{\"kid\":\"0\"," ALG "," ENC "}"), CVK_NEWER_KID},
    {HSM("{" DIR "," ENC "," KID "}"), CVK_NEWER_KID},
    {HSM("{" DIR "," HSM_KID "," ENC "}"), CVK_NEWER_HEADER},
    {HEADED("{" ALG "," ENC "," KID "}"), CVK_NEWER_HEADER},
    {HEADED("{" KID "," ALG ",\"v\":1," ENC "}"), CVK_NEWER_HEADER},
    {HEADED("{" KID "," ALG "," ENC ",\"x\":{\"y\":[1,{\"z\":{}}]}}"),
     CVK_NEWER_HEADER},
    {HEADED("{" KID ", " ALG "," ENC "}"), CVK_NEWER_HEADER},
    {HEADED("{" KID "," ALG "," ENC "\n}"), CVK_NEWER_HEADER},
    {HEADED("{" KID "," ALG "," ENC "\t}"), CVK_NEWER_HEADER},
    {HEADED("{" KID "," ALG "," ENC "\r}"), CVK_NEWER_HEADER},
    {HEADED("{" ALG "," ENC "}"), CVK_NEWER_HEADER | CVK_NEWER_KID},
    {HEADED("{\"KID\":1," ALG "," ENC "}"), CVK_NEWER_HEADER | CVK_NEWER_KID},
};

/* One segment with several sizes. */
#define END SIZE_MAX
#define SIZES(base, segment, code, newer, ...)                                 \
    {base, offsetof(struct sample, segment), code, newer, {__VA_ARGS__, END}}
#define RSA VAULT("RSA-OAEP", CBC, 256, 16, 160, 32)
#define RSA_256 VAULT("RSA-OAEP-256", CBC, 256, 16, 160, 32)
#define OLD_ENC VAULT("RSA-OAEP", "A128CBC-HS256", 256, 16, 160, 16)
#define NEW_ALG VAULT("ML-KEM", CBC, 256, 16, 160, 32)
#define NEW_CASE VAULT("rsa-oaep", CBC, 256, 16, 160, 32)
#define NEW_ENC VAULT("RSA-OAEP", "A256GCM", 256, 12, 77, 16)

static const struct {
    struct sample sample;
    size_t offset; /* of the size in the sample */
    enum cvk_code code;
    unsigned newer;
    size_t sizes[5];
} sample_segments[] = {
    SIZES(RSA, key, 0, 0, 256, 384, 512),
    SIZES(RSA_256, key, 0, 0, 256, 384, 512),
    SIZES(RSA, key, 0, CVK_NEWER_KEY_SIZE, 128, 255, 513, 1024),
    SIZES(RSA, key, CVK_E_BLOB_ENCRYPTED_KEY, 0, 0, 127, 1025),
    SIZES(NEW_ALG, key, 0, CVK_NEWER_ALG, 0, 128, 256, 1024),
    SIZES(NEW_ALG, key, CVK_E_BLOB_ENCRYPTED_KEY, 0, 1, 127, 1025),
    SIZES(NEW_ALG, key, CVK_E_BLOB_SEGMENTS, 0, 9000),
    SIZES(NEW_CASE, key, 0, CVK_NEWER_ALG, 256),
    SIZES(HSM(SAMPLE_HSM), key, CVK_E_BLOB_ENCRYPTED_KEY, 0, 1, 16, 256),
    SIZES(RSA, iv, CVK_E_BLOB_IV, 0, 0, 12, 15, 17),
    SIZES(NEW_ENC, iv, 0, CVK_NEWER_ENC, 1, 12, 64),
    SIZES(NEW_ENC, iv, CVK_E_BLOB_IV, 0, 0, 65),
    SIZES(RSA, ciphertext, 0, 0, 16, 32, 48, 16000),
    SIZES(RSA, ciphertext, CVK_E_BLOB_CIPHERTEXT, 0, 0, 1, 15, 17),
    SIZES(NEW_ENC, ciphertext, 0, CVK_NEWER_ENC, 1, 15, 16),
    SIZES(NEW_ENC, ciphertext, CVK_E_BLOB_CIPHERTEXT, 0, 0),
    SIZES(RSA, tag, CVK_E_BLOB_TRUNCATED, 0, 0, 16, 24, 31),
    SIZES(OLD_ENC, tag, 0, 0, 16),
    SIZES(OLD_ENC, tag, CVK_E_BLOB_TRUNCATED, 0, 0, 15),
    SIZES(NEW_ENC, tag, 0, CVK_NEWER_ENC, 16, 24, 64),
    SIZES(NEW_ENC, tag, CVK_E_BLOB_TRUNCATED, 0, 0, 15),
    SIZES(NEW_ENC, tag, CVK_E_BLOB_TAG, 0, 65, 80),
};

/* Headers that no backup can have. */
static const char *const sample_bad_headers[] = {
    "", "{}", "{" KID "," ENC "}", "{" KID "," ALG "}",
    "{" KID "," ALG "," ALG "," ENC "}", "{" KID "," KID "," ALG "," ENC "}",
    "{\"kid\":1," ALG "," ENC "}", "{" KID ",\"alg\":{}," ENC "}",
    "{" KID ",\"alg\":null," ENC "}", "{" KID ",\"alg\":\"\"," ENC "}",
    "{" KID ",\"alg\":\"RSA\\u002dOAEP\"," ENC "}",
    "{\"kid\":\"\xc3\xa4\"," ALG "," ENC "}",
    "{\"kid\":\"\x7f\"," ALG "," ENC "}",
    "{" KID "," ALG "," ENC ",\"y\":{\"z\":}}",
    "{" KID "," ALG "," ENC ",\"y\":tru}", "{" KID "," ALG "," ENC ",}",
    "{" KID "," ALG "," ENC, "{" KID "," ALG "," ENC ",\"x\\u0000\":1}",
    "[" KID "]", "\"kid\"", "kid"};

#endif
