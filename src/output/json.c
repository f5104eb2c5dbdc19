/* SPDX-License-Identifier: MIT */
/* JSON lines, schema cvmkey/1. */
#include <nettle/base64.h>

#include "base/escape.h"
#include "base/timestamp.h"
#include "output/jsonwriter.h"
#include "output/report.h"

#define SCHEMA "cvmkey/1"

/* Writes a text of the record, null where it is not known. */
static void text(struct cvk_jsonwriter *w, const struct cvk_record *r,
                 const char *name, struct cvk_text t)
{
    cvk_jw_text(w, name, cvk_record_text(r, t));
}

static void digest(struct cvk_jsonwriter *w, const uint8_t *sha256)
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

/* A file name: as it is where it can stand in JSON and on a terminal, else
 * escaped, with the exact bytes beside it. */
static void path(struct cvk_jsonwriter *w, const char *name, const char *exact,
                 struct cvk_slice p)
{
    struct cvk_buf shown;

    if (!cvk_escape_needed(p)) {
        cvk_jw_text(w, name, p);
        return;
    }
    cvk_buf_init(&shown, 4 * p.n + 1);
    w->ok = w->ok && cvk_escape_text(&shown, p);
    cvk_jw_text(w, name, cvk_buf_slice(&shown));
    cvk_buf_clear(&shown);
    base64(w, exact, p);
}

static const char *document_name(enum cvk_document document)
{
    static const char *const names[] = {NULL, "cvm", "ade", "blob"};

    return names[document];
}

static void write_input(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_input_facts *i = &r->input;
    char mtime[CVK_TIMESTAMP_SIZE];

    cvk_jw_begin(w, "input", '{');
    path(w, "path", "path_base64", cvk_record_text(r, i->path));
    cvk_jw_null(w, "member");
    if (i->read) {
        cvk_jw_number(w, "size", i->size);
        digest(w, i->sha256);
    } else {
        cvk_jw_null(w, "size");
        cvk_jw_null(w, "sha256");
    }
    if (i->has_mtime)
        cvk_timestamp_format(i->mtime, i->mtime_ns, mtime);
    cvk_jw_string(w, "mtime", i->has_mtime ? mtime : NULL);
    cvk_jw_string(w, "atime", i->atime_kept ? "kept" : "may-change");
    cvk_jw_string(w, "compression",
                  !i->read  ? NULL
                  : i->gzip ? "gzip"
                            : "none");
    cvk_jw_string(w, "encoding",
                  i->decoded ? cvk_encoding_name(i->encoding) : NULL);
    cvk_jw_string(w, "document", document_name(i->document));
    cvk_jw_end(w, '}');
}

static void write_key(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_key_facts *k = &r->key;

    cvk_jw_begin(w, "key", '{');
    text(w, r, "url", k->url);
    text(w, r, "url_pointer", k->url_pointer);
    text(w, r, "name", k->name);
    text(w, r, "version", k->version);
    text(w, r, "vault", k->vault);
    text(w, r, "vault_id", k->vault_id);
    cvk_jw_string(w, "store", cvk_store_name(k->store));
    cvk_jw_string(w, "cloud", k->has_cloud ? cvk_cloud_name(k->cloud) : NULL);
    text(w, r, "resource_type", k->resource_type);
    cvk_jw_end(w, '}');
}

static void write_des(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_des_facts *d = &r->des;

    cvk_jw_begin(w, "des", '{');
    text(w, r, "id", d->id);
    text(w, r, "id_pointer", d->id_pointer);
    text(w, r, "name", d->name);
    text(w, r, "resource_group", d->resource_group);
    text(w, r, "subscription", d->subscription);
    cvk_jw_end(w, '}');
}

/* Only where there can be one. */
static void write_secret(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_secret_facts *s = &r->secret;

    if (!s->known)
        return;
    cvk_jw_begin(w, "secret", '{');
    text(w, r, "url", s->url);
    text(w, r, "url_pointer", s->url_pointer);
    text(w, r, "name", s->name);
    text(w, r, "version", s->version);
    text(w, r, "vault", s->vault);
    cvk_jw_string(w, "cloud", s->has_cloud ? cvk_cloud_name(s->cloud) : NULL);
    cvk_jw_end(w, '}');
}

