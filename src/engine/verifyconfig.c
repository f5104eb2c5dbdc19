/* SPDX-License-Identifier: MIT */
#include "engine/verifier.h"

#include <errno.h>
#include <string.h>

#include "base/escape.h"
#include "os/outfile.h"

static void note(struct cvk_verifier *run, enum cvk_code code,
                 const char *words)
{
    cvk_record_note(&run->verdict.record, code, NULL, "%s", words);
}

/* Why there cannot be a config under its name, NULL if there can. Reading what
 * is no file could wait for ever, or do something. */
static const char *why_absent(const struct cvk_manifest_row *row)
{
    const char *path = (const char *)row->input_path.p;

    if (strcmp(path, "-") == 0)
        return "the config was read from standard input: the blob is not "
               "derived again";
    return cvk_outfile_is_special(path)
               ? "no file stands under the config's name: the blob is not "
                 "derived again"
               : NULL;
}

/* The errno of opening a name that leads nowhere. */
static bool is_gone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

/* Is the config that was loaded, or was not, another one than at the time? */
static bool is_another(const struct cvk_verifier *run,
                       const struct cvk_manifest_row *row, enum cvk_code code)
{
    const struct cvk_source *s = run->derive.config;

    if (s->read)
        return memcmp(s->sha256, row->input_sha256, CVK_SHA256_SIZE) != 0;
    return code == CVK_E_IO_DIRECTORY ||
           (code == CVK_E_INPUT_TOO_LARGE && row->has_input_size &&
            row->input_size <= run->v->max_input_size);
}

static enum cvk_code refuse_config(struct cvk_verifier *run, const char *why)
{
    return cvk_record_refuse(&run->verdict.record, CVK_E_VERIFY_DERIVATION,
                             NULL,
                             "nothing can be derived from the config, which is "
                             "the same as ever: %s",
                             why);
}

/* What is to be said of loading the config. Sets *usable if it can be derived
 * from. */
static enum cvk_code judge_load(struct cvk_verifier *run,
                                const struct cvk_manifest_row *row,
                                enum cvk_code code, bool *usable)
{
    const struct cvk_source *s = run->derive.config;
    struct cvk_record *r = &run->verdict.record;

    *usable = false;
    if (code == CVK_E_MEMORY)
        return cvk_verifier_refuse_system(run, code, 0);
    if (code == CVK_E_IO_OPEN && is_gone(s->file.error)) {
        note(run, CVK_E_VERIFY_CONFIG_MISSING,
             "the config is not there: the blob is not derived again");
        return CVK_OK;
    }
    if (code == CVK_E_VERIFY_MEMBER)
        return cvk_record_warn(r, code, NULL,
                               "the member was not found again in the archive: "
                               "%s",
                               run->derive.why);
    if (is_another(run, row, code))
        return cvk_record_warn(r, CVK_E_VERIFY_CONFIG_CHANGED, NULL,
                               "the config is not the one the blob was derived "
                               "from");
    *usable = code == CVK_OK;
    if (s->read && code && code != CVK_E_INPUT_TOO_LARGE)
        return refuse_config(run, s->why);
    return code ? cvk_record_refuse(r, code, NULL, "the config: %s", s->why)
                : CVK_OK;
}

static enum cvk_code refuse_derivation(struct cvk_verifier *run, uint64_t size,
                                       const uint8_t *sha256,
                                       const struct cvk_manifest_row *row)
{
    char got[CVK_SHA256_HEX_SIZE], was[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(sha256, got);
    cvk_sha256_hex(row->blob_sha256, was);
    return cvk_record_refuse(
        &run->verdict.record, CVK_E_VERIFY_DERIVATION, NULL,
        "cJSON and libb64 derive %llu bytes, SHA-256 %s, "
        "from the config; the manifest says %llu bytes, "
        "SHA-256 %s",
        (unsigned long long)size, got, (unsigned long long)row->blob_size, was);
}

/* The blob is right: is the rest of the record? */
static void compare_record(struct cvk_verifier *run,
                           const struct cvk_manifest_row *row)
{
    const struct cvk_source *s = run->derive.config;
    struct cvk_record *r = &run->verdict.record;
    char why[CVK_MAX_FINDING_TEXT];

    if (row->has_input_size && row->input_size != s->size)
        cvk_record_refuse(r, CVK_E_VERIFY_FACTS, NULL,
                          "the manifest says the config has %llu bytes, but it "
                          "has %llu",
                          (unsigned long long)row->input_size,
                          (unsigned long long)s->size);
    else if (cvk_derive_compare(&run->derive, &run->manifest.dom, why))
        cvk_record_refuse(r, CVK_E_VERIFY_FACTS, NULL, "%s", why);
    else
        r->cross_checked = true;
}

static enum cvk_code load(struct cvk_verifier *run,
                          const struct cvk_manifest_row *row, bool *usable)
{
    const char *why = why_absent(row);
    enum cvk_code code;

    *usable = false;
    if (row->type == CVK_ROW_CARVE) {
        note(run, CVK_E_VERIFY_CARVED,
             "the blob was found in an image: it is not derived again");
        return CVK_OK;
    }
    if (why) {
        note(run, CVK_E_VERIFY_CONFIG_MISSING, why);
        return CVK_OK;
    }
    code = cvk_derive_load(&run->derive, row, run->v->max_input_size,
                           run->v->cancel);
    return judge_load(run, row, code, usable);
}

void cvk_verifier_check_config(struct cvk_verifier *run,
                               const struct cvk_manifest_row *row)
{
    uint8_t sha256[CVK_SHA256_SIZE];
    const char *why = NULL;
    enum cvk_code code;
    uint64_t size;
    bool usable;

    if (load(run, row, &usable) || !usable)
        return;
    code = cvk_derive_backup(&run->derive, row->pointer, &size, sha256, &why);
    if (code == CVK_E_MEMORY)
        cvk_verifier_refuse_system(run, code, 0);
    else if (code)
        refuse_config(run, why);
    else if (size != row->blob_size ||
             memcmp(sha256, row->blob_sha256, CVK_SHA256_SIZE) != 0)
        refuse_derivation(run, size, sha256, row);
    else
        compare_record(run, row);
}

void cvk_verifier_pass_config(struct cvk_verifier *run,
                              const struct cvk_manifest_row *row)
{
    /* what is wrong with it is told of the row that needs it */
    if (row->input_member.p && !why_absent(row))
        cvk_derive_load(&run->derive, row, run->v->max_input_size,
                        run->v->cancel);
}

bool cvk_verifier_check_archive(struct cvk_verifier *run,
                                const struct cvk_manifest_row *row)
{
    const struct cvk_source *file = &run->derive.file;
    char shown[CVK_MAX_SHOWN];
    enum cvk_code code;

    if (!cvk_derive_is_in(&run->derive, row))
        return true;
    code = cvk_derive_end(&run->derive);
    if (!code &&
        (!row->has_input_sha256 ||
         memcmp(file->sha256, row->input_sha256, CVK_SHA256_SIZE) == 0))
        return true;
    cvk_escape_shown(shown, row->input_path);
    if (code)
        cvk_record_refuse(&run->verdict.record, code, NULL, "%s: %s", shown,
                          file->why);
    else
        cvk_record_warn(&run->verdict.record, CVK_E_VERIFY_CONFIG_CHANGED, NULL,
                        "the archive %s is not the one its members were "
                        "extracted from",
                        shown);
    return false;
}
