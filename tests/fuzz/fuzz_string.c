/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=96 */
/* The text between two quotes: what the scanner takes, cJSON and the obvious
 * reader take for the same string, however it is escaped. A quote in the input
 * divides it into two strings, which are compared. */
#include "evidence/json.h"
#include "evidence/json_dom.h"
#include "evidence/json_string.h"
#include "evidence/pointer.h"
#include "fuzz.h"
#include "reference.h"

static struct cvk_buf document = {.max = 1 << 20};

/* True if the scanner takes ["TOKEN"] for an array with that string. */
static bool scan(struct cvk_slice token)
{
    struct cvk_json j;

    document.n = 0;
    cvk_buf_append_string(&document, "[\"");
    cvk_buf_append_slice(&document, token);
    cvk_buf_append(&document, "\"]", 3);
    document.n--; /* the NUL does not count */
    cvk_json_init(&j, cvk_buf_slice(&document));
    if (cvk_json_next(&j) != CVK_JSON_ARRAY ||
        cvk_json_next(&j) != CVK_JSON_STRING)
        return false;
    fuzz_require(j.from == 2 && j.to == token.n + 2);
    fuzz_require(j.escaped == (cvk_slice_find(token, '\\') < token.n));
    fuzz_require(cvk_json_next(&j) == CVK_JSON_ARRAY_END);
    fuzz_require(cvk_json_next(&j) == CVK_JSON_DONE && j.at == document.n);
    return true;
}

static void check_cjson(struct cvk_slice value)
{
    static struct cvk_dom dom;
    static struct cvk_buf name = {.max = 64};
    bool ambiguous;
    const char *s;

    if (!dom.arena.max) {
        cvk_dom_setup();
        cvk_dom_init(&dom);
    }
    fuzz_require(!cvk_dom_parse(&dom, cvk_buf_slice(&document), 2));
    s = cvk_dom_string(&dom, CVK_LITERAL("/0"), &name, &ambiguous);
    fuzz_require(s && !ambiguous);
    /* a C string ends at the first U+0000 */
    value.n = cvk_slice_find(value, 0);
    fuzz_require(cvk_slice_equal(cvk_slice_of(s, strlen(s)), value));
}

/* Offsets lead back to the character that holds the byte. */
static void check_offsets(struct cvk_slice token, struct cvk_slice value)
{
    size_t at = 0, seen = 0;
    uint8_t c[4];

    while (at < token.n) {
        size_t start = at, n = cvk_json_char(token, &at, c);

        fuzz_require(n >= 1 && n <= 4 && at <= token.n);
        fuzz_require(n <= value.n - seen && !memcmp(value.p + seen, c, n));
        fuzz_require(cvk_json_offset(token, seen) == start);
        fuzz_require(cvk_json_offset(token, seen + n - 1) == start);
        seen += n;
    }
    fuzz_require(seen == value.n && cvk_json_offset(token, seen) == token.n);
}

/* The same string with each byte below 128 as an escape, in the other case. */
static void check_escaped(struct cvk_slice token, struct cvk_slice value)
{
    static struct cvk_buf other = {.max = 1 << 20};
    char escape[] = "\\u00XX";

    other.n = 0;
    for (size_t i = 0; i < value.n; i++) {
        uint8_t c = value.p[i];

        if (cvk_lower(c) >= 'a' && cvk_lower(c) <= 'z')
            c ^= 0x20;
        escape[4] = "0123456789abcdef"[c / 16];
        escape[5] = "0123456789ABCDEF"[c % 16];
        if (c < 0x80)
            cvk_buf_append_string(&other, escape);
        else
            cvk_buf_append_byte(&other, c);
    }
    fuzz_require(cvk_json_equal_nocase(token, cvk_buf_slice(&other)));
    fuzz_require(cvk_json_equal_nocase(cvk_buf_slice(&other), token));
    fuzz_require(cvk_json_hash_nocase(token) ==
                 cvk_json_hash_nocase(cvk_buf_slice(&other)));
}

/* As a name in a JSON pointer (RFC 6901) it is found again. */
static void check_pointer(struct cvk_slice token, struct cvk_slice value)
{
    static struct cvk_buf pointer = {.max = 1 << 20}, name = {.max = 1 << 20};
    struct cvk_slice rest;

    pointer.n = 0;
    fuzz_require(cvk_pointer_add_name(&pointer, token));
    fuzz_require(cvk_pointer_add_index(&pointer, value.n));
    rest = cvk_buf_slice(&pointer);
    fuzz_require(cvk_pointer_next(&rest, &name));
    fuzz_require(cvk_slice_equal(cvk_buf_slice(&name), value));
    fuzz_require(cvk_pointer_next(&rest, &name) && rest.n == 0);
}

/* Checks one token; false if it is no string. */
static bool check(struct cvk_slice token, struct cvk_buf *value)
{
    static struct cvk_buf own = {.max = 1 << 20};
    bool accepted;

    value->n = own.n = 0;
    accepted = ref_json_string(token, value);
    fuzz_require(scan(token) == accepted);
    if (!accepted)
        return false;
    fuzz_require(cvk_json_unescape(token, &own));
    fuzz_require(cvk_slice_equal(cvk_buf_slice(&own), cvk_buf_slice(value)));
    check_cjson(cvk_buf_slice(value));
    check_offsets(token, cvk_buf_slice(value));
    check_escaped(token, cvk_buf_slice(value));
    check_pointer(token, cvk_buf_slice(value));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf first = {.max = 1 << 20}, second = {.max = 1 << 20};
    struct cvk_slice input = cvk_slice_of(data, size), a, b;
    size_t quote = cvk_slice_find(input, '"');

    a = cvk_slice_cut(input, 0, quote);
    b = cvk_slice_cut(input, quote < size ? quote + 1 : quote, size);
    if (cvk_slice_find(b, '"') < b.n || !check(a, &first) || !check(b, &second))
        return 0;
    fuzz_require(
        cvk_json_equal_nocase(a, b) ==
        cvk_slice_equal_nocase(cvk_buf_slice(&first), cvk_buf_slice(&second)));
    return 0;
}
