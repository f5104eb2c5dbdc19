/* SPDX-License-Identifier: MIT */
#include "restore/rules.h"

const char *cvk_outcome_name(enum cvk_outcome outcome)
{
    static const char *const names[] = {"succeeds", "fails", "unsupported",
                                        "undetermined"};

    return names[outcome];
}

/* ---- conditions --------------------------------------------------------- */

/* What is known to be wrong decides, whatever else is not known. */
static cvk_truth both(cvk_truth a, cvk_truth b)
{
    if (a == CVK_DOES_NOT_HOLD || b == CVK_DOES_NOT_HOLD)
        return CVK_DOES_NOT_HOLD;
    return a == CVK_HOLDS ? b : b == CVK_HOLDS ? a : a | b;
}

static cvk_truth is_not(cvk_truth a)
{
    return a == CVK_HOLDS           ? CVK_DOES_NOT_HOLD
           : a == CVK_DOES_NOT_HOLD ? CVK_HOLDS
                                    : a;
}

static cvk_truth truth(bool holds)
{
    return holds ? CVK_HOLDS : CVK_DOES_NOT_HOLD;
}

/* Rows 2 to 7 are of a restore that uses D0, 8 to 12 of one that names a DES
 * on the vault tier. */
static cvk_truth by_default(const struct cvk_situation *s)
{
    return truth(!s->named || s->snapshot);
}

static cvk_truth by_name(const struct cvk_situation *s)
{
    return truth(s->named && !s->snapshot);
}

static cvk_truth knows_a(const struct cvk_situation *s)
{
    if (s->has_a)
        return CVK_HOLDS;
    if (s->contradictory_des)
        return CVK_NEEDS_AGAIN;
    if (s->uses_input)
        return CVK_NEEDS_INPUT;
    return s->d0.p ? CVK_NEEDS_D0_STATE : CVK_NEEDS_D0 | CVK_NEEDS_D0_STATE;
}

static cvk_truth knows_both(const struct cvk_situation *s)
{
    return both(s->o_source ? CVK_HOLDS : CVK_NEEDS_O, knows_a(s));
}

/* A comparison of A and O, where both are known. */
static cvk_truth compared(const struct cvk_situation *s, bool holds)
{
    cvk_truth known = knows_both(s);

    return known == CVK_HOLDS ? truth(holds) : known;
}

static cvk_truth same_vault(const struct cvk_situation *s)
{
    return compared(s, s->same_vault);
}

static cvk_truth same_name(const struct cvk_situation *s)
{
    return compared(s, s->same_name);
}

static cvk_truth same_key(const struct cvk_situation *s)
{
    return compared(s, s->same_key);
}

/* O in the vault of A, in a state that holds says. */
static cvk_truth o_is(const struct cvk_situation *s,
                      bool (*holds)(enum cvk_key_state))
{
    cvk_truth known = knows_both(s);

    if (s->o_source && s->o_view.state == CVK_KEY_UNKNOWN)
        known = known == CVK_HOLDS ? CVK_NEEDS_O_STATE
                                   : known | CVK_NEEDS_O_STATE;
    if (s->o_source && s->o_view.state == CVK_KEY_CONTRADICTORY)
        known = known == CVK_HOLDS ? CVK_NEEDS_AGAIN : known | CVK_NEEDS_AGAIN;
    return known == CVK_HOLDS ? truth(holds(s->o_view.state)) : known;
}

static bool is_usable(enum cvk_key_state state)
{
    return state == CVK_KEY_USABLE;
}

/* ---- rows --------------------------------------------------------------- */

static cvk_truth snapshot_different_des(const struct cvk_situation *s)
{
    return both(truth(s->named && s->snapshot),
                s->d0.p ? truth(!cvk_arm_id_equal(s->input, s->d0))
                        : CVK_NEEDS_D0);
}

