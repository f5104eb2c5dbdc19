/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <cjson/cJSON.h>

#include "base/utf8.h"
#include "unit.h"

#define S(text) {(const uint8_t *)(text), sizeof(text) - 1}

typedef bool (*escape_fn)(struct cvk_buf *out, struct cvk_slice s);

static struct cvk_buf buf;

static void set_up(void)
{
    cvk_buf_init(&buf, 4096);
}

static void tear_down(void)
{
    cvk_buf_clear(&buf);
}

static void assert_escape(escape_fn escape, struct cvk_slice s,
                          struct cvk_slice wanted)
{
    buf.n = 0;
    ck_assert(escape(&buf, s));
    ck_assert(cvk_buf_append_byte(&buf, 0));
    ck_assert_str_eq((const char *)buf.p, (const char *)wanted.p);
    ck_assert_uint_eq(buf.n - 1, wanted.n);
}

static const struct {
    struct cvk_slice in, text, json;
} units[] = {
    {S(""), S(""), S("\"\"")},
    {S("plain ~"), S("plain ~"), S("\"plain ~\"")},
    {S("\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa9"),
     S("\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa9"),
     S("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa9\"")},
    {S("a\\b"), S("a\\\\b"), S("\"a\\\\b\"")},
    {S("\"/'"), S("\"/'"), S("\"\\\"/'\"")},
    /* C0, DEL */
    {S("\n\r\t"), S("\\n\\r\\t"), S("\"\\n\\r\\t\"")},
    {S("\b\f"), S("\\x08\\x0c"), S("\"\\b\\f\"")},
    {S("\0"), S("\\x00"), S("\"\\u0000\"")},
    {S("\x1b[2J"), S("\\x1b[2J"), S("\"\\u001b[2J\"")},
    {S("\x1f "), S("\\x1f "), S("\"\\u001f \"")},
    {S("~\x7f"), S("~\\x7f"), S("\"~\\u007f\"")},
    /* C1: U+0080, U+009B (CSI), U+009F; U+00A0 is printable */
    {S("\xc2\x80\xc2\x9b\xc2\x9f"), S("\\u0080\\u009b\\u009f"),
     S("\"\\u0080\\u009b\\u009f\"")},
    {S("\xc2\xa0"), S("\xc2\xa0"), S("\"\xc2\xa0\"")},
    {S("\xc2\xac\xc2\xad\xc2\xae"), S("\xc2\xac\\u00ad\xc2\xae"),
     S("\"\xc2\xac\\u00ad\xc2\xae\"")},
    /* U+061B, U+061C ARABIC LETTER MARK, U+061D */
    {S("\xd8\x9b\xd8\x9c\xd8\x9d"), S("\xd8\x9b\\u061c\xd8\x9d"),
     S("\"\xd8\x9b\\u061c\xd8\x9d\"")},
    /* U+200A, zero width U+200B to right-to-left mark U+200F, U+2010 */
    {S("\xe2\x80\x8a\xe2\x80\x8b\xe2\x80\x8f\xe2\x80\x90"),
     S("\xe2\x80\x8a\\u200b\\u200f\xe2\x80\x90"),
     S("\"\xe2\x80\x8a\\u200b\\u200f\xe2\x80\x90\"")},
    /* U+2027, line separator U+2028 to override U+202E, U+202F */
    {S("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xe2\x80\xaf"),
     S("\xe2\x80\xa7\\u2028\\u2029\\u202e\xe2\x80\xaf"),
     S("\"\xe2\x80\xa7\\u2028\\u2029\\u202e\xe2\x80\xaf\"")},
    /* U+205F, U+2060, the isolates U+2066 and U+2069, U+206F, U+2070 */
    {S("\xe2\x81\x9f\xe2\x81\xa0\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaf"
       "\xe2\x81\xb0"),
     S("\xe2\x81\x9f\\u2060\\u2066\\u2069\\u206f\xe2\x81\xb0"),
     S("\"\xe2\x81\x9f\\u2060\\u2066\\u2069\\u206f\xe2\x81\xb0\"")},
    /* BOM U+FEFF, interlinear U+FFF9 and U+FFFB, U+FFFC */
    {S("\xef\xbb\xbf\xef\xbf\xb9\xef\xbf\xbb\xef\xbf\xbc"),
     S("\\ufeff\\ufff9\\ufffb\xef\xbf\xbc"),
     S("\"\\ufeff\\ufff9\\ufffb\xef\xbf\xbc\"")},
    /* tag characters U+E0000 and U+E007F; U+E0080 is none, U+DFFFF neither */
    {S("\xf3\xa0\x80\x80\xf3\xa0\x81\xbf\xf3\xa0\x82\x80"),
     S("\\U000e0000\\U000e007f\xf3\xa0\x82\x80"),
     S("\"\\udb40\\udc00\\udb40\\udc7f\xf3\xa0\x82\x80\"")},
    {S("\xf3\x9f\xbf\xbf"), S("\xf3\x9f\xbf\xbf"), S("\"\xf3\x9f\xbf\xbf\"")},
    /* not UTF-8: a lone byte, overlong, a surrogate, cut at the end */
    {S("a\xff" "b"), S("a\\xffb"), S("\"a\\ufffdb\"")},
    {S("\xc0\xaf"), S("\\xc0\\xaf"), S("\"\\ufffd\\ufffd\"")},
    {S("\xed\xa0\x80"), S("\\xed\\xa0\\x80"), S("\"\\ufffd\\ufffd\\ufffd\"")},
    {S("\xe2\x82"), S("\\xe2\\x82"), S("\"\\ufffd\\ufffd\"")},
};

