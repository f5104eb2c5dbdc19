/* SPDX-License-Identifier: MIT */
#include "engine/batch.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/item.h"
#include "engine/publisher.h"
#include "os/process.h"
#include "os/thread.h"

/* Descriptors for everything but staged files: streams, inputs, folders. */
enum { RESERVED_FILES = 128 };

/* The publisher is woken by so many inputs, or after so long. */
enum { WAKE = 32, WAIT_MS = 100 };

/* How long workers may take to come back once a signal came. */
enum { GRACE_MS = 2000 };

/* One input on its way from a worker to the publisher. */
enum slot_state { FREE, BUSY, PARTLY, DONE };

struct slot {
    enum slot_state state;
    struct cvk_result result;
    size_t number; /* of the input, from 0 */
};

struct run {
    const struct cvk_batch *b;
    struct cvk_publisher *publisher;
    struct cvk_blobs blobs;
    struct cvk_inputs inputs;
    struct cvk_file_id output; /* directory, if it was there before */

    /* Taken by whoever fetches the next input. */
    struct cvk_monitor feeding;
    struct cvk_feed feed;

    /* The ring of slots, and who waits for what. */
    struct cvk_monitor monitor;
    struct slot *ring;
    size_t size;
    size_t head;    /* number of the input that is published next */
    size_t next;    /* number of the input that is fetched next */
    size_t ready;   /* slots done since results were taken last */
    size_t unpublished; /* results the publisher has taken */
    bool hurried;   /* the one whose turn it is waits for these */
    bool ended;     /* there are no more inputs */
    bool abandoned; /* nobody takes results any more */
    enum cvk_code code;
    atomic_size_t staged; /* files that wait for their names */
    size_t max_staged;
    atomic_size_t bytes; /* of results that are not published */
};

struct worker {
    struct run *run;
    struct cvk_thread thread;
    struct cvk_extract *extract;
    struct cvk_stager stager;
    struct cvk_item item;
    struct slot *slot; /* NULL: without threads */
    size_t bytes;      /* counted of the result at hand */
};

/* ---- one input ---------------------------------------------------------- */

static void change(struct run *run)
{
    cvk_monitor_change(&run->monitor);
}

/* Descriptors or memory are short: what waits has to be published. */
static bool is_crowded(struct run *run)
{
    return atomic_load(&run->staged) >= run->max_staged ||
           atomic_load(&run->bytes) >= CVK_MAX_WAITING;
}

/* Counts what the result at hand holds. */
static void count_bytes(struct worker *w, const struct cvk_result *result)
{
    size_t bytes = cvk_result_cost(result);

    atomic_fetch_add(&w->run->bytes, bytes - w->bytes);
    w->bytes = bytes;
}

/* From now on the result, and what was counted of it, is the publisher's. */
static void hand_over(struct worker *w, struct cvk_result *result)
{
    count_bytes(w, result);
    result->counted = w->bytes;
    w->bytes = 0;
}

/* An input whose turn it is not yet waits until others have given back what
 * they hold. */
static void wait_for_room(void *context, const struct cvk_result *result)
{
    struct worker *w = context;
    struct run *run = w->run;

    count_bytes(w, result);
    if (!w->slot || !is_crowded(run))
        return;
    cvk_monitor_enter(&run->monitor);
    while (is_crowded(run) && w->slot->number != run->head && !run->abandoned)
        cvk_monitor_wait(&run->monitor, WAIT_MS);
    cvk_monitor_leave(&run->monitor);
}

static void take_blob(void *context, struct cvk_record *r,
                      struct cvk_outfile *f,
                      const struct cvk_blob_source *from,
                      struct cvk_slice blob, size_t total)
{
    struct worker *w = context;

    cvk_blob_stage(&w->stager, r, f, from, blob, total);
    if (f->fd >= 0)
        atomic_fetch_add(&w->run->staged, 1);
}

static bool publish(struct run *run)
{
    size_t staged = run->publisher->staged, bytes = run->publisher->bytes;
    bool ok = cvk_publisher_flush(run->publisher);

    atomic_fetch_sub(&run->staged, staged);
    atomic_fetch_sub(&run->bytes, bytes);
    return ok;
}

