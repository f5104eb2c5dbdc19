/* SPDX-License-Identifier: MIT */
#include "evidence/json.h"

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "sample.h"
#include "unit.h"

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* Reads text to its end: one letter for each event, the code that stopped it,
 * and in *j all the rest. */
static enum cvk_code read_all(struct cvk_slice text, struct cvk_json *j,
                              char *events, size_t room)
{
    static const char letters[] = "{}[]NS#tfn";
    enum cvk_json_event event;
    size_t n = 0;

    cvk_json_init(j, text);
    while ((event = cvk_json_next(j)) < CVK_JSON_DONE) {
        ck_assert(j->from <= j->to && j->to <= text.n);
        if (n + 1 < room)
            events[n++] = letters[event];
    }
    events[n] = '\0';
    ck_assert(event == CVK_JSON_DONE ? !j->error : j->error != CVK_OK);
    return j->error;
}

static enum cvk_code read_code(struct cvk_slice text, size_t *at)
{
    struct cvk_json j;
    char none[1];
    enum cvk_code code = read_all(text, &j, none, 1);

    *at = code ? j.error_at : j.at;
    return code;
}

/* Text, and one letter for each event it gives. */
static const struct {
    const char *text, *events;
} good[] = {
    {"null", "n"}, {"true", "t"}, {"false", "f"}, {"\"\"", "S"}, {"0", "#"},
    {"-0", "#"}, {"-1", "#"}, {"10", "#"}, {"0.0", "#"}, {"-12.340", "#"},
    {"1e1", "#"}, {"1E1", "#"}, {"1e+01", "#"}, {"1e-01", "#"}, {"0e0", "#"},
    {"0.5E-7", "#"}, {"1e999999", "#"}, {"[]", "[]"}, {"{}", "{}"},
    {" \t\r\n[ \t\r\n] \t\r\n", "[]"}, {" \t\r\n{ \t\r\n} \t\r\n", "{}"},
    {"[1]", "[#]"}, {"[1 , 2 ,3]", "[###]"}, {"{\"a\":1}", "{N#}"},
    {"{ \"a\" : 1 , \"b\" : null }", "{N#Nn}"}, {"{\"\":\"\"}", "{NS}"},
    {"{\"a\":1,\"a\":2}", "{N#N#}"},
    {"[[],{},[{}],{\"x\":[]}]", "[[]{}[{}]{N[]}]"},
    {"[true,false,null,\"s\",1]", "[tfnS#]"},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "S"}, {"\"\\u0000\"", "S"},
    {"\"\\uABCD\\uabcd\\u09Ff\"", "S"},
    {"\"\\uD800\\uDC00\\udbff\\udfff\"", "S"}, {"\"\\ud7ff\\ue000\"", "S"},
    {"\"\x7f\"", "S"},
    {"\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"", "S"},
    {"\"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", "S"},
    {"{\"\\\\u0000\":0}", "{N#}"}, {"{\"\\u0001\":0}", "{N#}"}, {"[] x", "[]"},
    {"1 2", "#"}, {"{}{", "{}"}};

START_TEST(every_production_is_accepted)
{
    struct cvk_json j;
    char events[64];

    ck_assert_int_eq(read_all(slice(good[_i].text), &j, events,
                              sizeof events),
                     CVK_OK);
    ck_assert_str_eq(events, good[_i].events);
}
END_TEST

