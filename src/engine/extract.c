/* SPDX-License-Identifier: MIT */
#include "engine/extract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/backup.h"
#include "evidence/facts.h"
#include "evidence/kind.h"
#include "input/text.h"

void cvk_result_init(struct cvk_result *result)
{
    *result = (struct cvk_result){0};
}

void cvk_result_clear(struct cvk_result *result)
{
    for (size_t i = 0; i < result->size; i++)
        cvk_record_clear(&result->records[i]);
    free(result->records);
    cvk_result_init(result);
}

/* Makes room for n records. Those that are in use must not move later: whoever
 * stages a blob keeps their address. */
static bool reserve_records(struct cvk_result *result, size_t n)
{
    struct cvk_record *r;

    if (n <= result->size)
        return true;
    r = realloc(result->records, n * sizeof *r);
    if (!r)
        return false;
    result->records = r;
    while (result->size < n)
        cvk_record_init(&r[result->size++]);
    return true;
}

/* The next record of result, a copy of what x->base knows; NULL when memory is
 * exhausted. Room was made before. */
static struct cvk_record *next_record(struct cvk_extract *x,
                                      struct cvk_result *result)
{
    struct cvk_record *r = &result->records[result->n];

    if (cvk_record_copy_input(r, &x->base))
        return NULL;
    r->status = x->base.status;
    result->n++;
    return r;
}

struct cvk_extract *cvk_extract_new(const struct cvk_extract_options *options)
{
    struct cvk_extract *x = calloc(1, sizeof *x);

    if (!x)
        return NULL;
    x->options = options;
    cvk_source_init(&x->source);
    cvk_buf_init(&x->wide, 2 * (size_t)CVK_MAX_INPUT_SIZE);
    cvk_buf_init(&x->value, (size_t)CVK_MAX_INPUT_SIZE + 1);
    cvk_buf_init(&x->decoded, (size_t)CVK_MAX_INPUT_SIZE);
    cvk_buf_init(&x->scratch, (size_t)CVK_MAX_INPUT_SIZE);
    cvk_buf_init(&x->table, (size_t)CVK_MAX_INPUT_SIZE);
    cvk_config_init(&x->config);
    cvk_second_init(&x->second);
    cvk_record_init(&x->base);
    return x;
}

void cvk_extract_free(struct cvk_extract *x)
{
    if (!x)
        return;
    cvk_source_clear(&x->source);
    cvk_buf_clear(&x->wide);
    cvk_buf_clear(&x->value);
    cvk_buf_clear(&x->decoded);
    cvk_buf_clear(&x->scratch);
    cvk_buf_clear(&x->table);
    cvk_config_clear(&x->config);
    cvk_second_clear(&x->second);
    cvk_record_clear(&x->base);
    free(x);
}

/* ---- the input ---------------------------------------------------------- */

static void take_file_facts(struct cvk_extract *x)
{
    const struct cvk_source *s = &x->source;
    struct cvk_input_facts *input = &x->base.input;

    input->has_mtime = s->file.has_mtime;
    input->mtime = s->file.mtime;
    input->mtime_ns = s->file.mtime_ns;
    input->atime_kept = s->file.atime_kept;
    input->gzip = s->is_gzip;
    input->read = s->read;
    if (!s->read)
        return;
    input->size = s->raw.n;
    memcpy(input->sha256, s->sha256, sizeof input->sha256);
}

static enum cvk_code load(struct cvk_extract *x, const char *path)
{
    struct cvk_source *s = &x->source;
    enum cvk_code code =
        cvk_source_load(s, path, x->options->max_input_size,
                        x->options->cancel);
    struct cvk_place place = {.known = true, .offset = s->gzip.used};

    take_file_facts(x);
    if (code == CVK_E_GZIP_TRUNCATED || code == CVK_E_GZIP_DAMAGED) {
        place.offset = s->gzip.error_at;
        return cvk_record_refuse(&x->base, code, &place, "%s", s->why);
    }
    if (code)
        return cvk_record_refuse(&x->base, code, NULL, "%s", s->why);
    if (!s->is_gzip)
        return CVK_OK;
    cvk_record_note(&x->base, CVK_E_INPUT_GZIP, NULL,
                    "the input is gzip, unpacked in memory");
    if (s->gzip.used == s->raw.n)
        return CVK_OK;
    return cvk_record_warn(&x->base, CVK_E_GZIP_TRAILING, &place,
                           "%zu bytes follow the end of the gzip stream",
                           s->raw.n - s->gzip.used);
}

static enum cvk_code decode_text(struct cvk_extract *x)
{
    struct cvk_text_facts facts;
    enum cvk_code code = cvk_text_decode(x->source.document, &x->wide, &facts,
                                         &x->doc.text);
    struct cvk_place place;
    bool wide = facts.encoding == CVK_UTF16LE || facts.encoding == CVK_UTF16BE;

    if (code == CVK_E_MEMORY)
        return cvk_record_refuse(&x->base, code, NULL, "not enough memory");
    if (code == CVK_E_TEXT_UTF32)
        return cvk_record_refuse(&x->base, code, NULL, "the text is UTF-32");
    x->doc.encoding = facts.encoding;
    x->doc.bom = facts.bom;
    x->base.input.decoded = true;
    x->base.input.encoding = facts.encoding;
    if (code)
        place = cvk_position_find(&x->doc, x->doc.text.n);
    if (code)
        return cvk_record_refuse(&x->base, code, &place,
                                 "the UTF-16 text is damaged");
    if (wide)
        cvk_record_note(&x->base, CVK_E_TEXT_UTF16, NULL,
                        "the text is UTF-16 (%s endian, %s byte order mark)",
                        facts.encoding == CVK_UTF16LE ? "little" : "big",
                        facts.bom ? "with" : "without");
    else if (facts.bom)
        cvk_record_note(&x->base, CVK_E_TEXT_BOM, NULL,
                        "the text begins with a UTF-8 byte order mark");
    return CVK_OK;
}