/* Without threads: the publisher takes the result at once. */
static void publish_from(struct worker *w, struct cvk_result *result)
{
    struct run *run = w->run;

    hand_over(w, result);
    cvk_publisher_take(run->publisher, result);
    if (cvk_publisher_full(run->publisher) && !publish(run))
        run->code = CVK_E_MEMORY;
}

/* The result of an archive's member: handed over, and the slot goes on. */
static bool deliver(void *context, struct cvk_result *result)
{
    struct worker *w = context;
    struct run *run = w->run;

    if (!w->slot) {
        publish_from(w, result);
        return !run->code;
    }
    hand_over(w, result);
    cvk_monitor_enter(&run->monitor);
    w->slot->state = PARTLY;
    change(run);
    while (w->slot->state == PARTLY && !run->abandoned)
        cvk_monitor_wait(&run->monitor, WAIT_MS);
    cvk_monitor_leave(&run->monitor);
    return !run->abandoned;
}

/* Waits until all inputs before this one are published. */
static void wait_for_turn(void *context)
{
    struct worker *w = context;
    struct run *run = w->run;

    if (!w->slot) {
        if (!publish(run))
            run->code = CVK_E_MEMORY;
        return;
    }
    cvk_monitor_enter(&run->monitor);
    while ((w->slot->number != run->head || run->unpublished) &&
           !run->abandoned) {
        if (w->slot->number == run->head) {
            run->hurried = true;
            change(run);
        }
        cvk_monitor_wait(&run->monitor, WAIT_MS);
    }
    cvk_monitor_leave(&run->monitor);
}

static bool extract(struct worker *w, struct cvk_result *result)
{
    struct cvk_extract_sink sink = {
        .context = w,
        .room = wait_for_room,
        .take = w->run->b->blobs ? take_blob : NULL,
        .deliver = deliver,
    };

    return cvk_item_extract(w->extract, &w->item, &sink, result);
}

static bool worker_init(struct worker *w, struct run *run)
{
    w->run = run;
    w->slot = NULL;
    w->bytes = 0;
    cvk_item_init(&w->item);
    cvk_stager_init(&w->stager, &run->blobs);
    w->stager.in_turn = wait_for_turn;
    w->stager.context = w;
    w->extract = cvk_extract_new(&run->b->options);
    return w->extract != NULL;
}

static void worker_clear(struct worker *w)
{
    cvk_item_clear(&w->item);
    cvk_stager_clear(&w->stager);
    cvk_extract_free(w->extract);
}

/* ---- without threads ---------------------------------------------------- */

static void run_alone(struct run *run)
{
    struct cvk_result result;
    struct worker w;
    bool ended = false;

    cvk_result_init(&result);
    if (!worker_init(&w, run))
        run->code = CVK_E_MEMORY;
    while (!run->code && !*run->b->options.cancel) {
        run->code = cvk_feed_next(&run->feed, &w.item, &ended);
        if (run->code || ended)
            break;
        if (extract(&w, &result))
            publish_from(&w, &result);
        else
            run->code = CVK_E_MEMORY;
        run->b->tick(run->b->context, run->publisher->summary,
                     run->publisher->total);
    }
    worker_clear(&w);
    cvk_result_clear(&result);
}

/* ---- workers ------------------------------------------------------------ */

static void end_feed(struct run *run, enum cvk_code code)
{
    run->ended = true;
    if (code && !run->code)
        run->code = code;
    change(run);
}

/* Waits for a free slot; NULL if there is nothing left to do. */
static struct slot *claim_slot(struct run *run)
{
    struct slot *slot = &run->ring[run->next % run->size];

    while (slot->state != FREE && !run->ended && !run->abandoned)
        cvk_monitor_wait(&run->monitor, WAIT_MS);
    if (run->ended || run->abandoned)
        return NULL;
    slot->state = BUSY;
    slot->number = run->next++;
    return slot;
}

/* Fetches the next input into w->item, and a slot for it. */
static bool fetch(struct worker *w)
{
    struct run *run = w->run;
    enum cvk_code code = CVK_OK;
    bool ended = *run->b->options.cancel != 0;

    cvk_monitor_enter(&run->feeding);
    if (!ended && !run->ended)
        code = cvk_feed_next(&run->feed, &w->item, &ended);
    cvk_monitor_enter(&run->monitor);
    if (code || ended)
        end_feed(run, code);
    w->slot = claim_slot(run);
    cvk_monitor_leave(&run->monitor);
    cvk_monitor_leave(&run->feeding);
    return w->slot != NULL;
}

