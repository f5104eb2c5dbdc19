/* SPDX-License-Identifier: MIT */
#include "evidence/json_dom.h"

#include <cjson/cJSON.h>
#include <stdint.h>

#include "unit.h"

static struct cvk_dom dom;

static void setup(void)
{
    cvk_dom_setup();
    cvk_dom_init(&dom);
}

static void teardown(void)
{
    cvk_dom_clear(&dom);
}

static enum cvk_code parse(const char *text, size_t values)
{
    return cvk_dom_parse(&dom, cvk_slice_of(text, strlen(text)), values);
}

START_TEST(only_objects_have_members)
{
    struct cvk_dom_value root;

    ck_assert_int_eq(parse("{\"a\":[1],\"b\":null}", 4), CVK_OK);
    root = cvk_dom_root(&dom);
    ck_assert_int_eq(cvk_dom_member(root, "a").kind, CVK_DOM_ARRAY);
    ck_assert_int_eq(cvk_dom_member(root, "b").kind, CVK_DOM_NULL);
    ck_assert_int_eq(cvk_dom_member(root, "c").kind, CVK_DOM_ABSENT);
    ck_assert_int_eq(cvk_dom_member(cvk_dom_member(root, "a"), "0").kind,
                     CVK_DOM_ABSENT);
    ck_assert_int_eq(cvk_dom_member(cvk_dom_member(root, "c"), "a").kind,
                     CVK_DOM_ABSENT);
}
END_TEST

START_TEST(cjson_has_no_memory_but_the_arena)
{
    ck_assert_ptr_null(cJSON_malloc(1));
    ck_assert_ptr_null(cJSON_malloc(SIZE_MAX));
    ck_assert_ptr_null(cJSON_Parse("[]"));
}
END_TEST

START_TEST(more_values_than_were_told_are_no_disagreement)
{
    char text[400] = "[0";

    for (int i = 0; i < 100; i++)
        strcat(text, ",0");
    strcat(text, "]");
    ck_assert_int_eq(parse(text, 2), CVK_E_MEMORY);
    ck_assert_int_eq(parse(text, 102), CVK_OK);
    ck_assert_int_eq(parse("[0,]", 2), CVK_E_CROSS_DISAGREEMENT);
}
END_TEST

START_TEST(a_name_without_room_is_found_nowhere)
{
    struct cvk_buf name;
    bool ambiguous;

    cvk_buf_init(&name, 1);
    ck_assert_int_eq(parse("{\"a\":\"text\"}", 2), CVK_OK);
    ck_assert_ptr_null(cvk_dom_string(&dom, CVK_LITERAL("/a"), &name,
                                      &ambiguous));
    name.max = 2;
    ck_assert_str_eq(cvk_dom_string(&dom, CVK_LITERAL("/a"), &name,
                                    &ambiguous), "text");
    cvk_buf_clear(&name);
}
END_TEST

static struct cvk_dom_value read_text(const char *text)
{
    ck_assert_int_eq(cvk_dom_parse(&dom, cvk_slice_of(text, strlen(text)), 100),
                     CVK_OK);
    return cvk_dom_root(&dom);
}

START_TEST(a_member_is_found_in_any_letter_case)
{
    struct cvk_dom_value v = read_text("{\"KeyUrl\":\"x\"}");

    v = cvk_dom_find(v, CVK_LITERAL("keyURL"));
    assert_slice(cvk_dom_text(v), "x");
    assert_slice(cvk_dom_name(v), "KeyUrl");
}
END_TEST

START_TEST(names_that_differ_in_case_only_stand_there_twice)
{
    struct cvk_dom_value v = read_text("{\"id\":1,\"x\":2,\"ID\":3}");

    ck_assert_int_eq(cvk_dom_find(v, CVK_LITERAL("id")).kind, CVK_DOM_TWICE);
    ck_assert_int_eq(cvk_dom_find(v, CVK_LITERAL("x")).kind, CVK_DOM_NUMBER);
}
END_TEST

START_TEST(what_is_not_there_is_absent)
{
    struct cvk_dom_value v = read_text("[\"id\"]");

    ck_assert_int_eq(cvk_dom_find(v, CVK_LITERAL("id")).kind, CVK_DOM_ABSENT);
    v = cvk_dom_next(cvk_dom_first(v));
    ck_assert_int_eq(v.kind, CVK_DOM_ABSENT);
    ck_assert_int_eq(cvk_dom_next(v).kind, CVK_DOM_ABSENT);
    ck_assert_int_eq(cvk_dom_first(v).kind, CVK_DOM_ABSENT);
    ck_assert_ptr_null(cvk_dom_name(v).p);
}
END_TEST

START_TEST(elements_come_in_order)
{
    struct cvk_dom_value v = cvk_dom_first(read_text("[true,false,[],null]"));

    ck_assert(cvk_dom_true(v));
    v = cvk_dom_next(v);
    ck_assert_int_eq(v.kind, CVK_DOM_BOOL);
    ck_assert(!cvk_dom_true(v));
    v = cvk_dom_next(v);
    ck_assert_int_eq(v.kind, CVK_DOM_ARRAY);
    v = cvk_dom_next(v);
    ck_assert_int_eq(v.kind, CVK_DOM_NULL);
    ck_assert(!cvk_dom_true(v));
}
END_TEST

START_TEST(scalars_are_equal_or_not)
{
    static const struct {
        const char *array;
        bool equal;
    } cases[] = {
        {"[true,true]", true},   {"[true,false]", false},
        {"[false,false]", true}, {"[null,null]", true},
        {"[1,1.0]", true},       {"[1,2]", false},
        {"[\"a\",\"a\"]", true}, {"[\"a\",\"b\"]", false},
        {"[1,\"1\"]", false},    {"[[],[]]", false},
        {"[{},{}]", false},      {"[]", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cvk_dom_value a = cvk_dom_first(read_text(cases[i].array));

        ck_assert_msg(cvk_dom_equal(a, cvk_dom_next(a)) == cases[i].equal,
                      "%s", cases[i].array);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_dom");
    TCase *tc = tcase_create("json_dom");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, only_objects_have_members);
    tcase_add_test(tc, cjson_has_no_memory_but_the_arena);
    tcase_add_test(tc, more_values_than_were_told_are_no_disagreement);
    tcase_add_test(tc, a_name_without_room_is_found_nowhere);
    tcase_add_test(tc, a_member_is_found_in_any_letter_case);
    tcase_add_test(tc, names_that_differ_in_case_only_stand_there_twice);
    tcase_add_test(tc, what_is_not_there_is_absent);
    tcase_add_test(tc, elements_come_in_order);
    tcase_add_test(tc, scalars_are_equal_or_not);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
