/* SPDX-License-Identifier: MIT */
#include "cmd/printer.h"

#include <string.h>

#include "cmd/message.h"
#include "os/process.h"
#include "output/manifest.h"

/* Longest name of a host, as POSIX has it. */
enum { HOST_SIZE = 256 };

void cvk_printer_raise(struct cvk_printer *p, int status)
{
    cvk_lineout_raise(&p->out, status);
}

/* ---- listings ----------------------------------------------------------- */

/* Says why a listing cannot be had. */
static void refuse_listing(struct cvk_printer *p, const struct cvk_listing *l,
                           enum cvk_code code)
{
    const char *why = code == CVK_E_IO_EXISTS ? "exists already"
                      : l->error              ? strerror(l->error)
                                 : "cannot be written";

    cvk_progress_hide(&p->progress);
    cvk_error(code, "%s: %s", l->path ? l->path : "listing", why);
    cvk_printer_raise(p, cvk_exit_status(code));
}

static bool open_listing(struct cvk_printer *p, struct cvk_listing *l,
                         const char *file, const char *usual,
                         bool (*ours)(struct cvk_slice begin),
                         const struct cvk_blob_options *blobs)
{
    struct cvk_listing_options o = {
        .file = file, .dir = blobs->dir, .usual = usual,
        .replaceable = blobs->replace ? ours : NULL, .sync = blobs->sync,
        .hash = p->options->bag != NULL,
    };
    enum cvk_code code;

    /* that of an unfinished bag is not finished either */
    if (p->options->bag && blobs->resume)
        o.replaceable = ours;
    code = cvk_listing_open(l, &o);
    if (code)
        refuse_listing(p, l, code);
    return !code;
}

/* A line was appended to the listing, if all of it could be made. */
static void write_listing(struct cvk_printer *p, struct cvk_listing *l,
                          bool whole)
{
    enum cvk_code code = whole ? cvk_listing_write(l) : CVK_E_MEMORY;

    if (!code)
        return;
    refuse_listing(p, l, code);
    l->open = false;
}

static void refuse_bag(struct cvk_printer *p, enum cvk_code code)
{
    cvk_progress_hide(&p->progress);
    if (p->bag.failed)
        refuse_listing(p, p->bag.failed, code);
    else
        cvk_error(code, "%s: %s", p->options->bag,
                  code == CVK_E_IO_EXISTS    ? "its data folder is not empty"
                  : code == CVK_E_BAG_EXTRA ? "its data folder holds files "
                                              "that are not of this run"
                                            : "cannot be completed");
    cvk_printer_raise(p, cvk_exit_status(code));
}

static bool start_bag(struct cvk_printer *p, const struct cvk_blob_options *b)
{
    struct cvk_bag_options o = {
        .path = p->options->bag, .data = b->dir, .replace = b->replace,
        .resume = b->resume, .sync = b->sync,
    };
    enum cvk_code code = cvk_bag_open(&p->bag, &o);

    if (code)
        refuse_bag(p, code);
    return !code;
}

static bool withdraw_bag(struct cvk_printer *p)
{
    enum cvk_code code = cvk_bag_withdraw(&p->bag);

    if (code)
        refuse_bag(p, code);
    return !code;
}

static bool start_manifest(struct cvk_printer *p)
{
    const struct cvk_options *o = p->options;
    char host[HOST_SIZE], sandbox[CVK_SANDBOX_TEXT];
    struct cvk_run_facts run = {
        .version = PACKAGE_VERSION,
        .notes = o->notes,
        .n_notes = o->n_notes,
        .command = o->words,
        .n_command = (size_t)o->n_words,
        .host = host,
        .user = cvk_user_id(),
        .sandbox = sandbox,
    };

    cvk_host_name(host, sizeof host);
    cvk_sandbox_describe(o->sandbox, sandbox);
    cvk_clock(&run.start, &run.start_ns);
    write_listing(p, &p->manifest,
                  cvk_manifest_run(cvk_listing_lines(&p->manifest), &run));
    return p->manifest.open;
}

bool cvk_printer_init(struct cvk_printer *p, const struct cvk_options *o,
                      const struct cvk_blob_options *blobs)
{
    bool blob_on_stdout = blobs && blobs->file && !strcmp(blobs->file, "-");

    memset(p, 0, sizeof *p);
    p->options = o;
    p->format = o->json ? &cvk_report_json : &cvk_report_text;
    p->out.to = blob_on_stdout ? stderr : stdout;
    p->report = !o->quiet || o->json;
    p->manifest.file.fd = p->sums.file.fd = -1;
    cvk_bag_init(&p->bag);
    /* a record's text in JSON: six bytes for one at worst, and a frame */
    cvk_buf_init(&p->out.line, 8 * CVK_MAX_RECORD_TEXT);
    if (o->bag && !start_bag(p, blobs))
        return false;
    if (o->manifest &&
        !(open_listing(p, &p->manifest, o->manifest, "manifest.jsonl",
                       cvk_manifest_begins, blobs) &&
          start_manifest(p)))
        return false;
    if (o->bag && !withdraw_bag(p))
        return false;
    if (o->sums && !open_listing(p, &p->sums, o->sums, "SHA256SUMS",
                                 cvk_sums_begin, blobs))
        return false;
    cvk_progress_start(&p->progress, o->progress);
    return true;
}