START_TEST(unsafe_characters_are_escaped_in_text)
{
    assert_escape(cvk_escape_text, units[_i].in, units[_i].text);
}
END_TEST

START_TEST(unsafe_characters_are_escaped_in_json)
{
    assert_escape(cvk_escape_json, units[_i].in, units[_i].json);
}
END_TEST

/* Escapes before, c and behind as one text, and each for itself: what a run of
 * plain text holds does not change how a byte in it is written. */
static void compare_place(escape_fn escape, struct cvk_slice text, size_t at)
{
    char whole[256], parts[256] = "";
    size_t quote = escape == cvk_escape_json, n = quote;
    const struct cvk_slice three[] = {
        cvk_slice_cut(text, 0, at),
        cvk_slice_cut(text, at, at + 1),
        cvk_slice_cut(text, at + 1, text.n),
    };

    buf.n = 0;
    ck_assert(escape(&buf, text) && cvk_buf_append_byte(&buf, 0));
    memcpy(whole, buf.p, buf.n);
    parts[0] = '"';
    for (size_t i = 0; i < 3; i++) {
        buf.n = 0;
        ck_assert(escape(&buf, three[i]));
        memcpy(parts + n, buf.p + quote, buf.n - 2 * quote);
        n += buf.n - 2 * quote;
    }
    memcpy(parts + n, "\"", quote + 1);
    parts[n + quote] = '\0';
    ck_assert_str_eq(whole, parts);
}

START_TEST(every_byte_is_escaped_the_same_at_every_place)
{
    uint8_t text[70];

    for (size_t at = 0; at < sizeof text; at++)
        for (unsigned c = 0; c < 256; c++) {
            struct cvk_slice s = cvk_slice_of(text, sizeof text);

            memset(text, 'a', sizeof text);
            text[at] = (uint8_t)c;
            compare_place(cvk_escape_text, s, at);
            compare_place(cvk_escape_json, s, at);
            ck_assert(cvk_escape_needed(s) == (c < 0x20 || c >= 0x7f));
        }
}
END_TEST

START_TEST(names_are_escaped_only_where_they_have_to_be)
{
    struct cvk_slice in = units[_i].in, text = units[_i].text;
    bool backslash = cvk_slice_find(in, '\\') < in.n;
    bool needed = !backslash && !cvk_slice_equal(in, text);

    ck_assert_int_eq(cvk_escape_needed(in), needed);
    assert_escape(cvk_escape_name, in, needed ? text : in);
}
END_TEST

