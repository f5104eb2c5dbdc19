/* SPDX-License-Identifier: MIT */
/* The facts of one failed restore: what the config says, what the operator
 * states, and what exports from the connected side show. A case owns its text;
 * nothing in it points into a document. */
#ifndef CVK_RESTORE_CASE_H
#define CVK_RESTORE_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/finding.h"
#include "base/limits.h"
#include "base/slice.h"
#include "evidence/azid.h"
#include "evidence/record.h"

/* What an export was given as. Its content decides what it is; the option
 * matters for a list without entries, and for the DES that is to be named. */
enum cvk_role {
    CVK_AS_DES,
    CVK_AS_INPUT_DES,
    CVK_AS_KEYS,
    CVK_AS_DELETED_KEYS,
    CVK_AS_VAULT,
    CVK_AS_VM,
    CVK_AS_JOB,
};

enum cvk_export_kind {
    CVK_EXPORT_EMPTY_LIST, /* [] or {"value":[]}: of anything */
    CVK_EXPORT_DES,
    CVK_EXPORT_KEY,
    CVK_EXPORT_VAULT, /* or a Managed HSM */
    CVK_EXPORT_DISK,  /* or the VM that has it */
    CVK_EXPORT_POINT, /* recovery point */
    CVK_EXPORT_JOB,
    CVK_EXPORT_REQUEST, /* the body that asks for a restore */
    CVK_EXPORT_KINDS,
};

/* What a file of keys lists. */
enum cvk_key_listing {
    CVK_LISTS_NOTHING,  /* single versions, or entries of several vaults */
    CVK_LISTS_KEYS,     /* of one vault: names without versions */
    CVK_LISTS_VERSIONS, /* of one key */
    CVK_LISTS_DELETED,  /* soft-deleted keys of one vault */
};

struct cvk_export {
    struct cvk_text path; /* as given, any bytes */
    enum cvk_role role;
    enum cvk_export_kind kind;
    bool complete; /* no further page exists */
    enum cvk_key_listing listing;
    struct cvk_text sample; /* of a listing: the URL of its first entry */
    size_t entries;
};

/* Where a fact stands. */
struct cvk_origin {
    size_t export;
    struct cvk_text pointer;
};

struct cvk_des {
    struct cvk_origin from; /* the DES itself */
    struct cvk_text key_pointer, type_pointer;
    struct cvk_text id;
    struct cvk_text key_url;   /* with a version; not known: none is there */
    struct cvk_text vault_id;  /* of the active key's vault */
    struct cvk_text type;      /* encryptionType */
    struct cvk_text principal; /* of its system-assigned identity */
    bool rotating;             /* previousKeys is not empty */
};

enum cvk_known { CVK_NOT_KNOWN, CVK_NO, CVK_YES };

struct cvk_key_entry {
    struct cvk_origin from;
    struct cvk_text url; /* a version may be missing */
    bool shown;   /* of the version alone, not as part of a listing */
    bool deleted; /* soft-deleted, or it was */
    enum cvk_known enabled;
    bool has_expires, has_not_before, has_purge;
    int64_t expires, not_before, purge; /* seconds since 1970 */
};

struct cvk_vault {
    struct cvk_origin from;
    struct cvk_text id, url; /* the URL may not be known */
    struct cvk_text location;
    bool rbac;
    bool has_policies;
    struct cvk_text policies_pointer;
};

/* Rights that an access policy of a vault gives on its keys. */
enum {
    CVK_RIGHT_GET = 1,
    CVK_RIGHT_LIST = 2,
    CVK_RIGHT_WRAP = 4,
    CVK_RIGHT_UNWRAP = 8,
    CVK_RIGHT_ALL = 15,
};

struct cvk_policy {
    size_t vault; /* its index */
    struct cvk_text object;
    unsigned rights;
};

/* A disk, or the OS disk of a VM, or a restore request: the DES it names. */
struct cvk_disk {
    struct cvk_origin from;
    struct cvk_text des_id; /* not known: it names none */
};

/* Tiers of a recovery point. */
enum cvk_tier {
    CVK_TIER_UNKNOWN,
    CVK_TIER_SNAPSHOT,
    CVK_TIER_VAULT,
    CVK_TIER_BOTH,
};

struct cvk_point {
    struct cvk_origin from;
    struct cvk_text name;
    enum cvk_tier tier;
};

struct cvk_job {
    struct cvk_origin from; /* of the error code, else of the job */
    struct cvk_text name, status, end_time;
    bool has_end;
    int64_t end;
    struct cvk_text code; /* UserError...; not known: there is none */
    struct cvk_text account, container, blob; /* where the config is */
    struct cvk_text blob_pointer;
    struct cvk_text id; /* of the job as a resource */
    struct cvk_text vm, target_group;
};

/* Arrays of these structs, in the order of the exports. */
struct cvk_case {
    struct cvk_buf text;
    struct cvk_buf exports, des, keys, vaults, policies, disks, points, jobs;

    /* From the config. */
    struct cvk_text config_path;
    struct cvk_text key_url, key_pointer, key_version;
    struct cvk_text des_id, des_pointer, vault_id;
    enum cvk_store store; /* that the backup is of */

    /* Stated by the operator. */
    struct cvk_text stated_key_url, stated_des_id;
    enum cvk_tier stated_tier;
    bool has_at;
    int64_t at; /* the time of the restore, seconds since 1970 */
};

void cvk_case_init(struct cvk_case *c);
void cvk_case_clear(struct cvk_case *c);

/* Copies what the record of a config says. CVK_E_MEMORY. */
enum cvk_code cvk_case_take_config(struct cvk_case *c,
                                   const struct cvk_record *r);

/* Copies what the operator states; .p of s is NULL for nothing. */
struct cvk_text cvk_case_store(struct cvk_case *c, struct cvk_slice s);

static inline struct cvk_slice cvk_case_text(const struct cvk_case *c,
                                             struct cvk_text t)
{
    return cvk_text_slice(&c->text, t);
}

/* Access to the arrays: NULL behind the last one. */
const struct cvk_export *cvk_case_export(const struct cvk_case *c, size_t i);
const struct cvk_des *cvk_case_des(const struct cvk_case *c, size_t i);
const struct cvk_key_entry *cvk_case_key(const struct cvk_case *c, size_t i);
const struct cvk_vault *cvk_case_vault(const struct cvk_case *c, size_t i);
const struct cvk_policy *cvk_case_policy(const struct cvk_case *c, size_t i);
const struct cvk_disk *cvk_case_disk(const struct cvk_case *c, size_t i);
const struct cvk_point *cvk_case_point(const struct cvk_case *c, size_t i);
const struct cvk_job *cvk_case_job(const struct cvk_case *c, size_t i);

/* The option an export was given as: "--des". */
const char *cvk_role_option(enum cvk_role role);

/* What an export is, in records: "keys", "deleted-keys", "recovery-point". */
const char *cvk_export_name(const struct cvk_export *x);

/* What an export is, for people: "disk encryption set". */
const char *cvk_export_words(enum cvk_export_kind kind);

#endif
