/* SPDX-License-Identifier: MIT */
#include "cmd/progress.h"

#include <stdio.h>

#include "os/process.h"
#include "os/terminal.h"

enum { EVERY_MS = 100, FIRST_MS = 500 };

void cvk_progress_start(struct cvk_progress *p, enum cvk_progress_mode mode)
{
    *p = (struct cvk_progress){
        .on = mode == CVK_PROGRESS_ALWAYS ||
              (mode == CVK_PROGRESS_AUTO && cvk_is_terminal(CVK_STDERR)),
    };
    p->started = cvk_milliseconds();
    /* what is done at once needs no line */
    if (mode == CVK_PROGRESS_AUTO)
        p->last = p->started + FIRST_MS - EVERY_MS;
}

static void print_left(uint64_t done, uint64_t total, uint64_t ms)
{
    uint64_t left = (total - done) * ms / done / 1000;

    fprintf(stderr, ", %llu:%02llu left", (unsigned long long)(left / 60),
            (unsigned long long)(left % 60));
}

void cvk_progress_show(struct cvk_progress *p, const struct cvk_summary *so_far,
                       uint64_t total)
{
    uint64_t now, ms, done = so_far->inputs;

    if (!p->on)
        return;
    now = cvk_milliseconds();
    if (now < p->last + EVERY_MS)
        return;
    p->last = now;
    ms = now - p->started;
    fprintf(stderr, "\r\033[K%llu", (unsigned long long)done);
    if (total >= done && total)
        fprintf(stderr, " of %llu", (unsigned long long)total);
    fprintf(stderr, " inputs, %llu/s",
            (unsigned long long)(ms ? done * 1000 / ms : 0));
    if (so_far->refused + so_far->errors)
        fprintf(stderr, ", %llu refused",
                (unsigned long long)(so_far->refused + so_far->errors));
    if (done && total > done)
        print_left(done, total, ms);
    fflush(stderr);
    p->shown = true;
}

void cvk_progress_bytes(struct cvk_progress *p, uint64_t done, uint64_t total,
                        uint64_t found)
{
    enum { MIB = 1 << 20 };
    uint64_t now, ms;

    if (!p->on)
        return;
    now = cvk_milliseconds();
    if (now < p->last + EVERY_MS)
        return;
    p->last = now;
    ms = now - p->started;
    fprintf(stderr, "\r\033[K%llu", (unsigned long long)(done / MIB));
    if (total)
        fprintf(stderr, " of %llu", (unsigned long long)(total / MIB));
    fprintf(stderr, " MiB, %llu MiB/s, %llu found",
            (unsigned long long)(ms ? done / MIB * 1000 / ms : 0),
            (unsigned long long)found);
    if (done / MIB && total > done)
        print_left(done / MIB, total / MIB, ms);
    fflush(stderr);
    p->shown = true;
}

void cvk_progress_hide(struct cvk_progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
