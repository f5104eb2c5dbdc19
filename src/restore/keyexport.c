/* SPDX-License-Identifier: MIT */
/* Member names: the data plane's REST as recorded by the Azure CLI's tests,
 * the output transforms of Azure CLI 2.45, and the Learn pages of Az.KeyVault
 * (PSKeyVaultKey, PSKeyVaultKeyIdentityItem). */
#include "restore/keyexport.h"

#include <string.h>

#include "base/escape.h"

static bool is_key_url(struct cvk_dom_value v)
{
    struct cvk_slice s = cvk_dom_text(v);
    struct cvk_key_url url;

    return s.p && cvk_key_url_parse(s, &url);
}

const char *cvk_key_entry_url(struct cvk_reader *r, struct cvk_dom_value entry)
{
    static const char *const places[] = {"kid", "key/kid", "id"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (is_key_url(cvk_reader_get(r, entry, places[i], NULL)))
            return places[i];
    return NULL;
}

/* The first of several names that has a value. */
static struct cvk_dom_value get_first(struct cvk_reader *r,
                                      struct cvk_dom_value entry,
                                      const char *const names[], size_t n)
{
    struct cvk_dom_value v = {0};

    for (size_t i = 0; i < n; i++) {
        v = cvk_reader_get(r, entry, names[i], NULL);
        if (v.item && v.kind != CVK_DOM_NULL)
            break;
    }
    return v;
}

#define FIRST(r, entry, names)                                                 \
    get_first(r, entry, names, sizeof(names) / sizeof *(names))

static void read_times(struct cvk_reader *r, struct cvk_dom_value entry,
                       struct cvk_key_entry *k)
{
    static const char *const expires[] = {"attributes/expires",
                                          "attributes/exp", "expires"};
    static const char *const not_before[] = {"attributes/notBefore",
                                             "attributes/nbf", "notBefore"};

    k->has_expires = cvk_reader_time(r, FIRST(r, entry, expires), &k->expires);
    k->has_not_before =
        cvk_reader_time(r, FIRST(r, entry, not_before), &k->not_before);
}

static bool has_value(struct cvk_dom_value v)
{
    return v.item && v.kind != CVK_DOM_NULL;
}

/* Soft-deleted keys are told by members that others do not have. */
static void read_deletion(struct cvk_reader *r, struct cvk_dom_value entry,
                          struct cvk_key_entry *k)
{
    struct cvk_dom_value v = cvk_reader_get(r, entry, "recoveryId", NULL);

    k->deleted = has_value(v) && cvk_dom_text(v).n;
    v = cvk_reader_get(r, entry, "deletedDate", NULL);
    k->deleted |= has_value(v);
    v = cvk_reader_get(r, entry, "scheduledPurgeDate", NULL);
    k->deleted |= has_value(v);
    k->has_purge = cvk_reader_time(r, v, &k->purge);
}

void cvk_key_entry_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    static const char *const enabled[] = {"attributes/enabled", "enabled"};
    struct cvk_key_entry k = {.from.export = r->export};
    const char *url = cvk_key_entry_url(r, entry);
    struct cvk_dom_value v;

    v = cvk_reader_get(r, entry, url ? url : "kid", &k.from.pointer);
    k.url = cvk_reader_text(r, v);
    k.shown = has_value(cvk_reader_get(r, entry, "key", NULL));
    v = FIRST(r, entry, enabled);
    if (v.kind == CVK_DOM_BOOL)
        k.enabled = cvk_dom_true(v) ? CVK_YES : CVK_NO;
    read_times(r, entry, &k);
    read_deletion(r, entry, &k);
    cvk_reader_add(r, &r->c->keys, &k, sizeof k);
}

/* ---- listings ----------------------------------------------------------- */

/* PowerShell alone prints a list of one as that one: its entries have a
 * VaultName, az and REST have none. It is told by its URL's member, Id. */
static bool is_powershell(const struct cvk_case *c, const struct cvk_key_entry *k)
{
    return cvk_slice_ends_nocase(cvk_case_text(c, k->from.pointer),
                                 CVK_LITERAL("/id"));
}

void cvk_key_listing_judge(const struct cvk_case *c, size_t first, bool single,
                           struct cvk_export *e)
{
    const struct cvk_key_entry *k = cvk_case_key(c, first), *next;
    struct cvk_key_url url, other;
    enum cvk_key_listing listing;

    e->listing = CVK_LISTS_NOTHING;
    if (!k || k->shown ||
        !cvk_key_url_parse(cvk_case_text(c, k->url), &url))
        return;
    listing = k->deleted      ? CVK_LISTS_DELETED
              : url.version.p ? CVK_LISTS_VERSIONS
                              : CVK_LISTS_KEYS;
    for (size_t i = first + 1; (next = cvk_case_key(c, i)); i++) {
        if (next->shown || next->deleted != k->deleted ||
            !cvk_key_url_parse(cvk_case_text(c, next->url), &other) ||
            !cvk_slice_equal_nocase(url.host, other.host))
            return;
        if (listing == CVK_LISTS_DELETED)
            continue;
        if (!url.version.p != !other.version.p ||
            (url.version.p && !cvk_slice_equal_nocase(url.name, other.name)))
            return;
    }
    e->listing = listing;
    e->sample = k->url;
    if (single && !is_powershell(c, k))
        e->complete = false;
}