static cvk_truth des_deleted(const struct cvk_situation *s)
{
    cvk_truth absent = truth(s->d0_view.state == CVK_DES_ABSENT);

    if (!s->d0.p)
        absent = CVK_NEEDS_D0 | CVK_NEEDS_D0_STATE;
    else if (s->d0_view.state == CVK_DES_CONTRADICTORY)
        absent = CVK_NEEDS_AGAIN;
    else if (s->d0_view.state == CVK_DES_UNKNOWN)
        absent = CVK_NEEDS_D0_STATE;
    return both(by_default(s), absent);
}

static cvk_truth original_intact(const struct cvk_situation *s)
{
    return both(both(by_default(s), both(same_vault(s), same_key(s))),
                o_is(s, is_usable));
}

static cvk_truth key_rotated(const struct cvk_situation *s)
{
    cvk_truth rotated = both(same_name(s), is_not(same_key(s)));

    return both(both(by_default(s), both(same_vault(s), rotated)),
                o_is(s, is_usable));
}

static cvk_truth key_changed(const struct cvk_situation *s)
{
    return both(both(by_default(s), both(same_vault(s), is_not(same_name(s)))),
                o_is(s, is_usable));
}

static cvk_truth des_other_vault(const struct cvk_situation *s)
{
    return both(both(by_default(s), is_not(same_vault(s))),
                o_is(s, is_usable));
}

static cvk_truth key_deleted(const struct cvk_situation *s)
{
    return both(both(by_default(s), same_vault(s)), o_is(s, cvk_key_is_gone));
}

static cvk_truth key_unusable(const struct cvk_situation *s)
{
    return both(by_default(s), o_is(s, cvk_key_is_unusable));
}

static cvk_truth other_vault_lacks_active(const struct cvk_situation *s)
{
    return both(both(by_default(s), is_not(same_vault(s))),
                both(same_key(s), o_is(s, cvk_key_is_gone)));
}

static cvk_truth other_vault_lacks_original(const struct cvk_situation *s)
{
    return both(both(by_default(s), is_not(same_vault(s))),
                o_is(s, cvk_key_is_gone));
}

static cvk_truth input_mismatch(const struct cvk_situation *s)
{
    return both(both(by_name(s), is_not(same_key(s))),
                o_is(s, cvk_key_is_gone));
}

static cvk_truth input_matches(const struct cvk_situation *s)
{
    return both(both(by_name(s), same_key(s)), o_is(s, is_usable));
}

static cvk_truth input_new_wrap_key(const struct cvk_situation *s)
{
    return both(both(by_name(s), is_not(same_key(s))), o_is(s, is_usable));
}

static cvk_truth input_key_deleted(const struct cvk_situation *s)
{
    return both(both(by_name(s), same_key(s)), o_is(s, cvk_key_is_gone));
}

static cvk_truth input_key_unusable(const struct cvk_situation *s)
{
    return both(by_name(s), o_is(s, cvk_key_is_unusable));
}

/* Texts: the Learn page "Restore Confidential VM using Azure Backup" of three
 * months, and the private preview of 2023 with its screenshots. */
#define J "01/2026"
#define F "02/2026"
#define Y "07/2026"
#define P "preview of 2023"

#define SUCCEEDS {CVK_OUTCOME_SUCCEEDS, NULL}
#define FAILS(code) {CVK_OUTCOME_FAILS, code}
#define UNSUPPORTED {CVK_OUTCOME_UNSUPPORTED, NULL}

