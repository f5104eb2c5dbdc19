/* SPDX-License-Identifier: MIT */
#include "restore/export.h"

#include <stdio.h>
#include <string.h>

#include "evidence/json.h"
#include "evidence/json_string.h"
#include "evidence/pointer.h"
#include "restore/job.h"
#include "restore/keyexport.h"
#include "restore/reader.h"
#include "restore/resource.h"

/* ---- strict reading ----------------------------------------------------- */

/* Readers that end strings at U+0000 would see another document. */
static bool holds_nul(struct cvk_slice token)
{
    uint8_t c[4];

    for (size_t at = 0; at < token.n;)
        if (cvk_json_char(token, &at, c) == 1 && c[0] == 0)
            return true;
    return false;
}

static void set_fault(struct cvk_export_fault *f, enum cvk_code code, size_t at,
                      const char *why)
{
    f->code = code;
    f->placed = true;
    f->at = at;
    snprintf(f->why, sizeof f->why, "%s", why);
}

/* Only white space may follow, and the NULs of padded UTF-16. */
static bool check_end(const struct cvk_json *j, struct cvk_export_fault *f)
{
    for (size_t i = j->at; i < j->text.n; i++)
        if (!memchr(" \t\r\n", j->text.p[i], 5)) {
            set_fault(f, CVK_E_JSON_TRAILING, i,
                      "something follows the end of the document");
            return false;
        }
    return true;
}

/* cJSON only gets to see what the strict reader accepts. */
static bool scan(struct cvk_slice text, size_t *values,
                 struct cvk_export_fault *f)
{
    enum cvk_json_event event;
    struct cvk_json j;

    cvk_json_init(&j, text);
    do {
        event = cvk_json_next(&j);
        if ((event == CVK_JSON_NAME || event == CVK_JSON_STRING) && j.escaped &&
            holds_nul(cvk_json_token(&j))) {
            set_fault(f, CVK_E_JSON_NUL, j.from, "U+0000 stands in a string");
            return false;
        }
    } while (event != CVK_JSON_DONE && event != CVK_JSON_FAILED);
    *values = j.values;
    if (event == CVK_JSON_DONE)
        return check_end(&j, f);
    set_fault(f, j.error, j.error_at, "");
    cvk_json_explain(&j, f->why);
    return false;
}

static bool is_blank(struct cvk_slice text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!memchr(" \t\r\n", text.p[i], 5))
            return false;
    return true;
}

/* ---- what it is --------------------------------------------------------- */

static bool has(struct cvk_reader *r, struct cvk_dom_value entry,
                const char *names)
{
    return cvk_reader_get(r, entry, names, NULL).item != NULL;
}

/* By the type that an ARM resource has, or by its id. */
static bool is_resource(struct cvk_reader *r, struct cvk_dom_value entry,
                        const char *type)
{
    static const char *const ids[] = {"id", "resourceId"};
    struct cvk_slice t = cvk_slice_of(type, strlen(type));
    struct cvk_dom_value v = cvk_reader_get(r, entry, "type", NULL);

    if (cvk_slice_equal_nocase(cvk_dom_text(v), t))
        return true;
    for (size_t i = 0; i < 2; i++) {
        struct cvk_slice id =
            cvk_dom_text(cvk_reader_get(r, entry, ids[i], NULL));
        size_t n = id.n;

        /* /subscriptions/.../providers/TYPE/NAME and nothing behind */
        while (n && id.p[n - 1] != '/')
            n--;
        if (n && cvk_slice_ends_nocase(cvk_slice_cut(id, 0, n - 1), t))
            return true;
    }
    return false;
}

/* Of what an entry is; the causes to refuse it are in the reader. */
static enum cvk_export_kind recognise(struct cvk_reader *r,
                                      struct cvk_dom_value entry)
{
    static const struct {
        const char *type;
        enum cvk_export_kind kind;
    } types[] = {
        {"Microsoft.Compute/diskEncryptionSets", CVK_EXPORT_DES},
        {"Microsoft.KeyVault/vaults", CVK_EXPORT_VAULT},
        {"Microsoft.KeyVault/managedHSMs", CVK_EXPORT_VAULT},
        {"Microsoft.Compute/virtualMachines", CVK_EXPORT_DISK},
        {"Microsoft.Compute/disks", CVK_EXPORT_DISK},
    };

    if (cvk_key_entry_url(r, entry))
        return CVK_EXPORT_KEY;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is_resource(r, entry, types[i].type))
            return types[i].kind;
    if (has(r, entry, "securedVMDetails") ||
        has(r, entry, "properties/securedVMDetails"))
        return CVK_EXPORT_REQUEST;
    if (cvk_point_is(r, entry))
        return CVK_EXPORT_POINT;
    if (cvk_job_is(r, entry))
        return CVK_EXPORT_JOB;
    return CVK_EXPORT_EMPTY_LIST;
}

static void refuse_unknown(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_text at = cvk_reader_entry(r);

    if (has(r, entry, "OsDiskEncryptionDetails") ||
        has(r, entry, "OsDiskKeyAndSecretDetails"))
        cvk_reader_refuse(r, CVK_E_EXPORT_CONFIG, &at,
                          "an encryption config, not an export");
    else if (has(r, entry, "error"))
        cvk_reader_refuse(r, CVK_E_EXPORT_ERROR, &at,
                          "the service answered with an error");
    else
        cvk_reader_refuse(r, CVK_E_EXPORT_UNKNOWN, &at,
                          "JSON that is no export of a known kind");
}

