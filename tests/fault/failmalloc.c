/* SPDX-License-Identifier: MIT */
/* A preload that fails the FAIL_AT-th request for memory the program makes
 * from main() until exit(), and with FAIL_ON=1 every later one, too. The file
 * FAIL_LOG is empty unless there was such a request. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

static long requests, fail_at;
static int started, told, fail_on, log_fd = -1;

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("FAIL_AT"), *on = getenv("FAIL_ON");
    const char *log = getenv("FAIL_LOG");

    fail_at = at ? atol(at) : 0;
    fail_on = on && *on == '1';
    /* before the sandbox, which lets no file be made later */
    if (log)
        log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    started = 1;
}

/* What runs at the end stores the counters of a build for coverage. */
static void stop(void)
{
    started = 0;
}

static int fails(void)
{
    if (!started || fail_at == 0)
        return 0;
    /* not sooner: handlers run in the reverse order */
    if (!told) {
        told = 1;
        atexit(stop);
    }
    requests++;
    if (requests != fail_at && !(fail_on && requests > fail_at))
        return 0;
    if (requests == fail_at && log_fd >= 0 && write(log_fd, "x", 1) != 1)
        abort();
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}
