/* SPDX-License-Identifier: MIT */
#include "restore/explain.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/timestamp.h"
#include "restore/veto.h"

/* ---- sources ------------------------------------------------------------ */

#define KEY_FORMAT "key %.*s, version %.*s, in %.*s"
#define KEY_WORDS(key)                                                         \
    CVK_SHOWN((key).name), CVK_SHOWN((key).version), CVK_SHOWN((key).host)

/* A name in a message of its own: escaped, and not too long. */
static const char *shown(char out[CVK_MAX_SHOWN], const struct cvk_case *c,
                         size_t export)
{
    const struct cvk_export *x = cvk_case_export(c, export);

    return cvk_escape_shown(out, cvk_case_text(c, x->path));
}

/* --key-url is a URL: it parses. */
static void compare_stated_key(const struct cvk_situation *s,
                               struct cvk_judgement *j)
{
    const struct cvk_case *c = s->c;
    struct cvk_key_url config, stated;
    bool differs;

    if (!cvk_key_url_parse(cvk_case_text(c, c->stated_key_url), &stated) ||
        !cvk_key_url_parse(cvk_case_text(c, c->key_url), &config))
        return;
    if (!config.version.p)
        config.version = cvk_case_text(c, c->key_version);
    differs = !cvk_slice_equal_nocase(config.host, stated.host) ||
              !cvk_slice_equal_nocase(config.name, stated.name) ||
              (config.version.p && stated.version.p &&
               !cvk_slice_equal_nocase(config.version, stated.version));
    if (differs)
        cvk_record_warn(&j->record, CVK_E_CASE_KEY_URL, NULL,
                        "--key-url states another key than the config%s",
                        s->o_source == CVK_FROM_CONFIG
                            ? ", which is used"
                            : ", where the version is missing");
}

static void explain_key(const struct cvk_situation *s, struct cvk_judgement *j)
{
    compare_stated_key(s, j);
    if (s->o_source == CVK_FROM_CONFIG)
        cvk_judgement_cite_config(j, s->c, s->c->key_pointer,
                                  "original " KEY_FORMAT " (from the config)",
                                  KEY_WORDS(s->o));
    else if (s->o_source == CVK_FROM_OPERATOR)
        cvk_judgement_say(j,
                          "original " KEY_FORMAT " (stated by the operator, "
                          "--key-url)",
                          KEY_WORDS(s->o));
    else
        cvk_judgement_say(j, "the original key is not known: the config names "
                             "no key URL with a version");
}

static void compare_des(const struct cvk_situation *s, struct cvk_slice other,
                        const char *option, struct cvk_judgement *j)
{
    if (other.p && s->d0.p && !cvk_arm_id_equal(other, s->d0))
        cvk_record_warn(&j->record, CVK_E_CASE_DES_ID, NULL,
                        "%s names another DES than %s, which is used", option,
                        s->d0_source == CVK_FROM_CONFIG ? "the config"
                                                        : "--des-id");
}

static void explain_des(const struct cvk_situation *s, struct cvk_judgement *j)
{
    const struct cvk_case *c = s->c;
    const struct cvk_disk *d;

    if (s->d0_source == CVK_FROM_CONFIG)
        compare_des(s, cvk_case_text(c, c->stated_des_id), "--des-id", j);
    for (size_t i = 0; (d = cvk_case_disk(c, i)); i++)
        if (cvk_case_export(c, d->from.export)->kind == CVK_EXPORT_DISK)
            compare_des(s, cvk_case_text(c, d->des_id), "--vm", j);
    switch (s->d0_source) {
    case CVK_FROM_CONFIG:
        cvk_judgement_cite_config(j, c, c->des_pointer,
                                  "DES of the backup: %.*s (from the config)",
                                  CVK_SHOWN(s->d0));
        break;
    case CVK_FROM_OPERATOR:
        cvk_judgement_say(j,
                          "DES of the backup: %.*s (stated by the operator, "
                          "--des-id)",
                          CVK_SHOWN(s->d0));
        break;
    case CVK_FROM_NOWHERE:
        cvk_judgement_say(j, "the DES of the backup is not known: the config "
                             "does not name it");
        break;
    default:
        cvk_judgement_cite(j, c, s->d0_from,
                           "DES of the backup: %.*s (taken from %s)",
                           CVK_SHOWN(s->d0),
                           s->d0_source == CVK_FROM_DISK ? "--vm" : "--des");
    }
    if (s->named)
        cvk_judgement_cite(j, c, s->input_from,
                           "DES that the restore is to name: %.*s",
                           CVK_SHOWN(s->input));
}

