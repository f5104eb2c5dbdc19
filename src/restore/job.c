/* SPDX-License-Identifier: MIT */
/* Member names: REST models of Azure Backup (npm
 * @azure/arm-recoveryservicesbackup 12.0.0) and AzureVmJobDetails of
 * Az.RecoveryServices; names in the property bag: Learn, "Restore Confidential
 * VM using Azure Backup". No failed job of a Confidential VM is published, so
 * the member that holds the symbolic code is not known: all are searched. */
#include "restore/job.h"

#include <stdio.h>
#include <string.h>

#include "evidence/pointer.h"

#define ACCOUNT "Target Storage Account Name"
#define CONTAINER "Config Blob Container Name"
#define BLOB "Secured Encryption Info Blob Name"
#define VM "Original VM Name"
#define TARGET_GROUP "Target resource group"

/* The dictionary of strings: REST and az, PowerShell, or the entry itself. */
static const char *const bags[] = {"properties/extendedInfo/propertyBag/",
                                   "extendedInfo/propertyBag/", "properties/",
                                   ""};

static struct cvk_dom_value get_bag(struct cvk_reader *r,
                                    struct cvk_dom_value entry,
                                    const char *name,
                                    struct cvk_text *pointer)
{
    struct cvk_dom_value v = {0};
    char names[128];

    for (size_t i = 0; !v.item && i < sizeof bags / sizeof *bags; i++) {
        snprintf(names, sizeof names, "%s%s", bags[i], name);
        v = cvk_reader_get(r, entry, names, pointer);
    }
    return v;
}

/* The resource id names a thing of that type. */
static bool id_holds(struct cvk_reader *r, struct cvk_dom_value entry,
                     const char *collection)
{
    struct cvk_slice id = cvk_dom_text(cvk_reader_get(r, entry, "id", NULL));
    struct cvk_slice part = cvk_slice_of(collection, strlen(collection));

    for (size_t i = 0; i + part.n <= id.n; i++)
        if (cvk_slice_equal_nocase(cvk_slice_cut(id, i, i + part.n), part))
            return true;
    return false;
}

bool cvk_job_is(struct cvk_reader *r, struct cvk_dom_value entry)
{
    return id_holds(r, entry, "/backupJobs/") ||
           cvk_reader_get(r, entry, "properties/jobType", NULL).item ||
           (cvk_reader_get(r, entry, "jobId", NULL).item &&
            cvk_reader_get(r, entry, "operation", NULL).item) ||
           get_bag(r, entry, ACCOUNT, NULL).item ||
           get_bag(r, entry, CONTAINER, NULL).item;
}

/* ---- the error code ----------------------------------------------------- */

/* The longest published code has 62 characters. */
enum { MAX_CODE = 128 };

static bool is_word(uint8_t c)
{
    c = cvk_lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The first word of s that begins with UserError. */
static struct cvk_slice find_code(struct cvk_slice s)
{
    struct cvk_slice lead = CVK_LITERAL("UserError");
    size_t from = cvk_slice_search(s, lead), to = from;

    while (to < s.n && is_word(s.p[to]))
        to++;
    return to - from > lead.n && to - from <= MAX_CODE
               ? cvk_slice_cut(s, from, to)
               : (struct cvk_slice){NULL, 0};
}

/* One container on the way down. */
struct level {
    struct cvk_dom_value at; /* the member or element that is looked at */
    size_t index;
    bool is_array;
    size_t path; /* length of the pointer to the container */
};

/* False where the pointer gets too long to be kept. */
static bool append_step(struct cvk_reader *r, const struct level *l)
{
    r->path.n = l->path;
    return l->is_array ? cvk_pointer_add_index(&r->path, l->index)
                       : cvk_pointer_add_text(&r->path, cvk_dom_name(l->at));
}

/* Looks at every string, in document order. */
static void search_code(struct cvk_reader *r, struct cvk_dom_value entry,
                        struct cvk_job *job)
{
    struct level levels[CVK_MAX_JOB_DEPTH];
    size_t depth = 1;

    levels[0] = (struct level){cvk_dom_first(entry), 0, false, r->entry};
    while (depth) {
        struct level *l = &levels[depth - 1];
        struct cvk_slice code = find_code(cvk_dom_text(l->at));
        struct cvk_dom_value inner = cvk_dom_first(l->at);
        bool kept;

        if (!l->at.item) {
            depth--;
            if (depth) {
                levels[depth - 1].at = cvk_dom_next(levels[depth - 1].at);
                levels[depth - 1].index++;
            }
            continue;
        }
        kept = append_step(r, l);
        if (code.n) {
            job->code = cvk_case_store(r->c, code);
            if (kept)
                job->from.pointer =
                    cvk_case_store(r->c, cvk_buf_slice(&r->path));
            return;
        }
        if (kept && inner.item && depth < CVK_MAX_JOB_DEPTH) {
            levels[depth++] = (struct level){
                inner, 0, l->at.kind == CVK_DOM_ARRAY, r->path.n};
            continue;
        }
        l->at = cvk_dom_next(l->at);
        l->index++;
    }
}

void cvk_job_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_job job = {.from.export = r->export};
    struct cvk_dom_value v;

    job.name = cvk_reader_text(r, cvk_reader_get(r, entry, "name", NULL));
    if (!job.name.known)
        job.name = cvk_reader_text(r, cvk_reader_get(r, entry, "jobId", NULL));
    v = cvk_reader_property(r, entry, "status", NULL);
    job.status = cvk_reader_text(r, v);
    v = cvk_reader_property(r, entry, "endTime", NULL);
    job.has_end = cvk_reader_time(r, v, &job.end);
    job.account = cvk_reader_text(r, get_bag(r, entry, ACCOUNT, NULL));
    job.container = cvk_reader_text(r, get_bag(r, entry, CONTAINER, NULL));
    v = get_bag(r, entry, BLOB, &job.blob_pointer);
    job.blob = cvk_reader_text(r, v);
    job.id = cvk_reader_text(r, cvk_reader_get(r, entry, "id", NULL));
    job.vm = cvk_reader_text(r, get_bag(r, entry, VM, NULL));
    job.target_group =
        cvk_reader_text(r, get_bag(r, entry, TARGET_GROUP, NULL));
    job.from.pointer = cvk_reader_entry(r);
    search_code(r, entry, &job);
    cvk_reader_add(r, &r->c->jobs, &job, sizeof job);
}

