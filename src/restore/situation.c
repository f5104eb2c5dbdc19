/* SPDX-License-Identifier: MIT */
#include "restore/situation.h"

/* ---- the original key --------------------------------------------------- */

/* The config may give URL and version apart. */
static bool read_config_key(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;

    if (!cvk_key_url_parse(cvk_case_text(c, c->key_url), &s->o))
        return false;
    if (!s->o.version.p)
        s->o.version = cvk_case_text(c, c->key_version);
    return s->o.version.p != NULL;
}

static void find_original(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;

    if (read_config_key(s))
        s->o_source = CVK_FROM_CONFIG;
    else if (cvk_key_url_parse(cvk_case_text(c, c->stated_key_url), &s->o) &&
             s->o.version.p)
        s->o_source = CVK_FROM_OPERATOR;
    else
        s->o = (struct cvk_key_url){0};
}

/* ---- the DES of the backup ---------------------------------------------- */

/* The only DES of --des, whatever number of times it was exported. */
static bool find_only_des(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;
    const struct cvk_des *d;
    struct cvk_slice id = {0};

    for (size_t i = 0; (d = cvk_case_des(c, i)); i++) {
        if (cvk_case_export(c, d->from.export)->role == CVK_AS_INPUT_DES)
            continue;
        if (id.p && !cvk_arm_id_equal(id, cvk_case_text(c, d->id)))
            return false;
        id = cvk_case_text(c, d->id);
        s->d0_from = d->from;
    }
    s->d0 = id;
    return id.p != NULL;
}

/* A VM or disk; what a restore request names is no DES of a backup. */
static bool find_disk(struct cvk_situation *s)
{
    const struct cvk_disk *d;

    for (size_t i = 0; (d = cvk_case_disk(s->c, i)); i++) {
        if (cvk_case_export(s->c, d->from.export)->kind != CVK_EXPORT_DISK ||
            !d->des_id.known)
            continue;
        s->d0 = cvk_case_text(s->c, d->des_id);
        s->d0_from = d->from;
        return true;
    }
    return false;
}

static void find_des(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;

    if (c->des_id.known) {
        s->d0 = cvk_case_text(c, c->des_id);
        s->d0_source = CVK_FROM_CONFIG;
    } else if (c->stated_des_id.known) {
        s->d0 = cvk_case_text(c, c->stated_des_id);
        s->d0_source = CVK_FROM_OPERATOR;
    } else if (find_disk(s)) {
        s->d0_source = CVK_FROM_DISK;
    } else if (find_only_des(s)) {
        s->d0_source = CVK_FROM_DES;
    }
    if (s->d0.p)
        s->d0_view = cvk_des_state_find(c, s->d0);
}

static void find_input(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;
    const struct cvk_export *x;
    const struct cvk_des *des;
    const struct cvk_disk *disk;

    for (size_t i = 0; (des = cvk_case_des(c, i)); i++) {
        x = cvk_case_export(c, des->from.export);
        if (x->role != CVK_AS_INPUT_DES)
            continue;
        s->input = cvk_case_text(c, des->id);
        s->input_from = des->from;
    }
    for (size_t i = 0; (disk = cvk_case_disk(c, i)); i++) {
        x = cvk_case_export(c, disk->from.export);
        if (x->role != CVK_AS_INPUT_DES)
            continue;
        s->input = cvk_case_text(c, disk->des_id);
        s->input_from = disk->from;
    }
    s->named = s->input.p != NULL;
}

/* ---- tier --------------------------------------------------------------- */

static void find_tier(struct cvk_situation *s)
{
    const struct cvk_case *c = s->c;
    const struct cvk_point *p;

    if (c->stated_tier) {
        s->tier = c->stated_tier;
        s->tier_source = CVK_FROM_OPERATOR;
        return;
    }
    for (size_t i = 0; (p = cvk_case_point(c, i)); i++) {
        if (i && p->tier != s->tier) {
            /* several points: which one is meant is not known */
            s->tier = CVK_TIER_UNKNOWN;
            s->tier_source = CVK_FROM_NOWHERE;
            return;
        }
        s->tier = p->tier;
        s->tier_from = p->from;
        s->tier_source = CVK_FROM_POINT;
    }
}

void cvk_situation_init(struct cvk_situation *s, const struct cvk_case *c)
{
    *s = (struct cvk_situation){.c = c};
    find_original(s);
    find_des(s);
    find_input(s);
    find_tier(s);
}

/* ---- one tier ----------------------------------------------------------- */

static void find_keys(struct cvk_situation *s)
{
    bool one_vault = !s->has_a || s->same_vault;

    s->o_in_h = s->o;
    if (s->has_a) {
        s->o_in_h.host = s->a.host;
        s->o_in_h.vault = s->a.vault;
        s->o_in_h.store = s->a.store;
        s->o_in_h.cloud = s->a.cloud;
    }
    if (s->o_source)
        s->o_view = cvk_key_state_find(s->c, &s->o_in_h, one_vault);
    if (s->has_a)
        s->a_view = cvk_key_state_find(s->c, &s->a, one_vault);
}

static void compare_keys(struct cvk_situation *s)
{
    s->same_vault = s->same_name = s->same_key = false;
    if (!s->has_a || !s->o_source)
        return;
    s->same_vault = cvk_slice_equal_nocase(s->a.host, s->o.host);
    s->same_name = cvk_slice_equal_nocase(s->a.name, s->o.name);
    s->same_key = s->same_name &&
                  cvk_slice_equal_nocase(s->a.version, s->o.version);
}

void cvk_situation_set_tier(struct cvk_situation *s, bool snapshot)
{
    struct cvk_des_view view = s->d0_view;

    s->snapshot = snapshot;
    s->uses_input = s->named && (!snapshot || (s->d0.p && cvk_arm_id_equal(
                                                   s->input, s->d0)));
    if (s->uses_input)
        view = cvk_des_state_find(s->c, s->input);
    s->contradictory_des = view.state == CVK_DES_CONTRADICTORY;
    s->des = view.state == CVK_DES_PRESENT ? view.des : NULL;
    s->has_a = s->des && s->des->key_url.known &&
               cvk_key_url_parse(cvk_case_text(s->c, s->des->key_url), &s->a);
    compare_keys(s);
    find_keys(s);
}
