/* SPDX-License-Identifier: MIT */
#include "input/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

enum { MAX = 100000 };

static char path[] = "/tmp/test_lines.XXXXXX";
static struct cvk_lines lines;
static atomic_int cancel;

static void make_file(void)
{
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void remove_file(void)
{
    unlink(path);
}

static void set_up(void)
{
    cancel = 0;
    cvk_lines_init(&lines, MAX, &cancel);
}

static void tear_down(void)
{
    cvk_lines_clear(&lines);
}

static void open_with(const void *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_TRUNC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, p, n), (ssize_t)n);
    close(fd);
    ck_assert_int_eq(cvk_lines_open(&lines, path), CVK_OK);
}

static void assert_line(uint64_t number, uint64_t offset, const void *p,
                        size_t n)
{
    struct cvk_slice line;

    ck_assert_int_eq(cvk_lines_next(&lines, &line), CVK_OK);
    ck_assert_ptr_nonnull(line.p);
    ck_assert_uint_eq(line.n, n);
    ck_assert_mem_eq(line.p, p, n);
    ck_assert_int_eq(line.p[n], '\0');
    ck_assert_uint_eq(lines.number, number);
    ck_assert_uint_eq(lines.offset, offset);
}

static void assert_end(void)
{
    struct cvk_slice line;

    ck_assert_int_eq(cvk_lines_next(&lines, &line), CVK_OK);
    ck_assert_ptr_null(line.p);
}

START_TEST(lines_come_with_number_and_offset)
{
    open_with("ab\n\nc\0d\r\n", 9);
    assert_line(1, 0, "ab", 2);
    assert_line(2, 3, "", 0);
    assert_line(3, 4, "c\0d\r", 4);
    assert_end();
    assert_end();
}
END_TEST

START_TEST(the_last_line_needs_no_line_feed)
{
    open_with("a\nb", 3);
    assert_line(1, 0, "a", 1);
    assert_line(2, 2, "b", 1);
    assert_end();
}
END_TEST

START_TEST(an_empty_file_has_no_line)
{
    open_with("", 0);
    assert_end();
}
END_TEST

/* Lines that end before, at and behind the places where reading stops. */
START_TEST(lines_of_every_length_around_the_chunk)
{
    static char text[4 * MAX];
    size_t n = 0, at = 0;
    uint64_t number = 0;

    for (size_t length = 65530; length < 65545 && n + length < sizeof text;
         length++) {
        memset(text + n, 'a' + (int)(length % 26), length);
        text[n + length] = '\n';
        n += length + 1;
    }
    open_with(text, n);
    for (; at < n; at += strcspn(text + at, "\n") + 1)
        assert_line(++number, at, text + at, strcspn(text + at, "\n"));
    ck_assert_uint_ge(number, 5);
    assert_end();
}
END_TEST

START_TEST(a_line_that_is_too_long_is_passed_over)
{
    static char text[3 * MAX + 3];
    struct cvk_slice line;

    memset(text, 'x', sizeof text);
    text[MAX] = '\n';         /* just fits */
    text[2 * MAX + 2] = '\n'; /* one more than fits */
    open_with(text, sizeof text);
    assert_line(1, 0, text, MAX);
    ck_assert_int_eq(cvk_lines_next(&lines, &line), CVK_E_INPUT_TOO_LARGE);
    ck_assert_ptr_null(line.p);
    ck_assert_uint_eq(lines.number, 2);
    ck_assert_uint_eq(lines.offset, MAX + 1);
    assert_line(3, 2 * MAX + 3, text, MAX);
    assert_end();
}
END_TEST

START_TEST(an_endless_line_takes_no_more_memory_than_a_long_one)
{
    static char text[10 * MAX];
    struct cvk_slice line;

    memset(text, 'x', sizeof text);
    open_with(text, sizeof text);
    ck_assert_int_eq(cvk_lines_next(&lines, &line), CVK_E_INPUT_TOO_LARGE);
    ck_assert_uint_lt(lines.buf.size, 4 * MAX);
    assert_end();
}
END_TEST

START_TEST(a_file_that_is_not_there_is_said)
{
    ck_assert_int_eq(cvk_lines_open(&lines, "/nowhere/at/all"), CVK_E_IO_OPEN);
    ck_assert_int_eq(lines.error, ENOENT);
    ck_assert_int_eq(cvk_lines_open(&lines, "/tmp"), CVK_E_IO_DIRECTORY);
}
END_TEST

START_TEST(a_signal_ends_the_reading)
{
    struct cvk_slice line;

    open_with("a\n", 2);
    cancel = 1;
    ck_assert_int_eq(cvk_lines_next(&lines, &line), CVK_E_IO_INTERRUPTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lines");
    TCase *tc = tcase_create("lines");

    tcase_add_unchecked_fixture(tc, make_file, remove_file);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, lines_come_with_number_and_offset);
    tcase_add_test(tc, the_last_line_needs_no_line_feed);
    tcase_add_test(tc, an_empty_file_has_no_line);
    tcase_add_test(tc, lines_of_every_length_around_the_chunk);
    tcase_add_test(tc, a_line_that_is_too_long_is_passed_over);
    tcase_add_test(tc, an_endless_line_takes_no_more_memory_than_a_long_one);
    tcase_add_test(tc, a_file_that_is_not_there_is_said);
    tcase_add_test(tc, a_signal_ends_the_reading);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
