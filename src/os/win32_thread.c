/* SPDX-License-Identifier: MIT */
#include "os/thread.h"

#include <process.h>
#include <stdint.h>
#include <windows.h>

#include "base/limits.h"

_Static_assert(sizeof(SRWLOCK) == sizeof(void *) &&
                   sizeof(CONDITION_VARIABLE) == sizeof(void *),
               "struct cvk_monitor holds them in pointers");

size_t cvk_processors(void)
{
    DWORD_PTR ours, all;
    size_t n = 0;

    if (!GetProcessAffinityMask(GetCurrentProcess(), &ours, &all))
        return 1;
    for (; ours; ours &= ours - 1)
        n++;
    return n ? n : 1;
}

static unsigned __stdcall run(void *thread)
{
    struct cvk_thread *t = thread;

    t->work(t->context);
    return 0;
}

bool cvk_thread_start(struct cvk_thread *t, void *(*work)(void *),
                      void *context)
{
    t->work = work;
    t->context = context;
    /* the size is what may be used, not what is taken at once */
    t->id = (void *)_beginthreadex(NULL, CVK_THREAD_STACK, run, t,
                                   STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    return t->id != NULL;
}

void cvk_thread_join(struct cvk_thread *t)
{
    WaitForSingleObject(t->id, INFINITE);
    CloseHandle(t->id);
}

void cvk_monitor_init(struct cvk_monitor *m)
{
    InitializeSRWLock((SRWLOCK *)&m->lock);
    InitializeConditionVariable((CONDITION_VARIABLE *)&m->changed);
}

void cvk_monitor_clear(struct cvk_monitor *m)
{
    *m = (struct cvk_monitor){0}; /* the system keeps nothing of them */
}

void cvk_monitor_enter(struct cvk_monitor *m)
{
    AcquireSRWLockExclusive((SRWLOCK *)&m->lock);
}

void cvk_monitor_leave(struct cvk_monitor *m)
{
    ReleaseSRWLockExclusive((SRWLOCK *)&m->lock);
}

void cvk_monitor_wait(struct cvk_monitor *m, unsigned milliseconds)
{
    SleepConditionVariableSRW((CONDITION_VARIABLE *)&m->changed,
                              (SRWLOCK *)&m->lock, milliseconds, 0);
}

void cvk_monitor_change(struct cvk_monitor *m)
{
    WakeAllConditionVariable((CONDITION_VARIABLE *)&m->changed);
}
