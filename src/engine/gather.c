/* SPDX-License-Identifier: MIT */
#include "engine/gather.h"

#include <stdlib.h>
#include <string.h>

#include "engine/batch.h"
#include "evidence/json_dom.h"
#include "evidence/kind.h"
#include "evidence/position.h"
#include "input/text.h"
#include "restore/export.h"

struct run {
    const struct cvk_gather *g;
    struct cvk_case *c;
    struct cvk_record *config;
    struct cvk_summary *summary;
    bool has_config;
    enum cvk_code code;

    /* Of the export at hand. */
    struct cvk_source source;
    struct cvk_buf wide; /* UTF-16 as UTF-8 */
    struct cvk_dom dom;
    struct cvk_record record;
    struct cvk_document_text doc;
};

static void count(struct cvk_summary *s, const struct cvk_record *r)
{
    s->inputs++;
    s->ok += r->status == CVK_STATUS_OK;
    s->refused += r->status == CVK_STATUS_REFUSED;
    s->errors += r->status == CVK_STATUS_ERROR;
    s->skipped += r->status == CVK_STATUS_SKIPPED;
    s->bytes_in += r->input.read ? r->input.size : 0;
}

/* ---- the config --------------------------------------------------------- */

/* The record as one of this command; texts keep their places. */
static bool copy_record(struct cvk_record *to, const struct cvk_record *from)
{
    if (cvk_record_copy_input(to, from))
        return false;
    to->type = CVK_RECORD_DIAGNOSE;
    to->status = from->status;
    to->key = from->key;
    to->des = from->des;
    to->backup = from->backup;
    return true;
}

static void refuse_config(struct run *run, const struct cvk_record *r)
{
    struct cvk_record copy;

    cvk_record_init(&copy);
    if (copy_record(&copy, r))
        run->g->refused(run->g->context, &copy);
    else
        run->code = CVK_E_MEMORY;
    count(run->summary, r);
    cvk_record_clear(&copy);
}

/* The first backup is that of the OS disk; the rules are about its key. */
static void take_config(struct run *run, const struct cvk_result *result)
{
    struct cvk_record *r = run->config;

    if (!copy_record(r, &result->records[0])) {
        run->code = CVK_E_MEMORY;
        return;
    }
    if (r->input.document == CVK_DOCUMENT_ADE)
        cvk_record_refuse(r, CVK_E_CONFIG_NOT_CONFIDENTIAL_VM, NULL,
                          "a config of Azure Disk Encryption, not of a "
                          "Confidential VM");
    else if (run->has_config)
        cvk_record_refuse(r, CVK_E_CASE_CONFIGS, NULL,
                          "more than one config was found");
    if (r->status != CVK_STATUS_OK) {
        run->g->refused(run->g->context, r);
        count(run->summary, r);
        return;
    }
    if (result->n > 1)
        cvk_record_warn(r, CVK_E_CASE_BACKUPS, NULL,
                        "the config holds %zu key backups: the first one is "
                        "judged",
                        result->n);
    count(run->summary, r);
    run->has_config = true;
    run->code = cvk_case_take_config(run->c, r);
}

static void emit(void *context, const struct cvk_result *result)
{
    struct run *run = context;
    const struct cvk_record *r = &result->records[0];

    for (size_t i = 0; i < result->n; i++)
        if (result->records[i].status != CVK_STATUS_OK)
            r = &result->records[i];
    if (run->code || r->type == CVK_RECORD_ARCHIVE ||
        r->status == CVK_STATUS_SKIPPED)
        return;
    if (r->status == CVK_STATUS_OK)
        take_config(run, result);
    else
        refuse_config(run, r);
}

/* One config is read in no time worth a word. */
static void tick(void *context, const struct cvk_summary *so_far,
                 uint64_t total)
{
    (void)context;
    (void)so_far;
    (void)total;
}

static enum cvk_code read_config(struct run *run)
{
    struct cvk_summary summary;
    struct cvk_batch batch = {
        .options = {.type = CVK_RECORD_SHOW,
                    .cross_check = true,
                    .max_input_size = run->g->max_input_size,
                    .cancel = run->g->cancel},
        .inputs = {.paths = &run->g->config, .n_paths = 1},
        .jobs = 1,
        .context = run,
        .emit = emit,
        .tick = tick,
    };
    enum cvk_code code = cvk_batch_run(&batch, &summary);

    return code ? code : run->code;
}

/* ---- exports ------------------------------------------------------------ */

