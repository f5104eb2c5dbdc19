/* SPDX-License-Identifier: MIT */
#include "engine/sweep.h"

#include <stdlib.h>
#include <string.h>

/* How long the thread that reports waits before it looks around. */
enum { WAIT_MS = 100 };

/* ---- one window --------------------------------------------------------- */

/* What a proof could not read matters wherever it lies: the window that it lies
 * in may have been read. */
static enum cvk_code read_image(void *context, uint64_t offset, uint8_t *p,
                                size_t n, size_t *got)
{
    const struct cvk_sweep_worker *w = context;

    return cvk_image_read(&w->run->image, offset, p, n, got, w->bad);
}

bool cvk_sweep_worker_init(struct cvk_sweep_worker *w, struct cvk_sweep *run)
{
    const struct cvk_carve *c = run->c;
    bool ok;

    w->run = run;
    cvk_buf_init(&w->bytes,
                 CVK_CARVE_WINDOW + 2 * CVK_SCAN_MARGIN + CVK_SCAN_SLACK);
    ok = cvk_scan_init(&w->scan, &c->options, c->partial, c->gzip);
    if (ok)
        w->scan.prover.extract->item = &run->item;
    return ok && cvk_buf_reserve(&w->bytes, w->bytes.max);
}

void cvk_sweep_worker_clear(struct cvk_sweep_worker *w)
{
    cvk_scan_clear(&w->scan);
    cvk_buf_clear(&w->bytes);
}

/* Reads the window [begin, end) with its margins. What cannot be read of those
 * is told of the windows they lie in. */
static enum cvk_code read_window(struct cvk_sweep_worker *w, uint64_t begin,
                                 uint64_t end, struct cvk_window *window)
{
    struct cvk_unreadable_list bad = {.v = w->ranges,
                                      .room = CVK_MAX_UNREADABLE};
    size_t got;
    enum cvk_code code = cvk_image_read(
        &w->run->image, window->base, w->bytes.p,
        (size_t)(end - window->base) + CVK_SCAN_MARGIN, &got, &bad);

    if (code)
        return code;
    if (begin < w->run->from)
        begin = w->run->from;
    cvk_unreadable_take(w->bad, &bad, begin,
                        end < w->run->to ? end : w->run->to);
    memset(w->bytes.p + got, 0, CVK_SCAN_SLACK);
    window->bytes = cvk_slice_of(w->bytes.p, got);
    window->to = (size_t)(end - window->base);
    return CVK_OK;
}

/* Reads and searches window number n. */
static void search(struct cvk_sweep_worker *w, uint64_t n,
                   struct cvk_sweep_slot *slot)
{
    struct cvk_sweep *run = w->run;
    uint64_t begin = n * CVK_CARVE_WINDOW, end = begin + CVK_CARVE_WINDOW;
    uint64_t base = begin ? begin - CVK_SCAN_MARGIN : 0;
    struct cvk_bytes from = {w, read_image};
    struct cvk_window window = {.from = (size_t)(begin - base), .base = base};

    slot->bad = (struct cvk_unreadable_list){.v = slot->ranges,
                                             .room = CVK_MAX_UNREADABLE};
    w->bad = &slot->bad;
    slot->sparse = 0;
    slot->notes = (struct cvk_prove_notes){0};
    if (end > run->image.size)
        end = run->image.size;
    if (cvk_image_data(&run->image, base) >= end + CVK_SCAN_MARGIN) {
        slot->sparse = end - begin;
        slot->code = CVK_OK;
        return;
    }
    slot->code = read_window(w, begin, end, &window);
    if (slot->code)
        return;
    slot->code = cvk_scan_window(&w->scan, &from, &window, &slot->hits);
    slot->notes = w->scan.prover.notes;
}

/* ---- reporting ---------------------------------------------------------- */

static void tick(struct cvk_sweep *run, uint64_t done)
{
    struct cvk_carve_progress progress = {
        .done = done > run->from ? done - run->from : 0,
        .total = run->image.stream ? 0 : run->to - run->from,
        .hits = run->harvest->found,
    };

    if (progress.total && progress.done > progress.total)
        progress.done = progress.total;
    run->c->tick(run->c->context, &progress);
}

/* Window number n was searched. */
void cvk_sweep_report(struct cvk_sweep *run, uint64_t n,
                      struct cvk_sweep_slot *slot)
{
    uint64_t begin = n * CVK_CARVE_WINDOW, end = begin + CVK_CARVE_WINDOW;

    if (slot->code) {
        run->code = slot->code;
        return;
    }
    cvk_unreadable_take(&run->bad, &slot->bad, 0, UINT64_MAX);
    if (begin >= run->from && begin < run->to) {
        run->sparse += slot->sparse;
        run->cut += slot->notes.cut;
        run->cut_first |= slot->notes.cut_first;
    }
    run->crowded += slot->notes.crowded;
    if (!cvk_harvest_take(run->harvest, &slot->hits,
                          end > CVK_SWEEP_LEAD ? end - CVK_SWEEP_LEAD : 0))
        run->code = CVK_E_MEMORY;
    tick(run, end);
}

/* ---- without threads ---------------------------------------------------- */

