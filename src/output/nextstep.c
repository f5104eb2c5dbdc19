/* SPDX-License-Identifier: MIT */
#include "output/nextstep.h"

#include "base/escape.h"

/* The words that differ between the two stores. */
struct store_words {
    const char *powershell;  /* the command up to the store's name */
    const char *az;
    const char *placeholder; /* where the name is not known */
    const char *needs;
};

static const struct store_words vault_words = {
    "  Restore-AzKeyVaultKey -VaultName ",
    "  az keyvault key restore --vault-name ",
    "'<key vault>'",
    "any vault of the same subscription and geography takes it"};
static const struct store_words hsm_words = {
    "  Restore-AzKeyVaultKey -HsmName ",
    "  az keyvault key restore --hsm-name ",
    "'<Managed HSM>'",
    "any Managed HSM of the same security domain takes it"};

typedef bool (*quote_fn)(struct cvk_buf *out, struct cvk_slice s);

/* The word quoted for its shell; the placeholder if it is not known or cannot
 * be given on one line. */
static bool put_word(struct cvk_buf *out, quote_fn quote, struct cvk_slice s,
                     const char *placeholder)
{
    return (s.p && quote(out, s)) ||
           (!out->failed && cvk_buf_append_string(out, placeholder));
}

/* The file the restore command takes; not known while it has to be written or
 * unpacked. */
static struct cvk_text blob_file(const struct cvk_record *r)
{
    struct cvk_text none = {0};
    bool from_stdin =
        cvk_slice_equal(cvk_record_text(r, r->input.path), CVK_LITERAL("-"));

    if (r->input.document == CVK_DOCUMENT_BLOB)
        return r->input.gzip || from_stdin ? none : r->input.path;
    return r->blob.written ? r->blob.shown : none;
}

/* The blob's name; one that begins with '-' must not look like an option. */
static bool put_file(struct cvk_buf *out, quote_fn quote, struct cvk_slice s)
{
    struct cvk_buf path;
    bool ok;

    if (!s.n || s.p[0] != '-')
        return put_word(out, quote, s, "'<blob>'");
    cvk_buf_init(&path, s.n + 2);
    ok = cvk_buf_append_string(&path, "./") && cvk_buf_append_slice(&path, s) &&
         put_word(out, quote, cvk_buf_slice(&path), "'<blob>'");
    cvk_buf_clear(&path);
    return ok;
}

static bool put_restore(struct cvk_buf *out, const struct cvk_record *r,
                        quote_fn quote, const char *command, const char *vault,
                        const char *file_option)
{
    struct cvk_slice name = cvk_record_text(r, r->key.vault);

    if (cvk_record_vault_disputed(r))
        name = (struct cvk_slice){0};
    return cvk_buf_append_string(out, command) &&
           put_word(out, quote, name, vault) &&
           cvk_buf_append_string(out, file_option) &&
           put_file(out, quote, cvk_record_text(r, blob_file(r)));
}

static bool put_extract(struct cvk_buf *out, const struct cvk_record *r)
{
    return cvk_buf_append_string(out, "cvmkey extract ") &&
           put_word(out, cvk_escape_posix_word,
                    cvk_record_text(r, r->input.path), "'<config>'");
}

/* Where the config names another kind of store than the backup is of. */
static bool put_stop(struct cvk_buf *out, const struct cvk_record *r)
{
    bool hsm = r->key.store == CVK_MANAGED_HSM;

    return cvk_buf_append_string(out, "stop: find out which store first, the "
                                      "backup is of a ") &&
           cvk_buf_append_string(out, cvk_store_words(r->key.store)) &&
           cvk_buf_append_string(out, ", but the config speaks of a ") &&
           cvk_buf_append_string(
               out, cvk_store_words(hsm ? CVK_KEY_VAULT : CVK_MANAGED_HSM));
}

/* The steps of the published procedure from here on, a line each. */
bool cvk_next_step(struct cvk_buf *out, const struct cvk_record *r, size_t i)
{
    const struct store_words *w =
        r->key.store == CVK_MANAGED_HSM ? &hsm_words : &vault_words;

    /* a config that was only shown has to be extracted first */
    if (!r->blob.written && r->input.document == CVK_DOCUMENT_CVM && i-- == 0)
        return put_extract(out, r);
    if (r->backup.format == CVK_BACKUP_UNKNOWN)
        return i == 0 && cvk_buf_append_string(
                             out, "no command is given: whether any store "
                                  "takes this format is not known");
    if (r->key.store_disputed && i-- == 0)
        return put_stop(out, r);
    switch (i) {
    case 0:
        return cvk_buf_append_string(
            out, "restore the key on the connected side; in PowerShell:");
    case 1:
        return put_restore(out, r, cvk_escape_powershell_word, w->powershell,
                           w->placeholder, " -InputFile ");
    case 2:
        return cvk_buf_append_string(out, "or with the Azure CLI:");
    case 3:
        return put_restore(out, r, cvk_escape_posix_word, w->az,
                           w->placeholder, " --file ");
    case 4:
        return cvk_buf_append_string(out, w->needs);
    case 5:
        return cvk_buf_append_string(
            out, "the key's name must be free there: recover a soft-deleted "
                 "key instead");
    case 6:
        return cvk_buf_append_string(
            out, "then: a new DES on the restored key, its permissions, and "
                 "the restore again");
    default:
        return false;
    }
}
