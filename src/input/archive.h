/* SPDX-License-Identifier: MIT */
/* Archives, read as a stream of members: tar, tar.gz, zip. Nothing is ever
 * unpacked to disk, and no archive inside an archive is opened. */
#ifndef CVK_INPUT_ARCHIVE_H
#define CVK_INPUT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/slice.h"

/* Where the bytes of an archive come from. */
struct cvk_archive_io {
    void *context;
    /* Up to n bytes into p; *got = 0 at the end. Each byte of the source is
     * asked for once, in order, and when cvk_archive_finish has returned all
     * of them were: so a hash can be taken here. CVK_OK, or a code that the
     * archive passes on. */
    enum cvk_code (*read)(void *context, void *p, size_t n, size_t *got);
    /* The same from offset on, independent of read; NULL where the source
     * cannot seek. Only a zip uses it. */
    enum cvk_code (*read_at)(void *context, uint64_t offset, void *p, size_t n,
                             size_t *got);
    uint64_t size; /* of the archive as stored, where read_at is there */
};

enum cvk_archive_kind {
    CVK_ARCHIVE_NONE,
    CVK_ARCHIVE_TAR,
    CVK_ARCHIVE_TAR_GZ,
    CVK_ARCHIVE_ZIP
};

/* Bytes that cvk_archive_kind has to see: a gzip header with a name of 255
 * bytes, and what 512 bytes take in the worst block. */
enum { CVK_ARCHIVE_HEAD = 4096 };

/* What the first CVK_ARCHIVE_HEAD bytes of an input (all, if fewer) say. Of a
 * gzip stream the start is unpacked to look for a tar header. CVK_OK, or
 * CVK_E_MEMORY: then nothing is known. */
enum cvk_code cvk_archive_kind(struct cvk_slice head,
                               enum cvk_archive_kind *kind);

enum cvk_member_type {
    CVK_MEMBER_FILE,
    CVK_MEMBER_DIRECTORY,
    CVK_MEMBER_LINK, /* symbolic or hard */
    CVK_MEMBER_SPECIAL
};

struct cvk_member {
    struct cvk_slice name; /* as stored, any bytes; until the next call. Cut to
                              CVK_MAX_PATH; cvk_archive_read then refuses */
    enum cvk_member_type type;
    uint64_t size;         /* as declared */
    bool has_mtime;
    int64_t mtime;         /* seconds since 1970, UTC; never of a time without
                              a zone, as DOS has it */
    uint32_t mtime_ns;
};

/* A reader. One per thread, used for one archive after the other. */
struct cvk_archive;

/* NULL when memory is exhausted. */
struct cvk_archive *cvk_archive_new(void);
void cvk_archive_free(struct cvk_archive *a); /* takes NULL */

/* Starts an archive, whatever became of the one before. *io is copied. CVK_OK,
 * CVK_E_ARCHIVE_NEEDS_FILE (a zip without read_at), _ARCHIVE_TRUNCATED,
 * _ARCHIVE_DAMAGED, _ARCHIVE_MEMBERS, _MEMORY, or a code of io. */
enum cvk_code cvk_archive_open(struct cvk_archive *a,
                               enum cvk_archive_kind kind,
                               const struct cvk_archive_io *io);

/* Steps to the next member; what was not read of the one before is skipped.
 * The members of a zip come in the order of its central directory. At the end
 * *ended is true and *m untouched. Any code but CVK_OK ends the archive, and
 * every later call returns it again: those of open, CVK_E_ARCHIVE_RATIO,
 * CVK_E_GZIP_TRUNCATED, _GZIP_DAMAGED. */
enum cvk_code cvk_archive_next(struct cvk_archive *a, struct cvk_member *m,
                               bool *ended);

/* The content of the current member, a file, into out, with a NUL behind that
 * does not count; once for each member. More than max bytes are
 * CVK_E_INPUT_TOO_LARGE: out holds the first CVK_ARCHIVE_HEAD of them then
 * (all, if fewer), and no more are read. Of this member alone speak that and
 * CVK_E_ARCHIVE_NAME (empty, with a NUL inside, or longer than
 * CVK_MAX_PATH), _ARCHIVE_SPARSE, _ARCHIVE_ENCRYPTED, _ARCHIVE_METHOD,
 * _ARCHIVE_MEMBER_DAMAGED, _MEMORY; any other code ends the archive, and
 * cvk_archive_next gives it again. A tar has no check sum of its contents, and
 * that of gzip stands at the end of the stream: only cvk_archive_finish tells
 * whether the members of a tar.gz were what was packed. */
enum cvk_code cvk_archive_read(struct cvk_archive *a, uint64_t max,
                               struct cvk_buf *out);

/* Reads what is left of the source, at any time once open was called, also
 * after an error. CVK_OK; CVK_E_ARCHIVE_TRAILING, a warning: bytes other than
 * NUL follow the end of the archive, and were not looked at; _ARCHIVE_JOINED:
 * they are another tar; CVK_E_GZIP_*: the end of a tar.gz is damaged, behind
 * the members; a code of io. After an error or before the end of the members
 * only a code of io. */
enum cvk_code cvk_archive_finish(struct cvk_archive *a);

/* Of the last code that was not CVK_OK: what it is, in words without anything
 * from the archive; where, as an offset in the archive as it is stored or, if
 * *unpacked, in the tar that a tar.gz unpacks to. */
const char *cvk_archive_why(const struct cvk_archive *a);
uint64_t cvk_archive_error_at(const struct cvk_archive *a, bool *unpacked);

#endif
