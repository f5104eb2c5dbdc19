/* SPDX-License-Identifier: MIT */
#include "evidence/manifest.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"
#include "evidence/b64.h"
#include "evidence/json.h"
#include "evidence/json_string.h"

void cvk_manifest_init(struct cvk_manifest *m)
{
    *m = (struct cvk_manifest){0};
    cvk_dom_init(&m->dom);
    cvk_buf_init(&m->input_path, CVK_MAX_MANIFEST_LINE);
    cvk_buf_init(&m->input_member, CVK_MAX_MANIFEST_LINE);
    cvk_buf_init(&m->blob_path, CVK_MAX_MANIFEST_LINE);
    cvk_buf_init(&m->shown, 10 * CVK_MAX_MANIFEST_LINE);
}

void cvk_manifest_clear(struct cvk_manifest *m)
{
    cvk_dom_clear(&m->dom);
    cvk_buf_clear(&m->input_path);
    cvk_buf_clear(&m->input_member);
    cvk_buf_clear(&m->blob_path);
    cvk_buf_clear(&m->shown);
}

static enum cvk_code fail(struct cvk_manifest *m, enum cvk_code code,
                          const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum cvk_code fail(struct cvk_manifest *m, enum cvk_code code,
                          const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(m->why, sizeof m->why, format, args);
    va_end(args);
    return code;
}

/* ---- the strict pass ---------------------------------------------------- */

/* Whether a NUL in a string matters: at the top, and in the objects whose
 * strings are used. What a config says elsewhere may hold one, and it is
 * repeated in "fields". */
static bool is_read(size_t depth, struct cvk_slice section)
{
    return depth == 1 ||
           (depth == 2 && (cvk_slice_equal(section, CVK_LITERAL("input")) ||
                           cvk_slice_equal(section, CVK_LITERAL("backup")) ||
                           cvk_slice_equal(section, CVK_LITERAL("blob"))));
}

static bool holds_nul(struct cvk_slice token)
{
    uint8_t c[4];

    for (size_t at = 0; at < token.n;)
        if (cvk_json_char(token, &at, c) == 1 && c[0] == 0)
            return true;
    return false;
}

static enum cvk_code fail_scan(struct cvk_manifest *m,
                               const struct cvk_json *j)
{
    char why[CVK_MAX_FINDING_TEXT];

    cvk_json_explain(j, why);
    m->error_at = j->error_at;
    return fail(m, CVK_E_MANIFEST_LINE, "this is no record: %s", why);
}

/* Only white space may follow the object. */
static enum cvk_code check_end(struct cvk_manifest *m, const struct cvk_json *j)
{
    for (size_t i = j->at; i < j->text.n; i++)
        if (!memchr(" \t\r", j->text.p[i], 3)) {
            m->error_at = i;
            return fail(m, CVK_E_MANIFEST_LINE,
                        "something follows the record in the same line");
        }
    return CVK_OK;
}

/* What cJSON gets to see passed here. */
static enum cvk_code scan(struct cvk_manifest *m, struct cvk_json *j)
{
    struct cvk_slice section = {0};
    enum cvk_json_event event;
    size_t depth = 0;

    while ((event = cvk_json_next(j)) != CVK_JSON_DONE) {
        if (event == CVK_JSON_FAILED)
            return fail_scan(m, j);
        if (event == CVK_JSON_OBJECT || event == CVK_JSON_ARRAY)
            depth++;
        if (event == CVK_JSON_OBJECT_END || event == CVK_JSON_ARRAY_END)
            depth--;
        if (event == CVK_JSON_NAME && depth == 1)
            section = cvk_json_token(j);
        /* an escaped name could hide a section: none of the writer's is */
        if (event == CVK_JSON_NAME && depth == 1 && j->escaped) {
            m->error_at = j->from;
            return fail(m, CVK_E_MANIFEST_LINE, "a member's name is escaped");
        }
        if (event == CVK_JSON_STRING && j->escaped && is_read(depth, section) &&
            holds_nul(cvk_json_token(j))) {
            m->error_at = j->from;
            return fail(m, CVK_E_MANIFEST_LINE, "a string holds U+0000");
        }
    }
    return check_end(m, j);
}

/* ---- typed members ------------------------------------------------------ */

static enum cvk_code wrong(struct cvk_manifest *m, const char *object,
                           const char *name, struct cvk_dom_value v,
                           const char *wanted)
{
    const char *dot = *object ? "." : "";

    if (v.kind == CVK_DOM_TWICE)
        return fail(m, CVK_E_MANIFEST_LINE, "%s%s%s stands twice", object, dot,
                    name);
    if (v.kind == CVK_DOM_ABSENT)
        return fail(m, CVK_E_MANIFEST_LINE, "%s%s%s is missing", object, dot,
                    name);
    return fail(m, CVK_E_MANIFEST_LINE, "%s%s%s is not %s", object, dot, name,
                wanted);
}

/* Index of the string in words; the number of words if it is none of them. */
static size_t index_of(struct cvk_dom_value v, const char *const *words,
                       size_t n)
{
    struct cvk_slice s = cvk_dom_text(v);
    size_t i;

    for (i = 0; i < n; i++)
        if (s.p && cvk_slice_equal(s, cvk_slice_of(words[i], strlen(words[i]))))
            break;
    return i;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = cvk_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_sha256(struct cvk_dom_value v, uint8_t sha256[CVK_SHA256_SIZE])
{
    struct cvk_slice s = cvk_dom_text(v);

    if (s.n != 2 * CVK_SHA256_SIZE)
        return false;
    for (size_t i = 0; i < CVK_SHA256_SIZE; i++) {
        int high = hex_digit(s.p[2 * i]), low = hex_digit(s.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        sha256[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* A name of a record: the member that shows it, the one that has it exact. */
struct name {
    const char *object, *shown, *exact;
};

/* The bytes that base64 stands for, in out; they must be what is shown, so that
 * nobody reads one name while another file is opened. */
static enum cvk_code decode_name(struct cvk_manifest *m,
                                 const struct name *name,
                                 struct cvk_slice shown,
                                 struct cvk_slice base64, struct cvk_buf *out)
{
    struct cvk_b64 b64;

    if (!cvk_buf_reserve(out, cvk_b64_room(base64.n)))
        return CVK_E_MEMORY;
    if (cvk_b64_decode(base64, out->p, &b64) || b64.unpadded ||
        b64.unused_bits || b64.whitespace)
        return fail(m, CVK_E_MANIFEST_LINE, "%s.%s is not base64",
                    name->object, name->exact);
    out->n = b64.size;
    m->shown.n = 0;
    if (!cvk_escape_text(&m->shown, cvk_buf_slice(out)))
        return CVK_E_MEMORY;
    if (!cvk_slice_equal(cvk_buf_slice(&m->shown), shown))
        return fail(m, CVK_E_MANIFEST_LINE,
                    "%s.%s and %s are not the same name", name->object,
                    name->shown, name->exact);
    return CVK_OK;
}

/* The exact name in out, with a NUL behind it that does not count. */
static enum cvk_code take_name(struct cvk_manifest *m, const struct name *name,
                               struct cvk_dom_value from, struct cvk_buf *out)
{
    struct cvk_dom_value value = cvk_dom_member(from, name->shown);
    struct cvk_dom_value exact = cvk_dom_member(from, name->exact);
    struct cvk_slice shown = cvk_dom_text(value);
    enum cvk_code code = CVK_OK;

    out->n = 0;
    if (!shown.n)
        return wrong(m, name->object, name->shown, value, "a name");
    if (exact.kind != CVK_DOM_ABSENT && exact.kind != CVK_DOM_STRING)
        return wrong(m, name->object, name->exact, exact, "base64");
    if (exact.kind == CVK_DOM_STRING)
        code = decode_name(m, name, shown, cvk_dom_text(exact), out);
    else if (!cvk_buf_append_slice(out, shown))
        code = CVK_E_MEMORY;
    if (code)
        return code;
    /* every buffer has room for one */
    out->p[out->n] = '\0';
    return CVK_OK;
}

/* ---- the parts of a record ---------------------------------------------- */

static enum cvk_code read_names(struct cvk_manifest *m,
                                struct cvk_dom_value input)
{
    static const struct name path = {"input", "path", "path_base64"};
    static const struct name member = {"input", "member", "member_base64"};
    struct cvk_manifest_row *row = &m->row;
    enum cvk_code code = take_name(m, &path, input, &m->input_path);

    if (code)
        return code;
    row->input_path = cvk_buf_slice(&m->input_path);
    if (cvk_slice_find(row->input_path, 0) != row->input_path.n)
        return fail(m, CVK_E_MANIFEST_LINE, "input.path holds a NUL");
    if (cvk_dom_member(input, "member").kind == CVK_DOM_NULL)
        return CVK_OK;
    code = take_name(m, &member, input, &m->input_member);
    row->input_member = cvk_buf_slice(&m->input_member);
    return code;
}

static enum cvk_code read_input(struct cvk_manifest *m,
                                struct cvk_dom_value root)
{
    struct cvk_manifest_row *row = &m->row;
    struct cvk_dom_value input = cvk_dom_member(root, "input"), v;
    enum cvk_code code;

    if (input.kind != CVK_DOM_OBJECT)
        return wrong(m, "", "input", input, "an object");
    code = read_names(m, input);
    if (code)
        return code;
    v = cvk_dom_member(input, "size");
    row->has_input_size = cvk_dom_integer(v, &row->input_size);
    if (v.kind != CVK_DOM_NULL && !row->has_input_size)
        return wrong(m, "input", "size", v, "a whole number or null");
    v = cvk_dom_member(input, "sha256");
    row->has_input_sha256 = take_sha256(v, row->input_sha256);
    if (v.kind != CVK_DOM_NULL && !row->has_input_sha256)
        return wrong(m, "input", "sha256", v, "64 hex digits or null");
    return CVK_OK;
}

/* The name of an image stands in the record itself. */
static enum cvk_code read_image_name(struct cvk_manifest *m,
                                     struct cvk_dom_value root)
{
    static const struct name image = {"", "image", "image_base64"};
    enum cvk_code code = take_name(m, &image, root, &m->input_path);

    m->row.input_path = cvk_buf_slice(&m->input_path);
    if (!code && cvk_slice_find(m->row.input_path, 0) != m->row.input_path.n)
        code = fail(m, CVK_E_MANIFEST_LINE, "image holds a NUL");
    return code;
}

static enum cvk_code read_image(struct cvk_manifest *m,
                                struct cvk_dom_value root)
{
    struct cvk_manifest_row *row = &m->row;
    const struct {
        const char *name;
        uint64_t *count;
    } members[] = {
        {"length", &row->input_size},
        {"hits", &row->hits},
        {"refused", &row->refused},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct cvk_dom_value v = cvk_dom_member(root, members[i].name);

        if (!cvk_dom_integer(v, members[i].count))
            return wrong(m, "", members[i].name, v, "a whole number");
    }
    row->has_input_size = true;
    return CVK_OK;
}

static enum cvk_code read_backup(struct cvk_manifest *m,
                                 struct cvk_dom_value root)
{
    struct cvk_dom_value backup = cvk_dom_member(root, "backup"), v;

    if (backup.kind == CVK_DOM_NULL)
        return CVK_OK;
    if (backup.kind != CVK_DOM_OBJECT)
        return wrong(m, "", "backup", backup, "an object or null");
    v = cvk_dom_member(backup, "pointer");
    m->row.pointer = cvk_dom_text(v);
    if (v.kind == CVK_DOM_NULL || (m->row.pointer.n &&
                                   m->row.pointer.p[0] == '/' &&
                                   m->row.pointer.n <= CVK_MAX_POINTER))
        return CVK_OK;
    return wrong(m, "backup", "pointer", v, "a JSON pointer or null");
}

/* Takes "." parts out of the path, in its place. False if it leads out of the
 * directory it is relative to, or is no path. */
static bool tidy_path(struct cvk_buf *path)
{
    struct cvk_slice rest = cvk_buf_slice(path);
    size_t to = 0;

    if (cvk_slice_find(rest, 0) != rest.n || rest.n >= CVK_MAX_PATH)
        return false;
    for (;;) {
        size_t n = cvk_slice_find(rest, '/');
        struct cvk_slice part = cvk_slice_cut(rest, 0, n);
        bool last = n == rest.n;

        if (n == 0 || cvk_slice_equal(part, CVK_LITERAL("..")))
            return false;
        if (!cvk_slice_equal(part, CVK_LITERAL("."))) {
            memmove(path->p + to, part.p, n);
            to += n;
            if (!last)
                path->p[to++] = '/';
        } else if (last) {
            return false;
        }
        if (last)
            break;
        rest = cvk_slice_cut(rest, n + 1, rest.n);
    }
    path->n = to;
    path->p[to] = '\0';
    return true;
}

static enum cvk_code read_blob(struct cvk_manifest *m,
                               struct cvk_dom_value root)
{
    static const struct name path = {"blob", "path", "path_base64"};
    struct cvk_manifest_row *row = &m->row;
    struct cvk_dom_value blob = cvk_dom_member(root, "blob"), v;
    char shown[CVK_MAX_SHOWN];
    enum cvk_code code;

    if (blob.kind == CVK_DOM_NULL)
        return CVK_OK;
    if (blob.kind != CVK_DOM_OBJECT)
        return wrong(m, "", "blob", blob, "an object or null");
    v = cvk_dom_member(blob, "size");
    if (!cvk_dom_integer(v, &row->blob_size))
        return wrong(m, "blob", "size", v, "a whole number");
    v = cvk_dom_member(blob, "sha256");
    if (!take_sha256(v, row->blob_sha256))
        return wrong(m, "blob", "sha256", v, "64 hex digits");
    code = take_name(m, &path, blob, &m->blob_path);
    if (code)
        return code;
    if (!tidy_path(&m->blob_path)) {
        cvk_escape_shown(shown, cvk_buf_slice(&m->blob_path));
        return fail(m, CVK_E_MANIFEST_PATH,
                    "the path %s of a blob is not below the output directory",
                    shown);
    }
    row->blob_path = cvk_buf_slice(&m->blob_path);
    row->has_blob = true;
    return CVK_OK;
}

static enum cvk_code read_archive(struct cvk_manifest *m,
                                  struct cvk_dom_value root)
{
    struct cvk_dom_value v = cvk_dom_member(root, "members");

    return cvk_dom_integer(v, &m->row.members)
               ? CVK_OK
               : wrong(m, "", "members", v, "a whole number");
}

static enum cvk_code check_good(struct cvk_manifest *m)
{
    const struct cvk_manifest_row *row = &m->row;

    if (row->status != CVK_ROW_OK)
        return CVK_OK;
    if (!row->has_blob ||
        (row->type == CVK_ROW_EXTRACT &&
         (!row->pointer.p || !row->has_input_sha256)))
        return fail(m, CVK_E_MANIFEST_LINE,
                    "the record is ok but has no %s",
                    !row->has_blob   ? "blob"
                    : !row->pointer.p ? "backup.pointer"
                                      : "input.sha256");
    /* what was read had a name that the system takes */
    if (row->input_path.n >= CVK_MAX_PATH || row->input_member.n > CVK_MAX_PATH)
        return fail(m, CVK_E_MANIFEST_LINE,
                    "the input's name is longer than any");
    return CVK_OK;
}

static enum cvk_code read_record(struct cvk_manifest *m,
                                 struct cvk_dom_value root)
{
    static const char *const words[] = {"ok", "refused", "error", "skipped"};
    struct cvk_manifest_row *row = &m->row;
    struct cvk_dom_value v = cvk_dom_member(root, "status");
    size_t status = index_of(v, words, sizeof words / sizeof *words);
    enum cvk_code code;

    if (status == sizeof words / sizeof *words)
        return wrong(m, "", "status", v, "ok, refused, error or skipped");
    row->status = (enum cvk_row_status)status;
    if (row->type == CVK_ROW_CARVE || row->type == CVK_ROW_IMAGE)
        code = read_image_name(m, root);
    else
        code = read_input(m, root);
    if (code)
        return code;
    if (row->type == CVK_ROW_IMAGE)
        return read_image(m, root);
    if (row->type == CVK_ROW_ARCHIVE)
        return read_archive(m, root);
    code = read_backup(m, root);
    if (!code)
        code = read_blob(m, root);
    return code ? code : check_good(m);
}

static enum cvk_code read_summary(struct cvk_manifest *m,
                                  struct cvk_dom_value root)
{
    struct cvk_manifest_counts *c = &m->row.counts;
    const struct {
        const char *name;
        uint64_t *count;
    } members[] = {
        {"inputs", &c->inputs},     {"ok", &c->ok},
        {"refused", &c->refused},   {"errors", &c->errors},
        {"skipped", &c->skipped},   {"blobs", &c->blobs},
        {"bytes_in", &c->bytes_in}, {"bytes_out", &c->bytes_out},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct cvk_dom_value v = cvk_dom_member(root, members[i].name);

        if (!cvk_dom_integer(v, members[i].count))
            return wrong(m, "", members[i].name, v, "a whole number");
    }
    return CVK_OK;
}

static enum cvk_code read_row(struct cvk_manifest *m)
{
    static const char *const schema[] = {"cvmkey/1"};
    static const char *const types[] = {"run",   "extract", "archive",
                                        "carve", "image",   "summary"};
    struct cvk_dom_value root = cvk_dom_root(&m->dom), v;
    size_t type;

    if (root.kind != CVK_DOM_OBJECT)
        return fail(m, CVK_E_MANIFEST_LINE, "this is no record: not an object");
    v = cvk_dom_member(root, "schema");
    if (index_of(v, schema, 1) == 1)
        return wrong(m, "", "schema", v, "cvmkey/1");
    v = cvk_dom_member(root, "type");
    type = index_of(v, types, sizeof types / sizeof *types);
    if (type == sizeof types / sizeof *types)
        return wrong(m, "", "type", v, "one of a manifest");
    m->row.type = (enum cvk_row_type)type;
    if (m->row.type == CVK_ROW_RUN)
        return CVK_OK;
    return m->row.type == CVK_ROW_SUMMARY ? read_summary(m, root)
                                          : read_record(m, root);
}

enum cvk_code cvk_manifest_read(struct cvk_manifest *m, struct cvk_slice line)
{
    enum cvk_code code;
    struct cvk_json j;

    m->row = (struct cvk_manifest_row){0};
    m->error_at = 0;
    m->why[0] = '\0';
    cvk_json_init(&j, line);
    code = scan(m, &j);
    if (code)
        return code;
    code = cvk_dom_parse(&m->dom, line, j.values);
    if (code == CVK_E_CROSS_DISAGREEMENT)
        return fail(m, CVK_E_MANIFEST_LINE, "cJSON does not read this line");
    return code ? code : read_row(m);
}

void cvk_manifest_identify(const struct cvk_manifest_row *row,
                           uint8_t id[CVK_SHA256_SIZE])
{
    struct cvk_sha256_state hash;

    cvk_sha256_start(&hash);
    cvk_sha256_add(&hash, row->input_path);
    cvk_sha256_add(&hash, CVK_LITERAL("\0")); /* no path holds one */
    cvk_sha256_add(&hash, row->input_member);
    cvk_sha256_add(&hash, cvk_slice_of(row->input_sha256, CVK_SHA256_SIZE));
    cvk_sha256_finish(&hash, id);
}
