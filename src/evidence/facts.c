/* SPDX-License-Identifier: MIT */
#include "evidence/facts.h"

#include <stdio.h>

#include "base/escape.h"

/* The config, one of its backups, and the record that is being filled. */
struct task {
    struct cvk_record *r;
    const struct cvk_config *c;
    const struct cvk_config_backup *backup;
    struct cvk_document_text *doc;
};

static struct cvk_slice fact_value(const struct task *t,
                                   const struct cvk_fact *f)
{
    return cvk_text_slice(&t->c->text, f->value);
}

static bool inside(struct cvk_span token, struct cvk_span object)
{
    return token.from >= object.from && token.to <= object.to;
}

/* The smallest object that holds the fact and a backup as its member: a data
 * disk's may lie inside the OS disk's. Nothing where to is 0. */
static struct cvk_span owner(const struct task *t, const struct cvk_fact *f)
{
    struct cvk_span best = {0, 0};

    for (size_t i = 0; i < t->c->n_backups; i++) {
        struct cvk_span object = t->c->backups[i].object;

        if (inside(f->token, object) && (!best.to || inside(object, best)))
            best = object;
    }
    return best;
}

/* How near a fact is to the backup: 3 in the backup's own object under a name
 * that siblings use, 2 there under another, 1 outside of every backup's
 * object, 0 in another backup's. */
static int nearness(const struct task *t, const struct cvk_fact *f)
{
    struct cvk_span object = owner(t, f);

    if (!object.to)
        return 1;
    if (object.from != t->backup->object.from)
        return 0;
    return f->usual_name ? 3 : 2;
}

/* The fact of a kind that counts: the nearest, and of those the first. */
static const struct cvk_fact *choose(const struct task *t,
                                     enum cvk_fact_kind kind)
{
    const struct cvk_fact *best = NULL;
    int best_near = 0;

    for (size_t i = 0; i < t->c->n_facts; i++) {
        const struct cvk_fact *f = &t->c->facts[i];
        int near = f->kind == kind ? nearness(t, f) : 0;

        if (near > best_near) {
            best = f;
            best_near = near;
        }
    }
    return best;
}

static struct cvk_text store(const struct task *t, struct cvk_slice s)
{
    return s.p ? cvk_text_store(&t->r->text, s) : (struct cvk_text){0};
}

static struct cvk_text store_fact(const struct task *t,
                                  const struct cvk_fact *f,
                                  struct cvk_text *pointer)
{
    *pointer = store(t, cvk_text_slice(&t->c->text, f->pointer));
    return store(t, fact_value(t, f));
}

static void parse_url(const struct cvk_fact *f, struct cvk_slice value,
                      struct cvk_key_url *url)
{
    if (f->kind == CVK_FACT_KEY_URL)
        cvk_key_url_parse(value, url);
    else
        cvk_secret_url_parse(value, url);
}

static bool urls_agree(const struct task *t, const struct cvk_fact *a,
                       const struct cvk_fact *b)
{
    struct cvk_key_url x, y;

    parse_url(a, fact_value(t, a), &x);
    parse_url(b, fact_value(t, b), &y);
    return cvk_slice_equal_nocase(x.host, y.host) &&
           cvk_slice_equal_nocase(x.name, y.name) &&
           (!x.version.p || !y.version.p ||
            cvk_slice_equal_nocase(x.version, y.version));
}

static bool facts_agree(const struct task *t, const struct cvk_fact *a,
                        const struct cvk_fact *b)
{
    bool is_url =
        a->kind == CVK_FACT_KEY_URL || a->kind == CVK_FACT_SECRET_URL;

    return is_url ? urls_agree(t, a, b)
                  : cvk_slice_equal_nocase(fact_value(t, a), fact_value(t, b));
}

/* An identifier as a person tells it from another: an ARM ID by its parts, the
 * rest as it is. */
static void describe(struct cvk_slice value, char out[3 * CVK_MAX_SHOWN])
{
    char name[CVK_MAX_SHOWN], group[CVK_MAX_SHOWN], sub[CVK_MAX_SHOWN];
    struct cvk_arm_id id;

    if (!cvk_arm_id_parse(value, &id)) {
        cvk_escape_shown(out, value);
        return;
    }
    snprintf(out, 3 * CVK_MAX_SHOWN,
             "%s (resource group %s, subscription %s)",
             cvk_escape_shown(name, id.name),
             cvk_escape_shown(group, id.resource_group),
             cvk_escape_shown(sub, id.subscription));
}

