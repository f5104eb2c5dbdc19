/* SPDX-License-Identifier: MIT */
#include "evidence/config.h"

#include <stdio.h>

#include "base/escape.h"
#include "evidence/configfacts.h"
#include "evidence/configpath.h"
#include "evidence/configplace.h"
#include "evidence/json.h"
#include "evidence/json_string.h"
#include "evidence/keybackup.h"

#define CVM_DETAILS CVK_LITERAL("OsDiskEncryptionDetails")
#define ADE_DETAILS CVK_LITERAL("OsDiskKeyAndSecretDetails")
#define KEY_DATA "KeyBackupData"
#define SECRET_BACKUP "KeyVaultSecretBackupData"
#define SECRET_DATA "SecretData"

/* Members whose values never enter a record: key material, or as large. */
static const char *const kept_out[] = {KEY_DATA, SECRET_DATA,
                                       SECRET_BACKUP};

void cvk_config_init(struct cvk_config *c)
{
    cvk_buf_init(&c->text, CVK_MAX_RECORD_TEXT * 2);
    cvk_configpath_init(c);
}

void cvk_config_clear(struct cvk_config *c)
{
    cvk_buf_clear(&c->text);
    cvk_buf_clear(&c->steps);
}

bool cvk_config_is_ade(const struct cvk_config *c)
{
    return c->ade_details.to && !c->cvm_details.to;
}

static enum cvk_code fail(struct cvk_config *c, enum cvk_code code, size_t at,
                          const char *why)
{
    c->error_at = at;
    snprintf(c->why, sizeof c->why, "%s", why);
    return code;
}

/* ---- member names ------------------------------------------------------- */

static enum cvk_code fail_duplicate(struct cvk_config *c, struct cvk_span first,
                                    struct cvk_span again)
{
    struct cvk_slice one = cvk_configplace_text(c, first);
    struct cvk_slice two = cvk_configplace_text(c, again);
    char a[CVK_MAX_SHOWN], b[CVK_MAX_SHOWN];

    c->error_at = again.from;
    c->has_other = true;
    c->other_at = first.from;
    cvk_escape_shown(a, one);
    cvk_escape_shown(b, two);
    snprintf(c->why, sizeof c->why,
             cvk_slice_equal(one, two)
                 ? "the name \"%s\" stands twice in one object"
                 : "the names \"%s\" and \"%s\" in one object differ only in "
                   "case",
             a, b);
    return CVK_E_JSON_DUPLICATE_NAME;
}

/* Notes a member name of the root (0) or the details object (1). */
static enum cvk_code note_name(struct cvk_config *c, size_t which,
                               struct cvk_span name)
{
    struct cvk_name *names = c->names[which];
    struct cvk_slice token = cvk_configplace_text(c, name);
    uint64_t hash = cvk_json_hash_nocase(token);
    size_t n = c->n_names[which];

    for (size_t i = 0; i < n; i++)
        if (names[i].hash == hash &&
            cvk_json_equal_nocase(cvk_configplace_text(c, names[i].span),
                                  token))
            return fail_duplicate(c, names[i].span, name);
    if (n == CVK_MAX_MEMBERS)
        return fail(c, CVK_E_JSON_MEMBERS, name.from,
                    "the object has more than 1024 members");
    names[n] = (struct cvk_name){name, hash};
    c->n_names[which]++;
    return CVK_OK;
}

static enum cvk_code enter_member(struct cvk_config *c,
                                  const struct cvk_json *j)
{
    struct cvk_slice token = cvk_json_token(j);
    struct cvk_span name = {j->from, j->to};
    struct cvk_frame *f = &c->frames[c->depth - 1];

    f->name = name;
    f->escaped = j->escaped;
    f->too_long = false;
    if (c->depth == 2 && c->in_details)
        return note_name(c, 1, name);
    if (c->depth != 1)
        return CVK_OK;
    c->in_details = c->in_ade = false;
    c->n_names[1] = 0;
    if (cvk_json_equal_nocase(token, CVM_DETAILS)) {
        c->cvm_details = name;
        c->in_details = true;
    } else if (cvk_json_equal_nocase(token, ADE_DETAILS)) {
        c->ade_details = name;
        c->in_details = c->in_ade = true;
    }
    return note_name(c, 0, name);
}

