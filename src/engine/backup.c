/* SPDX-License-Identifier: MIT */
#include "engine/backup.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "evidence/b64.h"
#include "evidence/facts.h"
#include "evidence/json_string.h"

/* One backup on its way. */
struct task {
    struct cvk_extract *x;
    struct cvk_record *r;
    const struct cvk_config_backup *from; /* NULL for a .blob */
    struct cvk_slice text;                /* key data without escapes */
    struct cvk_b64 b64;
};

static enum cvk_code refuse_memory(struct cvk_record *r)
{
    return cvk_record_refuse(r, CVK_E_MEMORY, NULL, "not enough memory");
}

/* ---- the text ----------------------------------------------------------- */

static struct cvk_slice token(const struct task *t)
{
    return cvk_slice_cut(t->x->doc.text, t->from->token.from,
                         t->from->token.to);
}

/* The place of byte index of the key data, as the document has it. */
static struct cvk_place place_in_text(const struct task *t, size_t index)
{
    size_t offset =
        t->from->escaped ? cvk_json_offset(token(t), index) : index;
    struct cvk_place place =
        cvk_position_find(&t->x->doc, t->from->token.from + offset);

    place.pointer = cvk_text_slice(&t->x->config.text, t->from->pointer);
    return place;
}

static bool is_blank(struct cvk_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!memchr(" \t\r\n", s.p[i], 4))
            return false;
    return true;
}

static enum cvk_code refuse_value(struct task *t, enum cvk_code code,
                                  const char *what)
{
    struct cvk_place place = place_in_text(t, 0);

    return cvk_record_refuse(t->r, code, &place, "%s is %s",
                             t->from->secret ? "KeyVaultSecretBackupData"
                                             : "KeyBackupData", what);
}

/* Key data as the string it stands for. */
static enum cvk_code read_value(struct task *t)
{
    struct cvk_buf *value = &t->x->value;

    if (t->from->is_null)
        return refuse_value(t, CVK_E_CONFIG_KEY_DATA_NULL, "null");
    if (!t->from->is_string)
        return refuse_value(t, CVK_E_CONFIG_KEY_DATA_TYPE, "no string");
    t->text = token(t);
    if (t->from->escaped) {
        value->n = 0;
        if (!cvk_json_unescape(t->text, value))
            return refuse_memory(t->r);
        t->text = cvk_buf_slice(value);
    }
    if (is_blank(t->text))
        return refuse_value(t, CVK_E_CONFIG_KEY_DATA_EMPTY,
                            t->text.n ? "blank" : "empty");
    return CVK_OK;
}

/* Base64 of the magic in another case: the text was folded. */
static bool is_case_folded(struct cvk_slice text)
{
    return !cvk_keybackup_looks_base64(text) &&
           (cvk_slice_starts_nocase(text,
                                    CVK_LITERAL("JkF6dXJlS2V5VmF1bHR")) ||
            cvk_slice_starts_nocase(text,
                                    CVK_LITERAL("KUF6dXJlS2V5VmF1bHR")) ||
            cvk_slice_starts_nocase(text, CVK_LITERAL("ZXlKaGJHY2lPa")));
}

static enum cvk_code refuse_base64(struct task *t, enum cvk_code code)
{
    struct cvk_place place = place_in_text(t, t->b64.error_at);
    char shown[CVK_MAX_SHOWN] = "";

    uint32_t cp;
    size_t at = t->b64.error_at;

    if (at < t->text.n)
        cvk_escape_shown(
            shown, cvk_slice_cut(t->text, at,
                                 at + cvk_utf8_decode(t->text, at, &cp)));
    switch (code) {
    case CVK_E_B64_LENGTH:
        return cvk_record_refuse(t->r, code, &place,
                                 "characters are missing: the %zu of the "
                                 "base64 text leave 1 over from groups of 4",
                                 t->b64.symbols);
    case CVK_E_B64_PADDING:
        return cvk_record_refuse(t->r, code, &place,
                                 "'=' stands where the base64 text cannot "
                                 "end: %zu characters and %zu of padding",
                                 t->b64.symbols, t->b64.padding);
    case CVK_E_B64_URL_ALPHABET:
        return cvk_record_refuse(t->r, code, &place,
                                 "'%s' is base64url, not base64", shown);
    case CVK_E_B64_PERCENT_ENCODED:
        cvk_escape_shown(shown, cvk_slice_cut(t->text, at, at + 3));
        return cvk_record_refuse(t->r, code, &place,
                                 "'%s' is URL encoding, not base64", shown);
    case CVK_E_B64_UTF16:
        return cvk_record_refuse(t->r, code, &place,
                                 "the base64 text holds a NUL behind each "
                                 "character: UTF-16 inside a string");
    default:
        return cvk_record_refuse(t->r, code, &place,
                                 "'%s' is no base64 character", shown);
    }
}

static enum cvk_code decode_text(struct task *t)
{
    struct cvk_buf *out = &t->x->decoded;
    enum cvk_code code;
    struct cvk_place place;

