/* SPDX-License-Identifier: MIT */
#include "restore/keystate.h"

/* What all exports together say of one version. Origins with .export of
 * SIZE_MAX stand for "none says so". */
struct evidence {
    const struct cvk_case *c;
    const struct cvk_key_url *key;
    bool one_vault;
    struct cvk_origin name_live, version_live, deleted;
    struct cvk_origin name_absent, version_absent;
    struct cvk_key_view view;
    bool disabled, enabled, expired;
};

static const struct cvk_origin none = {.export = SIZE_MAX};

static bool says(struct cvk_origin o)
{
    return o.export != SIZE_MAX;
}

static void keep_first(struct cvk_origin *kept, struct cvk_origin o)
{
    if (!says(*kept))
        *kept = o;
}

static bool same_host(const struct cvk_key_url *a, const struct cvk_key_url *b)
{
    return cvk_slice_equal_nocase(a->host, b->host);
}

static bool same_name(const struct cvk_key_url *a, const struct cvk_key_url *b)
{
    return same_host(a, b) && cvk_slice_equal_nocase(a->name, b->name);
}

static bool same_version(const struct cvk_key_url *a,
                         const struct cvk_key_url *b)
{
    return a->version.p && b->version.p &&
           cvk_slice_equal_nocase(a->version, b->version);
}

/* ---- entries ------------------------------------------------------------ */

static void take_deleted(struct evidence *e, const struct cvk_key_entry *k)
{
    /* one that was purged since proves nothing about today */
    if (k->has_purge && k->purge <= e->c->at)
        return;
    if (says(e->deleted))
        return;
    e->deleted = k->from;
    e->view.has_purge = k->has_purge;
    e->view.purge = k->purge;
}

static void take_version(struct evidence *e, const struct cvk_key_entry *k)
{
    keep_first(&e->version_live, k->from);
    e->enabled |= k->enabled == CVK_YES;
    if (k->enabled == CVK_NO && !e->disabled) {
        e->disabled = true;
        e->version_live = k->from;
    }
    e->view.not_yet |= k->has_not_before && k->not_before > e->c->at;
    if (!k->has_expires || k->expires > e->c->at || e->expired)
        return;
    e->expired = e->view.has_expires = true;
    e->view.expires = k->expires;
    if (!e->disabled)
        e->version_live = k->from;
}

static void take_entries(struct evidence *e)
{
    const struct cvk_key_entry *k;
    struct cvk_key_url url;

    for (size_t i = 0; (k = cvk_case_key(e->c, i)); i++) {
        if (!cvk_key_url_parse(cvk_case_text(e->c, k->url), &url) ||
            !same_name(&url, e->key))
            continue;
        if (k->deleted) {
            take_deleted(e, k);
            continue;
        }
        keep_first(&e->name_live, k->from);
        e->view.name_listed |= !url.version.p;
        if (same_version(&url, e->key))
            take_version(e, k);
    }
}

/* ---- lists -------------------------------------------------------------- */

/* True if the file has an entry of the name, or of exactly the version. */
static bool file_holds(const struct evidence *e, size_t file, bool version)
{
    const struct cvk_key_entry *k;
    struct cvk_key_url url;

    for (size_t i = 0; (k = cvk_case_key(e->c, i)); i++)
        if (k->from.export == file &&
            cvk_key_url_parse(cvk_case_text(e->c, k->url), &url) &&
            same_name(&url, e->key) &&
            (!version || same_version(&url, e->key)))
            return true;
    return false;
}

static void take_empty_list(struct evidence *e, const struct cvk_export *x,
                            struct cvk_origin from)
{
    if (!e->one_vault)
        return;
    if (x->role == CVK_AS_DELETED_KEYS)
        e->view.deleted_listed = true;
    if (x->role != CVK_AS_KEYS || says(e->name_absent))
        return;
    e->name_absent = from;
    e->view.by_empty_list = true;
}

static void take_list(struct evidence *e, const struct cvk_export *x,
                      struct cvk_origin from)
{
    struct cvk_key_url url;

    if (!x->complete || x->listing == CVK_LISTS_NOTHING ||
        !cvk_key_url_parse(cvk_case_text(e->c, x->sample), &url) ||
        !same_host(&url, e->key))
        return;
    if (x->listing == CVK_LISTS_DELETED)
        e->view.deleted_listed |= !file_holds(e, from.export, false);
    if (x->listing == CVK_LISTS_KEYS && !file_holds(e, from.export, false)) {
        e->view.by_empty_list = false;
        e->name_absent = from;
    }
    if (x->listing == CVK_LISTS_VERSIONS && same_name(&url, e->key) &&
        !file_holds(e, from.export, true))
        keep_first(&e->version_absent, from);
}

static void take_lists(struct evidence *e)
{
    const struct cvk_export *x;

    for (size_t i = 0; (x = cvk_case_export(e->c, i)); i++) {
        struct cvk_origin from = {.export = i};

        if (x->kind == CVK_EXPORT_EMPTY_LIST && x->complete)
            take_empty_list(e, x, from);
        else if (x->kind == CVK_EXPORT_KEY)
            take_list(e, x, from);
    }
}

/* ---- the state ---------------------------------------------------------- */

static void set(struct cvk_key_view *v, enum cvk_key_state state,
                struct cvk_origin from)
{
    v->state = state;
    v->from = from;
}

static bool contradicts(struct evidence *e)
{
    struct cvk_origin live = e->name_live, not = e->deleted;

    if (!says(not))
        not = e->name_absent;
    if (!says(live) || !says(not)) {
        live = e->version_live;
        not = e->version_absent;
    }
    if (!says(live) || !says(not))
        return false;
    set(&e->view, CVK_KEY_CONTRADICTORY, live);
    e->view.other = not;
    return true;
}

static void decide(struct evidence *e)
{
    struct cvk_key_view *v = &e->view;

    if (contradicts(e))
        return;
    if (says(e->deleted))
        set(v, CVK_KEY_SOFT_DELETED, e->deleted);
    else if (e->disabled)
        set(v, CVK_KEY_DISABLED, e->version_live);
    else if (e->expired)
        set(v, CVK_KEY_EXPIRED, e->version_live);
    else if (e->enabled)
        set(v, CVK_KEY_USABLE, e->version_live);
    else if (says(e->name_absent))
        set(v, CVK_KEY_ABSENT, e->name_absent);
    else if (says(e->version_absent))
        set(v, CVK_KEY_ABSENT, e->version_absent);
    v->name_taken = v->state == CVK_KEY_ABSENT && says(e->name_live);
    v->by_empty_list &= v->state == CVK_KEY_ABSENT;
}

struct cvk_key_view cvk_key_state_find(const struct cvk_case *c,
                                       const struct cvk_key_url *key,
                                       bool one_vault)
{
    struct evidence e = {
        .c = c, .key = key, .one_vault = one_vault,
        .name_live = none, .version_live = none, .deleted = none,
        .name_absent = none, .version_absent = none,
        .view = {.from = none, .other = none},
    };

    take_entries(&e);
    take_lists(&e);
    decide(&e);
    return e.view;
}

const char *cvk_key_state_words(enum cvk_key_state state)
{
    static const char *const words[] = {
        "in a state that no export shows",
        "shown both as live and as gone",
        "soft-deleted",
        "disabled",
        "expired",
        "usable",
        "absent",
    };

    return words[state];
}
