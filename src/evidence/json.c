/* SPDX-License-Identifier: MIT */
#include "evidence/json.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/utf8.h"

/* What the grammar allows next. */
enum {
    EXPECT_VALUE,
    EXPECT_FIRST_ELEMENT, /* a value or the end of a new array */
    EXPECT_FIRST_NAME,    /* a name or the end of a new object */
    EXPECT_NAME,          /* a name, after a comma */
    EXPECT_COMMA,         /* a comma or the end of the container */
    EXPECT_NOTHING,
    FAILED,
};

void cvk_json_init(struct cvk_json *j, struct cvk_slice text)
{
    j->text = text;
    j->at = j->from = j->to = 0;
    j->escaped = false;
    j->error = CVK_OK;
    j->error_at = 0;
    j->expect = EXPECT_VALUE;
    j->depth = j->values = 0;
}

static enum cvk_json_event fail(struct cvk_json *j, enum cvk_code error,
                                size_t at)
{
    j->error = error;
    j->error_at = at;
    j->expect = FAILED;
    return CVK_JSON_FAILED;
}

/* True if the innermost open container is an object; depth > 0. */
static bool in_object(const struct cvk_json *j)
{
    size_t level = j->depth - 1;

    return j->in_object[level / 8] >> (level % 8) & 1;
}

/* The only four bytes of white space, RFC 8259 section 2. Returns the next
 * byte that is none, or -1 at the end of the text. */
static int skip_space(struct cvk_json *j)
{
    while (j->at < j->text.n) {
        uint8_t c = j->text.p[j->at];

        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return c;
        j->at++;
    }
    return -1;
}

/* True if a quotation mark other than JSON's stands at at: single, typographic
 * or guillemet. */
static bool is_other_quote(struct cvk_slice s, size_t at)
{
    static const uint32_t quotes[] = {'\'',   0xab,   0xbb,  0x2018,
                                      0x2019, 0x201c, 0x201d};
    uint32_t cp;

    if (!cvk_utf8_decode(s, at, &cp))
        return false;
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (quotes[i] == cp)
            return true;
    return false;
}

static bool is_line_break(struct cvk_slice s, size_t at)
{
    return at < s.n && (s.p[at] == '\n' || s.p[at] == '\r');
}

/* True if the line break at at, inside a string, is a soft one of quoted-
 * printable: '=' stands before it, and the text goes on behind it. Padding of base64 is followed by
 * the end of the string instead. */
static bool is_soft_break(struct cvk_slice s, size_t at)
{
    if (s.p[at - 1] != '=' || !is_line_break(s, at))
        return false;
    while (at < s.n && memchr(" \t\r\n", s.p[at], 4))
        at++;
    return at < s.n && s.p[at] != '"';
}

/* An unexpected byte at j->at, or the end: the likeliest cause. */
static enum cvk_json_event fail_unexpected(struct cvk_json *j)
{
    size_t at = j->at;
    uint8_t c;

    if (at >= j->text.n)
        return fail(j, CVK_E_JSON_TRUNCATED, at);
    c = j->text.p[at];
    if (c == '/' || c == '#')
        return fail(j, CVK_E_JSON_COMMENT, at);
    if (is_other_quote(j->text, at))
        return fail(j, CVK_E_JSON_QUOTES, at);
    if (c == '=' && is_line_break(j->text, at + 1))
        return fail(j, CVK_E_JSON_QUOTED_PRINTABLE, at);
    if (j->depth && (c | 0x20) >= 'a' && (c | 0x20) <= 'z' &&
        (j->expect == EXPECT_VALUE || j->expect == EXPECT_FIRST_ELEMENT))
        return fail(j, CVK_E_JSON_LITERAL, at);
    return fail(j, CVK_E_JSON_SYNTAX, at);
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = cvk_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits of a \u escape at at. */
static enum cvk_code read_unit(struct cvk_slice s, size_t at, uint32_t *unit)
{
    *unit = 0;
    for (size_t i = at; i < at + 4; i++) {
        int digit;

        if (i >= s.n)
            return CVK_E_JSON_TRUNCATED;
        digit = hex_digit(s.p[i]);
        if (digit < 0)
            return CVK_E_JSON_ESCAPE;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return CVK_OK;
}

/* Checks that the low half of a surrogate pair is at at. */
static enum cvk_code check_low_half(struct cvk_slice s, size_t at)
{
    struct cvk_slice rest = cvk_slice_cut(s, at, s.n);
    enum cvk_code code;
    uint32_t low;

