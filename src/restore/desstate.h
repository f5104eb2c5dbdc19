/* SPDX-License-Identifier: MIT */
/* Whether a disk encryption set exists, as exports show it. */
#ifndef CVK_RESTORE_DESSTATE_H
#define CVK_RESTORE_DESSTATE_H

#include "base/slice.h"
#include "restore/case.h"

enum cvk_des_state {
    CVK_DES_UNKNOWN,
    CVK_DES_CONTRADICTORY,
    CVK_DES_PRESENT,
    CVK_DES_ABSENT,
};

struct cvk_des_view {
    enum cvk_des_state state;
    const struct cvk_des *des; /* if present: its entry */
    size_t export;             /* that shows it absent, or contradicts */
    bool by_empty_list;        /* absent: [] says so, of no subscription */
};

/* The DES of that id. An entry given as --input-des stands in for all others
 * of its id. */
struct cvk_des_view cvk_des_state_find(const struct cvk_case *c,
                                       struct cvk_slice id);

/* True for two ids of the same resource, in any letter case, with or without
 * a slash at the end. */
bool cvk_arm_id_equal(struct cvk_slice a, struct cvk_slice b);

#endif
