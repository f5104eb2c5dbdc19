/* SPDX-License-Identifier: MIT */
/* Application ids of Backup Management Service: Learn, "Back up Azure VMs" and
 * its page for US Government; none is published for other clouds. */
#include "restore/bookplan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/sha256.h"
#include "restore/situation.h"
#include "restore/target.h"
#include "restore/veto.h"

struct plan {
    struct cvk_runbook *b;
    const struct cvk_case *c;
    const struct cvk_judgement *j;
    struct cvk_situation s;

    struct cvk_key_url key; /* that the steps are about; no name: not known */
    const struct cvk_key_view *view;
    enum cvk_store store;           /* that the key is, or gets, in */
    const struct cvk_vault *target; /* to restore to, if one was exported */
    bool restores;                  /* the key comes out of its backup */
};

static void remark(const struct plan *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void remark(const struct plan *p, const char *format, ...)
{
    char line[2 * CVK_MAX_FINDING_TEXT];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n >= 0)
        cvk_runbook_remark(p->b, cvk_slice_of(line, strlen(line)));
}

/* ---- steps -------------------------------------------------------------- */

static void add(struct plan *p, enum cvk_book_step step)
{
    p->b->steps[step] = true;
}

static bool is_hsm(const struct plan *p)
{
    return p->store == CVK_MANAGED_HSM;
}

static void add_store(struct plan *p)
{
    add(p, is_hsm(p) ? CVK_STEP_STORE_HSM : CVK_STEP_STORE);
}

static void add_grant(struct plan *p)
{
    add(p, is_hsm(p) ? CVK_STEP_GRANT_HSM : CVK_STEP_GRANT);
}

/* A DES of that key, which is there by now. */
static void add_new_des(struct plan *p)
{
    add_store(p);
    add(p, CVK_STEP_KEY_URL);
    add(p, CVK_STEP_DES);
    add_grant(p);
    add(p, CVK_STEP_RETRY_NAMED);
}

static void add_named(struct plan *p)
{
    add(p, CVK_STEP_DES_FOUND);
    add(p, CVK_STEP_RETRY_NAMED);
}

/* With the same choice of DES as before. */
static void add_retry(struct plan *p)
{
    if (p->s.uses_input)
        add_named(p);
    else
        add(p, CVK_STEP_RETRY);
}

static void add_usable(struct plan *p)
{
    add_store(p);
    add(p,
        p->view->state == CVK_KEY_EXPIRED ? CVK_STEP_EXTEND : CVK_STEP_ENABLE);
}

static void add_recover(struct plan *p)
{
    add_store(p);
    add(p, CVK_STEP_RECOVER);
}

/* The procedure as it is published. The backup itself tells best what it can
 * be restored to. */
static void add_all(struct plan *p)
{
    p->restores = true;
    if (p->c->store)
        p->store = p->c->store;
    if (!cvk_record_error(&p->j->record))
        p->target = cvk_target_find(&p->s);
    if (p->j->record.input.document == CVK_DOCUMENT_CVM)
        add(p, CVK_STEP_DOWNLOAD);
    add(p, CVK_STEP_BLOB);
    add(p, CVK_STEP_RESTORE);
    add_new_des(p);
    remark(p, "Take a recovery point that has a vault tier: a snapshot needs "
              "DES and key of the backup as they were.");
}

/* ---- remedies ----------------------------------------------------------- */

static void plan_key(struct plan *p)
{
    if (p->view->state != CVK_KEY_SOFT_DELETED) {
        add_all(p);
        return;
    }
    add_recover(p);
    add_retry(p);
}

static void plan_des(struct plan *p)
{
    enum cvk_key_state state = p->view->state;

    if (state == CVK_KEY_SOFT_DELETED) {
        add_recover(p);
        add_new_des(p);
    } else if (cvk_key_is_unusable(state) || state == CVK_KEY_USABLE) {
        if (state != CVK_KEY_USABLE)
            add_usable(p);
        add(p, CVK_STEP_FOUND);
        add_new_des(p);
    } else {
        add_all(p);
    }
}

static void plan_mismatch(struct plan *p)
{
    plan_key(p);
    if (p->restores)
        remark(p, "If another vault still has the original key, a DES of that "
                  "vault is enough: name it, and leave the rest.");
}

static void plan_new_des(struct plan *p)
{
    add(p, CVK_STEP_FOUND);
    add_new_des(p);
}

/* The active key; one that is gone is given up for the original one. */
static void plan_wrap_key(struct plan *p)
{
    if (p->s.a_view.state == CVK_KEY_ABSENT) {
        plan_new_des(p);
        return;
    }
    p->key = p->s.a;
    p->view = &p->s.a_view;
    p->store = p->key.store;
    if (p->view->state == CVK_KEY_SOFT_DELETED)
        add_recover(p);
    else
        add_usable(p);
    add_retry(p);
}

static void plan_permissions(struct plan *p)
{
    if (p->s.has_a) {
        p->key = p->s.a;
        p->store = p->key.store;
    }
    add_store(p);
    add(p, CVK_STEP_FOUND);
    add(p, CVK_STEP_KEY_URL);
    add(p, CVK_STEP_DES_FOUND);
    add_grant(p);
    add_retry(p);
}