START_TEST(a_backslash_in_a_name_is_doubled_beside_an_escape)
{
    assert_escape(cvk_escape_name, CVK_LITERAL("a\\b"), CVK_LITERAL("a\\b"));
    assert_escape(cvk_escape_name, CVK_LITERAL("a\\b\n"),
                  CVK_LITERAL("a\\\\b\\n"));
}
END_TEST

/* A full buffer is told, wherever it fills up. */
START_TEST(a_buffer_too_small_fails)
{
    static const escape_fn escapes[] = {cvk_escape_text, cvk_escape_json,
                                        cvk_escape_name, cvk_escape_posix_word,
                                        cvk_escape_powershell_word};
    static const struct cvk_slice unsafe = S("a\"\n\x01\xc2\x9b\xf3\xa0\x80\x80"
                                             "\xff");
    struct cvk_slice in = _i < 3 ? unsafe : CVK_LITERAL("a 'b' c");

    ck_assert(escapes[_i](&buf, in));
    for (size_t max = buf.n; max-- > 0;) {
        struct cvk_buf small;

        cvk_buf_init(&small, max);
        ck_assert_msg(!escapes[_i](&small, in), "%zu bytes are enough", max);
        cvk_buf_clear(&small);
    }
}
END_TEST

static const char *shown(struct cvk_slice s)
{
    static char out[CVK_MAX_SHOWN];

    ck_assert_ptr_eq(cvk_escape_shown(out, s), out);
    return out;
}

START_TEST(short_text_is_shown_whole)
{
    char text[CVK_MAX_SHOWN];

    ck_assert_str_eq(shown((struct cvk_slice){0}), "");
    ck_assert_str_eq(shown(CVK_LITERAL("a\n\xff\\")), "a\\n\\xff\\\\");
    memset(text, 'a', sizeof text);
    text[CVK_MAX_SHOWN - 4] = '\0';
    ck_assert_str_eq(shown(cvk_slice_of(text, CVK_MAX_SHOWN - 4)), text);
}
END_TEST

START_TEST(long_text_is_cut_with_dots)
{
    char text[CVK_MAX_SHOWN + 1], wanted[CVK_MAX_SHOWN];

    memset(text, 'a', sizeof text);
    memset(wanted, 'a', sizeof wanted);
    memcpy(wanted + CVK_MAX_SHOWN - 4, "...", 4);
    ck_assert_str_eq(shown(cvk_slice_of(text, CVK_MAX_SHOWN)), wanted);
    ck_assert_str_eq(shown(cvk_slice_of(text, CVK_MAX_SHOWN + 1)), wanted);
}
END_TEST

/* n letters before a unit that is long when shown, and more behind it. */
START_TEST(a_cut_never_splits_a_character_or_an_escape)
{
    static const struct {
        struct cvk_slice in;
        const char *out;
    } long_units[] = {
        {S("\xf0\x9f\x92\xa9"), "\xf0\x9f\x92\xa9"},
        {S("\xf3\xa0\x80\x81"), "\\U000e0001"},
        {S("\xe2\x80\xae"), "\\u202e"},
        {S("\x1b"), "\\x1b"},
        {S("\xff"), "\\xff"},
        {S("\\"), "\\\\"},
    };
    size_t unit = strlen(long_units[_i].out);

    for (size_t n = 0; n < 2 * CVK_MAX_SHOWN; n++) {
        uint8_t in[4 * CVK_MAX_SHOWN];
        const char *out;
        size_t kept, size;

        memset(in, 'a', sizeof in);
        memcpy(in + n, long_units[_i].in.p, long_units[_i].in.n);
        out = shown(cvk_slice_of(in, sizeof in));
        size = strlen(out);
        ck_assert_uint_lt(size, CVK_MAX_SHOWN);
        ck_assert_str_eq(out + size - 3, "...");
        kept = strspn(out, "a");
        if (kept < n) /* cut before the unit */
            ck_assert_uint_eq(kept, size - 3);
        else if (kept < size - 3) /* behind it */
            ck_assert_int_eq(strncmp(out + n, long_units[_i].out, unit), 0);
        ck_assert_uint_ge(size, CVK_MAX_SHOWN - 1 - unit);
    }
}
END_TEST

