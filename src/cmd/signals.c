/* SPDX-License-Identifier: MIT */
#include "cmd/signals.h"

#include <signal.h>
#include <stddef.h>

/* Every thread looks at it; a handler may only touch what needs no lock. */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "int is not free of locks");
static atomic_int caught;

static void note(int signal_number)
{
    caught = signal_number;
}

const atomic_int *cvk_signals_catch(void)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = note,
                               .sa_flags = (int)SA_RESETHAND};

    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        struct sigaction old;

        /* nohup and shells' background jobs ignore some: keep that */
        if (sigaction(watched[i], NULL, &old) == 0 &&
            old.sa_handler != SIG_IGN)
            sigaction(watched[i], &action, NULL);
    }
    return &caught;
}

void cvk_signals_raise(void)
{
    if (!caught)
        return;
    signal((int)caught, SIG_DFL);
    raise((int)caught);
}
