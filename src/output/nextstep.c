/* SPDX-License-Identifier: MIT */
#include "output/nextstep.h"

#include "base/escape.h"

/* The words that differ between what is restored to where. */
struct words {
    const char *lead;
    const char *powershell;  /* the command up to the store's name */
    const char *az;
    const char *placeholder; /* where the name is not known */
    const char *needs;
    const char *free;
};

#define KEY_LEAD "restore the key on the connected side; in PowerShell:"
#define KEY_FREE                                                               \
    "the key's name must be free there: recover a soft-deleted key instead"

static const struct words vault_words = {
    KEY_LEAD,
    "  Restore-AzKeyVaultKey -VaultName ",
    "  az keyvault key restore --vault-name ",
    "'<key vault>'",
    "any vault of the same subscription and geography takes it",
    KEY_FREE};
static const struct words hsm_words = {
    KEY_LEAD,
    "  Restore-AzKeyVaultKey -HsmName ",
    "  az keyvault key restore --hsm-name ",
    "'<Managed HSM>'",
    "any Managed HSM of the same security domain takes it",
    KEY_FREE};
static const struct words secret_words = {
    "restore the secret on the connected side; in PowerShell:",
    "  Restore-AzKeyVaultSecret -VaultName ",
    "  az keyvault secret restore --vault-name ",
    "'<key vault>'",
    "any vault of the same subscription and geography takes it, from who has "
    "the permission secrets/restore",
    "the secret's name must be free there: recover a soft-deleted secret "
    "instead"};

static const struct words *words_of(const struct cvk_record *r)
{
    return r->backup.secret                  ? &secret_words
           : r->key.store == CVK_MANAGED_HSM ? &hsm_words
                                             : &vault_words;
}

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
                        quote_fn quote, const char *command,
                        const char *file_option)
{
    struct cvk_slice vault = cvk_record_text(
        r, r->backup.secret ? r->secret.vault : r->key.vault);

    if (!r->backup.secret && cvk_record_vault_disputed(r))
        vault = (struct cvk_slice){0};
    return cvk_buf_append_string(out, command) &&
           put_word(out, quote, vault, words_of(r)->placeholder) &&
           cvk_buf_append_string(out, file_option) &&
           put_file(out, quote, cvk_record_text(r, blob_file(r)));
}

/* ---- one line each ------------------------------------------------------ */

static bool put_extract(struct cvk_buf *out, const struct cvk_record *r)
{
    return cvk_buf_append_string(out, "cvmkey extract ") &&
           put_word(out, cvk_escape_posix_word,
                    cvk_record_text(r, r->input.path), "'<config>'");
}

