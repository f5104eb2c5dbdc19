/* SPDX-License-Identifier: MIT */
#include "os/instream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char dir[] = "/tmp/test_instream.XXXXXX";
static struct cvk_indir in;
static struct cvk_instream s;
static enum cvk_found found;
static int error;
static atomic_int cancel;

static void put_file(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "content", 7), 7);
    close(fd);
}

static void make_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert_int_eq(mkdir("sub", 0755), 0);
    ck_assert_int_eq(mkdir("sub/sub", 0755), 0);
    ck_assert_int_eq(mkfifo("pipe", 0644), 0);
    ck_assert_int_eq(symlink("f", "link"), 0);
    ck_assert_int_eq(symlink("sub", "way"), 0);
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    put_file("f");
    put_file("sub/f");
    put_file("sub/sub/f");
}

static void remove_directory(void)
{
    static const char *const files[] = {"pipe", "link", "way", "dangling", "f",
                                        "sub/f", "sub/sub/f"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    rmdir("sub/sub");
    rmdir("sub");
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(dir);
}

static void set_up(void)
{
    ck_assert_int_eq(cvk_indir_open(&in, dir, &error), CVK_OK);
}

static void tear_down(void)
{
    cvk_instream_close(&s);
    cvk_indir_close(&in);
}

static const struct {
    const char *path;
    enum cvk_found found;
} paths[] = {
    {"f", CVK_FOUND_FILE},
    {"sub/f", CVK_FOUND_FILE},
    {"sub/sub/f", CVK_FOUND_FILE},
    {"g", CVK_FOUND_NOTHING},
    {"g/f", CVK_FOUND_NOTHING},
    {"sub/g/f", CVK_FOUND_NOTHING},
    {"f/f", CVK_FOUND_NOTHING},
    {"link", CVK_FOUND_LINK},
    {"dangling", CVK_FOUND_LINK},
    {"way/f", CVK_FOUND_LINK},
    {"way/sub/f", CVK_FOUND_LINK},
    {"way", CVK_FOUND_LINK},
    {"sub", CVK_FOUND_OTHER},
    {"pipe", CVK_FOUND_OTHER},
    {"pipe/f", CVK_FOUND_NOTHING},
};

START_TEST(only_a_regular_file_is_opened_and_by_no_link)
{
    ck_assert_int_eq(cvk_indir_open_file(&in, paths[_i].path, &s, &found,
                                         &error), CVK_OK);
    ck_assert_msg(found == paths[_i].found, "%s: %d", paths[_i].path,
                  (int)found);
    ck_assert_int_eq(s.fd >= 0, found == CVK_FOUND_FILE);
}
END_TEST

START_TEST(a_name_that_is_too_long_leads_to_nothing)
{
    char name[400];

    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    ck_assert_int_eq(cvk_indir_open_file(&in, name, &s, &found, &error),
                     CVK_OK);
    ck_assert_int_eq(found, CVK_FOUND_NOTHING);
    name[300] = '/';
    ck_assert_int_eq(cvk_indir_open_file(&in, name, &s, &found, &error),
                     CVK_OK);
    ck_assert_int_eq(found, CVK_FOUND_NOTHING);
}
END_TEST

START_TEST(no_descriptor_is_left_open)
{
    int before = open("/", O_RDONLY), after;

    close(before);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        cvk_indir_open_file(&in, paths[i].path, &s, &found, &error);
        cvk_instream_close(&s);
    }
    after = open("/", O_RDONLY);
    close(after);
    ck_assert_int_eq(before, after);
}
END_TEST

START_TEST(a_file_comes_in_pieces)
{
    uint8_t piece[4];
    size_t got;

    ck_assert_int_eq(cvk_instream_open(&s, "link", &cancel, &error), CVK_OK);
    ck_assert_int_eq(cvk_instream_read(&s, piece, 4, &cancel, &got, &error),
                     CVK_OK);
    ck_assert_uint_eq(got, 4);
    ck_assert_mem_eq(piece, "cont", 4);
    ck_assert_int_eq(cvk_instream_read(&s, piece, 4, &cancel, &got, &error),
                     CVK_OK);
    ck_assert_uint_eq(got, 3);
    ck_assert_int_eq(cvk_instream_read(&s, piece, 4, &cancel, &got, &error),
                     CVK_OK);
    ck_assert_uint_eq(got, 0);
}
END_TEST

START_TEST(what_cannot_be_opened_is_said)
{
    ck_assert_int_eq(cvk_instream_open(&s, "g", &cancel, &error), CVK_E_IO_OPEN);
    ck_assert_int_eq(error, ENOENT);
    ck_assert_int_eq(cvk_instream_open(&s, "sub", &cancel, &error),
                     CVK_E_IO_DIRECTORY);
    ck_assert_int_eq(s.fd, -1);
    cvk_indir_close(&in);
    ck_assert_int_eq(cvk_indir_open(&in, "f", &error), CVK_E_IO_OPEN);
    ck_assert_int_eq(error, ENOTDIR);
}
END_TEST

START_TEST(a_signal_ends_the_reading)
{
    uint8_t piece[4];
    size_t got;

    ck_assert_int_eq(cvk_instream_open(&s, "f", &cancel, &error), CVK_OK);
    cancel = 1;
    ck_assert_int_eq(cvk_instream_read(&s, piece, 4, &cancel, &got, &error),
                     CVK_E_IO_INTERRUPTED);
    cancel = 0;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tc = tcase_create("stream");

    tcase_add_unchecked_fixture(tc, make_directory, remove_directory);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, only_a_regular_file_is_opened_and_by_no_link, 0,
                        sizeof paths / sizeof *paths);
    tcase_add_test(tc, a_name_that_is_too_long_leads_to_nothing);
    tcase_add_test(tc, no_descriptor_is_left_open);
    tcase_add_test(tc, a_file_comes_in_pieces);
    tcase_add_test(tc, what_cannot_be_opened_is_said);
    tcase_add_test(tc, a_signal_ends_the_reading);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