    if (cvk_slice_starts(CVK_LITERAL("\\u"), rest))
        return CVK_E_JSON_TRUNCATED;
    if (!cvk_slice_starts(rest, CVK_LITERAL("\\u")))
        return CVK_E_JSON_SURROGATE;
    code = read_unit(s, at + 2, &low);
    if (code)
        return code == CVK_E_JSON_TRUNCATED ? code : CVK_E_JSON_SURROGATE;
    return low < 0xdc00 || low > 0xdfff ? CVK_E_JSON_SURROGATE : CVK_OK;
}

/* Checks the escape whose backslash is at at; *length is its length. */
static enum cvk_code check_escape(struct cvk_slice s, size_t at, size_t *length)
{
    enum cvk_code code;
    uint32_t unit;

    *length = 2;
    if (at + 1 >= s.n)
        return CVK_E_JSON_TRUNCATED;
    if (s.p[at + 1] != 'u')
        return memchr("\"\\/bfnrt", s.p[at + 1], 8) ? CVK_OK
                                                   : CVK_E_JSON_ESCAPE;
    *length = 6;
    code = read_unit(s, at + 2, &unit);
    if (code || unit < 0xd800 || unit > 0xdfff)
        return code;
    *length = 12;
    return unit > 0xdbff ? CVK_E_JSON_SURROGATE : check_low_half(s, at + 6);
}

/* Reads a string whose opening quote is at j->at. */
static enum cvk_json_event read_string(struct cvk_json *j,
                                       enum cvk_json_event event)
{
    static const uint8_t quote_or_escape[2] = {'"', '\\'};
    struct cvk_slice s = j->text;
    size_t at = j->at + 1;
    enum cvk_code code;

    j->from = at;
    j->escaped = false;
    for (;;) {
        uint32_t cp;
        size_t n;

        at = cvk_slice_skip_plain(s, at, 0x20, quote_or_escape);
        if (at >= s.n)
            return fail(j, CVK_E_JSON_TRUNCATED, at);
        if (s.p[at] == '"')
            break;
        if (s.p[at] == '\\') {
            j->escaped = true;
            code = check_escape(s, at, &n);
            if (code)
                return fail(j, code, code == CVK_E_JSON_TRUNCATED ? s.n : at);
            at += n;
        } else if (s.p[at] < 0x20) {
            return fail(j, is_soft_break(s, at) ? CVK_E_JSON_QUOTED_PRINTABLE
                                                : CVK_E_JSON_CONTROL,
                        at);
        } else {
            n = cvk_utf8_decode(s, at, &cp);
            if (!n && cvk_utf8_is_cut(s, at))
                return fail(j, CVK_E_JSON_TRUNCATED, s.n);
            if (!n)
                return fail(j, CVK_E_TEXT_UTF8, at);
            at += n;
        }
    }
    j->to = at;
    j->at = at + 1;
    return event;
}

static size_t skip_digits(struct cvk_slice s, size_t at)
{
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
        at++;
    return at;
}

/* Digits are missing at at. */
static enum cvk_json_event fail_number(struct cvk_json *j, size_t at)
{
    return fail(j, at < j->text.n ? CVK_E_JSON_NUMBER : CVK_E_JSON_TRUNCATED,
                at);
}

/* number = [ "-" ] int [ frac ] [ exp ], RFC 8259 section 6. */
static enum cvk_json_event read_number(struct cvk_json *j)
{
    struct cvk_slice s = j->text;
    size_t at = j->at, digits;

