/* SPDX-License-Identifier: MIT */
#include "cmd/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "evidence/azid.h"
#include "os/path.h"

enum { PROGRAM = 1, EXTRACT = 2, SHOW = 4, VERIFY = 8, SELFTEST = 16,
       DIAGNOSE = 32, REPORT = 64, RUNBOOK = 128, CARVE = 256,
       BOTH = EXTRACT | SHOW, READ = BOTH | CARVE, CHECKS = READ | VERIFY,
       CASE = DIAGNOSE | RUNBOOK, DOCUMENTS = BOTH | VERIFY | CASE,
       TALKERS = CHECKS | DIAGNOSE | SELFTEST,
       COMMANDS = TALKERS | REPORT | RUNBOOK, ALL = PROGRAM | COMMANDS,
       WRITERS = EXTRACT | CARVE };

/* A STRING is a path. */
enum kind { FLAG, STRING, FILE_OR_NOT, SIZE, OFFSET, LENGTH, JOBS, NOTE,
            PROGRESS, EXPORT, KEY_URL, DES_ID, TIER, TIME, SHELL, SET };

/* One row an option. The long name alone identifies it. */
static const struct row {
    const char *name;
    char letter; /* 0: none */
    enum kind kind;
    const char *value; /* what its argument is called, NULL for none */
    size_t offset;     /* of its member in struct cvk_options; of an EXPORT,
                        * its role */
    unsigned commands;
    const char *help; /* NULL: not shown */
} rows[] = {
#define AT(member) offsetof(struct cvk_options, member)
    {"output", 'o', STRING, "FILE", AT(output), EXTRACT,
     "write the blob to FILE; - is standard output"},
    {"output", 'o', STRING, "FILE", AT(output), REPORT,
     "write the page to FILE; - is standard output (default)"},
    {"output-dir", 'd', STRING, "DIR", AT(output_dir), WRITERS,
     "directory for blobs (default .), created if missing"},
    {"output-dir", 'd', STRING, "DIR", AT(output_dir), VERIFY,
     "directory of the blobs (default the manifest's)"},
    {"parents", 0, FLAG, NULL, AT(parents), EXTRACT,
     "keep the directories of inputs below DIR"},
    {"force", 'f', FLAG, NULL, AT(force), WRITERS,
     "replace existing files"},
    {"force", 'f', FLAG, NULL, AT(force), REPORT,
     "replace an existing page"},
    {"json", 0, FLAG, NULL, AT(json), TALKERS,
     "one JSON object per line instead of text"},
    {"manifest", 0, FILE_OR_NOT, "FILE", AT(manifest), WRITERS,
     "write the records to FILE (default DIR/manifest.jsonl)"},
    {"sums", 0, FILE_OR_NOT, "FILE", AT(sums), WRITERS,
     "write SHA-256 sums to FILE (default DIR/SHA256SUMS)"},
    {"bag", 0, STRING, "DIR", AT(bag), EXTRACT,
     "write blobs and records as a BagIt bag into DIR"},
    {"note", 0, NOTE, "KEY=VALUE", AT(notes), WRITERS,
     "keep a note on the case in the manifest; repeatable"},
    {"resume", 0, FLAG, NULL, AT(resume), WRITERS,
     "an existing blob that is right counts as written"},
    {"files0-from", 0, STRING, "F", AT(files0_from), BOTH,
     "read names from F, each ended by a NUL; - is standard input"},
    {"jobs", 'j', JOBS, "N", AT(jobs), READ,
     "threads (default: the number of processors)"},
    {"progress", 0, PROGRESS, "WHEN", AT(progress), READ,
     "auto, always or never say how far it is"},
    {"strict", 0, FLAG, NULL, AT(strict), CHECKS,
     "refuse an input at the first warning"},
    {"allow-unknown-format", 0, FLAG, NULL, AT(allow_unknown_format), BOTH,
     "accept key data of no known backup format"},
    {"no-cross-check", 0, FLAG, NULL, AT(no_cross_check), READ,
     "skip the independent second decode"},
    {"no-sync", 0, FLAG, NULL, AT(no_sync), WRITERS,
     "do not wait until blobs are on disk"},
    {"max-input-size", 0, SIZE, "SIZE", AT(max_input_size), DOCUMENTS,
     "largest document, such as 8M (default 64M)"},
    {"offset", 0, OFFSET, "N", AT(offset), CARVE,
     "byte from which on hits may begin, such as 512G"},
    {"length", 0, LENGTH, "N", AT(length), CARVE,
     "bytes in which hits may begin (default: all that follow)"},
    {"partial", 0, FLAG, NULL, AT(partial), CARVE,
     "write incomplete key backups, too"},
    {"no-gzip", 0, FLAG, NULL, AT(no_gzip), CARVE,
     "do not look into gzip streams"},
    {"des", 0, EXPORT, "FILE", CVK_AS_DES, CASE,
     "disk encryption sets as they are now; repeatable"},
    {"input-des", 0, EXPORT, "FILE", CVK_AS_INPUT_DES, CASE,
     "the one that the restore is to name"},
    {"keys", 0, EXPORT, "FILE", CVK_AS_KEYS, CASE,
     "keys or key versions of a vault; repeatable"},
    {"deleted-keys", 0, EXPORT, "FILE", CVK_AS_DELETED_KEYS, CASE,
     "soft-deleted keys of a vault; repeatable"},
    {"vault", 0, EXPORT, "FILE", CVK_AS_VAULT, CASE,
     "a key vault or Managed HSM; repeatable"},
    {"vm", 0, EXPORT, "FILE", CVK_AS_VM, CASE,
     "the source VM, or its OS disk"},
    {"job", 0, EXPORT, "FILE", CVK_AS_JOB, CASE,
     "the failed restore job, or the recovery point"},
    {"tier", 0, TIER, "TIER", AT(tier), CASE,
     "snapshot, vault or both: where the recovery point is"},
    {"at", 0, TIME, "TIME", AT(at), CASE,
     "judge a restore of that time (default: now)"},
    {"key-url", 0, KEY_URL, "URL", AT(key_url), CASE,
     "the original key with its version, if the config lacks it"},
    {"des-id", 0, DES_ID, "ID", AT(des_id), CASE,
     "the DES of the backup, if the config lacks it"},
    {"shell", 0, SHELL, "SHELL", AT(shell), RUNBOOK,
     "powershell (default), or az for bash with the Azure CLI"},
    {"set", 0, SET, "NAME=VALUE", AT(sets), RUNBOOK,
     "a value that the script needs; repeatable"},
    {"quiet", 'q', FLAG, NULL, AT(quiet), TALKERS,
     "no text report, errors only"},
    {"verbose", 'v', FLAG, NULL, AT(verbose), PROGRAM | READ,
     "print more: all fields of the config"},
    {"verbose", 'v', FLAG, NULL, AT(verbose), VERIFY,
     "print more: hashes, configs and notes"},
    {"require-sandbox", 0, FLAG, NULL, AT(require_sandbox), COMMANDS,
     "do nothing unless the kernel enforces: no network"},
    {"help", 'h', FLAG, NULL, AT(help), ALL, "print this help"},
    {"version", 'V', FLAG, NULL, AT(version), ALL,
     "print the version; with -v also libraries and sandbox"},
    {"test-args", 0, FLAG, NULL, AT(test_args), COMMANDS, NULL},
#undef AT
};
enum { N_ROWS = sizeof rows / sizeof *rows, FIRST_LONG = 256 };

