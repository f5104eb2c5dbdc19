/* SPDX-License-Identifier: MIT */
#include "evidence/second.h"

#include "sample.h"
#include "unit.h"

static struct cvk_second second;
static struct cvk_buf text, bytes;

static void setup(void)
{
    cvk_dom_setup();
    cvk_second_init(&second);
    cvk_buf_init(&text, 1 << 20);
    cvk_buf_init(&bytes, 1 << 20);
}

static void teardown(void)
{
    cvk_second_clear(&second);
    cvk_buf_clear(&text);
    cvk_buf_clear(&bytes);
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* Reads a document and holds the value at pointer against a blob. */
static enum cvk_code check(const char *document, const char *pointer,
                           struct cvk_slice blob)
{
    ck_assert_int_eq(cvk_second_read(&second, slice(document), 32), CVK_OK);
    return cvk_second_check(&second, slice(pointer), blob);
}

#define FOOBAR CVK_LITERAL("foobar!")

static const struct {
    const char *document, *pointer;
    bool agrees;
} cases[] = {
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "/a", true},
    {"{\"a\":\"Zm9vYmFyIQ\"}", "/a", true},
    {"{\"a\":\" Zm\\t9v\\r\\nYmFy IQ = = \\n\"}", "/a", true},
    {"{\"a\":\"Zm9vYmFyI\\u0051==\"}", "/a", true},
    {"{\"a\":\"Zm9vYmFyIR==\"}", "/a", true}, /* unused bits */
    {"{\"a\":\"Zm9v\\u0001\\u007fYmFy-_.IQ==\"}", "/a", true}, /* skipped */
    {"{\"a\":\"Zm9vYmFyIg==\"}", "/a", false},
    {"{\"a\":\"zm9vYmFyIQ==\"}", "/a", false},
    {"{\"a\":\"Zm9vYmFy\"}", "/a", false},     /* shorter */
    {"{\"a\":\"Zm9vYmFyISE=\"}", "/a", false}, /* longer */
    {"{\"a\":\"\"}", "/a", false},
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "/b", false},
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "/A", false}, /* names are exact */
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "", false},
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "a", false},
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "/a/b", false},
    {"{\"a\":\"Zm9vYmFyIQ==\"}", "/a/0", false},
    {"{\"A\":\"\",\"a\":\"Zm9vYmFyIQ==\"}", "/a", true},
    {"{\"a\":null}", "/a", false},
    {"{\"a\":7}", "/a", false},
    {"{\"a\":true}", "/a", false},
    {"{\"a\":[\"Zm9vYmFyIQ==\"]}", "/a", false},
    {"{\"a\":{\"b\":\"Zm9vYmFyIQ==\"}}", "/a", false},
    {"{\"a\":{\"b\":\"Zm9vYmFyIQ==\"}}", "/a/b", true},
    {"{\"a\":[0,[],\"Zm9vYmFyIQ==\"]}", "/a/2", true},
    {"{\"a\":[0,[],\"Zm9vYmFyIQ==\"]}", "/a/1", false},
    {"{\"a\":[0,[],\"Zm9vYmFyIQ==\"]}", "/a/3", false},
    {"{\"a\":[\"Zm9vYmFyIQ==\"]}", "/a/", false},
    {"{\"a\":[\"Zm9vYmFyIQ==\"]}", "/a/0x", false},
    {"{\"a\":[\"Zm9vYmFyIQ==\"]}", "/a/x", false},
    {"{\"a\":[]}", "/a/0", false},
    {"[[{\"x\":\"Zm9vYmFyIQ==\"}]]", "/0/0/x", true},
    {"{\"a/b\":\"Zm9vYmFyIQ==\"}", "/a~1b", true},
    {"{\"a~b\":\"Zm9vYmFyIQ==\"}", "/a~0b", true},
    {"{\"~1\":\"Zm9vYmFyIQ==\"}", "/~01", true},
    {"{\"~1\":\"Zm9vYmFyIQ==\"}", "/~1", false},
    {"{\"\":\"Zm9vYmFyIQ==\"}", "/", true},
    {"{\"0\":\"Zm9vYmFyIQ==\"}", "/0", true},
    {"{\"\\u00e4\\n\":\"Zm9vYmFyIQ==\"}", "/\xc3\xa4\n", true},
    {" {\"a\" : \"Zm9vYmFyIQ==\"} \r\n", "/a", true},
};