static void take_facts(struct run *run)
{
    struct cvk_input_facts *input = &run->record.input;
    const struct cvk_source *s = &run->source;

    input->gzip = s->is_gzip;
    input->read = s->read;
    input->size = s->size;
    memcpy(input->sha256, s->sha256, sizeof input->sha256);
}

static enum cvk_code refuse(struct run *run, enum cvk_code code,
                            const struct cvk_place *place, const char *why)
{
    return cvk_record_refuse(&run->record, code, place, "%s", why);
}

static enum cvk_code load(struct run *run, const char *path)
{
    struct cvk_source *s = &run->source;
    struct cvk_location at = {.path = strcmp(path, "-") ? path : NULL};
    enum cvk_code code = cvk_source_load(s, &at, run->g->max_input_size,
                                         run->g->cancel);

    if (s->archive) {
        cvk_source_close(s);
        take_facts(run);
        return refuse(run, CVK_E_INPUT_ARCHIVE, NULL,
                      "an archive, where the output of one command belongs");
    }
    take_facts(run);
    return code ? refuse(run, code, NULL, s->why) : CVK_OK;
}

static enum cvk_code decode(struct run *run)
{
    struct cvk_text_facts facts;
    char why[CVK_MAX_FINDING_TEXT];
    enum cvk_code code = cvk_kind_check(run->source.document, why);

    if (code)
        return refuse(run, code, NULL, why);
    code = cvk_text_decode(run->source.document, &run->wide, &facts,
                           &run->doc.text);
    if (code)
        return refuse(run, code, NULL,
                      code == CVK_E_MEMORY ? "not enough memory"
                                           : "the text cannot be decoded");
    run->doc.encoding = facts.encoding;
    run->doc.bom = facts.bom;
    run->doc.n_marks = 0;
    code = cvk_kind_check(run->doc.text, why);
    return code ? refuse(run, code, NULL, why) : CVK_OK;
}

static enum cvk_code take_export(struct run *run,
                                 const struct cvk_gather_export *e)
{
    struct cvk_export_fault fault;
    struct cvk_place place = {0};
    struct cvk_slice path = cvk_slice_of(e->path, strlen(e->path));

    if (!cvk_export_read(run->c, &run->dom, path, e->role, run->doc.text,
                         &fault))
        return CVK_OK;
    if (fault.placed)
        place = cvk_position_find(&run->doc, fault.at);
    /* a record has no pointer to the whole document */
    if (fault.pointer.n)
        place.pointer = cvk_case_text(run->c, fault.pointer);
    return refuse(run, fault.code, &place, fault.why);
}

static void read_export(struct run *run, const struct cvk_gather_export *e)
{
    struct cvk_record *r = &run->record;
    enum cvk_code code;

    cvk_record_reset(r, CVK_RECORD_DIAGNOSE, false);
    r->input.path =
        cvk_text_store(&r->text, cvk_slice_of(e->path, strlen(e->path)));
    code = load(run, e->path);
    if (!code)
        code = decode(run);
    if (!code)
        code = take_export(run, e);
    if (code)
        run->g->refused(run->g->context, r);
    count(run->summary, r);
}

static struct run *new_run(const struct cvk_gather *g, struct cvk_case *c,
                           struct cvk_record *config,
                           struct cvk_summary *summary)
{
    struct run *run = calloc(1, sizeof *run);

    if (!run)
        return NULL;
    run->g = g;
    run->c = c;
    run->config = config;
    run->summary = summary;
    cvk_source_init(&run->source);
    cvk_buf_init(&run->wide, 2 * (size_t)CVK_MAX_INPUT_SIZE);
    cvk_dom_init(&run->dom);
    cvk_record_init(&run->record);
    return run;
}

static void free_run(struct run *run)
{
    cvk_source_clear(&run->source);
    cvk_buf_clear(&run->wide);
    cvk_dom_clear(&run->dom);
    cvk_record_clear(&run->record);
    free(run);
}

enum cvk_code cvk_gather_run(const struct cvk_gather *g, struct cvk_case *c,
                             struct cvk_record *config,
                             struct cvk_summary *summary)
{
    struct run *run = new_run(g, c, config, summary);
    enum cvk_code code;

    *summary = (struct cvk_summary){0};
    if (!run)
        return CVK_E_MEMORY;
    code = read_config(run);
    for (size_t i = 0; !code && i < g->n_exports && !*g->cancel; i++)
        read_export(run, &g->exports[i]);
    free_run(run);
    return code;
}