static const char *tier_words(enum cvk_tier tier)
{
    static const char *const words[] = {"not known", "snapshot only", "vault",
                                        "snapshot and vault"};

    return words[tier];
}

static void explain_tier(const struct cvk_situation *s, struct cvk_judgement *j)
{
    const struct cvk_point *p;

    if (s->tier_source == CVK_FROM_OPERATOR)
        cvk_judgement_say(j, "tier: %s (stated by the operator, --tier)",
                          tier_words(s->tier));
    if (s->tier_source == CVK_FROM_POINT)
        cvk_judgement_cite(j, s->c, s->tier_from,
                           "tier of the recovery point: %s",
                           tier_words(s->tier));
    if (s->tier_source != CVK_FROM_OPERATOR)
        return;
    for (size_t i = 0; (p = cvk_case_point(s->c, i)); i++)
        if (p->tier && (s->tier & ~p->tier))
            cvk_record_warn(&j->record, CVK_E_CASE_TIER, NULL,
                            "--tier contradicts the recovery point, which has "
                            "the tier: %s",
                            tier_words(p->tier));
}

void cvk_explain_sources(const struct cvk_situation *s,
                         struct cvk_judgement *j)
{
    explain_key(s, j);
    explain_des(s, j);
    explain_tier(s, j);
}

static void explain_branch(struct cvk_judgement *j, const char *tier,
                           const struct cvk_ruling *r)
{
    cvk_judgement_say(j, "tier not known; from %s the restore %s%s%s%s", tier,
                      r->outcome == CVK_OUTCOME_UNSUPPORTED ? "is " : "",
                      r->outcome == CVK_OUTCOME_UNDETERMINED
                          ? "cannot be judged"
                          : cvk_outcome_name(r->outcome),
                      r->code ? " with " : "", r->code ? r->code : "");
}

void cvk_explain_tiers(struct cvk_judgement *j,
                       const struct cvk_ruling *snapshot,
                       const struct cvk_ruling *vault)
{
    if (snapshot->outcome == CVK_OUTCOME_UNDETERMINED &&
        vault->outcome == CVK_OUTCOME_UNDETERMINED) {
        cvk_judgement_say(j, "the tier of the recovery point is not known");
        return;
    }
    explain_branch(j, "the snapshot tier", snapshot);
    explain_branch(j, "a vault tier", vault);
}

/* ---- state -------------------------------------------------------------- */

static void warn_empty_list(struct cvk_judgement *j, const struct cvk_case *c,
                            size_t export, const char *what)
{
    char name[CVK_MAX_SHOWN];

    cvk_record_warn(&j->record, CVK_E_CASE_EMPTY_LIST, NULL,
                    "%s: an empty list names no %s: make sure that it is of "
                    "the right one",
                    shown(name, c, export), what);
}

static void warn_contradiction(struct cvk_judgement *j,
                               const struct cvk_case *c, const char *what,
                               size_t one, size_t other)
{
    char a[CVK_MAX_SHOWN], b[CVK_MAX_SHOWN];

    cvk_record_warn(&j->record, CVK_E_CASE_CONTRADICTION, NULL,
                    "%s and %s do not agree on the %s: they are of different "
                    "times",
                    shown(a, c, one), shown(b, c, other), what);
}

static void explain_d0_state(const struct cvk_situation *s,
                             struct cvk_judgement *j)
{
    const struct cvk_des_view *v = &s->d0_view;
    struct cvk_origin from = {.export = v->export};