/* ---- values ------------------------------------------------------------- */

static bool is_kept_out(const struct cvk_config *c)
{
    for (size_t i = 0; i < sizeof kept_out / sizeof *kept_out; i++)
        if (cvk_configplace_is(c, kept_out[i]))
            return true;
    return false;
}

static bool is_blank(struct cvk_slice token)
{
    uint8_t out[4];
    size_t at = 0;

    while (at < token.n)
        if (cvk_json_char(token, &at, out) != 1 ||
            !memchr(" \t\r\n", out[0], 4))
            return false;
    return true;
}

static bool is_details_member(const struct cvk_config *c)
{
    return c->depth == 2 && c->in_details;
}

/* Notes the current value as a backup. */
static enum cvk_code note_backup(struct cvk_config *c,
                                 enum cvk_json_event event,
                                 const struct cvk_json *j, bool by_content)
{
    struct cvk_config_backup *b = &c->backups[c->n_backups];
    struct cvk_frame *f = &c->frames[c->depth - 1];
    struct cvk_text pointer = {0};

    if (c->n_backups < CVK_MAX_BACKUPS && !cvk_configplace_pointer(c, &pointer))
        return CVK_E_MEMORY;
    if (!pointer.known)
        return fail(c, CVK_E_CONFIG_BACKUPS, j->from,
                    c->n_backups < CVK_MAX_BACKUPS
                        ? "the path of a backup is longer than 4096 bytes"
                        : "the document holds more than 128 backups");
    *b = (struct cvk_config_backup){
        .pointer = pointer,
        .secret = !by_content && cvk_configplace_is(c, SECRET_BACKUP),
        .empty = event == CVK_JSON_NULL ||
                 (event == CVK_JSON_STRING && is_blank(cvk_json_token(j))),
        .is_string = event == CVK_JSON_STRING,
        .is_null = event == CVK_JSON_NULL,
        .escaped = j->escaped,
        .unpublished = by_content,
        .token = {j->from, j->to},
        .object = {f->from, 0},
    };
    /* of names in the root and in the details none stands twice */
    if (c->depth > 1 && !is_details_member(c) && !cvk_configpath_note(c))
        return CVK_E_MEMORY;
    c->n_backups++;
    return CVK_OK;
}

/* Notes that there is a SecretData, and nothing of what it says. */
static enum cvk_code note_secret(struct cvk_config *c, const struct cvk_json *j)
{
    struct cvk_config_secret secret = {.token = {j->from, j->to}};
    struct cvk_slice token = cvk_json_token(j);
    uint8_t out[4];

    if (c->n_secrets < CVK_MAX_BACKUPS &&
        !cvk_configplace_pointer(c, &secret.pointer))
        return CVK_E_MEMORY;
    if (!secret.pointer.known) {
        c->facts_cut = true;
        return CVK_OK;
    }
    for (size_t at = 0; at < token.n; secret.characters++)
        cvk_json_char(token, &at, out);
    c->secrets[c->n_secrets++] = secret;
    return CVK_OK;
}

/* True for the member that holds a backup: KeyBackupData, and, but for the
 * details of a Confidential VM, KeyVaultSecretBackupData. */
static bool is_backup_member(const struct cvk_config *c)
{
    return cvk_configplace_is(c, KEY_DATA) ||
           (c->in_details == c->in_ade && cvk_configplace_is(c, SECRET_BACKUP));
}

/* Any scalar: backup, key material to leave alone, or something to say. */
static enum cvk_code note_scalar(struct cvk_config *c,
                                 enum cvk_json_event event,
                                 const struct cvk_json *j)
{
    struct cvk_slice token = cvk_json_token(j);

    if (is_backup_member(c)) {
        if (is_details_member(c))
            c->has_key_data = true;
        if (is_details_member(c) || event == CVK_JSON_STRING)
            return note_backup(c, event, j, false);
        return CVK_OK;
    }
    if (event == CVK_JSON_STRING && token.n && c->in_details == c->in_ade &&
        cvk_configplace_is(c, SECRET_DATA))
        return note_secret(c, j);
    if (c->kept_out || is_kept_out(c))
        return CVK_OK;
    if (event == CVK_JSON_STRING) {
        if (cvk_keybackup_looks_base64(token))
            return note_backup(c, event, j, true);
        return cvk_configfacts_string(c, j);
    }
    return c->in_details ? cvk_configfacts_other(c, token) : CVK_OK;
}