static uint64_t next_random(void)
{
    static uint64_t x = 88172645463325252; /* xorshift64 */

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x;
}

/* Bytes that make UTF-8 likely, and what is nearly UTF-8 too. */
static size_t random_bytes(uint8_t *out, size_t max)
{
    size_t n = next_random() % max, at = 0;

    while (at + 4 < n) {
        uint64_t r = next_random();
        uint32_t cp = (uint32_t)(r >> 8) & (0x7fu << (r >> 4) % 15);

        if (r % 4 == 0 || (cp >= 0xd800 && cp < 0xe000) || cp > 0x10ffff)
            out[at++] = (uint8_t)(r >> 40);
        else
            at += cvk_utf8_encode(cp, out + at);
    }
    return at;
}

/* UTF-8 without a control character: C0, DEL or C1. */
static bool is_clean(struct cvk_slice s)
{
    uint32_t cp;
    size_t n;

    for (size_t at = 0; at < s.n; at += n) {
        n = cvk_utf8_decode(s, at, &cp);
        if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
            return false;
    }
    return !cvk_escape_needed(s);
}

START_TEST(escapes_of_random_bytes_are_clean_utf8)
{
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[200];
        struct cvk_slice s = cvk_slice_of(bytes, random_bytes(bytes, 200));
        const char *cut = shown(s);

        buf.n = 0;
        ck_assert(cvk_escape_text(&buf, s));
        ck_assert(is_clean(cvk_buf_slice(&buf)));
        buf.n = 0;
        ck_assert(cvk_escape_name(&buf, s));
        ck_assert(is_clean(cvk_buf_slice(&buf)));
        buf.n = 0;
        ck_assert(cvk_escape_json(&buf, s));
        ck_assert(is_clean(cvk_buf_slice(&buf)));
        ck_assert(is_clean(cvk_slice_of(cut, strlen(cut))));
        ck_assert_uint_lt(strlen(cut), CVK_MAX_SHOWN);
    }
}
END_TEST

START_TEST(json_reads_back_as_the_text_it_was)
{
    int whole = 0;

    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[60];
        struct cvk_slice s = cvk_slice_of(bytes, random_bytes(bytes, 60));
        cJSON *json;
        uint32_t cp;
        size_t at = 0;

        /* cJSON ends a string at U+0000 */
        while (at < s.n && s.p[at] && cvk_utf8_decode(s, at, &cp))
            at += cvk_utf8_decode(s, at, &cp);
        s.n = at;
        whole += s.n > 4;
        buf.n = 0;
        ck_assert(cvk_escape_json(&buf, s));
        json = cJSON_ParseWithLength((const char *)buf.p, buf.n);
        ck_assert(cJSON_IsString(json));
        ck_assert_uint_eq(strlen(json->valuestring), s.n);
        ck_assert_mem_eq(json->valuestring, s.p, s.n);
        cJSON_Delete(json);
    }
    ck_assert_int_gt(whole, 1000);
}
END_TEST

