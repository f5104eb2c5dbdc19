/* SPDX-License-Identifier: MIT */
#include "engine/anchor.h"

#include "evidence/b64run.h"

#define WORD(s) {(const uint8_t *)(s), sizeof(s) - 1}

/* What stands in every backup. The base64 words are what the magic's
 * "AzureKeyVault", and an HSM header's "eyJhbGciOiJkaXIi", give at each of the
 * three places in a group of three bytes, without the characters that depend
 * on the bytes beside them. */
static const struct cvk_anchor_word words[] = {
    {CVK_ANCHOR_RAW_VAULT, WORD("AzureKeyVault"), 0, 0},
    {CVK_ANCHOR_RAW_HSM, WORD("eyJhbGciOiJkaXIi"), 0, 0},
    {CVK_ANCHOR_BASE64_VAULT, WORD("QXp1cmVLZXlWYXVsd"), 4, 2},
    {CVK_ANCHOR_BASE64_VAULT, WORD("F6dXJlS2V5VmF1bH"), 2, 0},
    {CVK_ANCHOR_BASE64_VAULT, WORD("BenVyZUtleVZhdWx0"), 3, 1},
    {CVK_ANCHOR_BASE64_HSM, WORD("ZXlKaGJHY2lPaUprYVhJa"), 0, 0},
    {CVK_ANCHOR_BASE64_HSM, WORD("V5SmhiR2NpT2lKa2FYSW"), 2, 1},
    {CVK_ANCHOR_BASE64_HSM, WORD("leUpoYkdjaU9pSmthWElp"), 3, 2},
};
static const struct cvk_anchor_word gzip = {CVK_ANCHOR_GZIP, {NULL, 0}, 0, 0};

enum { N_WORDS = sizeof words / sizeof *words, GZIP_BUCKET = 7, BYTES = 4 };

/* The four bytes of each word that the filter knows, and its bucket. Of base64
 * two: a line break can stand in one of them only. Which characters, and which
 * of them share a bucket, is what let least through of random bytes, programs,
 * text, JSON, base64 and UTF-16 in a search by simulated annealing. */
static const struct print {
    uint8_t word, index, width, bucket;
} prints[] = {
    {0, 3, 1, 3}, {1, 5, 1, 0}, {2, 3, 1, 0}, {2, 8, 1, 2}, {3, 4, 1, 3},
    {3, 9, 1, 0}, {4, 2, 1, 1}, {4, 8, 1, 2}, {5, 0, 1, 1}, {5, 11, 1, 2},
    {6, 1, 1, 0}, {6, 15, 1, 0}, {7, 0, 1, 2}, {7, 13, 1, 1}, {0, 4, 2, 4},
    {1, 12, 2, 5}, {2, 5, 2, 4}, {2, 10, 2, 6}, {3, 5, 2, 6}, {3, 11, 2, 4},
    {4, 2, 2, 4}, {4, 9, 2, 4}, {5, 2, 2, 4}, {5, 12, 2, 5}, {6, 9, 2, 6},
    {6, 12, 2, 4}, {7, 9, 2, 5}, {7, 12, 2, 6},
};
enum { N_PRINTS = sizeof prints / sizeof *prints };
_Static_assert((int)N_PRINTS == (int)CVK_ANCHOR_PRINTS, "as the header says");

static uint8_t print_byte(const struct print *print, size_t place)
{
    const uint8_t *text = words[print->word].text.p + print->index;

    if (print->width == 1)
        return text[place];
    return place % 2 ? 0 : text[place / 2];
}

static void add_byte(struct cvk_anchors *a, size_t place, uint8_t c,
                     unsigned bucket)
{
    uint8_t bit = (uint8_t)(1u << bucket);

    a->byte[place][c] |= bit;
    a->six[place][c % 64] |= bit;
    a->no_low[place][c % 16] &= (uint8_t)~bit;
    a->no_high[place][c / 16] &= (uint8_t)~bit;
}

static uint32_t load(const uint8_t bytes[BYTES])
{
    uint32_t v;

    memcpy(&v, bytes, sizeof v);
    return v;
}

static uint32_t print_word(const struct print *print)
{
    uint8_t bytes[BYTES];

    for (size_t place = 0; place < BYTES; place++)
        bytes[place] = print_byte(print, place);
    return load(bytes);
}

/* ID1, ID2, deflate, and flags of which three are reserved: RFC 1952, 2.3. */
static bool is_gzip_byte(size_t place, uint8_t c)
{
    static const uint8_t begin[] = {0x1f, 0x8b, 8};

    return place < sizeof begin ? c == begin[place] : c < 0x20;
}

static unsigned slot_of(uint32_t four)
{
    return four * 0x9e3779b1u / (UINT32_MAX / CVK_ANCHOR_SLOTS + 1);
}

static void add_slot(struct cvk_anchors *a, uint32_t four)
{
    a->slots[slot_of(four) / 64] |= (uint64_t)1 << slot_of(four) % 64;
}

static bool is_print(const struct cvk_anchors *a, uint32_t four)
{
    if (!(a->slots[slot_of(four) / 64] >> slot_of(four) % 64 & 1))
        return false;
    for (size_t i = 0; i < N_PRINTS; i++)
        if (a->prints[i] == four)
            return true;
    return false;
}

void cvk_anchors_init(struct cvk_anchors *a, bool with_gzip,
                      enum cvk_anchor_path path)
{
    static const struct {
        size_t (*skip)(const struct cvk_anchors *a, const uint8_t *p,
                       size_t at, size_t to);
    } paths[] = {{cvk_anchors_skip_portable},
                 {cvk_anchors_skip_ssse3},
                 {cvk_anchors_skip_avx2},
                 {cvk_anchors_skip_avx512}};

