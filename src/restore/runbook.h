/* SPDX-License-Identifier: MIT */
/* The procedure for the connected side as a script, for PowerShell or for bash
 * with the Azure CLI. All values stand in assignments at its top, each of
 * known syntax and quoted; the steps below them are constant text. So nothing
 * that evidence says can become a command. */
#ifndef CVK_RESTORE_RUNBOOK_H
#define CVK_RESTORE_RUNBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/finding.h"
#include "base/slice.h"
#include "evidence/azid.h"

enum cvk_shell { CVK_POWERSHELL, CVK_AZ };

/* In the order in which a script lists them. */
enum cvk_book_value {
    CVK_BOOK_SUBSCRIPTION,
    CVK_BOOK_RECOVERY_GROUP,
    CVK_BOOK_RECOVERY_VAULT,
    CVK_BOOK_JOB,
    CVK_BOOK_ACCOUNT,
    CVK_BOOK_ACCOUNT_GROUP,
    CVK_BOOK_CONTAINER,
    CVK_BOOK_CONFIG_BLOB,
    CVK_BOOK_CONFIG_FILE,
    CVK_BOOK_CONFIG_SHA256,
    CVK_BOOK_BLOB_FILE,
    CVK_BOOK_BLOB_SHA256,
    CVK_BOOK_STORE,
    CVK_BOOK_KEY,
    CVK_BOOK_VERSION,
    CVK_BOOK_EXPIRES,
    CVK_BOOK_DES_GROUP,
    CVK_BOOK_DES,
    CVK_BOOK_LOCATION,
    CVK_BOOK_BACKUP_APP,
    CVK_BOOK_VM,
    CVK_BOOK_POINT,
    CVK_BOOK_TARGET_GROUP,
    CVK_BOOK_VALUES,
};

/* What is to be done, in this order. */
enum cvk_book_step {
    CVK_STEP_CONTEXT,     /* sign in to the right subscription */
    CVK_STEP_JOB,         /* the failed job, and where the config is */
    CVK_STEP_DOWNLOAD,    /* the config once more, as a check */
    CVK_STEP_BLOB,        /* the key backup arrived as it was sent */
    CVK_STEP_STORE,       /* the vault */
    CVK_STEP_STORE_HSM,   /* or the Managed HSM */
    CVK_STEP_ENABLE,      /* a disabled key version */
    CVK_STEP_EXTEND,      /* an expired one */
    CVK_STEP_FOUND,       /* the key is there, by its name */
    CVK_STEP_RECOVER,     /* the same, once it is no longer soft-deleted */
    CVK_STEP_RESTORE,     /* the key out of its backup */
    CVK_STEP_KEY_URL,     /* the URL of the original version, there */
    CVK_STEP_DES,         /* a new DES on it */
    CVK_STEP_DES_FOUND,   /* or one that is there */
    CVK_STEP_GRANT,       /* permissions in a vault */
    CVK_STEP_GRANT_HSM,   /* or in a Managed HSM */
    CVK_STEP_RETRY,       /* with the DES that the VM had */
    CVK_STEP_RETRY_NAMED, /* naming the DES of a step before */
    CVK_STEPS,
};

struct cvk_book_entry {
    struct cvk_text value; /* not known: none */
    struct cvk_text from;  /* where it comes from, for people */
    bool refused;          /* there was one that is not of its syntax */
};

struct cvk_runbook {
    struct cvk_buf text;
    struct cvk_book_entry entries[CVK_BOOK_VALUES];
    bool steps[CVK_STEPS];
    struct cvk_buf remarks; /* lines for the head of the script */
};

void cvk_runbook_init(struct cvk_runbook *b);
void cvk_runbook_clear(struct cvk_runbook *b);

/* Adds a line to the head of the script. */
void cvk_runbook_remark(struct cvk_runbook *b, struct cvk_slice line);

/* A value that evidence or an export gives; the first one of right syntax
 * stays. One of wrong syntax is left out, and the script says so. .p of value
 * may be NULL. */
void cvk_runbook_offer(struct cvk_runbook *b, enum cvk_book_value which,
                       struct cvk_slice value, struct cvk_slice from);

enum cvk_book_set {
    CVK_BOOK_SET_OK,
    CVK_BOOK_SET_FORM, /* not NAME=VALUE */
    CVK_BOOK_SET_NAME, /* no such name */
    CVK_BOOK_SET_BAD,  /* not of the syntax of that value */
    CVK_BOOK_SET_MEMORY,
};

/* A value that the operator sets, NAME=VALUE; it replaces one that was
 * offered. *which is set for CVK_BOOK_SET_BAD. */
enum cvk_book_set cvk_runbook_set(struct cvk_runbook *b,
                                  struct cvk_slice word,
                                  enum cvk_book_value *which);

/* The name that --set takes, what the value is, and what it looks like. */
const char *cvk_runbook_name(enum cvk_book_value which);
const char *cvk_runbook_words(enum cvk_book_value which);
const char *cvk_runbook_syntax(enum cvk_book_value which);

/* Appends the script. False when memory is exhausted. */
bool cvk_runbook_write(const struct cvk_runbook *b, enum cvk_shell shell,
                       struct cvk_buf *out);

/* A step in one shell: constant text, and the values it uses, as bits. */
struct cvk_book_text {
    uint32_t uses;
    const char *text;
};
#define CVK_BOOK_BIT(value) ((uint32_t)1 << CVK_BOOK_##value)

extern const struct cvk_book_text cvk_runbook_az[CVK_STEPS];
extern const struct cvk_book_text cvk_runbook_powershell[CVK_STEPS];

#endif