    out->n = 0;
    if (!cvk_buf_reserve(out, cvk_b64_room(t->text.n)))
        return refuse_memory(t->r);
    t->r->backup.base64_length = t->text.n;
    code = cvk_b64_decode(t->text, out->p, &t->b64);
    if (code)
        return refuse_base64(t, code);
    if (is_case_folded(t->text)) {
        place = place_in_text(t, 0);
        return cvk_record_refuse(t->r, CVK_E_B64_CASE_FOLDED, &place,
                                 "the case of the base64 text was changed");
    }
    out->n = t->b64.size;
    return CVK_OK;
}

/* What was accepted in the text and still deserves a word. */
static enum cvk_code warn_about_text(struct task *t)
{
    enum cvk_code code = CVK_OK;
    struct cvk_place place;

    if (t->b64.whitespace) {
        place = place_in_text(t, t->b64.first_whitespace);
        code = cvk_record_warn(t->r, CVK_E_B64_WHITESPACE, &place,
                               "%zu white space characters stand in the "
                               "base64 text and are ignored, as .NET does",
                               t->b64.whitespace);
    }
    if (!code && t->b64.unused_bits) {
        place = place_in_text(t, t->b64.last_symbol);
        code = cvk_record_warn(t->r, CVK_E_B64_UNUSED_BITS, &place,
                               "the last base64 character carries bits that "
                               "are not used: older .NET drops them, newer "
                               "refuses the text");
    }
    if (!code && t->b64.unpadded) {
        place = place_in_text(t, t->text.n);
        code = cvk_record_warn(t->r, CVK_E_B64_UNPADDED, &place,
                               "the '=' at the end of the base64 text is "
                               "missing; the backup itself is whole");
    }
    return code;
}

/* ---- the bytes ---------------------------------------------------------- */

static void take_anatomy(struct cvk_record *r, const struct cvk_keybackup *k)
{
    struct cvk_backup_facts *b = &r->backup;

    b->format = k->format;
    if (k->kid.p)
        b->kid = cvk_text_store(&r->text, k->kid);
    if (k->alg.p)
        b->alg = cvk_text_store(&r->text, k->alg);
    if (k->enc.p)
        b->enc = cvk_text_store(&r->text, k->enc);
}

static enum cvk_code refuse_blob(struct task *t, enum cvk_code code)
{
    const struct cvk_keybackup *k = &t->x->backup;
    struct cvk_place place = {.known = true, .offset = k->error_at};

    if (code == CVK_E_MEMORY)
        return refuse_memory(t->r);
    if (t->from && code == CVK_E_B64_TWICE) /* it speaks of the text */
        place = place_in_text(t, 0);
    else if (t->from)
        place.pointer = cvk_text_slice(&t->x->config.text, t->from->pointer);
    return cvk_record_refuse(t->r, code, &place, "%s", k->why);
}

/* Text without its padding counts only if the backup inside is whole. */
static enum cvk_code refuse_unpadded(struct task *t)
{
    /* characters lost from the middle put everything behind them wrong: the
     * first wrong byte lies where they were */
    size_t near = t->x->backup.error_at / 3 * 4;
    struct cvk_place place =
        place_in_text(t, near < t->text.n ? near : t->text.n);

    return cvk_record_refuse(t->r, CVK_E_B64_LENGTH, &place,
                             "characters are missing here or before: %zu "
                             "leave %zu over from groups of 4, and as decoded "
                             "%s", t->b64.symbols, t->b64.symbols % 4,
                             t->x->backup.why);
}

static enum cvk_code check_repeats(struct task *t)
{
    struct cvk_extract *x = t->x;
    size_t first, again;
    bool found;

    if (cvk_keybackup_find_repeat(&x->scratch, t->r->backup.sha256, &x->table,
                                  &found, &first, &again))
        return CVK_E_MEMORY;
    if (!found)
        return CVK_OK;
    x->backup.error_at = x->backup.ciphertext_at + again / 3 * 4;
    snprintf(x->backup.why, sizeof x->backup.why,
             "16 bytes of the ciphertext stand twice, at its bytes %zu and "
             "%zu, which encryption does not do", first, again);
    return CVK_E_BLOB_REPEATED;
}

static enum cvk_code warn_newer(struct task *t)
{
    static const struct {
        unsigned bit;
        const char *what;
    } parts[] = {
        {CVK_NEWER_MAGIC, "magic"},       {CVK_NEWER_HEADER, "header members"},
        {CVK_NEWER_KID, "kid"},           {CVK_NEWER_ALG, "alg"},
        {CVK_NEWER_ENC, "enc"},           {CVK_NEWER_KEY_SIZE, "key size"},
    };
    struct cvk_place place = {.known = true};
    unsigned newer = t->x->backup.newer;
    char list[CVK_MAX_SHOWN] = "";
    size_t n = 0;

