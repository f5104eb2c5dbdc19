/* SPDX-License-Identifier: MIT */
#include "input/text.h"

#include "base/utf8.h"

static bool is_utf32(struct cvk_slice b)
{
    return cvk_slice_starts(b, CVK_LITERAL("\xff\xfe\0\0")) ||
           cvk_slice_starts(b, CVK_LITERAL("\0\0\xfe\xff")) ||
           cvk_slice_starts(b, CVK_LITERAL("{\0\0\0")) ||
           cvk_slice_starts(b, CVK_LITERAL("\0\0\0{"));
}

static void detect(struct cvk_slice b, struct cvk_text_facts *facts)
{
    if (cvk_slice_starts(b, CVK_LITERAL("\xef\xbb\xbf"))) {
        facts->encoding = CVK_UTF8_BOM;
        facts->bom = 3;
    } else if (cvk_slice_starts(b, CVK_LITERAL("\xff\xfe"))) {
        facts->encoding = CVK_UTF16LE;
        facts->bom = 2;
    } else if (cvk_slice_starts(b, CVK_LITERAL("\xfe\xff"))) {
        facts->encoding = CVK_UTF16BE;
        facts->bom = 2;
    } else if (b.n >= 2 && b.p[0] && !b.p[1]) {
        facts->encoding = CVK_UTF16LE;
    } else if (b.n >= 2 && !b.p[0] && b.p[1]) {
        facts->encoding = CVK_UTF16BE;
    }
}

static uint32_t unit_at(struct cvk_slice b, size_t at, bool big)
{
    return big ? (uint32_t)b.p[at] << 8 | b.p[at + 1]
               : (uint32_t)b.p[at + 1] << 8 | b.p[at];
}

/* The code point at *at, which is moved behind it. False for half a unit and
 * for a surrogate that stands alone. */
static bool next_code_point(struct cvk_slice b, size_t *at, bool big,
                            uint32_t *cp)
{
    uint32_t low;

    if (b.n - *at < 2)
        return false;
    *cp = unit_at(b, *at, big);
    if (*cp < 0xd800 || *cp > 0xdfff) {
        *at += 2;
        return true;
    }
    if (*cp > 0xdbff || b.n - *at < 4)
        return false;
    low = unit_at(b, *at + 2, big);
    if (low < 0xdc00 || low > 0xdfff)
        return false;
    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
    *at += 4;
    return true;
}

static enum cvk_code convert(struct cvk_slice bytes, struct cvk_buf *wide,
                             struct cvk_text_facts *facts)
{
    bool big = facts->encoding == CVK_UTF16BE;
    size_t at = facts->bom;

    wide->n = 0;
    /* two bytes of UTF-16 give at most three of UTF-8 */
    if (!cvk_buf_reserve(wide, bytes.n / 2 * 3 + 4))
        return CVK_E_MEMORY;
    while (at < bytes.n) {
        uint32_t cp;

        if (bytes.n - at == 1 && bytes.p[at] == 0) {
            cp = 0; /* padding need not be a whole number of units */
            at++;
        } else if (!next_code_point(bytes, &at, big, &cp)) {
            facts->error_at = at;
            wide->p[wide->n] = 0;
            return CVK_E_TEXT_UTF16_DAMAGED;
        }
        wide->n += cvk_utf8_encode(cp, wide->p + wide->n);
    }
    wide->p[wide->n] = 0;
    return CVK_OK;
}

enum cvk_code cvk_text_decode(struct cvk_slice bytes, struct cvk_buf *wide,
                              struct cvk_text_facts *facts,
                              struct cvk_slice *text)
{
    enum cvk_code code;

    *facts = (struct cvk_text_facts){0};
    if (is_utf32(bytes))
        return CVK_E_TEXT_UTF32;
    detect(bytes, facts);
    if (facts->encoding == CVK_UTF8 || facts->encoding == CVK_UTF8_BOM) {
        *text = cvk_slice_cut(bytes, facts->bom, bytes.n);
        return CVK_OK;
    }
    code = convert(bytes, wide, facts);
    *text = cvk_buf_slice(wide);
    return code;
}
