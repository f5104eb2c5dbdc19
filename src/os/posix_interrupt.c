/* SPDX-License-Identifier: MIT */
#include "os/interrupt.h"

#include <signal.h>
#include <stddef.h>

void cvk_interrupt_watch(void (*note)(int number))
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
}

void cvk_interrupt_end(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}
