/* SPDX-License-Identifier: MIT */
#include "output/htmlrows.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "output/html.h"

void cvk_html_table_init(struct cvk_html_table *t)
{
    *t = (struct cvk_html_table){0};
    cvk_buf_init(&t->rows, CVK_MAX_PAGE_TABLE + CVK_MAX_PAGE_ROW);
}

bool cvk_html_table_more(struct cvk_html_table *t)
{
    if (t->n == CVK_MAX_PAGE_ROWS || t->rows.n > CVK_MAX_PAGE_TABLE) {
        t->left_out++;
        return false;
    }
    t->n++;
    return true;
}

static struct cvk_slice member(struct cvk_dom_value object, const char *name)
{
    return cvk_dom_text(cvk_dom_member(object, name));
}

/* "https://" is the same for all and makes lines longer. */
static struct cvk_slice without_scheme(struct cvk_slice url)
{
    struct cvk_slice scheme = CVK_LITERAL("https://");

    return cvk_slice_starts_nocase(url, scheme)
               ? cvk_slice_cut(url, scheme.n, url.n)
               : url;
}

static void put_cell(struct cvk_buf *out, const char *label)
{
    cvk_html_put(out, "<td data-l=\"");
    cvk_html_put(out, label);
    cvk_html_put(out, "\">");
}

static void end_cell(struct cvk_buf *out)
{
    cvk_html_put(out, "</td>");
}

static void put_bytes(struct cvk_buf *out, uint64_t n)
{
    cvk_html_put(out, "<span class=\"q\">");
    cvk_html_count(out, n);
    cvk_html_put(out, " bytes</span>");
}

void cvk_html_row_input(struct cvk_buf *out, const struct cvk_manifest_row *r)
{
    cvk_html_element(out, "span", "i", r->input_path);
    if (!r->input_member.p)
        return;
    cvk_html_put(out, "<span class=\"q\">member ");
    cvk_html_text(out, r->input_member);
    cvk_html_put(out, "</span>");
}

static uint64_t number(struct cvk_dom_value object, const char *name)
{
    uint64_t n = 0;

    cvk_dom_integer(cvk_dom_member(object, name), &n);
    return n;
}

static void put_number(struct cvk_buf *out, const char *lead, uint64_t n)
{
    cvk_html_put(out, lead);
    cvk_html_count(out, n);
}

/* Where in an image a key backup was found, and as what. */
static void put_found(struct cvk_buf *out, struct cvk_dom_value root)
{
    struct cvk_slice encoding = member(root, "encoding");
    uint64_t n = 0;

    put_number(out, "<span class=\"q\">at offset ", number(root, "offset"));
    put_number(out, ", ", number(root, "length"));
    cvk_html_put(out, " bytes: ");
    cvk_html_text(out, member(root, "source"));
    if (encoding.p) {
        cvk_html_put(out, " in ");
        cvk_html_text(out, encoding);
    }
    if (cvk_dom_integer(cvk_dom_member(root, "inner_offset"), &n))
        put_number(out, ", of a gzip stream, there at ", n);
    cvk_html_put(out, "</span>");
}

/* The input of a record, or its place in an image. */
static void put_origin(struct cvk_buf *out, const struct cvk_manifest *m)
{
    cvk_html_row_input(out, &m->row);
    if (m->row.type == CVK_ROW_CARVE)
        put_found(out, cvk_dom_root(&m->dom));
}

/* False of what was found in an image without a config around it. */
static bool has_config(struct cvk_dom_value root)
{
    struct cvk_slice source = member(root, "source");

    return !source.p || cvk_slice_equal(source, CVK_LITERAL("config"));
}

/* ---- runs ---------------------------------------------------------------- */

/* A row of a description list whose label is evidence, too. */
static void put_note(struct cvk_buf *out, struct cvk_dom_value note)
{
    cvk_html_put(out, "<div><dt>");
    cvk_html_text(out, cvk_utf8_prefix(cvk_dom_name(note), CVK_MAX_SHOWN));
    cvk_html_put(out, "</dt><dd><b>");
    cvk_html_text(out, cvk_dom_text(note));
    cvk_html_put(out, "</b></dd></div>\n");
}

