/* SPDX-License-Identifier: MIT */
/* What the tests of the sandbox share: a kernel that knows less when a test
 * asks for it, and children that are inside. */
#ifndef CVK_TESTS_SANDBOXED_H
#define CVK_TESTS_SANDBOXED_H

#include "os/sandbox.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* ---- a kernel that knows less ------------------------------------------- */

static struct {
    bool no_landlock, no_rules, no_listing, no_limits;
    size_t largest; /* ruleset that is taken, 0: any */
    int refused;    /* prctl option that fails, 0: none */
    int answer;     /* ... with this error, or this answer */
} fake;

static void *real(const char *name)
{
    void *p = dlsym(RTLD_NEXT, name);

    if (!p)
        abort();
    return p;
}

static long fails(int error)
{
    errno = error;
    return -1;
}

/* Stands before that of the C library. */
long syscall(long number, ...)
{
    long (*next)(long, ...);
    void *p = real("syscall");
    long a[6];
    va_list args;

    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    memcpy(&next, &p, sizeof next);
    if (fake.no_landlock && number == SYS_landlock_create_ruleset)
        return fails(ENOSYS);
    if (fake.largest && number == SYS_landlock_create_ruleset &&
        (size_t)a[1] > fake.largest)
        return fails(E2BIG);
    if (fake.no_rules && number == SYS_landlock_add_rule)
        return fails(ENOMEM);
    if (fake.no_listing && number == SYS_getdents64)
        return fails(ENOENT);
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int prctl(int option, ...)
{
    int (*next)(int, ...);
    void *p = real("prctl");
    unsigned long a[4];
    va_list args;

    va_start(args, option);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(args, unsigned long);
    va_end(args);
    memcpy(&next, &p, sizeof next);
    if (option == fake.refused)
        return fake.answer >= 0 ? fake.answer : (int)fails(-fake.answer);
    return next(option, a[0], a[1], a[2], a[3]);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    int (*next)(__rlimit_resource_t, const struct rlimit *);
    void *p = real("setrlimit");

    memcpy(&next, &p, sizeof next);
    return fake.no_limits && limit->rlim_max == 1 ? (int)fails(EPERM)
                                                  : next(resource, limit);
}

/* ---- children ----------------------------------------------------------- */

/* Of a build for coverage; what a child has counted is to be kept. */
extern void __gcov_dump(void) __attribute__((weak));

/* What probe returns in a child, sandboxed or not; -1 if it was killed. */
static inline int in_child(int (*probe)(void), bool sandboxed)
{
    struct cvk_sandbox s;
    int status;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (sandboxed)
            cvk_sandbox_enter(&s);
        status = probe();
        if (__gcov_dump)
            __gcov_dump();
        _exit(status);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int errno_of(long result)
{
    return result < 0 ? errno : 0;
}

#endif
