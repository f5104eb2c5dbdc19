/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static size_t give(const struct fuzz_source *s, uint64_t at, void *p, size_t n)
{
    if (at >= s->bytes.n)
        return 0;
    if (n > s->chunk)
        n = s->chunk;
    if (n > s->bytes.n - at)
        n = s->bytes.n - (size_t)at;
    memcpy(p, s->bytes.p + at, n);
    return n;
}

static enum cvk_code source_read(void *context, void *p, size_t n, size_t *got)
{
    struct fuzz_source *s = context;

    *got = give(s, s->at, p, n);
    s->at += *got;
    return CVK_OK;
}

static enum cvk_code source_read_at(void *context, uint64_t offset, void *p,
                                    size_t n, size_t *got)
{
    *got = give(context, offset, p, n);
    return CVK_OK;
}

struct cvk_archive_io fuzz_source_io(struct fuzz_source *s)
{
    s->at = 0;
    return (struct cvk_archive_io){s, source_read, source_read_at, s->bytes.n};
}

/* ---- listings ----------------------------------------------------------- */

/* FNV-1a, 64 bits. */
static void digest(struct fuzz_listing *l, const void *p, size_t n)
{
    const uint8_t *bytes = p;

    for (size_t i = 0; i < n; i++)
        l->digest = (l->digest ^ bytes[i]) * 1099511628211u;
}

static void check_told(const struct cvk_archive *a, const struct fuzz_source *s,
                       struct fuzz_listing *l)
{
    bool unpacked;

    fuzz_require(cvk_archive_why(a)[0]);
    l->error_at = cvk_archive_error_at(a, &unpacked);
    fuzz_require(unpacked || l->error_at <= s->bytes.n);
}

static void read_member(struct cvk_archive *a, const struct cvk_member *m,
                        struct fuzz_source *s, struct fuzz_listing *l,
                        uint64_t max, fuzz_member *member)
{
    static struct cvk_buf out = {.max = 1 << 30};
    enum cvk_code code = cvk_archive_read(a, max, &out);

    fuzz_require(code != CVK_E_MEMORY);
    if (!code)
        fuzz_require(out.n == m->size && out.n <= max && out.p[out.n] == 0);
    else if (code == CVK_E_INPUT_TOO_LARGE)
        fuzz_require(out.n <= CVK_ARCHIVE_HEAD && m->size > max);
    else
        out.n = 0; /* not defined */
    if (code)
        check_told(a, s, l);
    l->unreadable += code != CVK_OK;
    l->bytes += out.n;
    digest(l, &code, sizeof code);
    digest(l, out.p, out.n);
    if (member)
        member(m, code, cvk_buf_slice(&out), s);
}

static void check_end(struct cvk_archive *a, struct fuzz_source *s,
                      struct fuzz_listing *l)
{
    struct cvk_member m;
    bool ended;

    if (l->code)
        check_told(a, s, l);
    fuzz_require(cvk_archive_next(a, &m, &ended) == l->code);
    fuzz_require(l->code || ended);
    l->finish = cvk_archive_finish(a);
    fuzz_require(!l->code || !l->finish);
    fuzz_require(s->at == s->bytes.n);
    if (l->finish)
        check_told(a, s, l);
}

struct fuzz_listing fuzz_list(enum cvk_archive_kind kind, struct fuzz_source *s,
                              uint64_t max, fuzz_member *member)
{
    static struct cvk_archive *a;
    struct fuzz_listing l = {.digest = 14695981039346656037u};
    struct cvk_archive_io io = fuzz_source_io(s);
    bool ended = false;

    a = a ? a : cvk_archive_new();
    fuzz_require(a);
    l.code = cvk_archive_open(a, kind, &io);
    while (!l.code) {
        struct cvk_member m = {0};

        l.code = cvk_archive_next(a, &m, &ended);
        if (l.code || ended)
            break;
        fuzz_require(m.name.n <= CVK_MAX_PATH && m.type <= CVK_MEMBER_SPECIAL);
        l.members++;
        digest(&l, m.name.p, m.name.n);
        digest(&l, &m.type, sizeof m.type);
        digest(&l, &m.size, sizeof m.size);
        if (m.has_mtime)
            digest(&l, &m.mtime, sizeof m.mtime);
        if (m.type == CVK_MEMBER_FILE)
            read_member(a, &m, s, &l, max, member);
    }
    check_end(a, s, &l);
    return l;
}

bool fuzz_listing_equal(const struct fuzz_listing *a,
                        const struct fuzz_listing *b)
{
    return a->code == b->code && a->finish == b->finish &&
           a->error_at == b->error_at && a->members == b->members &&
           a->unreadable == b->unreadable && a->bytes == b->bytes &&
           a->digest == b->digest;
}

/* ---- files -------------------------------------------------------------- */

const char *fuzz_file(struct cvk_slice bytes)
{
    static char path[64];
    static int fd = -1;

    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        fuzz_require(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fuzz_require(!ftruncate(fd, 0));
    fuzz_require(pwrite(fd, bytes.p, bytes.n, 0) == (ssize_t)bytes.n);
    return path;
}