START_TEST(a_value_agrees_only_if_all_its_bytes_do)
{
    ck_assert_int_eq(check(cases[_i].document, cases[_i].pointer, FOOBAR),
                     cases[_i].agrees ? CVK_OK : CVK_E_CROSS_DISAGREEMENT);
}
END_TEST

START_TEST(a_pointer_to_two_values_is_told)
{
    static const char *const documents[] = {
        "{\"a\":{\"b\":\"Zm9vYmFyIQ==\",\"b\":\"Zm9vYmFyIQ==\"}}",
        "{\"a\":{\"b\":\"Zm9vYmFyIQ==\"},\"x\":0,\"a\":{}}",
        "{\"a\":{\"b\":\"Zm9vYmFyIQ==\"},\"a\":{},\"x\":0,\"y\":0}",
        "{\"a\":{\"b\":\"Zm9vYmFyIQ==\",\"B\":\"\",\"\\u0062\":0}}"};

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        ck_assert_int_eq(check(documents[i], "/a/b", FOOBAR),
                         CVK_E_JSON_DUPLICATE_NAME);
    ck_assert_int_eq(check("{\"x\":1,\"x\":2,\"a\":{\"B\":1,"
                           "\"b\":\"Zm9vYmFyIQ==\"}}", "/a/b", FOOBAR), CVK_OK);
}
END_TEST

START_TEST(what_cjson_refuses_disagrees)
{
    static const char *const documents[] = {"", "{", "{}x", "{\"a\":01x}",
                                            "\"\\ud800\"", "tru"};

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        ck_assert_int_eq(cvk_second_read(&second, slice(documents[i]), 8),
                         CVK_E_CROSS_DISAGREEMENT);
        ck_assert_int_eq(cvk_second_check(&second, slice("/a"), FOOBAR),
                         CVK_E_CROSS_DISAGREEMENT);
    }
}
END_TEST

/* A document whose value is text of n bytes; a line break every width
 * characters, none if it is 0. */
static void build(size_t n, size_t width)
{
    struct cvk_buf plain;
    uint64_t seed = n;

    bytes.n = text.n = 0;
    for (size_t i = 0; i < n; i++)
        cvk_buf_append_byte(&bytes, (uint8_t)sample_random(&seed));
    cvk_buf_init(&plain, 1 << 20);
    sample_encode(&plain, bytes.p, bytes.n, false);
    cvk_buf_append_string(&text, "{\"a\":\"");
    for (size_t i = 0; i < plain.n; i++) {
        if (width && i % width == 0)
            cvk_buf_append_string(&text, "\\r\\n");
        cvk_buf_append_byte(&text, plain.p[i]);
    }
    cvk_buf_append(&text, "\"}", 3);
    text.n--;
    cvk_buf_clear(&plain);
}

START_TEST(text_is_read_whole_around_each_piece)
{
    static const size_t around[] = {0, 1, 3, 3072, 2 * 3072, 5 * 3072, 100000};
    size_t from = around[_i] < 8 ? around[_i] : around[_i] - 8;

    for (size_t n = from; n < around[_i] + 9; n++)
        for (size_t width = 0; width <= 76; width += 19) {
            build(n, width);
            ck_assert(!cvk_second_read(&second, cvk_buf_slice(&text), 2));
            ck_assert_int_eq(cvk_second_check(&second, slice("/a"),
                                              cvk_buf_slice(&bytes)), CVK_OK);
            if (!n)
                continue;
            bytes.p[n - 1] ^= 1; /* the last byte counts */
            ck_assert_int_eq(cvk_second_check(&second, slice("/a"),
                                              cvk_buf_slice(&bytes)),
                             CVK_E_CROSS_DISAGREEMENT);
            bytes.p[n - 1] ^= 1;
            bytes.n--;
            ck_assert_int_eq(cvk_second_check(&second, slice("/a"),
                                              cvk_buf_slice(&bytes)),
                             CVK_E_CROSS_DISAGREEMENT);
            bytes.n++;
            cvk_buf_append_byte(&bytes, 0);
            ck_assert_int_eq(cvk_second_check(&second, slice("/a"),
                                              cvk_buf_slice(&bytes)),
                             CVK_E_CROSS_DISAGREEMENT);
        }
}
END_TEST

START_TEST(a_blob_of_nothing_agrees_with_nothing)
{
    ck_assert_int_eq(check("{\"a\":\" \\n\"}", "/a", slice("")), CVK_OK);
    ck_assert_int_eq(check("{\"a\":\"AA==\"}", "/a", slice("")),
                     CVK_E_CROSS_DISAGREEMENT);
}
END_TEST

