/* SPDX-License-Identifier: MIT */
/* What every fuzz target is made of. A target is one file, fuzz_NAME.c, with
 * the function below; an oracle that does not hold ends the process. */
#ifndef CVK_TESTS_FUZZ_H
#define CVK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* libFuzzer's interface: runs the target on one input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says which oracle was violated, and aborts. */
_Noreturn void fuzz_fail(const char *oracle, const char *file, int line);

#define fuzz_require(oracle)                                                   \
    ((oracle) ? (void)0 : fuzz_fail(#oracle, __FILE__, __LINE__))

/* Makes *b hold the bytes and a NUL behind them that does not count. */
struct cvk_slice fuzz_copy(struct cvk_buf *b, struct cvk_slice bytes);

/* A number that depends on all of the input: chooses where to cut, and in how
 * large pieces to read. */
size_t fuzz_choice(struct cvk_slice input);

/* True if part lies inside of whole; an empty part may lie at its end. */
bool fuzz_inside(struct cvk_slice part, struct cvk_slice whole);

#endif
