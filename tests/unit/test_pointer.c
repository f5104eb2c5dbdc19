/* SPDX-License-Identifier: MIT */
#include "evidence/pointer.h"

#include "unit.h"

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* The examples of RFC 6901 section 5: a member name as it stands in JSON, the
 * pointer, the name. */
static const struct {
    const char *token, *pointer, *name;
} examples[] = {
    {"foo", "/foo", "foo"},
    {"", "/", ""},
    {"a/b", "/a~1b", "a/b"},
    {"c%d", "/c%d", "c%d"},
    {"e^f", "/e^f", "e^f"},
    {"g|h", "/g|h", "g|h"},
    {"i\\\\j", "/i\\j", "i\\j"},
    {"k\\\"l", "/k\"l", "k\"l"},
    {" ", "/ ", " "},
    {"m~n", "/m~0n", "m~n"},
    /* the order of replacement matters, section 4 */
    {"~1", "/~01", "~1"},
    {"~0", "/~00", "~0"},
    {"/~", "/~1~0", "/~"},
    {"~/", "/~0~1", "~/"},
    /* written with escapes */
    {"\\u007e\\u002f\\/", "/~0~1~1", "~//"},
    {"\\u00e4\xc3\xa4", "/\xc3\xa4\xc3\xa4", "\xc3\xa4\xc3\xa4"},
    {"\\ud83d\\ude00", "/\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
};

START_TEST(names_become_reference_tokens)
{
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(cvk_pointer_add_name(&out, slice(examples[_i].token)));
    ck_assert(cvk_slice_equal(cvk_buf_slice(&out),
                              slice(examples[_i].pointer)));
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(reference_tokens_become_names)
{
    struct cvk_slice rest = slice(examples[_i].pointer);
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(cvk_pointer_next(&rest, &out));
    ck_assert(cvk_slice_equal(cvk_buf_slice(&out), slice(examples[_i].name)));
    ck_assert_uint_eq(rest.n, 0);
    ck_assert(!cvk_pointer_next(&rest, &out));
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(the_whole_document_has_no_reference_token)
{
    struct cvk_slice rest = slice("");
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(!cvk_pointer_next(&rest, &out));
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(a_pointer_begins_with_a_slash)
{
    struct cvk_slice rest = slice("foo/bar");
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(!cvk_pointer_next(&rest, &out));
    ck_assert_uint_eq(rest.n, 7);
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(a_tilde_at_the_end_stands_for_itself)
{
    struct cvk_slice rest = slice("/a~");
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(cvk_pointer_next(&rest, &out));
    assert_slice(cvk_buf_slice(&out), "a~");
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(indexes_are_decimal)
{
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(cvk_pointer_add_name(&out, slice("foo")));
    ck_assert(cvk_pointer_add_index(&out, 0));
    ck_assert(cvk_pointer_add_index(&out, 1234567890));
    assert_slice(cvk_buf_slice(&out), "/foo/0/1234567890");
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(tokens_come_one_by_one)
{
    static const char *const names[] = {"a", "", "0", "x/y", ""};
    struct cvk_slice rest = slice("/a//0/x~1y/");
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    for (size_t i = 0; i < 5; i++) {
        ck_assert(cvk_pointer_next(&rest, &out));
        ck_assert(cvk_slice_equal(cvk_buf_slice(&out), slice(names[i])));
    }
    ck_assert(!cvk_pointer_next(&rest, &out));
    ck_assert_uint_eq(out.n, 0);
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(a_full_buffer_is_reported)
{
    static const char *const names[] = {"abc", "a/b", "a~b", "a\\u00e4"};
    struct cvk_slice rest;
    struct cvk_buf out;

    cvk_buf_init(&out, 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        out.n = 0;
        ck_assert(!cvk_pointer_add_name(&out, slice(names[i])));
    }
    out.n = 3;
    ck_assert(!cvk_pointer_add_name(&out, slice("")));
    ck_assert(!cvk_pointer_add_index(&out, 1));
    rest = slice("/abc");
    ck_assert(cvk_pointer_next(&rest, &out));
    rest = slice("/abcd");
    ck_assert(!cvk_pointer_next(&rest, &out));
    rest = slice("/abc~1");
    ck_assert(!cvk_pointer_next(&rest, &out));
    cvk_buf_clear(&out);
}
END_TEST

START_TEST(a_round_trip_gives_the_name_back)
{
    static const char marks[] = "~/01ab";
    struct cvk_buf pointer, name;

    cvk_buf_init(&pointer, 64);
    cvk_buf_init(&name, 64);
    for (size_t code = 0; code < 6 * 6 * 6 * 6; code++) {
        char text[5] = {marks[code % 6], marks[code / 6 % 6],
                        marks[code / 36 % 6], marks[code / 216], '\0'};
        struct cvk_slice rest;

        pointer.n = 0;
        ck_assert(cvk_pointer_add_name(&pointer, slice(text)));
        rest = cvk_buf_slice(&pointer);
        ck_assert(cvk_pointer_next(&rest, &name));
        ck_assert(cvk_slice_equal(cvk_buf_slice(&name), slice(text)));
        ck_assert_uint_eq(rest.n, 0);
    }
    cvk_buf_clear(&pointer);
    cvk_buf_clear(&name);
}
END_TEST

START_TEST(a_name_given_as_text_is_escaped)
{
    struct cvk_buf out;

    cvk_buf_init(&out, 64);
    ck_assert(cvk_pointer_add_text(&out, CVK_LITERAL("a/b~c\\u0041")));
    assert_slice(cvk_buf_slice(&out), "/a~1b~0c\\u0041");
    for (size_t room = 0; room < 13; room++) { /* memory that ends */
        cvk_buf_clear(&out);
        cvk_buf_init(&out, room);
        ck_assert(!cvk_pointer_add_text(&out, CVK_LITERAL("a/b~c\\u0041")));
    }
    cvk_buf_clear(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pointer");
    TCase *tc = tcase_create("pointer");
    int n = sizeof examples / sizeof *examples;

    tcase_add_loop_test(tc, names_become_reference_tokens, 0, n);
    tcase_add_loop_test(tc, reference_tokens_become_names, 0, n);
    tcase_add_test(tc, the_whole_document_has_no_reference_token);
    tcase_add_test(tc, a_pointer_begins_with_a_slash);
    tcase_add_test(tc, a_tilde_at_the_end_stands_for_itself);
    tcase_add_test(tc, indexes_are_decimal);
    tcase_add_test(tc, tokens_come_one_by_one);
    tcase_add_test(tc, a_full_buffer_is_reported);
    tcase_add_test(tc, a_round_trip_gives_the_name_back);
    tcase_add_test(tc, a_name_given_as_text_is_escaped);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