static void run_alone(struct cvk_sweep *run)
{
    struct cvk_sweep_slot *slot = calloc(1, sizeof *slot);
    struct cvk_sweep_worker w = {0};
    bool ok = cvk_sweep_worker_init(&w, run) && slot;

    if (!ok)
        run->code = CVK_E_MEMORY;
    for (uint64_t n = run->head; ok && n < run->end && !run->code; n++) {
        if (*run->c->options.cancel)
            break;
        search(&w, n, slot);
        cvk_sweep_report(run, n, slot);
    }
    if (slot)
        cvk_hits_clear(&slot->hits);
    free(slot);
    cvk_sweep_worker_clear(&w);
}

/* ---- with threads ------------------------------------------------------- */

/* Has so much been found that the one who reports has to catch up? Never for
 * the window that is to be reported next. */
static bool is_crowded(const struct cvk_sweep *run)
{
    return run->held > run->c->jobs * CVK_MAX_CARVE_HELD &&
           run->next != run->head;
}

static void *work(void *context)
{
    struct cvk_sweep_worker *w = context;
    struct cvk_sweep *run = w->run;

    cvk_monitor_enter(&run->monitor);
    while (!run->stopped && run->next < run->end) {
        struct cvk_sweep_slot *slot = &run->ring[run->next % run->size];
        uint64_t n = run->next;

        if (slot->state != CVK_SWEEP_FREE || is_crowded(run)) {
            cvk_monitor_wait(&run->monitor, WAIT_MS);
            continue;
        }
        slot->state = CVK_SWEEP_BUSY;
        run->next++;
        cvk_monitor_leave(&run->monitor);
        search(w, n, slot);
        cvk_monitor_enter(&run->monitor);
        slot->state = CVK_SWEEP_DONE;
        run->held += slot->hits.cost;
        if (n == run->head)
            cvk_monitor_change(&run->monitor);
    }
    cvk_monitor_leave(&run->monitor);
    return NULL;
}

/* Reports windows in their order, until all are done or it has to end. */
static void report_all(struct cvk_sweep *run)
{
    cvk_monitor_enter(&run->monitor);
    while (run->head < run->end && !run->code && !*run->c->options.cancel) {
        struct cvk_sweep_slot *slot = &run->ring[run->head % run->size];

        if (slot->state != CVK_SWEEP_DONE) {
            cvk_monitor_wait(&run->monitor, WAIT_MS);
            continue;
        }
        run->held -= slot->hits.cost;
        cvk_monitor_leave(&run->monitor);
        cvk_sweep_report(run, run->head, slot);
        cvk_monitor_enter(&run->monitor);
        slot->state = CVK_SWEEP_FREE;
        run->head++;
        cvk_monitor_change(&run->monitor);
    }
    run->stopped = true;
    cvk_monitor_change(&run->monitor);
    cvk_monitor_leave(&run->monitor);
}

/* Frees what run_workers has set up; the threads have ended. */
static void clear_workers(struct cvk_sweep *run,
                          struct cvk_sweep_worker *workers, size_t n)
{
    for (size_t i = 0; workers && i < n; i++)
        cvk_sweep_worker_clear(&workers[i]);
    free(workers);
    for (size_t i = 0; run->ring && i < run->size; i++)
        cvk_hits_clear(&run->ring[i].hits);
    free(run->ring);
    cvk_monitor_clear(&run->monitor);
}

static void run_workers(struct cvk_sweep *run, size_t jobs)
{
    struct cvk_sweep_worker *workers = calloc(jobs, sizeof *workers);
    size_t started = 0, ready = 0;

    run->size = 2 * jobs + 2;
    run->ring = calloc(run->size, sizeof *run->ring);
    cvk_monitor_init(&run->monitor);
    while (workers && run->ring && ready < jobs &&
           cvk_sweep_worker_init(&workers[ready], run))
        ready++;
    while (started < ready &&
           cvk_thread_start(&workers[started].thread, work, &workers[started]))
        started++;
    if (started)
        report_all(run);
    for (size_t i = 0; i < started; i++)
        cvk_thread_join(&workers[i].thread);
    /* the one that could not be set up has something, too */
    clear_workers(run, workers, ready < jobs ? ready + 1 : jobs);
    if (!started) /* the system has no thread, or memory, to give */
        run_alone(run);
}

/* ---- all ---------------------------------------------------------------- */

/* The windows in which something can lie that begins in the part. */
static void choose_windows(struct cvk_sweep *run)
{
    uint64_t first =
        run->from > CVK_SWEEP_LONGEST ? run->from - CVK_SWEEP_LONGEST : 0;
    uint64_t last = run->to + CVK_SWEEP_LEAD;

    if (!run->image.stream && last > run->image.size)
        last = run->image.size;
    run->head = run->next = first / CVK_CARVE_WINDOW;
    run->end = (last + CVK_CARVE_WINDOW - 1) / CVK_CARVE_WINDOW;
}

void cvk_sweep_run(struct cvk_sweep *run)
{
    choose_windows(run);
    if (run->c->jobs < 2 || run->end - run->head < 2)
        run_alone(run);
    else
        run_workers(run, run->c->jobs);
}