static void put_notes(struct cvk_buf *out, struct cvk_dom_value notes)
{
    struct cvk_dom_value v = cvk_dom_first(notes);
    unsigned n = 0;

    if (v.kind == CVK_DOM_ABSENT)
        cvk_html_put(out, "<p>The run has no notes on the case "
                          "(<code>--note</code>).</p>\n");
    cvk_html_put(out, "<dl>\n");
    /* no run has more, and a row has room for as many */
    for (; v.kind != CVK_DOM_ABSENT && n < CVK_MAX_NOTES; v = cvk_dom_next(v)) {
        put_note(out, v);
        n++;
    }
    if (v.kind != CVK_DOM_ABSENT)
        cvk_html_put(out, "<div><dt>More notes</dt><dd>are in the manifest"
                          "</dd></div>\n");
}

/* One word, as a shell would be given it; escaped where no shell takes it. */
static void put_word(struct cvk_buf *out, struct cvk_slice word)
{
    struct cvk_slice start = cvk_utf8_prefix(word, CVK_MAX_PAGE_TEXT / 4);
    struct cvk_slice name = start, shown = start;
    struct cvk_buf quoted;

    /* an option needs no quotes for its dashes */
    while (name.n && name.p[0] == '-')
        name = cvk_slice_cut(name, 1, name.n);
    cvk_buf_init(&quoted, 4 * CVK_MAX_PAGE_TEXT);
    if (!cvk_escape_posix_word(&quoted, name) ||
        !cvk_slice_equal(cvk_buf_slice(&quoted), name)) {
        quoted.n = 0;
        if (cvk_escape_posix_word(&quoted, start))
            shown = cvk_buf_slice(&quoted);
    }
    cvk_html_text(out, shown);
    out->failed |= quoted.failed;
    cvk_buf_clear(&quoted);
}

/* The first words are enough: inputs can be many, and stand in the tables. */
static void put_command(struct cvk_buf *out, struct cvk_dom_value words)
{
    struct cvk_dom_value v = cvk_dom_first(words);
    uint64_t n = 0;

    cvk_html_put(out, "<div><dt>Command</dt><dd><code>cvmkey");
    for (; v.kind != CVK_DOM_ABSENT; v = cvk_dom_next(v), n++) {
        if (n >= CVK_MAX_PAGE_WORDS)
            continue;
        cvk_html_put(out, " ");
        put_word(out, cvk_dom_text(v));
    }
    cvk_html_put(out, "</code>");
    if (n > CVK_MAX_PAGE_WORDS) {
        cvk_html_put(out, " <i>\xe2\x80\xa6 and ");
        cvk_html_count(out, n - CVK_MAX_PAGE_WORDS);
        cvk_html_put(out, " more words</i>");
    }
    cvk_html_put(out, "</dd></div>\n");
}

void cvk_html_row_run(struct cvk_html_table *t, struct cvk_dom_value root)
{
    struct cvk_buf *out = &t->rows;
    char words[64];
    uint64_t uid;

    if (!cvk_html_table_more(t))
        return;
    snprintf(words, sizeof words, "<h3>Run %llu</h3>\n",
             (unsigned long long)t->n);
    cvk_html_put(out, words);
    put_notes(out, cvk_dom_member(root, "notes"));
    cvk_html_fact(out, "Started (UTC)", member(root, "start"));
    cvk_html_fact(out, "Host", member(root, "host"));
    if (cvk_dom_integer(cvk_dom_member(root, "uid"), &uid))
        snprintf(words, sizeof words, "%llu", (unsigned long long)uid);
    else
        snprintf(words, sizeof words, "not known");
    cvk_html_fact(out, "User (number)", cvk_slice_of(words, strlen(words)));
    cvk_html_fact(out, "cvmkey version", member(root, "version"));
    cvk_html_fact(out, "Sandbox", member(root, "sandbox"));
    put_command(out, cvk_dom_member(root, "command"));
    cvk_html_put(out, "</dl>\n");
}

