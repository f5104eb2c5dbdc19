/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=128 */
/* Base64 text: the program's decoder, libb64 and the obvious one agree, and
 * what was decoded is encoded to the same text. */
#include <b64/cdecode.h>
#include <stdlib.h>

#include "evidence/b64.h"
#include "fuzz.h"
#include "reference.h"

/* What the text is made of, counted one by one. */
struct shape {
    struct cvk_buf symbols;
    size_t padding, whitespace, last_symbol;
    bool bad; /* another character, or one behind padding */
};

static void take_apart(struct cvk_slice text, struct shape *s)
{
    s->symbols.n = s->padding = s->whitespace = s->last_symbol = 0;
    s->bad = false;
    fuzz_require(cvk_buf_reserve(&s->symbols, text.n));
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            s->whitespace++;
        } else if (c == '=') {
            s->padding++;
        } else if (s->padding || !memchr(ref_b64_standard, c, 64)) {
            s->bad = true;
        } else {
            s->symbols.p[s->symbols.n++] = c;
            s->last_symbol = i;
        }
    }
}

/* libb64 on the symbols alone, as the second opinion uses it. */
static void check_libb64(struct cvk_slice symbols, struct cvk_slice bytes)
{
    char *out = malloc(cvk_b64_room(symbols.n));
    base64_decodestate state;
    int n = 0;

    fuzz_require(out);
    base64_init_decodestate(&state);
    if (symbols.n)
        n = base64_decode_block((const char *)symbols.p, (int)symbols.n, out,
                                &state);
    fuzz_require(cvk_slice_equal(cvk_slice_of(out, (size_t)n), bytes));
    free(out);
}

static void check_accepted(const struct shape *s, const struct cvk_b64 *r,
                           struct cvk_slice bytes)
{
    static struct cvk_buf expected = {.max = 1 << 30};
    bool unused;

    expected.n = 0;
    fuzz_require(ref_b64_decode(ref_b64_standard, cvk_buf_slice(&s->symbols),
                                &expected, &unused));
    fuzz_require(cvk_slice_equal(cvk_buf_slice(&expected), bytes));
    fuzz_require(unused == r->unused_bits);
    fuzz_require(r->symbols == s->symbols.n && r->padding == s->padding &&
                 r->whitespace == s->whitespace &&
                 r->last_symbol == s->last_symbol);
    check_libb64(cvk_buf_slice(&s->symbols), bytes);
    expected.n = 0;
    ref_b64_encode(ref_b64_standard, bytes, &expected);
    fuzz_require(unused || cvk_slice_equal(cvk_buf_slice(&expected),
                                           cvk_buf_slice(&s->symbols)));
}

static void check_text(struct cvk_slice text)
{
    static struct shape s = {.symbols.max = 1 << 30};
    uint8_t *out = malloc(cvk_b64_room(text.n));
    struct cvk_b64 r;
    enum cvk_code code;
    size_t wanted;

    fuzz_require(out);
    code = cvk_b64_decode(text, out, &r);
    take_apart(text, &s);
    wanted = -s.symbols.n % 4;
    fuzz_require((code == CVK_OK) ==
                 (!s.bad && wanted < 3 && (!s.padding || s.padding == wanted)));
    if (code) {
        fuzz_require(r.error_at <= text.n);
        fuzz_require(cvk_code_class(code) == CVK_CLASS_INPUT);
    } else {
        fuzz_require(r.unpadded == (wanted && !s.padding));
        check_accepted(&s, &r, cvk_slice_of(out, r.size));
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf text = {.max = 1 << 30};
    struct cvk_slice input = cvk_slice_of(data, size);

    check_text(input);
    text.n = 0;
    ref_b64_encode(ref_b64_standard, input, &text);
    check_text(cvk_buf_slice(&text));
    return 0;
}
