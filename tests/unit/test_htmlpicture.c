/* SPDX-License-Identifier: MIT */
#include "output/htmlpicture.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct cvk_picture picture;
static struct cvk_buf out;

static void setup(void)
{
    cvk_picture_init(&picture);
    cvk_buf_init(&out, 1 << 20);
}

static void teardown(void)
{
    ck_assert(!out.failed);
    cvk_picture_clear(&picture);
    cvk_buf_clear(&out);
}

static struct cvk_picture_label label(const char *s)
{
    struct cvk_slice name = cvk_slice_of(s, s ? strlen(s) : 0);

    return (struct cvk_picture_label){name, name, {NULL, 0}};
}

static void add(const char *key, const char *store, const char *des,
                const char *file)
{
    struct cvk_picture_label labels[] = {label(key), label(store), label(des)};

    ck_assert(cvk_picture_add(&picture, labels,
                              cvk_slice_of(file, strlen(file))));
}

/* How often text stands in what was drawn. */
static int drawn(const char *text)
{
    const char *at = (const char *)out.p;
    int n = 0;

    while ((at = strstr(at, text))) {
        n++;
        at++;
    }
    return n;
}

static void draw(void)
{
    cvk_picture_put(&picture, &out);
    ck_assert(cvk_buf_append_byte(&out, 0));
}

START_TEST(nothing_is_said_to_be_nothing)
{
    draw();
    ck_assert_int_eq(drawn("<svg"), 0);
    ck_assert_int_eq(drawn("no key backup"), 1);
}
END_TEST

START_TEST(what_is_the_same_is_drawn_once)
{
    add("k1", "v", "d", "a");
    add("k2", "v", "d", "b");
    add("k1", "v", "d", "c");
    draw();
    ck_assert_int_eq(drawn(">k1</text>"), 1);
    ck_assert_int_eq(drawn(">k2</text>"), 1);
    ck_assert_int_eq(drawn(">v</text>"), 1);
    ck_assert_int_eq(drawn(">d</text>"), 1);
    ck_assert_int_eq(drawn("<path "), 2 * 3);
    ck_assert_int_eq(drawn("Not all"), 0);
}
END_TEST

START_TEST(what_is_not_known_is_not_taken_for_a_name)
{
    add(NULL, NULL, NULL, "a");
    add("not known", "v", "d", "b");
    draw();
    ck_assert_int_eq(drawn(">not known</text>"), 3 + 1);
    ck_assert_int_eq(drawn(" u\""), 3);
}
END_TEST

START_TEST(files_beyond_three_are_counted)
{
    char file[] = "file0";

    for (; file[4] <= '9'; file[4]++)
        add("k", "v", "d", file);
    add("k", "v", "d", "file1"); /* one file at several places */
    draw();
    ck_assert_int_eq(drawn(">file"), CVK_MAX_PICTURE_FILES);
    ck_assert_int_eq(drawn(">and 7 more</text>"), 1);
    ck_assert_int_eq(drawn("Not all"), 0);
}
END_TEST

START_TEST(ways_beyond_the_limit_are_counted)
{
    char key[16];

    for (int i = 0; i < CVK_MAX_PICTURE_WAYS + 5; i++) {
        snprintf(key, sizeof key, "k%d", i);
        add(key, "v", "d", "file");
    }
    add("k0", "v", "d", "another");
    draw();
    ck_assert_int_eq(drawn("<path "), CVK_MAX_PICTURE_WAYS * 3);
    ck_assert_int_eq(drawn("with 25 files; 5 more files are not in"), 1);
}
END_TEST

START_TEST(boxes_of_a_column_never_overlap)
{
    char key[16], des[16];

    for (int i = 0; i < CVK_MAX_PICTURE_WAYS; i++) {
        snprintf(key, sizeof key, "k%d", i % 7);
        snprintf(des, sizeof des, "d%d", i * 5 % 11);
        add(key, "v", des, "file");
    }
    draw();
    for (int c = 0; c < CVK_PICTURE_BOXES; c++)
        for (size_t i = 0; i < picture.n_boxes[c]; i++)
            for (size_t j = 0; j < i; j++)
                ck_assert_int_ge(abs((int)picture.boxes[c][i].y -
                                     (int)picture.boxes[c][j].y), 44);
}
END_TEST

START_TEST(long_names_are_cut_between_characters)
{
    add("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9|<too long",
        "v", "d", "file");
    draw();
    ck_assert_int_eq(drawn("\xa9|\xe2\x80\xa6</text>"), 1);
    ck_assert_int_eq(drawn("|&lt;too long</title>"), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("htmlpicture");
    TCase *tc = tcase_create("htmlpicture");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, nothing_is_said_to_be_nothing);
    tcase_add_test(tc, what_is_the_same_is_drawn_once);
    tcase_add_test(tc, what_is_not_known_is_not_taken_for_a_name);
    tcase_add_test(tc, files_beyond_three_are_counted);
    tcase_add_test(tc, ways_beyond_the_limit_are_counted);
    tcase_add_test(tc, boxes_of_a_column_never_overlap);
    tcase_add_test(tc, long_names_are_cut_between_characters);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
