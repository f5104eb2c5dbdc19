/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <stdio.h>

#include "base/utf8.h"

enum { ESCAPE_SIZE = 12 };

/* Characters that move the cursor, change direction, break the line or cannot
 * be seen: the general categories Cc, Cf, Zl and Zp of Unicode 15. */
static const struct {
    uint32_t first, last;
} unsafe[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},
    {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},
    {0x070f, 0x070f},   {0x0890, 0x0891},   {0x08e2, 0x08e2},
    {0x180e, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f},   {0xfeff, 0xfeff},   {0xfff9, 0xfffb},
    {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
};

static bool is_unsafe(uint32_t cp)
{
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        if (cp <= unsafe[i].last)
            return cp >= unsafe[i].first;
    return false;
}

/* The longest run of s from *at on of ASCII that is shown as it is, wherever it
 * stands; moves *at behind it. Most text is nothing else. */
static struct cvk_slice take_plain(struct cvk_slice s, size_t *at)
{
    static const uint8_t stops[2] = {'\\', 0x7f};
    size_t from = *at;

    *at = cvk_slice_skip_plain(s, from, 0x20, stops);
    return cvk_slice_cut(s, from, *at);
}

/* One unit of s at *at as text: its escape in word, or itself. Advances *at
 * and returns the unit's length as shown; *escaped tells which it is. */
static struct cvk_slice next_unit(struct cvk_slice s, size_t *at,
                                  char word[ESCAPE_SIZE], bool *escaped)
{
    static const char named[][2] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'},
                                    {'\\', '\\'}};
    uint32_t cp = 0;
    size_t n = cvk_utf8_decode(s, *at, &cp);
    struct cvk_slice plain = cvk_slice_of(s.p + *at, n);

    *at += n ? n : 1;
    *escaped = true;
    for (size_t i = 0; n && i < sizeof named / sizeof *named; i++)
        if (cp == (uint8_t)named[i][0])
            return cvk_slice_of(word, (size_t)snprintf(word, ESCAPE_SIZE,
                                                       "\\%c", named[i][1]));
    if (!n)
        return cvk_slice_of(word, (size_t)snprintf(word, ESCAPE_SIZE, "\\x%02x",
                                                   s.p[*at - 1]));
    if (!is_unsafe(cp)) {
        *escaped = false;
        return plain;
    }
    return cvk_slice_of(word,
                        (size_t)snprintf(word, ESCAPE_SIZE,
                                         cp < 0x80     ? "\\x%02x"
                                         : cp < 0x10000 ? "\\u%04x"
                                                        : "\\U%08x",
                                         (unsigned)cp));
}

bool cvk_escape_text(struct cvk_buf *out, struct cvk_slice s)
{
    char word[ESCAPE_SIZE];
    bool escaped;

    for (size_t at = 0; at < s.n;) {
        if (!cvk_buf_append_slice(out, take_plain(s, &at)))
            return false;
        if (at < s.n &&
            !cvk_buf_append_slice(out, next_unit(s, &at, word, &escaped)))
            return false;
    }
    return true;
}

bool cvk_escape_needed(struct cvk_slice s)
{
    uint32_t cp;

    for (size_t at = 0;;) {
        size_t n;

        take_plain(s, &at);
        if (at == s.n)
            return false;
        n = cvk_utf8_decode(s, at, &cp);
        if (n == 0 || is_unsafe(cp))
            return true;
        at += n;
    }
}

bool cvk_escape_name(struct cvk_buf *out, struct cvk_slice s)
{
    return cvk_escape_needed(s) ? cvk_escape_text(out, s)
                                : cvk_buf_append_slice(out, s);
}

const char *cvk_escape_shown(char out[CVK_MAX_SHOWN], struct cvk_slice s)
{
    char word[ESCAPE_SIZE];
    size_t n = 0;
    bool escaped;

    for (size_t at = 0; at < s.n;) {
        struct cvk_slice unit = next_unit(s, &at, word, &escaped);

        if (n + unit.n > CVK_MAX_SHOWN - sizeof "...") {
            memcpy(out + n, "...", 3);
            n += 3;
            break;
        }
        memcpy(out + n, unit.p, unit.n);
        n += unit.n;
    }
    out[n] = '\0';
    return out;
}

