/* SPDX-License-Identifier: MIT */
/* A case as the rules look at it: which key was used at backup time, which DES
 * and which key a restore would use now, and what state they are in. */
#ifndef CVK_RESTORE_SITUATION_H
#define CVK_RESTORE_SITUATION_H

#include <stdbool.h>

#include "evidence/azid.h"
#include "restore/case.h"
#include "restore/desstate.h"
#include "restore/keystate.h"

enum cvk_source {
    CVK_FROM_NOWHERE,
    CVK_FROM_CONFIG,
    CVK_FROM_OPERATOR, /* --key-url, --des-id, --tier */
    CVK_FROM_DISK,     /* an export of the VM or of its disk */
    CVK_FROM_DES,      /* the only DES that was exported */
    CVK_FROM_POINT,
};

struct cvk_situation {
    const struct cvk_case *c;

    /* O, the original key: always with a version. */
    enum cvk_source o_source;
    struct cvk_key_url o;

    /* D0, the DES used at backup time. */
    enum cvk_source d0_source;
    struct cvk_slice d0;
    struct cvk_origin d0_from; /* of sources that are exports */
    struct cvk_des_view d0_view;

    /* The DES that the restore is to name. */
    bool named;
    struct cvk_slice input;
    struct cvk_origin input_from;

    enum cvk_source tier_source;
    enum cvk_tier tier;
    struct cvk_origin tier_from;

    /* What a restore from one tier does; the rest depends on it. */
    bool snapshot;
    bool uses_input;           /* else D0 */
    const struct cvk_des *des; /* that is used; NULL if none is known */
    bool contradictory_des;    /* exports differ on it */
    bool has_a;
    struct cvk_key_url a;     /* its active key */
    bool same_vault, same_name, same_key; /* A and O; if both are known */
    struct cvk_key_url o_in_h;            /* O in the vault of A */
    struct cvk_key_view o_view, a_view;
};

/* What is the same for every tier. */
void cvk_situation_init(struct cvk_situation *s, const struct cvk_case *c);

/* The situation of a restore from the snapshot tier alone, or from a vault
 * tier. */
void cvk_situation_set_tier(struct cvk_situation *s, bool snapshot);

#endif
