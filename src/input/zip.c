/* SPDX-License-Identifier: MIT */
/* minizip walks the central directory. The fields of an entry and its content
 * are read here: minizip 1.1, which Debian 12 has, knows the numbers of zip64
 * only where a long has 32 bits, and does not tell where a member lies. */
#include "input/zip.h"

#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "input/stream.h"
#include "input/zipend.h"
#include "input/zipentry.h"

enum {
    WINDOW = 1 << 14,
    WINDOWS = 4, /* directory, local header, content and one to spare */
    FIRST_SIZE = 1 << 16,
    SEARCH_MIN = 16, /* a search reads more at once, a field is less */
    FIELD_MAX = 0xffff, /* of a name, or of an extra field */
};

/* A piece of the source: minizip asks for single bytes. */
struct window {
    uint64_t at;
    size_t n;
    uint8_t bytes[WINDOW];
};

struct cvk_zip {
    struct cvk_archive_io io;
    struct cvk_fault *fault;
    struct cvk_inflate *inflate;
    struct cvk_zipend end;
    struct cvk_buf tail;
    unzFile file;

    /* The source, as minizip sees it. */
    uint64_t at;
    enum cvk_code io_code;
    struct window windows[WINDOWS];
    size_t next_window;
    bool searching, starved, closed; /* see out_of_memory() */

    /* The current member and the next. */
    uint64_t index; /* of the next */
    uint64_t entry_at, next_at;
    struct cvk_zipentry entry;
    uint64_t content_at, content_left; /* packed */
    uint64_t packed, unpacked;         /* bytes read so far, of all members */
    uint8_t name[FIELD_MAX];
    uint8_t piece[FIELD_MAX];
};

/* ---- the source -------------------------------------------------------- */

static struct window *load_window(struct cvk_zip *z, uint64_t at)
{
    struct window *w = &z->windows[z->next_window];
    size_t got = 1;

    z->next_window = (z->next_window + 1) % WINDOWS;
    w->at = at;
    w->n = 0;
    while (w->n < WINDOW && got) {
        z->io_code = z->io.read_at(z->io.context, at + w->n, w->bytes + w->n,
                                   WINDOW - w->n, &got);
        if (z->io_code)
            return NULL;
        w->n += got;
    }
    return w;
}

/* The window that holds the byte at; NULL for none, or if it cannot be read. */
static struct window *window_of(struct cvk_zip *z, uint64_t at)
{
    uint64_t start = at - at % WINDOW;
    struct window *w = NULL;

    for (size_t i = 0; i < WINDOWS; i++)
        if (z->windows[i].n && z->windows[i].at == start)
            w = &z->windows[i];
    if (!w)
        w = load_window(z, start);
    return w && at - start < w->n ? w : NULL;
}

/* Bytes of the source from at on; fewer than n where it ends or fails. */
static size_t copy(struct cvk_zip *z, uint64_t at, uint8_t *p, size_t n)
{
    size_t done = 0;

    while (done < n && !z->io_code) {
        struct window *w = window_of(z, at + done);
        size_t from, some;

        if (!w)
            break;
        from = (size_t)(at + done - w->at);
        some = w->n - from < n - done ? w->n - from : n - done;
        memcpy(p + done, w->bytes + from, some);
        done += some;
    }
    return done;
}

static voidpf open_source(voidpf context, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return context;
}

static uLong read_source(voidpf context, voidpf source, void *p, uLong n)
{
    struct cvk_zip *z = context;
    size_t got = copy(z, z->at, p, n);

    (void)source;
    z->starved = z->starved || (z->searching && n < SEARCH_MIN);
    z->searching = false;
    z->at += got;
    return (uLong)got;
}

static ZPOS64_T tell_source(voidpf context, voidpf source)
{
    struct cvk_zip *z = context;

    (void)source;
    return z->at;
}

