/* SPDX-License-Identifier: MIT */
/* Where files can be written: children limit themselves, and try. */
#include "sandboxed.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

static char root[] = "/tmp/test_landlock.XXXXXX";
static char build[4096];

/* What a case says and what a child is to try. */
static struct {
    struct cvk_write_place places[3];
    size_t n;
    bool files; /* are limited */
    const char *path;
} try;

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    return ftw->level == 0 ? 0 : remove(path);
}

static bool make_root(void)
{
    return getcwd(build, sizeof build) && mkdtemp(root);
}

static void remove_root(void)
{
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    rmdir(root);
}

static void set_up(void)
{
    int fd;

    memset(&fake, 0, sizeof fake);
    memset(&try, 0, sizeof try);
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    ck_assert_int_eq(chdir(root), 0);
    ck_assert_int_eq(mkdir("out", 0755), 0);
    ck_assert_int_eq(mkdir("in", 0755), 0);
    ck_assert_int_eq(mkdir("in/sub", 0755), 0);
    ck_assert_int_eq(symlink("out", "link"), 0);
    ck_assert_int_eq(mkfifo("pipe", 0644), 0);
    fd = open("in/c.json", O_WRONLY | O_CREAT, 0644);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void limit(struct cvk_sandbox *s)
{
    /* the counters of a build for coverage lie there */
    struct cvk_write_place places[4] = {{CVK_WRITE_BELOW, build}};

    memcpy(places + 1, try.places, sizeof try.places);
    cvk_sandbox_limit_writes(s, places, try.n + 1);
}

/* Limits in force, as far as this kernel has them? */
static int landlock_state(void)
{
    struct cvk_sandbox s = {0};

    limit(&s);
    return s.landlock_files | s.landlock_tcp << 1 | s.landlock_scope << 2;
}

static bool has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0;
}

/* Creates try.path below directories that may be missing; 0, or the errno. */
static int create_file(void)
{
    struct cvk_sandbox s = {0};
    char path[4096], *slash = path;
    int fd;

    limit(&s);
    if (!s.landlock_files)
        return 255;
    snprintf(path, sizeof path, "%s", try.path);
    while ((slash = strchr(slash + 1, '/'))) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    close(fd);
    return errno_of(unlink(path));
}

static const struct {
    enum cvk_write_how how;
    const char *place, *path;
    int error;
} places[] = {
    {CVK_WRITE_BELOW, "out", "out/a.blob", 0},
    {CVK_WRITE_BELOW, "out/", "out/sub/sub/a.blob", 0},
    {CVK_WRITE_BELOW, "link", "out/a.blob", 0},
    {CVK_WRITE_BELOW, "out", "in/a.blob", EACCES},
    {CVK_WRITE_BELOW, "out", "a.blob", EACCES},
    {CVK_WRITE_BELOW, "out", "/tmp/test_landlock.blob", EACCES},
    {CVK_WRITE_BELOW, ".", "a.blob", 0},
    {CVK_WRITE_BELOW, "out/new", "out/new/a.blob", 0},
    {CVK_WRITE_BELOW, "out/new/new/", "out/new/new/a.blob", 0},
    {CVK_WRITE_BELOW, "out/new//new", "out/new/new/a.blob", 0},
    {CVK_WRITE_BELOW, "./out/./new", "out/new/a.blob", 0},
    {CVK_WRITE_BELOW, "out/new", "in/a.blob", EACCES},
    {CVK_WRITE_BELOW, "new", "new/a.blob", 0},
    {CVK_WRITE_BELOW, "in/../out/new", "out/new/a.blob", 0},
    {CVK_WRITE_BELOW, "in/../out/new", "in/a.blob", EACCES},
    {CVK_WRITE_BESIDE, "out/a.blob", "out/a.blob", 0},
    {CVK_WRITE_BESIDE, "out/a.blob", "in/a.blob", EACCES},
    {CVK_WRITE_BESIDE, "out//a.blob", "out/a.blob", 0},
    {CVK_WRITE_BESIDE, "a.blob", "a.blob", 0},
    {CVK_WRITE_BESIDE, "missing/a.blob", "a.blob", EACCES},
    {CVK_WRITE_BESIDE, "missing/a.blob", "missing/a.blob", ENOENT},
};

START_TEST(files_are_created_there_alone)
{
    int error;

    if (!has_landlock())
        return;
    try.n = 1;
    try.places[0].how = places[_i].how;
    try.places[0].path = places[_i].place;
    try.path = places[_i].path;
    error = in_child(create_file, false);
    ck_assert_msg(error == places[_i].error, "%s: %s: %d", places[_i].place,
                  places[_i].path, error);
}
END_TEST

/* Nothing at all, where the command writes nothing. */
START_TEST(without_places_nothing_is_written)
{
    if (!has_landlock())
        return;
    try.path = "out/a.blob";
    ck_assert_int_eq(in_child(create_file, false), EACCES);
}
END_TEST

/* Evidence is read, and nothing else happens to it. */
static int touch_evidence(void)
{
    static const int no = EACCES;
    struct cvk_sandbox s = {0};

    limit(&s);
    if (open("in/c.json", O_RDONLY) < 0 || open("in", O_RDONLY) < 0)
        return 1;
    if (errno_of(open("in/c.json", O_WRONLY)) != no)
        return 2;
    if (errno_of(unlink("in/c.json")) != no ||
        errno_of(rename("in/c.json", "in/d")) != no)
        return 3;
    if (errno_of(link("in/c.json", "in/d")) != no ||
        errno_of(symlink("x", "in/d")) != no)
        return 4;
    if (errno_of(rmdir("in/sub")) != no ||
        errno_of(mkdir("in/d", 0700)) != no)
        return 5;
    return s.landlock >= 3 && errno_of(truncate("in/c.json", 0)) != no
               ? 6
               : 0;
}