/* A bar stands before the byte that is wrong. */
static const struct {
    enum cvk_code code;
    const char *cases[64];
} bad[] = {
    {CVK_E_JSON_SYNTAX, {"|}", "|]", "|,", "|:", "[|}", "{|]", "[1|}",
      "{\"a\":1|]", "[|,1]", "[1,|,2]", "[1 |2]", "[1|:2]", "[1,|}", "{|,}",
      "{|1:2}", "{|null:2}", "{|a:1}", "{\"a\"|}", "{\"a\"|,1}", "{\"a\" |1}",
      "{\"a\" |b}", "{\"a\":|}", "{\"a\":|,}", "{\"a\":|:1}",
      "{\"a\":1 |\"b\":2}", "{\"a\":1,|2}", "{\"a\":1,|,}", "{\"a\":1|:2}",
      "|True", "|NaN", "|hello", "|trve", "|nul ", "|(1)", "[1|=2]", "[1|=", "[true|false]", "[null|x]",
      "[1e1|.5]", "[1.2|.3]", "[|+1]", "[|.5]", "[0|x10]", "[1|_000]",
      "[|\xef\xbc\x91]", "|\f1", "|\v1", "|\xc2\xa0[]", "|\xef\xbb\xbf{}",
      "[|\xe2\x80\xa8]", "[1|\f]", "{|\v}", "[\"a\"|\xc2\x85]",
      "{\"a\"|\xc2\xa0:1}"}},
    {CVK_E_JSON_QUOTES, {"|'a'", "{|'a':1}", "[|'a']", "{\"a\"|'",
      "{\"a\":|'b'}", "{\"a\":1|'", "[|\xe2\x80\x9c" "a\xe2\x80\x9d]",
      "{|\xe2\x80\x98" "a\xe2\x80\x99:1}", "[\"a\"|\xe2\x80\x9d]",
      "[1,|\xe2\x80\x99]", "{|\xc2\xab" "a\xc2\xbb:1}", "[\"a\"|\xc2\xbb]"}},
    {CVK_E_JSON_QUOTED_PRINTABLE, {"{|=\n\"a\":1}", "[1,|=\r\n2]",
      "\"a=|\nb\"", "\"a=|\r\nb\"", "\"=|\n b\"", "\"a=|\n=3D\""}},
    {CVK_E_JSON_CONTROL, {"\"a|\nb\"", "\"a|\tb\"", "\"a==|\n\"",
      "\"a=|\r\n  \"", "\"a=|\n", "\"a=|\tb\"", "\"a= |\nb\"", "\"|\n=b\"",
      "\"=\\n|\nb\""}},
    {CVK_E_JSON_TRAILING_COMMA, {"[1|,]", "[1 |, ]", "{\"a\":1|,}",
      "{\"a\":[1|,],}"}},
    {CVK_E_JSON_COMMENT, {"|/**/1", "[1|//x\n]", "{|#x\n}", "{\"a\"|/**/:1}",
      "{\"a\":|/**/1}", "{\"a\":1,|/**/}", "[|#]", "[1,|/**/2]"}},
    {CVK_E_JSON_LITERAL, {"[|True]", "[|FALSE]", "[|nil]", "[|tru]", "[|falsE]",
      "[|nul ]", "[|NaN]", "[1,|NaN]", "{\"a\":|Infinity}", "[|undefined]",
      "[|z]", "[|Z]"}},
    {CVK_E_JSON_NUMBER, {"[-|]", "[-|-1]", "[-|a]", "[-|Infinity]", "[|00]",
      "[|01]", "[-|01]", "[1.|]", "[1.|e1]", "[1.|-1]", "[1e|]", "[1E+|]",
      "[1e-|]", "[1e+|-1]", "[1,|000]", "[-|.5]"}},
    {CVK_E_JSON_ESCAPE, {"\"|\\x41\"", "\"ab|\\'\"", "\"|\\0\"", "\"|\\\n\"",
      "\"|\\U0041\"", "\"|\\N\"", "\"|\\u\"", "\"|\\u004\"", "\"|\\u00g1\"",
      "\"|\\u+041\"", "\"|\\u00 1\"", "\"|\\u004@\"", "\"|\\u004`\"",
      "\"|\\u004:\"", "\"|\\u004/\"", "\"|\\u004G\"", "{\"|\\x\":1}"}},
    {CVK_E_JSON_SURROGATE, {"\"|\\ud800\"", "\"|\\udbff\"", "\"|\\udc00\"",
      "\"|\\udfff\"", "\"x|\\ud800x\\udc00\"", "\"|\\ud800\\n12345\"",
      "\"|\\ud800\\u0041\"", "\"|\\ud800\\udbff\"", "\"|\\ud800\\ue000\"",
      "\"|\\ud800\\udc0g\"", "\"|\\udc00\\ud800\"",
      "\"\\ud800\\udc00|\\udc00\"", "{\"|\\ud800\":1}"}},
    {CVK_E_JSON_NUL, {"{\"|\\u0000\":1}", "{\"ab|\\u0000c\":1}",
      "{\"\\\\|\\u0000\":1}", "{\"|\\u00000\":0}", "{\"a\":0,\"|\\u0000\":1}"}},
    {CVK_E_JSON_TRUNCATED, {"|", " \n|", "[|", "{\"a\":|"}}};

