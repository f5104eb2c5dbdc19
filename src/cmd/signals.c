/* SPDX-License-Identifier: MIT */
#include "cmd/signals.h"

#include "os/interrupt.h"

/* Every thread looks at it; a handler may only touch what needs no lock. */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "int is not free of locks");
static atomic_int caught;

static void note(int signal_number)
{
    caught = signal_number;
}

const atomic_int *cvk_signals_catch(void)
{
    cvk_interrupt_watch(note);
    return &caught;
}

void cvk_signals_raise(void)
{
    if (caught)
        cvk_interrupt_end((int)caught);
}
