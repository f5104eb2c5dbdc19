/* SPDX-License-Identifier: MIT */
/* Every unit test program is one suite that speaks TAP on standard output. */
#ifndef CVK_TESTS_UNIT_H
#define CVK_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

/* Compares a slice with a string constant. */
#define assert_slice(s, text)                                                  \
    do {                                                                       \
        struct cvk_slice slice_ = (s);                                         \
        ck_assert_uint_eq(slice_.n, sizeof(text) - 1);                         \
        ck_assert_mem_eq(slice_.p, text, sizeof(text) - 1);                    \
    } while (0)

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
