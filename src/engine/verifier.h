/* SPDX-License-Identifier: MIT */
/* One verification under way: what its parts share. verify.c goes through the
 * manifest, verifyblob.c and verifyconfig.c judge what a line of it names. */
#ifndef CVK_ENGINE_VERIFIER_H
#define CVK_ENGINE_VERIFIER_H

#include "engine/derive.h"
#include "engine/verify.h"
#include "evidence/tally.h"
#include "input/lines.h"
#include "os/fileset.h"
#include "os/instream.h"

enum { CVK_VERIFY_PIECE = 1 << 16 };

struct cvk_verifier {
    const struct cvk_verify *v;
    struct cvk_verify_summary *summary;
    struct cvk_buf dir_path; /* NUL-terminated */
    struct cvk_indir dir;
    struct cvk_lines lines;
    struct cvk_manifest manifest;
    struct cvk_tally tally;
    struct cvk_derive derive;
    struct cvk_fileset named; /* the blobs named so far, by hash */
    struct cvk_verdict verdict;
    bool any;  /* the manifest has a record, or something like it */
    bool lost; /* memory was exhausted: a name may be missing in named */
    uint8_t piece[CVK_VERIFY_PIECE];
};

/* Starts the verdict on what stands in this line, 0 for none. */
void cvk_verifier_start(struct cvk_verifier *run, uint64_t line);

/* Hands the verdict over and counts it. */
void cvk_verifier_emit(struct cvk_verifier *run);

/* Refuse what the verdict is about, and return the code. error is an errno. */
enum cvk_code cvk_verifier_refuse(struct cvk_verifier *run, enum cvk_code code,
                                  const char *why);
enum cvk_code cvk_verifier_refuse_system(struct cvk_verifier *run,
                                         enum cvk_code code, int error);

/* Was the blob of that path, relative to the output directory, named? */
bool cvk_verifier_is_named(const struct cvk_verifier *run,
                           struct cvk_slice path);

/* Looks for the blob of a row and hashes it. CVK_OK if it is as the row says
 * and no other row named it; else the code the verdict was refused with. */
enum cvk_code cvk_verifier_check_blob(struct cvk_verifier *run,
                                      const struct cvk_manifest_row *row);

/* Derives the blob of a row again, where its config is what it was; what there
 * is to say becomes part of the verdict. */
void cvk_verifier_check_config(struct cvk_verifier *run,
                               const struct cvk_manifest_row *row);

/* Goes on behind the config of a row that is not derived again. */
void cvk_verifier_pass_config(struct cvk_verifier *run,
                              const struct cvk_manifest_row *row);

/* The row of an archive whose members were derived again: false if it is not
 * what it was, or cannot be read, and the verdict, which was started, says so.
 */
bool cvk_verifier_check_archive(struct cvk_verifier *run,
                                const struct cvk_manifest_row *row);

#endif
