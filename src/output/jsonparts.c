/* SPDX-License-Identifier: MIT */
#include "output/jsonparts.h"

#include <nettle/base64.h>

#include "base/escape.h"

void cvk_json_put_sha256(struct cvk_jsonwriter *w, const uint8_t *sha256)
{
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(sha256, hex);
    cvk_jw_string(w, "sha256", hex);
}

/* Appends s in base64, as a JSON string. */
static void base64(struct cvk_jsonwriter *w, const char *name,
                   struct cvk_slice s)
{
    size_t n = BASE64_ENCODE_RAW_LENGTH(s.n), start;

    cvk_jw_raw(w, name, CVK_LITERAL("\""));
    start = w->out->n;
    w->ok = w->ok && cvk_buf_reserve(w->out, start + n);
    if (!w->ok)
        return;
    base64_encode_raw((char *)w->out->p + start, s.n, s.p);
    w->out->n = start + n;
    w->ok = cvk_buf_append_byte(w->out, '"');
}

void cvk_json_put_name(struct cvk_jsonwriter *w, const char *name,
                       const char *exact, struct cvk_slice bytes)
{
    struct cvk_buf shown;

    if (!cvk_escape_needed(bytes)) {
        cvk_jw_text(w, name, bytes);
        return;
    }
    cvk_buf_init(&shown, 4 * bytes.n + 1);
    w->ok = w->ok && cvk_escape_text(&shown, bytes);
    cvk_jw_text(w, name, cvk_buf_slice(&shown));
    cvk_buf_clear(&shown);
    if (exact)
        base64(w, exact, bytes);
}

void cvk_json_put_path(struct cvk_jsonwriter *w, struct cvk_slice path)
{
    cvk_json_put_name(w, "path", "path_base64", path);
}

/* A number, or null for what is not known. */
static void number_if(struct cvk_jsonwriter *w, const char *name, bool known,
                      uint64_t number)
{
    if (known)
        cvk_jw_number(w, name, number);
    else
        cvk_jw_null(w, name);
}

void cvk_json_put_findings(struct cvk_jsonwriter *w,
                           const struct cvk_record *r)
{
    static const char *const severities[] = {"note", "warning", "error"};

    cvk_jw_begin(w, "findings", '[');
    for (size_t i = 0; i < r->findings.n; i++) {
        const struct cvk_finding *f = &r->findings.v[i];

        cvk_jw_begin(w, NULL, '{');
        cvk_jw_string(w, "id", cvk_code_id(f->code));
        cvk_jw_string(w, "severity", severities[f->severity]);
        cvk_jw_text(w, "pointer", cvk_record_text(r, f->pointer));
        number_if(w, "offset", f->placed, f->offset);
        number_if(w, "line", f->line > 0, f->line);
        number_if(w, "column", f->column > 0, f->column);
        cvk_jw_text(w, "text", cvk_record_text(r, f->text));
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
}

void cvk_json_put_counts(struct cvk_jsonwriter *w, const struct cvk_summary *s)
{
    cvk_jw_number(w, "inputs", s->inputs);
    cvk_jw_number(w, "ok", s->ok);
    cvk_jw_number(w, "refused", s->refused);
    cvk_jw_number(w, "errors", s->errors);
    cvk_jw_number(w, "skipped", s->skipped);
    cvk_jw_number(w, "blobs", s->blobs);
    cvk_jw_number(w, "bytes_in", s->bytes_in);
    cvk_jw_number(w, "bytes_out", s->bytes_out);
}
