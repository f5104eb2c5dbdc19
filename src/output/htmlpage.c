/* SPDX-License-Identifier: MIT */
#include "output/htmlpage.h"

#include <stdio.h>
#include <string.h>

#include "output/html.h"
#include "output/htmlrows.h"
#include "output/htmltimeline.h"

static const char *const severities[] = {"Notes", "Warnings", "Errors"};

/* All tables, for what is done to each. */
enum { N_TABLES = 7 };

static void list_tables(struct cvk_page *p,
                        struct cvk_html_table *tables[N_TABLES])
{
    tables[0] = &p->runs;
    tables[1] = &p->blobs;
    tables[2] = &p->timeline;
    tables[3] = &p->troubles;
    for (int i = 0; i < 3; i++)
        tables[4 + i] = &p->findings[i];
}

void cvk_page_init(struct cvk_page *p)
{
    struct cvk_html_table *tables[N_TABLES];

    memset(p, 0, sizeof *p);
    list_tables(p, tables);
    for (int i = 0; i < N_TABLES; i++)
        cvk_html_table_init(tables[i]);
    cvk_buf_init(&p->moments,
                 CVK_MAX_PAGE_ROWS * sizeof(struct cvk_html_moment));
    cvk_picture_init(&p->picture);
}

void cvk_page_clear(struct cvk_page *p)
{
    struct cvk_html_table *tables[N_TABLES];

    list_tables(p, tables);
    for (int i = 0; i < N_TABLES; i++)
        cvk_buf_clear(&tables[i]->rows);
    cvk_buf_clear(&p->moments);
    cvk_picture_clear(&p->picture);
}

static bool failed(struct cvk_page *p)
{
    struct cvk_html_table *tables[N_TABLES];
    bool any = p->moments.failed;

    list_tables(p, tables);
    for (int i = 0; i < N_TABLES; i++)
        any |= tables[i]->rows.failed;
    return any;
}

/* ---- rows ---------------------------------------------------------------- */

static void add_counts(struct cvk_page *p, const struct cvk_manifest_counts *c)
{
    p->counted = true;
    p->counts.inputs += c->inputs;
    p->counts.ok += c->ok;
    p->counts.refused += c->refused;
    p->counts.errors += c->errors;
    p->counts.skipped += c->skipped;
    p->counts.bytes_in += c->bytes_in;
    /* one blob can have several places in images: the records do not count
     * them */
    if (p->carved) {
        p->counts.blobs += c->blobs;
        p->counts.bytes_out += c->bytes_out;
    }
    p->carved = false;
}

static bool add_blob(struct cvk_page *p, const struct cvk_manifest *m)
{
    struct cvk_dom_value check =
        cvk_dom_member(cvk_dom_root(&m->dom), "cross_check");

    p->once += !cvk_slice_equal(cvk_dom_text(check), CVK_LITERAL("agreed"));
    if (m->row.type == CVK_ROW_CARVE) {
        p->carved = true;
    } else {
        p->counts.blobs++;
        p->counts.bytes_out += m->row.blob_size;
    }
    cvk_html_row_blob(&p->blobs, m);
    return cvk_html_row_picture(&p->picture, m);
}

bool cvk_page_add(struct cvk_page *p, const struct cvk_manifest *m)
{
    const struct cvk_manifest_row *row = &m->row;
    bool ok = true;

    switch (row->type) {
    case CVK_ROW_RUN:
        cvk_html_row_run(&p->runs, cvk_dom_root(&m->dom));
        break;
    case CVK_ROW_SUMMARY:
        add_counts(p, &row->counts);
        break;
    default:
        cvk_timeline_add(p, m);
        if (row->has_blob && row->status == CVK_ROW_OK)
            ok = add_blob(p, m);
        cvk_html_row_findings(p->findings, m);
    }
    return ok && !failed(p);
}

bool cvk_page_trouble(struct cvk_page *p, enum cvk_severity severity,
                      enum cvk_code code, uint64_t line, const char *why)
{
    struct cvk_buf *out = &p->troubles.rows;

    p->refused |= severity == CVK_ERROR;
    if (!cvk_html_table_more(&p->troubles))
        return true;
    cvk_html_put(out, "<li>");
    if (line) {
        cvk_html_put(out, "line ");
        cvk_html_count(out, line);
        cvk_html_put(out, ": ");
    }
    cvk_html_text(out, cvk_slice_of(why, strlen(why)));
    cvk_html_put(out, " <code>");
    cvk_html_put(out, cvk_code_id(code));
    cvk_html_put(out, "</code></li>\n");
    return !out->failed;
}