/* ---- the walk ----------------------------------------------------------- */

/* The details member holds the value that starts here: only an object will
 * do; key data that is no scalar is noted here, too. */
static enum cvk_code check_container(struct cvk_config *c,
                                     enum cvk_json_event event,
                                     const struct cvk_json *j)
{
    if (c->depth == 1 && c->in_details && event != CVK_JSON_OBJECT)
        return fail(c, CVK_E_CONFIG_DETAILS_TYPE, j->from,
                    "the encryption details are no JSON object");
    if (is_details_member(c) && is_backup_member(c))
        return fail(c, CVK_E_CONFIG_KEY_DATA_TYPE, j->from,
                    cvk_configplace_is(c, KEY_DATA)
                        ? KEY_DATA " is no string"
                        : SECRET_BACKUP " is no string");
    return CVK_OK;
}

static enum cvk_code open_container(struct cvk_config *c,
                                    enum cvk_json_event event,
                                    const struct cvk_json *j)
{
    enum cvk_code code = c->depth ? check_container(c, event, j) : CVK_OK;

    if (code)
        return code;
    if (c->depth && !c->kept_out && is_kept_out(c))
        c->kept_out = c->depth + 1;
    c->frames[c->depth++] = (struct cvk_frame){
        .from = j->from, .is_object = event == CVK_JSON_OBJECT};
    return CVK_OK;
}

/* The backups of an object know their object's end once it is reached. */
static void close_container(struct cvk_config *c, const struct cvk_json *j)
{
    size_t from = c->frames[--c->depth].from;

    if (c->depth < c->kept_out)
        c->kept_out = 0;
    for (size_t i = 0; i < c->n_backups; i++)
        if (c->backups[i].object.from == from)
            c->backups[i].object.to = j->to;
}

/* A value is complete: in an array the next element follows. */
static void count_element(struct cvk_config *c)
{
    if (c->depth && !c->frames[c->depth - 1].is_object)
        c->frames[c->depth - 1].index++;
}

static enum cvk_code take_event(struct cvk_config *c, enum cvk_json_event event,
                                const struct cvk_json *j)
{
    enum cvk_code code = CVK_OK;

    switch (event) {
    case CVK_JSON_NAME:
        return enter_member(c, j);
    case CVK_JSON_OBJECT:
    case CVK_JSON_ARRAY:
        return open_container(c, event, j);
    case CVK_JSON_OBJECT_END:
    case CVK_JSON_ARRAY_END:
        close_container(c, j);
        break;
    default:
        if (c->depth == 1 && c->in_details)
            return check_container(c, event, j);
        code = note_scalar(c, event, j);
    }
    count_element(c);
    return code;
}

/* A JSON error in words. */
static enum cvk_code fail_json(struct cvk_config *c, const struct cvk_json *j)
{
    c->error_at = j->error_at;
    cvk_json_explain(j, c->why);
    return j->error;
}

/* What may follow the root: white space, and the NULs of padding. */
static bool may_follow(uint8_t b)
{
    return b == 0 || memchr(" \t\r\n", b, 4);
}

/* A root that is no object. Much that is no JSON at all, a log or the bytes of
 * another format, begins like a number: nothing may follow a real one. */
static enum cvk_code fail_root(struct cvk_config *c, const struct cvk_json *j,
                               enum cvk_json_event event)
{
    size_t at = j->at;

    while (at < c->doc.n && may_follow(c->doc.p[at]))
        at++;
    if (event == CVK_JSON_NUMBER && at < c->doc.n)
        return fail(c, CVK_E_JSON_SYNTAX, j->from,
                    "this begins with a number and goes on unlike JSON");
    return fail(c, CVK_E_JSON_ROOT, j->from,
                "the root of the JSON is no object");
}

/* Only white space and NULs may follow the root. */
static enum cvk_code check_rest(struct cvk_config *c)
{
    for (size_t at = c->used; at < c->doc.n; at++) {
        uint8_t b = c->doc.p[at];

        if (b == 0 && !c->trailing_nuls++)
            c->first_nul = at;
        else if (!may_follow(b))
            return fail(c, CVK_E_JSON_TRAILING, at,
                        "more text follows the end of the document");
    }
    return CVK_OK;
}