/* Warns of a fact that says otherwise. what ends in the words that introduce
 * the value it is held against, as "used". */
static enum cvk_code warn_fact(const struct task *t, const struct cvk_fact *f,
                               enum cvk_code code, const char *what,
                               struct cvk_slice used)
{
    struct cvk_place place = cvk_position_find(t->doc, f->token.from);
    char mine[3 * CVK_MAX_SHOWN], other[3 * CVK_MAX_SHOWN];

    place.pointer = cvk_text_slice(&t->c->text, f->pointer);
    describe(used, mine);
    describe(fact_value(t, f), other);
    if (code == CVK_E_FACTS_STORE)
        t->r->key.store_disputed = true;
    return cvk_record_warn(t->r, code, &place, "%s is %s, but here is %s", what,
                           mine, other);
}

/* The version that a key URL names; .p NULL for any other fact. */
static struct cvk_slice url_version(const struct task *t,
                                    const struct cvk_fact *f)
{
    struct cvk_key_url url = {0};

    if (f->kind == CVK_FACT_KEY_URL)
        cvk_key_url_parse(fact_value(t, f), &url);
    return url.version;
}

/* The first key URL that agrees with the chosen one and has a version, which
 * the chosen one may lack; NULL if there is none. */
static const struct cvk_fact *find_versioned(const struct task *t,
                                             const struct cvk_fact *chosen)
{
    for (size_t i = 0; i < t->c->n_facts; i++) {
        const struct cvk_fact *f = &t->c->facts[i];

        if (url_version(t, f).p && nearness(t, f) && facts_agree(t, chosen, f))
            return f;
    }
    return NULL;
}

/* Warns once for each further key URL that agrees with the chosen one, which
 * has no version, but names another version than the first that has one. */
static enum cvk_code compare_versions(const struct task *t,
                                      const struct cvk_fact *chosen)
{
    const struct cvk_fact *first = find_versioned(t, chosen);

    for (size_t i = 0; first && i < t->c->n_facts; i++) {
        const struct cvk_fact *f = &t->c->facts[i];
        enum cvk_code refused;

        if (!url_version(t, f).p || !nearness(t, f) ||
            !facts_agree(t, chosen, f) || facts_agree(t, first, f))
            continue;
        refused = warn_fact(t, f, CVK_E_FACTS_KEY_URL,
                            "two key URLs disagree on the version: the first",
                            fact_value(t, first));
        if (refused)
            return refused;
    }
    return CVK_OK;
}

/* Warns once for each further fact of the chosen one's kind that says
 * otherwise. */
static enum cvk_code compare(const struct task *t,
                             const struct cvk_fact *chosen, enum cvk_code code,
                             const char *what)
{
    for (size_t i = 0; i < t->c->n_facts; i++) {
        const struct cvk_fact *f = &t->c->facts[i];
        enum cvk_code refused;

        if (f == chosen || f->kind != chosen->kind || !nearness(t, f) ||
            facts_agree(t, chosen, f))
            continue;
        refused = warn_fact(t, f, code, what, fact_value(t, chosen));
        if (refused)
            return refused;
    }
    return CVK_OK;
}

static enum cvk_code warn_cloud(const struct task *t, const struct cvk_fact *f,
                                const char *what)
{
    struct cvk_place place = cvk_position_find(t->doc, f->token.from);

    place.pointer = cvk_text_slice(&t->c->text, f->pointer);
    return cvk_record_warn(t->r, CVK_E_FACTS_CLOUD, &place,
                           "the %s URL is of a cloud this version does not "
                           "know", what);
}

static enum cvk_code apply_key_url(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_KEY_URL);
    struct cvk_key_facts *key = &t->r->key;
    struct cvk_key_url url;
    enum cvk_code code;

    if (!f)
        return CVK_OK;
    parse_url(f, fact_value(t, f), &url);
    key->url = store_fact(t, f, &key->url_pointer);
    key->url_published = f->published;
    key->name = store(t, url.name);
    key->version = store(t, url.version);
    key->vault = store(t, url.vault);
    key->store = key->vault_store = url.store;
    key->has_cloud = true;
    key->cloud = url.cloud;
    code = compare(t, f, CVK_E_FACTS_KEY_URL, "two key URLs disagree: used");
    if (!code && !url.version.p)
        code = compare_versions(t, f);
    return code || url.cloud != CVK_CLOUD_UNKNOWN ? code
                                                   : warn_cloud(t, f, "key");
}

