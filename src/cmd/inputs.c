/* SPDX-License-Identifier: MIT */
#include "cmd/inputs.h"

#include <string.h>

#include "cmd/message.h"
#include "cmd/printer.h"
#include "cmd/signals.h"
#include "engine/batch.h"
#include "os/infile.h"
#include "os/path.h"
#include "os/thread.h"

const char *cvk_inputs_verify(const struct cvk_options *o)
{
    int from_stdin = o->files0_from && strcmp(o->files0_from, "-") == 0;

    if (o->n_inputs == 0 && !o->files0_from)
        return "no INPUT is named";
    for (int i = 0; i < o->n_inputs; i++) {
        from_stdin += strcmp(o->inputs[i], "-") == 0;
        if (!*o->inputs[i])
            return "an INPUT has an empty name";
    }
    return from_stdin > 1 ? "standard input can be read only once" : NULL;
}

/* Reads the list of names; a message tells what is wrong with it. */
static int read_list(const struct cvk_options *o,
                     const atomic_int *cancel, struct cvk_buf *list)
{
    const char *from = o->files0_from;
    struct cvk_location at = {.path = strcmp(from, "-") ? from : NULL};
    struct cvk_infile f;
    enum cvk_code code = cvk_infile_open(&f, &at, cancel);

    if (!code)
        code = cvk_infile_load(&f, CVK_MAX_LIST, 0, list);
    cvk_infile_close(&f);
    if (code) {
        cvk_error(code, "%s: the list of names cannot be read%s%s", from,
                  f.error ? ": " : "", f.error ? strerror(f.error) : "");
        return cvk_exit_status(code);
    }
    /* the last name may lack its NUL; behind the bytes read one stands */
    if (list->n && list->p[list->n - 1])
        list->n++;
    for (size_t i = 0; i < list->n; i++) {
        if (i && list->p[i - 1])
            continue;
        if (!list->p[i]) {
            cvk_usage_error("extract", "%s: the list holds an empty name",
                            from);
            return CVK_EXIT_USAGE;
        }
        cvk_path_spell((char *)list->p + i);
    }
    return CVK_EXIT_OK;
}

static void emit(void *context, const struct cvk_result *result)
{
    cvk_printer_result(context, result);
}

static void tick(void *context, const struct cvk_summary *so_far,
                 uint64_t total)
{
    struct cvk_printer *p = context;

    cvk_progress_show(&p->progress, so_far, total);
}

/* One thread will do for one file, and one file is to be written in order. */
static size_t choose_jobs(const struct cvk_options *o)
{
    bool single = o->n_inputs == 1 && !o->files0_from;

    if (o->output || (single && !cvk_infile_is_directory(o->inputs[0])))
        return 1;
    return o->jobs ? o->jobs : cvk_processors();
}

static void run(const struct cvk_options *o, struct cvk_batch *batch,
                struct cvk_printer *p)
{
    struct cvk_summary summary;
    enum cvk_code code = cvk_batch_run(batch, &summary);

    if (code) {
        cvk_error(code, code == CVK_E_MEMORY ? "not enough memory"
                                             : "an input cannot be looked up");
        cvk_printer_raise(p, CVK_EXIT_SYSTEM);
    } else if (!*batch->options.cancel &&
               !(summary.ok + summary.refused + summary.errors)) {
        cvk_progress_hide(&p->progress);
        cvk_error(CVK_E_INPUT_NONE, "no config was found in %s",
                  o->n_inputs == 1 && !o->files0_from ? o->inputs[0]
                                                      : "the inputs");
        cvk_printer_raise(p, CVK_EXIT_REFUSED);
    }
    cvk_printer_finish(p, &summary, !code && !*batch->options.cancel);
}

int cvk_inputs_run(const struct cvk_options *o, enum cvk_record_type type,
                   const struct cvk_blob_options *blobs)
{
    const atomic_int *cancel = cvk_signals_catch();
    struct cvk_printer p;
    struct cvk_buf list;
    struct cvk_batch batch = {
        .options = {.type = type,
                    .strict = o->strict,
                    .allow_unknown_format = o->allow_unknown_format,
                    .cross_check = !o->no_cross_check,
                    .max_input_size = o->max_input_size,
                    .cancel = cancel},
        .blobs = blobs,
        .inputs = {.paths = o->inputs,
                   .n_paths = (size_t)o->n_inputs,
                   .parents = o->parents},
        .jobs = choose_jobs(o),
        .context = &p,
        .emit = emit,
        .tick = tick,
    };
    int status = CVK_EXIT_OK;

    cvk_buf_init(&list, CVK_MAX_LIST + 1);
    if (o->files0_from)
        status = read_list(o, cancel, &list);
    batch.inputs.list = cvk_buf_slice(&list);
    if (!status && cvk_printer_init(&p, o, blobs)) {
        batch.survey = p.progress.on;
        run(o, &batch, &p);
    }
    if (!status) {
        status = p.out.status;
        cvk_printer_clear(&p);
    }
    cvk_buf_clear(&list);
    cvk_signals_raise();
    return status;
}
