/* SPDX-License-Identifier: MIT */
#include "engine/item.h"

#include <string.h>

#include "engine/members.h"

/* There is nothing to read: what the walk found instead of a file. */
static bool report_walk(struct cvk_extract *x, struct cvk_result *result)
{
    static const struct {
        enum cvk_code code;
        const char *words;
    } causes[] = {
        {CVK_E_SKIP_LINK, "a symbolic link, which a walk does not follow"},
        {CVK_E_SKIP_SPECIAL, "no regular file"},
        {CVK_E_SKIP_OUTPUT, "the output directory, which is not searched"},
        {CVK_E_WALK_DEPTH, "the folders are nested too deep"},
        {CVK_E_WALK_LOOP, "the folder contains itself"},
        {CVK_E_WALK_PATH, "the path is too long"},
    };
    enum cvk_code code = x->item->code;
    const char *words = code == CVK_E_IO_OPEN ? "cannot open" : "cannot read";

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].code == code)
            words = causes[i].words;
    cvk_record_refuse(&x->base, code, NULL, "%s%s%s", words,
                      x->item->error ? ": " : "",
                      x->item->error ? strerror(x->item->error) : "");
    if (code == CVK_E_SKIP_LINK || code == CVK_E_SKIP_SPECIAL ||
        code == CVK_E_SKIP_OUTPUT)
        cvk_record_skip(&x->base);
    return cvk_extract_end(x, result);
}

bool cvk_item_extract(struct cvk_extract *x, const struct cvk_item *item,
                      const struct cvk_extract_sink *sink,
                      struct cvk_result *result)
{
    const struct cvk_extract_options *o = x->options;
    enum cvk_code code;

    x->item = item;
    x->member = (struct cvk_slice){0};
    x->source = &x->file;
    result->n = 0;
    if (!cvk_result_reserve(result, 1) || !cvk_extract_begin(x, o->type))
        return false;
    if (item->code)
        return report_walk(x, result);
    code = cvk_source_load(x->source, &item->at, o->max_input_size, o->cancel);
    result->input = x->source->file.facts.id;
    return x->source->archive
               ? cvk_members_extract(x, sink, result)
               : cvk_extract_document(x, code, sink, result);
}
