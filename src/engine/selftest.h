/* SPDX-License-Identifier: MIT */
/* Known answers: small inputs that the program holds, run through the same
 * code as evidence, against results that were derived by other means. */
#ifndef CVK_ENGINE_SELFTEST_H
#define CVK_ENGINE_SELFTEST_H

#include <stdbool.h>

#include "base/code.h"

struct cvk_selftest_case {
    const char *name;
    const char *expected, *got; /* bytes, a digest or an id */
    bool passed;
};

typedef void cvk_selftest_emit(void *context,
                               const struct cvk_selftest_case *c);

/* Runs all cases, in the same order each time. CVK_OK when each was run,
 * whether it passed or not; CVK_E_MEMORY. */
enum cvk_code cvk_selftest_run(void *context, cvk_selftest_emit *emit);

#endif
