/* SPDX-License-Identifier: MIT */
/* Children enter the sandbox and try what it has to refuse. */
#include "sandboxed.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "os/thread.h"

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static void set_up(void)
{
    memset(&fake, 0, sizeof fake);
}

/* ---- what is refused ---------------------------------------------------- */

static int open_inet(void)
{
    return errno_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int open_inet_udp(void)
{
    return errno_of(socket(AF_INET, SOCK_DGRAM, 0));
}

static int open_inet6(void)
{
    return errno_of(socket(AF_INET6, SOCK_STREAM, 0));
}

static int open_unix(void)
{
    return errno_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int open_netlink(void)
{
    return errno_of(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int open_packet(void)
{
    return errno_of(socket(AF_PACKET, SOCK_RAW, 0));
}

static int open_pair(void)
{
    int pair[2];

    return errno_of(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

static int connect_inherited(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = 9};

    return errno_of(connect(0, (struct sockaddr *)&to, sizeof to));
}

static int send_on(void)
{
    return errno_of(sendto(0, "x", 1, 0, NULL, 0));
}

static int receive_on(void)
{
    char byte;

    return errno_of(recvfrom(0, &byte, 1, 0, NULL, NULL));
}

static int accept_on(void)
{
    return errno_of(accept(0, NULL, NULL));
}

static int set_up_uring(void)
{
    return errno_of(syscall(SYS_io_uring_setup, 1, NULL));
}

static int trace(void)
{
    return errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int execute(void)
{
    char *none[] = {NULL};

    return errno_of(execve("/", none, none));
}

static int take_descriptor(void)
{
    return errno_of(syscall(SYS_pidfd_getfd, -1, 0, 0));
}

static const struct {
    const char *name;
    int (*probe)(void);
    bool anywhere; /* is possible without the sandbox, on any machine */
} refused[] = {
    {"TCP", open_inet, false},
    {"UDP", open_inet_udp, false},
    {"TCP over IPv6", open_inet6, false},
    {"a local socket", open_unix, true},
    {"netlink", open_netlink, false},
    {"packets", open_packet, false},
    {"a pair of sockets", open_pair, true},
    {"connect", connect_inherited, false},
    {"sendto", send_on, false},
    {"recvfrom", receive_on, false},
    {"accept", accept_on, false},
    {"io_uring", set_up_uring, false},
    {"ptrace", trace, false},
    {"execve", execute, false},
    {"pidfd_getfd", take_descriptor, false},
};

START_TEST(calls_that_reach_outside_are_refused)
{
    int inside = in_child(refused[_i].probe, true);

    ck_assert_msg(inside == EPERM, "%s: %d", refused[_i].name, inside);
    if (refused[_i].anywhere)
        ck_assert_int_eq(in_child(refused[_i].probe, false), 0);
}
END_TEST

/* Everything that refuses it without a filter says something else. */
START_TEST(the_filter_is_what_refuses_them)
{
    ck_assert_int_eq(in_child(execute, false), EACCES);
    ck_assert_int_eq(in_child(take_descriptor, false), EBADF);
    ck_assert_int_eq(in_child(send_on, false), ENOTSOCK);
    ck_assert_int_eq(in_child(accept_on, false), ENOTSOCK);
}
END_TEST

#if defined(__x86_64__) && !defined(__ILP32__)

/* A 32-bit call: 20 is getpid there, 359 socket, 102 socketcall. */
static int call32(int number, int a, int b, int c)
{
    int result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory", "r8", "r9", "r10", "r11");
    return result;
}

static int pid32(void)
{
    int pid = call32(20, 0, 0, 0);

    return pid < 0 ? -pid : 0;
}

static int socket32(void)
{
    int fd = call32(359, AF_UNIX, SOCK_STREAM, 0);

    return fd < 0 ? -fd : 0;
}

START_TEST(calls_of_32_bits_are_refused)
{
    /* killed: this kernel has none to refuse */
    if (in_child(pid32, false) != 0)
        return;
    ck_assert_int_eq(in_child(socket32, false), 0);
    ck_assert_int_eq(in_child(socket32, true), EPERM);
    ck_assert_int_eq(in_child(pid32, true), EPERM);
}
END_TEST

static int socket_x32(void)
{
    return errno_of(syscall(0x40000000 | SYS_socket, AF_UNIX, SOCK_STREAM, 0));
}

static int pid_x32(void)
{
    return errno_of(syscall(0x40000000 | SYS_getpid));
}

START_TEST(calls_of_x32_are_refused)
{
    ck_assert_int_ne(in_child(socket_x32, false), EPERM);
    ck_assert_int_eq(in_child(socket_x32, true), EPERM);
    ck_assert_int_eq(in_child(pid_x32, true), EPERM);
}
END_TEST

#endif

static void *open_in_thread(void *result)
{
    *(int *)result = open_unix();
    return NULL;
}

static int open_unix_in_thread(void)
{
    struct cvk_thread thread;
    int result = 0;

    if (!cvk_thread_start(&thread, open_in_thread, &result))
        return 255;
    cvk_thread_join(&thread);
    return result;
}

START_TEST(threads_are_inside_too)
{
    ck_assert_int_eq(in_child(open_unix_in_thread, false), 0);
    ck_assert_int_eq(in_child(open_unix_in_thread, true), EPERM);
}
END_TEST

static int work(void)
{
    char byte;
    int pipes[2], fd = open("/proc/self/status", O_RDONLY);

    return !(fd >= 0 && read(fd, &byte, 1) == 1 && pipe(pipes) == 0 &&
             write(pipes[1], "x", 1) == 1 && read(pipes[0], &byte, 1) == 1);
}

START_TEST(files_and_pipes_work)
{
    ck_assert_int_eq(in_child(work, true), 0);
}
END_TEST

/* How a child ended that was killed by SIGABRT, in a directory of its own. */
static int crash(bool sandboxed)
{
    char dir[] = "/tmp/test_sandbox.XXXXXX", core[64];
    struct rlimit limit;
    struct cvk_sandbox s;
    int status;
    pid_t child;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        if (chdir(dir) != 0 || setrlimit(RLIMIT_CORE, &limit) != 0)
            _exit(1);
        if (sandboxed)
            cvk_sandbox_enter(&s);
        signal(SIGABRT, SIG_DFL);
        raise(SIGABRT);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    snprintf(core, sizeof core, "%s/core", dir);
    unlink(core);
    snprintf(core, sizeof core, "%s/core.%d", dir, (int)child);
    unlink(core);
    ck_assert_int_eq(rmdir(dir), 0);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    return status;
}

/* True if this system writes cores beside the program, and would now. */
static bool dumps_cores(void)
{
    char pattern[256] = "";
    int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);
    struct rlimit limit;

    if (fd < 0)
        return false;
    if (read(fd, pattern, sizeof pattern - 1) <= 0)
        pattern[0] = '\0';
    close(fd);
    return strcmp(pattern, "core\n") == 0 &&
           getrlimit(RLIMIT_CORE, &limit) == 0 &&
           limit.rlim_max == RLIM_INFINITY;
}

START_TEST(no_core_is_dumped)
{
    ck_assert(!WCOREDUMP(crash(true)));
    fake.no_limits = true;
    ck_assert(!WCOREDUMP(crash(true)));
    if (dumps_cores())
        ck_assert(WCOREDUMP(crash(false)));
}
END_TEST

/* ---- inherited sockets -------------------------------------------------- */

/* Bits: the socket is open, the pipe is open, standard input is reported, and
 * open. */
static int with_sockets(bool on_stdin)
{
    struct cvk_sandbox s;
    int pair[2], high = 700, pipes[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(pipes) != 0 ||
        dup2(pair[0], high) != high || (on_stdin && dup2(pair[0], 0) != 0))
        return 255;
    cvk_sandbox_enter(&s);
    return (fcntl(pair[0], F_GETFD) >= 0 || fcntl(pair[1], F_GETFD) >= 0 ||
            fcntl(high, F_GETFD) >= 0) |
           (fcntl(pipes[0], F_GETFD) >= 0) << 1 | (s.sockets == 1) << 2 |
           (fcntl(0, F_GETFD) >= 0) << 3;
}

static int with_socket_elsewhere(void)
{
    return with_sockets(false);
}

static int with_socket_on_stdin(void)
{
    return with_sockets(true);
}

START_TEST(inherited_sockets_are_closed)
{
    ck_assert_int_eq(in_child(with_socket_elsewhere, false), 2 | 8);
}
END_TEST

START_TEST(a_socket_as_standard_input_is_reported)
{
    ck_assert_int_eq(in_child(with_socket_on_stdin, false), 2 | 4 | 8);
}
END_TEST

START_TEST(sockets_are_closed_without_a_listing)
{
    fake.no_listing = true;
    ck_assert_int_eq(in_child(with_socket_elsewhere, false), 2 | 8);
}
END_TEST

/* ---- what is said of it ------------------------------------------------- */

/* 0 if it holds, else the errno that is told. */
static int state(void)
{
    struct cvk_sandbox s;

    cvk_sandbox_enter(&s);
    return cvk_sandbox_holds(&s) ? 0 : s.error ? s.error : 255;
}

START_TEST(it_holds)
{
    ck_assert_int_eq(in_child(state, false), 0);
}
END_TEST

static const struct {
    int option, answer, told;
} refusals[] = {
    {PR_SET_NO_NEW_PRIVS, -EINVAL, EINVAL},
    {PR_SET_SECCOMP, -EACCES, EACCES},
    {PR_GET_SECCOMP, 0, ENOSYS},
    {PR_GET_SECCOMP, -EINVAL, ENOSYS},
    {PR_GET_NO_NEW_PRIVS, 0, ENOSYS},
};

START_TEST(a_kernel_that_refuses_is_told)
{
    fake.refused = refusals[_i].option;
    fake.answer = refusals[_i].answer;
    ck_assert_int_eq(in_child(state, false), refusals[_i].told);
}
END_TEST

/* As in a container, which has its own. */
static int second_filter_refused(void)
{
    fake.refused = PR_SET_SECCOMP;
    fake.answer = -EINVAL;
    return state();
}

START_TEST(the_filter_of_others_does_not_count)
{
    ck_assert_int_eq(in_child(second_filter_refused, true), EINVAL);
}
END_TEST

static const struct {
    struct cvk_sandbox s;
    const char *text;
} texts[] = {
    {{.without = "built with sanitizers"}, "none: built with sanitizers"},
    {{.filter = true, .no_new_privileges = true, .no_cores = true},
     "seccomp=on landlock=none nnp=1 cores=off"},
    {{.filter = true, .no_new_privileges = true, .no_cores = true,
      .landlock = 7, .landlock_files = true, .landlock_tcp = true,
      .landlock_scope = true},
     "seccomp=on landlock=abi7(fs+tcp+scope) nnp=1 cores=off"},
    {{.filter = true, .no_new_privileges = true, .no_cores = true,
      .landlock = 4, .landlock_tcp = true},
     "seccomp=on landlock=abi4(tcp) nnp=1 cores=off"},
    {{.landlock = 1, .landlock_files = true, .sockets = 7},
     "seccomp=off landlock=abi1(fs) nnp=0 cores=on stdin=socket "
     "stdout=socket stderr=socket"},
};

START_TEST(it_is_described)
{
    char text[CVK_SANDBOX_TEXT];

    cvk_sandbox_describe(&texts[_i].s, text);
    ck_assert_str_eq(text, texts[_i].text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sandbox");
    TCase *calls = tcase_create("calls"), *told = tcase_create("told");

    tcase_add_checked_fixture(calls, set_up, NULL);
    tcase_add_loop_test(calls, calls_that_reach_outside_are_refused, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(calls, the_filter_is_what_refuses_them);
#if defined(__x86_64__) && !defined(__ILP32__)
    tcase_add_test(calls, calls_of_32_bits_are_refused);
    tcase_add_test(calls, calls_of_x32_are_refused);
#endif
    tcase_add_test(calls, threads_are_inside_too);
    tcase_add_test(calls, files_and_pipes_work);
    tcase_add_test(calls, no_core_is_dumped);
    tcase_add_test(calls, inherited_sockets_are_closed);
    tcase_add_test(calls, a_socket_as_standard_input_is_reported);
    tcase_add_test(calls, sockets_are_closed_without_a_listing);
    suite_add_tcase(suite, calls);

    tcase_add_checked_fixture(told, set_up, NULL);
    tcase_add_test(told, it_holds);
    tcase_add_loop_test(told, a_kernel_that_refuses_is_told, 0,
                        sizeof refusals / sizeof *refusals);
    tcase_add_test(told, the_filter_of_others_does_not_count);
    tcase_add_loop_test(told, it_is_described, 0,
                        sizeof texts / sizeof *texts);
    suite_add_tcase(suite, told);

    return run_suite(suite);
}
