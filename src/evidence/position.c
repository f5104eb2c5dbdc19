/* SPDX-License-Identifier: MIT */
#include "evidence/position.h"

#include "base/utf8.h"

/* Remembers the place of byte i where it is the next of evenly spread ones. */
static void leave_mark(struct cvk_document_text *doc, size_t i,
                       const struct cvk_place *place)
{
    size_t n = doc->n_marks, step = doc->text.n / CVK_MAX_MARKS + 1;

    if (n == CVK_MAX_MARKS || i < (n + 1) * step)
        return;
    doc->marks[n].at = i;
    doc->marks[n].offset = place->offset;
    doc->marks[n].line = place->line;
    doc->marks[n].column = place->column;
    doc->n_marks++;
}

/* Starts at the last remembered place that is not behind at. */
static size_t start_near(const struct cvk_document_text *doc, size_t at,
                         struct cvk_place *place)
{
    size_t n = doc->n_marks;

    while (n > 0 && doc->marks[n - 1].at > at)
        n--;
    if (n == 0)
        return 0;
    place->offset = doc->marks[n - 1].offset;
    place->line = doc->marks[n - 1].line;
    place->column = doc->marks[n - 1].column;
    return doc->marks[n - 1].at;
}

struct cvk_place cvk_position_find(struct cvk_document_text *doc, size_t at)
{
    struct cvk_slice text = doc->text;
    bool wide = doc->encoding == CVK_UTF16LE || doc->encoding == CVK_UTF16BE;
    struct cvk_place place = {
        .known = true, .offset = doc->bom, .line = 1, .column = 1};

    for (size_t i = start_near(doc, at, &place); i < at && i < text.n;) {
        uint32_t cp = 0;
        size_t n = cvk_utf8_decode(text, i, &cp);

        n = n ? n : 1; /* a bad byte counts as one character */
        if (at - i < n)
            break;
        place.offset += !wide ? n : cp < 0x10000 ? (size_t)2 : (size_t)4;
        place.column++;
        if (cp == '\n') {
            place.line++;
            place.column = 1;
        }
        i += n;
        leave_mark(doc, i, &place);
    }
    return place;
}