static long seek_source(voidpf context, voidpf source, ZPOS64_T offset,
                        int origin)
{
    struct cvk_zip *z = context;
    uint64_t from = 0;

    (void)source;
    if (origin == ZLIB_FILEFUNC_SEEK_CUR)
        from = z->at;
    if (origin == ZLIB_FILEFUNC_SEEK_END) {
        from = z->io.size;
        z->starved = z->starved || z->searching;
        z->searching = true;
    }
    if (from > z->io.size || offset > z->io.size - from)
        return -1;
    z->at = from + offset;
    return 0;
}

static int close_source(voidpf context, voidpf source)
{
    struct cvk_zip *z = context;

    (void)source;
    z->closed = true;
    return 0;
}

static int source_error(voidpf context, voidpf source)
{
    struct cvk_zip *z = context;

    (void)source;
    return z->io_code != CVK_OK;
}

/* unzOpen does not say why it gives nothing, and goes on without the larger
 * end record when there is no memory to look for it. Both show in what it asks
 * of the source: a search goes to its end, takes memory, and reads a piece;
 * and every refusal but that for want of memory closes the source. */
static bool out_of_memory(const struct cvk_zip *z)
{
    return z->starved || z->searching || (!z->file && !z->closed);
}

/* ---- what can be wrong ------------------------------------------------- */

static enum cvk_code damaged(struct cvk_zip *z, uint64_t at, const char *what)
{
    if (z->io_code)
        return cvk_fault_end(z->fault, z->io_code, at,
                             "the source cannot be read");
    return cvk_fault_end(z->fault, CVK_E_ARCHIVE_DAMAGED, at, "%s", what);
}

static enum cvk_code refuse(struct cvk_zip *z, enum cvk_code code,
                            const char *why)
{
    return cvk_fault_member(z->fault, code, z->entry_at, "%s", why);
}

static enum cvk_code member_damaged(struct cvk_zip *z, const char *what)
{
    if (z->io_code)
        return damaged(z, z->entry_at, what);
    return refuse(z, CVK_E_ARCHIVE_MEMBER_DAMAGED, what);
}

/* ---- the archive ------------------------------------------------------- */

struct cvk_zip *cvk_zip_new(void)
{
    struct cvk_zip *z = calloc(1, sizeof *z);

    if (z)
        cvk_buf_init(&z->tail, 1 << 17);
    return z;
}

void cvk_zip_free(struct cvk_zip *z)
{
    if (!z)
        return;
    cvk_zip_close(z);
    cvk_buf_clear(&z->tail);
    free(z);
}

bool cvk_zip_starts(struct cvk_slice head)
{
    return cvk_slice_starts(head, CVK_LITERAL("PK\3\4")) ||
           cvk_slice_starts(head, CVK_LITERAL("PK\5\6"));
}

void cvk_zip_close(struct cvk_zip *z)
{
    if (z->file)
        unzClose(z->file);
    z->file = NULL;
}

static enum cvk_code open_file(struct cvk_zip *z)
{
    zlib_filefunc64_def source = {
        .zopen64_file = open_source,
        .zread_file = read_source,
        .ztell64_file = tell_source,
        .zseek64_file = seek_source,
        .zclose_file = close_source,
        .zerror_file = source_error,
        .opaque = z,
    };
    unz_global_info64 global;

    z->file = unzOpen2_64("", &source);
    if (!z->io_code && out_of_memory(z))
        return cvk_fault_end(z->fault, CVK_E_MEMORY, 0, "not enough memory");
    if (!z->file)
        return damaged(z, z->end.directory_end, "the end record is damaged");
    if (unzGetGlobalInfo64(z->file, &global) != UNZ_OK ||
        global.number_entry != z->end.members)
        return damaged(z, z->end.directory_end, "there are two end records");
    return CVK_OK;
}

enum cvk_code cvk_zip_open(struct cvk_zip *z, const struct cvk_archive_io *io,
                           struct cvk_inflate *inflate, struct cvk_fault *fault)
{
    enum cvk_code code;

