/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=128 */
/* Text encodings: UTF-16 becomes the UTF-8 that iconv makes of it, or is
 * damaged where iconv stops; places lead back to the stored bytes. */
#include <iconv.h>

#include "base/utf8.h"
#include "evidence/position.h"
#include "fuzz.h"
#include "input/text.h"
#include "reference.h"

/* What iconv makes of UTF-16 without a mark: its text in out, and how many
 * bytes it took. */
static size_t convert(struct cvk_slice bytes, bool big, struct cvk_buf *out)
{
    static iconv_t to_utf8[2];
    iconv_t *c = &to_utf8[big];
    char *in = (char *)(uintptr_t)bytes.p, *to;
    size_t left = bytes.n, room;

    if (!*c)
        *c = iconv_open("UTF-8", big ? "UTF-16BE" : "UTF-16LE");
    fuzz_require(*c != (iconv_t)-1);
    fuzz_require(cvk_buf_reserve(out, 2 * bytes.n + 4));
    to = (char *)out->p;
    room = 2 * bytes.n + 4;
    iconv(*c, NULL, NULL, NULL, NULL);
    if (bytes.n)
        iconv(*c, &in, &left, &to, &room);
    out->n = 2 * bytes.n + 4 - room;
    return bytes.n - left;
}

static void check_wide(struct cvk_slice bytes, const struct cvk_text_facts *f,
                       struct cvk_slice text, enum cvk_code code)
{
    static struct cvk_buf expected = {.max = 1 << 28};
    struct cvk_slice rest = cvk_slice_cut(bytes, f->bom, bytes.n);
    size_t used = convert(rest, f->encoding == CVK_UTF16BE, &expected);

    /* half a unit of padding is taken for a whole one */
    if (rest.n - used == 1 && rest.p[used] == 0) {
        cvk_buf_append_byte(&expected, 0);
        used++;
    }
    fuzz_require((code == CVK_OK) == (used == rest.n));
    fuzz_require(code || text.p[text.n] == 0);
    fuzz_require(!code || f->error_at == f->bom + used);
    fuzz_require(cvk_slice_equal(text, cvk_buf_slice(&expected)));
    fuzz_require(cvk_utf8_valid(text));
}

/* The place of the end, found at once and in steps. */
static void check_places(struct cvk_slice bytes, const struct cvk_text_facts *f,
                         struct cvk_slice text, enum cvk_code code)
{
    static struct cvk_document_text doc;
    size_t lines = 1, middle = text.n ? fuzz_choice(text) % text.n : 0;
    struct cvk_place end, place;

    doc = (struct cvk_document_text){
        .text = text, .encoding = f->encoding, .bom = f->bom};
    place = cvk_position_find(&doc, middle);
    end = cvk_position_find(&doc, text.n);
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    fuzz_require(end.known && end.line == lines && end.column >= 1);
    fuzz_require(place.offset <= end.offset && place.line <= end.line);
    if (code)
        fuzz_require(end.offset == f->error_at);
    else if (f->encoding == CVK_UTF8 || f->encoding == CVK_UTF8_BOM)
        fuzz_require(end.offset == bytes.n);
    else /* more only by the half unit */
        fuzz_require(end.offset - bytes.n <= 1);
    doc.n_marks = 0;
    fuzz_require(cvk_position_find(&doc, text.n).column == end.column);
}

static void check_utf8(struct cvk_slice text)
{
    bool valid = true;

    for (size_t at = 0; at < text.n;) {
        uint32_t cp = 0, expected = 0;
        size_t n = ref_utf8(text, at, &expected);
        uint8_t bytes[4];

        fuzz_require(cvk_utf8_decode(text, at, &cp) == n);
        fuzz_require(!n || (cp == expected && cvk_utf8_encode(cp, bytes) == n &&
                            !memcmp(bytes, text.p + at, n)));
        valid = valid && n;
        at += n ? n : 1;
    }
    fuzz_require(cvk_utf8_valid(text) == valid);
    if (valid && text.n) {
        struct cvk_slice cut = cvk_utf8_prefix(text, text.n - 1);

        fuzz_require(cut.n < text.n && cvk_utf8_valid(cut));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf stored, wide = {.max = 1 << 28};
    struct cvk_slice bytes = fuzz_copy(&stored, cvk_slice_of(data, size));
    struct cvk_slice text = {0};
    struct cvk_text_facts facts;
    enum cvk_code code = cvk_text_decode(bytes, &wide, &facts, &text);

    if (code == CVK_E_TEXT_UTF32)
        return 0;
    fuzz_require(code == CVK_OK || code == CVK_E_TEXT_UTF16_DAMAGED);
    fuzz_require(facts.bom <= size);
    if (facts.encoding == CVK_UTF16LE || facts.encoding == CVK_UTF16BE)
        check_wide(bytes, &facts, text, code);
    else
        fuzz_require(text.p == bytes.p + facts.bom &&
                     text.n == size - facts.bom);
    check_places(bytes, &facts, text, code);
    check_utf8(cvk_slice_of(data, size));
    return 0;
}
