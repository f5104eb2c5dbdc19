/* SPDX-License-Identifier: MIT */
#include "os/walk.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "walktree.h"

enum { TURNS = 1000000, TREE = 800 };

/* ---- order -------------------------------------------------------------- */

START_TEST(entries_come_in_the_order_of_whole_paths)
{
    put_directory("a");
    put_directory("a/b");
    put_file("a/b/c");
    put_file("a/x");
    put_file("a/b.json");
    put_file("a/b-");
    put_file("a0");
    put_file("a.json");
    put_file("a-b");
    put_directory("\xff");
    put_file("\xff/1");
    put_file("\xfe\xff");
    put_file("z\nz");
    put_file("z");
    put_file("B");
    put_file(".hidden");
    put_file("...");
    put_file("\x01");
    put_file("caf\xc3\xa9");
    assert_walk(".", "file \x01\nfile ...\nfile .hidden\nfile B\nfile a-b\n"
                     "file a.json\nfile a/b-\nfile a/b.json\nfile a/b/c\n"
                     "file a/x\nfile a0\nfile caf\xc3\xa9\nfile z\n"
                     "file z\nz\nfile \xfe\xff\nfile \xff/1\n");
}
END_TEST

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of few characters around '/', so that they often share a start. */
START_TEST(any_tree_comes_as_its_sorted_list_of_paths)
{
    static const char letters[] = "-./0a\xff";
    static char paths[TREE][24], *order[TREE];
    struct cvk_walk *w;
    size_t n = 0;

    srand(4);
    while (n < TREE) {
        char *p = paths[n];
        size_t len = 1 + (size_t)rand() % 12;

        for (size_t i = 0; i < len; i++)
            p[i] = letters[(size_t)rand() % (sizeof letters - 1)];
        p[len] = '\0';
        for (size_t i = 0; i < len; i++) /* most fail: dots, empty parts */
            if (p[i] == '/' && i) {
                p[i] = '\0';
                mkdir(p, 0755);
                p[i] = '/';
            }
        if (*p == '/' || strstr(p, "//") || strstr(p, "./"))
            continue;
        int fd = open(p, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (fd < 0)
            continue;
        close(fd);
        order[n] = p;
        n++;
    }
    qsort(order, n, sizeof *order, by_bytes);
    w = start(".");
    for (size_t i = 0; i < n; i++) {
        ck_assert(cvk_walk_next(w, &entry, &code));
        ck_assert_str_eq(entry.path, order[i]);
    }
    ck_assert(!cvk_walk_next(w, &entry, &code));
    cvk_walk_close(w);
}
END_TEST

/* ---- kinds -------------------------------------------------------------- */

static void put_all_kinds(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    close(fd);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    put_directory("dir");
    put_file("dir/f");
    put_file("plain");
    ck_assert_int_eq(symlink("plain", "to-file"), 0);
    ck_assert_int_eq(symlink("dir", "to-dir"), 0);
    ck_assert_int_eq(symlink("..", "dir/up"), 0);
    ck_assert_int_eq(symlink("nowhere", "broken"), 0);
    ck_assert_int_eq(symlink("itself", "itself"), 0);
}

static const char all_kinds[] =
    "link broken\nfile dir/f\nlink dir/up\nspecial fifo\nlink itself\n"
    "file plain\nspecial socket\nlink to-dir\nlink to-file\n";

START_TEST(links_are_told_and_never_followed)
{
    put_all_kinds();
    assert_walk(".", all_kinds);
}
END_TEST

START_TEST(a_listing_without_types_gives_the_same)
{
    put_all_kinds();
    fake.types_unknown = true;
    assert_walk(".", all_kinds);
}
END_TEST

START_TEST(a_named_root_may_be_a_link)
{
    put_directory("dir");
    put_file("dir/f");
    ck_assert_int_eq(symlink("dir", "link"), 0);
    assert_walk("link", "file f\n");
    assert_walk("link/", "file f\n");
}
END_TEST

START_TEST(an_empty_directory_has_no_entries)
{
    put_directory("empty");
    put_directory("empty/too");
    put_directory("empty/too/deep");
    put_directory("f");
    put_file("f/f");
    assert_walk("empty/too/deep", "");
    assert_walk("empty", "");
    assert_walk(".", "file f/f\n");
}
END_TEST

START_TEST(a_file_is_known_by_its_identity_without_a_look_at_it)
{
    struct cvk_walk *w;
    struct stat st;

    put_directory("d");
    put_file("d/f");
    ck_assert_int_eq(stat("d/f", &st), 0);
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    ck_assert(entry.id.known);
    ck_assert_uint_eq(entry.id.device, st.st_dev);
    ck_assert_uint_eq(entry.id.inode, st.st_ino);
    ck_assert_str_eq(entry.name, "f");
    cvk_walk_close(w);
}
END_TEST

START_TEST(listing_leaves_the_access_time_of_ones_directories_alone)
{
    struct timespec times[2] = {{1000, 5}, {2000, 0}};
    struct stat st;

    put_directory("d");
    put_file("d/f");
    ck_assert_int_eq(utimensat(AT_FDCWD, "d", times, 0), 0);
    assert_walk(".", "file d/f\n");
    assert_walk("d", "file f\n");
    ck_assert_int_eq(stat("d", &st), 0);
    ck_assert_int_eq(st.st_atim.tv_sec, 1000);
}
END_TEST

/* ---- changes while walking ---------------------------------------------- */

START_TEST(what_changes_under_the_walk_is_a_row_at_most)
{
    struct cvk_walk *w;

    put_file("a");
    put_file("b");
    put_directory("gone");
    put_directory("now-fifo");
    put_directory("now-file");
    put_directory("now-link");
    put_directory("other");
    put_file("other/f");
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    unlink("b"); /* its reader will say so */
    rmdir("gone");
    rmdir("now-fifo");
    ck_assert_int_eq(mkfifo("now-fifo", 0600), 0);
    rmdir("now-file");
    put_file("now-file");
    rmdir("now-link");
    ck_assert_int_eq(symlink("other", "now-link"), 0);
    put_file("other/g");
    put_file("zzz");
    ck_assert_str_eq(rest(w), "file b\nio.open: ENOENT gone\n"
                              "io.open: ENOTDIR now-fifo\n"
                              "io.open: ENOTDIR now-file\n"
                              "io.open: ENOTDIR now-link\n"
                              "file other/f\nfile other/g\n");
}
END_TEST

/* A directory whose parents are moved away is still walked as it stands. */
START_TEST(a_tree_deleted_or_moved_under_the_walk_does_no_harm)
{
    struct cvk_walk *w;

    put_directory("a");
    put_directory("a/b");
    put_file("a/b/1");
    put_file("a/b/2");
    put_directory("a/c");
    put_file("a/c/1");
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    ck_assert_int_eq(rename("a", "moved"), 0);
    ck_assert_int_eq(unlink("moved/b/1") | unlink("moved/b/2"), 0);
    ck_assert_int_eq(rmdir("moved/b"), 0);
    ck_assert_str_eq(rest(w), "file a/b/2\nfile a/c/1\n");
}
END_TEST

/* ---- directories that are shared ---------------------------------------- */

static int count_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

START_TEST(a_kept_directory_outlives_the_walk)
{
    int before = count_descriptors(), fd;
    struct cvk_walk_dir *dir;
    struct cvk_walk *w;

    put_directory("d");
    put_file("d/f");
    put_file("d/g");
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    dir = cvk_walk_dir_keep(entry.dir);
    ck_assert_ptr_eq(dir, entry.dir);
    ck_assert_str_eq(rest(w), "file d/g\n");
    ck_assert_int_eq(count_descriptors(), before + 1);
    fd = openat(cvk_walk_dir_fd(dir), "f", O_RDONLY | O_NOFOLLOW);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_ne(fcntl(cvk_walk_dir_fd(dir), F_GETFD) & FD_CLOEXEC, 0);
    close(fd);
    cvk_walk_dir_release(dir);
    ck_assert_int_eq(count_descriptors(), before);
}
END_TEST

START_TEST(a_walk_given_up_leaves_nothing_open)
{
    int before = count_descriptors();
    struct cvk_walk *w;

    put_directory("d");
    put_directory("d/e");
    put_file("d/e/f");
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    ck_assert_int_eq(count_descriptors(), before + 3);
    cvk_walk_close(w);
    ck_assert_int_eq(count_descriptors(), before);
    cvk_walk_close(start("d"));
    cvk_walk_close(NULL);
    cvk_walk_dir_release(NULL);
    ck_assert_int_eq(count_descriptors(), before);
}
END_TEST

static pthread_barrier_t together;

static void *keep_and_release(void *dir)
{
    pthread_barrier_wait(&together);
    for (int i = 0; i < TURNS; i++)
        cvk_walk_dir_release(cvk_walk_dir_keep(dir));
    cvk_walk_dir_release(dir);
    return NULL;
}

START_TEST(threads_share_a_directory_until_the_last_releases_it)
{
    int before = count_descriptors();
    struct cvk_walk_dir *dir;
    pthread_t threads[2];
    struct cvk_walk *w;

    put_file("f");
    w = start(".");
    ck_assert(cvk_walk_next(w, &entry, &code));
    dir = cvk_walk_dir_keep(entry.dir);
    ck_assert_int_eq(pthread_barrier_init(&together, NULL, 2), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, keep_and_release,
                                        cvk_walk_dir_keep(dir)), 0);
    cvk_walk_close(w);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(count_descriptors(), before + 1); /* that of dir */
    cvk_walk_dir_release(dir);
    ck_assert_int_eq(count_descriptors(), before);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, entries_come_in_the_order_of_whole_paths);
    tcase_add_test(tc, any_tree_comes_as_its_sorted_list_of_paths);
    tcase_add_test(tc, links_are_told_and_never_followed);
    tcase_add_test(tc, a_listing_without_types_gives_the_same);
    tcase_add_test(tc, a_named_root_may_be_a_link);
    tcase_add_test(tc, an_empty_directory_has_no_entries);
    tcase_add_test(tc, a_file_is_known_by_its_identity_without_a_look_at_it);
    tcase_add_test(tc,
                   listing_leaves_the_access_time_of_ones_directories_alone);
    tcase_add_test(tc, what_changes_under_the_walk_is_a_row_at_most);
    tcase_add_test(tc, a_tree_deleted_or_moved_under_the_walk_does_no_harm);
    tcase_add_test(tc, a_kept_directory_outlives_the_walk);
    tcase_add_test(tc, a_walk_given_up_leaves_nothing_open);
    tcase_add_test(tc, threads_share_a_directory_until_the_last_releases_it);
}

int main(void)
{
    return run_walk_suite("walk", add_tests);
}
