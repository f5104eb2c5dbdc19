/* SPDX-License-Identifier: MIT */
#include "output/htmlpicture.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "output/html.h"

/* In units of the picture, which is as wide as the page lets it be. */
enum {
    WIDTH = 1140, BOX_WIDTH = 246, STEP = 298, HEAD = 34,
    BOX_HEIGHT = 44, LINE = 17, GAP = 14, PADDING = 10,
};

static const char *const titles[] = {"Key or secret",
                                     "Key vault or Managed HSM",
                                     "Disk encryption set", "Key backup files"};

void cvk_picture_init(struct cvk_picture *p)
{
    memset(p, 0, sizeof *p);
    cvk_buf_init(&p->text, (size_t)CVK_MAX_PICTURE_WAYS *
                               (3 * CVK_PICTURE_BOXES + CVK_MAX_PICTURE_FILES) *
                               CVK_MAX_PAGE_TEXT);
}

void cvk_picture_clear(struct cvk_picture *p)
{
    cvk_buf_clear(&p->text);
}

/* ---- what is told -------------------------------------------------------- */

static struct cvk_text keep(struct cvk_picture *p, struct cvk_slice s)
{
    return s.p ? cvk_text_store(&p->text, cvk_utf8_prefix(s, CVK_MAX_PAGE_TEXT))
               : (struct cvk_text){0};
}

/* Index of the box, which is a new one where it is equal to n. */
static size_t find_box(const struct cvk_picture *p, size_t column,
                       const uint8_t id[CVK_SHA256_SIZE])
{
    size_t i, n = p->n_boxes[column];

    for (i = 0; i < n; i++)
        if (memcmp(p->boxes[column][i].id, id, CVK_SHA256_SIZE) == 0)
            break;
    return i;
}

static void add_box(struct cvk_picture *p, size_t column,
                    const struct cvk_picture_label *l,
                    const uint8_t id[CVK_SHA256_SIZE])
{
    struct cvk_picture_box *b = &p->boxes[column][p->n_boxes[column]++];

    memcpy(b->id, id, CVK_SHA256_SIZE);
    b->known = l->whole.p != NULL;
    b->whole = keep(p, l->whole);
    b->name = keep(p, l->name);
    b->detail = keep(p, l->detail);
}

/* One backup can have several places in an image, and one file. */
static bool has_file(const struct cvk_picture *p,
                     const struct cvk_picture_way *w, struct cvk_slice file)
{
    for (size_t i = 0; i < w->files && i < CVK_MAX_PICTURE_FILES; i++)
        if (cvk_slice_equal(cvk_text_slice(&p->text, w->file[i]), file))
            return true;
    return false;
}

static struct cvk_picture_way *find_way(struct cvk_picture *p,
                                        const size_t box[CVK_PICTURE_BOXES])
{
    for (size_t i = 0; i < p->n_ways; i++)
        if (memcmp(p->ways[i].box, box, sizeof p->ways[i].box) == 0)
            return &p->ways[i];
    return NULL;
}

bool cvk_picture_add(struct cvk_picture *p,
                     const struct cvk_picture_label labels[CVK_PICTURE_BOXES],
                     struct cvk_slice file)
{
    uint8_t id[CVK_PICTURE_BOXES][CVK_SHA256_SIZE];
    size_t box[CVK_PICTURE_BOXES];
    struct cvk_picture_way *w;

    for (size_t i = 0; i < CVK_PICTURE_BOXES; i++) {
        cvk_sha256(labels[i].whole, id[i]);
        box[i] = find_box(p, i, id[i]);
    }
    w = find_way(p, box);
    if (w && has_file(p, w, file))
        return true;
    if (!w && p->n_ways == CVK_MAX_PICTURE_WAYS) {
        p->left_out++;
        return true;
    }
    for (size_t i = 0; !w && i < CVK_PICTURE_BOXES; i++)
        if (box[i] == p->n_boxes[i])
            add_box(p, i, &labels[i], id[i]);
    if (!w) {
        w = &p->ways[p->n_ways++];
        memcpy(w->box, box, sizeof box);
    }
    if (w->files < CVK_MAX_PICTURE_FILES)
        w->file[w->files] = keep(p, file);
    w->files++;
    p->drawn++;
    return !p->text.failed;
}

/* ---- where it is drawn --------------------------------------------------- */

static unsigned lines_of(const struct cvk_picture_way *w)
{
    return w->files > CVK_MAX_PICTURE_FILES ? CVK_MAX_PICTURE_FILES + 1
                                            : (unsigned)w->files;
}

