/* SPDX-License-Identifier: MIT */
/* Reads members of one entry of an export, in any letter case, and remembers
 * where they stand. The first thing that is wrong ends it. */
#ifndef CVK_RESTORE_READER_H
#define CVK_RESTORE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/finding.h"
#include "evidence/json_dom.h"
#include "restore/case.h"

struct cvk_reader {
    struct cvk_case *c;
    size_t export;
    struct cvk_buf path; /* JSON pointer of the entry, then of what is read */
    size_t entry;        /* how much of path is the entry's */

    /* Of an error. */
    enum cvk_code code;
    struct cvk_text pointer; /* in c->text */
    char why[CVK_MAX_FINDING_TEXT];
};

/* The first failure counts. at may be NULL; else a pointer in c->text. */
void cvk_reader_refuse(struct cvk_reader *r, enum cvk_code code,
                       const struct cvk_text *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The value that names lead to, "identity/principalId", from a value of the
 * entry on; *pointer (may be NULL) tells where. */
struct cvk_dom_value cvk_reader_get(struct cvk_reader *r,
                                    struct cvk_dom_value from,
                                    const char *names,
                                    struct cvk_text *pointer);

/* The same in an ARM resource: below "properties", where REST has it, or at
 * the top, where az and PowerShell have it. */
struct cvk_dom_value cvk_reader_property(struct cvk_reader *r,
                                         struct cvk_dom_value entry,
                                         const char *names,
                                         struct cvk_text *pointer);

/* Stores a string; not known if there is none, or if it is empty. */
struct cvk_text cvk_reader_text(struct cvk_reader *r, struct cvk_dom_value v);

/* Reads a time; false if there is none. One that cannot be read is refused. */
bool cvk_reader_time(struct cvk_reader *r, struct cvk_dom_value v,
                     int64_t *seconds);

/* Appends one element to an array of the case. */
void cvk_reader_add(struct cvk_reader *r, struct cvk_buf *array,
                    const void *element, size_t size);

/* Where the entry itself stands. */
struct cvk_text cvk_reader_entry(struct cvk_reader *r);

#endif