static void plan_remedy(struct plan *p)
{
    switch (p->j->repair) {
    case CVK_REMEDY_NONE:
        add_all(p);
        break;
    case CVK_REMEDY_DEFAULT:
        add(p, CVK_STEP_RETRY);
        break;
    case CVK_REMEDY_RETRY:
        add_named(p);
        break;
    case CVK_REMEDY_TIER:
        add_named(p);
        remark(p, "Take a recovery point that has a vault tier.");
        break;
    case CVK_REMEDY_KEY:
        plan_key(p);
        break;
    case CVK_REMEDY_DES:
        plan_des(p);
        break;
    case CVK_REMEDY_ENABLE:
        add_usable(p);
        add_retry(p);
        break;
    case CVK_REMEDY_MISMATCH:
        plan_mismatch(p);
        break;
    case CVK_REMEDY_TYPE:
        plan_new_des(p);
        break;
    case CVK_REMEDY_WRAP_KEY:
        plan_wrap_key(p);
        break;
    case CVK_REMEDY_BACKUP_PERMISSIONS:
    case CVK_REMEDY_DES_PERMISSIONS:
        plan_permissions(p);
        break;
    }
}

/* ---- values ------------------------------------------------------------- */

static void offer(struct plan *p, enum cvk_book_value which,
                  struct cvk_slice value, const char *from)
{
    cvk_runbook_offer(p->b, which, value, cvk_slice_of(from, strlen(from)));
}

static void offer_hash(struct plan *p, enum cvk_book_value which,
                       const uint8_t digest[CVK_SHA256_SIZE], const char *from)
{
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256_hex(digest, hex);
    offer(p, which, cvk_slice_of(hex, strlen(hex)), from);
}

/* The component behind that collection in a resource id; .p NULL if there is
 * none. */
static struct cvk_slice id_part(struct cvk_slice id, struct cvk_slice before)
{
    size_t end;

    for (size_t i = 0; i + before.n <= id.n; i++) {
        struct cvk_slice part = cvk_slice_cut(id, i, i + before.n);

        if (!cvk_slice_equal_nocase(part, before))
            continue;
        id = cvk_slice_cut(id, i + before.n, id.n);
        end = cvk_slice_find(id, '/');
        return cvk_slice_cut(id, 0, end);
    }
    return (struct cvk_slice){NULL, 0};
}

/* The job that says where the config is, else the first one. */
static const struct cvk_job *find_job(const struct cvk_case *c)
{
    const struct cvk_job *job;

    for (size_t i = 0; (job = cvk_case_job(c, i)); i++)
        if (job->blob.known)
            return job;
    return cvk_case_job(c, 0);
}

static void offer_job(struct plan *p)
{
    static const char from[] = "from the job";
    const struct cvk_job *job = find_job(p->c);
    struct cvk_slice id;

    if (!job)
        return;
    id = cvk_case_text(p->c, job->id);
    offer(p, CVK_BOOK_SUBSCRIPTION, id_part(id, CVK_LITERAL("/subscriptions/")),
          from);
    offer(p, CVK_BOOK_RECOVERY_GROUP,
          id_part(id, CVK_LITERAL("/resourceGroups/")), from);
    offer(p, CVK_BOOK_RECOVERY_VAULT,
          id_part(id, CVK_LITERAL("/Microsoft.RecoveryServices/vaults/")),
          from);
    offer(p, CVK_BOOK_JOB, cvk_case_text(p->c, job->name), from);
    offer(p, CVK_BOOK_ACCOUNT, cvk_case_text(p->c, job->account), from);
    offer(p, CVK_BOOK_CONTAINER, cvk_case_text(p->c, job->container), from);
    offer(p, CVK_BOOK_CONFIG_BLOB, cvk_case_text(p->c, job->blob), from);
    offer(p, CVK_BOOK_VM, cvk_case_text(p->c, job->vm), from);
    offer(p, CVK_BOOK_TARGET_GROUP, cvk_case_text(p->c, job->target_group),
          from);
}

/* Of several points it is not known which one is meant. */
static void offer_point(struct plan *p)
{
    const struct cvk_point *point = cvk_case_point(p->c, 0);

    if (point && !cvk_case_point(p->c, 1))
        offer(p, CVK_BOOK_POINT, cvk_case_text(p->c, point->name),
              "from its export");
}

static void offer_files(struct plan *p)
{
    const struct cvk_record *r = &p->j->record;

    /* what is at hand is what was downloaded, and not a packed form of it */
    if (!r->input.gzip && !r->input.member.known &&
        r->input.document == CVK_DOCUMENT_CVM)
        offer_hash(p, CVK_BOOK_CONFIG_SHA256, r->input.sha256,
                   "of the config at hand");
    if (r->backup.known)
        offer_hash(p, CVK_BOOK_BLOB_SHA256, r->backup.sha256,
                   "from the config");
}