START_TEST(every_violation_has_its_code_and_place)
{
    for (const char *const *c = bad[_i].cases; *c; c++) {
        char text[64];
        size_t n = strlen(*c), mark = (size_t)(strchr(*c, '|') - *c), at;
        enum cvk_code code;

        memcpy(text, *c, mark);
        memcpy(text + mark, *c + mark + 1, n - mark - 1);
        code = read_code(cvk_slice_of(text, n - 1), &at);
        ck_assert_msg(code == bad[_i].code && at == mark, "%s: %s at %zu", *c,
                      cvk_code_id(code), at);
    }
}
END_TEST

static const struct {
    const char *text, *words;
} told[] = {
    {"[\xc2\xa0]", "'\xc2\xa0' (U+00A0) cannot stand here in JSON"},
    {"[\xe2\x80\x9c", "'\xe2\x80\x9c' (U+201C) stands where JSON has '\"'"},
    {"['", "a single quote stands where JSON has '\"'"},
    {"[\xf0\x9f\x98\x80]",
     "'\xf0\x9f\x98\x80' (U+1F600) cannot stand here in JSON"},
    {"[\xe2\x80", "'\\xe2' cannot stand here in JSON"},
    {"[\xe2\x80\xae]", "'\\u202e' (U+202E) cannot stand here in JSON"},
    {"[;", "';' cannot stand here in JSON"},
    {"[\x01", "U+0001 cannot stand here in JSON"},
    {"[\x7f", "U+007F cannot stand here in JSON"},
    {"\"\n\"", "a line feed stands unescaped in a string"},
    {"\"\r\"", "a carriage return stands unescaped in a string"},
    {"\"\t\"", "a TAB stands unescaped in a string"},
    {"\"\x1f\"", "U+001F stands unescaped in a string"},
    {"[", "the JSON ends before it is complete"},
};

START_TEST(an_error_names_the_whole_character)
{
    char why[CVK_MAX_FINDING_TEXT], none[1];
    struct cvk_json j;

    ck_assert(read_all(slice(told[_i].text), &j, none, 1));
    cvk_json_explain(&j, why);
    ck_assert_str_eq(why, told[_i].words);
}
END_TEST

START_TEST(nul_bytes_are_refused)
{
    size_t at;

    ck_assert_int_eq(read_code(CVK_LITERAL("[\0]"), &at), CVK_E_JSON_SYNTAX);
    ck_assert_uint_eq(at, 1);
    ck_assert_int_eq(read_code(CVK_LITERAL("\"a\\\0\""), &at),
                     CVK_E_JSON_ESCAPE);
    ck_assert_uint_eq(at, 2);
}
END_TEST

/* Every production, so that a cut can fall into each. */
static const char *const documents[] = {
    (" {\"a\" : [ true , false , null ] ,\n\"b\\u0041\\n\":{\"\":-1.5e+10 },"
     "\"c\":\"\\\\ x\", \"d\":[0,10,-0.1E-7,[],{}], \"e\":\"1234567890\"}"),
    "[\"a\\ud83d\\ude00b\"]",
    "{\"\xc3\xa9\":\"\xe2\x82\xac \xf0\x9f\x98\x80\"}"};

START_TEST(a_document_cut_anywhere_is_truncated)
{
    const char *text = documents[_i];

    for (size_t n = 0; n < strlen(text); n++) {
        uint8_t *copy = malloc(n + 1); /* so that reading on is caught */
        enum cvk_code code;
        size_t at;

        memcpy(copy, text, n);
        code = read_code(cvk_slice_of(copy, n), &at);
        free(copy);
        ck_assert_msg(code == CVK_E_JSON_TRUNCATED && at == n,
                      "cut to %zu bytes: %s at %zu", n, cvk_code_id(code), at);
    }
}
END_TEST

