/* SPDX-License-Identifier: MIT */
#include "restore/case.h"

void cvk_case_init(struct cvk_case *c)
{
    *c = (struct cvk_case){0};
    cvk_buf_init(&c->text, CVK_MAX_CASE_TEXT);
    cvk_buf_init(&c->exports, CVK_MAX_EXPORTS * sizeof(struct cvk_export));
    cvk_buf_init(&c->des, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->keys, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->vaults, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->policies, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->disks, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->points, CVK_MAX_CASE_FACTS);
    cvk_buf_init(&c->jobs, CVK_MAX_CASE_FACTS);
}

void cvk_case_clear(struct cvk_case *c)
{
    cvk_buf_clear(&c->text);
    cvk_buf_clear(&c->exports);
    cvk_buf_clear(&c->des);
    cvk_buf_clear(&c->keys);
    cvk_buf_clear(&c->vaults);
    cvk_buf_clear(&c->policies);
    cvk_buf_clear(&c->disks);
    cvk_buf_clear(&c->points);
    cvk_buf_clear(&c->jobs);
}

struct cvk_text cvk_case_store(struct cvk_case *c, struct cvk_slice s)
{
    struct cvk_text t = {0};

    if (!s.p)
        return t;
    t = cvk_text_store(&c->text, s);
    c->text.failed |= !t.known;
    return t;
}

enum cvk_code cvk_case_take_config(struct cvk_case *c,
                                   const struct cvk_record *r)
{
    c->config_path = cvk_case_store(c, cvk_record_text(r, r->input.path));
    c->key_url = cvk_case_store(c, cvk_record_text(r, r->key.url));
    c->key_pointer = cvk_case_store(c, cvk_record_text(r, r->key.url_pointer));
    c->key_version = cvk_case_store(c, cvk_record_text(r, r->key.version));
    c->vault_id = cvk_case_store(c, cvk_record_text(r, r->key.vault_id));
    c->des_id = cvk_case_store(c, cvk_record_text(r, r->des.id));
    c->des_pointer = cvk_case_store(c, cvk_record_text(r, r->des.id_pointer));
    c->store = r->key.store;
    return c->text.failed ? CVK_E_MEMORY : CVK_OK;
}

/* Element i of an array of elements of that size. */
static const void *element(const struct cvk_buf *b, size_t i, size_t size)
{
    return i < b->n / size ? b->p + i * size : NULL;
}

const struct cvk_export *cvk_case_export(const struct cvk_case *c, size_t i)
{
    return element(&c->exports, i, sizeof(struct cvk_export));
}

const struct cvk_des *cvk_case_des(const struct cvk_case *c, size_t i)
{
    return element(&c->des, i, sizeof(struct cvk_des));
}

const struct cvk_key_entry *cvk_case_key(const struct cvk_case *c, size_t i)
{
    return element(&c->keys, i, sizeof(struct cvk_key_entry));
}

const struct cvk_vault *cvk_case_vault(const struct cvk_case *c, size_t i)
{
    return element(&c->vaults, i, sizeof(struct cvk_vault));
}

const struct cvk_policy *cvk_case_policy(const struct cvk_case *c, size_t i)
{
    return element(&c->policies, i, sizeof(struct cvk_policy));
}

const struct cvk_disk *cvk_case_disk(const struct cvk_case *c, size_t i)
{
    return element(&c->disks, i, sizeof(struct cvk_disk));
}

const struct cvk_point *cvk_case_point(const struct cvk_case *c, size_t i)
{
    return element(&c->points, i, sizeof(struct cvk_point));
}

const struct cvk_job *cvk_case_job(const struct cvk_case *c, size_t i)
{
    return element(&c->jobs, i, sizeof(struct cvk_job));
}

const char *cvk_role_option(enum cvk_role role)
{
    static const char *const options[] = {
        "--des",   "--input-des", "--keys", "--deleted-keys",
        "--vault", "--vm",        "--job",
    };

    return options[role];
}

const char *cvk_export_words(enum cvk_export_kind kind)
{
    static const char *const words[CVK_EXPORT_KINDS] = {
        "empty list", "disk encryption set", "key",
        "vault",      "VM or disk",          "recovery point",
        "backup job", "restore request",
    };

    return words[kind];
}

const char *cvk_export_name(const struct cvk_export *x)
{
    static const char *const names[CVK_EXPORT_KINDS] = {
        "empty-list", "disk-encryption-sets", "keys",
        "vaults",     "disks",                "recovery-points",
        "jobs",       "restore-request",
    };

    return x->listing == CVK_LISTS_DELETED ? "deleted-keys" : names[x->kind];
}
