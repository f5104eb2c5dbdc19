/* SPDX-License-Identifier: MIT */
/* What a walk cannot see, and what it says of it. */
#include "os/walk.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "walktree.h"

enum { OTHER_UID = 12345 };

/* Goes n levels down, through new directories of that name. */
static void descend(const char *name, int n)
{
    while (n--) {
        put_directory(name);
        ck_assert_int_eq(chdir(name), 0);
    }
}

static void assert_no_walk(const char *path, enum cvk_code why, int number)
{
    ck_assert_ptr_null(cvk_walk_open(path, &code, &error));
    ck_assert_int_eq(code, why);
    ck_assert_int_eq(error, number);
}

START_TEST(a_root_that_cannot_be_opened_is_no_walk)
{
    put_file("f");
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    assert_no_walk("missing", CVK_E_IO_OPEN, ENOENT);
    assert_no_walk("f", CVK_E_IO_OPEN, ENOTDIR);
    assert_no_walk("fifo", CVK_E_IO_OPEN, ENOTDIR);
    assert_no_walk("", CVK_E_IO_OPEN, ENOENT);
    fake.error = EIO;
    assert_no_walk(".", CVK_E_IO_READ, EIO);
    fake.stream_fails = true;
    assert_no_walk(".", CVK_E_MEMORY, ENOMEM);
}
END_TEST

/* Root may open everything, so it becomes somebody else; that other directories
 * are then not its own also takes O_NOATIME away. */
START_TEST(a_directory_that_may_not_be_read_is_a_row)
{
    bool is_root = geteuid() == 0;

    put_file("a");
    put_directory("locked");
    put_file("locked/f");
    put_directory("open");
    put_file("open/f");
    ck_assert_int_eq(chmod("locked", 0), 0);
    ck_assert(!is_root || seteuid(OTHER_UID) == 0);
    assert_walk(".", "file a\nio.open: EACCES locked\nfile open/f\n");
    assert_no_walk("locked", CVK_E_IO_OPEN, EACCES);
    ck_assert(!is_root || seteuid(0) == 0);
    ck_assert_int_eq(chmod("locked", 0755), 0);
}
END_TEST

START_TEST(descriptors_that_run_out_are_rows)
{
    struct rlimit limit;
    int fd = dup(0);

    close(fd);
    put_directory("a");
    put_directory("a/b");
    put_file("a/b/f");
    put_file("a/z");
    put_directory("c");
    put_file("c/f");
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)fd + 3; /* two levels and one to list with */
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_walk(".", "io.open: EMFILE a/b\nfile a/z\nfile c/f\n");
    limit.rlim_cur = (rlim_t)fd + 2;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_walk(".", "io.open: EMFILE a\nio.open: EMFILE c\n");
}
END_TEST

START_TEST(a_listing_cut_short_gives_what_was_read_and_a_row)
{
    struct cvk_walk *w;

    put_directory("a");
    put_file("a/f");
    put_file("b");
    w = start(".");
    fake.error = EIO;
    fake.good = 3; /* with "." and ".." */
    ck_assert_str_eq(rest(w), "file a/f\nio.read: EIO a\nfile b\n");
    w = start(".");
    fake.error = EIO;
    fake.good = 0;
    ck_assert_str_eq(rest(w), "io.read: EIO a\nfile b\n");
    fake.error = EBADMSG;
    fake.good = 4;
    ck_assert_str_eq(rest(start(".")),
                     "file a/f\nfile b\nio.read: EBADMSG .\n");
}
END_TEST

START_TEST(an_interrupted_listing_goes_on)
{
    put_file("a");
    fake.interrupted = 3;
    assert_walk(".", "file a\n");
}
END_TEST

START_TEST(a_listing_without_end_is_cut)
{
    struct cvk_walk *w;
    size_t n = 0;

    fake.endless = 1;
    w = start(".");
    while (cvk_walk_next(w, &entry, &code) && entry.kind == CVK_WALK_FILE)
        n++;
    ck_assert_int_eq(entry.code, CVK_E_IO_READ);
    ck_assert_int_eq(entry.error, EOVERFLOW);
    ck_assert_uint_gt(n, CVK_MAX_WALK_NAMES / 300);
    ck_assert_uint_lt(n, CVK_MAX_WALK_NAMES / 255);
    ck_assert(!cvk_walk_next(w, &entry, &code));
    ck_assert_int_eq(code, CVK_OK);
    cvk_walk_close(w);
}
END_TEST

START_TEST(lack_of_memory_ends_the_walk_and_says_so)
{
    struct cvk_walk *w;

    put_directory("a");
    put_file("b");
    w = start(".");
    fake.stream_fails = true;
    ck_assert(!cvk_walk_next(w, &entry, &code));
    ck_assert_int_eq(code, CVK_E_MEMORY);
    fake.stream_fails = false;
    ck_assert(!cvk_walk_next(w, &entry, &code));
    ck_assert_int_eq(code, CVK_E_MEMORY);
    cvk_walk_close(w);
}
END_TEST