/* ---- the summary --------------------------------------------------------- */

static void put_tile(struct cvk_buf *out, const char *label, bool known,
                     uint64_t n)
{
    cvk_html_put(out, "<li><b>");
    if (known)
        cvk_html_count(out, n);
    else
        cvk_html_put(out, "\xe2\x80\x93");
    cvk_html_put(out, "</b> ");
    cvk_html_put(out, label);
    cvk_html_put(out, "</li>\n");
}

static uint64_t total(const struct cvk_html_table *t)
{
    return t->n + t->left_out;
}

static void put_tiles(const struct cvk_page *p, struct cvk_buf *out)
{
    const struct cvk_manifest_counts *c = &p->counts;

    cvk_html_put(out, "<ul class=\"tiles\">\n");
    put_tile(out, "key backups written", !p->carved, c->blobs);
    put_tile(out, "inputs read", p->counted, c->inputs);
    put_tile(out, "inputs good", p->counted, c->ok);
    put_tile(out, "inputs refused", p->counted, c->refused);
    put_tile(out, "system errors", p->counted, c->errors);
    put_tile(out, "skipped, no config", p->counted, c->skipped);
    cvk_html_put(out, "</ul>\n");
}

static void put_sentence(struct cvk_buf *out, uint64_t n, const char *one,
                         const char *many)
{
    if (!n)
        return;
    cvk_html_put(out, "<p>");
    cvk_html_count(out, n);
    cvk_html_put(out, n == 1 ? one : many);
    cvk_html_put(out, "</p>\n");
}

/* What matters most, in words. */
static void put_verdict(const struct cvk_page *p, struct cvk_buf *out)
{
    uint64_t errors = total(&p->findings[CVK_ERROR]);
    uint64_t warnings = total(&p->findings[CVK_WARNING]);
    bool good = !total(&p->troubles) && !errors && !warnings && !p->once;

    cvk_html_put(out, p->refused ? "<div class=\"verdict bad\">\n"
                      : good     ? "<div class=\"verdict good\">\n"
                                 : "<div class=\"verdict care\">\n");
    if (p->refused)
        cvk_html_put(out, "<p><b>The manifest is not as it was written. This "
                          "page shows what is left of it.</b></p>\n");
    else if (good)
        cvk_html_put(out, "<p><b>The manifest is complete, and its records "
                          "name no error and no warning.</b></p>\n");
    else if (!total(&p->troubles))
        cvk_html_put(out, "<p><b>The manifest is complete. Some of its "
                          "records need attention.</b></p>\n");
    else
        cvk_html_put(out, "<p><b>The manifest needs attention.</b></p>\n");
    put_sentence(out, errors, " error: an input gave no key backup, or not all.",
                 " errors: their inputs gave no key backup, or not all.");
    put_sentence(out, warnings, " warning.", " warnings.");
    put_sentence(out, p->once, " key backup was decoded once only.",
                 " key backups were decoded once only.");
    if (total(&p->troubles)) {
        cvk_html_put(out, "<ul>\n");
        cvk_buf_append_slice(out, cvk_buf_slice(&p->troubles.rows));
        cvk_html_put(out, "</ul>\n");
    }
    put_sentence(out, p->troubles.left_out, " more line is wrong.",
                 " more lines are wrong.");
    cvk_html_put(out, "</div>\n");
}

static void put_summary(const struct cvk_page *p, struct cvk_buf *out)
{
    cvk_html_put(out, "<section id=\"summary\">\n<h2>Summary</h2>\n");
    put_verdict(p, out);
    put_tiles(p, out);
    cvk_html_put(out, "<dl>\n");
    cvk_html_fact(out, "Manifest", p->manifest);
    cvk_html_put(out, "<div><dt>Its size</dt><dd>");
    cvk_html_count(out, p->size);
    cvk_html_put(out, " bytes</dd></div>\n<div><dt>Its SHA-256</dt><dd>");
    if (p->hashed)
        cvk_html_sha256(out, p->sha256);
    else
        cvk_html_put(out, "<i>not known: it has a line that is longer than any "
                          "record</i>");
    cvk_html_put(out, "</dd></div>\n<div><dt>Bytes of key backups</dt><dd>");
    cvk_html_count(out, p->counts.bytes_out);
    cvk_html_put(out, "</dd></div>\n</dl>\n</section>\n");
}