START_TEST(every_control_character_in_a_string_is_refused)
{
    char text[] = "{\"abcdefgh?\":1}";

    for (int c = 0; c <= 0x20; c++) {
        size_t at;

        text[10] = (char)c;
        ck_assert_int_eq(read_code(CVK_LITERAL(text), &at),
                         c < 0x20 ? CVK_E_JSON_CONTROL : CVK_OK);
        ck_assert_uint_eq(at, c < 0x20 ? 10 : sizeof text - 1);
    }
}
END_TEST

START_TEST(only_four_bytes_are_white_space)
{
    for (int c = 0; c < 256; c = c == 0x20 ? 0x7f : c + 1) {
        char text[] = {'[', (char)c, '1', (char)c, ',', (char)c, '2', ']'};
        bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        size_t at;

        ck_assert_int_eq(read_code(cvk_slice_of(text, 8), &at),
                         space ? CVK_OK : CVK_E_JSON_SYNTAX);
        ck_assert_uint_eq(at, space ? 8 : 1);
    }
}
END_TEST

/* Length a lead byte asks for, RFC 3629; 0 for none. */
static size_t sequence_length(unsigned lead)
{
    return lead < 0x80                     ? 1
           : lead >= 0xc2 && lead <= 0xdf ? 2
           : lead >= 0xe0 && lead <= 0xef ? 3
           : lead >= 0xf0 && lead <= 0xf4 ? 4
                                          : 0;
}

static void check_lead_byte(int c)
{
    for (unsigned second = 0x70; second < 0xd0; second++)
        for (size_t n = 1; n <= 4; n++) {
            uint8_t text[8] = {'"', (uint8_t)c, (uint8_t)second, 0x80, 0x80};
            size_t wanted = sequence_length((unsigned)c), at;
            bool ok = n == wanted && second >= (c == 0xe0   ? 0xa0u
                                                : c == 0xf0 ? 0x90u
                                                             : 0x80u) &&
                      second <= (c == 0xed   ? 0x9fu
                                 : c == 0xf4 ? 0x8fu
                                              : 0xbfu);

            text[1 + n] = '"';
            if (n == 1)
                second = 0xd0; /* there is no second byte */
            ck_assert_int_eq(read_code(cvk_slice_of(text, n + 2), &at),
                             ok ? CVK_OK : CVK_E_TEXT_UTF8);
            ck_assert_uint_eq(at, ok ? n + 2 : 1);
        }
}

START_TEST(every_lead_byte_needs_its_continuation_bytes)
{
    for (int c = 0x80; c < 0x100; c++)
        check_lead_byte(c);
}
END_TEST

START_TEST(a_third_or_fourth_byte_must_be_a_continuation)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t text[] = {'"', 0xf1, 0xe2, 0x82, (uint8_t)byte, '"'};
        bool ok = byte >= 0x80 && byte <= 0xbf;
        size_t at;

        text[1] = '"'; /* three bytes */
        ck_assert(!read_code(cvk_slice_of(text + 1, 5), &at) == ok);
        memcpy(text, "\"\xf1\x80\x80", 4); /* four bytes */
        ck_assert(!read_code(cvk_slice_of(text, 6), &at) == ok);
    }
}
END_TEST

/* Opens n containers, arrays and objects in turn, and closes them. */
static void nest(struct cvk_buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cvk_buf_append_string(b, i % 3 == 1 && i + 1 < n ? "{\"a\":" : "[");
    for (size_t i = n; i-- > 0;)
        cvk_buf_append_byte(b, i % 3 == 1 && i + 1 < n ? '}' : ']');
}

START_TEST(depth_ends_at_1000)
{
    struct cvk_buf b;
    size_t at, plain;

    cvk_buf_init(&b, 1 << 20);
    nest(&b, 1000);
    ck_assert_int_eq(read_code(cvk_buf_slice(&b), &at), CVK_OK);
    ck_assert_uint_eq(at, b.n);
    b.n = 0;
    nest(&b, 1001);
    ck_assert_int_eq(read_code(cvk_buf_slice(&b), &at), CVK_E_JSON_DEPTH);
    plain = cvk_slice_find(cvk_buf_slice(&b), ']');
    ck_assert_uint_eq(at, plain - 1);
    cvk_buf_clear(&b);
}
END_TEST