static const struct cvk_command commands[] = {
    {"", "COMMAND [OPTION]... INPUT...",
     "Get the key backup out of a Confidential VM's config, offline.", PROGRAM,
     NULL, NULL},
    {"extract", "[OPTION]... INPUT...",
     "Check configs, write their key backups as .blob files.", EXTRACT,
     cvk_extract_verify, cvk_extract_run},
    {"show", "[OPTION]... INPUT...",
     "Report on configs and .blob files without writing anything.", SHOW,
     cvk_show_verify, cvk_show_run},
    {"carve", "[OPTION]... IMAGE...",
     "Find key backups in disk images and memory dumps, write them.", CARVE,
     cvk_carve_verify, cvk_carve_run_command},
    {"verify", "[OPTION]... MANIFEST",
     "Hash the blobs of a manifest again, derive them from their configs.",
     VERIFY, cvk_verify_verify, cvk_verify_run_command},
    {"diagnose", "[OPTION]... CONFIG",
     "Judge from exports what a restore does, and what to do first.", DIAGNOSE,
     cvk_diagnose_verify, cvk_diagnose_run},
    {"report", "[OPTION]... MANIFEST",
     "Make one page for people of a manifest: a file for a browser or paper.",
     REPORT, cvk_report_verify, cvk_report_run_command},
    {"runbook", "[OPTION]... CONFIG",
     "Write the procedure for this case as a script.", RUNBOOK,
     cvk_runbook_verify, cvk_runbook_run},
    {"selftest", "[OPTION]...",
     "Give known answers; say which program this is, for the files.", SELFTEST,
     cvk_selftest_verify, cvk_selftest_run_command},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

const struct cvk_command *cvk_command_find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

bool cvk_command_writes(const struct cvk_command *c,
                        const struct cvk_options *o)
{
    return (c->mask & WRITERS) || ((c->mask & REPORT) && o->output);
}

/* ---- parsing ------------------------------------------------------------ */

/* A number of bytes, at most max, with an optional K, M, G or T (powers of
 * 1024). */
static bool parse_size(const char *s, uint64_t max, uint64_t *size)
{
    static const char units[] = "KMGT";
    const char *unit;
    uint64_t n = 0;

    if (*s < '0' || *s > '9')
        return false;
    for (; *s >= '0' && *s <= '9'; s++) {
        n = n * 10 + (uint64_t)(*s - '0');
        if (n > max)
            return false;
    }
    unit = *s ? strchr(units, *s) : NULL;
    if (unit) {
        int shift = 10 * (int)(unit - units + 1);

        if (n > max >> shift)
            return false;
        n <<= shift;
        s++;
    }
    *size = n;
    return *s == '\0';
}

/* A number of threads. */
static bool parse_jobs(const char *s, size_t *jobs)
{
    size_t n = 0;

    for (; *s >= '0' && *s <= '9' && n <= CVK_MAX_JOBS; s++)
        n = n * 10 + (size_t)(*s - '0');
    *jobs = n;
    return *s == '\0' && n >= 1 && n <= CVK_MAX_JOBS;
}

static bool parse_progress(const char *s, enum cvk_progress_mode *mode)
{
    static const char *const names[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(s, names[i]) == 0) {
            *mode = (enum cvk_progress_mode)i;
            return true;
        }
    return false;
}

/* Notes become members of a JSON object: one for each key, in UTF-8. */
static bool add_note(const char *s, struct cvk_options *o)
{
    size_t key = strcspn(s, "=");

    if (key == 0 || !s[key] || o->n_notes == CVK_MAX_NOTES ||
        !cvk_utf8_valid(cvk_slice_of(s, strlen(s))))
        return false;
    for (size_t i = 0; i < o->n_notes; i++)
        if (strncmp(o->notes[i], s, key + 1) == 0)
            return false;
    o->notes[o->n_notes++] = s;
    return true;
}

/* Files from the connected side, in the order in which they are named. */
static bool add_export(const char *s, enum cvk_role role, struct cvk_options *o)
{
    if (!*s || o->n_exports == CVK_MAX_EXPORTS)
        return false;
    if (role == CVK_AS_INPUT_DES)
        for (size_t i = 0; i < o->n_exports; i++)
            if (o->exports[i].role == role)
                return false;
    o->exports[o->n_exports++] = (struct cvk_gather_export){s, role};
    return true;
}

static bool parse_tier(const char *s, enum cvk_tier *tier)
{
    static const char *const names[] = {"snapshot", "vault", "both"};

    for (int i = 0; i < 3; i++)
        if (strcmp(s, names[i]) == 0) {
            *tier = (enum cvk_tier)(CVK_TIER_SNAPSHOT + i);
            return true;
        }
    return false;
}

static bool parse_shell(const char *s, enum cvk_shell *shell)
{
    if (strcmp(s, "az") == 0)
        *shell = CVK_AZ;
    else if (strcmp(s, "powershell") == 0)
        *shell = CVK_POWERSHELL;
    else
        return false;
    return true;
}

/* The runbook knows the names, and the syntax of each value. */
static bool add_set(const char *s, struct cvk_options *o)
{
    if (!strchr(s, '=') || o->n_sets == CVK_MAX_SETS)
        return false;
    o->sets[o->n_sets++] = s;
    return true;
}

static bool is_des_id(const char *s)
{
    struct cvk_arm_id id;

    return cvk_arm_id_parse(cvk_slice_of(s, strlen(s)), &id) &&
           id.type == CVK_ARM_DISK_ENCRYPTION_SET;
}

static bool is_key_url(const char *s)
{
    struct cvk_key_url url;

    return cvk_key_url_parse(cvk_slice_of(s, strlen(s)), &url);
}

/* Stores the value where it belongs; false if it is none of that kind. */
static bool take_value(const struct row *row, const char *value,
                       struct cvk_options *o)
{
    void *member = (char *)o + row->offset;

    switch (row->kind) {
    case FLAG:
        *(bool *)member = true;
        return true;
    case FILE_OR_NOT:
        *(const char **)member = value ? value : "";
        return true;
    case STRING:
        *(const char **)member = value;
        return *value;
    case JOBS:
        return parse_jobs(value, member);
    case NOTE:
        return add_note(value, o);
    case PROGRESS:
        return parse_progress(value, member);
    case EXPORT:
        return add_export(value, (enum cvk_role)row->offset, o);
    case KEY_URL:
        *(const char **)member = value;
        return is_key_url(value);
    case DES_ID:
        *(const char **)member = value;
        return is_des_id(value);
    case TIER:
        return parse_tier(value, member);
    case TIME:
        o->has_at = true;
        return cvk_timestamp_parse(cvk_slice_of(value, strlen(value)), member);
    case SHELL:
        return parse_shell(value, member);
    case SET:
        return add_set(value, o);
    case OFFSET:
        return parse_size(value, CVK_MAX_IMAGE_SIZE, member);
    case LENGTH:
        return parse_size(value, CVK_MAX_IMAGE_SIZE, member) &&
               *(uint64_t *)member;
    default:
        return parse_size(value, CVK_MAX_INPUT_SIZE, member) &&
               *(uint64_t *)member;
    }
}

/* Are the values of such rows paths? */
static bool is_path(enum kind kind)
{
    return kind == STRING || kind == FILE_OR_NOT || kind == EXPORT;
}

static bool apply(const struct cvk_command *c, const struct row *row,
                  const char *value, struct cvk_options *o)
{
    static const char *const wants[] = {
        [FLAG] = "takes no value",
        [FILE_OR_NOT] = "takes a file",
        [STRING] = "needs a value",
        [SIZE] = "takes a size from 1 to 1G, such as 8M",
        [OFFSET] = "takes a number of bytes, such as 512G",
        [LENGTH] = "takes a number of bytes from 1 on, such as 512G",
        [JOBS] = "takes a number from 1 to 256",
        [NOTE] = "takes KEY=VALUE in UTF-8, each KEY once",
        [PROGRESS] = "takes auto, always or never",
        [EXPORT] = "takes a file; --input-des once, all together 64 times",
        [KEY_URL] = "takes https://VAULT-HOST/keys/NAME/VERSION",
        [DES_ID] = ("takes /subscriptions/GUID/resourceGroups/RG/providers/"
                    "Microsoft.Compute/diskEncryptionSets/NAME"),
        [TIER] = "takes snapshot, vault or both",
        [TIME] = "takes a time such as 2026-01-28T10:11:12Z",
        [SHELL] = "takes powershell or az",
        [SET] = "takes NAME=VALUE, at most 64 times",
    };

    if (take_value(row, value, o))
        return true;
    cvk_usage_error(c->name, "option --%s %s", row->name, wants[row->kind]);
    return false;
}

/* getopt's two views of the rows that a command has. */
struct getopt_view {
    char letters[2 * N_ROWS + 3];
    struct option longs[N_ROWS + 1];
};

static void build_view(const struct cvk_command *c, struct getopt_view *v)
{
    size_t letters = 0, longs = 0;

    /* glibc does so by itself, musl does not */
    if (getenv("POSIXLY_CORRECT"))
        v->letters[letters++] = '+';
    v->letters[letters++] = ':';
    for (int i = 0; i < N_ROWS; i++) {
        if (!(rows[i].commands & c->mask))
            continue;
        v->longs[longs++] = (struct option){
            rows[i].name,
            rows[i].kind == FILE_OR_NOT ? optional_argument
            : rows[i].value             ? required_argument
                                        : no_argument,
            NULL, FIRST_LONG + i};
        if (!rows[i].letter)
            continue;
        v->letters[letters++] = rows[i].letter;
        if (rows[i].value)
            v->letters[letters++] = ':';
    }
    v->letters[letters] = '\0';
    v->longs[longs] = (struct option){0};
}

static const struct row *find_row(int got)
{
    if (got >= FIRST_LONG)
        return &rows[got - FIRST_LONG];
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].letter == got)
            return &rows[i];
    return NULL;
}