static void put_head(const struct cvk_page *p, struct cvk_buf *out)
{
    cvk_html_head(out);
    cvk_html_put(out, "<header>\n<h1>Key backups of Confidential VMs</h1>\n"
                      "<p class=\"sub\">Report of the manifest <code>");
    cvk_html_text(out, p->manifest);
    cvk_html_put(out,
                 "</code></p>\n<nav aria-label=\"Contents\"><ul>\n"
                 "<li><a href=\"#summary\">Summary</a></li>\n"
                 "<li><a href=\"#custody\">Chain of custody</a></li>\n"
                 "<li><a href=\"#picture\">Keys and files</a></li>\n"
                 "<li><a href=\"#blobs\">Key backups</a></li>\n"
                 "<li><a href=\"#findings\">Findings</a></li>\n"
                 "<li><a href=\"#timeline\">Timeline</a></li>\n"
                 "<li><a href=\"#reading\">How to read this page</a></li>\n"
                 "</ul></nav>\n</header>\n<main>\n");
    put_summary(p, out);
}

/* ---- the other sections -------------------------------------------------- */

static void put_left_out(struct cvk_buf *out, const struct cvk_html_table *t)
{
    if (!t->left_out)
        return;
    cvk_html_put(out, "<p><b>");
    cvk_html_count(out, t->left_out);
    cvk_html_put(out, " more are not shown here;</b> the manifest has them "
                      "all.</p>\n");
}

static void put_custody(const struct cvk_page *p, struct cvk_buf *out)
{
    static const char *const lines[] = {"Released by", "Received by", "Date",
                                        "Purpose", "Signatures"};

    cvk_html_put(out, "<section id=\"custody\">\n<h2>Chain of custody</h2>\n");
    if (!p->runs.n)
        cvk_html_put(out, "<p>The manifest has no line that tells of its run: "
                          "who extracted, when and where is not known.</p>\n");
    cvk_buf_append_slice(out, cvk_buf_slice(&p->runs.rows));
    put_left_out(out, &p->runs);
    cvk_html_put(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                      "aria-label=\"Handovers\">\n<table class=\"form\">\n"
                      "<caption>Handovers, to be filled in by hand</caption>\n"
                      "<thead><tr>");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        cvk_html_put(out, "<th scope=\"col\">");
        cvk_html_put(out, lines[i]);
        cvk_html_put(out, "</th>");
    }
    cvk_html_put(out, "</tr></thead>\n<tbody>\n");
    for (int row = 0; row < 3; row++)
        cvk_html_put(out, "<tr><td></td><td></td><td></td><td></td><td></td>"
                          "</tr>\n");
    cvk_html_put(out, "</tbody></table>\n</div>\n</section>\n");
}

static void put_picture(struct cvk_page *p, struct cvk_buf *out)
{
    cvk_html_put(out, "<section id=\"picture\" class=\"page\">\n"
                      "<h2>Keys and files</h2>\n");
    cvk_picture_put(&p->picture, out);
    cvk_html_put(out, "</section>\n");
}

/* A table up to its rows. */
static void begin_table(struct cvk_buf *out, const char *class,
                        const char *caption, const char *heads)
{
    cvk_html_put(out, "<table class=\"c ");
    cvk_html_put(out, class);
    cvk_html_put(out, "\">\n<caption>");
    cvk_html_put(out, caption);
    cvk_html_put(out, "</caption>\n<thead><tr>");
    cvk_html_put(out, heads);
    cvk_html_put(out, "</tr></thead>\n");
}

#define HEAD(words) "<th scope=\"col\">" words "</th>"

static void begin_blobs(const struct cvk_page *p, struct cvk_buf *out)
{
    cvk_html_put(out, "<section id=\"blobs\">\n"
                      "<h2>Key backups</h2>\n");
    if (p->blobs.n)
        begin_table(out, "b", "Every file that was written, with its SHA-256 "
                              "and the config it came from",
                    HEAD("No.") HEAD("Key backup, SHA-256")
                    HEAD("Key or secret, store") HEAD("Disk encryption set")
                    HEAD("Config it came from, SHA-256"));
    else
        cvk_html_put(out, "<p>No key backup was written.</p>\n");
    cvk_html_put(out, p->blobs.n ? "<tbody>\n" : "");
}

static void end_table(const struct cvk_html_table *t, struct cvk_buf *out)
{
    cvk_html_put(out, t->n ? "</tbody></table>\n" : "");
    put_left_out(out, t);
}