/* ---- recovery points ---------------------------------------------------- */

bool cvk_point_is(struct cvk_reader *r, struct cvk_dom_value entry)
{
    return id_holds(r, entry, "/recoveryPoints/") ||
           cvk_reader_property(r, entry, "recoveryPointTierDetails", NULL)
               .item ||
           (cvk_reader_get(r, entry, "recoveryPointId", NULL).item &&
            cvk_reader_get(r, entry, "recoveryPointTime", NULL).item);
}

/* REST and az: the tiers in which the point is valid. */
static enum cvk_tier read_details(struct cvk_dom_value details)
{
    unsigned tiers = CVK_TIER_UNKNOWN;
    struct cvk_dom_value v;

    for (v = cvk_dom_first(details); v.item; v = cvk_dom_next(v)) {
        struct cvk_slice type = cvk_dom_text(
            cvk_dom_find(v, CVK_LITERAL("type")));
        struct cvk_slice status = cvk_dom_text(
            cvk_dom_find(v, CVK_LITERAL("status")));

        if (!cvk_slice_equal_nocase(status, CVK_LITERAL("Valid")))
            continue;
        if (cvk_slice_equal_nocase(type, CVK_LITERAL("InstantRP")))
            tiers |= CVK_TIER_SNAPSHOT;
        if (cvk_slice_equal_nocase(type, CVK_LITERAL("HardenedRP")))
            tiers |= CVK_TIER_VAULT;
    }
    return (enum cvk_tier)tiers;
}

/* PowerShell: one word for all tiers, if it was not printed as a number. */
static enum cvk_tier read_word(struct cvk_slice s)
{
    if (cvk_slice_equal_nocase(s, CVK_LITERAL("Snapshot")))
        return CVK_TIER_SNAPSHOT;
    if (cvk_slice_equal_nocase(s, CVK_LITERAL("VaultStandard")))
        return CVK_TIER_VAULT;
    if (cvk_slice_equal_nocase(s, CVK_LITERAL("SnapshotAndVaultStandard")))
        return CVK_TIER_BOTH;
    return CVK_TIER_UNKNOWN;
}

void cvk_point_read(struct cvk_reader *r, struct cvk_dom_value entry)
{
    struct cvk_point p = {.from.export = r->export};
    struct cvk_text at = {0};
    struct cvk_dom_value v =
        cvk_reader_property(r, entry, "recoveryPointTierDetails", &at);

    if (v.kind == CVK_DOM_ARRAY) {
        p.tier = read_details(v);
    } else {
        v = cvk_reader_get(r, entry, "recoveryPointTier", &at);
        p.tier = read_word(cvk_dom_text(v));
    }
    p.name = cvk_reader_text(r, cvk_reader_get(r, entry, "name", NULL));
    if (!p.name.known)
        p.name = cvk_reader_text(
            r, cvk_reader_get(r, entry, "recoveryPointId", NULL));
    p.from.pointer = at.known ? at : cvk_reader_entry(r);
    cvk_reader_add(r, &r->c->points, &p, sizeof p);
}
