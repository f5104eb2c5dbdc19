/* SPDX-License-Identifier: MIT */
#include "output/html.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/utf8.h"

void cvk_html_put(struct cvk_buf *out, const char *html)
{
    cvk_buf_append_string(out, html);
}

/* ---- text ---------------------------------------------------------------- */

/* What stands for the bytes of s at at, and how many they are; NULL if they
 * stand for themselves. XML has no U+FFFE and U+FFFF, not even escaped. */
static const char *entity(struct cvk_slice s, size_t at, size_t *n)
{
    *n = 1;
    switch (s.p[at]) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        break;
    }
    if (s.n - at < 3 || s.p[at] != 0xef || s.p[at + 1] != 0xbf ||
        (s.p[at + 2] | 1) != 0xbf)
        return NULL;
    *n = 3;
    return s.p[at + 2] == 0xbe ? "\\ufffe" : "\\uffff";
}

static void put_escaped(struct cvk_buf *out, struct cvk_slice s)
{
    bool (*put)(struct cvk_buf *, struct cvk_slice) =
        cvk_escape_needed(s) ? cvk_escape_text : cvk_buf_append_slice;
    size_t from = 0, n;

    for (size_t at = 0; at < s.n; at++) {
        const char *instead = entity(s, at, &n);

        if (!instead)
            continue;
        put(out, cvk_slice_cut(s, from, at));
        cvk_html_put(out, instead);
        at += n - 1;
        from = at + 1;
    }
    put(out, cvk_slice_cut(s, from, s.n));
}

void cvk_html_text(struct cvk_buf *out, struct cvk_slice s)
{
    struct cvk_slice shown = cvk_utf8_prefix(s, CVK_MAX_PAGE_TEXT);

    put_escaped(out, shown);
    if (shown.n == s.n)
        return;
    cvk_html_put(out, "<i>\xe2\x80\xa6 and ");
    cvk_html_count(out, s.n - shown.n);
    cvk_html_put(out, " more bytes</i>");
}

void cvk_html_element(struct cvk_buf *out, const char *name, const char *class,
                      struct cvk_slice s)
{
    char begin[64], end[32];

    if (!s.p)
        return;
    snprintf(begin, sizeof begin, "<%s class=\"%s\">", name, class);
    snprintf(end, sizeof end, "</%s>", name);
    cvk_html_put(out, begin);
    cvk_html_text(out, s);
    cvk_html_put(out, end);
}

void cvk_html_count(struct cvk_buf *out, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);

    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            cvk_html_put(out, "&#160;");
        cvk_buf_append_byte(out, (uint8_t)digits[i]);
    }
}

void cvk_html_sha256(struct cvk_buf *out,
                     const uint8_t digest[CVK_SHA256_SIZE])
{
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(digest, hex);
    cvk_html_put(out, "<code>");
    cvk_html_put(out, hex);
    cvk_html_put(out, "</code>");
}

void cvk_html_fact(struct cvk_buf *out, const char *label, struct cvk_slice s)
{
    cvk_html_put(out, "<div><dt>");
    cvk_html_put(out, label);
    cvk_html_put(out, "</dt><dd>");
    if (s.p)
        cvk_html_text(out, s);
    else
        cvk_html_put(out, "<i>not known</i>");
    cvk_html_put(out, "</dd></div>\n");
}

/* ---- the head ------------------------------------------------------------ */

#define BEGIN "<!DOCTYPE html>\n<html lang=\"en\" class=\"cvmkey-report\">\n"

/* Contrast is 7:1 or more; below 700 px the cells of a row stand below each
 * other, each with its label; on paper there is black on white only. */
