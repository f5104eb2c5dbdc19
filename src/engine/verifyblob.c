/* SPDX-License-Identifier: MIT */
#include "engine/verifier.h"

#include <string.h>

/* A set of names is kept as a set of their hashes: 128 bits stand where device
 * and inode of a file would. */
static struct cvk_file_id name_id(struct cvk_slice path)
{
    struct cvk_file_id id = {.known = true};
    uint8_t digest[CVK_SHA256_SIZE];

    cvk_sha256(path, digest);
    memcpy(&id.device, digest, sizeof id.device);
    memcpy(&id.inode, digest + sizeof id.device, sizeof id.inode);
    return id;
}

bool cvk_verifier_is_named(const struct cvk_verifier *run,
                           struct cvk_slice path)
{
    return cvk_fileset_has(&run->named, name_id(path));
}

static enum cvk_code check_first(struct cvk_verifier *run,
                                 const struct cvk_manifest_row *row)
{
    struct cvk_file_id id = name_id(row->blob_path);

    /* what lies in an image several times is written once */
    if (row->type == CVK_ROW_CARVE && cvk_fileset_has(&run->named, id))
        return CVK_OK;
    if (cvk_fileset_has(&run->named, id))
        return cvk_verifier_refuse(
            run, CVK_E_VERIFY_TWICE,
            "the manifest names this blob a second time");
    if (!cvk_fileset_add(&run->named, id))
        return cvk_verifier_refuse_system(run, CVK_E_MEMORY, 0);
    return CVK_OK;
}

static enum cvk_code hash_stream(struct cvk_verifier *run,
                                 struct cvk_instream *s)
{
    struct cvk_verdict *d = &run->verdict;
    struct cvk_sha256_state state;
    size_t got = 1;
    int error;

    cvk_sha256_start(&state);
    d->size = 0;
    while (got) {
        enum cvk_code code = cvk_instream_read(s, run->piece, CVK_VERIFY_PIECE,
                                               run->v->cancel, &got, &error);

        if (code)
            return cvk_verifier_refuse_system(run, code, error);
        cvk_sha256_add(&state, cvk_slice_of(run->piece, got));
        d->size += got;
    }
    cvk_sha256_finish(&state, d->sha256);
    d->sized = d->hashed = true;
    return CVK_OK;
}

static enum cvk_code open_blob(struct cvk_verifier *run,
                               const struct cvk_manifest_row *row,
                               struct cvk_instream *s)
{
    enum cvk_found found;
    int error;
    enum cvk_code code = cvk_indir_open_file(
        &run->dir, (const char *)row->blob_path.p, s, &found, &error);

    if (code)
        return cvk_verifier_refuse_system(run, code, error);
    switch (found) {
    case CVK_FOUND_FILE:
        return CVK_OK;
    case CVK_FOUND_NOTHING:
        return cvk_verifier_refuse(run, CVK_E_VERIFY_MISSING,
                                   "the blob is not there");
    case CVK_FOUND_LINK:
        return cvk_verifier_refuse(
            run, CVK_E_VERIFY_CHANGED,
            "a symbolic link stands in the place of the blob or of a "
            "folder on the way to it");
    default:
        return cvk_verifier_refuse(
            run, CVK_E_VERIFY_CHANGED,
            "what stands in the place of the blob is no regular "
            "file");
    }
}

enum cvk_code cvk_verifier_check_blob(struct cvk_verifier *run,
                                      const struct cvk_manifest_row *row)
{
    struct cvk_verdict *d = &run->verdict;
    char is[CVK_SHA256_HEX_SIZE], was[CVK_SHA256_HEX_SIZE];
    struct cvk_instream s;
    enum cvk_code code = check_first(run, row);

    if (!code)
        code = open_blob(run, row, &s);
    if (code)
        return code;
    code = hash_stream(run, &s);
    cvk_instream_close(&s);
    if (code || (d->size == row->blob_size &&
                 memcmp(d->sha256, row->blob_sha256, CVK_SHA256_SIZE) == 0))
        return code;
    cvk_sha256_hex(d->sha256, is);
    cvk_sha256_hex(row->blob_sha256, was);
    return cvk_record_refuse(&d->record, CVK_E_VERIFY_CHANGED, NULL,
                             "the blob has %llu bytes, SHA-256 %s; the "
                             "manifest says %llu bytes, SHA-256 %s",
                             (unsigned long long)d->size, is,
                             (unsigned long long)row->blob_size, was);
}