    t->r->backup.structure_ok = newer == 0;
    if (!newer)
        return CVK_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (newer & parts[i].bit)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%s",
                                  n ? ", " : "", parts[i].what);
    if (t->from)
        place.pointer = cvk_text_slice(&t->x->config.text, t->from->pointer);
    return cvk_record_warn(t->r, CVK_E_BLOB_NEWER_FORMAT, &place,
                           "well formed, but this version has not seen its "
                           "%s: perhaps a newer format", list);
}

/* Bytes of no known shape, which the operator wants all the same. */
static enum cvk_code warn_unknown_format(struct task *t)
{
    struct cvk_place place = {.known = true};

    if (t->from)
        place.pointer = cvk_text_slice(&t->x->config.text, t->from->pointer);
    return cvk_record_warn(t->r, CVK_E_BLOB_UNKNOWN_FORMAT, &place, "%s",
                           t->x->backup.why);
}

/* Judges the bytes of the backup and fills the record from them. */
static enum cvk_code judge_blob(struct task *t, struct cvk_slice blob)
{
    struct cvk_extract *x = t->x;
    struct cvk_keybackup *k = &x->backup;
    enum cvk_code code = cvk_keybackup_parse(blob, &x->scratch, k);

    if (t->from)
        code = cvk_keybackup_check_kind(k, code, t->from->secret);
    else
        t->r->backup.secret = k->format == CVK_BACKUP_KEY_VAULT_SECRET;
    t->r->backup.size = blob.n;
    cvk_sha256(blob, t->r->backup.sha256);
    take_anatomy(t->r, k);
    if (!code)
        code = cvk_keybackup_check_end(blob, k);
    if (!code)
        code = check_repeats(t);
    if (code == CVK_E_BLOB_UNKNOWN_FORMAT &&
        x->options->allow_unknown_format && !t->b64.unpadded)
        return warn_unknown_format(t);
    if (code && code != CVK_E_MEMORY && code != CVK_E_BLOB_SECRET &&
        code != CVK_E_BLOB_KEY && t->b64.unpadded)
        return refuse_unpadded(t);
    if (code)
        return refuse_blob(t, code);
    code = warn_newer(t);
    return code ? code : cvk_facts_settle_store(t->r, k->format);
}

static enum cvk_code refuse_ambiguous(struct task *t)
{
    struct cvk_place place = place_in_text(t, 0);

    return cvk_record_refuse(t->r, CVK_E_JSON_DUPLICATE_NAME, &place,
                             "a name on the path of this backup stands "
                             "twice");
}

static enum cvk_code cross_check(struct task *t, struct cvk_slice blob)
{
    struct cvk_slice pointer =
        cvk_text_slice(&t->x->config.text, t->from->pointer);
    enum cvk_code code = cvk_second_check(&t->x->second, pointer, blob);
    struct cvk_place place;

    if (code == CVK_E_MEMORY)
        return refuse_memory(t->r);
    if (!code) {
        t->r->cross_checked = true;
        return CVK_OK;
    }
    if (code == CVK_E_JSON_DUPLICATE_NAME)
        return refuse_ambiguous(t);
    place = place_in_text(t, 0);
    return cvk_record_refuse(t->r, code, &place,
                             "cJSON and libb64 derive other bytes");
}

static enum cvk_code warn_other_name(struct task *t)
{
    struct cvk_place place = place_in_text(t, 0);

    return cvk_record_warn(t->r, CVK_E_CONFIG_OTHER_NAME, &place,
                           "this backup stands under a name or at a place "
                           "that is not published");
}

enum cvk_code cvk_backup_from_config(struct cvk_extract *x, size_t index,
                                     struct cvk_record *r)
{
    struct task t = {.x = x, .r = r, .from = &x->config.backups[index]};
    enum cvk_code code;

    r->backup.known = true;
    r->backup.secret = t.from->secret;
    r->backup.ordinal = t.from->ordinal;
    r->backup.pointer = cvk_text_store(
        &r->text, cvk_text_slice(&x->config.text, t.from->pointer));
    code = cvk_facts_apply(r, &x->config, index, &x->doc);
    if (code == CVK_E_MEMORY)
        return refuse_memory(r);
    if (!code && t.from->ambiguous)
        code = refuse_ambiguous(&t);
    if (!code && t.from->unpublished)
        code = warn_other_name(&t);
    if (!code)
        code = read_value(&t);
    if (!code)
        code = decode_text(&t);
    if (!code)
        code = judge_blob(&t, cvk_buf_slice(&x->decoded));
    if (!code)
        code = warn_about_text(&t);
    if (!code && x->options->cross_check)
        code = cross_check(&t, cvk_buf_slice(&x->decoded));
    /* a record that lost a word to lack of memory is no record */
    return !code && r->text.failed ? refuse_memory(r) : code;
}

enum cvk_code cvk_backup_from_blob(struct cvk_extract *x,
                                   struct cvk_slice blob,
                                   struct cvk_record *r)
{
    struct task t = {.x = x, .r = r};

    enum cvk_code code;

    r->backup.known = true;
    code = judge_blob(&t, blob);
    return !code && r->text.failed ? refuse_memory(r) : code;
}
