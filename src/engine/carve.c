/* SPDX-License-Identifier: MIT */
#include "engine/carve.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sweep.h"
#include "evidence/imagekind.h"

static const char *name_of(const char *path)
{
    return strcmp(path, "-") ? path : NULL;
}

/* What keeps the image from being searched at all. */
static enum cvk_code refuse_image(struct cvk_sweep *run, struct cvk_record *r,
                                  enum cvk_code code)
{
    int error = run->image.error;

    switch (code) {
    case CVK_E_IO_OPEN:
    case CVK_E_IO_READ:
        return cvk_record_refuse(r, code, NULL, "cannot %s: %s",
                                 code == CVK_E_IO_OPEN ? "open" : "read",
                                 strerror(error));
    case CVK_E_IO_DIRECTORY:
        return cvk_record_refuse(r, code, NULL, "is a directory");
    case CVK_E_IMAGE_SEGMENT:
        return cvk_record_refuse(r, code, NULL,
                                 "segment .%03u is missing, and later ones "
                                 "are there",
                                 run->image.wrong);
    case CVK_E_INPUT_EMPTY:
        return cvk_record_refuse(r, code, NULL, "the image is empty");
    case CVK_E_IMAGE_RANGE:
        return cvk_record_refuse(r, code, NULL,
                                 "the part begins behind the end of the "
                                 "image, which has %llu bytes",
                                 (unsigned long long)run->image.size);
    case CVK_E_INPUT_TOO_LARGE:
        return cvk_record_refuse(r, code, NULL,
                                 "the image is larger than 2^53 bytes");
    default:
        return cvk_record_refuse(r, code, NULL, "this is %s, not a raw image",
                                 run->what);
    }
}

/* Is it raw, and is there something to search? */
static enum cvk_code judge_image(struct cvk_sweep *run)
{
    const struct cvk_carve *c = run->c;
    uint8_t head[CVK_IMAGEKIND_SIZE];
    enum cvk_code code;
    size_t got;

    run->from = c->offset;
    run->to = c->has_length && c->length < UINT64_MAX - c->offset
                  ? c->offset + c->length
                  : CVK_MAX_IMAGE_SIZE;
    if (run->image.stream)
        return CVK_OK;
    if (!run->image.size)
        return CVK_E_INPUT_EMPTY;
    if (run->image.size > CVK_MAX_IMAGE_SIZE)
        return CVK_E_INPUT_TOO_LARGE;
    if (run->to > run->image.size)
        run->to = run->image.size;
    if (run->from >= run->image.size)
        return CVK_E_IMAGE_RANGE;
    code = cvk_image_read(&run->image, 0, head, sizeof head, &got, NULL);
    return code ? code
                : cvk_imagekind_check(cvk_slice_of(head, got), &run->what);
}

/* Searches it. Of a stream only the end tells whether there was anything. */
static void run_image(struct cvk_sweep *run)
{
    if (run->image.stream)
        cvk_sweep_stream(run);
    else
        cvk_sweep_run(run);
    if (!run->code && !run->image.size)
        run->code = CVK_E_INPUT_EMPTY;
    if (!run->code && run->from >= run->image.size)
        run->code = CVK_E_IMAGE_RANGE;
    if (run->code == CVK_E_MEMORY || !cvk_harvest_settle(run->harvest))
        run->code = CVK_E_MEMORY;
    if (run->to > run->image.size)
        run->to = run->image.size;
}

/* Says that gzip streams were not searched to their ends. */
static void describe_cut(const struct cvk_sweep *run, struct cvk_record *r)
{
    unsigned long long n = (unsigned long long)run->cut;
    unsigned most = (unsigned)(CVK_MAX_CARVE_TEXT >> 20);

    if (run->cut_first)
        cvk_record_warn(r, CVK_E_CARVE_GZIP_CUT, NULL,
                        "the image begins as a gzip stream, of which the first "
                        "%u MiB unpacked were searched, and no more: search "
                        "what gzip -dc makes of it",
                        most);
    else if (n)
        cvk_record_note(r, CVK_E_CARVE_GZIP_CUT, NULL,
                        "of %llu gzip stream%s the first %u MiB unpacked were "
                        "searched, and no more",
                        n, n == 1 ? "" : "s", most);
}

/* Says what the search met. */
static void describe(struct cvk_sweep *run, struct cvk_image_facts *facts,
                     struct cvk_record *r)
{

