/* SPDX-License-Identifier: MIT */
/* The config document: where its backups of keys and secrets stand and what it
 * says of key, secret, vault and disk encryption set. Published names are, of
 * a Confidential VM, OsDiskEncryptionDetails, KeyBackupData and
 * KeyVaultResourceType (Learn, "Restore Confidential VM using Azure Backup");
 * of Azure Disk Encryption, OsDiskKeyAndSecretDetails, KeyBackupData, KeyUrl,
 * KeyVaultSecretBackupData, SecretData and SecretUrl (Learn, "Restore Key Vault
 * key and secret for encrypted VMs using Azure Backup"). Everything else is
 * found by its exact syntax and keeps the JSON pointer it came from. */
#ifndef CVK_EVIDENCE_CONFIG_H
#define CVK_EVIDENCE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/finding.h"
#include "base/limits.h"
#include "base/slice.h"

enum cvk_fact_kind {
    CVK_FACT_KEY_URL,
    CVK_FACT_KEY_VERSION, /* by name: KeyVersion */
    CVK_FACT_DES_ID,
    CVK_FACT_VAULT_ID,      /* of a key vault or a Managed HSM */
    CVK_FACT_RESOURCE_TYPE, /* by name: KeyVaultResourceType */
    CVK_FACT_SECRET_URL,
};

/* A span of the document. */
struct cvk_span {
    size_t from, to;
};

/* One identifier: its value, its JSON pointer, where it stands. */
struct cvk_fact {
    enum cvk_fact_kind kind;
    bool usual_name; /* the name is the one sibling documents use */
    bool published;  /* name and place are published */
    struct cvk_text value, pointer;
    struct cvk_span token;
};

/* One backup as text, of a key or of a secret. */
struct cvk_config_backup {
    struct cvk_text pointer;
    bool secret;    /* a secret's backup belongs here */
    size_t ordinal; /* from 1, among those of keys or those of secrets */
    bool empty;     /* null, or a string that is empty or blank */
    bool is_string, is_null;
    bool escaped;
    bool unpublished; /* not the details' own KeyBackupData, the only place
                       * that is published, or one beside it */
    bool ambiguous;   /* a name on the way to it stands twice */
    struct cvk_span token; /* of the value; a string's without quotes */
    struct cvk_span object; /* the object it is a member of */
};

/* A secret in plain text: what can be said of it without repeating it. */
struct cvk_config_secret {
    struct cvk_text pointer;
    struct cvk_span token;
    size_t characters;
};

/* A scalar of the details object, as the record repeats it. */
struct cvk_field {
    struct cvk_text pointer;
    struct cvk_text value; /* a string's own text, else JSON */
    bool is_string;
};

/* A member name of the root or of the details object. */
struct cvk_name {
    struct cvk_span span;
    uint64_t hash; /* equal for names that differ only in case */
};

/* One step on the way from the root to the current value. */
struct cvk_frame {
    struct cvk_span name; /* of the current member, if an object */
    size_t index;         /* of the current element, if an array */
    size_t from;          /* where the container starts */
    bool is_object;
    bool escaped;  /* the name holds escapes */
    bool too_long; /* no pointer that leads through here is kept */
    uint64_t way, to_value; /* of configpath.c */
};

/* Reused from document to document; all text lives in .text. */
struct cvk_config {
    struct cvk_buf text;
    size_t used; /* bytes of the document up to the end of the root object */
    size_t values; /* JSON values in it */
    size_t trailing_nuls, first_nul; /* how many, offset of the first */

    struct cvk_config_backup backups[CVK_MAX_BACKUPS];
    size_t n_backups;
    struct cvk_config_secret secrets[CVK_MAX_BACKUPS];
    size_t n_secrets;
    struct cvk_fact facts[CVK_MAX_FACTS];
    size_t n_facts;
    struct cvk_field fields[CVK_MAX_FIELDS];
    size_t n_fields;
    bool fields_cut; /* some field was left out or cut */
    bool facts_cut; /* more facts or secrets than there is room for */

    /* Of an error: its place, perhaps the place it contradicts, words. */
    size_t error_at;
    bool has_other;
    size_t other_at;
    char why[CVK_MAX_FINDING_TEXT];

    /* Private to the walk. */
    struct cvk_slice doc;
    struct cvk_frame frames[CVK_MAX_DEPTH + 1];
    size_t depth;
    struct cvk_buf steps; /* of configpath.c */
    struct cvk_name names[2][CVK_MAX_MEMBERS]; /* of root and details */
    size_t n_names[2];
    struct cvk_span cvm_details, ade_details; /* names; to 0 if absent */
    bool in_details, in_ade; /* in either's details; in ADE's */
    size_t kept_out; /* depth of the key material we are inside; 0: none */
    bool has_key_data; /* the details have a member for a backup */
    bool says_platform_key;
};

void cvk_config_init(struct cvk_config *c);
void cvk_config_clear(struct cvk_config *c);

/* True for the config of Azure Disk Encryption, false for that of a
 * Confidential VM or what is neither, or both. */
bool cvk_config_is_ade(const struct cvk_config *c);

/* Reads the document (UTF-8). CVK_OK: at least one backup was found and
 * everything that follows the root object is white space or NULs. Otherwise
 * the first cause, with error_at and why set; CVK_E_MEMORY. */
enum cvk_code cvk_config_parse(struct cvk_config *c, struct cvk_slice doc);

#endif
