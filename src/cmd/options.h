/* SPDX-License-Identifier: MIT */
/* The command line: one table of commands, one of options. Parsing and --help
 * both come from them. */
#ifndef CVK_CMD_OPTIONS_H
#define CVK_CMD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/limits.h"
#include "engine/gather.h"
#include "os/sandbox.h"
#include "restore/runbook.h"

/* When to show how far a run is. */
enum cvk_progress_mode {
    CVK_PROGRESS_AUTO, /* if standard error is a terminal */
    CVK_PROGRESS_ALWAYS,
    CVK_PROGRESS_NEVER,
};

/* What the command line says. Strings point into argv. */
struct cvk_options {
    const char *output;     /* -o */
    const char *output_dir; /* -d, NULL for the current one */
    bool parents;
    bool force;
    bool json;
    const char *manifest; /* "" for the usual name, NULL for none */
    const char *sums;     /* the same */
    const char *bag;      /* --bag, NULL for none */
    const char *notes[CVK_MAX_NOTES]; /* KEY=VALUE */
    size_t n_notes;
    bool resume;
    const char *files0_from; /* "-" is standard input */
    size_t jobs;             /* 0: as many as there are processors */
    enum cvk_progress_mode progress;
    bool strict;
    bool allow_unknown_format;
    bool no_cross_check;
    bool no_sync;
    uint64_t max_input_size;
    uint64_t offset, length; /* of a part of an image; length 0: to its end */
    bool partial;
    bool no_gzip;
    struct cvk_gather_export exports[CVK_MAX_EXPORTS];
    size_t n_exports;
    const char *key_url, *des_id;
    enum cvk_tier tier;
    bool has_at;
    int64_t at; /* seconds since 1970 */
    enum cvk_shell shell;
    const char *sets[CVK_MAX_SETS]; /* NAME=VALUE */
    size_t n_sets;
    bool quiet;
    bool verbose;
    bool require_sandbox;
    bool help;
    bool version;
    bool test_args; /* stop after parsing; for the tests */
    char **inputs;
    int n_inputs;
    char **words; /* all of the command line from the command on */
    int n_words;
    const struct cvk_sandbox *sandbox; /* what holds; set by main */
};

struct cvk_command {
    const char *name;
    const char *operands; /* as --help shows them */
    const char *summary;  /* one line */
    unsigned mask;        /* its bit in the options table */
    /* Why these options cannot go together, NULL if they can. */
    const char *(*verify)(const struct cvk_options *o);
    int (*run)(const struct cvk_options *o); /* returns the exit status */
};

/* The command of that name, NULL if there is none; the program itself, for
 * options before a command, has the name "". */
const struct cvk_command *cvk_command_find(const char *name);

/* True if the command writes files where these options say so. */
bool cvk_command_writes(const struct cvk_command *c,
                        const struct cvk_options *o);

/* Parses argv[1..argc), argv[0] being the name of the command. False after a
 * usage message. */
bool cvk_options_parse(const struct cvk_command *c, int argc, char **argv,
                       struct cvk_options *o);

/* Prints the help of a command, or of the program. */
void cvk_options_help(const struct cvk_command *c, FILE *to);

#endif
