/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=2048 */
/* A line of a manifest: what is accepted is one JSON object, names a blob
 * below the output directory only, and what it says is what cJSON reads. */
#include "base/escape.h"
#include "evidence/manifest.h"
#include "fuzz.h"
#include "reference.h"

static struct cvk_manifest m;

static struct cvk_slice member(const char *object, const char *name)
{
    struct cvk_dom_value root = cvk_dom_root(&m.dom);

    return cvk_dom_text(cvk_dom_member(cvk_dom_member(root, object), name));
}

/* A path as it is shown: exact where nothing had to be escaped. */
static void check_shown(struct cvk_slice path, const char *object)
{
    static struct cvk_buf shown = {.max = 1 << 24};

    shown.n = 0;
    if (member(object, "path_base64").p)
        fuzz_require(cvk_escape_text(&shown, path));
    else
        cvk_buf_append_slice(&shown, path);
    fuzz_require(
        cvk_slice_equal(cvk_buf_slice(&shown), member(object, "path")));
}

/* No part of the path is empty, "." or "..". */
static void check_below(struct cvk_slice path)
{
    fuzz_require(path.n && path.n < CVK_MAX_PATH && path.p[path.n] == 0);
    fuzz_require(cvk_slice_find(path, 0) == path.n);
    for (;;) {
        size_t n = cvk_slice_find(path, '/');
        struct cvk_slice part = cvk_slice_cut(path, 0, n);

        fuzz_require(n && !cvk_slice_equal(part, CVK_LITERAL(".")) &&
                     !cvk_slice_equal(part, CVK_LITERAL("..")));
        if (n == path.n)
            break;
        path = cvk_slice_cut(path, n + 1, path.n);
    }
}

/* The hexadecimal digits of a hash, one by one. */
static void check_sha256(const uint8_t *sha256, const char *object)
{
    static const char digits[] = "0123456789abcdef";
    struct cvk_slice text = member(object, "sha256");

    fuzz_require(text.n == 2 * CVK_SHA256_SIZE);
    for (size_t i = 0; i < text.n; i++)
        fuzz_require(cvk_lower(text.p[i]) ==
                     (uint8_t)digits[sha256[i / 2] >> (i % 2 ? 0 : 4) & 15]);
}

static void check_record(const struct cvk_manifest_row *row)
{
    fuzz_require(row->input_path.n &&
                 row->input_path.p[row->input_path.n] == 0);
    fuzz_require(cvk_slice_find(row->input_path, 0) == row->input_path.n);
    check_shown(row->input_path, "input");
    fuzz_require(!row->input_member.p || row->input_member.n);
    if (row->has_input_sha256)
        check_sha256(row->input_sha256, "input");
    if (row->has_blob) {
        check_below(row->blob_path);
        check_sha256(row->blob_sha256, "blob");
        fuzz_require(row->blob_size <= CVK_MAX_JSON_INTEGER);
    }
    fuzz_require(!row->pointer.p || row->pointer.p[0] == '/');
    fuzz_require(row->type != CVK_ROW_EXTRACT || row->status != CVK_ROW_OK ||
                 (row->has_blob && row->pointer.p && row->has_input_sha256));
}

/* Words of an error are safe to show. */
static void check_why(void)
{
    struct cvk_slice why = cvk_slice_of(m.why, strlen(m.why));
    uint32_t cp;

    fuzz_require(why.n);
    for (size_t at = 0; at < why.n;) {
        size_t n = ref_utf8(why, at, &cp);

        /* cut where there was no room for more */
        if (!n && why.n == sizeof m.why - 1)
            break;
        fuzz_require(n && cp >= 0x20 && (cp < 0x7f || cp > 0x9f));
        at += n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf copy;
    struct cvk_slice line = fuzz_copy(&copy, cvk_slice_of(data, size));
    enum cvk_code code;
    size_t end;

    if (!m.dom.arena.max) {
        cvk_dom_setup();
        cvk_manifest_init(&m);
    }
    code = cvk_manifest_read(&m, line);
    fuzz_require(code == CVK_OK || code == CVK_E_MANIFEST_LINE ||
                 code == CVK_E_MANIFEST_PATH);
    if (code) {
        fuzz_require(m.error_at <= size);
        check_why();
        return 0;
    }
    fuzz_require(ref_json(line, &end));
    while (end < size)
        fuzz_require(memchr(" \t\r", line.p[end++], 3));
    if (m.row.type == CVK_ROW_EXTRACT || m.row.type == CVK_ROW_ARCHIVE)
        check_record(&m.row);
    return 0;
}
