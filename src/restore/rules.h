/* SPDX-License-Identifier: MIT */
/* The published restore scenarios as one table, in the order in which they are
 * tried: the first row whose condition holds is what a restore does. */
#ifndef CVK_RESTORE_RULES_H
#define CVK_RESTORE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "restore/situation.h"

enum cvk_outcome {
    CVK_OUTCOME_SUCCEEDS,
    CVK_OUTCOME_FAILS,
    CVK_OUTCOME_UNSUPPORTED, /* a text says so, no code is published */
    CVK_OUTCOME_UNDETERMINED,
};

const char *cvk_outcome_name(enum cvk_outcome outcome);

/* Codes that are published for Confidential VMs. */
#define CVK_DES_MISSING "UserErrorDiskEncryptionSetDoesNotExist"
#define CVK_KEY_MISSING "UserErrorDiskEncryptionSetKeyDoesNotExist"
#define CVK_MISMATCH "UserErrorInputDESKeyDoesNotMatchWithOriginalKey"
#define CVK_SNAPSHOT                                                           \
    "UserErrorRestoreNotSupportedFromSnapshotTierRPForDifferentDES"
#define CVK_PERMISSIONS "UserErrorKeyVaultPermissionsNotConfiguredForCVMWithCMK"

/* The state of knowledge of a condition: it holds, it does not, or facts are
 * needed, one bit for each. */
typedef unsigned cvk_truth;
enum {
    CVK_DOES_NOT_HOLD = 0,
    CVK_HOLDS = 1,
    CVK_NEEDS_O = 2,        /* the original key */
    CVK_NEEDS_D0 = 4,       /* the DES of the backup */
    CVK_NEEDS_D0_STATE = 8, /* whether it exists, and what it looks like */
    CVK_NEEDS_INPUT = 16,   /* what the DES to be named looks like */
    CVK_NEEDS_O_STATE = 32,
    CVK_NEEDS_A_STATE = 64,
    CVK_NEEDS_AGAIN = 128, /* exports that contradict each other */
    CVK_NEEDS_TIER = 256,
};

/* What is to be done; restore/remedy has the words. */
enum cvk_remedy {
    CVK_REMEDY_NONE,
    CVK_REMEDY_DEFAULT,     /* N: restore with the default selection */
    CVK_REMEDY_RETRY,       /* R: restore, naming the DES */
    CVK_REMEDY_TIER,        /* T: take a point with a vault tier */
    CVK_REMEDY_KEY,         /* K: bring the key back */
    CVK_REMEDY_DES,         /* D: bring the DES back */
    CVK_REMEDY_ENABLE,      /* E: make the version usable */
    CVK_REMEDY_MISMATCH,    /* M: key and DES have to meet */
    CVK_REMEDY_TYPE,        /* of a veto: DES of another type */
    CVK_REMEDY_WRAP_KEY,    /* of a veto: the active key */
    CVK_REMEDY_BACKUP_PERMISSIONS, /* of a veto: the backup service's */
    CVK_REMEDY_DES_PERMISSIONS,    /* of a veto: the DES's own */
};

struct cvk_rule_outcome {
    enum cvk_outcome outcome;
    const char *code; /* NULL: none is published */
};

struct cvk_rule {
    const char *row;      /* in cvmkey-diagnose(1) */
    const char *scenario; /* stable id */
    cvk_truth (*holds)(const struct cvk_situation *s);
    struct cvk_rule_outcome snapshot, vault;
    bool wraps; /* success also needs a usable active key */
    enum cvk_remedy remedy;
    const char *reason;
    const char *texts; /* that say so */
};

extern const struct cvk_rule cvk_rules[];
extern const size_t cvk_n_rules;

/* The first row that holds; NULL with *needs set where facts are missing. */
const struct cvk_rule *cvk_rule_find(const struct cvk_situation *s,
                                     cvk_truth *needs);

#endif
