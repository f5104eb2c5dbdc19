/* SPDX-License-Identifier: MIT */
#include "input/tar.h"

#include "base/limits.h"

void cvk_tar_init(struct cvk_tar *t)
{
    *t = (struct cvk_tar){0};
    cvk_buf_init(&t->name, CVK_MAX_TAR_HEADER);
    cvk_buf_init(&t->records, CVK_MAX_TAR_HEADER);
    cvk_buf_init(&t->long_name, CVK_MAX_TAR_HEADER);
}

void cvk_tar_clear(struct cvk_tar *t)
{
    cvk_buf_clear(&t->name);
    cvk_buf_clear(&t->records);
    cvk_buf_clear(&t->long_name);
}

static void forget_extended(struct cvk_tar *t)
{
    t->pax = (struct cvk_pax){0};
    t->records.n = t->long_name.n = 0;
    t->has_long_name = t->has_extended = false;
}

void cvk_tar_open(struct cvk_tar *t, struct cvk_stream *stream,
                  struct cvk_fault *fault)
{
    t->stream = stream;
    t->fault = fault;
    t->ended = t->sparse = false;
    t->header_at = t->left = t->padding = 0;
    t->name.n = 0;
    forget_extended(t);
}

/* ---- what can be wrong ------------------------------------------------- */

static enum cvk_code in_tar(struct cvk_tar *t, enum cvk_code code)
{
    t->fault->unpacked = t->stream->inflate != NULL;
    return code;
}

static enum cvk_code truncated(struct cvk_tar *t, const char *where)
{
    return in_tar(t, cvk_fault_end(t->fault, CVK_E_ARCHIVE_TRUNCATED,
                                   t->stream->at, "the archive ends %s",
                                   where));
}

static enum cvk_code damaged(struct cvk_tar *t, uint64_t at, const char *what)
{
    return in_tar(t, cvk_fault_end(t->fault, CVK_E_ARCHIVE_DAMAGED, at, "%s",
                                   what));
}

static enum cvk_code out_of_memory(struct cvk_tar *t)
{
    return cvk_fault_end(t->fault, CVK_E_MEMORY, t->header_at,
                         "not enough memory");
}

/* Of the current member alone. */
static enum cvk_code refuse(struct cvk_tar *t, enum cvk_code code,
                            const char *why)
{
    return in_tar(t, cvk_fault_member(t->fault, code, t->header_at, "%s", why));
}

/* ---- blocks ------------------------------------------------------------ */

static enum cvk_code skip(struct cvk_tar *t, uint64_t n, const char *where)
{
    uint64_t gone;
    enum cvk_code code = cvk_stream_skip(t->stream, n, &gone);

    if (code)
        return code;
    return gone == n ? CVK_OK : truncated(t, where);
}

static enum cvk_code skip_content(struct cvk_tar *t)
{
    enum cvk_code code = skip(t, t->left, "inside a member");

    if (!code)
        code = skip(t, t->padding, "inside a member");
    t->left = t->padding = 0;
    return code;
}

static enum cvk_code read_block(struct cvk_tar *t, const char *where)
{
    size_t got;
    enum cvk_code code = cvk_stream_read(t->stream, t->block, CVK_TAR_BLOCK,
                                         &got);

    if (code)
        return code;
    return got == CVK_TAR_BLOCK ? CVK_OK : truncated(t, where);
}

static void set_content(struct cvk_tar *t, uint64_t size)
{
    t->left = size;
    t->padding = -size % CVK_TAR_BLOCK;
}

/* Appends the content to out, which has room for all of it. */
static enum cvk_code append_content(struct cvk_tar *t, struct cvk_buf *out)
{
    while (t->left) {
        struct cvk_slice piece;
        enum cvk_code code = cvk_stream_peek(t->stream, &piece);

        if (code)
            return code;
        if (piece.n == 0)
            return truncated(t, "inside a member");
        if (piece.n > t->left)
            piece.n = (size_t)t->left;
        if (!cvk_buf_append_slice(out, piece))
            return CVK_E_MEMORY;
        t->left -= piece.n;
        cvk_stream_take(t->stream, piece.n);
    }
    return CVK_OK;
}

/* ---- extended headers -------------------------------------------------- */

static enum cvk_code check_extended(struct cvk_tar *t)
{
    return t->left <= CVK_MAX_TAR_HEADER
               ? CVK_OK
               : damaged(t, t->header_at, "an extended header is too large");
}

/* Puts the content of an extended header into b. */
static enum cvk_code load_extended(struct cvk_tar *t, struct cvk_buf *b)
{
    enum cvk_code code = check_extended(t);

    b->n = 0;
    if (!code)
        code = append_content(t, b);
    if (code == CVK_E_MEMORY && !t->fault->code)
        return out_of_memory(t);
    return code ? code : skip_content(t);
}