static void read_entry(struct cvk_reader *r, struct cvk_dom_value entry,
                       struct cvk_export *e)
{
    static void (*const read[CVK_EXPORT_KINDS])(struct cvk_reader *,
                                                struct cvk_dom_value) = {
        refuse_unknown, cvk_des_read,   cvk_key_entry_read, cvk_vault_read,
        cvk_disk_read,  cvk_point_read, cvk_job_read,       cvk_request_read,
    };
    enum cvk_export_kind kind = recognise(r, entry);
    struct cvk_text at = cvk_reader_entry(r);

    if (e->entries++ && kind && kind != e->kind)
        cvk_reader_refuse(r, CVK_E_EXPORT_MIXED, &at,
                          "entries of different kinds: a %s behind a %s",
                          cvk_export_words(kind), cvk_export_words(e->kind));
    e->kind = kind;
    read[kind](r, entry);
}

/* ---- lists -------------------------------------------------------------- */

/* The list that a document is, or holds as "value"; absent if it is one entry.
 * *complete tells that no further page follows. */
static struct cvk_dom_value find_list(struct cvk_reader *r,
                                      struct cvk_dom_value root,
                                      struct cvk_text *at, bool *complete)
{
    struct cvk_dom_value v, next;

    *complete = true;
    if (root.kind == CVK_DOM_ARRAY) {
        *at = cvk_reader_entry(r);
        return root;
    }
    v = cvk_reader_get(r, root, "value", at);
    if (v.kind != CVK_DOM_ARRAY)
        return (struct cvk_dom_value){0};
    next = cvk_reader_get(r, root, "nextLink", NULL);
    *complete = !next.item || next.kind == CVK_DOM_NULL;
    return v;
}

static void read_list(struct cvk_reader *r, struct cvk_dom_value list,
                      struct cvk_text at, struct cvk_export *e)
{
    size_t index = 0;

    for (struct cvk_dom_value v = cvk_dom_first(list); v.item && !r->code;
         v = cvk_dom_next(v)) {
        r->path.n = 0;
        if (!cvk_buf_append_slice(&r->path, cvk_case_text(r->c, at)) ||
            !cvk_pointer_add_index(&r->path, index++)) {
            cvk_reader_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
            return;
        }
        r->entry = r->path.n;
        read_entry(r, v, e);
    }
}

static void read_document(struct cvk_reader *r, struct cvk_dom_value root,
                          struct cvk_export *e)
{
    size_t first = r->c->keys.n / sizeof(struct cvk_key_entry);
    struct cvk_text at = {0};
    struct cvk_dom_value list = find_list(r, root, &at, &e->complete);

    if (list.item)
        read_list(r, list, at, e);
    else
        read_entry(r, root, e);
    if (!list.item && e->kind != CVK_EXPORT_KEY)
        e->complete = false;
    if (!r->code && e->kind == CVK_EXPORT_KEY)
        cvk_key_listing_judge(r->c, first, !list.item, e);
}

/* One DES is to be named, no more and no less. */
static void check_input_des(struct cvk_reader *r, const struct cvk_export *e)
{
    bool fits = e->kind == CVK_EXPORT_DES || e->kind == CVK_EXPORT_REQUEST;

    if (e->role == CVK_AS_INPUT_DES && (!fits || e->entries != 1))
        cvk_reader_refuse(r, CVK_E_EXPORT_INPUT_DES, NULL,
                          "--input-des takes one disk encryption set, this is "
                          "%s%s",
                          fits || !e->kind ? "a list" : "a ",
                          fits || !e->kind ? "" : cvk_export_words(e->kind));
}

static void take_fault(struct cvk_export_fault *f, const struct cvk_reader *r)
{
    f->code = r->code;
    f->pointer = r->pointer;
    memcpy(f->why, r->why, sizeof f->why);
}

enum cvk_code cvk_export_read(struct cvk_case *c, struct cvk_dom *dom,
                              struct cvk_slice path, enum cvk_role role,
                              struct cvk_slice text,
                              struct cvk_export_fault *fault)
{
    struct cvk_export e = {.role = role, .path = cvk_case_store(c, path)};
    struct cvk_reader r = {
        .c = c, .export = c->exports.n / sizeof(struct cvk_export)};
    size_t values;

    *fault = (struct cvk_export_fault){0};
    cvk_buf_init(&r.path, CVK_MAX_POINTER);
    if (is_blank(text)) {
        set_fault(fault, CVK_E_INPUT_EMPTY, 0, "the file holds no text");
        return fault->code;
    }
    if (!scan(text, &values, fault))
        return fault->code;
    r.code = cvk_dom_parse(dom, text, values);
    if (r.code)
        snprintf(r.why, sizeof r.why, "%s",
                 r.code == CVK_E_MEMORY ? "not enough memory"
                                        : "cJSON does not read this document");
    else
        read_document(&r, cvk_dom_root(dom), &e);
    check_input_des(&r, &e);
    cvk_reader_add(&r, &c->exports, &e, sizeof e);
    if (c->text.failed)
        cvk_reader_refuse(&r, CVK_E_MEMORY, NULL, "not enough memory");
    take_fault(fault, &r);
    cvk_buf_clear(&r.path);
    return fault->code;
}