    cvk_zip_close(z);
    z->io = *io;
    z->inflate = inflate;
    z->fault = fault;
    z->io_code = CVK_OK;
    z->at = z->index = z->packed = z->unpacked = 0;
    z->searching = z->starved = z->closed = false;
    for (size_t i = 0; i < WINDOWS; i++)
        z->windows[i].n = 0;
    code = cvk_zipend_find(io, &z->tail, fault, &z->end);
    if (code)
        return code;
    z->entry_at = z->next_at = z->end.directory;
    if (z->end.members > CVK_MAX_ARCHIVE_MEMBERS)
        return cvk_fault_end(fault, CVK_E_ARCHIVE_MEMBERS, z->end.directory_end,
                             "the archive has more than %d members",
                             CVK_MAX_ARCHIVE_MEMBERS);
    code = z->end.members ? open_file(z) : CVK_OK;
    if (code)
        cvk_zip_close(z);
    return code;
}

uint64_t cvk_zip_end(const struct cvk_zip *z)
{
    return z->end.end;
}

/* ---- members ----------------------------------------------------------- */

/* Reads the entry at z->next_at, whose name goes to z->name. */
static bool read_entry(struct cvk_zip *z)
{
    struct cvk_zipentry *e = &z->entry;
    uint8_t p[CVK_ZIP_ENTRY_SIZE];
    uint64_t at = z->next_at;

    z->entry_at = at;
    if (copy(z, at, p, sizeof p) < sizeof p || !cvk_zipentry_parse(e, p))
        return false;
    at += sizeof p;
    z->next_at = at + e->name + e->extra + e->comment;
    if (z->next_at > z->end.directory_end ||
        copy(z, at, z->name, e->name) < e->name ||
        copy(z, at + e->name, z->piece, e->extra) < e->extra)
        return false;
    cvk_zipentry_take_extra(e, cvk_slice_of(z->piece, e->extra));
    return true;
}

/* minizip must be of one mind about where the entry lies. */
static enum cvk_code step(struct cvk_zip *z)
{
    int r = z->index ? unzGoToNextFile(z->file) : unzGoToFirstFile(z->file);
    uint64_t at = z->next_at;

    if (r != UNZ_OK || unzGetOffset64(z->file) != at || !read_entry(z))
        return damaged(z, at, "the list of members is damaged");
    z->index++;
    return CVK_OK;
}

enum cvk_code cvk_zip_next(struct cvk_zip *z, struct cvk_member *m, bool *ended)
{
    enum cvk_code code;

    *ended = z->index == z->end.members;
    if (*ended)
        return z->next_at == z->end.directory_end
                   ? CVK_OK
                   : damaged(z, z->next_at,
                             "the end record counts fewer members than there "
                             "are");
    code = step(z);
    if (code)
        return code;
    m->name = cvk_slice_of(z->name, z->entry.name);
    m->type = cvk_zipentry_type(&z->entry, m->name);
    if (m->name.n > CVK_MAX_PATH)
        m->name.n = CVK_MAX_PATH;
    m->size = z->entry.size;
    m->has_mtime = z->entry.has_mtime;
    m->mtime = z->entry.mtime;
    m->mtime_ns = 0;
    return CVK_OK;
}

/* ---- content ----------------------------------------------------------- */

/* Finds the content behind its header; all of it lies before the directory. */
static enum cvk_code find_content(struct cvk_zip *z)
{
    const struct cvk_zipentry *e = &z->entry;
    uint64_t room = z->end.directory;
    uint8_t p[CVK_ZIP_LOCAL_SIZE];

