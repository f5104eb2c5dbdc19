/* SPDX-License-Identifier: MIT */
#include "os/thread.h"

#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <time.h>

#include "base/limits.h"

size_t cvk_processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return CPU_COUNT(&set) > 0 ? (size_t)CPU_COUNT(&set) : 1;
}

/* Workers keep what they have: a heap for each, as glibc gives them, would only
 * grow by a system call for every few pages. */
static void share_heap(void)
{
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
#endif
}

bool cvk_thread_start(struct cvk_thread *t, void *(*work)(void *),
                      void *context)
{
    pthread_attr_t attr;
    bool ok;

    share_heap();
    if (pthread_attr_init(&attr) != 0)
        return false;
    ok = pthread_attr_setstacksize(&attr, CVK_THREAD_STACK) == 0 &&
         pthread_create(&t->id, &attr, work, context) == 0;
    pthread_attr_destroy(&attr);
    return ok;
}

void cvk_thread_join(struct cvk_thread *t)
{
    pthread_join(t->id, NULL);
}

void cvk_monitor_init(struct cvk_monitor *m)
{
    pthread_mutexattr_t lock;
    pthread_condattr_t attr;

    pthread_mutexattr_init(&lock);
#ifdef PTHREAD_MUTEX_ADAPTIVE_NP
    /* locks are held for a microsecond: cheaper to spin than to sleep */
    pthread_mutexattr_settype(&lock, PTHREAD_MUTEX_ADAPTIVE_NP);
#endif
    pthread_mutex_init(&m->lock, &lock);
    pthread_mutexattr_destroy(&lock);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&m->changed, &attr);
    pthread_condattr_destroy(&attr);
}

void cvk_monitor_clear(struct cvk_monitor *m)
{
    pthread_cond_destroy(&m->changed);
    pthread_mutex_destroy(&m->lock);
}

void cvk_monitor_enter(struct cvk_monitor *m)
{
    pthread_mutex_lock(&m->lock);
}

void cvk_monitor_leave(struct cvk_monitor *m)
{
    pthread_mutex_unlock(&m->lock);
}

void cvk_monitor_wait(struct cvk_monitor *m, unsigned milliseconds)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&m->changed, &m->lock, &until);
}

void cvk_monitor_change(struct cvk_monitor *m)
{
    pthread_cond_broadcast(&m->changed);
}
