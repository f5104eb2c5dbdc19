/* SPDX-License-Identifier: MIT */
#include "os/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static atomic_int cancel;
static char dir[64];
static struct cvk_image image;

static void set_up(void)
{
    strcpy(dir, "/tmp/cvmkey-image.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    cancel = 0;
}

static void tear_down(void)
{
    char command[96];

    cvk_image_close(&image);
    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    ck_assert_int_eq(system(command), 0);
}

static void write_file(const char *name, const char *bytes)
{
    FILE *f = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(bytes, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

static void read_is(uint64_t offset, size_t n, const char *bytes)
{
    uint8_t p[64];
    size_t got;

    ck_assert_int_eq((int)cvk_image_read(&image, offset, p, n, &got, NULL),
                     (int)CVK_OK);
    ck_assert_uint_eq(got, strlen(bytes));
    if (got)
        ck_assert_mem_eq(p, bytes, got);
}

START_TEST(segments_are_one_image)
{
    write_file("d.001", "abc");
    write_file("d.002", "");
    write_file("d.003", "defg");
    ck_assert_int_eq((int)cvk_image_open(&image, "d.001", &cancel),
                     (int)CVK_OK);
    ck_assert_uint_eq(image.size, 7);
    ck_assert_uint_eq(image.n_segments, 3);
    ck_assert(!image.stream);
    read_is(0, 7, "abcdefg");
    read_is(2, 3, "cde");
    read_is(5, 9, "fg");
    read_is(7, 1, "");
    read_is(1000, 1, "");
}
END_TEST

START_TEST(a_gap_is_no_end)
{
    write_file("d.001", "abc");
    write_file("d.003", "def");
    ck_assert_int_eq((int)cvk_image_open(&image, "d.001", &cancel),
                     (int)CVK_E_IMAGE_SEGMENT);
    ck_assert_uint_eq(image.wrong, 2);
}
END_TEST

START_TEST(a_later_segment_is_an_image_of_its_own)
{
    write_file("d.001", "abc");
    write_file("d.002", "def");
    ck_assert_int_eq((int)cvk_image_open(&image, "d.002", &cancel),
                     (int)CVK_OK);
    read_is(0, 9, "def");
}
END_TEST

START_TEST(what_is_no_image_is_said)
{
    ck_assert_int_eq((int)cvk_image_open(&image, "missing", &cancel),
                     (int)CVK_E_IO_OPEN);
    ck_assert_int_eq(image.error, ENOENT);
    cvk_image_close(&image);
    ck_assert_int_eq((int)cvk_image_open(&image, ".", &cancel),
                     (int)CVK_E_IO_DIRECTORY);
    cvk_image_close(&image);
    ck_assert_int_eq(mkdir("d.002", 0700), 0);
    write_file("d.001", "abc");
    ck_assert_int_eq((int)cvk_image_open(&image, "d.001", &cancel),
                     (int)CVK_E_IO_DIRECTORY);
}
END_TEST

START_TEST(what_cannot_be_read_is_zeros_and_listed)
{
    struct cvk_unreadable v[4];
    struct cvk_unreadable_list bad = {.v = v, .room = 4};
    uint8_t p[2000];
    size_t got;
    int fd;

    write_file("d", "abc");
    ck_assert_int_eq(truncate("d", 2000), 0);
    ck_assert_int_eq((int)cvk_image_open(&image, "d", &cancel), (int)CVK_OK);
    /* a descriptor that cannot be read */
    fd = open("d", O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    close(image.segments[0].fd);
    image.segments[0].fd = fd;
    memset(p, 1, sizeof p);
    ck_assert_int_eq((int)cvk_image_read(&image, 100, p, 1500, &got, &bad),
                     (int)CVK_OK);
    ck_assert_uint_eq(got, 1500);
    for (size_t i = 0; i < got; i++)
        ck_assert_uint_eq(p[i], 0);
    ck_assert_uint_eq(bad.n, 1); /* sectors that touch are one */
    ck_assert_uint_eq(v[0].offset, 100);
    ck_assert_uint_eq(v[0].length, 1500);
}
END_TEST

START_TEST(a_list_of_ranges_has_an_end)
{
    struct cvk_unreadable v[2];
    struct cvk_unreadable_list bad = {.v = v, .room = 2};

    cvk_unreadable_add(&bad, 0, 512);
    cvk_unreadable_add(&bad, 512, 512);
    cvk_unreadable_add(&bad, 2048, 512);
    cvk_unreadable_add(&bad, 4096, 512);
    cvk_unreadable_add(&bad, 8192, 512);
    ck_assert_uint_eq(bad.n, 2);
    ck_assert_uint_eq(v[0].length, 1024);
    ck_assert_uint_eq(bad.bytes, 5 * 512);
    ck_assert_uint_eq(bad.left_out, 2);
}
END_TEST

/* Held against a map of what was added, in no order. */
START_TEST(ranges_are_listed_in_order_and_once)
{
    struct cvk_unreadable v[64];
    struct cvk_unreadable_list bad = {.v = v, .room = 64};
    unsigned char is_bad[100] = {0};
    size_t at = 0, bytes = 0;

    for (unsigned i = 0; i < 60; i++) {
        size_t from = (i * 37 + (unsigned)_i * 11) % 90, n = 1 + i % 3;

        if (i % 5 == (unsigned)_i % 5)
            continue;
        cvk_unreadable_add(&bad, from, n);
        memset(is_bad + from, 1, n);
    }
    for (size_t i = 0; i < bad.n; i++) {
        ck_assert_uint_ge(v[i].offset, at);
        ck_assert(i == 0 || v[i].offset > at); /* they do not touch */
        for (; at < v[i].offset; at++)
            ck_assert(!is_bad[at]);
        for (; at < v[i].offset + v[i].length; at++)
            ck_assert(is_bad[at]);
        bytes += v[i].length;
    }
    for (; at < sizeof is_bad; at++)
        ck_assert(!is_bad[at]);
    ck_assert_uint_eq(bad.bytes, bytes);
    ck_assert_uint_eq(bad.left_out, 0);
}
END_TEST

START_TEST(a_part_of_a_list_is_taken)
{
    struct cvk_unreadable v[2], w[4];
    struct cvk_unreadable_list from = {.v = v, .room = 2};
    struct cvk_unreadable_list to = {.v = w, .room = 4};

    cvk_unreadable_add(&from, 0, 100);
    cvk_unreadable_add(&from, 200, 100);
    cvk_unreadable_add(&from, 400, 7); /* left out */
    cvk_unreadable_take(&to, &from, 50, 230);
    ck_assert_uint_eq(to.n, 2);
    ck_assert_uint_eq(w[0].offset, 50);
    ck_assert_uint_eq(w[0].length, 50);
    ck_assert_uint_eq(w[1].length, 30);
    ck_assert_uint_eq(to.bytes, 50 + 30 + 7);
    ck_assert_uint_eq(to.left_out, 1);
    cvk_unreadable_take(&to, &from, 120, 180);
    ck_assert_uint_eq(to.n, 2);
}
END_TEST

START_TEST(holes_are_passed_over)
{
    int fd;

    write_file("d", "abc");
    ck_assert_int_eq(truncate("d", 64 << 20), 0);
    fd = open("d", O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(pwrite(fd, "x", 1, 40 << 20), 1);
    close(fd);
    ck_assert_int_eq((int)cvk_image_open(&image, "d", &cancel), (int)CVK_OK);
    ck_assert_uint_eq(cvk_image_data(&image, 0), 0);
    /* a file system may not tell: then all is data */
    ck_assert(cvk_image_data(&image, 1 << 20) == 40 << 20 ||
              cvk_image_data(&image, 1 << 20) == 1 << 20);
    ck_assert(cvk_image_data(&image, 50 << 20) == 64 << 20 ||
              cvk_image_data(&image, 50 << 20) == 50 << 20);
    ck_assert_uint_eq(cvk_image_data(&image, 64 << 20), 64 << 20);
}
END_TEST

START_TEST(a_pipe_is_read_from_front_to_back)
{
    uint8_t p[8];
    size_t got;
    int fd;

    ck_assert_int_eq(mkfifo("p", 0600), 0);
    fd = open("p", O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "abcdef", 6), 6);
    ck_assert_int_eq((int)cvk_image_open(&image, "p", &cancel), (int)CVK_OK);
    ck_assert(image.stream);
    close(fd);
    ck_assert_int_eq((int)cvk_image_next(&image, p, 4, &got), (int)CVK_OK);
    ck_assert_uint_eq(got, 4);
    ck_assert_int_eq((int)cvk_image_next(&image, p, 4, &got), (int)CVK_OK);
    ck_assert_uint_eq(got, 2);
    ck_assert_int_eq((int)cvk_image_next(&image, p, 4, &got), (int)CVK_OK);
    ck_assert_uint_eq(got, 0);
    cancel = 1;
    ck_assert_int_eq((int)cvk_image_next(&image, p, 4, &got),
                     (int)CVK_E_IO_INTERRUPTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image");
    TCase *tcase = tcase_create("read");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, segments_are_one_image);
    tcase_add_test(tcase, a_gap_is_no_end);
    tcase_add_test(tcase, a_later_segment_is_an_image_of_its_own);
    tcase_add_test(tcase, what_is_no_image_is_said);
    tcase_add_test(tcase, what_cannot_be_read_is_zeros_and_listed);
    tcase_add_test(tcase, a_list_of_ranges_has_an_end);
    tcase_add_loop_test(tcase, ranges_are_listed_in_order_and_once, 0, 9);
    tcase_add_test(tcase, a_part_of_a_list_is_taken);
    tcase_add_test(tcase, holes_are_passed_over);
    tcase_add_test(tcase, a_pipe_is_read_from_front_to_back);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