    memset(a, 0, sizeof *a);
    memset(a->no_low, 0xff, sizeof a->no_low);
    memset(a->no_high, 0xff, sizeof a->no_high);
    a->skip = paths[path].skip;
    a->gzip = with_gzip;
    for (size_t i = 0; i < N_PRINTS; i++) {
        a->prints[i] = print_word(&prints[i]);
        add_slot(a, a->prints[i]);
    }
    for (size_t place = 0; place < BYTES; place++) {
        for (size_t i = 0; i < N_PRINTS; i++)
            add_byte(a, place, print_byte(&prints[i], place),
                     prints[i].bucket);
        for (unsigned c = 0; with_gzip && c < 256; c++)
            if (is_gzip_byte(place, (uint8_t)c))
                add_byte(a, place, (uint8_t)c, GZIP_BUCKET);
    }
}

enum cvk_anchor_path cvk_anchor_best_path(void)
{
    int path = CVK_ANCHOR_N_PATHS - 1;

    while (!cvk_anchor_path_works((enum cvk_anchor_path)path))
        path--;
    return (enum cvk_anchor_path)path;
}

size_t cvk_anchors_skip_portable(const struct cvk_anchors *a, const uint8_t *p,
                                 size_t at, size_t to)
{
    for (; at < to; at++)
        if (a->byte[0][p[at]] & a->byte[1][p[at + 1]] &
            a->byte[2][p[at + 2]] & a->byte[3][p[at + 3]])
            break;
    return at;
}

static bool is_gzip(const struct cvk_anchors *a, const uint8_t *p)
{
    return a->gzip && is_gzip_byte(0, p[0]) && is_gzip_byte(1, p[1]) &&
           is_gzip_byte(2, p[2]) && is_gzip_byte(3, p[3]);
}

size_t cvk_anchors_skip(const struct cvk_anchors *a, const uint8_t *p,
                        size_t at, size_t to)
{
    for (; at < to; at++) {
        at = a->skip(a, p, at, to);
        if (at >= to || is_print(a, load(p + at)) || is_gzip(a, p + at))
            break;
    }
    return at < to ? at : to;
}

/* ---- what the filter let through ---------------------------------------- */

/* Characters around a place, each as one byte. Longer than a word with a line
 * break in it, of whatever kind. */
enum { AROUND = 96 };

struct around {
    uint8_t text[2 * AROUND];
    size_t n;
    size_t middle; /* index of the place */
};

/* Takes characters of two bytes, as far as their other bytes are NUL. */
static void take_wide(struct around *w, struct cvk_slice s, size_t at)
{
    size_t from = at, to = at;

    while (at - from < 2 * AROUND && from >= 2 && !s.p[from - 1] &&
           s.p[from - 2])
        from -= 2;
    while (to - at < 2 * AROUND && to < s.n && (to == at || !s.p[to - 1]))
        to += 2;
    w->n = 0;
    w->middle = (at - from) / 2;
    for (size_t i = from; i < to; i += 2)
        w->text[w->n++] = s.p[i];
}

/* Does the word stand byte by byte around its character print->index, which is
 * at index at of s? Breaks are seen through in base64 only. */
static bool stands(const struct print *print, struct cvk_slice s, size_t at,
                   size_t *from)
{
    struct cvk_slice text = words[print->word].text;
    size_t width = print->width;

    if (at < width * print->index)
        return false;
    *from = at - width * print->index;
    if (s.n - *from < width * text.n)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (s.p[*from + width * i] != text.p[i] ||
            (width == 2 && s.p[*from + 2 * i + 1]))
            return false;
    return true;
}

static bool match_base64(const struct print *print, struct cvk_slice s,
                         size_t at, size_t *from)
{
    struct cvk_slice text = words[print->word].text;
    struct around w;

    if (print->width == 1) {
        size_t begin = at > AROUND ? at - AROUND : 0;
        size_t end = s.n - at > AROUND ? at + AROUND : s.n;

        if (!cvk_b64run_match(cvk_slice_cut(s, begin, end), at - begin, text,
                              print->index, from))
            return false;
        *from += begin;
        return true;
    }
    take_wide(&w, s, at);
    if (!cvk_b64run_match(cvk_slice_of(w.text, w.n), w.middle, text,
                          print->index, from))
        return false;
    *from = at - 2 * (w.middle - *from);
    return true;
}

static bool match(const struct print *print, struct cvk_slice s, size_t at,
                  size_t *from)
{
    enum cvk_anchor_kind kind = words[print->word].kind;

    return kind == CVK_ANCHOR_RAW_VAULT || kind == CVK_ANCHOR_RAW_HSM
               ? stands(print, s, at, from)
               : match_base64(print, s, at, from);
}

void cvk_anchors_check(const struct cvk_anchors *a, struct cvk_slice s,
                       size_t at, void *context,
                       void (*found)(void *context,
                                     const struct cvk_anchor *anchor))
{
    const uint8_t *p = s.p + at;
    struct cvk_anchor anchor;
    uint32_t four = load(p);

    for (size_t i = 0; i < N_PRINTS; i++) {
        if (a->prints[i] != four)
            continue;
        anchor.word = &words[prints[i].word];
        anchor.width = prints[i].width;
        if (match(&prints[i], s, at, &anchor.at))
            found(context, &anchor);
    }
    if (is_gzip(a, p)) {
        anchor = (struct cvk_anchor){at, &gzip, 1};
        found(context, &anchor);
    }
}
