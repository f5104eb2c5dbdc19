/* SPDX-License-Identifier: MIT */
#include "os/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

enum { MAX = 1000, HEAD = 16, OTHER_UID = 12345 };

static char dir[] = "/tmp/test_infile.XXXXXX";
static char path[sizeof dir + 2];
static struct cvk_buf out;
static struct cvk_file_facts facts;
static int error;
static atomic_int cancel;

static void make_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/f", dir);
}

static void remove_directory(void)
{
    unlink(path);
    rmdir(dir);
}

static void set_up(void)
{
    cancel = 0;
    unlink(path);
    cvk_buf_init(&out, 1 << 20);
}

static void tear_down(void)
{
    static const struct itimerval never;

    setitimer(ITIMER_REAL, &never, NULL);
    cvk_buf_clear(&out);
}

static void put_file(const void *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, p, n), (ssize_t)n);
    close(fd);
}

static enum cvk_code read_name(const char *name, uint64_t max)
{
    struct cvk_location at = {.path = name};
    struct cvk_infile f;
    enum cvk_code code;

    memset(&f, 0x55, sizeof f);
    code = cvk_infile_open(&f, &at, &cancel);
    if (!code)
        code = cvk_infile_load(&f, max, HEAD, &out);
    cvk_infile_close(&f);
    facts = f.facts;
    error = f.error;
    return code;
}

static void assert_bytes(const void *p, size_t n)
{
    ck_assert_uint_eq(out.n, n);
    ck_assert_mem_eq(out.p, p, n);
    ck_assert_uint_eq(out.p[n], 0);
    ck_assert_int_eq(error, 0);
}

/* Makes standard input the file at path, or what flags open. */
static void use_as_stdin(int flags)
{
    int fd = open(path, flags);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    close(fd);
}

START_TEST(a_regular_file_is_read_whole)
{
    put_file("a\0b\n", 4);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes("a\0b\n", 4);
}
END_TEST

START_TEST(an_empty_file_is_read_as_nothing)
{
    put_file("", 0);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes("", 0);
    ck_assert(facts.has_mtime);
    ck_assert_int_eq(read_name(path, 0), CVK_OK);
    assert_bytes("", 0);
}
END_TEST

START_TEST(a_second_file_replaces_the_first)
{
    put_file("longer", 6);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    put_file("x", 1);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes("x", 1);
}
END_TEST

START_TEST(exactly_the_limit_is_read_and_one_byte_more_is_refused)
{
    static uint8_t bytes[MAX + 1];

    memset(bytes, 'x', sizeof bytes);
    put_file(bytes, MAX);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes(bytes, MAX);
    put_file(bytes, MAX + 1);
    ck_assert_int_eq(read_name(path, MAX), CVK_E_INPUT_TOO_LARGE);
    use_as_stdin(O_RDONLY);
    ck_assert_int_eq(read_name(NULL, MAX), CVK_E_INPUT_TOO_LARGE);
}
END_TEST

START_TEST(a_buffer_too_small_is_a_matter_of_memory)
{
    put_file("0123456789", 10);
    cvk_buf_init(&out, 9);
    ck_assert_int_eq(read_name(path, MAX), CVK_E_MEMORY);
    use_as_stdin(O_RDONLY);
    ck_assert_int_eq(read_name(NULL, MAX), CVK_E_MEMORY);
}
END_TEST

START_TEST(a_missing_file_cannot_be_opened)
{
    ck_assert_int_eq(read_name(path, MAX), CVK_E_IO_OPEN);
    ck_assert_int_eq(error, ENOENT);
    ck_assert(!facts.has_mtime);
    ck_assert(!facts.atime_kept);
    ck_assert_uint_eq(out.n, 0);
}
END_TEST

START_TEST(a_directory_is_told)
{
    ck_assert_int_eq(read_name(dir, MAX), CVK_E_IO_DIRECTORY);
    ck_assert(!facts.has_mtime);
    ck_assert_int_eq(read_name("/", MAX), CVK_E_IO_DIRECTORY);
}
END_TEST

START_TEST(the_time_of_change_is_given_to_the_nanosecond)
{
    struct timespec times[2] = {{1, 2}, {-3, 999999999}};
    struct stat st;

    put_file("x", 1);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    ck_assert(facts.has_mtime);
    ck_assert_int_eq(facts.mtime, st.st_mtim.tv_sec);
    ck_assert_int_eq(facts.mtime, -3);
    ck_assert_uint_eq(facts.mtime_ns, 999999999);
}
END_TEST

START_TEST(the_owners_reading_leaves_the_access_time_alone)
{
    struct timespec times[2] = {{1000, 5}, {2000, 0}}; /* relatime would act */
    struct stat st;

    put_file("x", 1);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    ck_assert(facts.atime_kept);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_atim.tv_sec, 1000);
    ck_assert_int_eq(st.st_atim.tv_nsec, 5);
}
END_TEST

/* Only root can become somebody who does not own the file. */
START_TEST(another_users_file_is_read_as_it_may_be)
{
    enum cvk_code code;

    put_file("x", 1);
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chmod(dir, 0755), 0);
    ck_assert_int_eq(seteuid(OTHER_UID), 0);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes("x", 1);
    ck_assert(!facts.atime_kept);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(seteuid(OTHER_UID), 0);
    code = read_name(path, MAX);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(code, CVK_E_IO_OPEN);
    ck_assert_int_eq(error, EACCES);
}
END_TEST

