/* SPDX-License-Identifier: MIT */
#include "engine/extract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/backup.h"
#include "evidence/facts.h"
#include "evidence/kind.h"
#include "evidence/trace.h"
#include "input/text.h"
#include "output/manifest.h"

struct cvk_extract *cvk_extract_new(const struct cvk_extract_options *options)
{
    struct cvk_extract *x = calloc(1, sizeof *x);

    if (!x)
        return NULL;
    x->options = options;
    cvk_source_init(&x->file);
    cvk_source_init(&x->inner);
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
    cvk_archive_free(x->archive);
    cvk_source_clear(&x->file);
    cvk_source_clear(&x->inner);
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

void cvk_extract_take_facts(struct cvk_extract *x)
{
    const struct cvk_source *s = x->source;
    struct cvk_input_facts *input = &x->base.input;

    input->has_mtime = s->file.facts.has_mtime;
    input->mtime = s->file.facts.mtime;
    input->mtime_ns = s->file.facts.mtime_ns;
    input->atime_kept = s->file.facts.atime_kept;
    input->gzip = s->is_gzip;
    input->read = s->read;
    if (!s->read)
        return;
    input->size = s->size;
    memcpy(input->sha256, s->sha256, sizeof input->sha256);
}

/* Brought up by a walk or an archive, not named. */
static bool is_found(const struct cvk_extract *x)
{
    return x->item->found || x->member.p;
}

/* What loading said, and what there is to say of gzip. */
static enum cvk_code judge_load(struct cvk_extract *x, enum cvk_code code)
{
    struct cvk_source *s = x->source;
    struct cvk_place place = {.known = true, .offset = s->gzip.used};