static enum cvk_code read_long_name(struct cvk_tar *t)
{
    enum cvk_code code = load_extended(t, &t->long_name);

    if (code)
        return code;
    t->long_name.n = cvk_slice_find(cvk_buf_slice(&t->long_name), 0);
    t->has_long_name = true;
    return CVK_OK;
}

/* The target of a link is not read. */
static enum cvk_code skip_long_link(struct cvk_tar *t)
{
    enum cvk_code code = check_extended(t);

    return code ? code : skip_content(t);
}

static enum cvk_code read_records(struct cvk_tar *t)
{
    uint64_t at = t->stream->at;
    enum cvk_code code;

    /* which of them counts, readers do not agree on */
    if (t->records.n)
        return damaged(t, t->header_at, "a member has two extended headers");
    code = load_extended(t, &t->records);
    if (code)
        return code;
    if (cvk_pax_parse(&t->pax, cvk_buf_slice(&t->records)))
        return CVK_OK;
    return damaged(t, at + t->pax.error_at,
                   "a record of an extended header is damaged");
}

/* A header for all members that follow. None of its records is taken over; one
 * that would change what the members are is refused. */
static enum cvk_code read_global(struct cvk_tar *t)
{
    uint64_t at = t->stream->at;
    struct cvk_pax pax = {0};
    enum cvk_code code = load_extended(t, &t->name); /* not in use yet */

    if (code)
        return code;
    if (!cvk_pax_parse(&pax, cvk_buf_slice(&t->name)))
        return damaged(t, at + pax.error_at,
                       "a record of a global header is damaged");
    if (pax.has_path || pax.has_size || pax.sparse)
        return damaged(t, at, "a global header gives all members one name or "
                              "size");
    return CVK_OK;
}

/* True if h stands for no member; *code tells how reading it went. */
static bool take_extended(struct cvk_tar *t, const struct cvk_tar_header *h,
                          enum cvk_code *code)
{
    set_content(t, h->size);
    switch (h->type) {
    case 'L':
        *code = read_long_name(t);
        break;
    case 'K':
        *code = skip_long_link(t);
        break;
    case 'x':
    case 'X': /* the same, by Sun */
        *code = read_records(t);
        break;
    case 'g':
        *code = read_global(t);
        return true;
    default:
        return false;
    }
    t->has_extended = true;
    return true;
}

/* ---- members ----------------------------------------------------------- */

static enum cvk_member_type type_of(const struct cvk_tar *t, uint8_t type)
{
    switch (type) {
    case '1':
    case '2':
        return CVK_MEMBER_LINK;
    case '5':
        return CVK_MEMBER_DIRECTORY;
    case '3':
    case '4':
    case '6':
        return CVK_MEMBER_SPECIAL;
    default:
        break;
    }
    /* capital letters are the makers' own; the rest are files (POSIX) */
    if (type >= 'A' && type <= 'Z' && type != 'S')
        return CVK_MEMBER_SPECIAL;
    return t->name.n && t->name.p[t->name.n - 1] == '/' ? CVK_MEMBER_DIRECTORY
                                                        : CVK_MEMBER_FILE;
}

/* Links, directories and devices have no content, whatever size they state:
 * so read GNU tar and Python. */
static bool has_content(uint8_t type)
{
    return type < '1' || type > '6';
}

static bool set_name(struct cvk_tar *t, const struct cvk_tar_header *h)
{
    t->name.n = 0;
    if (t->pax.has_sparse_name)
        return cvk_buf_append_slice(&t->name, t->pax.sparse_name);
    if (t->pax.has_path)
        return cvk_buf_append_slice(&t->name, t->pax.path);
    if (t->has_long_name)
        return cvk_buf_append_slice(&t->name, cvk_buf_slice(&t->long_name));
    if (h->prefix.n && (!cvk_buf_append_slice(&t->name, h->prefix) ||
                        !cvk_buf_append_byte(&t->name, '/')))
        return false;
    return cvk_buf_append_slice(&t->name, h->name);
}

/* The map of a sparse member stands between its header and its content. */
static enum cvk_code skip_sparse_map(struct cvk_tar *t, bool goes_on)
{
    while (goes_on) {
        enum cvk_code code = read_block(t, "inside a member");

        if (code)
            return code;
        goes_on = cvk_tar_sparse_goes_on(t->block);
    }
    return CVK_OK;
}

static enum cvk_code begin_member(struct cvk_tar *t,
                                  const struct cvk_tar_header *h,
                                  struct cvk_member *m)
{
    uint64_t size = t->pax.has_size ? t->pax.size : h->size;

