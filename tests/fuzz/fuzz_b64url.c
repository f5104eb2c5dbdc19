/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=128 */
/* base64url as in JWE segments: the program's decoder and the obvious one
 * agree, also on what is wrong and where. */
#include <stdlib.h>

#include "evidence/b64.h"
#include "fuzz.h"
#include "reference.h"

/* Where the first character stands that is none of the alphabet. */
static size_t first_bad(struct cvk_slice text)
{
    size_t i = 0;

    while (i < text.n && memchr(ref_b64_url, text.p[i], 64))
        i++;
    return i;
}

static void check_text(struct cvk_slice text)
{
    static struct cvk_buf expected = {.max = 1 << 30};
    uint8_t *out = malloc(cvk_b64_room(text.n));
    size_t n, error_at, bad = first_bad(text);
    enum cvk_b64url_end end;
    bool unused;

    fuzz_require(out);
    end = cvk_b64url_decode(text, out, &n, &error_at);
    fuzz_require((end == CVK_B64URL_ALPHABET) == (bad < text.n));
    fuzz_require(bad == text.n || (error_at == bad && n <= bad / 4 * 3));
    expected.n = 0;
    if (end != CVK_B64URL_ALPHABET) {
        fuzz_require(ref_b64_decode(ref_b64_url, text, &expected, &unused) ==
                     (end != CVK_B64URL_LENGTH));
        fuzz_require(
            cvk_slice_equal(cvk_buf_slice(&expected), cvk_slice_of(out, n)));
        fuzz_require(end == CVK_B64URL_LENGTH ||
                     unused == (end == CVK_B64URL_UNUSED_BITS));
    }
    if (end == CVK_B64URL_OK) {
        fuzz_require(cvk_b64_length(n) == text.n);
        expected.n = 0;
        ref_b64_encode(ref_b64_url, cvk_slice_of(out, n), &expected);
        fuzz_require(cvk_slice_equal(cvk_buf_slice(&expected), text));
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf text = {.max = 1 << 30};
    struct cvk_slice input = cvk_slice_of(data, size);

    check_text(input);
    for (size_t i = 0; i < size; i++)
        fuzz_require(cvk_b64url_char(data[i]) ==
                     (memchr(ref_b64_url, data[i], 64) != NULL));
    text.n = 0;
    ref_b64_encode(ref_b64_url, input, &text);
    check_text(cvk_buf_slice(&text));
    return 0;
}