static const struct {
    struct cvk_slice in, posix, powershell;
} words[] = {
    {S("/mnt/a_b-c.9Z"), S("/mnt/a_b-c.9Z"), S("'/mnt/a_b-c.9Z'")},
    {S(""), S("''"), S("''")},
    {S("a b"), S("'a b'"), S("'a b'")},
    {S("-o"), S("'-o'"), S("'-o'")},
    {S("a-"), S("a-"), S("'a-'")},
    {S("~"), S("'~'"), S("'~'")},
    {S("it's"), S("'it'\\''s'"), S("'it''s'")},
    {S("''"), S("''\\'''\\'''"), S("''''''")},
    {S("a\"$(`b`)\\;&|<>*?[]{}!#=,@%^"), S("'a\"$(`b`)\\;&|<>*?[]{}!#=,@%^'"),
     S("'a\"$(`b`)\\;&|<>*?[]{}!#=,@%^'")},
    {S("\xc3\xa4"), S("'\xc3\xa4'"), S("'\xc3\xa4'")},
    /* double curly quotes mean nothing between single ones */
    {S("\xe2\x80\x9c\xe2\x80\x9d"), S("'\xe2\x80\x9c\xe2\x80\x9d'"),
     S("'\xe2\x80\x9c\xe2\x80\x9d'")},
    /* U+2017 and U+201C stand beside the single curly quotes */
    {S("\xe2\x80\x97"), S("'\xe2\x80\x97'"), S("'\xe2\x80\x97'")},
};

START_TEST(words_are_quoted_for_both_shells)
{
    assert_escape(cvk_escape_posix_word, words[_i].in, words[_i].posix);
    assert_escape(cvk_escape_powershell_word, words[_i].in,
                  words[_i].powershell);
}
END_TEST

START_TEST(words_that_are_not_safe_on_one_line_are_refused)
{
    static const struct cvk_slice unsafe[] = {
        S("a\nb"), S("\r"), S("\0"), S("\x1b"), S("\x7f"), S("\xc2\x9b"),
        S("\xe2\x80\xae"), S("\xef\xbb\xbf"), S("\xff"), S("a\xc3"),
    };

    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        ck_assert(!cvk_escape_posix_word(&buf, unsafe[i]));
        ck_assert(!cvk_escape_powershell_word(&buf, unsafe[i]));
        ck_assert_uint_eq(buf.n, 0);
    }
}
END_TEST

START_TEST(single_curly_quotes_are_left_to_a_person_in_powershell)
{
    char word[] = "a\xe2\x80\x98z";

    for (int last = 0x98; last <= 0x9b; last++) {
        word[3] = (char)last;
        ck_assert(!cvk_escape_powershell_word(&buf, cvk_slice_of(word, 5)));
        ck_assert(!cvk_escape_powershell_word(&buf, cvk_slice_of(word + 1, 3)));
        ck_assert_uint_eq(buf.n, 0);
        ck_assert(cvk_escape_posix_word(&buf, cvk_slice_of(word, 5)));
        ck_assert_uint_eq(buf.n, 7);
        buf.n = 0;
    }
}
END_TEST

int main(void)
{
    const int n_units = sizeof units / sizeof *units;
    Suite *suite = suite_create("escape");
    TCase *tc = tcase_create("escape");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, unsafe_characters_are_escaped_in_text, 0, n_units);
    tcase_add_loop_test(tc, unsafe_characters_are_escaped_in_json, 0, n_units);
    tcase_add_loop_test(tc, names_are_escaped_only_where_they_have_to_be, 0,
                        n_units);
    tcase_add_test(tc, every_byte_is_escaped_the_same_at_every_place);
    tcase_add_test(tc, a_backslash_in_a_name_is_doubled_beside_an_escape);
    tcase_add_loop_test(tc, a_buffer_too_small_fails, 0, 5);
    tcase_add_test(tc, short_text_is_shown_whole);
    tcase_add_test(tc, long_text_is_cut_with_dots);
    tcase_add_loop_test(tc, a_cut_never_splits_a_character_or_an_escape, 0, 6);
    tcase_add_test(tc, escapes_of_random_bytes_are_clean_utf8);
    tcase_add_test(tc, json_reads_back_as_the_text_it_was);
    tcase_add_loop_test(tc, words_are_quoted_for_both_shells, 0,
                        sizeof words / sizeof *words);
    tcase_add_test(tc, words_that_are_not_safe_on_one_line_are_refused);
    tcase_add_test(tc, single_curly_quotes_are_left_to_a_person_in_powershell);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