START_TEST(values_end_at_100000)
{
    struct cvk_buf b;
    struct cvk_json j;
    char events[1];

    cvk_buf_init(&b, 1 << 20);
    cvk_buf_append_string(&b, "[0");
    for (size_t i = 0; i < 99998; i++)
        cvk_buf_append_string(&b, ",1");
    cvk_buf_append_byte(&b, ']');
    ck_assert_int_eq(read_all(cvk_buf_slice(&b), &j, events, 1), CVK_OK);
    ck_assert_uint_eq(j.values, 100000);
    b.n--;
    cvk_buf_append_string(&b, ",[]]");
    ck_assert_int_eq(read_all(cvk_buf_slice(&b), &j, events, 1),
                     CVK_E_JSON_VALUES);
    ck_assert_uint_eq(j.error_at, b.n - 3);
    cvk_buf_clear(&b);
}
END_TEST

/* The byte under test stands at every offset, so that each lane of a reader of
 * several bytes at a time has its turn, with each neighbour before it. */
START_TEST(special_bytes_are_seen_at_every_alignment)
{
    static const uint8_t before[] = {'a', ' ', '!', '#', '[', ']', 0x7f};
    uint8_t text[160];
    size_t offset = (size_t)_i, at;

    for (size_t b = 0; b < sizeof before; b++)
        for (size_t start = 0; start < 16; start++) {
            uint8_t *p = text + start, *x = p + 1 + offset;
            struct cvk_slice s = cvk_slice_of(p, sizeof text - start);

            memset(text, before[b], sizeof text);
            p[0] = '"';
            *x = '"';
            ck_assert(!read_code(s, &at));
            ck_assert_uint_eq(at, offset + 2);
            *x = 0x1f;
            ck_assert_int_eq(read_code(s, &at),
                             CVK_E_JSON_CONTROL);
            ck_assert_uint_eq(at, offset + 1);
            *x = 0x80;
            ck_assert_int_eq(read_code(s, &at),
                             CVK_E_TEXT_UTF8);
            ck_assert_uint_eq(at, offset + 1);
            memcpy(x, "\\q", 2);
            ck_assert_int_eq(read_code(s, &at),
                             CVK_E_JSON_ESCAPE);
            ck_assert_uint_eq(at, offset + 1);
            memcpy(x, "\\\"\xc3\xa4\"", 5);
            ck_assert(!read_code(s, &at));
            ck_assert_uint_eq(at, offset + 6);
        }
}
END_TEST

START_TEST(tokens_are_the_text_without_quotes)
{
    struct cvk_json j;

    cvk_json_init(&j, CVK_LITERAL(" { \"n\\u0061\" : \"v\" , \"x\":-1.5e3 }"));
    cvk_json_next(&j);
    assert_slice(cvk_json_token(&j), "{");
    cvk_json_next(&j);
    assert_slice(cvk_json_token(&j), "n\\u0061");
    ck_assert(j.escaped);
    cvk_json_next(&j);
    assert_slice(cvk_json_token(&j), "v");
    ck_assert(!j.escaped);
    cvk_json_next(&j);
    cvk_json_next(&j);
    assert_slice(cvk_json_token(&j), "-1.5e3");
    cvk_json_next(&j);
    assert_slice(cvk_json_token(&j), "}");
}
END_TEST

START_TEST(the_end_repeats)
{
    struct cvk_json j;

    cvk_json_init(&j, CVK_LITERAL("1 x"));
    ck_assert_int_eq(cvk_json_next(&j), CVK_JSON_NUMBER);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(cvk_json_next(&j), CVK_JSON_DONE);
    ck_assert_uint_eq(j.at, 1);
    cvk_json_init(&j, CVK_LITERAL("[x"));
    cvk_json_next(&j);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(cvk_json_next(&j), CVK_JSON_FAILED);
    ck_assert_int_eq(j.error, CVK_E_JSON_LITERAL);
    ck_assert_uint_eq(j.error_at, 1);
}
END_TEST

/* ---- against cJSON ------------------------------------------------------ */

static size_t count_values(const cJSON *item)
{
    size_t n = 0;

    for (; item; item = item->next)
        n += 1 + count_values(item->child);
    return n;
}