START_TEST(a_directory_too_deep_is_a_row)
{
    char expected[4 * CVK_MAX_WALK_DEPTH + 64] = "file ", *p;
    char cwd[256];

    ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
    descend("d", CVK_MAX_WALK_DEPTH - 1);
    put_file("a");
    descend("d", 2);
    put_file("a");
    ck_assert_int_eq(chdir(cwd), 0);
    put_file("e");
    p = expected + strlen(expected);
    for (int i = 1; i < CVK_MAX_WALK_DEPTH; i++, p += 2)
        memcpy(p, "d/", 2);
    p += sprintf(p, "a\nwalk.depth ");
    for (int i = 1; i < CVK_MAX_WALK_DEPTH; i++, p += 2)
        memcpy(p, "d/", 2);
    strcpy(p, "d\nfile e\n");
    assert_walk(".", expected);
    ck_assert_int_eq(cvk_code_class(CVK_E_WALK_DEPTH), CVK_CLASS_SYSTEM);
}
END_TEST

/* Paths of exactly the limit are taken, one byte more is a row. */
START_TEST(a_path_too_long_is_a_row)
{
    char cwd[256], name[256], fits[256], longer[256];
    struct cvk_walk *w;

    ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
    memset(name, 'n', 255);
    memset(fits, 'f', 255);
    memset(longer, 'l', 255);
    name[255] = '\0';
    descend(name, CVK_MAX_PATH / 256 - 1); /* 256 bytes are left */
    descend("0123456789", 1);
    fits[245] = longer[246] = '\0';
    put_file(fits);
    put_file(longer);
    longer[0] = 'm';
    descend(longer, 1);
    put_file("x");
    ck_assert_int_eq(chdir(".."), 0);
    fits[0] = 'e';
    descend(fits, 1);
    put_file("x");
    ck_assert_int_eq(chdir(cwd), 0);
    put_file("z");

    w = start(".");
    for (int i = 0; i < 4; i++) {
        static const char first[] = "xflm"; /* in e..., f..., l..., m... */
        bool fails = i != 1;

        ck_assert(cvk_walk_next(w, &entry, &code));
        ck_assert_int_eq(*entry.name, first[i]);
        ck_assert_int_eq(entry.kind, fails ? CVK_WALK_FAILED : CVK_WALK_FILE);
        ck_assert_int_eq(entry.code, fails ? CVK_E_WALK_PATH : CVK_OK);
        ck_assert((strlen(entry.path) > CVK_MAX_PATH) == fails);
        ck_assert(i != 1 || strlen(entry.path) == CVK_MAX_PATH);
    }
    ck_assert_str_eq(rest(w), "file z\n");
    ck_assert_int_eq(cvk_code_class(CVK_E_WALK_PATH), CVK_CLASS_SYSTEM);
}
END_TEST

/* Mounts that end with this process. */
static bool may_mount(void)
{
    return (unshare(CLONE_NEWNS) == 0 ||
            unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
           mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("/tmp", "/tmp", NULL, MS_BIND, NULL) == 0;
}

START_TEST(a_directory_mounted_inside_itself_is_a_row)
{
    char path[256];

    put_directory("a");
    put_directory("a/b");
    put_directory("a/b/c");
    put_file("a/b/d");
    put_file("e");
    ck_assert(may_mount());
    ck_assert_ptr_nonnull(getcwd(path, sizeof path));
    ck_assert_int_eq(chdir(path), 0); /* into the tree as mounted now */
    ck_assert_int_eq(mount("a", "a/b/c", NULL, MS_BIND, NULL), 0);
    assert_walk(".", "walk.loop a/b/c\nfile a/b/d\nfile e\n");
    ck_assert_int_eq(mount(".", "a/b/c", NULL, MS_BIND, NULL), 0);
    assert_walk(".", "walk.loop a/b/c\nfile a/b/d\nfile e\n");
    ck_assert_int_eq(cvk_code_class(CVK_E_WALK_LOOP), CVK_CLASS_SYSTEM);
}
END_TEST

START_TEST(skipped_as_mounting_is_not_permitted_here)
{
}
END_TEST

static bool child_may_mount(void)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(may_mount() ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

START_TEST(an_entry_of_unknown_type_that_is_gone_is_a_row)
{
    put_file("a");
    put_file("gone");
    fake.types_unknown = true;
    fake.unlinked = "gone";
    assert_walk(".", "file a\nio.open: ENOENT gone\n");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, an_entry_of_unknown_type_that_is_gone_is_a_row);
    tcase_add_test(tc, a_root_that_cannot_be_opened_is_no_walk);
    tcase_add_test(tc, a_directory_that_may_not_be_read_is_a_row);
    tcase_add_test(tc, descriptors_that_run_out_are_rows);
    tcase_add_test(tc, a_listing_cut_short_gives_what_was_read_and_a_row);
    tcase_add_test(tc, an_interrupted_listing_goes_on);
    tcase_add_test(tc, a_listing_without_end_is_cut);
    tcase_add_test(tc, lack_of_memory_ends_the_walk_and_says_so);
    tcase_add_test(tc, a_directory_too_deep_is_a_row);
    tcase_add_test(tc, a_path_too_long_is_a_row);
    if (child_may_mount())
        tcase_add_test(tc, a_directory_mounted_inside_itself_is_a_row);
    else
        tcase_add_test(tc, skipped_as_mounting_is_not_permitted_here);
}

int main(void)
{
    return run_walk_suite("walk_failures", add_tests);
}
