/* SPDX-License-Identifier: MIT */
#include "os/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/seccomp.h"

/* linux/seccomp.h: what PR_GET_SECCOMP answers where a filter is in force. */
enum { FILTERED = 2 };

/* Descriptors that are tried where /proc cannot list them. */
enum { FIRST = 3, LAST = 1023 };

static bool is_socket(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

static void close_socket(int fd)
{
    if (fd >= FIRST && is_socket(fd))
        close(fd);
}

/* One piece of the listing of /proc/self/fd. On 64-bit systems the kernel's
 * entries are those of readdir(3). */
static void close_listed(int list, const char *p, size_t n)
{
    const struct dirent *e;

    for (size_t at = 0; at < n; at += e->d_reclen) {
        int fd;

        e = (const void *)(p + at);
        fd = atoi(e->d_name); /* "." and ".." give 0 */
        if (fd != list)
            close_socket(fd);
    }
}

static void close_sockets(void)
{
    _Alignas(struct dirent) char piece[2048];
    int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long n = -1;

    while (list >= 0 && (n = syscall(SYS_getdents64, list, piece,
                                     sizeof piece)) > 0)
        close_listed(list, piece, (size_t)n);
    if (list >= 0)
        close(list);
    for (int fd = FIRST; n < 0 && fd <= LAST; fd++)
        close_socket(fd);
}

/* A limit of 0 would not stop dumps to a pipe; 1 does, being what the kernel
 * gives to the program behind one (fs/coredump.c). Where it is forbidden the
 * other way is gone, which also hides what is opened from an unprivileged
 * strace(1). */
static bool forbid_cores(void)
{
    static const struct rlimit no_core = {1, 1};

    return setrlimit(RLIMIT_CORE, &no_core) == 0 ||
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

void cvk_sandbox_enter(struct cvk_sandbox *s)
{
    bool installed;

    *s = (struct cvk_sandbox){0};
    for (int fd = 0; fd < FIRST; fd++)
        s->sockets |= (unsigned)is_socket(fd) << fd;
    close_sockets();
    s->no_cores = forbid_cores();
    installed = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                cvk_seccomp_install();
    s->error = installed ? 0 : errno;
    s->no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    /* a filter that was there before, as in containers, is not ours */
    s->filter = installed && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == FILTERED;
    if (installed && !cvk_sandbox_holds(s))
        s->error = ENOSYS;
}

bool cvk_sandbox_holds(const struct cvk_sandbox *s)
{
    return s->filter && s->no_new_privileges;
}

static void describe_landlock(const struct cvk_sandbox *s, char *text,
                              size_t size)
{
    if (s->landlock)
        snprintf(text, size, "abi%d(%s%s%s%s)", s->landlock,
                 s->landlock_files ? "fs" : "",
                 s->landlock_files && s->landlock_tcp ? "+" : "",
                 s->landlock_tcp ? "tcp" : "",
                 s->landlock_scope ? "+scope" : "");
    else
        snprintf(text, size, "none");
}

void cvk_sandbox_describe(const struct cvk_sandbox *s,
                          char text[CVK_SANDBOX_TEXT])
{
    char landlock[32];

    if (s->without) {
        snprintf(text, CVK_SANDBOX_TEXT, "none: %s", s->without);
        return;
    }
    describe_landlock(s, landlock, sizeof landlock);
    snprintf(text, CVK_SANDBOX_TEXT,
             "seccomp=%s landlock=%s nnp=%d cores=%s%s%s%s",
             s->filter ? "on" : "off", landlock, s->no_new_privileges,
             s->no_cores ? "off" : "on", s->sockets & 1 ? " stdin=socket" : "",
             s->sockets & 2 ? " stdout=socket" : "",
             s->sockets & 4 ? " stderr=socket" : "");
}
