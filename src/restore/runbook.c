/* SPDX-License-Identifier: MIT */
#include "restore/runbook.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/finding.h"
#include "base/limits.h"

/* ---- syntax ------------------------------------------------------------- */

/* Characters besides ASCII letters and digits, and how many in all. */
struct alphabet {
    const char *others;
    size_t min, max;
    const char *words;
};

/* The limits of Azure's names: "Naming rules and restrictions for Azure
 * resources" on Learn; of vaults and keys, the key vault REST specification. */
static const struct alphabet group = {
    "._()-", 1, 90, "letters, digits, . _ ( ) -, at most 90"};
static const struct alphabet recovery_vault = {
    "-", 2, 50, "letters, digits, -, 2 to 50"};
static const struct alphabet account = {
    "", 3, 24, "letters and digits, 3 to 24"};
static const struct alphabet container = {
    "-$", 3, 63, "letters, digits, -, 3 to 63"};
static const struct alphabet store = {
    "-", 3, 24, "letters, digits, -, 3 to 24"};
static const struct alphabet key = {"-", 1, 127,
                                    "letters, digits, -, at most 127"};
static const struct alphabet des = {"_-", 1, 80,
                                    "letters, digits, _ -, at most 80"};
static const struct alphabet location = {
    "", 2, 40, "the short name of a region, as westeurope"};
static const struct alphabet vm = {
    ";._()-", 1, 255, "the VM's name, or the full name of its container"};
static const struct alphabet point = {"-", 1, 80,
                                      "letters, digits, -, at most 80"};
static const struct alphabet timestamp = {
    ":-", 10, 20, "UTC, as 2027-12-31T00:00:00Z"};
static const struct alphabet sha256 = {"", 64, 64, "64 hexadecimal digits"};
static const struct alphabet printable = {
    NULL, 1, 1024, "printable ASCII, at most 1024"};
static const struct alphabet guid = {"-", 36, 36,
                                     "a GUID, 8-4-4-4-12 hexadecimal digits"};
static const struct alphabet version = {"", 32, 32, "32 hexadecimal digits"};

static bool is_alnum(uint8_t c)
{
    return (cvk_lower(c) >= 'a' && cvk_lower(c) <= 'z') ||
           (c >= '0' && c <= '9');
}

static bool is_hex(struct cvk_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) || cvk_lower(s.p[i]) > 'f')
            return false;
    return true;
}

static bool fits(const struct alphabet *a, struct cvk_slice s)
{
    if (s.n < a->min || s.n > a->max)
        return false;
    if (a == &guid)
        return cvk_guid_valid(s);
    if (a == &version || a == &sha256)
        return is_hex(s);
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        bool known = a->others ? is_alnum(c) || (c && strchr(a->others, c))
                               : c >= 0x20 && c < 0x7f;

        if (!known)
            return false;
    }
    /* no command takes it for an option */
    return s.p[0] != '-';
}

/* ---- values ------------------------------------------------------------- */

