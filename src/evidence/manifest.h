/* SPDX-License-Identifier: MIT */
/* One line of a manifest -> what it says of one blob. A manifest is evidence
 * like any other: each line is read strictly first, then through cJSON by
 * typed getters, and everything that is used of it is checked. */
#ifndef CVK_EVIDENCE_MANIFEST_H
#define CVK_EVIDENCE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/finding.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/slice.h"
#include "evidence/json_dom.h"
#include "evidence/record.h"

enum cvk_row_type {
    CVK_ROW_RUN,     /* the first line of a run */
    CVK_ROW_EXTRACT, /* a key backup, or an input that gave none */
    CVK_ROW_ARCHIVE,
    CVK_ROW_CARVE, /* a key backup found in an image */
    CVK_ROW_IMAGE,
    CVK_ROW_SUMMARY, /* the last line of a run */
};

enum cvk_row_status {
    CVK_ROW_OK,
    CVK_ROW_REFUSED,
    CVK_ROW_ERROR,
    CVK_ROW_SKIPPED,
};

/* What a summary says of its run. */
struct cvk_manifest_counts {
    uint64_t inputs, ok, refused, errors, skipped;
    uint64_t blobs, bytes_in, bytes_out;
};

/* Slices live until the next row; names are exact, paths followed by a NUL. */
struct cvk_manifest_row {
    enum cvk_row_type type;
    enum cvk_row_status status;     /* of all but run and summary */
    struct cvk_slice input_path;    /* or that of the image */
    struct cvk_slice input_member;  /* .p NULL if there is none */
    bool has_input_sha256;
    uint8_t input_sha256[CVK_SHA256_SIZE];
    bool has_input_size;
    uint64_t input_size;
    uint64_t members;               /* of an archive */
    uint64_t hits, refused;         /* of an image: records before its own */
    struct cvk_slice pointer;       /* of the backup; .p NULL if there is none */
    bool has_blob;                  /* always for extract that is ok */
    struct cvk_slice blob_path;     /* relative, without "." and ".." */
    uint64_t blob_size;
    uint8_t blob_sha256[CVK_SHA256_SIZE];
    struct cvk_manifest_counts counts; /* of a summary */
};

/* Reused from line to line. */
struct cvk_manifest {
    struct cvk_manifest_row row;
    struct cvk_dom dom;
    struct cvk_buf input_path, input_member, blob_path; /* exact */
    struct cvk_buf shown;                 /* working memory */

    /* Of an error: where in the line, and words. */
    size_t error_at;
    char why[CVK_MAX_FINDING_TEXT];
};

void cvk_manifest_init(struct cvk_manifest *m);
void cvk_manifest_clear(struct cvk_manifest *m);

/* Reads line, without its line feed but followed by a NUL that does not count,
 * into m->row. CVK_OK, CVK_E_MANIFEST_LINE, CVK_E_MANIFEST_PATH (a blob that
 * would be looked for outside of the output directory), CVK_E_MEMORY. */
enum cvk_code cvk_manifest_read(struct cvk_manifest *m, struct cvk_slice line);

/* What tells the input of a row from others: path, member and content, as one
 * hash. */
void cvk_manifest_identify(const struct cvk_manifest_row *row,
                           uint8_t id[CVK_SHA256_SIZE]);

/* What was found out about one blob of a manifest, or about one line that says
 * nothing. */
struct cvk_verdict {
    /* Status and findings, the paths of blob and input; cross_checked if the
     * blob was derived again. */
    struct cvk_record record;
    struct cvk_text member; /* of the input, an archive */
    const char *manifest;   /* its name as given */
    uint64_t line;          /* of the manifest, from 1; 0 for none */
    bool sized, hashed;     /* size and hash are known */
    uint64_t size;          /* of the blob as it is found now */
    uint8_t sha256[CVK_SHA256_SIZE];
};

#endif
