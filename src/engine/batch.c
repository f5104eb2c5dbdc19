/* SPDX-License-Identifier: MIT */
#include "engine/batch.h"

#include <stdlib.h>
#include <string.h>

/* What the loop needs besides the batch. */
struct run {
    const struct cvk_batch *b;
    struct cvk_extract *extract;
    struct cvk_blobs *blobs; /* NULL: nothing is written */
    struct cvk_kept kept;    /* with --force: files not to be replaced */
    struct cvk_result result;
    struct cvk_summary *summary;
};

/* The worst status of an input's records is the input's. */
static void count(struct cvk_summary *s, const struct cvk_result *result)
{
    enum cvk_status worst = CVK_STATUS_OK;

    for (size_t i = 0; i < result->n; i++) {
        const struct cvk_record *r = &result->records[i];

        if (r->status > worst)
            worst = r->status;
        if (r->blob.written) {
            s->blobs++;
            s->bytes_out += r->backup.size;
        }
    }
    s->inputs++;
    s->ok += worst == CVK_STATUS_OK;
    s->refused += worst == CVK_STATUS_REFUSED;
    s->errors += worst == CVK_STATUS_ERROR;
    s->bytes_in += result->records[0].input.size;
}

static void take_blob(void *context, struct cvk_record *r,
                      struct cvk_slice blob, size_t ordinal, size_t total)
{
    cvk_blobs_stage(context, r, blob, ordinal, total);
}

static bool run_one(struct run *run, const char *path)
{
    struct cvk_extract_sink sink = {run->blobs, take_blob};
    bool done = cvk_extract_one(run->extract, path,
                                run->blobs ? &sink : NULL, &run->result);

    if (!done)
        return false;
    /* what was opened counts, whatever its name led to before */
    if (run->blobs && run->b->blobs->replace && run->result.input.known &&
        !cvk_fileset_add(&run->kept.inputs, run->result.input))
        return false;
    if (run->blobs)
        cvk_blobs_publish(run->blobs);
    for (size_t i = 0; i < run->result.n; i++) {
        struct cvk_record *r = &run->result.records[i];

        cvk_findings_close(&r->findings, &r->text);
    }
    count(run->summary, &run->result);
    run->b->emit(run->b->context, &run->result);
    return true;
}

static enum cvk_code run_all(struct run *run)
{
    for (size_t i = 0; i < run->b->n_paths; i++) {
        if (*run->b->options.cancel)
            break;
        if (!run_one(run, run->b->paths[i]))
            return CVK_E_MEMORY;
    }
    return CVK_OK;
}

/* With --force the files that are read must not be replaced: all of them are
 * looked up first, since an early output could be a later input. */
static enum cvk_code identify_inputs(const struct cvk_batch *b,
                                     struct cvk_fileset *inputs)
{
    for (size_t i = 0; i < b->n_paths; i++) {
        bool from_stdin = strcmp(b->paths[i], "-") == 0;
        struct cvk_file_id id;

        if (!cvk_file_identify(from_stdin ? NULL : b->paths[i], &id))
            return CVK_E_IO_READ;
        if (id.known && !cvk_fileset_add(inputs, id))
            return CVK_E_MEMORY;
    }
    return CVK_OK;
}

static enum cvk_code run_with_blobs(struct run *run)
{
    const struct cvk_batch *b = run->b;
    enum cvk_code code = CVK_OK;

    cvk_fileset_init(&run->kept.inputs);
    cvk_fileset_init(&run->kept.outputs);
    if (b->blobs->replace)
        code = identify_inputs(b, &run->kept.inputs);
    run->blobs = malloc(sizeof *run->blobs);
    if (!run->blobs)
        code = CVK_E_MEMORY;
    if (!code) {
        cvk_blobs_init(run->blobs, b->blobs, &run->kept);
        code = run_all(run);
        cvk_blobs_clear(run->blobs);
    }
    free(run->blobs);
    cvk_fileset_clear(&run->kept.inputs);
    cvk_fileset_clear(&run->kept.outputs);
    return code;
}

enum cvk_code cvk_batch_run(const struct cvk_batch *b,
                            struct cvk_summary *summary)
{
    struct run run = {.b = b, .summary = summary};
    enum cvk_code code = CVK_E_MEMORY;

    *summary = (struct cvk_summary){0};
    cvk_result_init(&run.result);
    run.extract = cvk_extract_new(&b->options);
    if (run.extract)
        code = b->blobs ? run_with_blobs(&run) : run_all(&run);
    cvk_extract_free(run.extract);
    cvk_result_clear(&run.result);
    return code;
}