/* True if the scanner takes text, and then cJSON must, with as many values. */
static bool both_accept(struct cvk_slice text)
{
    struct cvk_json j;
    char events[1];
    char *copy;
    cJSON *root;

    if (read_all(text, &j, events, 1))
        return false;
    copy = malloc(j.at + 1);
    memcpy(copy, text.p, j.at);
    copy[j.at] = '\0';
    root = cJSON_ParseWithLengthOpts(copy, j.at + 1, NULL, true);
    ck_assert_msg(root != NULL, "cJSON refuses: %s", copy);
    ck_assert_uint_eq(count_values(root), j.values);
    cJSON_Delete(root);
    free(copy);
    return true;
}

/* Replaces, takes out, puts in or copies a byte; returns the new length. */
static size_t mutate(uint8_t *text, size_t n, uint64_t *seed)
{
    static const char bytes[] = "{}[],:\"\\/utfn0123456789eE+-. \t\r\nax'\x7f"
                                "\x80\xc3\xa9\xed\xf0\x01";
    size_t at = sample_random(seed) % n;
    uint8_t c = (uint8_t)bytes[sample_random(seed) % (sizeof bytes - 1)];

    switch (sample_random(seed) % 4) {
    case 0:
        text[at] = c;
        return n;
    case 1:
        memmove(text + at, text + at + 1, n - 1 - at);
        return n - 1;
    case 2:
        memmove(text + at + 1, text + at, n - at);
        text[at] = c;
        return n + 1;
    default:
        text[sample_random(seed) % n] = text[at];
        return n;
    }
}

START_TEST(what_the_scanner_accepts_cjson_accepts)
{
    uint64_t seed = 1;
    size_t accepted = 0;

    for (size_t round = 0; round < 150000; round++) {
        uint8_t text[256];
        size_t n = strlen(documents[round % 3]);

        memcpy(text, documents[round % 3], n);
        for (size_t k = sample_random(&seed) % 3 + 1; k-- > 0;)
            n = mutate(text, n, &seed);
        accepted += both_accept(cvk_slice_of(text, n));
    }
    ck_assert(accepted > 10000 && accepted < 140000);
}
END_TEST

START_TEST(good_cases_and_documents_are_good_for_cjson)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert(both_accept(slice(good[i].text)));
    for (size_t i = 0; i < 3; i++)
        ck_assert(both_accept(slice(documents[i])));
}
END_TEST

START_TEST(numbers_of_any_length_are_good_for_both)
{
    uint8_t text[128];

    memset(text, '1', sizeof text);
    for (size_t n = 60; n < sizeof text; n++)
        ck_assert(both_accept(cvk_slice_of(text, n)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tc = tcase_create("json");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, every_production_is_accepted, 0,
                        sizeof good / sizeof *good);
    tcase_add_loop_test(tc, every_violation_has_its_code_and_place, 0,
                        sizeof bad / sizeof *bad);
    tcase_add_loop_test(tc, an_error_names_the_whole_character, 0,
                        sizeof told / sizeof *told);
    tcase_add_test(tc, nul_bytes_are_refused);
    tcase_add_loop_test(tc, a_document_cut_anywhere_is_truncated, 0, 3);
    tcase_add_test(tc, every_control_character_in_a_string_is_refused);
    tcase_add_test(tc, only_four_bytes_are_white_space);
    tcase_add_test(tc, every_lead_byte_needs_its_continuation_bytes);
    tcase_add_test(tc, a_third_or_fourth_byte_must_be_a_continuation);
    tcase_add_test(tc, depth_ends_at_1000);
    tcase_add_test(tc, values_end_at_100000);
    tcase_add_loop_test(tc, special_bytes_are_seen_at_every_alignment, 0,
                        131);
    tcase_add_test(tc, tokens_are_the_text_without_quotes);
    tcase_add_test(tc, the_end_repeats);
    tcase_add_test(tc, what_the_scanner_accepts_cjson_accepts);
    tcase_add_test(tc, good_cases_and_documents_are_good_for_cjson);
    tcase_add_test(tc, numbers_of_any_length_are_good_for_both);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