    if (room < CVK_ZIP_LOCAL_SIZE || e->local > room - CVK_ZIP_LOCAL_SIZE)
        return member_damaged(z, "the member lies outside the archive");
    if (copy(z, e->local, p, sizeof p) < sizeof p || !cvk_zipentry_agrees(&z->entry, p) ||
        copy(z, e->local + CVK_ZIP_LOCAL_SIZE, z->piece, e->name) < e->name ||
        memcmp(z->piece, z->name, e->name) != 0)
        return member_damaged(z, "the header before the content is damaged");
    z->content_at = e->local + CVK_ZIP_LOCAL_SIZE + e->name + cvk_zip_u16(p + 28);
    z->content_left = e->packed;
    if (z->content_at > room || e->packed > room - z->content_at)
        return member_damaged(z, "the member lies outside the archive");
    return CVK_OK;
}

/* The next packed bytes of the member; none at its end. Members that lie one
 * over the other would let a small archive cost any time and memory. */
static enum cvk_code next_piece(struct cvk_zip *z, struct cvk_slice *piece)
{
    size_t n = z->content_left < sizeof z->piece ? (size_t)z->content_left
                                                 : sizeof z->piece;

    if (copy(z, z->content_at, z->piece, n) < n)
        return member_damaged(z, "the archive is shorter than it was");
    *piece = cvk_slice_of(z->piece, n);
    z->content_at += n;
    z->content_left -= n;
    z->packed += n;
    if (cvk_stream_is_bomb(z->packed, z->io.size))
        return cvk_fault_end(z->fault, CVK_E_ARCHIVE_RATIO, z->entry_at,
                             "the members lie one over the other");
    return CVK_OK;
}

static enum cvk_code copy_stored(struct cvk_zip *z, struct cvk_buf *out)
{
    struct cvk_slice piece;
    enum cvk_code code;

    while (!(code = next_piece(z, &piece)) && piece.n)
        if (!cvk_buf_append_slice(out, piece))
            return refuse(z, CVK_E_MEMORY, "not enough memory");
    return code;
}

/* Makes room, up to size bytes in all: what is declared is believed only as
 * far as bytes come. */
static bool make_room(struct cvk_buf *out, uint64_t size)
{
    uint64_t wanted = out->n < FIRST_SIZE ? FIRST_SIZE : 2 * (uint64_t)out->n;

    return cvk_buf_reserve(out, (size_t)(wanted < size ? wanted : size));
}

/* Inflates a piece; one byte more than declared ends it. */
static enum cvk_code inflate_piece(struct cvk_zip *z, struct cvk_slice *piece,
                                   struct cvk_buf *out, bool *ended)
{
    uint64_t size = z->entry.size;

    while (!*ended && piece->n) {
        bool full = out->n == size;
        uint8_t more;
        size_t made;
        enum cvk_code code;

        if (!full && (!out->p || out->n >= out->size - 1) &&
            !make_room(out, size))
            return refuse(z, CVK_E_MEMORY, "not enough memory");
        if (full)
            code = cvk_inflate_run(z->inflate, piece, &more, 1, &made, ended);
        else
            code = cvk_inflate_run(z->inflate, piece, out->p + out->n,
                                   (size_t)(out->size - 1 < size
                                                ? out->size - 1 - out->n
                                                : size - out->n),
                                   &made, ended);
        if (code == CVK_E_MEMORY)
            return refuse(z, code, "not enough memory");
        if (code)
            return member_damaged(z, "the compressed data is damaged");
        if (full && made)
            return member_damaged(z, "the content is longer than declared");
        out->n += made;
        z->unpacked += made;
    }
    return CVK_OK;
}

static enum cvk_code inflate_all(struct cvk_zip *z, struct cvk_buf *out)
{
    struct cvk_slice piece;
    enum cvk_code code;
    bool ended = false;

