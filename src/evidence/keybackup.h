/* SPDX-License-Identifier: MIT */
/* Anatomy of a key backup: the bytes that Backup-AzKeyVaultKey writes and
 * Restore-AzKeyVaultKey takes. Observed on 713 published backups, not
 * documented by Microsoft:
 *
 *   key vault    0x26 "AzureKeyVaultKeyBackupV1.microsoft.com" JWE
 *   Managed HSM  JWE
 *
 * JWE is the compact serialisation of RFC 7516: five base64url segments
 * header.encrypted-key.iv.ciphertext.tag, nothing before, between or behind.
 * What is inside cannot be read or verified without the service's key, so the
 * verdict is about structure alone. */
#ifndef CVK_EVIDENCE_KEYBACKUP_H
#define CVK_EVIDENCE_KEYBACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/slice.h"
#include "evidence/azid.h"

enum cvk_backup_format {
    CVK_BACKUP_UNKNOWN,
    CVK_BACKUP_KEY_VAULT_KEY,
    CVK_BACKUP_MANAGED_HSM_KEY,
    CVK_BACKUP_KEY_VAULT_SECRET,
};

/* What is well formed but not among the values seen so far. */
enum {
    CVK_NEWER_MAGIC = 1,
    CVK_NEWER_HEADER = 2, /* further or reordered members, white space */
    CVK_NEWER_KID = 4,
    CVK_NEWER_ALG = 8,
    CVK_NEWER_ENC = 16,
    CVK_NEWER_KEY_SIZE = 32,
};

struct cvk_keybackup {
    enum cvk_backup_format format;
    size_t used;    /* bytes from the start to the end of the tag */
    unsigned newer; /* CVK_NEWER_*; 0 = structure as known */

    /* Of the JWE header, text without escapes; .p NULL if absent. */
    struct cvk_slice kid, alg, enc;

    /* Decoded sizes of the other segments, in bytes. */
    size_t encrypted_key, iv, ciphertext, tag;
    size_t ciphertext_at; /* offset of that segment in the backup */

    size_t error_at;                 /* offset in the backup */
    char why[CVK_MAX_FINDING_TEXT];  /* the error in words */
    uint8_t header[CVK_MAX_JWE_HEADER];
};

/* Parses the backup that starts at the first byte of s and leaves judging what
 * follows it, from k->used on, to the caller. scratch receives the decoded
 * ciphertext. Returns CVK_OK, CVK_E_MEMORY, or what is wrong: CVK_E_BLOB_*, or
 * CVK_E_B64_TWICE; k->error_at and k->why tell where and why. The backup of a
 * secret is judged like that of a key. */
enum cvk_code cvk_keybackup_parse(struct cvk_slice s, struct cvk_buf *scratch,
                                  struct cvk_keybackup *k);

/* Judges what the backup is of, which comes before code, what parse said of
 * it: CVK_E_BLOB_SECRET or CVK_E_BLOB_KEY for the other kind, whole or not,
 * else code. */
enum cvk_code cvk_keybackup_check_kind(struct cvk_keybackup *k,
                                       enum cvk_code code, bool wants_secret);

/* Judges what follows a parsed backup in s: CVK_OK if nothing does. */
enum cvk_code cvk_keybackup_check_end(struct cvk_slice s,
                                      struct cvk_keybackup *k);

/* True if a 16-byte block stands twice in the ciphertext that parse left in
 * scratch. AES-CBC output of this size never repeats a block by chance (below
 * 2^-90), a copy of a part over another does. *first and *again are offsets of
 * the two blocks in the ciphertext. seed (a hash of the whole backup) keeps
 * crafted input from making the search slow; table is working memory. */
enum cvk_code cvk_keybackup_find_repeat(const struct cvk_buf *scratch,
                                        const uint8_t seed[16],
                                        struct cvk_buf *table, bool *found,
                                        size_t *first, size_t *again);

/* Which store takes this backup; unknown for secrets and unknown formats. */
enum cvk_store cvk_keybackup_store(enum cvk_backup_format format);

/* Names used in records: "key-vault-key", "unknown". */
const char *cvk_backup_format_name(enum cvk_backup_format format);

/* True if s starts like a key backup, or like base64 text of one. Enough to
 * tell what a file or a value is; the parser decides. */
bool cvk_keybackup_looks_raw(struct cvk_slice s);
bool cvk_keybackup_looks_base64(struct cvk_slice s);

#endif
