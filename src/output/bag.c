/* SPDX-License-Identifier: MIT */
#include "output/bag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timestamp.h"
#include "os/walk.h"
#include "output/manifest.h"

/* RFC 8493, 2.1.1. */
#define DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

/* Length of the date in a time. */
enum { DAY = sizeof "2026-01-28" - 1 };

char *cvk_bag_data(const char *path)
{
    size_t n = strlen(path);
    char *data = malloc(n + sizeof "/data");

    if (data)
        snprintf(data, n + sizeof "/data", "%s/data", path);
    return data;
}

/* ---- the start ---------------------------------------------------------- */

void cvk_bag_init(struct cvk_bag *b)
{
    memset(b, 0, sizeof *b);
    b->declaration.file.fd = b->payload.file.fd = -1;
    b->info.file.fd = b->tags.file.fd = -1;
}

static bool begins_declaration(struct cvk_slice bytes)
{
    return cvk_slice_starts(bytes, CVK_LITERAL("BagIt-Version: "));
}

static bool begins_info(struct cvk_slice bytes)
{
    return cvk_slice_starts(bytes, CVK_LITERAL("Bag-Software-Agent: cvmkey "));
}

/* An empty file may be replaced in any case. */
static bool begins_never(struct cvk_slice bytes)
{
    (void)bytes;
    return false;
}

static enum cvk_code open_tag(struct cvk_bag *b, struct cvk_listing *l,
                              const char *name,
                              bool (*ours)(struct cvk_slice begin))
{
    bool again = b->options.replace || b->options.resume;
    struct cvk_listing_options o = {
        .file = "", .dir = b->options.path, .usual = name,
        .replaceable = again ? ours : NULL, .sync = b->options.sync,
        .hash = true,
    };
    enum cvk_code code = cvk_listing_open(l, &o);

    if (code)
        b->failed = l;
    return code;
}

static enum cvk_code open_declaration(struct cvk_bag *b)
{
    return open_tag(b, &b->declaration, "bagit.txt",
                    b->options.replace ? begins_declaration : begins_never);
}

/* Counts the files in the data folder, up to more than most of them. */
static enum cvk_code count_files(const char *data, uint64_t most, uint64_t *n)
{
    struct cvk_walk_entry e;
    enum cvk_code code;
    int error = 0;
    struct cvk_walk *w = cvk_walk_open(data, &code, &error);

    *n = 0;
    if (!w)
        return code != CVK_E_MEMORY && error == ENOENT ? CVK_OK : code;
    code = CVK_OK;
    /* what cannot be looked at is something, too */
    while (*n <= most && cvk_walk_next(w, &e, &code))
        ++*n;
    cvk_walk_close(w);
    return code;
}

enum cvk_code cvk_bag_open(struct cvk_bag *b, const struct cvk_bag_options *o)
{
    enum cvk_code code;
    uint64_t files = 0;

    b->options = *o;
    code = open_declaration(b);
    if (!code)
        code = open_tag(b, &b->payload, "manifest-sha256.txt", cvk_sums_begin);
    if (!code)
        code = open_tag(b, &b->info, "bag-info.txt", begins_info);
    if (!code)
        code = open_tag(b, &b->tags, "tagmanifest-sha256.txt", cvk_sums_begin);
    if (!code && !o->replace && !o->resume)
        code = count_files(o->data, 0, &files);
    if (!code && files)
        code = CVK_E_IO_EXISTS;
    b->open = code == CVK_OK;
    return code;
}

enum cvk_code cvk_bag_withdraw(struct cvk_bag *b)
{
    struct cvk_listing *l = &b->declaration;
    enum cvk_code code;

    if (cvk_outfile_check(l->file.dir, "bagit.txt", NULL) == CVK_OK)
        return CVK_OK;
    code = cvk_listing_publish(l);
    if (code) {
        b->failed = l;
        return code;
    }
    cvk_listing_clear(l);
    return open_declaration(b);
}

/* ---- lines -------------------------------------------------------------- */

/* A path with a line break or a percent sign is encoded, and no other. */
static bool put_path(struct cvk_buf *out, struct cvk_slice path)
{
    bool ok = true;

    for (size_t i = 0; i < path.n && ok; i++)
        switch (path.p[i]) {
        case '%':
            ok = cvk_buf_append_string(out, "%25");
            break;
        case '\n':
            ok = cvk_buf_append_string(out, "%0A");
            break;
        case '\r':
            ok = cvk_buf_append_string(out, "%0D");
            break;
        default:
            ok = cvk_buf_append_byte(out, path.p[i]);
        }
    return ok;
}

static bool put_sum(struct cvk_buf *out, const uint8_t sha256[CVK_SHA256_SIZE],
                    const char *folder, struct cvk_slice path)
{
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(sha256, hex);
    return cvk_buf_append_string(out, hex) &&
           cvk_buf_append_string(out, "  ") &&
           cvk_buf_append_string(out, folder) && put_path(out, path) &&
           cvk_buf_append_byte(out, '\n');
}