/* The DES that a retry names or, where a new one is made, the place of the old
 * one. */
static void offer_des(struct plan *p)
{
    struct cvk_slice text = p->s.named ? p->s.input : p->s.d0;
    const char *from =
        p->s.named ? "from the DES to be named" : "from the DES of the backup";
    struct cvk_slice vault = {NULL, 0};
    struct cvk_arm_id id;

    if (cvk_arm_id_parse(cvk_case_text(p->c, p->c->vault_id), &id))
        vault = id.subscription;
    if (!cvk_arm_id_parse(text, &id)) {
        offer(p, CVK_BOOK_SUBSCRIPTION, vault, "from the vault in the config");
        return;
    }
    offer(p, CVK_BOOK_SUBSCRIPTION, id.subscription, from);
    offer(p, CVK_BOOK_DES_GROUP, id.resource_group, from);
    if (!p->b->steps[CVK_STEP_DES])
        offer(p, CVK_BOOK_DES, id.name, from);
}

static void offer_store(struct plan *p)
{
    const struct cvk_vault *vault = p->target;
    struct cvk_arm_id id;
    size_t index;

    if (vault && cvk_arm_id_parse(cvk_case_text(p->c, vault->id), &id)) {
        offer(p, CVK_BOOK_STORE, id.name, "from the vault that was exported");
    } else if (p->key.name.p && p->key.store == p->store &&
               !(p->restores && p->view->name_taken)) {
        offer(p, CVK_BOOK_STORE, p->key.vault, "from the URL of the key");
        vault = cvk_vault_find(p->c, &p->key, &index);
    }
    if (vault)
        offer(p, CVK_BOOK_LOCATION, cvk_case_text(p->c, vault->location),
              "that of the vault");
}

static void offer_key(struct plan *p)
{
    static const char from[] = "from the URL of the key";

    offer(p, CVK_BOOK_KEY, p->key.name, from);
    offer(p, CVK_BOOK_VERSION, p->key.version, from);
    if (p->key.cloud == CVK_CLOUD_PUBLIC)
        offer(p, CVK_BOOK_BACKUP_APP,
              CVK_LITERAL("262044b1-e2ce-469f-a196-69ab7ada62d3"),
              "in the public cloud");
    if (p->key.cloud == CVK_CLOUD_USGOV)
        offer(p, CVK_BOOK_BACKUP_APP,
              CVK_LITERAL("ff281ffe-705c-4f53-9f37-a40e6f2c68f3"),
              "in the cloud for the US Government");
}

/* ---- the head ----------------------------------------------------------- */

static void say_case(const struct plan *p)
{
    const struct cvk_judgement *j = p->j;
    struct cvk_slice path = cvk_record_text(&j->record, j->record.input.path);
    char hex[CVK_SHA256_HEX_SIZE], shown[CVK_MAX_SHOWN];

    remark(p, "The procedure of cvmkey for %s", cvk_escape_shown(shown, path));
    cvk_sha256_hex(j->record.input.sha256, hex);
    remark(p, "SHA-256 %s", hex);
    remark(p, "A restore now: %s%s%s (scenario %s)",
           cvk_outcome_name(j->outcome), j->error_code ? ", " : "",
           j->error_code ? j->error_code : "", j->scenario);
}

static void say_findings(const struct plan *p)
{
    const struct cvk_findings *f = &p->j->record.findings;

    for (size_t i = 0; i < f->n; i++)
        if (f->v[i].severity != CVK_NOTE) {
            struct cvk_slice text =
                cvk_record_text(&p->j->record, f->v[i].text);

            remark(p, "Warning: %.*s [%s]", CVK_SHOWN(text),
                   cvk_code_id(f->v[i].code));
        }
}

/* What would make it the procedure for this case, and no more. */
static void say_missing(const struct plan *p)
{
    if (p->j->n_missing)
        remark(p, "Facts are missing; these exports, given to cvmkey runbook, "
                  "may spare steps:");
    for (size_t i = 0; i < p->j->n_missing; i++) {
        const struct cvk_missing *m = &p->j->missing[i];
        struct cvk_slice command = cvk_judgement_text(p->j, m->command);

        remark(p, "  %s: %.*s", m->option, CVK_SHOWN(command));
    }
}

void cvk_bookplan_fill(struct cvk_runbook *b, const struct cvk_case *c,
                       const struct cvk_judgement *j)
{
    struct plan p = {.b = b, .c = c, .j = j};

    cvk_situation_init(&p.s, c);
    cvk_situation_set_tier(&p.s, p.s.tier == CVK_TIER_SNAPSHOT);
    p.key = p.s.o_in_h;
    p.view = &p.s.o_view;
    p.store = p.s.o_source ? p.key.store : c->store;
    say_case(&p);
    say_findings(&p);
    say_missing(&p);
    add(&p, CVK_STEP_CONTEXT);
    add(&p, CVK_STEP_JOB);
    plan_remedy(&p);
    offer_job(&p);
    offer_point(&p);
    offer_files(&p);
    offer_des(&p);
    offer_store(&p);
    offer_key(&p);
}
