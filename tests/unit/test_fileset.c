/* SPDX-License-Identifier: MIT */
#include "os/fileset.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static struct cvk_fileset set;

static void setup(void)
{
    cvk_fileset_init(&set);
}

static void teardown(void)
{
    cvk_fileset_clear(&set);
}

static struct cvk_file_id id(uint64_t device, uint64_t inode)
{
    return (struct cvk_file_id){true, device, inode};
}

START_TEST(an_empty_set_has_nothing)
{
    ck_assert(!cvk_fileset_has(&set, id(1, 1)));
    ck_assert(!cvk_fileset_has(&set, (struct cvk_file_id){0}));
}
END_TEST

START_TEST(a_file_is_known_by_both_numbers)
{
    ck_assert(cvk_fileset_add(&set, id(1, 2)));
    ck_assert(cvk_fileset_has(&set, id(1, 2)));
    ck_assert(!cvk_fileset_has(&set, id(2, 1)));
    ck_assert(!cvk_fileset_has(&set, id(1, 3)));
    ck_assert(!cvk_fileset_has(&set, id(3, 2)));
    ck_assert(!cvk_fileset_has(&set, (struct cvk_file_id){false, 1, 2}));
}
END_TEST

START_TEST(one_inode_number_on_many_devices_is_many_files)
{
    /* far apart, so that they meet in one slot */
    for (uint64_t i = 0; i < 200; i += 2)
        ck_assert(cvk_fileset_add(&set, id(i << 32, 5)));
    for (uint64_t i = 0; i < 200; i++)
        ck_assert(cvk_fileset_has(&set, id(i << 32, 5)) == (i % 2 == 0));
    ck_assert_uint_eq(set.n, 100);
}
END_TEST

START_TEST(what_was_added_stays_while_the_set_grows)
{
    /* devices and inodes that meet in the same slot, too */
    for (uint64_t i = 0; i < 20000; i++)
        ck_assert(cvk_fileset_add(&set, id(i % 3, i * 64)));
    for (uint64_t i = 0; i < 20000; i++) {
        ck_assert(cvk_fileset_has(&set, id(i % 3, i * 64)));
        ck_assert(!cvk_fileset_has(&set, id(i % 3, i * 64 + 1)));
    }
    ck_assert_uint_eq(set.n, 20000);
}
END_TEST

START_TEST(a_file_added_twice_counts_once)
{
    ck_assert(cvk_fileset_add(&set, id(7, 8)));
    ck_assert(cvk_fileset_add(&set, id(7, 8)));
    ck_assert_uint_eq(set.n, 1);
}
END_TEST

START_TEST(all_names_of_a_file_lead_to_its_identity)
{
    char dir[] = "/tmp/cvmkey-unit.XXXXXX";
    struct cvk_file_id a, b, c;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    close(open("x", O_WRONLY | O_CREAT, 0600));
    ck_assert_int_eq(link("x", "y"), 0);
    ck_assert_int_eq(symlink("y", "z"), 0);
    ck_assert(cvk_file_identify("x", &a) && a.known);
    ck_assert(cvk_file_identify("z", &b) && b.known);
    ck_assert(cvk_file_identify(".", &c) && c.known);
    ck_assert(cvk_fileset_add(&set, a));
    ck_assert(cvk_fileset_has(&set, b));
    ck_assert(!cvk_fileset_has(&set, c));
    unlink("x");
    unlink("y");
    unlink("z");
    ck_assert(cvk_file_identify("z", &b) && !b.known);
    ck_assert(cvk_file_identify("no/such", &b) && !b.known);
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(dir);
}
END_TEST

/* None of these can be read, so none is an input to be kept. */
START_TEST(what_cannot_be_found_has_no_identity_and_is_no_trouble)
{
    char dir[] = "/tmp/cvmkey-unit.XXXXXX", long_name[300];
    const char *const names[] = {"", "no", "file/x", "loop", long_name};
    struct cvk_file_id a;

    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    close(open("file", O_WRONLY | O_CREAT, 0600));
    ck_assert_int_eq(symlink("loop", "loop"), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        a = id(1, 1);
        ck_assert(cvk_file_identify(names[i], &a));
        ck_assert(!a.known);
    }
    unlink("file");
    unlink("loop");
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(dir);
}
END_TEST

START_TEST(standard_input_has_an_identity)
{
    struct cvk_file_id a, b;
    int fd = open("/dev/null", O_RDONLY);

    ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    close(fd);
    ck_assert(cvk_file_identify(NULL, &a) && a.known);
    ck_assert(cvk_file_identify("/dev/null", &b) && b.known);
    ck_assert_uint_eq(a.inode, b.inode);
    close(STDIN_FILENO);
    ck_assert(cvk_file_identify(NULL, &a) && !a.known);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fileset");
    TCase *tc = tcase_create("fileset");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, an_empty_set_has_nothing);
    tcase_add_test(tc, a_file_is_known_by_both_numbers);
    tcase_add_test(tc, one_inode_number_on_many_devices_is_many_files);
    tcase_add_test(tc, what_was_added_stays_while_the_set_grows);
    tcase_add_test(tc, a_file_added_twice_counts_once);
    tcase_add_test(tc, all_names_of_a_file_lead_to_its_identity);
    tcase_add_test(tc, what_cannot_be_found_has_no_identity_and_is_no_trouble);
    tcase_add_test(tc, standard_input_has_an_identity);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