static const char style[] =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:#fff;color:#16202b;"
    "font:16px/1.5 system-ui,'Segoe UI','DejaVu Sans',sans-serif}"
    "header,main{max-width:76rem;margin:0 auto;padding:0 1.5rem}"
    "header{padding-top:2rem;border-top:.5rem solid #17406d}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem}"
    "h2{font-size:1.35rem;margin:2.75rem 0 .75rem;padding-bottom:.3rem;"
    "border-bottom:2px solid #17406d}"
    "h3{font-size:1.05rem;margin:1.75rem 0 .5rem}"
    "p{margin:.5rem 0 1rem;max-width:46rem}"
    ".sub{color:#3d4a58;margin:0}"
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;"
    "margin:1rem 0 0;padding:0}"
    "a{color:#0b4a8f}a:focus-visible,.scroll:focus-visible{"
    "outline:3px solid #0b4a8f;outline-offset:2px}"
    "code,.v{font:.85em/1.45 ui-monospace,'DejaVu Sans Mono',Consolas,"
    "monospace}"
    "td,dd,code,.sub,li{overflow-wrap:anywhere;unicode-bidi:isolate}"
    "dl{margin:.5rem 0 1rem}"
    "dl>div{display:grid;grid-template-columns:13rem 1fr;gap:0 1rem;"
    "padding:.3rem 0;border-bottom:1px solid #d5dce4}"
    "dt{color:#3d4a58}dd{margin:0}"
    ".verdict{border:1px solid;border-left-width:.5rem;border-radius:.25rem;"
    "padding:.9rem 1.1rem;margin:1rem 0;background:#fff}"
    ".verdict p{margin:.25rem 0}.verdict ul{margin:.5rem 0;"
    "padding-left:1.2rem}"
    ".good{border-color:#1e6b3a}.care{border-color:#8a5a00}"
    ".bad{border-color:#9b1c1c}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(9rem,1fr));gap:.75rem;padding:0;margin:1rem 0;list-style:none}"
    ".tiles li{border:1px solid #c3ccd6;border-radius:.35rem;"
    "padding:.6rem .9rem}"
    ".tiles b{display:block;font-size:1.7rem;line-height:1.2;"
    "font-variant-numeric:tabular-nums}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;"
    "font-size:.9rem}"
    "caption{text-align:left;color:#3d4a58;padding:.25rem 0 .5rem}"
    "th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;"
    "border-bottom:1px solid #d5dce4}"
    "thead th{background:#eaf0f6;border-bottom:2px solid #17406d}"
    "td>b,td>span,td>code{display:block}td b{font-weight:600}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}"
    ".q{color:#3d4a58;font-size:.9em}"
    ".day th{background:#f4f6f9;font-weight:600}"
    ".b td:nth-child(2),.b td:nth-child(5){width:28%}"
    ".f td:nth-child(1){width:32%}"
    ".f td:nth-child(2){width:11rem}"
    ".t td:first-child{width:12rem;white-space:nowrap}"
    ".form td{height:2.6rem;border:1px solid #5b6875}"
    ".form th{border:1px solid #5b6875}"
    "figure{margin:1rem 0}.scroll{overflow-x:auto}"
    "svg.p{display:block;width:100%;min-width:56rem;height:auto}"
    "svg text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;"
    "fill:#16202b}"
    "svg .s{font-size:11px;fill:#3d4a58}"
    "svg .m{font:11px ui-monospace,'DejaVu Sans Mono',Consolas,monospace}"
    "svg .h{font-weight:600;fill:#3d4a58}"
    "svg path{fill:none;stroke:#5b6f85;stroke-width:1.5}"
    "svg rect{stroke-width:1.5}"
    ".u{stroke-dasharray:5 4}"
    ".k0{fill:#eaf2fb;stroke:#17508f}.k1{fill:#f3eefa;stroke:#5b3f8c}"
    ".k2{fill:#ebf6ee;stroke:#1e6b3a}.k3{fill:#fdf6e6;stroke:#8a5a00}"
    ".end{margin-bottom:2rem;color:#3d4a58;font-size:.9rem}";

static const char narrow_and_paper[] =
    "@media (max-width:700px){"
    "header,main{padding-left:1rem;padding-right:1rem}"
    "h1{font-size:1.5rem}dl>div{grid-template-columns:1fr}"
    "table.c,.c caption,.c tbody,.c tr,.c td{display:block;"
    "width:auto!important}"
    ".c thead{position:absolute;left:-9999px}"
    ".c tr{border:1px solid #c3ccd6;border-radius:.35rem;margin:.6rem 0}"
    ".c td{white-space:normal!important;text-align:left}"
    ".c td:last-child{border-bottom:0}"
    ".c td::before{content:attr(data-l);display:block;color:#3d4a58;"
    "font-size:.8rem}"
    ".c .day th{display:block}"
    ".tiles{grid-template-columns:1fr 1fr}}"
    "@media print{"
    "@page{size:A4;margin:16mm 14mm 18mm;"
    "@bottom-right{font:8pt sans-serif;"
    "content:'Page ' counter(page) ' of ' counter(pages)}}"
    "body{font-size:9.5pt;line-height:1.35;color:#000;background:#fff}"
    "header,main{max-width:none;padding:0}"
    "header{border-top:2pt solid #000}"
    "nav{display:none}a{color:#000;text-decoration:none}"
    "h1{font-size:18pt}h2{font-size:13pt;margin-top:16pt;"
    "border-color:#000}"
    "h2,h3,caption{break-after:avoid;page-break-after:avoid}"
    ".sub,dt,.q,caption,.end,.c td::before,svg text,svg .s,svg .h{"
    "color:#000;fill:#000}"
    "table{font-size:8pt}thead{display:table-header-group}"
    "th,td{padding:2.5pt 4pt}"
    "tbody:first-of-type tr:first-child,.day+tr{break-before:avoid;"
    "page-break-before:avoid}"
    "tr,.verdict,.tiles li,dl>div,.form,figure{break-inside:avoid;"
    "page-break-inside:avoid}"
    "thead th,.day th{background:#fff;border-bottom-color:#000}"
    "th,td{border-bottom-color:#777}"
    ".page{break-before:page;page-break-before:always}"
    ".tiles{grid-template-columns:repeat(6,1fr);gap:4pt}"
    ".tiles li{padding:3pt 5pt}.tiles b{font-size:13pt}"
    ".verdict,.tiles li,.k0,.k1,.k2,.k3{border-color:#000;stroke:#000}"
    ".k0,.k1,.k2,.k3{fill:#fff}svg path{stroke:#000}"
    "svg.p{min-width:0}.scroll{overflow:visible}"
    ".form td{height:26pt}"
    "#reading{break-inside:avoid;page-break-inside:avoid}}";

void cvk_html_head(struct cvk_buf *out)
{
    cvk_html_put(out,
                 BEGIN "<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width,"
                       "initial-scale=1\"/>\n"
                       "<meta name=\"generator\" content=\"cvmkey "
                       PACKAGE_VERSION "\"/>\n"
                       "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
                       "<title>Key backup report</title>\n<style>");
    cvk_html_put(out, style);
    cvk_html_put(out, narrow_and_paper);
    cvk_html_put(out, "</style>\n</head>\n<body>\n");
}

bool cvk_html_begins(struct cvk_slice bytes)
{
    return cvk_slice_starts(bytes, CVK_LITERAL(BEGIN));
}
