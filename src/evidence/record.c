/* SPDX-License-Identifier: MIT */
#include "evidence/record.h"

#include <stdarg.h>

void cvk_record_init(struct cvk_record *r)
{
    cvk_buf_init(&r->field_bytes, CVK_MAX_FIELDS * sizeof *r->fields);
    cvk_buf_init(&r->text, CVK_MAX_RECORD_TEXT);
    cvk_record_reset(r, CVK_RECORD_EXTRACT, false);
}

void cvk_record_clear(struct cvk_record *r)
{
    cvk_buf_clear(&r->text);
    cvk_buf_clear(&r->field_bytes);
    r->n_fields = 0;
}

void cvk_record_reset(struct cvk_record *r, enum cvk_record_type type,
                      bool strict)
{
    r->type = type;
    r->status = CVK_STATUS_OK;
    r->strict = strict;
    r->input = (struct cvk_input_facts){0};
    r->key = (struct cvk_key_facts){0};
    r->des = (struct cvk_des_facts){0};
    r->secret = (struct cvk_secret_facts){0};
    r->backup = (struct cvk_backup_facts){0};
    r->blob = (struct cvk_blob_facts){0};
    r->carve = (struct cvk_carve_facts){0};
    r->image = NULL;
    r->cross_checked = false;
    r->n_fields = 0;
    r->members = 0;
    r->findings.n = r->findings.left_out = 0;
    r->findings.refused = false;
    r->text.n = 0;
    r->text.failed = false;
}

enum cvk_code cvk_record_copy_input(struct cvk_record *r,
                                    const struct cvk_record *from)
{
    cvk_record_reset(r, from->type, from->strict);
    r->input = from->input;
    r->carve = from->carve;
    r->image = from->image;
    r->findings.n = from->findings.n;
    r->findings.left_out = from->findings.left_out;
    r->findings.refused = from->findings.refused;
    memcpy(r->findings.v, from->findings.v,
           from->findings.n * sizeof *from->findings.v);
    return !from->text.failed &&
                   cvk_buf_append_slice(&r->text, cvk_buf_slice(&from->text))
               ? CVK_OK
               : CVK_E_MEMORY;
}

bool cvk_record_reserve_fields(struct cvk_record *r, size_t n)
{
    if (!cvk_buf_reserve(&r->field_bytes, n * sizeof *r->fields))
        return false;
    r->fields = (void *)r->field_bytes.p;
    return true;
}

const struct cvk_finding *cvk_record_error(const struct cvk_record *r)
{
    return r->findings.refused ? &r->findings.v[r->findings.n - 1] : NULL;
}

void cvk_record_skip(struct cvk_record *r)
{
    if (!r->findings.refused)
        return;
    r->findings.v[r->findings.n - 1].severity = CVK_NOTE;
    r->findings.refused = false;
    r->status = CVK_STATUS_SKIPPED;
}

bool cvk_record_accept(struct cvk_record *r, enum cvk_code code)
{
    struct cvk_finding *last = &r->findings.v[r->findings.n - 1];

    if (!r->findings.refused || r->strict)
        return false;
    last->severity = CVK_WARNING;
    last->code = code;
    r->findings.refused = false;
    r->status = CVK_STATUS_OK;
    return true;
}

static enum cvk_code add(struct cvk_record *r, enum cvk_severity severity,
                         enum cvk_code code, const struct cvk_place *place,
                         const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));

static enum cvk_code add(struct cvk_record *r, enum cvk_severity severity,
                         enum cvk_code code, const struct cvk_place *place,
                         const char *format, va_list args)
{
    if (severity == CVK_WARNING && r->strict)
        severity = CVK_ERROR;
    cvk_findings_add(&r->findings, &r->text, severity, code, place, format,
                     args);
    if (severity != CVK_ERROR)
        return CVK_OK;
    r->status = cvk_code_class(code) == CVK_CLASS_INPUT ? CVK_STATUS_REFUSED
                                                        : CVK_STATUS_ERROR;
    return code;
}

enum cvk_code cvk_record_refuse(struct cvk_record *r, enum cvk_code code,
                                const struct cvk_place *place,
                                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(r, CVK_ERROR, code, place, format, args);
    va_end(args);
    return code;
}

void cvk_record_note(struct cvk_record *r, enum cvk_code code,
                     const struct cvk_place *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(r, CVK_NOTE, code, place, format, args);
    va_end(args);
}

enum cvk_code cvk_record_warn(struct cvk_record *r, enum cvk_code code,
                              const struct cvk_place *place,
                              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    code = add(r, CVK_WARNING, code, place, format, args);
    va_end(args);
    return code;
}

bool cvk_record_vault_disputed(const struct cvk_record *r)
{
    return r->key.vault_store && r->key.store &&
           r->key.vault_store != r->key.store;
}

const char *cvk_status_name(enum cvk_status status)
{
    static const char *const names[] = {"ok", "refused", "error", "skipped"};

    return names[status];
}

const char *cvk_record_type_name(enum cvk_record_type type)
{
    static const char *const names[] = {"extract",  "show",  "archive", "verify",
                                        "diagnose", "carve", "image"};

    return names[type];
}