static void begin_findings(const struct cvk_page *p, struct cvk_buf *out,
                           int severity)
{
    const struct cvk_html_table *t = &p->findings[severity];

    cvk_html_put(out, "<h3>");
    cvk_html_put(out, severities[severity]);
    cvk_html_put(out, " (");
    cvk_html_count(out, total(t));
    cvk_html_put(out, ")</h3>\n");
    if (!t->n) {
        cvk_html_put(out, "<p>None.</p>\n");
        return;
    }
    begin_table(out, "f", "Ids are explained in cvmkey-formats(5)",
                HEAD("Input") HEAD("Id") HEAD("What was found"));
    cvk_html_put(out, "<tbody>\n");
}

static void put_reading(struct cvk_buf *out)
{
    cvk_html_put(out,
                 "<section id=\"reading\">\n<h2>How to read this page</h2>\n"
                 "<p>This page repeats what the manifest says; no file was "
                 "opened for it but the manifest. That the files are still "
                 "what it says is told by <code>cvmkey verify</code>. The "
                 "manifest is not signed: keep its SHA-256, which stands in "
                 "the summary, where nobody can change it.</p>\n"
                 "<p><b>Structure ok</b> means that the bytes have the shape "
                 "of a key backup. Whether the service takes it can be told "
                 "by the service only. <b>Two decodes agreed</b> means that "
                 "two independent readers and decoders gave the same "
                 "bytes.</p>\n"
                 "<p>A key backup opens nothing by itself: it can be restored "
                 "only into a store of the same kind and, for a key vault, of "
                 "the same subscription and geography. Text from evidence that "
                 "cannot be shown safely is written with a backslash: "
                 "<code>\\n</code>, <code>\\x1b</code>, "
                 "<code>\\u202e</code>. Times are UTC.</p>\n"
                 "<p class=\"end\">Made by cvmkey " PACKAGE_VERSION
                 " from the manifest alone; the same manifest gives the same "
                 "page.</p>\n</section>\n</main>\n</body>\n</html>\n");
}

/* ---- all of it ----------------------------------------------------------- */

/* Pieces on their way to write. */
struct sink {
    struct cvk_buf out;
    bool (*write)(void *context, struct cvk_slice piece);
    void *context;
    bool ok;
};

/* Hands over what was put, and then more, which may be large. */
static void flush(struct sink *s, struct cvk_slice more)
{
    s->ok = s->ok && !s->out.failed &&
            s->write(s->context, cvk_buf_slice(&s->out)) &&
            (!more.n || s->write(s->context, more));
    s->out.n = 0;
}

static void write_findings(struct cvk_page *p, struct sink *s)
{
    cvk_html_put(&s->out, "<section id=\"findings\" class=\"page\">\n"
                          "<h2>Findings</h2>\n");
    for (int i = CVK_ERROR; i >= CVK_NOTE; i--) {
        begin_findings(p, &s->out, i);
        flush(s, cvk_buf_slice(&p->findings[i].rows));
        end_table(&p->findings[i], &s->out);
    }
    cvk_html_put(&s->out, "</section>\n<section id=\"timeline\">\n"
                          "<h2>Timeline of inputs</h2>\n");
}

static void write_timeline(struct cvk_page *p, struct sink *s)
{
    struct cvk_slice rows;

    if (p->timeline.n) {
        begin_table(&s->out, "t", "Inputs by the time they were last modified, "
                                  "as their file system told it (UTC)",
                    HEAD("Last modified") HEAD("Input") HEAD("Outcome"));
        for (size_t i = 0; cvk_timeline_next(p, i, &s->out, &rows); i++)
            flush(s, rows);
    } else {
        cvk_html_put(&s->out, "<p>The manifest names no input.</p>\n");
    }
    end_table(&p->timeline, &s->out);
    cvk_html_put(&s->out, "</section>\n");
}

bool cvk_page_write(struct cvk_page *p,
                    bool (*write)(void *context, struct cvk_slice piece),
                    void *context)
{
    struct sink s = {.write = write, .context = context, .ok = true};

    cvk_timeline_sort(p);
    cvk_buf_init(&s.out, 3 * CVK_MAX_PAGE_TABLE);
    put_head(p, &s.out);
    put_custody(p, &s.out);
    put_picture(p, &s.out);
    begin_blobs(p, &s.out);
    flush(&s, cvk_buf_slice(&p->blobs.rows));
    end_table(&p->blobs, &s.out);
    cvk_html_put(&s.out, "</section>\n");
    write_findings(p, &s);
    write_timeline(p, &s);
    put_reading(&s.out);
    flush(&s, (struct cvk_slice){NULL, 0});
    cvk_buf_clear(&s.out);
    return s.ok && !failed(p);
}
