/* SPDX-License-Identifier: MIT */
#include "output/jsonwriter.h"

#include <cjson/cJSON.h>

#include "unit.h"

static struct cvk_buf buf;
static struct cvk_jsonwriter w;

static void set_up(void)
{
    cvk_buf_init(&buf, 4096);
    cvk_jsonwriter_init(&w, &buf);
}

static void tear_down(void)
{
    cvk_buf_clear(&buf);
}

static void assert_json(const char *wanted)
{
    ck_assert(w.ok);
    ck_assert(cvk_buf_append_byte(&buf, 0));
    ck_assert_str_eq((const char *)buf.p, wanted);
}

/* Every kind of value in objects and arrays, some of them empty. */
static void write_sample(void)
{
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "s", "a\"b");
    cvk_jw_number(&w, "n", 0);
    cvk_jw_bool(&w, "t", true);
    cvk_jw_bool(&w, "f", false);
    cvk_jw_null(&w, "z");
    cvk_jw_begin(&w, "empty", '{');
    cvk_jw_end(&w, '}');
    cvk_jw_begin(&w, "list", '[');
    cvk_jw_begin(&w, NULL, '[');
    cvk_jw_end(&w, ']');
    cvk_jw_number(&w, NULL, UINT64_MAX);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_raw(&w, "raw", CVK_LITERAL("1e3"));
    cvk_jw_end(&w, '}');
    cvk_jw_text(&w, NULL, CVK_LITERAL("x"));
    cvk_jw_end(&w, ']');
    cvk_jw_string(&w, "last", "");
    cvk_jw_end(&w, '}');
}

static const char sample[] =
    "{\"s\":\"a\\\"b\",\"n\":0,\"t\":true,\"f\":false,\"z\":null,\"empty\":{},"
    "\"list\":[[],18446744073709551615,{\"raw\":1e3},\"x\"],\"last\":\"\"}";

START_TEST(commas_and_brackets_are_where_they_belong)
{
    cJSON *json;

    write_sample();
    json = cJSON_ParseWithLength((const char *)buf.p, buf.n);
    ck_assert_ptr_nonnull(json);
    cJSON_Delete(json);
    assert_json(sample);
}
END_TEST

START_TEST(an_array_has_no_names)
{
    cvk_jw_begin(&w, NULL, '[');
    for (uint64_t i = 1; i <= 3; i++)
        cvk_jw_number(&w, NULL, i);
    cvk_jw_end(&w, ']');
    assert_json("[1,2,3]");
}
END_TEST

START_TEST(deep_nesting_needs_no_memory_of_its_own)
{
    for (int i = 0; i < 1000; i++)
        cvk_jw_begin(&w, NULL, '[');
    for (int i = 0; i < 1000; i++)
        cvk_jw_end(&w, ']');
    ck_assert(w.ok);
    ck_assert_uint_eq(buf.n, 2000);
    ck_assert_uint_eq(cvk_slice_find(cvk_buf_slice(&buf), ','), 2000);
    ck_assert_uint_eq(cvk_slice_find(cvk_buf_slice(&buf), ']'), 1000);
}
END_TEST

START_TEST(what_is_absent_is_null_and_what_is_empty_is_not)
{
    cvk_jw_begin(&w, NULL, '[');
    cvk_jw_text(&w, NULL, (struct cvk_slice){0});
    cvk_jw_string(&w, NULL, NULL);
    cvk_jw_text(&w, NULL, CVK_LITERAL(""));
    cvk_jw_string(&w, NULL, "");
    cvk_jw_null(&w, NULL);
    cvk_jw_end(&w, ']');
    assert_json("[null,null,\"\",\"\",null]");
}
END_TEST

START_TEST(text_is_escaped_and_holds_nuls)
{
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_text(&w, "a", CVK_LITERAL("x\0y\n\xe2\x80\xae"));
    cvk_jw_end(&w, '}');
    assert_json("{\"a\":\"x\\u0000y\\n\\u202e\"}");
}
END_TEST

START_TEST(init_begins_a_new_line)
{
    cvk_jw_number(&w, NULL, 1);
    ck_assert(cvk_buf_append_byte(&buf, '\n'));
    cvk_jsonwriter_init(&w, &buf);
    cvk_jw_number(&w, NULL, 2);
    assert_json("1\n2");
}
END_TEST

/* Whatever is in the way of the last byte, nothing comes behind the gap. */
START_TEST(failure_sticks_and_nothing_is_written_behind_it)
{
    for (size_t max = 0; max < sizeof sample - 1; max++) {
        size_t n;

        cvk_buf_clear(&buf);
        cvk_buf_init(&buf, max);
        cvk_jsonwriter_init(&w, &buf);
        write_sample();
        ck_assert_msg(!w.ok, "%zu bytes are enough", max);
        n = buf.n;
        ck_assert_uint_le(n, max);
        ck_assert_mem_eq(buf.p ? buf.p : (const uint8_t *)"", sample, n);
        buf.max = 4096;
        write_sample();
        cvk_jw_bool(&w, NULL, true);
        cvk_jw_null(&w, NULL);
        ck_assert(!w.ok);
        ck_assert_uint_eq(buf.n, n);
    }
    cvk_buf_clear(&buf);
    cvk_buf_init(&buf, sizeof sample - 1);
    cvk_jsonwriter_init(&w, &buf);
    write_sample();
    ck_assert(w.ok);
    ck_assert_uint_eq(buf.n, sizeof sample - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jsonwriter");
    TCase *tc = tcase_create("jsonwriter");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, commas_and_brackets_are_where_they_belong);
    tcase_add_test(tc, an_array_has_no_names);
    tcase_add_test(tc, deep_nesting_needs_no_memory_of_its_own);
    tcase_add_test(tc, what_is_absent_is_null_and_what_is_empty_is_not);
    tcase_add_test(tc, text_is_escaped_and_holds_nuls);
    tcase_add_test(tc, init_begins_a_new_line);
    tcase_add_test(tc, failure_sticks_and_nothing_is_written_behind_it);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
