/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=4096 */
/* A window of an image: every way to search finds the same places, what is
 * called whole is a key backup from its first byte to its last, and where the
 * windows end makes no difference. */
#include "base/sha256.h"
#include "engine/scan.h"
#include "evidence/json_dom.h"
#include "evidence/keybackup.h"
#include "fuzz.h"

static atomic_int cancel;
static const struct cvk_extract_options options = {
    .type = CVK_RECORD_CARVE, .cross_check = true, .cancel = &cancel};
static struct cvk_scan scan;
static struct cvk_item item;
static struct cvk_slice image; /* with zeros behind it */

static enum cvk_code read_image(void *context, uint64_t offset, uint8_t *p,
                                size_t n, size_t *got)
{
    (void)context;
    *got = 0;
    if (offset >= image.n)
        return CVK_OK;
    *got = image.n - (size_t)offset < n ? image.n - (size_t)offset : n;
    memcpy(p, image.p + offset, *got);
    return CVK_OK;
}

/* ---- the filter --------------------------------------------------------- */

static void check_paths(void)
{
    static struct cvk_anchors paths[CVK_ANCHOR_N_PATHS];
    size_t at = 0, to;

    if (!paths[0].skip)
        for (int i = CVK_ANCHOR_PORTABLE; i < CVK_ANCHOR_N_PATHS; i++)
            cvk_anchors_init(&paths[i], true, (enum cvk_anchor_path)i);
    for (; at < image.n; at = to + 1) {
        to = cvk_anchors_skip(&paths[0], image.p, at, image.n);
        for (int i = CVK_ANCHOR_SSSE3; i < CVK_ANCHOR_N_PATHS; i++)
            fuzz_require(!cvk_anchor_path_works((enum cvk_anchor_path)i) ||
                         cvk_anchors_skip(&paths[i], image.p, at, image.n) ==
                             to);
    }
}

/* ---- what was found ----------------------------------------------------- */

/* A good record's bytes are a backup, and its hash is theirs. */
static void check_blob(const struct cvk_record *r, struct cvk_slice blob)
{
    static struct cvk_keybackup backup;
    static struct cvk_buf scratch = {.max = CVK_MAX_CARVE_TEXT};
    uint8_t sha256[CVK_SHA256_SIZE];

    fuzz_require(!cvk_keybackup_parse(blob, &scratch, &backup));
    fuzz_require(backup.used == blob.n);
    cvk_sha256(blob, sha256);
    fuzz_require(!memcmp(sha256, r->backup.sha256, sizeof sha256));
}

static void check_hit(const struct cvk_hit *hit)
{
    size_t at = 0;
    bool whole = false;

    fuzz_require(hit->length && hit->offset < image.n &&
                 hit->length <= image.n - hit->offset);
    for (size_t i = 0; i < hit->result.n; i++) {
        const struct cvk_record *r = &hit->result.records[i];

        if (r->status != CVK_STATUS_OK)
            continue;
        fuzz_require(!r->carve.partial && r->backup.size <= hit->blobs.n - at);
        check_blob(r, cvk_slice_of(hit->blobs.p + at, (size_t)r->backup.size));
        at += (size_t)r->backup.size;
        whole = true;
    }
    fuzz_require(whole == hit->whole && at == hit->blobs.n);
}

static void search(size_t from, size_t to, struct cvk_hits *hits)
{
    struct cvk_bytes bytes = {NULL, read_image};
    struct cvk_window w = {.bytes = image, .from = from, .to = to};

    fuzz_require(!cvk_scan_window(&scan, &bytes, &w, hits));
}

/* True if something whole lies where hit does. */
static bool is_met(const struct cvk_hit *hit, const struct cvk_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++)
        if (hits->v[i]->whole &&
            hits->v[i]->offset < hit->offset + hit->length &&
            hit->offset < hits->v[i]->offset + hits->v[i]->length)
            return true;
    return false;
}

static void check_met(const struct cvk_hits *a, const struct cvk_hits *b)
{
    for (size_t i = 0; i < a->n; i++)
        fuzz_require(!a->v[i]->whole || is_met(a->v[i], b));
}

static void set_up(void)
{
    cvk_dom_setup();
    cvk_item_init(&item);
    item.at.path = "image";
    fuzz_require(cvk_buf_append(&item.text, "image", sizeof "image"));
    fuzz_require(cvk_scan_init(&scan, &options, false, true));
    scan.prover.extract->item = &item;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf copy = {.max = 1 << 26};
    struct cvk_hits whole, parts;
    size_t cut;

    if (!item.at.path)
        set_up();
    copy.n = 0;
    fuzz_require(cvk_buf_reserve(&copy, size + CVK_SCAN_SLACK));
    cvk_buf_append(&copy, data, size);
    memset(copy.p + size, 0, CVK_SCAN_SLACK);
    image = cvk_buf_slice(&copy);
    cut = size ? fuzz_choice(image) % size : 0;
    check_paths();
    cvk_hits_init(&whole);
    cvk_hits_init(&parts);
    search(0, size, &whole);
    search(0, cut, &parts);
    search(cut, size, &parts);
    for (size_t i = 0; i < whole.n; i++)
        check_hit(whole.v[i]);
    for (size_t i = 0; i < parts.n; i++)
        check_hit(parts.v[i]);
    check_met(&whole, &parts);
    check_met(&parts, &whole);
    cvk_hits_clear(&whole);
    cvk_hits_clear(&parts);
    return 0;
}
