/* SPDX-License-Identifier: MIT */
/* JSON lines, schema cvmkey/1. */
#include "base/timestamp.h"
#include "output/jsonparts.h"
#include "output/jsonwriter.h"
#include "output/report.h"

/* Writes a text of the record, null where it is not known. */
static void text(struct cvk_jsonwriter *w, const struct cvk_record *r,
                 const char *name, struct cvk_text t)
{
    cvk_jw_text(w, name, cvk_record_text(r, t));
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
    cvk_json_put_path(w, cvk_record_text(r, i->path));
    cvk_json_put_name(w, "member", "member_base64",
                      cvk_record_text(r, i->member));
    if (i->read) {
        cvk_jw_number(w, "size", i->size);
        cvk_json_put_sha256(w, i->sha256);
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
        cvk_json_put_sha256(w, b->sha256);
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
    cvk_json_put_path(w, cvk_record_text(r, r->blob.path));
    cvk_jw_number(w, "size", r->backup.size);
    cvk_json_put_sha256(w, r->backup.sha256);
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

/* What a document says, and what became of it. */
static void write_evidence(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    write_key(w, r);
    write_des(w, r);
    write_secret(w, r);
    write_backup(w, r);
    write_blob(w, r);
    cvk_jw_string(w, "cross_check", r->cross_checked ? "agreed" : "skipped");
    write_fields(w, r);
}

/* Where in the image it lies. */
static void write_carve(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    static const char *const sources[] = {"config", "base64", "blob"};
    const struct cvk_carve_facts *c = &r->carve;

    cvk_json_put_name(w, "image", "image_base64",
                      cvk_record_text(r, r->input.path));
    cvk_jw_number(w, "offset", c->offset);
    cvk_jw_number(w, "length", c->length);
    cvk_jw_string(w, "source", sources[c->source]);
    cvk_jw_string(w, "encoding",
                  r->input.decoded ? cvk_encoding_name(r->input.encoding)
                                   : NULL);
    cvk_jw_number(w, "escaped", c->escaped);
    cvk_jw_string(w, "compression", c->gzip ? "gzip" : "none");
    if (c->gzip)
        cvk_jw_number(w, "inner_offset", c->inner);
    else
        cvk_jw_null(w, "inner_offset");
    cvk_jw_bool(w, "partial", c->partial);
    cvk_jw_string(w, "document", document_name(r->input.document));
}

static void write_unreadable(struct cvk_jsonwriter *w,
                             const struct cvk_image_facts *f)
{
    cvk_jw_begin(w, "unreadable", '{');
    cvk_jw_number(w, "bytes", f->unreadable);
    cvk_jw_begin(w, "ranges", '[');
    for (size_t i = 0; i < f->n_holes; i++) {
        cvk_jw_begin(w, NULL, '{');
        cvk_jw_number(w, "offset", f->holes[i].offset);
        cvk_jw_number(w, "length", f->holes[i].length);
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
    cvk_jw_end(w, '}');
}

/* What was searched of the image. */
static void write_image(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_image_facts *f = r->image;

    cvk_json_put_name(w, "image", "image_base64",
                      cvk_record_text(r, r->input.path));
    cvk_jw_number(w, "size", f->size);
    cvk_jw_number(w, "offset", f->offset);
    cvk_jw_number(w, "length", f->length);
    cvk_jw_number(w, "segments", f->segments);
    cvk_jw_number(w, "sparse", f->sparse);
    write_unreadable(w, f);
    cvk_jw_number(w, "hits", f->hits);
    cvk_jw_number(w, "refused", f->refused);
}

static bool write_record(struct cvk_buf *out, const struct cvk_record *r,
                         bool verbose)
{
    struct cvk_jsonwriter w;

    (void)verbose; /* programs always get everything */
    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", cvk_record_type_name(r->type));
    cvk_jw_string(&w, "status", cvk_status_name(r->status));
    switch (r->type) {
    case CVK_RECORD_CARVE:
        write_carve(&w, r);
        write_evidence(&w, r);
        break;
    case CVK_RECORD_IMAGE:
        write_image(&w, r);
        break;
    case CVK_RECORD_ARCHIVE:
        write_input(&w, r);
        cvk_jw_number(&w, "members", r->members);
        break;
    default:
        write_input(&w, r);
        write_evidence(&w, r);
    }
    cvk_json_put_findings(&w, r);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

static bool write_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    struct cvk_jsonwriter w;

    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", "summary");
    cvk_json_put_counts(&w, s);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

const struct cvk_report_format cvk_report_json = {"", write_record,
                                                  write_summary};