    facts->size = run->image.size;
    facts->offset = run->from;
    facts->length = run->to > run->from ? run->to - run->from : 0;
    facts->segments = run->image.n_segments;
    facts->hits = run->harvest->hits;
    facts->refused = run->harvest->refused;
    facts->sparse = run->sparse;
    facts->unreadable = run->bad.bytes;
    facts->n_holes = run->bad.n;
    for (size_t i = 0; i < run->bad.n; i++)
        facts->holes[i] =
            (struct cvk_image_hole){run->bad.v[i].offset, run->bad.v[i].length};
    r->image = facts;
    r->input.size = facts->length;
    if (run->crowded)
        cvk_record_warn(r, CVK_E_CARVE_CROWDED, NULL,
                        "%llu MiB of it are made to slow a search down: "
                        "configs, parts of backups and gzip streams there may "
                        "have been passed over, whole backups were not",
                        (unsigned long long)run->crowded);
    describe_cut(run, r);
    if (run->code)
        refuse_image(run, r, run->code);
    else if (run->bad.bytes)
        cvk_record_refuse(r, CVK_E_IMAGE_UNREADABLE, NULL,
                          "%llu bytes in %llu places cannot be read, and "
                          "what lies there was not found",
                          (unsigned long long)run->bad.bytes,
                          (unsigned long long)(run->bad.n + run->bad.left_out));
}

/* The record of the image, which comes last. False when memory is exhausted. */
static bool finish(struct cvk_sweep *run, struct cvk_record *base)
{
    struct cvk_result result;
    bool ok;

    cvk_result_init(&result);
    ok = cvk_result_reserve(&result, 1) && cvk_result_add(&result, base) &&
         cvk_harvest_end(run->harvest, &result);
    cvk_result_clear(&result);
    return ok;
}

/* With --force or --resume no blob may take an image's place. */
static bool keep_image(struct cvk_sweep *run)
{
    struct cvk_fileset *kept = &run->harvest->publisher->kept.inputs;

    for (size_t i = 0; i < run->image.n_segments; i++)
        if (run->image.segments[i].id.known &&
            !cvk_fileset_add(kept, run->image.segments[i].id))
            return false;
    return true;
}

static enum cvk_code carve_image(struct cvk_sweep *run, const char *path,
                                 struct cvk_image_facts *facts,
                                 struct cvk_record *base)
{
    run->code =
        cvk_image_open(&run->image, name_of(path), run->c->options.cancel);
    if (!run->code)
        run->code = judge_image(run);
    if (!run->code && !keep_image(run))
        run->code = CVK_E_MEMORY;
    cvk_harvest_begin(run->harvest, run->from, run->to);
    if (!run->code)
        run_image(run);
    if (run->code == CVK_E_MEMORY || run->code == CVK_E_IO_INTERRUPTED)
        return run->code;
    if (*run->c->options.cancel)
        return CVK_E_IO_INTERRUPTED;
    describe(run, facts, base);
    return finish(run, base) ? CVK_OK : CVK_E_MEMORY;
}

/* Gives the records their image's name. */
static bool name_item(struct cvk_item *item, const char *path)
{
    item->at.path = name_of(path);
    return cvk_buf_append_string(&item->text, path) &&
           cvk_buf_append_byte(&item->text, 0);
}

/* One image, from its name to its record. */
static enum cvk_code carve_one(const struct cvk_carve *c,
                               struct cvk_harvest *harvest, const char *path,
                               struct cvk_image_facts *facts,
                               struct cvk_record *base)
{
    struct cvk_sweep *run = calloc(1, sizeof *run);
    enum cvk_code code = CVK_E_MEMORY;

    if (!run)
        return code;
    run->c = c;
    run->harvest = harvest;
    run->bad = (struct cvk_unreadable_list){.v = run->ranges,
                                            .room = CVK_MAX_UNREADABLE};
    cvk_item_init(&run->item);
    cvk_record_reset(base, CVK_RECORD_IMAGE, c->options.strict);
    base->input.path =
        cvk_text_store(&base->text, cvk_slice_of(path, strlen(path)));
    *facts = (struct cvk_image_facts){0};
    if (base->input.path.known && name_item(&run->item, path))
        code = carve_image(run, path, facts, base);
    cvk_image_close(&run->image);
    cvk_item_clear(&run->item);
    free(run);
    return code;
}

enum cvk_code cvk_carve_run(const struct cvk_carve *c,
                            struct cvk_summary *summary, uint64_t *found)
{
    struct cvk_image_facts *facts = calloc(1, sizeof *facts);
    struct cvk_harvest harvest;
    struct cvk_record *base = calloc(1, sizeof *base);
    enum cvk_code code = CVK_OK;

    *summary = (struct cvk_summary){0};
    if (base)
        cvk_record_init(base);
    if (!cvk_harvest_init(&harvest, c, summary) || !base || !facts)
        code = CVK_E_MEMORY;
    for (size_t i = 0; i < c->n_paths && !code && !*c->options.cancel; i++)
        code = carve_one(c, &harvest, c->paths[i], facts, base);
    *found = harvest.found;
    cvk_harvest_clear(&harvest);
    if (base)
        cvk_record_clear(base);
    free(base);
    free(facts);
    return code == CVK_E_IO_INTERRUPTED ? CVK_OK : code;
}