    j->from = at;
    if (s.p[at] == '-')
        at++;
    digits = at;
    at = skip_digits(s, at);
    if (at == digits)
        return fail_number(j, at);
    if (s.p[digits] == '0' && at > digits + 1)
        return fail(j, CVK_E_JSON_NUMBER, digits);
    if (at < s.n && s.p[at] == '.') {
        digits = ++at;
        at = skip_digits(s, at);
        if (at == digits)
            return fail_number(j, at);
    }
    if (at < s.n && (s.p[at] | 0x20) == 'e') {
        at++;
        if (at < s.n && (s.p[at] == '+' || s.p[at] == '-'))
            at++;
        digits = at;
        at = skip_digits(s, at);
        if (at == digits)
            return fail_number(j, at);
    }
    j->to = j->at = at;
    return CVK_JSON_NUMBER;
}

static enum cvk_json_event read_literal(struct cvk_json *j)
{
    static const struct {
        struct cvk_slice word;
        enum cvk_json_event event;
    } literals[] = {
        {{(const uint8_t *)"true", 4}, CVK_JSON_TRUE},
        {{(const uint8_t *)"false", 5}, CVK_JSON_FALSE},
        {{(const uint8_t *)"null", 4}, CVK_JSON_NULL},
    };
    struct cvk_slice rest = cvk_slice_cut(j->text, j->at, j->text.n);

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        if (cvk_slice_starts(rest, literals[i].word)) {
            j->from = j->at;
            j->to = j->at += literals[i].word.n;
            return literals[i].event;
        }
        if (cvk_slice_starts(literals[i].word, rest)) {
            j->at = j->text.n;
            break;
        }
    }
    return fail_unexpected(j);
}

static enum cvk_json_event open_container(struct cvk_json *j, bool object)
{
    uint8_t bit = (uint8_t)(1u << (j->depth % 8));

    if (j->depth == CVK_MAX_DEPTH)
        return fail(j, CVK_E_JSON_DEPTH, j->at);
    if (object)
        j->in_object[j->depth / 8] |= bit;
    else
        j->in_object[j->depth / 8] &= (uint8_t)~bit;
    j->depth++;
    j->from = j->at++;
    j->to = j->at;
    j->expect = object ? EXPECT_FIRST_NAME : EXPECT_FIRST_ELEMENT;
    return object ? CVK_JSON_OBJECT : CVK_JSON_ARRAY;
}

/* A value is complete: what may follow depends on where it stood. */
static void finish_value(struct cvk_json *j)
{
    j->expect = j->depth ? EXPECT_COMMA : EXPECT_NOTHING;
}

static enum cvk_json_event close_container(struct cvk_json *j)
{
    bool object = in_object(j);

    j->from = j->at++;
    j->to = j->at;
    j->depth--;
    finish_value(j);
    return object ? CVK_JSON_OBJECT_END : CVK_JSON_ARRAY_END;
}

static enum cvk_json_event read_value(struct cvk_json *j, int c)
{
    enum cvk_json_event event;

    if (c >= 0 && j->values++ == CVK_MAX_VALUES)
        return fail(j, CVK_E_JSON_VALUES, j->at);
    if (c == '{' || c == '[')
        return open_container(j, c == '{');
    if (c == '"')
        event = read_string(j, CVK_JSON_STRING);
    else if (c == '-' || (c >= '0' && c <= '9'))
        event = read_number(j);
    else if (c == 't' || c == 'f' || c == 'n')
        event = read_literal(j);
    else
        return fail_unexpected(j);
    if (event != CVK_JSON_FAILED)
        finish_value(j);
    return event;
}

/* U+0000 in a name would end it for readers that use C strings. */
static bool holds_nul_escape(struct cvk_slice name, size_t *at)
{
    for (*at = 0; *at < name.n; *at += name.p[*at] == '\\' ? 2 : 1)
        if (cvk_slice_starts(cvk_slice_cut(name, *at, name.n),
                             CVK_LITERAL("\\u0000")))
            return true;
    return false;
}

static enum cvk_json_event read_name(struct cvk_json *j, int c)
{
    size_t nul;

    if (c != '"')
        return fail_unexpected(j);
    if (read_string(j, CVK_JSON_NAME) == CVK_JSON_FAILED)
        return CVK_JSON_FAILED;
    if (j->escaped && holds_nul_escape(cvk_json_token(j), &nul))
        return fail(j, CVK_E_JSON_NUL, j->from + nul);
    if (skip_space(j) != ':')
        return fail_unexpected(j);
    j->at++;
    j->expect = EXPECT_VALUE;
    return CVK_JSON_NAME;
}

/* Behind a value inside a container: its end, or a comma and the next one. */
static enum cvk_json_event read_next(struct cvk_json *j, int c)
{
    size_t comma = j->at;
    int end = in_object(j) ? '}' : ']';