/* getopt said '?' or ':'; optopt is the letter or row it speaks of, 0 for a
 * long name it does not know. A letter that is no ASCII is above all rows with
 * musl. */
static void explain(const struct cvk_command *c, int got, char **argv)
{
    const char *word = argv[optind - 1];

    if (got == ':')
        cvk_usage_error(c->name, "option %s needs a value", word);
    else if (optopt >= FIRST_LONG && optopt < FIRST_LONG + N_ROWS)
        cvk_usage_error(c->name, "option --%s takes no value",
                        rows[optopt - FIRST_LONG].name);
    else if (optopt)
        cvk_usage_error(c->name, "unknown option -%c", optopt);
    else
        cvk_usage_error(c->name, "unknown option %s", word);
}

bool cvk_options_parse(const struct cvk_command *c, int argc, char **argv,
                       struct cvk_options *o)
{
    struct getopt_view view;
    int got;

    *o = (struct cvk_options){.max_input_size = CVK_DEFAULT_INPUT_SIZE};
    build_view(c, &view);
    opterr = 0;
    optind = 1;
    while ((got = getopt_long(argc, argv, view.letters, view.longs, NULL)) !=
           -1) {
        const struct row *row = got == '?' || got == ':' ? NULL : find_row(got);

        if (!row) {
            explain(c, got, argv);
            return false;
        }
        if (optarg && is_path(row->kind))
            cvk_path_spell(optarg);
        if (!apply(c, row, optarg, o))
            return false;
    }
    o->words = argv;
    o->n_words = argc;
    o->inputs = argv + optind;
    o->n_inputs = argc - optind;
    for (int i = 0; i < o->n_inputs; i++)
        cvk_path_spell(o->inputs[i]);
    return true;
}