/* Keeps the backups that count in this kind of document, and numbers them. A
 * VM with Azure Disk Encryption has a key backup, a secret backup or both, and
 * the other member may be null or empty; a Confidential VM has no secret, so
 * what looks like one is a key backup gone wrong. */
static void keep_backups(struct cvk_config *c)
{
    bool is_ade = cvk_config_is_ade(c);
    size_t n = 0, keys = 0, secrets = 0;

    for (size_t i = 0; i < c->n_backups; i++) {
        struct cvk_config_backup b = c->backups[i];

        if (is_ade ? b.empty : b.secret)
            continue;
        /* base64 of 0x29 "Azure": found by its content */
        if (is_ade && b.unpublished &&
            cvk_slice_starts(cvk_configplace_text(c, b.token),
                             CVK_LITERAL("KUF6dXJl")))
            b.secret = true;
        b.ordinal = b.secret ? ++secrets : ++keys;
        c->backups[n++] = b;
    }
    c->n_backups = n;
}

/* What the document is, once all of it has been read. */
static enum cvk_code judge(struct cvk_config *c)
{
    if (c->cvm_details.to && c->ade_details.to)
        return fail(c, CVK_E_CONFIG_BOTH_DETAILS,
                    c->cvm_details.from > c->ade_details.from
                        ? c->cvm_details.from
                        : c->ade_details.from,
                    "OsDiskEncryptionDetails and OsDiskKeyAndSecretDetails "
                    "stand in one document");
    if (!c->cvm_details.to && !c->ade_details.to)
        return fail(c, CVK_E_CONFIG_NO_DETAILS, 0,
                    "the JSON has neither OsDiskEncryptionDetails nor "
                    "OsDiskKeyAndSecretDetails");
    keep_backups(c);
    for (size_t i = 0; i < c->n_backups && !c->has_key_data; i++)
        c->backups[i].unpublished = true;
    if (c->n_backups)
        return CVK_OK;
    if (c->ade_details.to)
        return fail(c, CVK_E_CONFIG_NO_KEY_DATA, c->ade_details.from,
                    "OsDiskKeyAndSecretDetails has neither KeyBackupData nor "
                    "KeyVaultSecretBackupData");
    if (c->says_platform_key)
        return fail(c, CVK_E_CONFIG_PLATFORM_KEY, c->cvm_details.from,
                    "the disk is encrypted with a platform-managed key and "
                    "the config holds no key backup");
    return fail(c, CVK_E_CONFIG_NO_KEY_DATA, c->cvm_details.from,
                "OsDiskEncryptionDetails has no member KeyBackupData");
}

static void reset(struct cvk_config *c, struct cvk_slice doc)
{
    c->text.n = c->steps.n = 0;
    c->used = c->values = c->trailing_nuls = 0;
    c->n_backups = c->n_secrets = c->n_facts = c->n_fields = 0;
    c->fields_cut = c->facts_cut = false;
    c->error_at = c->other_at = 0;
    c->has_other = false;
    c->why[0] = '\0';
    c->doc = doc;
    c->depth = c->kept_out = 0;
    c->n_names[0] = c->n_names[1] = 0;
    c->cvm_details = c->ade_details = (struct cvk_span){0};
    c->in_details = c->in_ade = c->has_key_data = c->says_platform_key = false;
}

enum cvk_code cvk_config_parse(struct cvk_config *c, struct cvk_slice doc)
{
    enum cvk_code code = CVK_OK;
    struct cvk_json j;

    reset(c, doc);
    cvk_json_init(&j, doc);
    for (;;) {
        enum cvk_json_event event = cvk_json_next(&j);

        if (event == CVK_JSON_FAILED)
            return fail_json(c, &j);
        if (event == CVK_JSON_DONE)
            break;
        if (c->depth == 0 && event != CVK_JSON_OBJECT)
            return fail_root(c, &j, event);
        code = take_event(c, event, &j);
        if (code)
            return code;
        c->used = j.at;
    }
    c->values = j.values;
    code = check_rest(c);
    if (!code)
        cvk_configpath_check(c);
    return code ? code : judge(c);
}
