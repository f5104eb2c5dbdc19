/* SPDX-License-Identifier: MIT */
/* Base64 as [System.Convert]::FromBase64String takes it, and the base64url of
 * JWE segments; both strict, both say what they saw. */
#ifndef CVK_EVIDENCE_B64_H
#define CVK_EVIDENCE_B64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code.h"
#include "base/slice.h"

/* What a text holds and how it ends. Offsets count bytes of the text. */
struct cvk_b64 {
    size_t size;             /* decoded bytes */
    size_t symbols;          /* characters of the alphabet */
    size_t padding;          /* '=' at the end: 0, 1 or 2 */
    size_t whitespace;       /* space, TAB, CR, LF: ignored as .NET does */
    size_t first_whitespace; /* offset of the first, if there is any */
    bool unpadded;           /* nothing but the padding is missing */
    bool unused_bits;        /* bits behind the last byte are not zero */
    size_t last_symbol;      /* offset of the last alphabet character */
    size_t error_at;         /* of the first character that is wrong */
};

/* Bytes the output of either function must have room for, at least. */
static inline size_t cvk_b64_room(size_t text_size)
{
    return text_size / 4 * 3 + 4;
}

/* Decodes text (RFC 4648 section 4, with the white space .NET ignores). The
 * bytes are complete also for CVK_OK with r->unpadded, which .NET refuses and
 * the caller must judge. Returns CVK_OK or the cause: CVK_E_B64_ALPHABET,
 * _URL_ALPHABET, _PERCENT_ENCODED, _UTF16, _LENGTH, _PADDING; r->error_at says
 * where. */
enum cvk_code cvk_b64_decode(struct cvk_slice text, uint8_t *out,
                             struct cvk_b64 *r);

enum cvk_b64url_end {
    CVK_B64URL_OK,
    CVK_B64URL_ALPHABET,    /* a character outside RFC 4648 section 5 */
    CVK_B64URL_LENGTH,      /* 1 character more than a multiple of 4 */
    CVK_B64URL_UNUSED_BITS, /* bits behind the last byte are not zero */
};

/* Decodes unpadded base64url, nothing ignored. *size is the number of bytes,
 * *error_at the offset of what is wrong. */
enum cvk_b64url_end cvk_b64url_decode(struct cvk_slice text, uint8_t *out,
                                      size_t *size, size_t *error_at);

/* Characters of unpadded base64 for n bytes. */
static inline size_t cvk_b64_length(size_t n)
{
    return n / 3 * 4 + (n % 3 ? n % 3 + 1 : 0);
}

/* True for A-Z a-z 0-9 - and _. */
bool cvk_b64url_char(uint8_t c);

#endif