static const struct value {
    const char *name; /* for --set, and of the variable */
    const char *words;
    const struct alphabet *syntax;
    bool optional; /* the script finds it out where it is empty */
} values[CVK_BOOK_VALUES] = {
    [CVK_BOOK_SUBSCRIPTION] = {"subscription", "subscription", &guid, false},
    [CVK_BOOK_RECOVERY_GROUP] = {"recovery-group",
                                 "resource group of the Recovery Services "
                                 "vault",
                                 &group, false},
    [CVK_BOOK_RECOVERY_VAULT] = {"recovery-vault", "Recovery Services vault",
                                 &recovery_vault, false},
    [CVK_BOOK_JOB] = {"job", "the failed restore job", &guid, false},
    [CVK_BOOK_ACCOUNT] = {"account", "storage account that the job used",
                          &account, true},
    [CVK_BOOK_ACCOUNT_GROUP] = {"account-group",
                                "resource group of that storage account",
                                &group, false},
    [CVK_BOOK_CONTAINER] = {"container", "container that holds the config",
                            &container, true},
    [CVK_BOOK_CONFIG_BLOB] = {"config-blob", "name of the config there",
                              &printable, true},
    [CVK_BOOK_CONFIG_FILE] = {"config-file",
                              "where the config is downloaded to", &printable,
                              false},
    [CVK_BOOK_CONFIG_SHA256] = {"config-sha256", "SHA-256 of the config",
                                &sha256, true},
    [CVK_BOOK_BLOB_FILE] = {"blob-file",
                            "the key backup that cvmkey extract wrote",
                            &printable, false},
    [CVK_BOOK_BLOB_SHA256] = {"blob-sha256", "SHA-256 of the key backup",
                              &sha256, false},
    [CVK_BOOK_STORE] = {"store", "key vault or Managed HSM for the key",
                        &store, false},
    [CVK_BOOK_KEY] = {"key", "name of the key", &key, true},
    [CVK_BOOK_VERSION] = {"version",
                          "version of the key when the backup was made",
                          &version, true},
    [CVK_BOOK_EXPIRES] = {"expires", "new time of expiry of that version",
                          &timestamp, false},
    [CVK_BOOK_DES_GROUP] = {"des-group",
                            "resource group of the disk encryption set",
                            &group, false},
    [CVK_BOOK_DES] = {"des", "name of the disk encryption set", &des,
                      false},
    [CVK_BOOK_LOCATION] = {"location", "region of the disk encryption set",
                           &location, false},
    [CVK_BOOK_BACKUP_APP] = {"backup-app",
                             "application ID of Backup Management Service",
                             &guid, false},
    [CVK_BOOK_VM] = {"vm", "the VM, as the Recovery Services vault names it",
                     &vm, false},
    [CVK_BOOK_POINT] = {"point", "recovery point", &point, false},
    [CVK_BOOK_TARGET_GROUP] = {"target-group",
                               "resource group to restore into", &group,
                               false},
};

const char *cvk_runbook_name(enum cvk_book_value which)
{
    return values[which].name;
}

const char *cvk_runbook_words(enum cvk_book_value which)
{
    return values[which].words;
}

const char *cvk_runbook_syntax(enum cvk_book_value which)
{
    return values[which].syntax->words;
}

void cvk_runbook_init(struct cvk_runbook *b)
{
    *b = (struct cvk_runbook){0};
    cvk_buf_init(&b->text, CVK_MAX_BOOK);
    cvk_buf_init(&b->remarks, CVK_MAX_BOOK);
}

void cvk_runbook_clear(struct cvk_runbook *b)
{
    cvk_buf_clear(&b->text);
    cvk_buf_clear(&b->remarks);
}

static void store_entry(struct cvk_runbook *b, enum cvk_book_value which,
                        struct cvk_slice value, struct cvk_slice from)
{
    struct cvk_book_entry *e = &b->entries[which];

    e->value = cvk_text_store(&b->text, value);
    e->from = cvk_text_store(&b->text, from);
}

void cvk_runbook_offer(struct cvk_runbook *b, enum cvk_book_value which,
                       struct cvk_slice value, struct cvk_slice from)
{
    struct cvk_book_entry *e = &b->entries[which];

    if (!value.p || e->value.known)
        return;
    if (fits(values[which].syntax, value))
        store_entry(b, which, value, from);
    else
        e->refused = true;
}

enum cvk_book_set cvk_runbook_set(struct cvk_runbook *b, struct cvk_slice word,
                                  enum cvk_book_value *which)
{
    size_t equals = cvk_slice_find(word, '=');
    struct cvk_slice name = cvk_slice_cut(word, 0, equals);
    struct cvk_slice value;

    if (equals == word.n)
        return CVK_BOOK_SET_FORM;
    value = cvk_slice_cut(word, equals + 1, word.n);
    for (size_t i = 0; i < CVK_BOOK_VALUES; i++) {
        const char *known = values[i].name;

        if (!cvk_slice_equal(name, cvk_slice_of(known, strlen(known))))
            continue;
        *which = (enum cvk_book_value)i;
        if (!fits(values[i].syntax, value))
            return CVK_BOOK_SET_BAD;
        store_entry(b, *which, value, CVK_LITERAL("stated by the operator"));
        return b->text.failed ? CVK_BOOK_SET_MEMORY : CVK_BOOK_SET_OK;
    }
    return CVK_BOOK_SET_NAME;
}