/* The mix-ups that are told by the first bytes. UTF-16 pages are text first. */
static enum cvk_code check_kind(struct cvk_extract *x, struct cvk_slice bytes)
{
    char why[CVK_MAX_FINDING_TEXT];
    enum cvk_code code = cvk_kind_check(bytes, why);

    return code ? cvk_record_refuse(&x->base, code, NULL, "%s", why) : CVK_OK;
}

static enum cvk_code refuse_config(struct cvk_extract *x, enum cvk_code code)
{
    const struct cvk_config *c = &x->config;
    struct cvk_place place, other;

    if (code == CVK_E_MEMORY)
        return cvk_record_refuse(&x->base, code, NULL, "not enough memory");
    place = cvk_position_find(&x->doc, c->error_at);
    if (!c->has_other)
        return cvk_record_refuse(&x->base, code, &place, "%s", c->why);
    other = cvk_position_find(&x->doc, c->other_at);
    return cvk_record_refuse(&x->base, code, &place,
                             "%s, first at offset %llu (line %llu, column "
                             "%llu) and again",
                             c->why, (unsigned long long)other.offset,
                             (unsigned long long)other.line,
                             (unsigned long long)other.column);
}

/* Secrets in plain text are left where they are: named, and never repeated. */
static void note_secrets(struct cvk_extract *x)
{
    const struct cvk_config *c = &x->config;

    for (size_t i = 0; i < c->n_secrets && cvk_config_is_ade(c); i++) {
        const struct cvk_config_secret *s = &c->secrets[i];
        struct cvk_place place = cvk_position_find(&x->doc, s->token.from);

        place.pointer = cvk_text_slice(&c->text, s->pointer);
        cvk_record_note(&x->base, CVK_E_CONFIG_SECRET_DATA, &place,
                        "SecretData holds the secret itself as text of %zu "
                        "characters, to be used as it is; it is not repeated "
                        "here",
                        s->characters);
    }
}

static enum cvk_code read_config(struct cvk_extract *x)
{
    struct cvk_config *c = &x->config;
    enum cvk_code code = cvk_config_parse(c, x->doc.text);
    struct cvk_place place;

    if (c->cvm_details.to && !c->ade_details.to)
        x->base.input.document = CVK_DOCUMENT_CVM;
    if (c->ade_details.to && !c->cvm_details.to)
        x->base.input.document = CVK_DOCUMENT_ADE;
    note_secrets(x);
    if (code)
        return refuse_config(x, code);
    if (c->trailing_nuls) {
        place = cvk_position_find(&x->doc, c->first_nul);
        cvk_record_note(&x->base, CVK_E_TEXT_TRAILING_NULS, &place,
                        "%zu NUL characters follow the document",
                        c->trailing_nuls);
    }
    if (!x->options->cross_check)
        return CVK_OK;
    code = cvk_second_read(&x->second, x->doc.text, c->values);
    if (code == CVK_E_MEMORY)
        return cvk_record_refuse(&x->base, code, NULL, "not enough memory");
    if (code)
        return cvk_record_refuse(&x->base, code, NULL,
                                 "cJSON does not read this document");
    return CVK_OK;
}

/* ---- records ------------------------------------------------------------ */

static bool extract_backups(struct cvk_extract *x,
                            const struct cvk_extract_sink *sink,
                            struct cvk_result *result)
{
    size_t total = x->config.n_backups;

    if (!reserve_records(result, total))
        return false;
    for (size_t i = 0; i < total; i++) {
        struct cvk_record *r = next_record(x, result);

        if (!r)
            return false;
        if (cvk_backup_from_config(x, i, r) == CVK_OK && sink)
            sink->take(sink->context, r, cvk_buf_slice(&x->decoded),
                       r->backup.ordinal, total);
    }
    return true;
}

/* A key backup file: only 'show' takes it. */
static bool show_blob(struct cvk_extract *x, struct cvk_result *result)
{
    struct cvk_record *r;

    x->base.input.document = CVK_DOCUMENT_BLOB;
    r = next_record(x, result);
    if (!r)
        return false;
    cvk_backup_from_blob(x, x->source.document, r);
    return true;
}

bool cvk_extract_one(struct cvk_extract *x, const char *path,
                     const struct cvk_extract_sink *sink,
                     struct cvk_result *result)
{
    const struct cvk_extract_options *o = x->options;
    enum cvk_code code;

    result->n = 0;
    if (!reserve_records(result, 1))
        return false;
    cvk_record_reset(&x->base, o->type, o->strict);
    x->base.input.path =
        cvk_text_store(&x->base.text, cvk_slice_of(path, strlen(path)));
    if (!x->base.input.path.known)
        return false;
    x->doc.text = (struct cvk_slice){0};
    x->doc.n_marks = 0;
    code = load(x, path);
    result->input = x->source.file.id;
    if (!code && o->type == CVK_RECORD_SHOW &&
        cvk_kind_is_blob(x->source.document))
        return show_blob(x, result);
    if (!code)
        code = check_kind(x, x->source.document);
    if (!code)
        code = decode_text(x);
    if (!code && x->doc.text.p != x->source.document.p)
        code = check_kind(x, x->doc.text);
    if (!code)
        code = read_config(x);
    if (!code)
        return extract_backups(x, sink, result);
    return next_record(x, result) != NULL;
}