static void *work(void *context)
{
    struct worker *w = context;
    struct run *run = w->run;

    while (fetch(w)) {
        bool ok;

        wait_for_room(w, &w->slot->result);
        ok = extract(w, &w->slot->result);
        if (!ok) /* half an input is none */
            cvk_result_clear(&w->slot->result);
        hand_over(w, &w->slot->result);
        cvk_monitor_enter(&run->monitor);
        if (!ok)
            end_feed(run, CVK_E_MEMORY);
        w->slot->state = DONE;
        if (++run->ready >= WAKE || run->ended || is_crowded(run))
            change(run);
        cvk_monitor_leave(&run->monitor);
    }
    return NULL;
}

/* ---- the thread that publishes ------------------------------------------ */

/* Takes what is next in order; inside the monitor. False if it is not there
 * yet. */
static bool take_next(struct run *run)
{
    struct slot *slot = &run->ring[run->head % run->size];

    if (slot->number != run->head ||
        (slot->state != DONE && slot->state != PARTLY))
        return false;
    if (slot->result.n) {
        cvk_publisher_take(run->publisher, &slot->result);
        run->unpublished++;
    }
    if (slot->state == PARTLY) {
        slot->state = BUSY;
    } else {
        slot->state = FREE;
        run->head++;
    }
    return true;
}

static void flush(struct run *run)
{
    bool ok;

    cvk_monitor_leave(&run->monitor);
    ok = publish(run);
    cvk_monitor_enter(&run->monitor);
    run->unpublished = 0;
    run->hurried = false;
    if (ok)
        change(run);
    else
        end_feed(run, CVK_E_MEMORY);
}

/* Nothing is ready: time to say how far it is, and to see whether somebody
 * wants to stop; *stopped is when that was seen. False if a worker does not
 * come back. */
static bool wait_a_while(struct run *run, uint64_t *stopped)
{
    /* others are waiting; while they were told much may have become ready */
    if (run->publisher->n && (is_crowded(run) || run->hurried))
        flush(run);
    else
        cvk_monitor_wait(&run->monitor, WAIT_MS);
    run->b->tick(run->b->context, run->publisher->summary,
                 run->publisher->total);
    if (!*run->b->options.cancel)
        return true;
    run->ended = true;
    if (!*stopped)
        *stopped = cvk_milliseconds();
    return cvk_milliseconds() - *stopped < GRACE_MS;
}

/* A worker does not come back. What the others have staged goes: it would stay
 * behind where it has a part file. Inside the monitor. */
static void abandon(struct run *run)
{
    run->abandoned = true;
    for (size_t i = 0; i < run->size; i++)
        if (run->ring[i].state == DONE || run->ring[i].state == PARTLY)
            cvk_result_clear(&run->ring[i].result);
}

/* Publishes until all is done, or no more can come. */
static void publish_all(struct run *run)
{
    uint64_t stopped = 0;

    cvk_monitor_enter(&run->monitor);
    while (!run->ended || run->head < run->next) {
        bool taken = false;

        run->ready = 0;
        while (!cvk_publisher_full(run->publisher) && take_next(run))
            taken = true;
        if (taken)
            change(run);
        if (cvk_publisher_full(run->publisher))
            flush(run);
        else if (!taken && !wait_a_while(run, &stopped))
            break;
    }
    if (run->head < run->next)
        abandon(run);
    change(run);
    cvk_monitor_leave(&run->monitor);
}

static bool ring_init(struct run *run, size_t size)
{
    run->size = size;
    run->ring = calloc(size, sizeof *run->ring);
    for (size_t i = 0; run->ring && i < size; i++)
        cvk_result_init(&run->ring[i].result);
    return run->ring != NULL;
}

static void ring_clear(struct run *run)
{
    for (size_t i = 0; run->ring && i < run->size; i++)
        cvk_result_clear(&run->ring[i].result);
    free(run->ring);
}

