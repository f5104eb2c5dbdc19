/* SPDX-License-Identifier: MIT */
#include "cmd/caseinput.h"

#include <string.h>

#include "cmd/message.h"
#include "cmd/signals.h"
#include "engine/gather.h"
#include "os/process.h"

const char *cvk_caseinput_verify(const struct cvk_options *o)
{
    int from_stdin;

    if (o->n_inputs == 0)
        return "no CONFIG is named";
    if (o->n_inputs > 1)
        return "exactly one CONFIG is taken; exports are named by options";
    if (!*o->inputs[0])
        return "the CONFIG has an empty name";
    from_stdin = strcmp(o->inputs[0], "-") == 0;
    for (size_t i = 0; i < o->n_exports; i++)
        from_stdin += strcmp(o->exports[i].path, "-") == 0;
    return from_stdin > 1 ? "standard input can be read only once" : NULL;
}

/* What refuses inputs of both sorts has a hint that speaks of configs. */
static const char *export_hint(enum cvk_code code)
{
    const char *id = cvk_code_id(code);

    if (code == CVK_E_INPUT_EMPTY)
        return "the command printed nothing: it failed, or found nothing; run "
               "it again and keep what it says (an empty list is [])";
    if (!strncmp(id, "json.", 5) || !strncmp(id, "text.", 5) ||
        !strncmp(id, "kind.", 5))
        return "export it again, with the output as JSON written straight to "
               "the file; cvmkey-diagnose(1) lists the commands";
    return NULL;
}

struct reading {
    struct cvk_caseinput *in;
    const struct cvk_options *o;
    int status;
};

/* The record is of the config if no export is called so. */
static bool is_config(const struct reading *r, const struct cvk_record *record)
{
    struct cvk_slice path = cvk_record_text(record, record->input.path);

    for (size_t i = 0; i < r->o->n_exports; i++) {
        const char *name = r->o->exports[i].path;

        if (cvk_slice_equal(path, cvk_slice_of(name, strlen(name))))
            return false;
    }
    return true;
}

static void refused(void *context, const struct cvk_record *record)
{
    struct reading *r = context;
    enum cvk_code code = cvk_record_error(record)->code;
    int status = cvk_exit_status(code);

    r->in->refused(r->in->context, record);
    cvk_record_error_print_hint(
        record, is_config(r, record) ? NULL : export_hint(code));
    if (status > r->status)
        r->status = status;
}

static bool take_stated(struct cvk_case *c, const struct cvk_options *o)
{
    uint32_t ns;

    if (o->key_url)
        c->stated_key_url =
            cvk_case_store(c, cvk_slice_of(o->key_url, strlen(o->key_url)));
    if (o->des_id)
        c->stated_des_id =
            cvk_case_store(c, cvk_slice_of(o->des_id, strlen(o->des_id)));
    c->stated_tier = o->tier;
    c->has_at = o->has_at;
    c->at = o->at;
    if (!c->has_at)
        cvk_clock(&c->at, &ns);
    return !c->text.failed;
}

int cvk_caseinput_read(struct cvk_caseinput *in, const struct cvk_options *o)
{
    struct reading r = {.in = in, .o = o};
    struct cvk_gather gather = {
        .config = o->inputs[0],
        .exports = o->exports,
        .n_exports = o->n_exports,
        .max_input_size = o->max_input_size,
        .cancel = cvk_signals_catch(),
        .context = &r,
        .refused = refused,
    };
    enum cvk_code code = CVK_E_MEMORY;

    cvk_case_init(&in->facts);
    cvk_judgement_init(&in->judgement);
    if (take_stated(&in->facts, o))
        code = cvk_gather_run(&gather, &in->facts, &in->judgement.record,
                              &in->summary);
    if (code) {
        cvk_error(code, "not enough memory");
        return CVK_EXIT_SYSTEM;
    }
    if (*gather.cancel)
        return CVK_EXIT_SYSTEM;
    if (r.status == CVK_EXIT_OK && !in->facts.config_path.known) {
        cvk_error(CVK_E_INPUT_NONE, "no config was found in %s", o->inputs[0]);
        return CVK_EXIT_REFUSED;
    }
    return r.status;
}

void cvk_caseinput_clear(struct cvk_caseinput *in)
{
    cvk_case_clear(&in->facts);
    cvk_judgement_clear(&in->judgement);
}
