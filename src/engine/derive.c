/* SPDX-License-Identifier: MIT */
#include "engine/derive.h"

#include "evidence/json.h"
#include "input/text.h"

void cvk_derive_init(struct cvk_derive *d)
{
    *d = (struct cvk_derive){0};
    cvk_source_init(&d->source);
    cvk_buf_init(&d->wide, 2 * (size_t)CVK_MAX_INPUT_SIZE);
    cvk_buf_init(&d->path, CVK_MAX_MANIFEST_LINE);
    cvk_second_init(&d->second);
}

void cvk_derive_clear(struct cvk_derive *d)
{
    cvk_source_clear(&d->source);
    cvk_buf_clear(&d->wide);
    cvk_buf_clear(&d->path);
    cvk_second_clear(&d->second);
}

enum cvk_code cvk_derive_load(struct cvk_derive *d, struct cvk_slice path,
                              uint64_t max,
                              const atomic_int *cancel)
{
    struct cvk_location at = {0};
    enum cvk_code code;

    if (d->loaded && d->path.n == path.n + 1 &&
        memcmp(d->path.p, path.p, path.n) == 0)
        return CVK_OK;
    d->loaded = d->parsed = false;
    d->path.n = 0;
    if (!cvk_buf_append_slice(&d->path, path) ||
        !cvk_buf_append_byte(&d->path, 0))
        return CVK_E_MEMORY;
    at.path = (const char *)d->path.p;
    code = cvk_source_load(&d->source, &at, max, cancel);
    if (!code && d->source.archive) {
        cvk_source_close(&d->source);
        code = CVK_E_CROSS_DISAGREEMENT;
    }
    d->loaded = code == CVK_OK;
    return code;
}

/* cJSON only gets to see what the strict reader accepts. */
static bool is_json(struct cvk_slice text, size_t *values)
{
    enum cvk_json_event event;
    struct cvk_json j;

    cvk_json_init(&j, text);
    do
        event = cvk_json_next(&j);
    while (event != CVK_JSON_DONE && event != CVK_JSON_FAILED);
    *values = j.values;
    return event == CVK_JSON_DONE;
}

static enum cvk_code parse(struct cvk_derive *d, const char **why)
{
    struct cvk_text_facts facts;
    struct cvk_slice text;
    enum cvk_code code =
        cvk_text_decode(d->source.document, &d->wide, &facts, &text);
    size_t values;

    *why = "its text cannot be decoded";
    if (code)
        return code == CVK_E_MEMORY ? code : CVK_E_CROSS_DISAGREEMENT;
    *why = "it is not JSON";
    if (!is_json(text, &values))
        return CVK_E_CROSS_DISAGREEMENT;
    *why = "cJSON does not read it";
    return cvk_second_read(&d->second, text, values);
}

enum cvk_code cvk_derive_backup(struct cvk_derive *d, struct cvk_slice pointer,
                                uint64_t *size,
                                uint8_t sha256[CVK_SHA256_SIZE],
                                const char **why)
{
    enum cvk_code code = d->parsed ? CVK_OK : parse(d, why);

    if (code)
        return code;
    d->parsed = true;
    code = cvk_second_digest(&d->second, pointer, size, sha256);
    *why = code == CVK_E_JSON_DUPLICATE_NAME
               ? "more than one value stands at the pointer"
               : "no text stands at the pointer";
    return code ? CVK_E_CROSS_DISAGREEMENT : CVK_OK;
}
