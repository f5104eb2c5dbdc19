/* SPDX-License-Identifier: MIT */
#include "engine/carve.h"

#include <string.h>

#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/printer.h"
#include "cmd/signals.h"
#include "os/thread.h"

const char *cvk_carve_verify(const struct cvk_options *o)
{
    int from_stdin = 0;

    if (o->n_inputs == 0)
        return "no IMAGE is named";
    for (int i = 0; i < o->n_inputs; i++) {
        from_stdin += strcmp(o->inputs[i], "-") == 0;
        if (!*o->inputs[i])
            return "an IMAGE has an empty name";
    }
    if (from_stdin > 1)
        return "standard input can be read only once";
    if (o->n_inputs > 1 && (o->offset || o->length))
        return "--offset and --length take exactly one IMAGE";
    return o->n_notes && !o->manifest
               ? "--note belongs to a manifest: add --manifest"
               : NULL;
}

static void emit(void *context, const struct cvk_result *result)
{
    cvk_printer_result(context, result);
}

static void tick(void *context, const struct cvk_carve_progress *progress)
{
    struct cvk_printer *p = context;

    cvk_progress_bytes(&p->progress, progress->done, progress->total,
                       progress->hits);
}

static void run(const struct cvk_options *o, const struct cvk_carve *carve,
                struct cvk_printer *p)
{
    bool cancelled;
    struct cvk_summary summary;
    uint64_t found;
    enum cvk_code code = cvk_carve_run(carve, &summary, &found);

    cancelled = *carve->options.cancel != 0;
    if (code) {
        cvk_progress_hide(&p->progress);
        cvk_error(code, "not enough memory");
        cvk_printer_raise(p, CVK_EXIT_SYSTEM);
    } else if (!cancelled && !found && !p->out.status) {
        cvk_progress_hide(&p->progress);
        cvk_error(CVK_E_INPUT_NONE, "no key backup was found in %s",
                  o->n_inputs == 1 ? o->inputs[0] : "the images");
        cvk_printer_raise(p, CVK_EXIT_REFUSED);
    }
    cvk_printer_finish(p, &summary, !code && !cancelled);
}

int cvk_carve_run_command(const struct cvk_options *o)
{
    struct cvk_blob_options blobs = {
        .dir = o->output_dir ? o->output_dir : ".",
        .replace = o->force,
        .resume = o->resume,
        .sync = !o->no_sync,
    };
    struct cvk_printer p;
    struct cvk_carve carve = {
        .options = {.type = CVK_RECORD_CARVE,
                    .strict = o->strict,
                    .cross_check = !o->no_cross_check,
                    .cancel = cvk_signals_catch()},
        .blobs = &blobs,
        .paths = o->inputs,
        .n_paths = (size_t)o->n_inputs,
        .offset = o->offset,
        .length = o->length,
        .has_length = o->length > 0,
        .partial = o->partial,
        .gzip = !o->no_gzip,
        .jobs = o->jobs ? o->jobs : cvk_processors(),
        .context = &p,
        .emit = emit,
        .tick = tick,
    };

    if (cvk_printer_init(&p, o, &blobs))
        run(o, &carve, &p);
    cvk_printer_clear(&p);
    cvk_signals_raise();
    return p.out.status;
}
