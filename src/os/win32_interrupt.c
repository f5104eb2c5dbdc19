/* SPDX-License-Identifier: MIT */
#include "os/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <windows.h>

/* The C library calls note once, in a thread of its own: for Ctrl-C, and as
 * SIGBREAK for Ctrl-Break, the closed window and the end of the session. */
void cvk_interrupt_watch(void (*note)(int number))
{
    static const int watched[] = {SIGINT, SIGBREAK, SIGTERM};

    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
        if (signal(watched[i], note) == SIG_IGN)
            signal(watched[i], SIG_IGN);
}

void cvk_interrupt_end(int number)
{
    (void)number;
    ExitProcess((UINT)STATUS_CONTROL_C_EXIT);
}