/* ---- help --------------------------------------------------------------- */

static void print_option(const struct row *row, FILE *to)
{
    bool optional = row->kind == FILE_OR_NOT;
    char word[64], letter[8] = "    ";

    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(word, sizeof word, "%s--%s%s%s%s%s", letter, row->name,
             optional ? "[" : "", row->value ? "=" : "",
             row->value ? row->value : "", optional ? "]" : "");
    fprintf(to, "  %-30s %s\n", word, row->help);
}

void cvk_options_help(const struct cvk_command *c, FILE *to)
{
    bool program = !*c->name;

    fprintf(to, "Usage: cvmkey %s%s%s\n%s\n\n", c->name, program ? "" : " ",
            c->operands, c->summary);
    if (program) {
        fputs("Commands:\n", to);
        for (size_t i = 1; i < N_COMMANDS; i++)
            fprintf(to, "  %-30s %s\n", commands[i].name, commands[i].summary);
        fputs("\n", to);
    }
    fputs("Options:\n", to);
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].help && (rows[i].commands & c->mask))
            print_option(&rows[i], to);
    fputs("\nAn INPUT of - is standard input. cvmkey never uses the network.\n"
          "Exit status: 0 all good, 1 an input was refused, 2 wrong usage, 3 "
          "system trouble.\n", to);
    fprintf(to, "Manual: cvmkey%s%s(1)\n", program ? "" : "-", c->name);
}