static bool append_json_byte(struct cvk_buf *out, uint8_t c)
{
    static const char short_form[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    char word[8];

    for (size_t i = 0; short_form[i]; i += 2)
        if (c == (uint8_t)short_form[i])
            return cvk_buf_append_byte(out, '\\') &&
                   cvk_buf_append_byte(out, (uint8_t)short_form[i + 1]);
    if (c >= 0x20 && c != 0x7f)
        return cvk_buf_append_byte(out, c);
    snprintf(word, sizeof word, "\\u%04x", c);
    return cvk_buf_append_string(out, word);
}

/* As take_plain, for JSON. */
static struct cvk_slice take_json_plain(struct cvk_slice s, size_t *at)
{
    static const uint8_t stops[2] = {'"', '\\'};
    size_t from = *at, to = cvk_slice_skip_plain(s, from, 0x20, stops);
    struct cvk_slice run = cvk_slice_cut(s, from, to);

    run.n = cvk_slice_find(run, 0x7f);
    *at += run.n;
    return run;
}

/* C1 controls, bidi controls and the like are valid in JSON, but lines of JSON
 * are read on terminals too: they are written as \u escapes. */
bool cvk_escape_json(struct cvk_buf *out, struct cvk_slice s)
{
    bool ok = cvk_buf_append_byte(out, '"');

    for (size_t at = 0; ok && at < s.n;) {
        struct cvk_slice plain = take_json_plain(s, &at);
        uint32_t cp;
        size_t n;
        char word[16];

        ok = cvk_buf_append_slice(out, plain);
        if (!ok || at == s.n)
            break;
        cp = s.p[at];
        n = cvk_utf8_decode(s, at, &cp);
        if (n == 0) { /* callers give UTF-8; stay valid JSON regardless */
            ok = cvk_buf_append_string(out, "\\ufffd");
            n = 1;
        } else if (n == 1) {
            ok = append_json_byte(out, s.p[at]);
        } else if (!is_unsafe(cp)) {
            ok = cvk_buf_append(out, s.p + at, n);
        } else if (cp < 0x10000) {
            snprintf(word, sizeof word, "\\u%04x", (unsigned)cp);
            ok = cvk_buf_append_string(out, word);
        } else {
            snprintf(word, sizeof word, "\\u%04x\\u%04x",
                     (unsigned)(0xd800 + ((cp - 0x10000) >> 10)),
                     (unsigned)(0xdc00 + (cp & 0x3ff)));
            ok = cvk_buf_append_string(out, word);
        }
        at += n;
    }
    return ok && cvk_buf_append_byte(out, '"');
}

/* Words of these characters mean themselves in both shells; a leading '-' or
 * '~' and the comma and '@' of PowerShell do not. */
static bool is_bare_word(struct cvk_slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        bool alnum = (cvk_lower(c) >= 'a' && cvk_lower(c) <= 'z') ||
                     (c >= '0' && c <= '9');

        if (!alnum && !memchr("/._-", c, 4))
            return false;
    }
    return s.n > 0 && s.p[0] != '-';
}

/* In single quotes; close is what stands for one quote character inside. */
static bool append_quoted(struct cvk_buf *out, struct cvk_slice s,
                          const char *close)
{
    bool ok = cvk_buf_append_byte(out, '\'');

    for (size_t i = 0; ok && i < s.n; i++)
        ok = s.p[i] == '\'' ? cvk_buf_append_string(out, close)
                            : cvk_buf_append_byte(out, s.p[i]);
    return ok && cvk_buf_append_byte(out, '\'');
}

bool cvk_escape_posix_word(struct cvk_buf *out, struct cvk_slice s)
{
    if (is_bare_word(s))
        return cvk_buf_append_slice(out, s);
    return cvk_escape_posix_string(out, s);
}

bool cvk_escape_posix_string(struct cvk_buf *out, struct cvk_slice s)
{
    return !cvk_escape_needed(s) && append_quoted(out, s, "'\\''");
}

/* PowerShell takes U+2018 to U+201B as single quotes too; a word with one of
 * them is left to a person. */
static bool has_curly_quote(struct cvk_slice s)
{
    for (size_t i = 0; i + 2 < s.n; i++)
        if (s.p[i] == 0xe2 && s.p[i + 1] == 0x80 && s.p[i + 2] >= 0x98 &&
            s.p[i + 2] <= 0x9b)
            return true;
    return false;
}

bool cvk_escape_powershell_word(struct cvk_buf *out, struct cvk_slice s)
{
    return !cvk_escape_needed(s) && !has_curly_quote(s) &&
           append_quoted(out, s, "''");
}