static enum cvk_code apply_secret_url(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_SECRET_URL);
    struct cvk_secret_facts *secret = &t->r->secret;
    struct cvk_key_url url;
    enum cvk_code code;

    if (!f)
        return CVK_OK;
    parse_url(f, fact_value(t, f), &url);
    secret->url = store_fact(t, f, &secret->url_pointer);
    secret->url_published = f->published;
    secret->name = store(t, url.name);
    secret->version = store(t, url.version);
    secret->vault = store(t, url.vault);
    secret->has_cloud = true;
    secret->cloud = url.cloud;
    code = compare(t, f, CVK_E_FACTS_SECRET_URL, "two secret URLs disagree: used");
    return code || url.cloud != CVK_CLOUD_UNKNOWN ? code
                                                  : warn_cloud(t, f, "secret");
}

/* The secret belongs to the VM: it is told beside the key's backup, too. */
static enum cvk_code apply_secret(const struct task *t)
{
    struct cvk_secret_facts *secret = &t->r->secret;

    if (!cvk_config_is_ade(t->c))
        return CVK_OK;
    secret->known = true;
    secret->has_data = t->c->n_secrets > 0;
    for (size_t i = 0; i < t->c->n_backups; i++)
        if (t->c->backups[i].secret)
            secret->has_backup = true;
        else
            secret->has_key_backup = true;
    return apply_secret_url(t);
}

/* The version is that of a member KeyVersion: key URLs other than the chosen
 * one, which has none, may still name another. */
static enum cvk_code compare_with_urls(const struct task *t)
{
    const struct cvk_fact *url = choose(t, CVK_FACT_KEY_URL);
    const struct cvk_fact *f = url ? find_versioned(t, url) : NULL;
    struct cvk_slice used = cvk_record_text(t->r, t->r->key.version);

    if (!f || cvk_slice_equal_nocase(url_version(t, f), used))
        return CVK_OK;
    return warn_fact(t, f, CVK_E_FACTS_KEY_VERSION,
                     "the key version disagrees with a key URL: used", used);
}

static enum cvk_code apply_version(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_KEY_VERSION);
    struct cvk_key_facts *key = &t->r->key;
    struct cvk_slice used;
    enum cvk_code code;

    if (!f)
        return CVK_OK;
    if (!key->version.known) {
        key->version = store(t, fact_value(t, f));
        code = compare_with_urls(t);
        return code ? code
                    : compare(t, f, CVK_E_FACTS_KEY_VERSION,
                              "two key versions disagree: used");
    }
    used = cvk_record_text(t->r, key->version);
    if (!cvk_slice_equal_nocase(used, fact_value(t, f)))
        return warn_fact(t, f, CVK_E_FACTS_KEY_VERSION,
                         "the key version disagrees with the key URL: used",
                         used);
    return compare(t, f, CVK_E_FACTS_KEY_VERSION,
                   "two key versions disagree: used");
}

static enum cvk_code apply_des(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_DES_ID);
    struct cvk_des_facts *des = &t->r->des;
    struct cvk_arm_id id;

    if (!f)
        return CVK_OK;
    cvk_arm_id_parse(fact_value(t, f), &id);
    des->id = store_fact(t, f, &des->id_pointer);
    des->name = store(t, id.name);
    des->resource_group = store(t, id.resource_group);
    des->subscription = store(t, id.subscription);
    return compare(t, f, CVK_E_FACTS_DES,
                   "two disk encryption sets are named: used");
}

static enum cvk_code apply_vault(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_VAULT_ID);
    struct cvk_key_facts *key = &t->r->key;
    struct cvk_text pointer;
    struct cvk_arm_id id;
    enum cvk_store by_id;

    if (!f)
        return CVK_OK;
    cvk_arm_id_parse(fact_value(t, f), &id);
    key->vault_id = store_fact(t, f, &pointer);
    by_id = id.type == CVK_ARM_MANAGED_HSM ? CVK_MANAGED_HSM : CVK_KEY_VAULT;
    if (!key->vault.known) {
        key->vault = store(t, id.name);
        key->store = key->vault_store = by_id;
    } else if (key->store != by_id ||
               !cvk_slice_equal_nocase(cvk_record_text(t->r, key->vault),
                                       id.name)) {
        return warn_fact(t, f, CVK_E_FACTS_VAULT,
                         "the vault disagrees with the key URL: used",
                         cvk_record_text(t->r, key->vault));
    }
    return compare(t, f, CVK_E_FACTS_VAULT, "two vaults are named: used");
}

