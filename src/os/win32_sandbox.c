/* SPDX-License-Identifier: MIT */
/* Windows lets no process give up the network for itself alone: what is not
 * there is said, and --require-sandbox refuses to run. */
#include "os/sandbox.h"

#include <stdio.h>
#include <windows.h>

/* No window that waits for somebody, and no report with what memory holds. */
void cvk_sandbox_enter(struct cvk_sandbox *s)
{
    *s = (struct cvk_sandbox){
        .without = "Windows cannot take the network from a running program"};
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX |
                 SEM_NOOPENFILEERRORBOX);
    s->no_cores = GetErrorMode() & SEM_NOGPFAULTERRORBOX;
}

void cvk_sandbox_limit_writes(struct cvk_sandbox *s,
                              const struct cvk_write_place *places, size_t n)
{
    (void)places;
    (void)n;
    s->landlock_files = false;
}

bool cvk_sandbox_holds(const struct cvk_sandbox *s)
{
    return !s->without;
}

void cvk_sandbox_describe(const struct cvk_sandbox *s,
                          char text[CVK_SANDBOX_TEXT])
{
    snprintf(text, CVK_SANDBOX_TEXT, "none: %s", s->without);
}
