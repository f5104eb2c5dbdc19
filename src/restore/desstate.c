/* SPDX-License-Identifier: MIT */
#include "restore/desstate.h"

static struct cvk_slice trim(struct cvk_slice s)
{
    return s.n && s.p[s.n - 1] == '/' ? cvk_slice_cut(s, 0, s.n - 1) : s;
}

bool cvk_arm_id_equal(struct cvk_slice a, struct cvk_slice b)
{
    return cvk_slice_equal_nocase(trim(a), trim(b));
}

static bool is_input(const struct cvk_case *c, const struct cvk_des *d)
{
    return cvk_case_export(c, d->from.export)->role == CVK_AS_INPUT_DES;
}

static bool same_facts(const struct cvk_case *c, const struct cvk_des *a,
                       const struct cvk_des *b)
{
    return cvk_slice_equal_nocase(cvk_case_text(c, a->key_url),
                                  cvk_case_text(c, b->key_url)) &&
           cvk_slice_equal_nocase(cvk_case_text(c, a->type),
                                  cvk_case_text(c, b->type));
}

static void find_present(const struct cvk_case *c, struct cvk_slice id,
                         struct cvk_des_view *v)
{
    const struct cvk_des *d;

    for (size_t i = 0; (d = cvk_case_des(c, i)); i++) {
        if (!cvk_arm_id_equal(cvk_case_text(c, d->id), id))
            continue;
        if (is_input(c, d)) {
            *v = (struct cvk_des_view){CVK_DES_PRESENT, d, 0, false};
            return;
        }
        if (v->des && !same_facts(c, v->des, d)) {
            v->state = CVK_DES_CONTRADICTORY;
            v->export = d->from.export;
            continue;
        }
        if (v->des)
            continue;
        v->state = CVK_DES_PRESENT;
        v->des = d;
    }
}

/* A complete list speaks of the DES if it holds others of its resource group,
 * or of two resource groups of its subscription. */
static bool list_speaks_of(const struct cvk_case *c, size_t file,
                           const struct cvk_arm_id *id)
{
    struct cvk_slice group = {0};
    const struct cvk_des *d;
    struct cvk_arm_id other;

    for (size_t i = 0; (d = cvk_case_des(c, i)); i++) {
        if (d->from.export != file ||
            !cvk_arm_id_parse(cvk_case_text(c, d->id), &other) ||
            !cvk_slice_equal_nocase(other.subscription, id->subscription))
            continue;
        if (cvk_slice_equal_nocase(other.resource_group, id->resource_group))
            return true;
        if (group.p && !cvk_slice_equal_nocase(group, other.resource_group))
            return true;
        group = other.resource_group;
    }
    return false;
}

static bool file_holds(const struct cvk_case *c, size_t file,
                       struct cvk_slice id)
{
    const struct cvk_des *d;

    for (size_t i = 0; (d = cvk_case_des(c, i)); i++)
        if (d->from.export == file &&
            cvk_arm_id_equal(cvk_case_text(c, d->id), id))
            return true;
    return false;
}

static bool proves_absence(const struct cvk_case *c, size_t file,
                           struct cvk_slice id)
{
    const struct cvk_export *x = cvk_case_export(c, file);
    struct cvk_arm_id arm;

    if (!x->complete)
        return false;
    if (x->kind == CVK_EXPORT_EMPTY_LIST)
        return x->role == CVK_AS_DES;
    return x->kind == CVK_EXPORT_DES && cvk_arm_id_parse(id, &arm) &&
           !file_holds(c, file, id) && list_speaks_of(c, file, &arm);
}

struct cvk_des_view cvk_des_state_find(const struct cvk_case *c,
                                       struct cvk_slice id)
{
    struct cvk_des_view v = {.state = CVK_DES_UNKNOWN};

    find_present(c, id, &v);
    if (v.des && is_input(c, v.des))
        return v;
    for (size_t i = 0; cvk_case_export(c, i); i++) {
        if (!proves_absence(c, i, id))
            continue;
        v.export = i;
        v.by_empty_list =
            cvk_case_export(c, i)->kind == CVK_EXPORT_EMPTY_LIST;
        v.state = v.des ? CVK_DES_CONTRADICTORY : CVK_DES_ABSENT;
        if (!v.by_empty_list)
            break;
    }
    return v;
}