void cvk_runbook_remark(struct cvk_runbook *b, struct cvk_slice line)
{
    cvk_escape_text(&b->remarks, line);
    cvk_buf_append_byte(&b->remarks, '\n');
}

/* ---- the script --------------------------------------------------------- */

static const char *const titles[CVK_STEPS] = {
    [CVK_STEP_CONTEXT] = "The subscription",
    [CVK_STEP_JOB] = "The failed job",
    [CVK_STEP_DOWNLOAD] = "The config once more, as a check",
    [CVK_STEP_BLOB] = "The key backup arrived unchanged",
    [CVK_STEP_STORE] = "The key vault",
    [CVK_STEP_STORE_HSM] = "The Managed HSM",
    [CVK_STEP_ENABLE] = "Enable the key version",
    [CVK_STEP_EXTEND] = "Move the expiry of the key version",
    [CVK_STEP_FOUND] = "The key is there",
    [CVK_STEP_RECOVER] = "Recover the soft-deleted key",
    [CVK_STEP_RESTORE] = "Restore the key",
    [CVK_STEP_KEY_URL] = "The version that the disk was encrypted with",
    [CVK_STEP_DES] = "A new disk encryption set on it",
    [CVK_STEP_DES_FOUND] = "The disk encryption set",
    [CVK_STEP_GRANT] = "Permissions in the key vault",
    [CVK_STEP_GRANT_HSM] = "Permissions in the Managed HSM",
    [CVK_STEP_RETRY] = "Restore again, with the disk encryption set it had",
    [CVK_STEP_RETRY_NAMED] = "Restore again, naming the disk encryption set",
};

/* What differs between the shells apart from the steps. */
static const struct dialect {
    const struct cvk_book_text *steps;
    bool (*quote)(struct cvk_buf *out, struct cvk_slice s);
    const char *first, *strict;      /* lines; strict: an error is the end */
    const char *sigil, *assign;      /* around the name of a variable */
    bool camel;                      /* RecoveryVault, not recovery_vault */
    const char *guard, *more, *check; /* a list of variables, looked at */
} dialects[] = {
    [CVK_POWERSHELL] = {cvk_runbook_powershell, cvk_escape_powershell_word, "",
                        "$ErrorActionPreference = 'Stop'\n", "$", " = ", true,
                        "foreach ($Value in @(", ", ",
                        ")) {\n"
                        "    if ($Value -like '<*>') { throw \"still to be "
                        "filled in: $Value\" }\n"
                        "}\n"},
    [CVK_AZ] = {cvk_runbook_az, cvk_escape_posix_string,
                "#!/usr/bin/env bash\n", "set -euo pipefail\n", "", "=", false,
                "for value in", " ",
                "; do\n"
                "    case $value in\n"
                "    '<'*'>')\n"
                "        echo \"still to be filled in: $value\" >&2\n"
                "        exit 2\n"
                "        ;;\n"
                "    esac\n"
                "done\n"},
};

/* The script on its way out; a piece that finds no room is seen at the end. */
struct writer {
    const struct cvk_runbook *b;
    const struct dialect *d;
    struct cvk_buf *out;
};

static void put(const struct writer *w, const char *s)
{
    cvk_buf_append_string(w->out, s);
}

static uint32_t values_used(const struct writer *w)
{
    uint32_t uses = 0;

    for (size_t i = 0; i < CVK_STEPS; i++)
        if (w->b->steps[i])
            uses |= w->d->steps[i].uses;
    return uses;
}

static void put_variable(const struct writer *w, const char *name)
{
    bool start = w->d->camel;

    put(w, w->d->sigil);
    for (; *name; name++) {
        if (*name == '-') {
            start = w->d->camel;
            if (!start)
                put(w, "_");
        } else {
            bool small = *name >= 'a' && *name <= 'z';

            cvk_buf_append_byte(w->out, (uint8_t)(start && small
                                                      ? *name - 'a' + 'A'
                                                      : *name));
            start = false;
        }
    }
}