    cvk_inflate_start(z->inflate, CVK_INFLATE_BARE);
    do {
        code = next_piece(z, &piece);
        if (!code && piece.n == 0)
            return member_damaged(z, "the compressed data ends too early");
        if (!code)
            code = inflate_piece(z, &piece, out, &ended);
        if (!code && cvk_stream_is_bomb(z->unpacked, z->io.size))
            return cvk_fault_end(z->fault, CVK_E_ARCHIVE_RATIO, z->entry_at,
                                 "the members unpack to more than %d times "
                                 "the size of the archive",
                                 CVK_MAX_RATIO);
    } while (!code && !ended);
    return code;
}

/* What the directory alone tells. */
static enum cvk_code check_entry(struct cvk_zip *z)
{
    struct cvk_slice name = cvk_slice_of(z->name, z->entry.name);

    if (name.n == 0 || name.n > CVK_MAX_PATH ||
        cvk_slice_find(name, 0) < name.n)
        return refuse(z, CVK_E_ARCHIVE_NAME,
                      "the name is empty, too long, or has a NUL in it");
    if (z->entry.flags & CVK_ZIP_ENCRYPTED)
        return refuse(z, CVK_E_ARCHIVE_ENCRYPTED, "the member is encrypted");
    if (z->entry.method != CVK_ZIP_STORED &&
        z->entry.method != CVK_ZIP_DEFLATED)
        return cvk_fault_member(z->fault, CVK_E_ARCHIVE_METHOD, z->entry_at,
                                "the member is compressed by method %u",
                                z->entry.method);
    if (z->entry.lies)
        return member_damaged(z, "a number of zip64 is missing");
    if (z->entry.method == CVK_ZIP_STORED &&
        z->entry.packed != z->entry.size)
        return member_damaged(z, "the member has two sizes");
    return CVK_OK;
}

static enum cvk_code check_content(struct cvk_zip *z, const struct cvk_buf *out)
{
    if (out->n != z->entry.size)
        return member_damaged(z, "the content is shorter than declared");
    if (cvk_crc32(0, cvk_buf_slice(out)) != z->entry.crc)
        return member_damaged(z, "the check sum is wrong");
    return CVK_OK;
}

/* The beginning of a member that is too large: what its first piece holds. */
static enum cvk_code read_head(struct cvk_zip *z, struct cvk_buf *out)
{
    uint64_t wanted = z->entry.size < CVK_ARCHIVE_HEAD ? z->entry.size
                                                       : CVK_ARCHIVE_HEAD;
    struct cvk_slice piece;
    enum cvk_code code = next_piece(z, &piece);
    bool ended;

    if (code)
        return code;
    if (!cvk_buf_reserve(out, (size_t)wanted))
        return refuse(z, CVK_E_MEMORY, "not enough memory");
    if (z->entry.method == CVK_ZIP_STORED) {
        cvk_buf_append_slice(out, cvk_slice_cut(piece, 0, (size_t)wanted));
    } else {
        cvk_inflate_start(z->inflate, CVK_INFLATE_BARE);
        code = cvk_inflate_run(z->inflate, &piece, out->p, (size_t)wanted,
                               &out->n, &ended);
    }
    if (code == CVK_E_MEMORY)
        return refuse(z, code, "not enough memory");
    if (out->n < wanted)
        return member_damaged(z, "the content is shorter than declared");
    return refuse(z, CVK_E_INPUT_TOO_LARGE, "the member is too large");
}

enum cvk_code cvk_zip_read(struct cvk_zip *z, uint64_t max, struct cvk_buf *out)
{
    enum cvk_code code = check_entry(z);

    out->n = 0;
    if (code)
        return code;
    if (!cvk_buf_reserve(out, 0))
        return refuse(z, CVK_E_MEMORY, "not enough memory");
    code = find_content(z);
    if (code)
        return code;
    if (z->entry.size > max)
        return read_head(z, out);
    code = z->entry.method == CVK_ZIP_STORED ? copy_stored(z, out)
                                                : inflate_all(z, out);
    if (!code)
        code = check_content(z, out);
    if (!code)
        out->p[out->n] = 0;
    return code;
}
