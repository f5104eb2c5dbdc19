/* SPDX-License-Identifier: MIT */
/* All windows of the wanted part of an image, searched, and what they hold
 * handed to the harvest in their order. */
#ifndef CVK_ENGINE_SWEEP_H
#define CVK_ENGINE_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/carve.h"
#include "engine/harvest.h"
#include "engine/scan.h"
#include "os/image.h"
#include "os/thread.h"

/* A hit may begin so many bytes before the word that betrays it. */
#define CVK_SWEEP_LEAD (2 * (uint64_t)CVK_MAX_CARVE_LEAD + CVK_SCAN_MARGIN)

/* And end so many bytes behind its beginning, as UTF-16. */
#define CVK_SWEEP_LONGEST (2 * (uint64_t)CVK_MAX_CARVE_TEXT + CVK_SWEEP_LEAD)

enum cvk_sweep_state { CVK_SWEEP_FREE, CVK_SWEEP_BUSY, CVK_SWEEP_DONE };

/* A window on its way from a worker to the thread that reports. */
struct cvk_sweep_slot {
    enum cvk_sweep_state state;
    struct cvk_hits hits;
    struct cvk_unreadable ranges[CVK_MAX_UNREADABLE];
    struct cvk_unreadable_list bad;
    uint64_t sparse; /* bytes that lie in a hole */
    struct cvk_prove_notes notes;
    enum cvk_code code;
};

/* One image. The caller sets the first part. */
struct cvk_sweep {
    const struct cvk_carve *c;
    struct cvk_harvest *harvest;
    struct cvk_image image;
    struct cvk_item item; /* its name */
    uint64_t from, to;    /* hits that begin there count */

    /* What came of it. */
    enum cvk_code code;
    const char *what; /* code is CVK_E_IMAGE_*: what the image is in words */
    struct cvk_unreadable ranges[CVK_MAX_UNREADABLE];
    struct cvk_unreadable_list bad;
    uint64_t sparse;  /* bytes in holes */
    uint64_t crowded; /* windows */
    uint64_t cut;     /* gzip streams that were not read whole */
    bool cut_first;   /* the image begins as one */

    /* Private. The ring of slots; window n is in slot n % size. */
    struct cvk_monitor monitor;
    struct cvk_sweep_slot *ring;
    size_t size;
    uint64_t head, next, end; /* windows: to be reported, to be read, all */
    size_t held;  /* bytes of what waits to be reported */
    bool stopped;
};

/* Working memory of one thread. */
struct cvk_sweep_worker {
    struct cvk_sweep *run;
    struct cvk_thread thread;
    struct cvk_scan scan;
    struct cvk_buf bytes;
    struct cvk_unreadable ranges[CVK_MAX_UNREADABLE]; /* of one read */
    struct cvk_unreadable_list *bad; /* of the window at hand */
};

/* Searches, by as many threads as the options say. */
void cvk_sweep_run(struct cvk_sweep *run);

/* The same from front to back; the image's size is known then. */
void cvk_sweep_stream(struct cvk_sweep *run);

/* For both: a worker, and what becomes of a window that was searched. */
bool cvk_sweep_worker_init(struct cvk_sweep_worker *w, struct cvk_sweep *run);
void cvk_sweep_worker_clear(struct cvk_sweep_worker *w);
void cvk_sweep_report(struct cvk_sweep *run, uint64_t n,
                      struct cvk_sweep_slot *slot);

#endif