/* ---- records ------------------------------------------------------------ */

static void flush_line(struct cvk_printer *p, bool whole)
{
    if (whole && p->out.line.n)
        cvk_progress_hide(&p->progress);
    cvk_lineout_flush(&p->out, whole);
}

static void report_record(struct cvk_printer *p, const struct cvk_record *r)
{
    bool whole = !p->printed ||
                 cvk_buf_append_string(&p->out.line, p->format->separator);
    size_t start = p->out.line.n;

    whole = whole && p->format->record(&p->out.line, r, p->options->verbose);
    if (whole && p->out.line.n == start)
        p->out.line.n = 0; /* nothing to say: no separator either */
    else
        p->printed = true;
    flush_line(p, whole);
}

static void print_record(struct cvk_printer *p, const struct cvk_record *r)
{
    const struct cvk_finding *error = cvk_record_error(r);

    if (p->report)
        report_record(p, r);
    if (p->manifest.open)
        write_listing(p, &p->manifest,
                      cvk_report_json.record(cvk_listing_lines(&p->manifest),
                                             r, true));
    if (p->sums.open)
        write_listing(p, &p->sums,
                      cvk_report_sums.record(cvk_listing_lines(&p->sums), r,
                                             true));
    if (p->bag.open && cvk_bag_add(&p->bag, r))
        p->bag.broken = true;
    if (!error)
        return;
    fflush(p->out.to);
    cvk_progress_hide(&p->progress);
    cvk_record_error_print(r);
    cvk_printer_raise(p, cvk_exit_status(error->code));
}

void cvk_printer_result(struct cvk_printer *p, const struct cvk_result *result)
{
    for (size_t i = 0; i < result->n; i++)
        print_record(p, &result->records[i]);
}

/* ---- the end ------------------------------------------------------------ */

static void publish_listing(struct cvk_printer *p, struct cvk_listing *l)
{
    enum cvk_code code = l->open ? cvk_listing_publish(l) : CVK_OK;

    if (code)
        refuse_listing(p, l, code);
}

/* A bag that lacks something for a reason of the system is not one. */
static void finish_bag(struct cvk_printer *p)
{
    struct cvk_bag_facts facts = {
        .version = PACKAGE_VERSION,
        .notes = p->options->notes,
        .n_notes = p->options->n_notes,
        .manifest = &p->manifest,
    };
    enum cvk_code code;

    if (p->out.status >= CVK_EXIT_SYSTEM) {
        cvk_progress_hide(&p->progress);
        cvk_warning(CVK_E_BAG_INCOMPLETE,
                    "%s is not declared to be a bag: something is missing",
                    p->options->bag);
        return;
    }
    cvk_clock(&facts.time, &facts.time_ns);
    code = cvk_bag_finish(&p->bag, &facts);
    if (code)
        refuse_bag(p, code);
}

/* What was not gone through to the end has no manifest: it would look like a
 * complete one. */
static void finish_listings(struct cvk_printer *p,
                            const struct cvk_summary *summary, bool complete)
{
    if (p->manifest.open)
        write_listing(p, &p->manifest,
                      cvk_report_json.summary(cvk_listing_lines(&p->manifest),
                                              summary));
    if (complete) {
        publish_listing(p, &p->manifest);
        publish_listing(p, &p->sums);
        if (p->bag.open)
            finish_bag(p);
    } else if (p->manifest.open || p->sums.open) {
        cvk_error(CVK_E_IO_INTERRUPTED,
                  "the run was not completed: it gets no manifest and no sums");
    }
}

static void finish_report(struct cvk_printer *p,
                          const struct cvk_summary *summary)
{
    bool whole = summary->inputs == 1 || !p->printed ||
                 cvk_buf_append_string(&p->out.line, p->format->separator);

    flush_line(p, whole && p->format->summary(&p->out.line, summary));
}

void cvk_printer_finish(struct cvk_printer *p,
                        const struct cvk_summary *summary, bool complete)
{
    finish_listings(p, summary, complete);
    cvk_progress_hide(&p->progress);
    if (p->report)
        finish_report(p, summary);
    cvk_lineout_finish(&p->out);
}

void cvk_printer_clear(struct cvk_printer *p)
{
    if (p->options->manifest)
        cvk_listing_clear(&p->manifest);
    if (p->sums.path)
        cvk_listing_clear(&p->sums);
    cvk_bag_clear(&p->bag);
    cvk_buf_clear(&p->out.line);
}
