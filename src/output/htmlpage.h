/* SPDX-License-Identifier: MIT */
/* The report of a manifest as one page for people: rows are told one by one,
 * then all is written. Its memory is bounded by base/limits.h; what there was
 * no room for is counted, and the page says so. */
#ifndef CVK_OUTPUT_HTMLPAGE_H
#define CVK_OUTPUT_HTMLPAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "evidence/manifest.h"
#include "output/htmlpicture.h"

/* Rows of one table, and those that are not in it. */
struct cvk_html_table {
    struct cvk_buf rows;
    uint64_t n, left_out;
};

/* One input on the timeline: its time and its row's place in the table. */
struct cvk_html_moment {
    char time[sizeof "2026-01-28T10:11:12.000000000Z"]; /* "" if not known */
    uint32_t at, n;
};

struct cvk_page {
    struct cvk_html_table runs, blobs, timeline;
    struct cvk_html_table findings[3]; /* by severity */
    struct cvk_html_table troubles;    /* of the manifest itself */
    struct cvk_buf moments;            /* of the timeline: an array */
    struct cvk_picture picture;
    bool refused;                      /* a trouble is an error */
    bool counted;                      /* a summary was met */
    struct cvk_manifest_counts counts; /* of all summaries */
    bool carved; /* records that the next summary counts the blobs of */
    uint64_t once; /* blobs without an independent second decode */

    /* The input at hand, whose row on the timeline is not complete yet. */
    bool any;
    bool open; /* there was room for a row */
    uint8_t input[CVK_SHA256_SIZE]; /* hash of what tells it from others */
    struct cvk_html_moment moment;
    enum cvk_row_status worst;

    /* Set by the caller before the end. */
    struct cvk_slice manifest; /* its name */
    uint64_t size;
    bool hashed;
    uint8_t sha256[CVK_SHA256_SIZE];
};

void cvk_page_init(struct cvk_page *p);
void cvk_page_clear(struct cvk_page *p);

/* The row that m holds. False when memory is exhausted, as below. */
bool cvk_page_add(struct cvk_page *p, const struct cvk_manifest *m);

/* What is wrong with the manifest, in this line; 0 for none. */
bool cvk_page_trouble(struct cvk_page *p, enum cvk_severity severity,
                      enum cvk_code code, uint64_t line, const char *why);

/* Hands the page over in pieces until write, which has the context, says
 * false; its own result is then false, too. */
bool cvk_page_write(struct cvk_page *p,
                    bool (*write)(void *context, struct cvk_slice piece),
                    void *context);

#endif
