/* SPDX-License-Identifier: MIT */
#include "engine/report.h"

#include <string.h>

#include "evidence/tally.h"
#include "input/lines.h"

/* What reading needs from line to line. */
struct reader {
    const struct cvk_report *report;
    struct cvk_page *page;
    struct cvk_lines lines;
    struct cvk_manifest manifest;
    struct cvk_tally tally;
    struct cvk_sha256_state hash;
    uint64_t hashed; /* bytes of the file so far */
    bool any;        /* there was something */
};

static bool tell(struct reader *r, enum cvk_severity severity,
                 enum cvk_code code, uint64_t line, const char *why)
{
    r->any |= severity == CVK_ERROR;
    r->report->emit(r->report->context, severity, code, line, why);
    return cvk_page_trouble(r->page, severity, code, line, why);
}

/* What the row says of those before it, which may not be all there were. */
static bool check_tally(struct reader *r)
{
    const struct cvk_manifest_row *row = &r->manifest.row;
    uint64_t line = r->lines.number;
    enum cvk_code code;

    if (cvk_tally_lacks_run(&r->tally, row) &&
        !tell(r, CVK_WARNING, CVK_E_MANIFEST_NO_RUN, line,
              "the records from here on have no first line that tells of "
              "their run"))
        return false;
    code = cvk_tally_add(&r->tally, row);
    return !code || tell(r, CVK_ERROR, code, line, r->tally.why);
}

static enum cvk_code take_line(struct reader *r, struct cvk_slice line)
{
    struct cvk_manifest *m = &r->manifest;
    enum cvk_code code = cvk_manifest_read(m, line);
    bool ok;

    if (code == CVK_E_MEMORY)
        return code;
    if (code) {
        cvk_tally_add_unread(&r->tally);
        ok = tell(r, CVK_ERROR, code, r->lines.number, m->why);
    } else {
        r->any |= m->row.type != CVK_ROW_RUN && m->row.type != CVK_ROW_SUMMARY;
        ok = check_tally(r) && cvk_page_add(r->page, m);
    }
    return ok ? CVK_OK : CVK_E_MEMORY;
}

/* The line feeds are not in the lines: one stood where the next begins further
 * on than the last ended. */
static void hash_line_feed(struct reader *r)
{
    if (r->lines.offset <= r->hashed)
        return;
    cvk_sha256_add(&r->hash, CVK_LITERAL("\n"));
    r->hashed++;
}

static enum cvk_code take_next(struct reader *r, bool *ended)
{
    struct cvk_slice line;
    enum cvk_code code = cvk_lines_next(&r->lines, &line);

    if (code && code != CVK_E_INPUT_TOO_LARGE)
        return code;
    hash_line_feed(r);
    if (code) {
        r->page->hashed = false;
        cvk_tally_add_unread(&r->tally);
        return tell(r, CVK_ERROR, CVK_E_MANIFEST_LINE, r->lines.number,
                    "the line is longer than any record")
                   ? CVK_OK
                   : CVK_E_MEMORY;
    }
    *ended = line.p == NULL;
    if (*ended)
        return CVK_OK;
    cvk_sha256_add(&r->hash, line);
    r->hashed += line.n;
    return take_line(r, line);
}

static enum cvk_code finish(struct reader *r)
{
    struct cvk_page *page = r->page;
    enum cvk_code code = cvk_tally_end(&r->tally);

    page->size = r->lines.offset;
    cvk_sha256_finish(&r->hash, page->sha256);
    page->manifest =
        cvk_slice_of(r->report->manifest, strlen(r->report->manifest));
    if (!r->any)
        return CVK_E_MANIFEST_EMPTY;
    return !code || tell(r, CVK_ERROR, code, 0, r->tally.why) ? CVK_OK
                                                              : CVK_E_MEMORY;
}

static enum cvk_code read_all(struct reader *r, int *error)
{
    const char *path = r->report->manifest;
    enum cvk_code code =
        cvk_lines_open(&r->lines, strcmp(path, "-") == 0 ? NULL : path);
    bool ended = false;

    while (!code && !ended)
        code = *r->report->cancel ? CVK_E_IO_INTERRUPTED : take_next(r, &ended);
    *error = r->lines.error;
    return code ? code : finish(r);
}

enum cvk_code cvk_report_read(const struct cvk_report *report,
                              struct cvk_page *page, int *error)
{
    struct reader r = {.report = report, .page = page};
    enum cvk_code code;

    page->hashed = true;
    cvk_lines_init(&r.lines, CVK_MAX_MANIFEST_LINE, report->cancel);
    cvk_manifest_init(&r.manifest);
    cvk_sha256_start(&r.hash);
    code = read_all(&r, error);
    cvk_manifest_clear(&r.manifest);
    cvk_lines_clear(&r.lines);
    return code;
}