/* A config in an archive or an image has to be a file first. */
static bool put_diagnose(struct cvk_buf *out, const struct cvk_record *r)
{
    struct cvk_slice config = {0};

    if (!r->input.member.known && r->type != CVK_RECORD_CARVE)
        config = cvk_record_text(r, r->input.path);
    return cvk_buf_append_string(out, "what this restore needs, from exports: "
                                      "cvmkey diagnose ") &&
           put_word(out, cvk_escape_posix_word, config, "'<config>'");
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

static bool put_lead(struct cvk_buf *out, const struct cvk_record *r)
{
    return cvk_buf_append_string(out, words_of(r)->lead);
}

static bool put_powershell(struct cvk_buf *out, const struct cvk_record *r)
{
    return put_restore(out, r, cvk_escape_powershell_word,
                       words_of(r)->powershell, " -InputFile ");
}

static bool put_az(struct cvk_buf *out, const struct cvk_record *r)
{
    return put_restore(out, r, cvk_escape_posix_word, words_of(r)->az,
                       " --file ");
}

static bool put_needs(struct cvk_buf *out, const struct cvk_record *r)
{
    return cvk_buf_append_string(out, words_of(r)->needs);
}

static bool put_free(struct cvk_buf *out, const struct cvk_record *r)
{
    return cvk_buf_append_string(out, words_of(r)->free);
}

static bool put_set_secret(struct cvk_buf *out, const struct cvk_record *r)
{
    const struct cvk_secret_facts *s = &r->secret;

    return cvk_buf_append_string(out, "  Set-AzKeyVaultSecret -VaultName ") &&
           put_word(out, cvk_escape_powershell_word,
                    cvk_record_text(r, s->vault), "'<key vault>'") &&
           cvk_buf_append_string(out, " -Name ") &&
           put_word(out, cvk_escape_powershell_word,
                    cvk_record_text(r, s->name), "'<secret>'") &&
           cvk_buf_append_string(out, " -SecretValue $Secret -ContentType "
                                      "'Wrapped BEK' -Tags $Tags");
}

/* ---- which of them ------------------------------------------------------ */

/* A config that was only shown has to be extracted first. */
static bool is_shown(const struct cvk_record *r)
{
    return !r->blob.written && (r->input.document == CVK_DOCUMENT_CVM ||
                                r->input.document == CVK_DOCUMENT_ADE);
}

static bool is_unknown(const struct cvk_record *r)
{
    return r->backup.format == CVK_BACKUP_UNKNOWN;
}

static bool is_known(const struct cvk_record *r)
{
    return !is_unknown(r);
}

static bool is_disputed(const struct cvk_record *r)
{
    return is_known(r) && !r->backup.secret && r->key.store_disputed;
}

static bool is_cvm_key(const struct cvk_record *r)
{
    return is_known(r) && !r->backup.secret && !r->secret.known;
}

/* Without its config nothing tells which restore a carved backup is for. */
static bool has_cvm_config(const struct cvk_record *r)
{
    return is_cvm_key(r) && (r->type != CVK_RECORD_CARVE ||
                             r->carve.source == CVK_CARVE_CONFIG);
}

static bool is_ade(const struct cvk_record *r)
{
    return is_known(r) && r->secret.known;
}

static bool has_secret_data(const struct cvk_record *r)
{
    return is_ade(r) && !r->backup.secret && r->secret.has_data;
}

static bool has_only_secret_backup(const struct cvk_record *r)
{
    return is_ade(r) && !r->backup.secret && !r->secret.has_data &&
           r->secret.has_backup;
}

static bool has_no_secret(const struct cvk_record *r)
{
    return is_ade(r) && !r->backup.secret && !r->secret.has_data &&
           !r->secret.has_backup;
}

static bool has_both_secrets(const struct cvk_record *r)
{
    return has_secret_data(r) && r->secret.has_backup;
}

static bool comes_after_key(const struct cvk_record *r)
{
    return is_ade(r) && r->backup.secret && r->secret.has_key_backup;
}

/* The published procedures from here on: Learn, "Restore Confidential VM using
 * Azure Backup" and "Restore Key Vault key and secret for encrypted VMs using
 * Azure Backup". A step has its own words or those of put. */
static const struct step {
    bool (*applies)(const struct cvk_record *r);
    bool (*put)(struct cvk_buf *out, const struct cvk_record *r);
    const char *words;
} steps[] = {
    {is_disputed, put_stop, NULL},
    {is_shown, put_extract, NULL},
    {is_unknown, NULL,
     "no command is given: whether any store takes this format is not known"},
    {comes_after_key, NULL,
     "the key comes first: its backup is in this config, too"},
    {is_known, put_lead, NULL},
    {is_known, put_powershell, NULL},
    {is_known, NULL, "or with the Azure CLI:"},
    {is_known, put_az, NULL},
    {is_known, put_needs, NULL},
    {is_known, put_free, NULL},
    {is_cvm_key, NULL,
     "then: a new DES on the restored key, its permissions, and the restore "
     "again"},
    {has_cvm_config, put_diagnose, NULL},
    {has_secret_data, NULL,
     "then set the secret, $Secret being SecretData as a SecureString:"},
    {has_secret_data, put_set_secret, NULL},
    {has_secret_data, NULL,
     "with the tags DiskEncryptionKeyFileName (the secret's name and .BEK; on "
     "Linux LinuxPassPhraseFileName),"},
    {has_secret_data, NULL,
     "DiskEncryptionKeyEncryptionKeyURL (of the restored key), "
     "DiskEncryptionKeyEncryptionAlgorithm (RSA-OAEP) and MachineName"},
    {has_both_secrets, NULL,
     "the secret's own backup is in this config, too"},
    {has_only_secret_backup, NULL,
     "then restore the secret: its backup is in this config, too"},
    {has_no_secret, NULL,
     "this config does not hold the secret: it has to be in the key vault"},
    {is_ade, NULL,
     "only when both are there: create the VM from the restored disks"},
};

bool cvk_next_step(struct cvk_buf *out, const struct cvk_record *r, size_t i)
{
    for (size_t at = 0; at < sizeof steps / sizeof *steps; at++) {
        const struct step *s = &steps[at];

        if (!s->applies(r) || i-- > 0)
            continue;
        return s->put ? s->put(out, r) : cvk_buf_append_string(out, s->words);
    }
    return false;
}
