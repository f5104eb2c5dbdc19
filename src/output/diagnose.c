/* SPDX-License-Identifier: MIT */
#include "output/diagnose.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/timestamp.h"
#include "output/jsonparts.h"
#include "output/jsonwriter.h"

/* ---- text --------------------------------------------------------------- */

enum { LABEL_WIDTH = 15 };

/* The report on its way into out. */
struct page {
    struct cvk_buf *out;
    const struct cvk_judgement *j;
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

static void label(struct page *p, const char *name)
{
    char words[LABEL_WIDTH + 8];

    snprintf(words, sizeof words, "  %-*s", LABEL_WIDTH, name);
    put(p, words);
}

static void line(struct page *p, const char *name, const char *words)
{
    label(p, name);
    put(p, words);
    put(p, "\n");
}

/* What happens, in one line, before everything else. */
static void write_headline(struct page *p)
{
    const struct cvk_judgement *j = p->j;
    static const char *const words[] = {
        ": the restore succeeds", ": the restore fails",
        ": this restore is not supported",
        ": not decided, an export is missing"};

    p->ok = p->ok &&
            cvk_escape_name(p->out, cvk_record_text(&j->record,
                                                    j->record.input.path));
    put(p, words[j->outcome]);
    if (j->error_code) {
        put(p, " with ");
        put(p, j->error_code);
    }
    put(p, "\n");
    line(p, "scenario", j->scenario);
    line(p, "outcome", cvk_outcome_name(j->outcome));
}

static void write_source(struct page *p, const struct cvk_reason *r)
{
    struct cvk_slice pointer = cvk_judgement_text(p->j, r->pointer);

    if (!r->source.known)
        return;
    label(p, "");
    put(p, "  from ");
    p->ok = p->ok &&
            cvk_escape_name(p->out, cvk_judgement_text(p->j, r->source));
    if (pointer.n)
        put(p, " ");
    put_escaped(p, pointer);
    put(p, "\n");
}

static void write_reasons(struct page *p, const char *name, bool unchecked)
{
    for (size_t i = 0; i < p->j->n_because; i++) {
        const struct cvk_reason *r = &p->j->because[i];

        if (r->unchecked != unchecked)
            continue;
        label(p, name);
        put_escaped(p, cvk_judgement_text(p->j, r->fact));
        put(p, "\n");
        write_source(p, r);
        name = "";
    }
}

/* Index of what begins with " / " and is the same in PowerShell. */
static size_t find_powershell(struct cvk_slice s)
{
    size_t at = cvk_slice_search(s, CVK_LITERAL(" / "));

    while (at < s.n && (at + 3 == s.n || s.p[at + 3] < 'A' ||
                        s.p[at + 3] > 'Z')) {
        struct cvk_slice rest = cvk_slice_cut(s, at + 3, s.n);

        at += 3 + cvk_slice_search(rest, CVK_LITERAL(" / "));
    }
    return at;
}

/* Words, then the commands of az and PowerShell on lines of their own, so that
 * they can be copied. */
static void put_commands(struct page *p, struct cvk_slice s)
{
    struct cvk_slice lead = CVK_LITERAL(": az ");
    size_t az = cvk_slice_search(s, lead), powershell = find_powershell(s);

    if (az < powershell && powershell < s.n) {
        put_escaped(p, cvk_slice_cut(s, 0, az + 1));
        put(p, "\n");
        label(p, "");
        put(p, "     ");
        s = cvk_slice_cut(s, az + 2, s.n);
        powershell -= az + 2;
    }
    put_escaped(p, cvk_slice_cut(s, 0, powershell));
    put(p, "\n");
    if (powershell == s.n)
        return;
    label(p, "");
    put(p, "     ");
    put_escaped(p, cvk_slice_cut(s, powershell + 3, s.n));
    put(p, "\n");
}

static void write_steps(struct page *p)
{
    const char *name = "what to do";
    char number[24];

    for (size_t i = 0; i < p->j->n_remedy; i++) {
        label(p, name);
        snprintf(number, sizeof number, "%zu. ", i + 1);
        put(p, number);
        put_commands(p, cvk_judgement_text(p->j, p->j->remedy[i]));
        name = "";
    }
}

/* What settles it, with the option it is given by. */
static void write_missing(struct page *p)
{
    const char *name = "missing";

    for (size_t i = 0; i < p->j->n_missing; i++) {
        const struct cvk_missing *m = &p->j->missing[i];

        label(p, name);
        put(p, m->option);
        put(p, ":\n");
        label(p, "");
        put(p, "     ");
        put_commands(p, cvk_judgement_text(p->j, m->command));
        name = "";
    }
}

static void write_findings(struct page *p)
{
    static const char *const labels[] = {"note", "warning", "error"};
    const struct cvk_record *r = &p->j->record;

    for (size_t i = 0; i < r->findings.n; i++) {
        const struct cvk_finding *f = &r->findings.v[i];

        label(p, labels[f->severity]);
        p->ok = p->ok &&
                cvk_buf_append_slice(p->out, cvk_record_text(r, f->text)) &&
                cvk_finding_append_place(p->out, f);
        put(p, " [");
        put(p, cvk_code_id(f->code));
        put(p, "]\n");
    }
}

static bool text_judgement(struct cvk_buf *out, const struct cvk_judgement *j,
                           const struct cvk_case *c)
{
    struct page p = {out, j, true};

    (void)c;
    write_headline(&p);
    write_reasons(&p, "because", false);
    write_steps(&p);
    write_reasons(&p, "not checked", true);
    write_missing(&p);
    write_findings(&p);
    return p.ok;
}

/* The message on standard error says all there is to say. */
static bool text_refused(struct cvk_buf *out, const struct cvk_record *r)
{
    (void)out;
    (void)r;
    return true;
}

static bool text_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    (void)out;
    (void)s;
    return true;
}