    if (c == end)
        return close_container(j);
    if (c != ',')
        return fail_unexpected(j);
    j->at++;
    c = skip_space(j);
    if (c == end)
        return fail(j, CVK_E_JSON_TRAILING_COMMA, comma);
    if (in_object(j)) {
        j->expect = EXPECT_NAME;
        return read_name(j, c);
    }
    j->expect = EXPECT_VALUE;
    return read_value(j, c);
}

enum cvk_json_event cvk_json_next(struct cvk_json *j)
{
    int c;

    if (j->expect == FAILED)
        return CVK_JSON_FAILED;
    if (j->expect == EXPECT_NOTHING)
        return CVK_JSON_DONE;
    c = skip_space(j);
    switch (j->expect) {
    case EXPECT_FIRST_ELEMENT:
        return c == ']' ? close_container(j) : read_value(j, c);
    case EXPECT_FIRST_NAME:
        return c == '}' ? close_container(j) : read_name(j, c);
    case EXPECT_COMMA:
        return read_next(j, c);
    default:
        return read_value(j, c);
    }
}

/* An error in words; NULL where they have to name the character that is wrong:
 * CVK_E_JSON_SYNTAX, _QUOTES, _CONTROL. */
static const char *error_words(enum cvk_code error)
{
    static const struct {
        enum cvk_code code;
        const char *why;
    } whys[] = {
        {CVK_E_JSON_TRUNCATED, "the JSON ends before it is complete"},
        {CVK_E_JSON_DEPTH, "the JSON is nested deeper than 1000 levels"},
        {CVK_E_JSON_VALUES, "the JSON holds more than 100000 values"},
        {CVK_E_JSON_NUL, "a member name holds U+0000"},
        {CVK_E_JSON_SURROGATE, "half of a surrogate pair stands alone"},
        {CVK_E_JSON_QUOTED_PRINTABLE,
         "'=' stands before a line break, as in quoted-printable mail"},
        {CVK_E_JSON_ESCAPE, "a string holds an escape that JSON does not have"},
        {CVK_E_JSON_NUMBER, "a number is not written as JSON has it"},
        {CVK_E_JSON_LITERAL, "a word stands where a value should"},
        {CVK_E_JSON_COMMENT, "a comment stands in the JSON"},
        {CVK_E_JSON_TRAILING_COMMA, "a comma stands before the end of a list"},
        {CVK_E_TEXT_UTF8, "a byte is not UTF-8"},
    };

    for (size_t i = 0; i < sizeof whys / sizeof *whys; i++)
        if (whys[i].code == error)
            return whys[i].why;
    return NULL;
}

/* The character at at as a person would name it. */
static void name_character(char name[CVK_MAX_SHOWN + 16], struct cvk_slice s,
                           size_t at)
{
    static const struct {
        uint32_t cp;
        const char *name;
    } names[] = {{'\n', "a line feed"},
                 {'\r', "a carriage return"},
                 {'\t', "a TAB"},
                 {'\'', "a single quote"}};
    char shown[CVK_MAX_SHOWN];
    uint32_t cp = 0;
    size_t n = cvk_utf8_decode(s, at, &cp);

    cvk_escape_shown(shown, cvk_slice_cut(s, at, at + (n ? n : 1)));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (n && names[i].cp == cp) {
            snprintf(name, CVK_MAX_SHOWN + 16, "%s", names[i].name);
            return;
        }
    if (n && (cp < 0x20 || cp == 0x7f))
        snprintf(name, CVK_MAX_SHOWN + 16, "U+%04X", (unsigned)cp);
    else if (n > 1)
        snprintf(name, CVK_MAX_SHOWN + 16, "'%s' (U+%04X)", shown,
                 (unsigned)cp);
    else
        snprintf(name, CVK_MAX_SHOWN + 16, "'%s'", shown);
}

void cvk_json_explain(const struct cvk_json *j,
                      char why[CVK_MAX_FINDING_TEXT])
{
    const char *words = error_words(j->error);
    char name[CVK_MAX_SHOWN + 16];

    if (words) {
        snprintf(why, CVK_MAX_FINDING_TEXT, "%s", words);
        return;
    }
    name_character(name, j->text, j->error_at);
    snprintf(why, CVK_MAX_FINDING_TEXT, "%s %s", name,
             j->error == CVK_E_JSON_CONTROL ? "stands unescaped in a string"
             : j->error == CVK_E_JSON_QUOTES ? "stands where JSON has '\"'"
                                             : "cannot stand here in JSON");
}