/* A comment is ASCII on one line, whatever it repeats. */
static void put_comment(const struct writer *w, struct cvk_slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        cvk_buf_append_byte(w->out, c >= 0x20 && c < 0x7f ? c : '?');
    }
}

static bool is_placeholder(const struct writer *w, size_t which)
{
    return !w->b->entries[which].value.known && !values[which].optional;
}

static void put_value(const struct writer *w, size_t which)
{
    const struct cvk_book_entry *e = &w->b->entries[which];
    const struct value *v = &values[which];

    put(w, "# ");
    put(w, v->words);
    if (e->value.known && e->from.n) {
        put(w, " (");
        put_comment(w, cvk_text_slice(&w->b->text, e->from));
        put(w, ")");
    } else if (e->refused) {
        put(w, " (what the evidence says is not of its syntax)");
    } else if (!e->value.known && v->optional) {
        put(w, " (not known)");
    }
    put(w, "\n");
    put_variable(w, v->name);
    put(w, w->d->assign);
    if (e->value.known) {
        w->d->quote(w->out, cvk_text_slice(&w->b->text, e->value));
    } else if (v->optional) {
        put(w, "''");
    } else {
        put(w, "'<");
        put(w, v->name);
        put(w, ">'");
    }
    put(w, "\n");
}

static void put_remarks(const struct writer *w)
{
    struct cvk_slice left = cvk_buf_slice(&w->b->remarks);

    while (left.n) {
        size_t end = cvk_slice_find(left, '\n');

        put(w, "# ");
        put_comment(w, cvk_slice_cut(left, 0, end));
        put(w, "\n");
        left = cvk_slice_cut(left, end + 1, left.n);
    }
}

/* Names the values that nobody knows yet, and stops where one is left. */
static void put_guard(const struct writer *w, uint32_t uses)
{
    const char *before = w->d->camel ? "" : " ";
    bool any = false;

    for (size_t i = 0; i < CVK_BOOK_VALUES; i++) {
        if (!(uses >> i & 1) || !is_placeholder(w, i))
            continue;
        put(w, any ? w->d->more : w->d->guard);
        put(w, any ? "" : before);
        if (!w->d->camel)
            put(w, "\"$");
        put_variable(w, values[i].name);
        if (!w->d->camel)
            put(w, "\"");
        any = true;
    }
    if (any)
        put(w, w->d->check);
}

static void put_values(const struct writer *w)
{
    uint32_t uses = values_used(w);
    bool any = false;

    for (size_t i = 0; i < CVK_BOOK_VALUES; i++) {
        if (!(uses >> i & 1) || !is_placeholder(w, i))
            continue;
        if (!any)
            put(w, "\n# ---- To be filled in, here or with --set=NAME=VALUE "
                   "----\n");
        any = true;
        put_value(w, i);
    }
    put(w, "\n# ---- Known ----\n");
    for (size_t i = 0; i < CVK_BOOK_VALUES; i++)
        if (uses >> i & 1 && !is_placeholder(w, i))
            put_value(w, i);
    put(w, "\n");
    put_guard(w, uses);
}

static void put_steps(const struct writer *w)
{
    unsigned number = 0;
    char line[128];

    for (size_t i = 0; i < CVK_STEPS; i++) {
        if (!w->b->steps[i])
            continue;
        snprintf(line, sizeof line, "\n# ---- %u. %s ----\n", ++number,
                 titles[i]);
        put(w, line);
        put(w, w->d->steps[i].text);
    }
}

bool cvk_runbook_write(const struct cvk_runbook *b, enum cvk_shell shell,
                       struct cvk_buf *out)
{
    const struct writer w = {b, &dialects[shell], out};

    if (b->text.failed || b->remarks.failed)
        return false;
    put(&w, w.d->first);
    put_remarks(&w);
    put(&w, "#\n# Read it before you run it. It ends at the first error: go on "
            "from there.\n");
    put(&w, w.d->strict);
    put_values(&w);
    put_steps(&w);
    return !out->failed;
}
