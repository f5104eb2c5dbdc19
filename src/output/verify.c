/* SPDX-License-Identifier: MIT */
#include "output/verify.h"

#include <stdio.h>

#include "base/escape.h"
#include "output/jsonparts.h"
#include "output/jsonwriter.h"

struct cvk_slice cvk_verdict_name(const struct cvk_verdict *v)
{
    const struct cvk_record *r = &v->record;

    return r->blob.path.known ? cvk_record_text(r, r->blob.path)
                              : cvk_slice_of(v->manifest, strlen(v->manifest));
}

/* ---- text --------------------------------------------------------------- */

static bool put(struct cvk_buf *out, const char *s)
{
    return cvk_buf_append_string(out, s);
}

/* A line with a name from evidence. */
static bool put_name(struct cvk_buf *out, const char *label, struct cvk_slice s)
{
    return put(out, label) && cvk_escape_name(out, s) && put(out, "\n");
}

/* Where the blob came from and what it is, for --verbose. */
static bool put_details(struct cvk_buf *out, const struct cvk_verdict *v)
{
    const struct cvk_record *r = &v->record;
    char hex[CVK_SHA256_HEX_SIZE];
    bool ok = true;

    if (v->hashed) {
        cvk_sha256_hex(v->sha256, hex);
        ok = put(out, "  SHA-256   ") && put(out, hex) && put(out, "\n");
    }
    if (r->input.path.known)
        ok = ok && put_name(out, "  config    ",
                            cvk_record_text(r, r->input.path));
    if (v->member.known)
        ok = ok && put_name(out, "  member    ", cvk_record_text(r, v->member));
    if (r->cross_checked)
        ok = ok && put(out, "  derived   agreed: cJSON and libb64 derive the "
                            "same bytes\n");
    return ok;
}

static bool put_finding(struct cvk_buf *out, const struct cvk_record *r,
                        const struct cvk_finding *f)
{
    static const char *const labels[] = {"  note      ", "  warning   ",
                                         "  error     "};

    return put(out, labels[f->severity]) &&
           cvk_buf_append_slice(out, cvk_record_text(r, f->text)) &&
           cvk_finding_append_place(out, f) && put(out, " [") &&
           put(out, cvk_code_id(f->code)) && put(out, "]\n");
}

/* Notes are for who wants to know more: without its config no blob is worse. */
static bool text_verdict(struct cvk_buf *out, const struct cvk_verdict *v,
                         bool verbose)
{
    const struct cvk_record *r = &v->record;
    bool ok = cvk_escape_name(out, cvk_verdict_name(v)) && put(out, ": ") &&
              put(out, cvk_status_name(r->status)) && put(out, "\n");

    if (verbose)
        ok = ok && put_details(out, v);
    for (size_t i = 0; ok && i < r->findings.n; i++)
        if (verbose || r->findings.v[i].severity != CVK_NOTE)
            ok = put_finding(out, r, &r->findings.v[i]);
    return ok;
}

static bool text_summary(struct cvk_buf *out,
                         const struct cvk_verify_summary *s)
{
    const struct cvk_summary *all = &s->all;
    char words[256];

    snprintf(words, sizeof words,
             "blobs as the manifest says: %llu (%llu derived again, %llu only "
             "hashed); refused: %llu; not done: %llu; records without a blob: "
             "%llu\n",
             (unsigned long long)all->blobs, (unsigned long long)s->derived,
             (unsigned long long)(all->blobs - s->derived),
             (unsigned long long)all->refused, (unsigned long long)all->errors,
             (unsigned long long)all->skipped);
    return put(out, words);
}

const struct cvk_verdict_format cvk_verdict_text = {text_verdict, text_summary};

/* ---- JSON --------------------------------------------------------------- */

static void write_blob(struct cvk_jsonwriter *w, const struct cvk_verdict *v)
{
    const struct cvk_record *r = &v->record;

    if (!r->blob.path.known) {
        cvk_jw_null(w, "blob");
        return;
    }
    cvk_jw_begin(w, "blob", '{');
    cvk_json_put_path(w, cvk_record_text(r, r->blob.path));
    if (v->hashed) {
        cvk_jw_number(w, "size", v->size);
        cvk_json_put_sha256(w, v->sha256);
    } else {
        cvk_jw_null(w, "size");
        cvk_jw_null(w, "sha256");
    }
    cvk_jw_end(w, '}');
}

static void write_input(struct cvk_jsonwriter *w, const struct cvk_verdict *v)
{
    const struct cvk_record *r = &v->record;

    if (!r->input.path.known) {
        cvk_jw_null(w, "input");
        return;
    }
    cvk_jw_begin(w, "input", '{');
    cvk_json_put_path(w, cvk_record_text(r, r->input.path));
    cvk_json_put_name(w, "member", "member_base64",
                      cvk_record_text(r, v->member));
    cvk_jw_end(w, '}');
}

static bool json_verdict(struct cvk_buf *out, const struct cvk_verdict *v,
                         bool verbose)
{
    const struct cvk_record *r = &v->record;
    struct cvk_jsonwriter w;

    (void)verbose; /* programs always get everything */
    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", cvk_record_type_name(r->type));
    cvk_jw_string(&w, "status", cvk_status_name(r->status));
    if (v->line)
        cvk_jw_number(&w, "line", v->line);
    else
        cvk_jw_null(&w, "line");
    write_blob(&w, v);
    write_input(&w, v);
    cvk_jw_string(&w, "derived", r->cross_checked ? "agreed" : "skipped");
    cvk_json_put_findings(&w, r);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

static bool json_summary(struct cvk_buf *out,
                         const struct cvk_verify_summary *s)
{
    struct cvk_jsonwriter w;

    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", "summary");
    cvk_json_put_counts(&w, &s->all);
    cvk_jw_number(&w, "derived", s->derived);
    cvk_jw_number(&w, "hashed_only", s->all.blobs - s->derived);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

const struct cvk_verdict_format cvk_verdict_json = {json_verdict, json_summary};
