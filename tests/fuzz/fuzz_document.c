/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=2048 */
/* The whole way of an input, whatever it is, up to the reports: what they say
 * is safe to show, is JSON, and is read again as a manifest; a blob is what its
 * record says. */
#include "base/sha256.h"
#include "engine/item.h"
#include "evidence/manifest.h"
#include "fuzz.h"
#include "memory.h"
#include "output/report.h"
#include "reference.h"

static struct cvk_manifest manifest;
static size_t delivered;

/* ---- reports ------------------------------------------------------------ */

/* Nothing that a terminal would take for more than a character. */
static bool is_safe(uint32_t cp)
{
    return cp == '\n' ||
           (cp >= 0x20 && (cp < 0x7f || cp > 0x9f) && cp != 0x200e &&
            cp != 0x200f && cp != 0x2028 && cp != 0x2029 &&
            (cp < 0x202a || cp > 0x202e) && (cp < 0x2066 || cp > 0x2069));
}

static void check_safe(struct cvk_slice text)
{
    uint32_t cp = 0;

    for (size_t at = 0; at < text.n;) {
        size_t n = ref_utf8(text, at, &cp);

        fuzz_require(n && is_safe(cp));
        at += n;
    }
}

/* A line of JSON; of extract, the manifest reader takes it. */
static void check_json(struct cvk_buf *line, const struct cvk_record *r)
{
    struct cvk_slice s;
    size_t end;

    fuzz_require(line->n && line->p[line->n - 1] == '\n');
    line->p[--line->n] = 0;
    s = cvk_buf_slice(line);
    fuzz_require(cvk_slice_find(s, '\n') == s.n);
    fuzz_require(ref_json(s, &end) && end == s.n);
    if (r->type != CVK_RECORD_EXTRACT && r->type != CVK_RECORD_ARCHIVE)
        return;
    fuzz_require(cvk_manifest_read(&manifest, s) == CVK_OK);
    fuzz_require((int)manifest.row.status == (int)r->status);
    fuzz_require(manifest.row.has_blob == r->blob.written);
    fuzz_require(
        !r->blob.written ||
        (manifest.row.blob_size == r->backup.size &&
         !memcmp(manifest.row.blob_sha256, r->backup.sha256, CVK_SHA256_SIZE)));
}

static void check_record(const struct cvk_record *r)
{
    static struct cvk_buf out = {.max = 1 << 28};
    const struct cvk_finding *error = cvk_record_error(r);

    fuzz_require((r->status == CVK_STATUS_REFUSED ||
                  r->status == CVK_STATUS_ERROR) == (error != NULL));
    fuzz_require(r->findings.n <= CVK_MAX_FINDINGS + 2);
    out.n = 0;
    fuzz_require(cvk_report_text.record(&out, r, true));
    check_safe(cvk_buf_slice(&out));
    out.n = 0;
    fuzz_require(cvk_report_json.record(&out, r, true));
    check_safe(cvk_buf_slice(&out));
    check_json(&out, r);
}

/* ---- the way there ------------------------------------------------------ */

/* A backup that is given out is one, and none but it; a strict run doubts
 * nothing about it. */
static void check_blob(const struct cvk_extract *x, const struct cvk_record *r,
                       struct cvk_slice blob)
{
    static struct cvk_buf scratch = {.max = 1 << 28};
    static struct cvk_keybackup k;
    enum cvk_code code = cvk_keybackup_parse(blob, &scratch, &k);

    fuzz_require(r->backup.structure_ok ? !code && !k.newer && k.used == blob.n
                                        : !x->options->strict);
    fuzz_require(x->options->allow_unknown_format ||
                 (!code && k.used == blob.n));
    for (size_t i = 0; i < r->findings.n; i++)
        fuzz_require(r->findings.v[i].severity <
                     (x->options->strict ? CVK_WARNING : CVK_ERROR));
}

/* Notes the blob as written, as staging and publishing do. */
static void take(void *context, struct cvk_record *r, struct cvk_outfile *f,
                 const struct cvk_blob_source *from, struct cvk_slice blob,
                 size_t total)
{
    const struct cvk_extract *x = context;
    uint8_t sha256[CVK_SHA256_SIZE];

    (void)f;
    fuzz_require(from->path && total >= 1);
    fuzz_require(r->status == CVK_STATUS_OK && r->cross_checked);
    cvk_sha256(blob, sha256);
    fuzz_require(blob.n == r->backup.size &&
                 !memcmp(sha256, r->backup.sha256, sizeof sha256));
    check_blob(x, r, blob);
    if (x->options->type != CVK_RECORD_EXTRACT)
        return;
    r->blob.path = cvk_text_store(&r->text, CVK_LITERAL("a.blob"));
    r->blob.shown = cvk_text_store(&r->text, CVK_LITERAL("out/a.blob"));
    r->blob.written = r->blob.path.known && r->blob.shown.known;
}

static bool deliver(void *context, struct cvk_result *result)
{
    (void)context;
    for (size_t i = 0; i < result->n; i++)
        check_record(&result->records[i]);
    delivered += result->n;
    cvk_result_reset(result);
    return true;
}

static void run(struct cvk_extract *x, struct cvk_slice input, bool found)
{
    static struct cvk_result result;
    static struct cvk_item item;
    struct cvk_extract_sink sink = {x, NULL, take, deliver};

    if (!item.text.max) {
        cvk_item_init(&item);
        cvk_result_init(&result);
    }
    item.text.n = 0;
    cvk_buf_append(&item.text, "in.json", sizeof "in.json");
    item.at = (struct cvk_location){.path = fuzz_file(input)};
    item.found = found;
    delivered = 0;
    fuzz_require(cvk_item_extract(x, &item, &sink, &result));
    deliver(x, &result);
    fuzz_require(delivered >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static atomic_int cancel;
    static struct cvk_extract_options options = {
        .cross_check = true, .max_input_size = 1 << 16, .cancel = &cancel};
    static struct cvk_extract *x;
    struct cvk_slice input = cvk_slice_of(data, size);
    size_t choice = fuzz_choice(input);

    if (!x) {
        cvk_dom_setup();
        cvk_manifest_init(&manifest);
        x = cvk_extract_new(&options);
        fuzz_require(x);
    }
    options.type = choice & 1 ? CVK_RECORD_SHOW : CVK_RECORD_EXTRACT;
    options.strict = choice & 2;
    options.allow_unknown_format = choice & 4;
    run(x, input, choice & 8);
    return 0;
}