START_TEST(evidence_is_read_only)
{
    if (!has_landlock())
        return;
    try.n = 1;
    try.places[0].path = "out";
    ck_assert_int_eq(in_child(touch_evidence, false), 0);
}
END_TEST

/* As the outputs of a run: a file without a name gets one, another replaces
 * it. */
static int publish(void)
{
    struct cvk_sandbox s = {0};
    char proc[64];
    int dir, fd;

    limit(&s);
    dir = open("out", O_RDONLY | O_DIRECTORY);
    fd = openat(dir, ".", O_TMPFILE | O_RDWR, 0600);
    snprintf(proc, sizeof proc, "/proc/self/fd/%d", fd);
    if (fd < 0 || linkat(AT_FDCWD, proc, dir, "a", AT_SYMLINK_FOLLOW) != 0)
        return errno;
    if (openat(dir, "b", O_WRONLY | O_CREAT | O_EXCL, 0600) < 0 ||
        renameat(dir, "b", dir, "a") != 0)
        return errno;
    return errno_of(renameat(dir, "a", AT_FDCWD, "in/a")) == 0 ? 255 : 0;
}

START_TEST(outputs_are_published)
{
    int fd = open("out", O_TMPFILE | O_RDWR, 0600);

    if (fd < 0)
        return; /* this file system has no files without a name */
    close(fd);
    try.n = 1;
    try.places[0].path = "out";
    ck_assert_int_eq(in_child(publish, false), has_landlock() ? 0 : 255);
}
END_TEST

/* A pipe or device is written, and what stands beside it is not. */
static int write_special(void)
{
    struct cvk_sandbox s = {0};

    limit(&s);
    if (open(try.path, O_RDWR | O_NONBLOCK) < 0)
        return errno;
    return errno_of(open("in/c.json", O_WRONLY));
}

START_TEST(pipes_and_devices_are_written)
{
    static const char *const special[] = {"pipe", "/dev/null"};

    if (!has_landlock())
        return;
    try.n = 1;
    try.places[0].how = CVK_WRITE_ITSELF;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        try.places[0].path = try.path = special[i];
        ck_assert_int_eq(in_child(write_special, false), EACCES);
    }
}
END_TEST

/* What has no place in the tree of files cannot be named, and needs not. */
START_TEST(a_descriptor_as_output_is_no_hindrance)
{
    int pipes[2];
    char path[64];

    if (!has_landlock())
        return;
    ck_assert_int_eq(pipe(pipes), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", pipes[1]);
    try.n = 1;
    try.places[0].how = CVK_WRITE_ITSELF;
    try.places[0].path = try.path = path;
    ck_assert_int_eq(in_child(landlock_state, false) & 1, 1);
    ck_assert_int_eq(in_child(write_special, false), EACCES);
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

/* Better no limit than a run that fails because of one. */
START_TEST(files_are_not_limited_where_a_place_cannot_be_told)
{
    static const char *const unclear[] = {"new/../../in", "in/c.json", ""};
    int without;

    if (!has_landlock())
        return;
    fake.no_rules = true;
    without = in_child(landlock_state, false);
    fake.no_rules = false;
    ck_assert_int_eq(without & 1, 0);
    for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++) {
        try.n = 1;
        try.places[0].path = unclear[i];
        ck_assert_int_eq(in_child(landlock_state, false), without);
    }
}
END_TEST

START_TEST(a_path_that_is_too_long_is_no_hindrance)
{
    static char path[5000];

    if (!has_landlock())
        return;
    memset(path, 'x', sizeof path - 1);
    try.n = 1;
    try.places[0].path = path;
    ck_assert_int_eq(in_child(landlock_state, false) & 1, 1);
}
END_TEST

/* Its version says more than it takes: less will do. */
START_TEST(an_older_kernel_limits_what_it_can)
{
    int all = in_child(landlock_state, false);

    if (!has_landlock())
        return;
    fake.largest = 16;
    ck_assert_int_eq(in_child(landlock_state, false), all & 3);
    fake.largest = 8;
    ck_assert_int_eq(in_child(landlock_state, false), all & 1);
    fake.largest = 1;
    ck_assert_int_eq(in_child(landlock_state, false), 0);
    fake.largest = 0;
    fake.no_landlock = true;
    ck_assert_int_eq(in_child(landlock_state, false), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("landlock");
    TCase *files = tcase_create("files");
    int status;

    tcase_add_checked_fixture(files, set_up, NULL);
    tcase_add_loop_test(files, files_are_created_there_alone, 0,
                        sizeof places / sizeof *places);
    tcase_add_test(files, without_places_nothing_is_written);
    tcase_add_test(files, evidence_is_read_only);
    tcase_add_test(files, outputs_are_published);
    tcase_add_test(files, pipes_and_devices_are_written);
    tcase_add_test(files, a_descriptor_as_output_is_no_hindrance);
    tcase_add_test(files, files_are_not_limited_where_a_place_cannot_be_told);
    tcase_add_test(files, a_path_that_is_too_long_is_no_hindrance);
    tcase_add_test(files, an_older_kernel_limits_what_it_can);
    suite_add_tcase(suite, files);

    if (!make_root())
        return EXIT_FAILURE;
    status = run_suite(suite);
    remove_root();
    return status;
}