const struct cvk_diagnose_format cvk_diagnose_text = {
    text_judgement, text_refused, text_summary};

/* ---- JSON --------------------------------------------------------------- */

static void begin(struct cvk_jsonwriter *w, const struct cvk_record *r)
{
    const struct cvk_input_facts *i = &r->input;

    cvk_jw_begin(w, NULL, '{');
    cvk_jw_string(w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(w, "type", cvk_record_type_name(r->type));
    cvk_jw_string(w, "status", cvk_status_name(r->status));
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
    cvk_jw_end(w, '}');
}

static void write_because(struct cvk_jsonwriter *w,
                          const struct cvk_judgement *j)
{
    cvk_jw_begin(w, "because", '[');
    for (size_t i = 0; i < j->n_because; i++) {
        const struct cvk_reason *r = &j->because[i];
        struct cvk_slice fact = cvk_judgement_text(j, r->fact);
        struct cvk_buf words;

        cvk_jw_begin(w, NULL, '{');
        cvk_buf_init(&words, fact.n + sizeof "not checked: ");
        w->ok = w->ok &&
                (!r->unchecked ||
                 cvk_buf_append_string(&words, "not checked: ")) &&
                cvk_buf_append_slice(&words, fact);
        cvk_jw_text(w, "fact", cvk_buf_slice(&words));
        cvk_buf_clear(&words);
        cvk_json_put_name(w, "source", "source_base64",
                          cvk_judgement_text(j, r->source));
        cvk_jw_text(w, "pointer", cvk_judgement_text(j, r->pointer));
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
}

static void write_lists(struct cvk_jsonwriter *w,
                        const struct cvk_judgement *j)
{
    cvk_jw_begin(w, "remedy", '[');
    for (size_t i = 0; i < j->n_remedy; i++)
        cvk_jw_text(w, NULL, cvk_judgement_text(j, j->remedy[i]));
    cvk_jw_end(w, ']');
    cvk_jw_begin(w, "missing", '[');
    for (size_t i = 0; i < j->n_missing; i++)
        cvk_jw_text(w, NULL, cvk_judgement_text(j, j->missing[i].command));
    cvk_jw_end(w, ']');
}

/* What each export was taken for. */
static void write_exports(struct cvk_jsonwriter *w, const struct cvk_case *c)
{
    const struct cvk_export *x;

    cvk_jw_begin(w, "exports", '[');
    for (size_t i = 0; (x = cvk_case_export(c, i)); i++) {
        cvk_jw_begin(w, NULL, '{');
        cvk_json_put_path(w, cvk_case_text(c, x->path));
        cvk_jw_string(w, "option", cvk_role_option(x->role));
        cvk_jw_string(w, "kind", cvk_export_name(x));
        cvk_jw_number(w, "entries", x->entries);
        cvk_jw_end(w, '}');
    }
    cvk_jw_end(w, ']');
}

static const char *tier_name(enum cvk_tier tier)
{
    static const char *const names[] = {NULL, "snapshot", "vault", "both"};

    return names[tier];
}

static bool json_judgement(struct cvk_buf *out, const struct cvk_judgement *j,
                           const struct cvk_case *c)
{
    struct cvk_jsonwriter w;
    char at[CVK_TIMESTAMP_SIZE];

    cvk_jsonwriter_init(&w, out);
    begin(&w, &j->record);
    cvk_jw_string(&w, "scenario", j->scenario);
    cvk_jw_string(&w, "outcome", cvk_outcome_name(j->outcome));
    cvk_jw_string(&w, "error_code", j->error_code);
    cvk_jw_string(&w, "tier", tier_name(j->tier));
    if (c->has_at) {
        cvk_timestamp_format(c->at, 0, at);
        cvk_jw_string(&w, "at", at);
    }
    write_because(&w, j);
    write_lists(&w, j);
    write_exports(&w, c);
    cvk_json_put_findings(&w, &j->record);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

static bool json_refused(struct cvk_buf *out, const struct cvk_record *r)
{
    static const char *const lists[] = {"because", "remedy", "missing",
                                        "exports"};
    struct cvk_jsonwriter w;

    cvk_jsonwriter_init(&w, out);
    begin(&w, r);
    cvk_jw_null(&w, "scenario");
    cvk_jw_null(&w, "outcome");
    cvk_jw_null(&w, "error_code");
    cvk_jw_null(&w, "tier");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        cvk_jw_begin(&w, lists[i], '[');
        cvk_jw_end(&w, ']');
    }
    cvk_json_put_findings(&w, r);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}

static bool json_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    return cvk_report_json.summary(out, s);
}

const struct cvk_diagnose_format cvk_diagnose_json = {
    json_judgement, json_refused, json_summary};