START_TEST(a_link_is_followed_by_name)
{
    ck_assert_int_eq(symlink("/dev/null", path), 0);
    ck_assert_int_eq(read_name(path, MAX), CVK_OK);
    assert_bytes("", 0);
    ck_assert(!facts.has_mtime);
}
END_TEST

/* A child that writes n bytes to the FIFO, in two parts, and ends. */
static pid_t feed_fifo(const void *p, size_t n)
{
    pid_t child;

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int fd = open(path, O_WRONLY);
        const char *bytes = p;

        signal(SIGPIPE, SIG_IGN);
        if (write(fd, bytes, n / 2) == (ssize_t)(n / 2)) {
            usleep(10000);
            if (write(fd, bytes + n / 2, n - n / 2) >= 0)
                _exit(0);
        }
        _exit(1);
    }
    return child;
}

START_TEST(a_fifo_is_read_to_its_end)
{
    static char bytes[200000]; /* beyond the first room and a doubling */
    pid_t child;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i / 7);
    child = feed_fifo(bytes, sizeof bytes);
    ck_assert_int_eq(read_name(path, sizeof bytes), CVK_OK);
    assert_bytes(bytes, sizeof bytes);
    ck_assert(!facts.has_mtime);
    waitpid(child, NULL, 0);
}
END_TEST

START_TEST(a_fifo_that_gives_one_byte_too_many_is_refused)
{
    static char bytes[MAX + 1];
    pid_t child = feed_fifo(bytes, sizeof bytes);

    ck_assert_int_eq(read_name(path, MAX), CVK_E_INPUT_TOO_LARGE);
    waitpid(child, NULL, 0);
}
END_TEST

START_TEST(standard_input_is_read_from_where_it_stands)
{
    put_file("0123456789", 10);
    use_as_stdin(O_RDONLY);
    ck_assert_int_eq(lseek(STDIN_FILENO, 4, SEEK_SET), 4);
    ck_assert_int_eq(read_name(NULL, MAX), CVK_OK);
    assert_bytes("456789", 6);
    ck_assert(facts.has_mtime);
    ck_assert(!facts.atime_kept);
    ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0); /* still open */
}
END_TEST

START_TEST(standard_input_that_cannot_be_read_is_told)
{
    put_file("x", 1);
    use_as_stdin(O_WRONLY);
    ck_assert_int_eq(read_name(NULL, MAX), CVK_E_IO_READ);
    ck_assert_int_eq(error, EBADF);
    close(STDIN_FILENO);
    ck_assert_int_eq(read_name(NULL, MAX), CVK_E_IO_READ);
    ck_assert_int_eq(error, EBADF);
}
END_TEST

/* Attributes in sysfs say a page and give less: like a file that shrinks. */
START_TEST(a_file_that_gives_less_than_its_size_has_changed)
{
    static const char sysfs[] = "/sys/kernel/mm/transparent_hugepage/enabled";
    struct stat st;

    if (stat(sysfs, &st) != 0 || st.st_size < 1000)
        return;
    ck_assert_int_eq(read_name(sysfs, 1 << 16), CVK_E_IO_CHANGED);
}
END_TEST

static void note_cancel(int signal_number)
{
    cancel = signal_number;
}

/* A signal every 20 ms, so that one of them meets the call. */
static void cancel_soon(void)
{
    struct sigaction action = {.sa_handler = note_cancel};
    static const struct itimerval every = {{0, 20000}, {0, 20000}};

    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &every, NULL), 0);
}

START_TEST(a_read_that_waits_can_be_cancelled)
{
    int fd;

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    fd = open(path, O_RDWR); /* a writer that says nothing */
    ck_assert_int_ge(fd, 0);
    cancel_soon();
    ck_assert_int_eq(read_name(path, MAX), CVK_E_IO_INTERRUPTED);
    close(fd);
}
END_TEST

START_TEST(an_open_that_waits_can_be_cancelled)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    cancel_soon();
    ck_assert_int_eq(read_name(path, MAX), CVK_E_IO_INTERRUPTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("infile");
    TCase *tc = tcase_create("infile");

    tcase_add_unchecked_fixture(tc, make_directory, remove_directory);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_regular_file_is_read_whole);
    tcase_add_test(tc, an_empty_file_is_read_as_nothing);
    tcase_add_test(tc, a_second_file_replaces_the_first);
    tcase_add_test(tc, exactly_the_limit_is_read_and_one_byte_more_is_refused);
    tcase_add_test(tc, a_buffer_too_small_is_a_matter_of_memory);
    tcase_add_test(tc, a_missing_file_cannot_be_opened);
    tcase_add_test(tc, a_directory_is_told);
    tcase_add_test(tc, the_time_of_change_is_given_to_the_nanosecond);
    tcase_add_test(tc, the_owners_reading_leaves_the_access_time_alone);
    tcase_add_test(tc, another_users_file_is_read_as_it_may_be);
    tcase_add_test(tc, a_link_is_followed_by_name);
    tcase_add_test(tc, a_fifo_is_read_to_its_end);
    tcase_add_test(tc, a_fifo_that_gives_one_byte_too_many_is_refused);
    tcase_add_test(tc, standard_input_is_read_from_where_it_stands);
    tcase_add_test(tc, standard_input_that_cannot_be_read_is_told);
    tcase_add_test(tc, a_file_that_gives_less_than_its_size_has_changed);
    tcase_add_test(tc, a_read_that_waits_can_be_cancelled);
    tcase_add_test(tc, an_open_that_waits_can_be_cancelled);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