/* ---- blobs --------------------------------------------------------------- */

static const char *store_words(struct cvk_slice store)
{
    if (cvk_slice_equal(store, CVK_LITERAL("managed-hsm")))
        return "Managed HSM";
    return cvk_slice_equal(store, CVK_LITERAL("key-vault")) ? "key vault"
                                                            : NULL;
}

/* What the backup is of: a key, or the secret of a disk of Azure Disk
 * Encryption, which only key vaults have. */
struct object {
    struct cvk_dom_value facts;
    const char *store; /* in words, NULL if not known */
};

static struct object find_object(struct cvk_dom_value root)
{
    struct cvk_dom_value backup = cvk_dom_member(root, "backup");
    struct cvk_dom_value key = cvk_dom_member(root, "key");

    if (cvk_slice_equal(member(backup, "format"),
                        CVK_LITERAL("key-vault-secret")))
        return (struct object){cvk_dom_member(root, "secret"),
                               "secret in a key vault"};
    return (struct object){key, store_words(member(key, "store"))};
}

static void put_key(struct cvk_buf *out, struct cvk_dom_value root)
{
    struct object key = find_object(root);
    struct cvk_slice name = member(key.facts, "name");
    struct cvk_slice url = member(key.facts, "url");
    const char *words = key.store;

    put_cell(out, "Key or secret, store");
    if (name.p || url.p)
        cvk_html_element(out, "b", "k", name.p ? name : url);
    else
        cvk_html_put(out, has_config(root) ? "<i>no URL in the config</i>"
                                           : "<i>no config around it</i>");
    if (url.p)
        cvk_html_element(out, "span", "v", without_scheme(url));
    if (words)
        cvk_html_element(out, "span", "q", cvk_slice_of(words, strlen(words)));
    end_cell(out);
}

static void put_des(struct cvk_buf *out, struct cvk_dom_value root)
{
    struct cvk_dom_value des = cvk_dom_member(root, "des");
    struct cvk_slice group = member(des, "resource_group");
    struct cvk_slice subscription = member(des, "subscription");

    put_cell(out, "Disk encryption set");
    if (member(des, "id").p)
        cvk_html_element(out, "b", "k", member(des, "name"));
    else
        cvk_html_put(out, has_config(root) ? "<i>not in the config</i>"
                                           : "<i>no config around it</i>");
    if (group.p) {
        cvk_html_put(out, "<span class=\"q\">resource group ");
        cvk_html_text(out, group);
        cvk_html_put(out, "</span>");
    }
    if (subscription.p)
        cvk_html_element(out, "span", "v", subscription);
    end_cell(out);
}

static void put_source(struct cvk_buf *out, const struct cvk_manifest *m)
{
    const struct cvk_manifest_row *r = &m->row;

    put_cell(out, "Config it came from, SHA-256");
    put_origin(out, m);
    if (r->has_input_sha256)
        cvk_html_sha256(out, r->input_sha256);
    if (r->has_input_size)
        put_bytes(out, r->input_size);
    end_cell(out);
}

/* How the bytes were checked when they were written. */
static void put_checks(struct cvk_buf *out, struct cvk_dom_value root)
{
    struct cvk_dom_value backup = cvk_dom_member(root, "backup");
    bool agreed = cvk_slice_equal(member(root, "cross_check"),
                                  CVK_LITERAL("agreed"));
    bool ok = cvk_slice_equal(member(backup, "structure"), CVK_LITERAL("ok"));

    cvk_html_put(out, ok ? "<span class=\"q\">structure ok; "
                         : "<span class=\"q\">structure unknown; ");
    cvk_html_put(out, agreed ? "two decodes agreed</span>"
                             : "decoded once only</span>");
}