static void write_backup(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_backup_facts *b = &r->backup;

    if (!b->known) {
        cvk_jw_null(w, "backup");
        return;
    }
    cvk_jw_begin(w, "backup", '{');
    text(w, r, "pointer", b->pointer);
    cvk_jw_string(w, "format", cvk_backup_format_name(b->format));
    if (b->base64_length)
        cvk_jw_number(w, "base64_length", b->base64_length);
    else
        cvk_jw_null(w, "base64_length");
    if (b->size) {
        cvk_jw_number(w, "size", b->size);
        digest(w, b->sha256);
    } else {
        cvk_jw_null(w, "size");
        cvk_jw_null(w, "sha256");
    }
    text(w, r, "kid", b->kid);
    text(w, r, "alg", b->alg);
    text(w, r, "enc", b->enc);
    cvk_jw_string(w, "structure", b->structure_ok ? "ok" : "unknown");
    cvk_jw_end(w, '}');
}

static void write_blob(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    if (!r->blob.written) {
        cvk_jw_null(w, "blob");
        return;
    }
    cvk_jw_begin(w, "blob", '{');
    path(w, "path", "path_base64", cvk_record_text(r, r->blob.path));
    cvk_jw_number(w, "size", r->backup.size);
    digest(w, r->backup.sha256);
    cvk_jw_bool(w, "synced", r->blob.synced);
    cvk_jw_end(w, '}');
}

static void write_fields(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    cvk_jw_begin(w, "fields", '[');
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct cvk_record_field *f = &r->fields[i];
        struct cvk_slice value = cvk_record_text(r, f->value);

        cvk_jw_begin(w, NULL, '{');
        text(w, r, "pointer", f->pointer);
        if (f->is_string)
            cvk_jw_text(w, "value", value);
        else
            cvk_jw_raw(w, "value", value);
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
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

static void write_findings(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    static const char *const severities[] = {"note", "warning", "error"};

    cvk_jw_begin(w, "findings", '[');
    for (size_t i = 0; i < r->findings.n; i++) {
        const struct cvk_finding *f = &r->findings.v[i];

        cvk_jw_begin(w, NULL, '{');
        cvk_jw_string(w, "id", cvk_code_id(f->code));
        cvk_jw_string(w, "severity", severities[f->severity]);
        text(w, r, "pointer", f->pointer);
        number_if(w, "offset", f->placed, f->offset);
        number_if(w, "line", f->line > 0, f->line);
        number_if(w, "column", f->column > 0, f->column);
        text(w, r, "text", f->text);
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
}

static bool write_record(struct cvk_buf *out, const struct cvk_record *r,
                         bool verbose)
{
    struct cvk_jsonwriter w;

    (void)verbose; /* programs always get everything */
    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", SCHEMA);
    cvk_jw_string(&w, "type", cvk_record_type_name(r->type));
    cvk_jw_string(&w, "status", cvk_status_name(r->status));
    write_input(&w, r);
    write_key(&w, r);
    write_des(&w, r);
    write_secret(&w, r);
    write_backup(&w, r);
    write_blob(&w, r);
    cvk_jw_string(&w, "cross_check", r->cross_checked ? "agreed" : "skipped");
    write_fields(&w, r);
    write_findings(&w, r);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

static bool write_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    struct cvk_jsonwriter w;

    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", SCHEMA);
    cvk_jw_string(&w, "type", "summary");
    cvk_jw_number(&w, "inputs", s->inputs);
    cvk_jw_number(&w, "ok", s->ok);
    cvk_jw_number(&w, "refused", s->refused);
    cvk_jw_number(&w, "errors", s->errors);
    cvk_jw_number(&w, "skipped", s->skipped);
    cvk_jw_number(&w, "blobs", s->blobs);
    cvk_jw_number(&w, "bytes_in", s->bytes_in);
    cvk_jw_number(&w, "bytes_out", s->bytes_out);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

const struct cvk_report_format cvk_report_json = {"", write_record,
                                                  write_summary};