START_TEST(documents_follow_one_another)
{
    for (size_t n = 1; n < 2000; n += 333) {
        build(n, 76);
        ck_assert(!cvk_second_read(&second, cvk_buf_slice(&text), 2));
        ck_assert_int_eq(cvk_second_check(&second, slice("/a"),
                                          cvk_buf_slice(&bytes)), CVK_OK);
        ck_assert_int_eq(check("{\"b\":\"Zm9vYmFyIQ==\"}", "/b", FOOBAR),
                         CVK_OK);
        ck_assert_int_eq(cvk_second_check(&second, slice("/a"), FOOBAR),
                         CVK_E_CROSS_DISAGREEMENT);
    }
}
END_TEST

/* The memory follows from length and number of values alone. */
START_TEST(the_arena_suffices_for_every_kind_of_value)
{
    static const char *const parts[] = {
        "{\"\":\"\"}", "[]",      "\"\"",        "0", "null", "\"\\u0041\"",
        "-1.5e+10",    "\"abc\"", "{\"abc\":{}}"};
    static const size_t values[] = {2, 1, 1, 1, 1, 1, 1, 1, 2};

    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
        text.n = 0;
        cvk_buf_append_byte(&text, '[');
        for (size_t i = 0; i < 1000; i++) {
            cvk_buf_append_string(&text, parts[part]);
            cvk_buf_append_byte(&text, i < 999 ? ',' : ']');
        }
        cvk_buf_append_byte(&text, 0);
        text.n--;
        cvk_second_clear(&second);
        cvk_second_init(&second);
        ck_assert_int_eq(cvk_second_read(&second, cvk_buf_slice(&text),
                                         1 + 1000 * values[part]),
                         CVK_OK);
    }
}
END_TEST

START_TEST(too_little_memory_is_no_disagreement)
{
    cvk_buf_clear(&second.dom.arena);
    cvk_buf_init(&second.dom.arena, 64);
    ck_assert_int_eq(cvk_second_read(&second, slice("{\"a\":\"Zg==\"}"), 2),
                     CVK_E_MEMORY);
    cvk_buf_init(&second.dom.arena, 1 << 20);
    second.name.max = 8;
    ck_assert_int_eq(cvk_second_read(&second, slice("{\"a\":\"Zg==\"}"), 2),
                     CVK_E_MEMORY);
    second.name.max = 1 << 16;
    /* fewer values announced than there are */
    text.n = 0;
    cvk_buf_append_byte(&text, '[');
    for (size_t i = 0; i < 5000; i++)
        cvk_buf_append_string(&text, "0,");
    cvk_buf_append(&text, "0]", 3);
    text.n--;
    ck_assert_int_eq(cvk_second_read(&second, cvk_buf_slice(&text), 0),
                     CVK_E_MEMORY);
}
END_TEST

START_TEST(the_library_names_its_version)
{
    ck_assert_ptr_nonnull(strchr(cvk_dom_library_version(), '.'));
}
END_TEST

START_TEST(the_digest_is_that_of_the_bytes_that_agree)
{
    uint8_t got[CVK_SHA256_SIZE], wanted[CVK_SHA256_SIZE];
    uint64_t size;

    cvk_sha256(FOOBAR, wanted);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum cvk_code code;

        ck_assert_int_eq(cvk_second_read(&second, slice(cases[i].document), 32),
                         CVK_OK);
        code = cvk_second_digest(&second, slice(cases[i].pointer), &size, got);
        ck_assert_int_eq(!code && size == FOOBAR.n &&
                             memcmp(got, wanted, sizeof got) == 0,
                         cases[i].agrees);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("second");
    TCase *tc = tcase_create("second");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, a_value_agrees_only_if_all_its_bytes_do, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(tc, a_pointer_to_two_values_is_told);
    tcase_add_test(tc, what_cjson_refuses_disagrees);
    tcase_add_loop_test(tc, text_is_read_whole_around_each_piece, 0, 7);
    tcase_add_test(tc, a_blob_of_nothing_agrees_with_nothing);
    tcase_add_test(tc, documents_follow_one_another);
    tcase_add_test(tc, the_arena_suffices_for_every_kind_of_value);
    tcase_add_test(tc, too_little_memory_is_no_disagreement);
    tcase_add_test(tc, the_library_names_its_version);
    tcase_add_test(tc, the_digest_is_that_of_the_bytes_that_agree);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