void cvk_html_row_blob(struct cvk_html_table *t, const struct cvk_manifest *m)
{
    const struct cvk_manifest_row *r = &m->row;
    struct cvk_dom_value root = cvk_dom_root(&m->dom);
    struct cvk_buf *out = &t->rows;

    if (!cvk_html_table_more(t))
        return;
    cvk_html_put(out, "<tr><td class=\"n\" data-l=\"No.\">");
    cvk_html_count(out, t->n);
    end_cell(out);
    put_cell(out, "Key backup, SHA-256");
    cvk_html_element(out, "b", "k", r->blob_path);
    cvk_html_sha256(out, r->blob_sha256);
    put_bytes(out, r->blob_size);
    put_checks(out, root);
    end_cell(out);
    put_key(out, root);
    put_des(out, root);
    put_source(out, m);
    cvk_html_put(out, "</tr>\n");
}

/* ---- findings ------------------------------------------------------------ */

/* Where it lies, as far as the finding says. */
static void put_place(struct cvk_buf *out, struct cvk_dom_value finding)
{
    static const char *const names[] = {"line", "column", "offset"};
    struct cvk_slice pointer = member(finding, "pointer");
    const char *comma = "";
    char words[64];
    uint64_t n;

    if (pointer.p)
        cvk_html_element(out, "span", "v", pointer);
    cvk_html_put(out, "<span class=\"q\">");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!cvk_dom_integer(cvk_dom_member(finding, names[i]), &n))
            continue;
        snprintf(words, sizeof words, "%s%s %llu", comma, names[i],
                 (unsigned long long)n);
        cvk_html_put(out, words);
        comma = ", ";
    }
    cvk_html_put(out, "</span>");
}

static void put_finding(struct cvk_html_table *t,
                        const struct cvk_manifest *m,
                        struct cvk_dom_value finding)
{
    struct cvk_buf *out = &t->rows;

    if (!cvk_html_table_more(t))
        return;
    cvk_html_put(out, "<tr>");
    put_cell(out, "Input");
    put_origin(out, m);
    end_cell(out);
    put_cell(out, "Id");
    cvk_html_element(out, "code", "id", member(finding, "id"));
    end_cell(out);
    put_cell(out, "What was found");
    cvk_html_text(out, member(finding, "text"));
    put_place(out, finding);
    cvk_html_put(out, "</td></tr>\n");
}

void cvk_html_row_findings(struct cvk_html_table tables[3],
                           const struct cvk_manifest *m)
{
    static const char *const names[] = {"note", "warning"};
    struct cvk_dom_value v =
        cvk_dom_first(cvk_dom_member(cvk_dom_root(&m->dom), "findings"));

    for (; v.kind != CVK_DOM_ABSENT; v = cvk_dom_next(v)) {
        struct cvk_slice severity = member(v, "severity");
        size_t i = 0;

        /* what has no severity is not made to look harmless */
        while (i < CVK_ERROR &&
               !cvk_slice_equal(severity, cvk_slice_of(names[i],
                                                       strlen(names[i]))))
            i++;
        put_finding(&tables[i], m, v);
    }
}

/* ---- the picture --------------------------------------------------------- */

bool cvk_html_row_picture(struct cvk_picture *p, const struct cvk_manifest *m)
{
    struct cvk_dom_value root = cvk_dom_root(&m->dom);
    struct object key = find_object(root);
    struct cvk_dom_value des = cvk_dom_member(root, "des");
    struct cvk_slice url = without_scheme(member(key.facts, "url"));
    struct cvk_slice vault = member(key.facts, "vault"), host = url;
    struct cvk_picture_label labels[CVK_PICTURE_BOXES] = {
        {url, member(key.facts, "name"), member(key.facts, "version")},
        {vault, vault, {NULL, 0}},
        {member(des, "id"), member(des, "name"),
         member(des, "resource_group")},
    };

    /* a vault and a Managed HSM may have the same first label */
    host.n = cvk_slice_find(url, '/');
    if (host.n)
        labels[CVK_PICTURE_STORE].whole = host;
    if (key.store)
        labels[CVK_PICTURE_STORE].detail =
            cvk_slice_of(key.store, strlen(key.store));
    return cvk_picture_add(p, labels, m->row.blob_path);
}