const struct cvk_rule cvk_rules[] = {
    {"1", "snapshot-different-des", snapshot_different_des,
     FAILS(CVK_SNAPSHOT), FAILS(CVK_SNAPSHOT), false, CVK_REMEDY_TIER,
     "a snapshot can be restored with the DES of the backup only, whatever "
     "key another one has",
     P ", " F ", " Y},
    {"2", "des-deleted", des_deleted,
     UNSUPPORTED, FAILS(CVK_DES_MISSING), false, CVK_REMEDY_DES,
     "the DES of the backup does not exist",
     J ", " F "; snapshot tier: " Y},
    {"3", "original-intact", original_intact,
     SUCCEEDS, SUCCEEDS, false, CVK_REMEDY_DEFAULT,
     "the DES of the backup uses the original key, and that is usable",
     J ", " F ", " Y ", " P},
    {"4", "key-rotated", key_rotated,
     SUCCEEDS, SUCCEEDS, true, CVK_REMEDY_DEFAULT,
     "the key was rotated, and the original version is still usable",
     J ", " F ", " Y},
    {"5", "key-changed", key_changed,
     SUCCEEDS, SUCCEEDS, true, CVK_REMEDY_DEFAULT,
     "the DES uses another key now, and the original one is still usable in "
     "the same vault",
     J ", " F ", " Y},
    {"6", "des-other-vault", des_other_vault,
     SUCCEEDS, SUCCEEDS, true, CVK_REMEDY_DEFAULT,
     "the DES uses another vault now, which holds the original key",
     F ", " Y},
    {"7a", "key-deleted", key_deleted,
     UNSUPPORTED, FAILS(CVK_KEY_MISSING), false, CVK_REMEDY_KEY,
     "the original key is gone from its vault",
     J ", " F ", " Y ", " P},
    {"7b", "key-unusable", key_unusable,
     FAILS(NULL), FAILS(NULL), false, CVK_REMEDY_ENABLE,
     "the original version is disabled or expired",
     J ", " F " (expired), " Y " (disabled)"},
    {"7c", "des-other-vault-key-missing", other_vault_lacks_active,
     UNSUPPORTED, FAILS(CVK_KEY_MISSING), false, CVK_REMEDY_MISMATCH,
     "the DES uses another vault now, and the original key is not in it",
     F ", " Y},
    {"7c", "des-other-vault-key-missing", other_vault_lacks_original,
     UNSUPPORTED, FAILS(NULL), false, CVK_REMEDY_MISMATCH,
     "the DES uses another vault now, and the original key is not in it",
     F ", " Y},
    {"8", "input-des-mismatch", input_mismatch,
     FAILS(CVK_MISMATCH), FAILS(CVK_MISMATCH), false, CVK_REMEDY_MISMATCH,
     "the DES that is named uses another key, and the original one is not in "
     "its vault",
     J ", " F ", " Y},
    {"9", "input-des-matches", input_matches,
     SUCCEEDS, SUCCEEDS, false, CVK_REMEDY_RETRY,
     "the DES that is named uses the original key and version",
     J ", " F ", " Y},
    {"10", "input-des-new-wrap-key", input_new_wrap_key,
     SUCCEEDS, SUCCEEDS, true, CVK_REMEDY_RETRY,
     "the DES that is named uses another key, and the original one is usable "
     "in the same vault",
     Y},
    {"11", "input-des-key-deleted", input_key_deleted,
     FAILS(CVK_KEY_MISSING), FAILS(CVK_KEY_MISSING), false, CVK_REMEDY_KEY,
     "the DES that is named uses the original key, and that is gone",
     J ", message of the " P "; the code is inferred"},
    {"12", "input-des-key-unusable", input_key_unusable,
     FAILS(NULL), FAILS(NULL), false, CVK_REMEDY_ENABLE,
     "the original version is disabled or expired",
     J ", " F ", " Y},
};
const size_t cvk_n_rules = sizeof cvk_rules / sizeof *cvk_rules;

/* All facts that later rows would need are told at once: each export is a way
 * to the connected side. */
const struct cvk_rule *cvk_rule_find(const struct cvk_situation *s,
                                     cvk_truth *needs)
{
    *needs = 0;
    for (size_t i = 0; i < cvk_n_rules; i++) {
        cvk_truth t = cvk_rules[i].holds(s);

        if (t == CVK_HOLDS && !*needs)
            return &cvk_rules[i];
        if (t != CVK_HOLDS)
            *needs |= t;
    }
    return NULL;
}
