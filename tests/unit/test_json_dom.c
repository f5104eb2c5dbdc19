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
    ck_assert_int_eq(cvk_dom_member(root, "a").kind, CVK_DOM_OTHER);
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

int main(void)
{
    Suite *suite = suite_create("json_dom");
    TCase *tc = tcase_create("json_dom");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, only_objects_have_members);
    tcase_add_test(tc, cjson_has_no_memory_but_the_arena);
    tcase_add_test(tc, more_values_than_were_told_are_no_disagreement);
    tcase_add_test(tc, a_name_without_room_is_found_nowhere);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