static enum cvk_code apply_resource_type(const struct task *t)
{
    const struct cvk_fact *f = choose(t, CVK_FACT_RESOURCE_TYPE);
    struct cvk_text pointer;

    if (!f)
        return CVK_OK;
    t->r->key.resource_type = store_fact(t, f, &pointer);
    return compare(t, f, CVK_E_FACTS_STORE,
                   "two resource types are named: used");
}

static enum cvk_code apply_fields(const struct task *t)
{
    const struct cvk_config *c = t->c;

    if (!cvk_record_reserve_fields(t->r, c->n_fields))
        return CVK_E_MEMORY;
    for (size_t i = 0; i < c->n_fields; i++) {
        struct cvk_record_field *field = &t->r->fields[i];

        field->is_string = c->fields[i].is_string;
        field->pointer =
            store(t, cvk_text_slice(&c->text, c->fields[i].pointer));
        field->value = store(t, cvk_text_slice(&c->text, c->fields[i].value));
        if (!field->pointer.known || !field->value.known)
            return CVK_E_MEMORY;
        t->r->n_fields++;
    }
    if (c->fields_cut)
        cvk_record_note(t->r, CVK_E_FIELDS_CUT, NULL,
                        "not every value of the details is repeated here");
    if (c->facts_cut)
        return cvk_record_warn(t->r, CVK_E_FACTS_MORE, NULL,
                               "the document holds more identifiers or key "
                               "backups than were read");
    return CVK_OK;
}

static enum cvk_code apply_key(const struct task *t)
{
    enum cvk_code code = apply_resource_type(t);

    if (!code)
        code = apply_key_url(t);
    if (!code)
        code = apply_version(t);
    if (!code)
        code = apply_vault(t);
    if (!code)
        code = apply_des(t);
    return code;
}

enum cvk_code cvk_facts_apply(struct cvk_record *r, const struct cvk_config *c,
                              size_t index,
                              struct cvk_document_text *doc)
{
    struct task t = {r, c, &c->backups[index], doc};
    enum cvk_code code = apply_fields(&t);

    if (!code && !t.backup->secret)
        code = apply_key(&t);
    return code ? code : apply_secret(&t);
}

/* What kind of store the vault's resource id is of; its name in *name. */
static enum cvk_store store_by_id(const struct cvk_record *r,
                                  struct cvk_slice *name)
{
    struct cvk_arm_id id;

    if (!cvk_arm_id_parse(cvk_record_text(r, r->key.vault_id), &id))
        return CVK_STORE_UNKNOWN;
    *name = id.name;
    return id.type == CVK_ARM_MANAGED_HSM ? CVK_MANAGED_HSM : CVK_KEY_VAULT;
}

/* Facts that name the other kind of store, in words: three of them fit. */
struct dispute {
    char list[CVK_MAX_FINDING_TEXT];
    size_t n;
};

static void dispute(struct dispute *d, const char *what, struct cvk_slice value,
                    enum cvk_store store)
{
    char shown[CVK_MAX_SHOWN];

    d->n += (size_t)snprintf(d->list + d->n, sizeof d->list - d->n,
                             "%s%s %s says %s", d->n ? ", " : "", what,
                             cvk_escape_shown(shown, value),
                             cvk_store_words(store));
}

enum cvk_code cvk_facts_settle_store(struct cvk_record *r,
                                     enum cvk_backup_format format)
{
    struct cvk_slice type = cvk_record_text(r, r->key.resource_type);
    struct cvk_slice id_name = {0};
    struct cvk_key_url url = {0};
    enum cvk_store by_format = cvk_keybackup_store(format);
    enum cvk_store by_id = store_by_id(r, &id_name), by_host = r->key.store;
    enum cvk_store by_type = cvk_resource_type_store(type);
    enum cvk_store used = by_format ? by_format : by_host ? by_host : by_type;
    struct dispute d = {"", 0};

    r->key.store = used;
    /* without a URL the id has taken the place of the host */
    if (by_host && by_host != used &&
        (cvk_key_url_parse(cvk_record_text(r, r->key.url), &url) || !by_id))
        dispute(&d, "the host", url.host, by_host);
    if (by_id && by_id != used)
        dispute(&d, "the vault id of", id_name, by_id);
    if (by_type && by_type != used)
        dispute(&d, "KeyVaultResourceType", type, by_type);
    if (!d.n)
        return CVK_OK;
    r->key.store_disputed = true;
    return cvk_record_warn(r, CVK_E_FACTS_STORE, NULL,
                           "the key backup is of a %s, but %s",
                           cvk_store_words(used), d.list);
}