    cvk_extract_take_facts(x);
    if (code == CVK_E_GZIP_TRUNCATED || code == CVK_E_GZIP_DAMAGED) {
        place.offset = s->gzip.error_at;
        return cvk_record_refuse(&x->base, code, &place, "%s", s->why);
    }
    if (code == CVK_E_INPUT_TOO_LARGE && is_found(x))
        return cvk_record_refuse(&x->base, code, NULL,
                                 "%s; only the first %zu bytes were searched "
                                 "for a config",
                                 s->why, s->document.n);
    if (code)
        return cvk_record_refuse(&x->base, code, NULL, "%s", s->why);
    if (!s->is_gzip)
        return CVK_OK;
    cvk_record_note(&x->base, CVK_E_INPUT_GZIP, NULL,
                    "the input is gzip, unpacked in memory");
    if (s->gzip.used == s->raw.n)
        return CVK_OK;
    return cvk_record_warn(&x->base, CVK_E_GZIP_TRAILING, &place,
                           "%zu byte%s follow the end of the gzip stream",
                           s->raw.n - s->gzip.used,
                           s->raw.n - s->gzip.used == 1 ? "" : "s");
}

static enum cvk_code decode_text(struct cvk_extract *x)
{
    struct cvk_text_facts facts;
    enum cvk_code code = cvk_text_decode(x->source->document, &x->wide, &facts,
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

/* ---- what a walk passes over -------------------------------------------- */

static struct cvk_slice own_name(const struct cvk_extract *x)
{
    const char *path = (const char *)x->item->text.p;

    return x->member.p ? x->member : cvk_slice_of(path, strlen(path));
}

/* Is it called as configs are? Then it has to be JSON. */
static bool is_named_json(const struct cvk_extract *x)
{
    struct cvk_slice name = own_name(x);

    return cvk_slice_ends_nocase(name, CVK_LITERAL(".json")) ||
           cvk_slice_ends_nocase(name, CVK_LITERAL(".json.gz"));
}

/* An archive inside an archive, or one that is compressed once more, or in a
 * way that is not read; but what is called as configs are is refused then. */
static enum cvk_code find_nested(const struct cvk_extract *x, bool *nested)
{
    const struct cvk_source *s = x->source;
    enum cvk_archive_kind stored, unpacked = CVK_ARCHIVE_NONE;
    enum cvk_code code = cvk_archive_kind(cvk_buf_slice(&s->raw), &stored);

    if (!code && s->is_gzip)
        code = cvk_archive_kind(s->document, &unpacked);
    *nested = !code && (stored || unpacked ||
                        (cvk_kind_is_packed(s->document) && !is_named_json(x)));
    return code;
}

/* Not opened, but not passed over in silence either. */
static enum cvk_code check_nested(struct cvk_extract *x, bool *nested)
{
    enum cvk_code code = find_nested(x, nested);

    if (code)
        return cvk_record_refuse(&x->base, code, NULL, "not enough memory");
    if (!*nested)
        return CVK_OK;
    code = cvk_record_warn(&x->base, CVK_E_ARCHIVE_NESTED, NULL,
                           "an archive inside an archive, or compressed once "
                           "more or in another way, which is not opened");
    if (!code)
        x->base.status = CVK_STATUS_SKIPPED;
    return code;
}

/* Causes that are no offence against JSON. */
static bool is_other_json(enum cvk_code code)
{
    static const enum cvk_code codes[] = {
        CVK_E_CONFIG_NO_DETAILS, CVK_E_JSON_ROOT,
        CVK_E_JSON_DUPLICATE_NAME, CVK_E_JSON_NUL, CVK_E_JSON_DEPTH,
        CVK_E_JSON_VALUES, CVK_E_JSON_MEMBERS,
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

/* Only the beginning of a large file is known: could it be a config? */
static bool starts_like_json(struct cvk_slice s)
{
    size_t at = 0;

    while (at < s.n && at < 4 && s.p[at] != '{')
        at++;
    return at < s.n && s.p[at] == '{';
}

/* A walk, or an archive, brings up files of any kind: what is no config, and
 * holds no trace of one, is none of ours; nor is a manifest, which does. */
static bool is_other_file(const struct cvk_extract *x, enum cvk_code code)
{
    struct cvk_slice text = x->source->document;

    if (!is_found(x) || x->base.input.document != CVK_DOCUMENT_UNKNOWN ||
        cvk_code_class(code) != CVK_CLASS_INPUT)
        return false;
    if (is_named_json(x) && !is_other_json(code))
        return false;
    if (code == CVK_E_INPUT_TOO_LARGE && starts_like_json(text))
        return false;
    return cvk_manifest_begins(text) || !cvk_trace_found(text);
}

/* ---- records ------------------------------------------------------------ */

static bool extract_backups(struct cvk_extract *x,
                            const struct cvk_extract_sink *sink,
                            struct cvk_result *result)
{
    struct cvk_blob_source from = {
        .path = x->item->at.path || x->item->found
                    ? (const char *)x->item->text.p + x->item->below
                    : "-",
        .parents = x->item->parents,
        .member = x->member,
    };
    size_t total = x->config.n_backups;

    if (!cvk_result_reserve(result, total))
        return false;
    for (size_t i = 0; i < total; i++) {
        struct cvk_record *r;

        if (sink->room)
            sink->room(sink->context, result);
        r = cvk_result_add(result, &x->base);
        if (!r)
            return false;
        if (cvk_backup_from_config(x, i, r) == CVK_OK && sink->take)
            sink->take(sink->context, r, &result->files[i], &from,
                       cvk_buf_slice(&x->decoded), total);
    }
    return true;
}

/* A key backup file: only 'show' takes it, and only by its name. */
static bool show_blob(struct cvk_extract *x, struct cvk_result *result)
{
    struct cvk_record *r;

    x->base.input.document = CVK_DOCUMENT_BLOB;
    r = cvk_result_add(result, &x->base);
    if (!r)
        return false;
    cvk_backup_from_blob(x, x->source->document, r);
    return true;
}

static bool is_shown_blob(const struct cvk_extract *x)
{
    return x->options->type == CVK_RECORD_SHOW && !x->item->found &&
           !x->member.p && cvk_kind_is_blob(x->source->document);
}

bool cvk_extract_begin(struct cvk_extract *x, enum cvk_record_type type)
{
    struct cvk_record *base = &x->base;

    cvk_record_reset(base, type, x->options->strict);
    base->input.path = cvk_text_store(
        &base->text, cvk_slice_of(x->item->text.p, x->item->text.n - 1));
    if (x->member.p)
        base->input.member = cvk_text_store(&base->text, x->member);
    x->doc.text = (struct cvk_slice){0};
    x->doc.n_marks = 0;
    return !base->text.failed;
}

bool cvk_extract_end(struct cvk_extract *x, struct cvk_result *result)
{
    return cvk_result_add(result, &x->base) != NULL;
}

bool cvk_extract_text(struct cvk_extract *x, struct cvk_slice text,
                      enum cvk_encoding encoding,
                      const struct cvk_extract_sink *sink,
                      struct cvk_result *result)
{
    x->doc.text = text;
    x->doc.encoding = encoding;
    x->doc.bom = 0;
    x->base.input.decoded = true;
    x->base.input.encoding = encoding;
    if (!cvk_result_reserve(result, 1))
        return false;
    return read_config(x) ? cvk_extract_end(x, result)
                          : extract_backups(x, sink, result);
}

bool cvk_extract_document(struct cvk_extract *x, enum cvk_code code,
                          const struct cvk_extract_sink *sink,
                          struct cvk_result *result)
{
    bool nested = false;

    /* of what is too large the beginning is there */
    if (is_found(x) && (!code || code == CVK_E_INPUT_TOO_LARGE)) {
        cvk_extract_take_facts(x);
        if (check_nested(x, &nested) || nested)
            return cvk_extract_end(x, result);
    }
    code = judge_load(x, code);
    if (!code && is_shown_blob(x))
        return show_blob(x, result);
    if (!code)
        code = check_kind(x, x->source->document);
    if (!code)
        code = decode_text(x);
    if (!code && x->doc.text.p != x->source->document.p)
        code = check_kind(x, x->doc.text);
    if (!code)
        code = read_config(x);
    if (!code)
        return extract_backups(x, sink, result);
    if (is_other_file(x, code))
        cvk_record_skip(&x->base);
    return cvk_extract_end(x, result);
}