static void run_workers(struct run *run, size_t jobs)
{
    struct worker *workers = calloc(jobs, sizeof *workers);
    size_t started = 0, ready = 0;

    while (workers && ready < jobs && worker_init(&workers[ready], run))
        ready++;
    while (started < ready &&
           cvk_thread_start(&workers[started].thread, work, &workers[started]))
        started++;
    if (started)
        publish_all(run);
    if (run->abandoned)
        return; /* their memory stays theirs */
    for (size_t i = 0; i < started; i++)
        cvk_thread_join(&workers[i].thread);
    for (size_t i = 0; i < ready; i++)
        worker_clear(&workers[i]);
    free(workers);
    if (!started) /* the system has no thread to give */
        run_alone(run);
}

/* ---- all ---------------------------------------------------------------- */

/* What the run writes is not evidence. A directory that it made itself, at a
 * moment that differs from run to run, gets no record. */
static bool is_output(void *context, struct cvk_file_id id, bool *told)
{
    struct run *run = context;

    *told = !run->output.known;
    return run->output.known ? run->output.inode == id.inode &&
                                   run->output.device == id.device
                             : cvk_outtree_is_top(&run->blobs.tree, id);
}

static void take_inputs(struct run *run)
{
    const struct cvk_blob_options *blobs = run->b->blobs;

    run->inputs = run->b->inputs;
    if (!blobs || blobs->file)
        return;
    run->inputs.own = is_output;
    run->inputs.context = run;
    cvk_file_identify(blobs->dir, &run->output);
}

/* With --force the files that are read must not be replaced: all of them are
 * looked up first, since an early output could be a later input. */
static enum cvk_code survey(struct run *run)
{
    const struct cvk_batch *b = run->b;
    struct cvk_publisher *p = run->publisher;
    bool replace = b->blobs && b->blobs->replace;

    if (!replace && !b->survey)
        return CVK_OK;
    return cvk_feed_survey(&run->inputs, replace ? &p->kept.inputs : NULL,
                           &p->total);
}

/* How many files may wait for their names, by how many the system lets us
 * open; half of that for a document that is next and holds many. */
static size_t staged_limit(void)
{
    size_t files = cvk_raise_open_files();

    return files > 2 * RESERVED_FILES ? (files - RESERVED_FILES) / 2 : 2;
}

static bool set_up(struct run *run, struct cvk_summary *summary, size_t group)
{
    run->publisher = cvk_publisher_new(run->b, group, summary);
    return run->publisher &&
           (!run->b->blobs || cvk_blobs_init(&run->blobs, run->b->blobs));
}

static void clear(struct run *run)
{
    ring_clear(run);
    cvk_feed_clear(&run->feed);
    cvk_monitor_clear(&run->feeding);
    cvk_monitor_clear(&run->monitor);
    cvk_publisher_free(run->publisher);
    if (run->b->blobs)
        cvk_blobs_clear(&run->blobs);
    free(run);
}

static void run_inputs(struct run *run, size_t group)
{
    run->code = survey(run);
    if (run->code)
        return;
    if (run->b->jobs < 2 || group < 2 * run->b->jobs)
        run_alone(run);
    else if (ring_init(run, group))
        run_workers(run, run->b->jobs);
    else
        run->code = CVK_E_MEMORY;
    if (!cvk_publisher_flush(run->publisher))
        run->code = CVK_E_MEMORY;
}

enum cvk_code cvk_batch_run(const struct cvk_batch *b,
                            struct cvk_summary *summary)
{
    struct run *run = calloc(1, sizeof *run);
    enum cvk_code code;
    size_t group;

    *summary = (struct cvk_summary){0};
    if (!run)
        return CVK_E_MEMORY;
    run->b = b;
    run->max_staged = staged_limit();
    group = run->max_staged / 2 < CVK_MAX_GROUP ? run->max_staged / 2
                                                : CVK_MAX_GROUP;
    cvk_return_memory();
    cvk_monitor_init(&run->feeding);
    cvk_monitor_init(&run->monitor);
    take_inputs(run);
    cvk_feed_init(&run->feed, &run->inputs);
    if (set_up(run, summary, group))
        run_inputs(run, group);
    else
        run->code = CVK_E_MEMORY;
    code = run->code;
    /* a worker that waits for an input, in spite of a signal, still uses it:
     * the process is about to end */
    if (!run->abandoned)
        clear(run);
    return code;
}
