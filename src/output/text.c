/* SPDX-License-Identifier: MIT */
/* The report for people: aligned, the key first, findings and the next step
 * last, no colour. Everything from evidence is escaped. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "output/nextstep.h"
#include "output/report.h"

enum { LABEL_WIDTH = 15 };

/* The report of one record on its way into out. */
struct page {
    struct cvk_buf *out;
    const struct cvk_record *r;
    bool ok;
};

static void put(struct page *p, const char *s)
{
    p->ok = p->ok && cvk_buf_append_string(p->out, s);
}

static void put_escaped(struct page *p, struct cvk_slice s)
{
    p->ok = p->ok && cvk_escape_text(p->out, s);
}

static void putf(struct page *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For numbers and words of the program only: at most 255 bytes. */
static void putf(struct page *p, const char *format, ...)
{
    char words[256];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    put(p, words);
}

/* A line begins: its name, and spaces up to the column of the values. */
static void label(struct page *p, const char *name)
{
    static const char spaces[LABEL_WIDTH + 1] = "               ";
    size_t n = strlen(name);

    put(p, "  ");
    put(p, name);
    put(p, spaces + (n < LABEL_WIDTH ? n : LABEL_WIDTH));
}

/* A line with a text of the record; no line if it is not known. */
static void line(struct page *p, const char *name, struct cvk_text t)
{
    if (!t.known)
        return;
    label(p, name);
    put_escaped(p, cvk_record_text(p->r, t));
    put(p, "\n");
}

static void line_sha256(struct page *p, const char *name, const char *lead,
                        const uint8_t *sha256)
{
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(sha256, hex);
    label(p, name);
    put(p, lead);
    put(p, hex);
    put(p, "\n");
}

/* A line in words of the program. */
static void line_words(struct page *p, const char *name, const char *words)
{
    label(p, name);
    put(p, words);
    put(p, "\n");
}

/* Where an identifier was found. */
static void line_pointer(struct page *p, struct cvk_text pointer,
                         bool published)
{
    if (!pointer.known)
        return;
    label(p, "");
    put(p, "from ");
    put_escaped(p, cvk_record_text(p->r, pointer));
    put(p, published ? "\n" : " (not a published name)\n");
}

static void line_vault(struct page *p, const char *name, const char *kind,
                       struct cvk_text vault, bool has_cloud,
                       enum cvk_cloud cloud)
{
    if (!vault.known)
        return;
    label(p, name);
    put(p, kind);
    put_escaped(p, cvk_record_text(p->r, vault));
    if (has_cloud)
        putf(p, " (%s cloud)", cvk_cloud_name(cloud));
    put(p, "\n");
}

/* A config of the documented members alone names no key: usual, no fault. */
static const char *unnamed(const struct cvk_record *r)
{
    bool config = r->type != CVK_RECORD_CARVE ||
                  r->carve.source == CVK_CARVE_CONFIG;

    return r->input.document == CVK_DOCUMENT_BLOB || !config
               ? "a backup does not tell; the restore prints it"
               : "not stated in this config; the restore prints it";
}

/* The vault, Managed HSM; or, where the backup is of the other kind of store,
 * that its name is not known, and what the config calls it. */
static void write_vault(struct page *p)
{
    const struct cvk_key_facts *k = &p->r->key;
    const char *words = cvk_store_words(k->store);
    char kind[32];

    if (!cvk_record_vault_disputed(p->r)) {
        line_vault(p, words, "", k->vault, k->has_cloud, k->cloud);
        return;
    }
    line_words(p, words, "name not known: the config contradicts the backup, "
                         "see the warning");
    snprintf(kind, sizeof kind, "%s ", cvk_store_words(k->vault_store));
    line_vault(p, "config says", kind, k->vault, k->has_cloud, k->cloud);
}

static void write_key(struct page *p)
{
    const struct cvk_key_facts *k = &p->r->key;

    if (!k->name.known) {
        line_words(p, "key", unnamed(p->r));
        line(p, "version", k->version);
    } else {
        line(p, "key", k->name);
        line(p, "version", k->version);
        if (!k->version.known)
            line_words(p, "version",
                       "not stated in this config; the restore prints it");
    }
    write_vault(p);
    line(p, "key URL", k->url);
    line_pointer(p, k->url_pointer, k->url_published);
}

/* Of the secret that is backed up; beside the key, its name alone. */
static void write_secret(struct page *p)
{
    const struct cvk_secret_facts *s = &p->r->secret;

    if (!s->name.known && p->r->backup.secret)
        line_words(p, "secret", unnamed(p->r));
    line(p, "secret", s->name);
    if (!p->r->backup.secret)
        return;
    line(p, "version", s->version);
    line_vault(p, cvk_store_words(CVK_KEY_VAULT), "", s->vault, s->has_cloud, s->cloud);
    line(p, "secret URL", s->url);
    line_pointer(p, s->url_pointer, s->url_published);
}

static void write_des(struct page *p)
{
    const struct cvk_des_facts *d = &p->r->des;

    if (!d->id.known) {
        if (p->r->input.document == CVK_DOCUMENT_CVM)
            line_words(p, "DES", "not stated in this config");
        return;
    }
    line(p, "DES", d->name);
    line(p, "resource group", d->resource_group);
    line(p, "subscription", d->subscription);
    line_pointer(p, d->id_pointer, false);
}

static const char *format_words(enum cvk_backup_format format)
{
    static const char *const words[] = {
        "of unknown format", "of a key vault key", "of a Managed HSM key",
        "of a key vault secret"};

    return words[format];
}

/* The verdict on the structure. What was refused was found not to be whole,
 * unless a newer format was the reason. */
static const char *structure_words(const struct cvk_record *r)
{
    const struct cvk_finding *error = cvk_record_error(r);

    if (r->backup.structure_ok)
        return "structure ok, ";
    if (error && error->code == CVK_E_BLOB_SECRET)
        return ""; /* refused for what it is */
    return r->status == CVK_STATUS_REFUSED &&
                   error->code != CVK_E_BLOB_NEWER_FORMAT
               ? "structure not whole, "
               : "structure unknown, ";
}

static void write_count(struct page *p, uint64_t n, const char *what)
{
    putf(p, "%llu %s%s", (unsigned long long)n, what, n == 1 ? "" : "s");
}

/* True where the published procedures look for a backup. */
static bool is_published_place(struct cvk_slice pointer)
{
    static const char *const places[] = {
        "/OsDiskEncryptionDetails/KeyBackupData",
        "/OsDiskKeyAndSecretDetails/KeyBackupData",
        "/OsDiskKeyAndSecretDetails/KeyVaultSecretBackupData"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (cvk_slice_equal_nocase(pointer,
                                   cvk_slice_of(places[i], strlen(places[i]))))
            return true;
    return false;
}

/* What the id of the wrapping key tells of another backup. Azure documents
 * none of it; each backup of a Managed HSM that was seen has the same id. */
static const char *service_key_words(enum cvk_backup_format format)
{
    switch (format) {
    case CVK_BACKUP_KEY_VAULT_KEY:
    case CVK_BACKUP_KEY_VAULT_SECRET:
        return "a backup with the same service key is of the same security "
               "world (inferred)";
    case CVK_BACKUP_MANAGED_HSM_KEY:
        return "every Managed HSM names it so: it tells no security domain "
               "from another";
    default:
        return NULL;
    }
}

static void write_wrapping(struct page *p, const struct cvk_backup_facts *b)
{
    const char *words = service_key_words(b->format);

    label(p, "wrapped with");
    put_escaped(p, cvk_record_text(p->r, b->alg));
    put(p, ", ");
    put_escaped(p, cvk_record_text(p->r, b->enc));
    if (b->kid.known) {
        put(p, ", service key ");
        put_escaped(p, cvk_record_text(p->r, b->kid));
    }
    put(p, "\n");
    if (!b->kid.known || !words)
        return;
    label(p, "");
    put(p, words);
    put(p, "\n");
}

static void write_backup(struct page *p)
{
    const struct cvk_backup_facts *b = &p->r->backup;

    if (!b->size)
        return;
    label(p, "backup");
    putf(p, "%s, %s", format_words(b->format), structure_words(p->r));
    write_count(p, b->size, "byte");
    if (b->base64_length) {
        put(p, " from ");
        write_count(p, b->base64_length, "character");
        put(p, " of base64");
    }
    put(p, "\n");
    if (b->pointer.known &&
        !is_published_place(cvk_record_text(p->r, b->pointer))) {
        label(p, "");
        put(p, "from ");
        put_escaped(p, cvk_record_text(p->r, b->pointer));
        put(p, "\n");
    }
    if (b->alg.known)
        write_wrapping(p, b);
}

static void write_blob(struct page *p)
{
    const struct cvk_record *r = p->r;

    if (r->blob.written) {
        label(p, "blob");
        p->ok = p->ok &&
                cvk_escape_name(p->out,
                                cvk_record_text(r, r->blob.shown.known
                                                       ? r->blob.shown
                                                       : r->blob.path));
        put(p, r->blob.repeated ? " (found before)"
               : r->carve.partial ? " (a part of one)"
               : r->blob.synced   ? " (complete and on disk)"
                                  : "");
        put(p, "\n");
    }
    /* what was refused is no blob that anyone may use */
    if (r->backup.size && r->status == CVK_STATUS_REFUSED)
        line_sha256(p, "refused data", "SHA-256 ", r->backup.sha256);
    else if (r->backup.size)
        line_sha256(p, "blob SHA-256", "", r->backup.sha256);
    if (r->cross_checked) {
        label(p, "cross-check");
        put(p, "agreed: cJSON and libb64 derive the same bytes\n");
    }
}

static void write_fields(struct page *p)
{
    for (size_t i = 0; i < p->r->n_fields; i++) {
        const struct cvk_record_field *f = &p->r->fields[i];

        label(p, i ? "" : "fields");
        put_escaped(p, cvk_record_text(p->r, f->pointer));
        put(p, " = ");
        put_escaped(p, cvk_record_text(p->r, f->value));
        put(p, "\n");
    }
}

static void write_findings(struct page *p)
{
    static const char *const severities[] = {"note", "warning", "error"};

    for (size_t i = 0; i < p->r->findings.n; i++) {
        const struct cvk_finding *f = &p->r->findings.v[i];

        label(p, severities[f->severity]);
        /* texts are made of words and of evidence that is escaped already */
        p->ok = p->ok && cvk_buf_append_slice(p->out,
                                              cvk_record_text(p->r, f->text));
        p->ok = p->ok && cvk_finding_append_place(p->out, f);
        putf(p, " [%s]\n", cvk_code_id(f->code));
    }
}

/* What to do now: the hint of an error, or the steps of a good record. */
static void write_next(struct page *p)
{
    const struct cvk_finding *error = cvk_record_error(p->r);
    const char *lead = "next";

    if (error) {
        if (cvk_code_hint(error->code))
            line_words(p, "next", cvk_code_hint(error->code));
        return;
    }
    if (p->r->carve.partial)
        line_words(p, "next", "no store takes this: look for the rest of it");
    if (!p->r->backup.known || p->r->carve.partial || p->r->blob.repeated)
        return;
    for (size_t i = 0; i < CVK_NEXT_STEPS && p->ok; i++) {
        size_t start = p->out->n;

        label(p, lead);
        if (!cvk_next_step(p->out, p->r, i)) {
            p->out->n = start;
            p->ok = !p->out->failed;
            break;
        }
        put(p, "\n");
        lead = "";
    }
}

/* "ok", and how much there is to read below. */
static void write_status(struct page *p)
{
    unsigned warnings = 0;

    for (size_t i = 0; i < p->r->findings.n; i++)
        warnings += p->r->findings.v[i].severity == CVK_WARNING;
    put(p, cvk_status_name(p->r->status));
    if (warnings && p->r->status == CVK_STATUS_OK)
        putf(p, ", %u warning%s", warnings, warnings == 1 ? "" : "s");
    put(p, "\n");
}

/* What is passed over is counted at the end; but for what may still matter: a
 * key backup that lies about, an archive that is not opened. */
static bool is_worth_a_line(const struct cvk_record *r)
{
    bool worth = r->status != CVK_STATUS_SKIPPED;

    for (size_t i = 0; i < r->findings.n; i++)
        worth = worth || r->findings.v[i].severity == CVK_WARNING ||
                r->findings.v[i].code == CVK_E_KIND_BLOB;
    return worth;
}

/* What was found, and where. */
static void write_found(struct page *p)
{
    static const char *const sources[] = {"config", "base64 text", "blob"};
    const struct cvk_carve_facts *c = &p->r->carve;

    putf(p, "%s at offset %llu, %llu bytes%s", sources[c->source],
         (unsigned long long)c->offset, (unsigned long long)c->length,
         c->gzip ? " of gzip" : "");
    if (p->r->input.decoded && p->r->input.encoding != CVK_UTF8)
        putf(p, ", %s", cvk_encoding_name(p->r->input.encoding));
    put(p, ": ");
}

/* What was searched of an image, and with what result. */
static void write_searched(struct page *p)
{
    const struct cvk_image_facts *f = p->r->image;

    write_count(p, f->length, "byte");
    if (f->length != f->size)
        putf(p, " from offset %llu on", (unsigned long long)f->offset);
    if (f->sparse)
        putf(p, " (%llu in holes)", (unsigned long long)f->sparse);
    put(p, " searched, ");
    write_count(p, f->hits, "key backup");
    put(p, " found");
    if (f->refused)
        putf(p, ", %llu of them refused or not written", (unsigned long long)f->refused);
    put(p, ": ");
}

/* The input's name: for a member of an archive both. */
static void write_name(struct page *p)
{
    const struct cvk_record *r = p->r;

    p->ok = cvk_escape_name(p->out, cvk_record_text(r, r->input.path));
    if (r->input.member.known) {
        put(p, " (");
        p->ok = p->ok && cvk_escape_name(p->out, cvk_record_text(
                                                     r, r->input.member));
        put(p, ")");
    }
    put(p, ": ");
    if (r->type == CVK_RECORD_CARVE)
        write_found(p);
    if (r->type == CVK_RECORD_IMAGE)
        write_searched(p);
    if (r->type == CVK_RECORD_ARCHIVE)
        putf(p, "archive of %llu file%s, ", (unsigned long long)r->members,
             r->members == 1 ? "" : "s");
    write_status(p);
}

static bool write_record(struct cvk_buf *out, const struct cvk_record *r,
                         bool verbose)
{
    struct page p = {out, r, true};

    if (!verbose && !is_worth_a_line(r))
        return true;
    write_name(&p);
    if (r->backup.known) {
        if (!r->backup.secret)
            write_key(&p);
        write_secret(&p);
        write_des(&p);
        write_backup(&p);
        write_blob(&p);
    }
    if (r->input.read && r->input.document != CVK_DOCUMENT_BLOB)
        line_sha256(&p, "input SHA-256", "", r->input.sha256);
    if (verbose)
        write_fields(&p);
    write_findings(&p);
    write_next(&p);
    return p.ok;
}

static void count(struct page *p, uint64_t n, const char *what)
{
    if (n)
        putf(p, ", %llu %s", (unsigned long long)n, what);
}

static bool write_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    struct page p = {out, NULL, true};

    if (s->inputs == 1)
        return true;
    putf(&p, "%llu inputs: %llu ok", (unsigned long long)s->inputs,
         (unsigned long long)s->ok);
    count(&p, s->refused, "refused");
    count(&p, s->errors, "not done");
    count(&p, s->skipped, "skipped");
    if (s->blobs) {
        put(&p, "; ");
        write_count(&p, s->blobs, "blob");
        put(&p, " written");
    }
    put(&p, "\n");
    return p.ok;
}

const struct cvk_report_format cvk_report_text = {"\n", write_record,
                                                  write_summary};
