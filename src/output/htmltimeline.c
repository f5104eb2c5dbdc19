/* SPDX-License-Identifier: MIT */
#include "output/htmltimeline.h"

#include <stdlib.h>
#include <string.h>

#include "output/html.h"
#include "output/htmlrows.h"

/* Length of the date in a time. */
enum { DAY = sizeof "2026-01-28" - 1 };

/* ---- rows ---------------------------------------------------------------- */

/* What the input at hand came to is known when it has no more records. */
static void end_row(struct cvk_page *p)
{
    static const char *const words[] = {"ok", "refused", "error", "skipped"};
    struct cvk_buf *rows = &p->timeline.rows;

    if (!p->open)
        return;
    p->open = false;
    cvk_html_put(rows, words[p->worst]);
    cvk_html_put(rows, "</td></tr>\n");
    p->moment.n = (uint32_t)(rows->n - p->moment.at);
    cvk_buf_append(&p->moments, &p->moment, sizeof p->moment);
}

/* Only times in the form in which they are written can be sorted. */
static bool is_time(struct cvk_slice s)
{
    static const char form[] = "0000-00-00T00:00:00.000000000Z";

    if (s.n != sizeof form - 1)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (form[i] == '0' ? s.p[i] < '0' || s.p[i] > '9'
                           : s.p[i] != (uint8_t)form[i])
            return false;
    return true;
}

static void begin_row(struct cvk_page *p, const struct cvk_manifest *m)
{
    struct cvk_dom_value input =
        cvk_dom_member(cvk_dom_root(&m->dom), "input");
    struct cvk_slice time = cvk_dom_text(cvk_dom_member(input, "mtime"));
    struct cvk_buf *rows = &p->timeline.rows;

    p->moment = (struct cvk_html_moment){.at = (uint32_t)rows->n};
    if (is_time(time))
        memcpy(p->moment.time, time.p, time.n);
    cvk_html_put(rows, "<tr><td data-l=\"Last modified\">");
    if (*p->moment.time)
        cvk_html_text(rows, cvk_slice_cut(time, DAY + 1, time.n - 1));
    else
        cvk_html_put(rows, "<i>not known</i>");
    cvk_html_put(rows, "</td><td data-l=\"Input\">");
    cvk_html_row_input(rows, &m->row);
    cvk_html_put(rows, "</td><td data-l=\"Outcome\">");
    p->worst = m->row.status;
    p->open = true;
}

/* As the exit status has it: trouble before refusals before good ones. */
static int rank(enum cvk_row_status status)
{
    static const int ranks[] = {
        [CVK_ROW_OK] = 1, [CVK_ROW_REFUSED] = 2, [CVK_ROW_ERROR] = 3,
        [CVK_ROW_SKIPPED] = 0,
    };

    return ranks[status];
}

void cvk_timeline_add(struct cvk_page *p, const struct cvk_manifest *m)
{
    uint8_t id[CVK_SHA256_SIZE];

    cvk_manifest_identify(&m->row, id);
    if (p->any && memcmp(id, p->input, sizeof id) == 0) {
        if (rank(m->row.status) > rank(p->worst))
            p->worst = m->row.status;
        return;
    }
    end_row(p);
    p->any = true;
    memcpy(p->input, id, sizeof id);
    if (cvk_html_table_more(&p->timeline))
        begin_row(p, m);
}

/* ---- order --------------------------------------------------------------- */

/* Rows of one time stay in the order of the manifest. */
static int compare(const void *a, const void *b)
{
    const struct cvk_html_moment *x = a, *y = b;
    int order = memcmp(x->time, y->time, sizeof x->time);

    if (order && *x->time && *y->time)
        return order;
    if (order)
        return *x->time ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void cvk_timeline_sort(struct cvk_page *p)
{
    end_row(p);
    if (p->moments.n)
        qsort(p->moments.p, p->moments.n / sizeof(struct cvk_html_moment),
              sizeof(struct cvk_html_moment), compare);
}

static struct cvk_html_moment moment_at(const struct cvk_page *p, size_t index)
{
    struct cvk_html_moment moment;

    memcpy(&moment, p->moments.p + index * sizeof moment, sizeof moment);
    return moment;
}

/* How many from index on are of the same day. */
static size_t count_day(const struct cvk_page *p, size_t index)
{
    size_t n = p->moments.n / sizeof(struct cvk_html_moment), i;
    struct cvk_html_moment first = moment_at(p, index), m;

    for (i = index + 1; i < n; i++) {
        m = moment_at(p, i);
        if (memcmp(m.time, first.time, DAY) != 0)
            break;
    }
    return i - index;
}

static void put_day(const struct cvk_page *p, size_t index,
                    const struct cvk_html_moment *m, struct cvk_buf *out)
{
    size_t n = count_day(p, index);

    cvk_html_put(out, index ? "</tbody>\n<tbody>\n" : "<tbody>\n");
    cvk_html_put(out, "<tr class=\"day\">"
                      "<th colspan=\"3\" scope=\"rowgroup\">");
    if (*m->time)
        cvk_html_text(out, cvk_slice_of(m->time, DAY));
    else
        cvk_html_put(out, "Time not known");
    cvk_html_put(out, " \xc2\xb7 ");
    cvk_html_count(out, n);
    cvk_html_put(out, n == 1 ? " input</th></tr>\n" : " inputs</th></tr>\n");
}

bool cvk_timeline_next(const struct cvk_page *p, size_t index,
                       struct cvk_buf *out, struct cvk_slice *row)
{
    struct cvk_html_moment m;

    if (index >= p->moments.n / sizeof m)
        return false;
    m = moment_at(p, index);
    if (index == 0 ||
        memcmp(moment_at(p, index - 1).time, m.time, DAY) != 0)
        put_day(p, index, &m, out);
    *row = cvk_slice_of(p->timeline.rows.p + m.at, m.n);
    return true;
}