    if (v->state == CVK_DES_ABSENT)
        cvk_judgement_cite(j, s->c, from,
                           "the DES of the backup does not exist: it is not in "
                           "this list");
    if (v->state == CVK_DES_ABSENT && v->by_empty_list)
        warn_empty_list(j, s->c, v->export, "subscription");
    if (v->state == CVK_DES_CONTRADICTORY)
        warn_contradiction(j, s->c, "DES", v->des->from.export, v->export);
    if (v->state == CVK_DES_UNKNOWN && s->d0.p && !s->uses_input)
        cvk_judgement_say(j, "no export shows whether the DES of the backup "
                             "exists");
}

static void explain_used_des(const struct cvk_situation *s,
                             struct cvk_judgement *j)
{
    struct cvk_origin from;

    if (!s->des)
        return;
    from = s->des->from;
    if (!s->has_a) {
        cvk_judgement_cite(j, s->c, from, "the DES exists; its active key is "
                                          "not in the export");
        return;
    }
    from.pointer = s->des->key_pointer;
    cvk_judgement_cite(j, s->c, from, "the DES exists and uses " KEY_FORMAT "%s",
                       KEY_WORDS(s->a),
                       s->same_key && s->same_vault ? ": the original" : "");
    if (s->des->rotating)
        cvk_record_note(&j->record, CVK_E_CASE_ROTATION, NULL,
                        "the DES still lists previous keys: a key rotation is "
                        "going on");
}

/* "disabled in HOST", with the times that belong to it. */
static void explain_key_state(const struct cvk_situation *s, const char *which,
                              const struct cvk_key_url *key,
                              const struct cvk_key_view *v,
                              struct cvk_judgement *j)
{
    char when[CVK_TIMESTAMP_SIZE + 40] = "", at[CVK_TIMESTAMP_SIZE];

    if (v->state == CVK_KEY_SOFT_DELETED && v->has_purge) {
        cvk_timestamp_words(v->purge, at);
        snprintf(when, sizeof when, ", to be purged on %s", at);
    }
    if (v->state == CVK_KEY_EXPIRED) {
        cvk_timestamp_words(v->expires, at);
        snprintf(when, sizeof when, " since %s", at);
    }
    if (v->state == CVK_KEY_UNKNOWN)
        cvk_judgement_say(j, "no export shows the state of the %s key in %.*s",
                          which, CVK_SHOWN(key->host));
    else
        cvk_judgement_cite(j, s->c, v->from, "the %s key is %s in %.*s%s%s",
                           which, cvk_key_state_words(v->state),
                           CVK_SHOWN(key->host), when,
                           v->name_taken ? ", and its name is taken by another "
                                           "key"
                                         : "");
    if (v->state == CVK_KEY_CONTRADICTORY)
        warn_contradiction(j, s->c, "key", v->from.export, v->other.export);
    if (v->by_empty_list)
        warn_empty_list(j, s->c, v->from.export, "vault");
    if (v->not_yet)
        cvk_record_note(&j->record, CVK_E_CASE_NOT_BEFORE, NULL,
                        "the %s key is not valid yet; no published text speaks "
                        "of that",
                        which);
}

void cvk_explain_state(const struct cvk_situation *s, struct cvk_judgement *j)
{
    explain_d0_state(s, j);
    explain_used_des(s, j);
    if (s->o_source)
        explain_key_state(s, "original", &s->o_in_h, &s->o_view, j);
    if (s->has_a && s->o_source && !s->same_key)
        explain_key_state(s, "active", &s->a, &s->a_view, j);
}

/* ---- the ruling --------------------------------------------------------- */

static void explain_type(const struct cvk_situation *s,
                         const struct cvk_ruling *r, struct cvk_judgement *j)
{
    struct cvk_origin from = s->des->from;
    struct cvk_slice type = cvk_case_text(s->c, s->des->type);

    from.pointer = s->des->type_pointer;
    if (r->remedy == CVK_REMEDY_TYPE)
        cvk_judgement_cite(j, s->c, from,
                           "the DES has the encryption type %.*s, a "
                           "Confidential VM needs ConfidentialVmEncryptedWith"
                           "CustomerKey",
                           CVK_SHOWN(type));
    else if (!type.n)
        cvk_judgement_unchecked(j, "the encryption type of the DES is not in "
                                   "the export");
}

