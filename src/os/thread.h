/* SPDX-License-Identifier: MIT */
/* Threads, and the lock and signal they work together by. */
#ifndef CVK_OS_THREAD_H
#define CVK_OS_THREAD_H

#ifndef _WIN32
#include <pthread.h>
#endif
#include <stdbool.h>
#include <stddef.h>

#ifdef _WIN32
struct cvk_thread {
    void *id; /* HANDLE */
    void *(*work)(void *);
    void *context;
};

/* A lock and a condition that all its waiters look at: SRWLOCK and
 * CONDITION_VARIABLE, which are a pointer each. */
struct cvk_monitor {
    void *lock, *changed;
};
#else
struct cvk_thread {
    pthread_t id;
};

/* A lock and a condition that all its waiters look at. */
struct cvk_monitor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};
#endif

/* How many processors this process may use, at least 1. */
size_t cvk_processors(void);

/* Runs work(context) in a new thread with a stack of CVK_THREAD_STACK bytes.
 * False when the system has none left. t must not move until it is joined. */
bool cvk_thread_start(struct cvk_thread *t, void *(*work)(void *),
                      void *context);
void cvk_thread_join(struct cvk_thread *t);

void cvk_monitor_init(struct cvk_monitor *m);
void cvk_monitor_clear(struct cvk_monitor *m);
void cvk_monitor_enter(struct cvk_monitor *m);
void cvk_monitor_leave(struct cvk_monitor *m);

/* Waits, inside the monitor, for a change or for so many milliseconds. */
void cvk_monitor_wait(struct cvk_monitor *m, unsigned milliseconds);

/* Wakes all who wait. */
void cvk_monitor_change(struct cvk_monitor *m);

#endif
