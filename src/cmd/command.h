/* SPDX-License-Identifier: MIT */
/* What each command's own file offers to the table of commands. */
#ifndef CVK_CMD_COMMAND_H
#define CVK_CMD_COMMAND_H

#include "cmd/options.h"

const char *cvk_extract_verify(const struct cvk_options *o);
int cvk_extract_run(const struct cvk_options *o);

const char *cvk_show_verify(const struct cvk_options *o);
int cvk_show_run(const struct cvk_options *o);

const char *cvk_verify_verify(const struct cvk_options *o);
int cvk_verify_run_command(const struct cvk_options *o);

const char *cvk_diagnose_verify(const struct cvk_options *o);
int cvk_diagnose_run(const struct cvk_options *o);

const char *cvk_report_verify(const struct cvk_options *o);
int cvk_report_run_command(const struct cvk_options *o);

const char *cvk_runbook_verify(const struct cvk_options *o);
int cvk_runbook_run(const struct cvk_options *o);

const char *cvk_selftest_verify(const struct cvk_options *o);
int cvk_selftest_run_command(const struct cvk_options *o);

const char *cvk_carve_verify(const struct cvk_options *o);
int cvk_carve_run_command(const struct cvk_options *o);

#endif
