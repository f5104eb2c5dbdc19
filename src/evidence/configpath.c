/* SPDX-License-Identifier: MIT */
#include "evidence/configpath.h"

#include <stdlib.h>

#include "evidence/configplace.h"
#include "evidence/json.h"
#include "evidence/json_string.h"

/* One name on the way to a backup. */
struct step {
    uint64_t hash; /* of the way up to here */
    struct cvk_span name;
    size_t backup;
};

void cvk_configpath_init(struct cvk_config *c)
{
    cvk_buf_init(&c->steps,
                 sizeof(struct step) * CVK_MAX_BACKUPS * CVK_MAX_DEPTH);
}

static uint64_t go_on(uint64_t way, uint64_t own)
{
    return (way ^ own) * 0x9e3779b97f4a7c15u + 1; /* 2^64 / golden ratio */
}

bool cvk_configpath_note(struct cvk_config *c)
{
    uint64_t way = 0;

    for (size_t i = 0; i < c->depth; i++) {
        const struct cvk_frame *f = &c->frames[i];
        struct step s = {.name = f->name, .backup = c->n_backups};

        if (f->is_object)
            way = go_on(way, cvk_json_hash_nocase(
                                 cvk_configplace_text(c, f->name)));
        else
            way = go_on(way, f->index);
        s.hash = way;
        if (f->is_object && !cvk_buf_append(&c->steps, &s, sizeof s))
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct step *s = a, *t = b;

    return s->hash < t->hash ? -1 : s->hash > t->hash;
}

/* A name stands here, at the end of that way: does it stand elsewhere, too? */
static void look_up(struct cvk_config *c, uint64_t way, struct cvk_span name)
{
    const struct step *steps = (const void *)c->steps.p;
    size_t n = c->steps.n / sizeof *steps, from = 0, to = n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (steps[middle].hash < way)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < n && steps[from].hash == way; from++)
        if (steps[from].name.from != name.from &&
            cvk_json_equal_nocase(cvk_configplace_text(c, steps[from].name),
                                  cvk_configplace_text(c, name)))
            c->backups[steps[from].backup].ambiguous = true;
}

/* The value at hand is complete: in an array the next element follows. */
static void step_on(struct cvk_frame *f)
{
    if (!f->is_object)
        f->to_value = go_on(f->way, ++f->index);
}

void cvk_configpath_check(struct cvk_config *c)
{
    struct cvk_frame *f = c->frames; /* [0] holds the root, as a value */
    enum cvk_json_event event;
    struct cvk_json j;

    if (!c->steps.n)
        return;
    qsort(c->steps.p, c->steps.n / sizeof(struct step), sizeof(struct step),
          compare);
    *f = (struct cvk_frame){.is_object = true};
    cvk_json_init(&j, c->doc);
    while ((event = cvk_json_next(&j)) != CVK_JSON_DONE)
        switch (event) {
        case CVK_JSON_NAME:
            f->to_value = go_on(f->way, cvk_json_hash_nocase(
                                            cvk_json_token(&j)));
            look_up(c, f->to_value, (struct cvk_span){j.from, j.to});
            break;
        case CVK_JSON_OBJECT:
        case CVK_JSON_ARRAY:
            f[1] = (struct cvk_frame){.way = f->to_value,
                                      .is_object = event == CVK_JSON_OBJECT};
            f++;
            f->to_value = go_on(f->way, 0);
            break;
        case CVK_JSON_OBJECT_END:
        case CVK_JSON_ARRAY_END:
            f--;
            step_on(f);
            break;
        default:
            step_on(f);
        }
}
