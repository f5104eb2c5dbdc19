/* SPDX-License-Identifier: MIT */
#include "os/process.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/utsname.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

/* More than any run needs; some systems allow a billion. */
enum { ENOUGH_FILES = 4096 };

size_t cvk_raise_open_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256; /* the least that POSIX systems have */
    if (limit.rlim_cur < ENOUGH_FILES && limit.rlim_cur < limit.rlim_max) {
        rlim_t old = limit.rlim_cur;

        limit.rlim_cur =
            limit.rlim_max < ENOUGH_FILES ? limit.rlim_max : ENOUGH_FILES;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            limit.rlim_cur = old;
    }
    return limit.rlim_cur < ENOUGH_FILES ? (size_t)limit.rlim_cur
                                         : ENOUGH_FILES;
}

void cvk_return_memory(void)
{
#ifdef __GLIBC__
    /* left alone, each thread keeps pieces of up to 32 MiB, mallopt(3) */
    mallopt(M_MMAP_THRESHOLD, CVK_LARGE_PIECE);
#endif
}

char **cvk_arguments(int *argc, char **argv)
{
    (void)argc;
    return argv;
}

/* Whatever has become of its name. */
const char *cvk_own_file(char *room, size_t size)
{
    (void)room;
    (void)size;
    return "/proc/self/exe";
}

void cvk_host_name(char *name, size_t size)
{
    struct utsname u;

    snprintf(name, size, "%s", uname(&u) == 0 ? u.nodename : "");
}

uint64_t cvk_user_id(void)
{
    return (uint64_t)getuid();
}

void cvk_clock(int64_t *seconds, uint32_t *ns)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    *seconds = now.tv_sec;
    *ns = (uint32_t)now.tv_nsec;
}

uint64_t cvk_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