/* Where the middle of the box would best be. */
static unsigned middle(const struct cvk_picture_box *b)
{
    return b->middle / b->ways;
}

/* Boxes of one column at the middle of their ways, from top to bottom, never on
 * top of one another. Where the last one ends. */
static unsigned place_column(struct cvk_picture *p, size_t column)
{
    size_t order[CVK_MAX_PICTURE_WAYS], n = p->n_boxes[column], at;
    struct cvk_picture_box *boxes = p->boxes[column];
    unsigned y = HEAD;

    for (size_t i = 0; i < n; i++) {
        for (at = i; at && middle(&boxes[order[at - 1]]) > middle(&boxes[i]);
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < n; i++) {
        struct cvk_picture_box *b = &boxes[order[i]];
        unsigned wanted = middle(b) - BOX_HEIGHT / 2;

        b->y = wanted > y ? wanted : y;
        y = b->y + BOX_HEIGHT + GAP;
    }
    return y;
}

/* Boxes of files below each other, what leads there to the left of them. The
 * height of all. */
static unsigned place(struct cvk_picture *p)
{
    unsigned y = HEAD, bottom;

    for (size_t i = 0; i < p->n_ways; i++) {
        struct cvk_picture_way *w = &p->ways[i];

        w->y = y;
        w->height = LINE * lines_of(w) + 2 * PADDING;
        if (w->height < BOX_HEIGHT)
            w->height = BOX_HEIGHT;
        y += w->height + GAP;
        for (size_t c = 0; c < CVK_PICTURE_BOXES; c++) {
            p->boxes[c][w->box[c]].middle += w->y + w->height / 2;
            p->boxes[c][w->box[c]].ways++;
        }
    }
    bottom = y;
    for (size_t c = 0; c < CVK_PICTURE_BOXES; c++) {
        y = place_column(p, c);
        if (y > bottom)
            bottom = y;
    }
    return bottom;
}

/* ---- how it is drawn ----------------------------------------------------- */

/* The first characters of a line. */
static void put_line(struct cvk_buf *out, struct cvk_slice s, int room)
{
    size_t at = 0;
    uint32_t c;

    for (int n = 0; at < s.n && n < room; n++) {
        size_t size = cvk_utf8_decode(s, at, &c);

        at += size ? size : 1;
    }
    cvk_html_text(out, cvk_slice_cut(s, 0, at));
    if (at < s.n)
        cvk_html_put(out, "\xe2\x80\xa6");
}

/* A box at x, y; what is in it is cut at its edges. */
static void begin_box(struct cvk_buf *out, size_t column, unsigned y,
                      unsigned height, bool known)
{
    char words[256];

    snprintf(words, sizeof words,
             "<svg x=\"%zu\" y=\"%u\" width=\"%d\" height=\"%u\">"
             "<rect class=\"k%zu%s\" x=\"1\" y=\"1\" width=\"%d\" "
             "height=\"%u\" rx=\"6\"/>",
             column * STEP, y, BOX_WIDTH, height, column, known ? "" : " u",
             BOX_WIDTH - 2, height - 2);
    cvk_html_put(out, words);
}

static void put_text(struct cvk_buf *out, const char *class, int y,
                     struct cvk_slice s)
{
    char words[64];

    if (!s.p)
        return;
    snprintf(words, sizeof words, "<text class=\"%s\" x=\"12\" y=\"%d\">",
             class, y);
    cvk_html_put(out, words);
    /* small digits: a key version has 32 */
    put_line(out, s, *class == 'm' ? CVK_MAX_PICTURE_LINE + 7
                                   : CVK_MAX_PICTURE_LINE);
    cvk_html_put(out, "</text>");
}

static void put_box(struct cvk_picture *p, struct cvk_buf *out, size_t column,
                    const struct cvk_picture_box *b)
{
    begin_box(out, column, b->y, BOX_HEIGHT, b->known);
    if (b->known) {
        cvk_html_put(out, "<title>");
        cvk_html_text(out, cvk_text_slice(&p->text, b->whole));
        cvk_html_put(out, "</title>");
        put_text(out, "l", b->detail.known ? 19 : 27,
                 cvk_text_slice(&p->text, b->name));
        put_text(out, column == CVK_PICTURE_KEY ? "m" : "s", 35,
                 cvk_text_slice(&p->text, b->detail));
    } else {
        put_text(out, "s", 27, CVK_LITERAL("not known"));
    }
    cvk_html_put(out, "</svg>\n");
}

static void put_files(struct cvk_picture *p, struct cvk_buf *out,
                      const struct cvk_picture_way *w)
{
    unsigned lines = lines_of(w);
    int y = (int)(w->height - LINE * lines) / 2 + LINE - 4;

    begin_box(out, CVK_PICTURE_BOXES, w->y, w->height, true);
    for (size_t i = 0; i < w->files && i < CVK_MAX_PICTURE_FILES; i++) {
        put_text(out, "l", y, cvk_text_slice(&p->text, w->file[i]));
        y += LINE;
    }
    if (w->files > CVK_MAX_PICTURE_FILES) {
        char words[64];

        snprintf(words, sizeof words, "and %llu more",
                 (unsigned long long)(w->files - CVK_MAX_PICTURE_FILES));
        put_text(out, "s", y, cvk_slice_of(words, strlen(words)));
    }
    cvk_html_put(out, "</svg>\n");
}

/* From the box of a column to the one in the next. */
static void put_line_between(struct cvk_buf *out, size_t column, unsigned from,
                             unsigned to)
{
    size_t x = column * STEP + BOX_WIDTH, end = (column + 1) * STEP;
    char words[128];

    snprintf(words, sizeof words,
             "<path d=\"M%zu %uC%zu %u %zu %u %zu %u\"/>\n", x, from,
             (x + end) / 2, from, (x + end) / 2, to, end, to);
    cvk_html_put(out, words);
}

static void put_way(const struct cvk_picture *p, struct cvk_buf *out,
                    const struct cvk_picture_way *w)
{
    unsigned y[CVK_PICTURE_BOXES + 1];

    for (size_t c = 0; c < CVK_PICTURE_BOXES; c++)
        y[c] = p->boxes[c][w->box[c]].y + BOX_HEIGHT / 2;
    y[CVK_PICTURE_BOXES] = w->y + w->height / 2;
    for (size_t c = 0; c < CVK_PICTURE_BOXES; c++)
        put_line_between(out, c, y[c], y[c + 1]);
}

static void put_head(struct cvk_buf *out, unsigned height)
{
    char words[512];

    snprintf(words, sizeof words,
             "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"Picture, may be scrolled sideways\">\n"
             "<svg class=\"p\" role=\"img\" aria-labelledby=\"picture-title\" "
             "viewBox=\"0 0 %d %u\">\n<title id=\"picture-title\">Keys, their "
             "stores, disk encryption sets and files; the table of key backups "
             "says the same in words</title>\n",
             WIDTH, height);
    cvk_html_put(out, words);
    for (size_t c = 0; c <= CVK_PICTURE_BOXES; c++) {
        snprintf(words, sizeof words,
                 "<text class=\"h\" x=\"%zu\" y=\"18\">%s</text>\n", c * STEP,
                 titles[c]);
        cvk_html_put(out, words);
    }
}

static void put_caption(const struct cvk_picture *p, struct cvk_buf *out)
{
    cvk_html_put(out, "<figcaption class=\"q\">Each line leads from a key to "
                      "the files that hold its backup. ");
    if (p->left_out) {
        cvk_html_put(out, "<b>Not all is drawn:</b> the first ");
        cvk_html_count(out, CVK_MAX_PICTURE_WAYS);
        cvk_html_put(out, " ways are, with ");
        cvk_html_count(out, p->drawn);
        cvk_html_put(out, " files; ");
        cvk_html_count(out, p->left_out);
        cvk_html_put(out, " more files are not in the picture. ");
    }
    cvk_html_put(out, "Long names are cut here; the table below has them in "
                      "full.</figcaption>\n</figure>\n");
}

void cvk_picture_put(struct cvk_picture *p, struct cvk_buf *out)
{
    if (!p->n_ways) {
        cvk_html_put(out, "<p>There is no key backup to draw.</p>\n");
        return;
    }
    put_head(out, place(p));
    for (size_t i = 0; i < p->n_ways; i++)
        put_way(p, out, &p->ways[i]);
    for (size_t c = 0; c < CVK_PICTURE_BOXES; c++)
        for (size_t i = 0; i < p->n_boxes[c]; i++)
            put_box(p, out, c, &p->boxes[c][i]);
    for (size_t i = 0; i < p->n_ways; i++)
        put_files(p, out, &p->ways[i]);
    cvk_html_put(out, "</svg>\n</div>\n");
    put_caption(p, out);
}
