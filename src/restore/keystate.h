/* SPDX-License-Identifier: MIT */
/* The state of one key version in one vault or Managed HSM, as exports show
 * it. What they do not show is unknown, never absent. */
#ifndef CVK_RESTORE_KEYSTATE_H
#define CVK_RESTORE_KEYSTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/azid.h"
#include "restore/case.h"

enum cvk_key_state {
    CVK_KEY_UNKNOWN,
    CVK_KEY_CONTRADICTORY, /* exports of different times, it seems */
    CVK_KEY_SOFT_DELETED,
    CVK_KEY_DISABLED,
    CVK_KEY_EXPIRED,
    CVK_KEY_USABLE,
    CVK_KEY_ABSENT,
};

struct cvk_key_view {
    enum cvk_key_state state;
    struct cvk_origin from; /* of the state, unless it is unknown */
    struct cvk_origin other; /* what contradicts it */
    bool by_empty_list; /* absent: [] says so, of no vault by name */
    bool name_taken;    /* another version of the name is live */
    bool name_listed;   /* a list of the vault's keys holds the name */
    bool deleted_listed; /* the soft-deleted keys were listed, without it */
    bool not_yet;       /* nbf lies in the future */
    bool has_expires, has_purge;
    int64_t expires, purge;
};

/* key has a version. one_vault: the judgement is about a single vault, so that
 * an empty list can only be of that one. */
struct cvk_key_view cvk_key_state_find(const struct cvk_case *c,
                                       const struct cvk_key_url *key,
                                       bool one_vault);

static inline bool cvk_key_is_gone(enum cvk_key_state s)
{
    return s == CVK_KEY_ABSENT || s == CVK_KEY_SOFT_DELETED;
}

static inline bool cvk_key_is_unusable(enum cvk_key_state s)
{
    return s == CVK_KEY_DISABLED || s == CVK_KEY_EXPIRED;
}

/* For people: "soft-deleted". */
const char *cvk_key_state_words(enum cvk_key_state state);

#endif
