/* SPDX-License-Identifier: MIT */
/* What the connected side exported: recognised by its content, in the shapes
 * of az, REST and PowerShell, and added to a case. */
#ifndef CVK_RESTORE_EXPORT_H
#define CVK_RESTORE_EXPORT_H

#include "evidence/json_dom.h"
#include "restore/case.h"

/* Why an export cannot be used. */
struct cvk_export_fault {
    enum cvk_code code;
    bool placed;
    size_t at;               /* offset in the text, if placed */
    struct cvk_text pointer; /* in the case's text, else not known */
    char why[CVK_MAX_FINDING_TEXT];
};

/* Reads text (UTF-8, followed by a NUL that does not count), which was given
 * as the option of role says and lies at path. CVK_OK; else the code that is
 * in *fault: the case must not be judged then. */
enum cvk_code cvk_export_read(struct cvk_case *c, struct cvk_dom *dom,
                              struct cvk_slice path, enum cvk_role role,
                              struct cvk_slice text,
                              struct cvk_export_fault *fault);

#endif
