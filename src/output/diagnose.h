/* SPDX-License-Identifier: MIT */
/* Judgements as text for people or as JSON lines. */
#ifndef CVK_OUTPUT_DIAGNOSE_H
#define CVK_OUTPUT_DIAGNOSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "output/report.h"
#include "restore/judgement.h"

struct cvk_diagnose_format {
    /* Append to out; false when out is full. */
    bool (*judgement)(struct cvk_buf *out, const struct cvk_judgement *j,
                      const struct cvk_case *c);
    /* An input that cannot be used. */
    bool (*refused)(struct cvk_buf *out, const struct cvk_record *r);
    bool (*summary)(struct cvk_buf *out, const struct cvk_summary *s);
};

extern const struct cvk_diagnose_format cvk_diagnose_text;
extern const struct cvk_diagnose_format cvk_diagnose_json;

#endif