static void explain_permissions(const struct cvk_situation *s,
                                struct cvk_judgement *j)
{
    const struct cvk_vault *vault;
    enum cvk_permissions p = cvk_permissions_find(s, &vault);
    struct cvk_origin from = {0};
    static const char *const words[] = {
        "permissions on the vault: it was not exported (--vault)",
        "permissions on the vault: roles are in no export",
        "permissions of the DES: its identity is not in the export",
        "no access policy gives another one than the DES get and list on keys, "
        "which Azure Backup needs; the message is published for configuring "
        "the backup",
        "no access policy gives the DES get, wrapKey and unwrapKey on keys",
        "the access policies give the DES, and another one, what they need",
    };

    if (p <= CVK_PERMISSIONS_NO_PRINCIPAL) {
        cvk_judgement_unchecked(j, "%s", words[p]);
        return;
    }
    from = vault->from;
    from.pointer = vault->policies_pointer;
    cvk_judgement_cite(j, s->c, from, "%s", words[p]);
}

/* Cases in which the texts of different months promise different things. */
static void note_disagreement(const struct cvk_situation *s,
                              const struct cvk_ruling *r,
                              struct cvk_judgement *j)
{
    const char *row = r->rule->row;
    enum cvk_code code = CVK_OK;
    const char *words = NULL;

    if (!strcmp(row, "10")) {
        code = CVK_E_TEXTS_INPUT_DES;
        words = "the texts before July 2026 predict " CVK_MISMATCH " here; "
                "that of July allows another key if the original one is in the "
                "same vault";
    } else if (!strcmp(row, "4") && !s->snapshot) {
        code = CVK_E_TEXTS_ROTATED;
        words = "the texts before July 2026 say that this succeeds by itself; "
                "that of July lists a restore with the DES of the rotated key";
    } else if (!strcmp(row, "7b") && !s->same_key) {
        code = CVK_E_TEXTS_UNUSABLE;
        words = "the texts before July 2026 promise nothing for an expired "
                "version; that of July says that rotation reaches snapshots, "
                "and lists a disabled key as one to recover: the strictest "
                "counts";
    } else if (!strcmp(row, "1")) {
        code = CVK_E_TEXTS_SNAPSHOT;
        words = "the text of July 2026 calls this not supported, the preview "
                "of 2023 shows the error code";
    } else if (!strcmp(row, "2") && s->o_source &&
               cvk_key_is_gone(s->o_view.state)) {
        code = CVK_E_TEXTS_BOTH_GONE;
        words = "with DES and key both gone the texts name either error code; "
                "the service reaches the key through the DES, so the DES's is "
                "expected";
    } else if ((!strcmp(row, "6") && !s->same_key) ||
               (!strcmp(row, "7c") && s->same_key)) {
        code = CVK_E_TEXTS_OTHER_VAULT;
        words = "the text of February 2026 wants the DES to point to the same "
                "key, that of July wants its vault to hold the original key: "
                "July counts";
    }
    if (code)
        cvk_record_note(&j->record, code, NULL, "%s", words);
}

void cvk_explain_ruling(const struct cvk_situation *s,
                        const struct cvk_ruling *r, struct cvk_judgement *j)
{
    if (r->rule) {
        cvk_judgement_say(j, "rule %s: %s (%s)", r->rule->row, r->rule->reason,
                          r->rule->texts);
        note_disagreement(s, r, j);
    }
    if ((r->outcome == CVK_OUTCOME_FAILS && !r->code) ||
        r->outcome == CVK_OUTCOME_UNSUPPORTED)
        cvk_judgement_say(j, "no published code");
    if (!s->des || !r->rule)
        return;
    if (r->outcome == CVK_OUTCOME_SUCCEEDS || r->remedy == CVK_REMEDY_TYPE)
        explain_type(s, r, j);
    if (r->outcome == CVK_OUTCOME_SUCCEEDS ||
        r->remedy == CVK_REMEDY_BACKUP_PERMISSIONS ||
        r->remedy == CVK_REMEDY_DES_PERMISSIONS)
        explain_permissions(s, j);
}