/* A line was appended, if all of it could be. */
static enum cvk_code write_tag(struct cvk_bag *b, struct cvk_listing *l,
                               bool whole)
{
    enum cvk_code code = whole ? cvk_listing_write(l) : CVK_E_MEMORY;

    if (code)
        b->failed = l;
    return code;
}

enum cvk_code cvk_bag_add(struct cvk_bag *b, const struct cvk_record *r)
{
    struct cvk_buf *lines = cvk_listing_lines(&b->payload);

    if (!r->blob.written)
        return CVK_OK;
    b->files++;
    b->bytes += r->backup.size;
    return write_tag(b, &b->payload,
                     put_sum(lines, r->backup.sha256, "data/",
                             cvk_record_text(r, r->blob.path)));
}

/* ---- the end ------------------------------------------------------------ */

static bool put(struct cvk_buf *out, const char *s)
{
    return cvk_buf_append_string(out, s);
}

/* What a note says stands in one line, whatever it holds. */
static bool put_info(const struct cvk_bag *b, struct cvk_buf *out,
                     const struct cvk_bag_facts *f)
{
    char time[CVK_TIMESTAMP_SIZE], oxum[64];
    bool ok;

    cvk_timestamp_format(f->time, f->time_ns, time);
    time[DAY] = '\0';
    snprintf(oxum, sizeof oxum, "%llu.%llu", (unsigned long long)b->bytes,
             (unsigned long long)b->files);
    ok = put(out, "Bag-Software-Agent: cvmkey ") && put(out, f->version) &&
         put(out, "\nBagging-Date: ") && put(out, time) &&
         put(out, "\nPayload-Oxum: ") && put(out, oxum) && put(out, "\n");
    for (size_t i = 0; ok && i < f->n_notes; i++)
        ok = put(out, "Cvmkey-Note: ") &&
             cvk_escape_name(out, cvk_slice_of(f->notes[i],
                                               strlen(f->notes[i]))) &&
             put(out, "\n");
    return ok;
}

static enum cvk_code publish(struct cvk_bag *b, struct cvk_listing *l,
                             bool whole)
{
    enum cvk_code code = write_tag(b, l, whole);

    if (!code)
        code = cvk_listing_publish(l);
    if (code)
        b->failed = l;
    return code;
}

/* The hash of what was published, once. */
static bool put_hash(struct cvk_buf *out, struct cvk_listing *l,
                     const char *folder, struct cvk_slice name)
{
    uint8_t sha256[CVK_SHA256_SIZE];

    cvk_sha256_finish(&l->hash, sha256);
    return put_sum(out, sha256, folder, name);
}

static enum cvk_code finish_payload(struct cvk_bag *b,
                                    const struct cvk_bag_facts *f)
{
    b->files++;
    b->bytes += f->manifest->size;
    return publish(b, &b->payload,
                   put_hash(cvk_listing_lines(&b->payload), f->manifest,
                            "data/", CVK_LITERAL("manifest.jsonl")));
}

static enum cvk_code finish_tags(struct cvk_bag *b)
{
    struct cvk_buf *out = cvk_listing_lines(&b->tags);
    uint8_t declaration[CVK_SHA256_SIZE];

    cvk_sha256(CVK_LITERAL(DECLARATION), declaration);
    return publish(b, &b->tags,
                   put_hash(out, &b->info, "", CVK_LITERAL("bag-info.txt")) &&
                       put_sum(out, declaration, "",
                               CVK_LITERAL("bagit.txt")) &&
                       put_hash(out, &b->payload, "",
                                CVK_LITERAL("manifest-sha256.txt")));
}

/* A bag must name all that is in its data folder. */
static enum cvk_code check_files(const struct cvk_bag *b)
{
    uint64_t n;
    enum cvk_code code = count_files(b->options.data, b->files, &n);

    return code ? code : n == b->files ? CVK_OK : CVK_E_BAG_EXTRA;
}

enum cvk_code cvk_bag_finish(struct cvk_bag *b, const struct cvk_bag_facts *f)
{
    enum cvk_code code = b->broken ? CVK_E_IO_WRITE : finish_payload(b, f);

    if (!code)
        code = publish(b, &b->info,
                       put_info(b, cvk_listing_lines(&b->info), f));
    if (!code)
        code = finish_tags(b);
    if (!code)
        code = check_files(b);
    if (!code)
        code = publish(b, &b->declaration,
                       put(cvk_listing_lines(&b->declaration), DECLARATION));
    b->open = false;
    return code;
}

/* One that was never started has nothing to give back. */
static void clear(struct cvk_listing *l)
{
    if (l->path)
        cvk_listing_clear(l);
}

void cvk_bag_clear(struct cvk_bag *b)
{
    clear(&b->declaration);
    clear(&b->payload);
    clear(&b->info);
    clear(&b->tags);
}
