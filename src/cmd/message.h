/* SPDX-License-Identifier: MIT */
/* Messages on standard error, and the exit status they lead to. */
#ifndef CVK_CMD_MESSAGE_H
#define CVK_CMD_MESSAGE_H

#include "base/code.h"
#include "evidence/record.h"

/* Exit statuses, in rising order: the highest of a run counts. */
enum {
    CVK_EXIT_OK = 0,
    CVK_EXIT_REFUSED = 1,
    CVK_EXIT_USAGE = 2,
    CVK_EXIT_SYSTEM = 3,
};

/* The exit status a code leads to. */
int cvk_exit_status(enum cvk_code code);

/* Where standard output is all there is, a full disk is an error: the exit
 * status, after a message. */
int cvk_stdout_close(void);

/* "cvmkey: error: TEXT [usage]" and where to look it up. */
void cvk_usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "cvmkey: error: TEXT [id]" and the hint of the code. */
void cvk_error(enum cvk_code code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "cvmkey: warning: TEXT [id]" and the hint of the code. */
void cvk_warning(enum cvk_code code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The error that ended a record, with its input's name, place and hint. */
void cvk_record_error_print(const struct cvk_record *r);

/* The same of a record that is about something of another name. */
void cvk_record_error_print_as(struct cvk_slice name,
                               const struct cvk_record *r);

/* The same with that hint in place of the code's own; NULL: with the code's. */
void cvk_record_error_print_hint(const struct cvk_record *r, const char *hint);

#endif