    if (!set_name(t, h))
        return out_of_memory(t);
    m->name = cvk_buf_slice(&t->name);
    if (m->name.n > CVK_MAX_PATH)
        m->name.n = CVK_MAX_PATH;
    m->type = type_of(t, h->type);
    m->size = has_content(h->type) ? size : 0;
    m->has_mtime = t->pax.has_mtime || h->has_mtime;
    m->mtime = t->pax.has_mtime ? t->pax.mtime : h->mtime;
    m->mtime_ns = t->pax.has_mtime ? t->pax.mtime_ns : 0;
    t->sparse = t->pax.sparse || h->type == 'S';
    set_content(t, m->size);
    return skip_sparse_map(t, h->more_sparse);
}

/* Behind the first block of zeros: the second one. */
static enum cvk_code end(struct cvk_tar *t, bool *ended)
{
    enum cvk_code code = read_block(t, "inside its end marker");

    if (code)
        return code;
    if (t->has_extended || !cvk_tar_is_zero(t->block))
        return damaged(t, t->header_at, "zeros where a header should be");
    *ended = t->ended = true;
    return CVK_OK;
}

enum cvk_code cvk_tar_next(struct cvk_tar *t, struct cvk_member *m, bool *ended)
{
    enum cvk_code code = skip_content(t);

    *ended = t->ended;
    if (t->ended)
        return CVK_OK;
    forget_extended(t);
    while (!code) {
        struct cvk_tar_header h;

        t->header_at = t->stream->at;
        code = read_block(t, "without its end marker");
        if (code)
            break;
        if (cvk_tar_is_zero(t->block))
            return end(t, ended);
        if (!cvk_tar_sums_up(t->block))
            return damaged(t, t->header_at,
                           "the check sum of a header is wrong");
        if (!cvk_tar_header_parse(t->block, &h))
            return damaged(t, t->header_at, "a header states no size");
        if (!take_extended(t, &h, &code))
            return begin_member(t, &h, m);
    }
    return code;
}

/* Another tar, from at on. */
static void tell_joined(struct cvk_tar *t, uint64_t at)
{
    bool packed = t->stream->inflate != NULL;

    cvk_fault_end(t->fault, CVK_E_ARCHIVE_JOINED, at,
                  "split it off with '%s%llu%s >second.tar': another tar "
                  "follows the end of this one",
                  packed ? "gzip -dc ARCHIVE | tail -c +" : "tail -c +",
                  (unsigned long long)at + 1, packed ? "" : " ARCHIVE");
    t->fault->unpacked = packed;
}

enum cvk_code cvk_tar_finish(struct cvk_tar *t)
{
    uint64_t at;
    size_t got, zeros;
    enum cvk_code code;

    do {
        at = t->stream->at;
        code = cvk_stream_read(t->stream, t->block, CVK_TAR_BLOCK, &got);
        for (zeros = 0; zeros < got && !t->block[zeros];)
            zeros++;
    } while (!code && got && zeros == got);
    if (code || zeros == got)
        return code;
    if (got == CVK_TAR_BLOCK && cvk_tar_sums_up(t->block)) {
        tell_joined(t, at);
        return CVK_OK;
    }
    cvk_fault_end(t->fault, CVK_E_ARCHIVE_TRAILING, at + zeros,
                  "more bytes follow the end of the archive");
    return in_tar(t, CVK_OK);
}

/* The beginning of a member that is too large. */
static enum cvk_code read_head(struct cvk_tar *t, struct cvk_buf *out)
{
    uint64_t rest = 0;
    enum cvk_code code;

    if (t->left > CVK_ARCHIVE_HEAD)
        rest = t->left - CVK_ARCHIVE_HEAD;
    t->left -= rest;
    code = append_content(t, out);
    t->left += rest;
    return code ? code
                : refuse(t, CVK_E_INPUT_TOO_LARGE, "the member is too large");
}

enum cvk_code cvk_tar_read(struct cvk_tar *t, uint64_t max, struct cvk_buf *out)
{
    struct cvk_slice name = cvk_buf_slice(&t->name);
    enum cvk_code code;

    out->n = 0;
    if (name.n == 0 || name.n > CVK_MAX_PATH ||
        cvk_slice_find(name, 0) < name.n)
        return refuse(t, CVK_E_ARCHIVE_NAME,
                      "the name is empty, too long, or has a NUL in it");
    if (t->sparse)
        return refuse(t, CVK_E_ARCHIVE_SPARSE,
                      "the member is stored as a sparse file");
    if (!cvk_buf_reserve(out, 0))
        code = CVK_E_MEMORY;
    else if (t->left > max)
        code = read_head(t, out);
    else
        code = append_content(t, out);
    if (code == CVK_E_MEMORY && !t->fault->code)
        return refuse(t, code, "not enough memory");
    if (!code)
        out->p[out->n] = 0;
    return code;
}
