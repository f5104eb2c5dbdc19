/* SPDX-License-Identifier: MIT */
#include "base/code.h"

#include <regex.h>
#include <string.h>

#include "unit.h"

START_TEST(ids_have_one_or_two_parts)
{
    const char *id = cvk_code_id((enum cvk_code)_i);
    regex_t regex;

    ck_assert_int_eq(regcomp(&regex, "^[a-z0-9]+(\\.[a-z0-9-]+)?$",
                             REG_EXTENDED | REG_NOSUB), 0);
    ck_assert_ptr_nonnull(id);
    ck_assert_msg(regexec(&regex, id, 0, NULL, 0) == 0, "id \"%s\"", id);
    regfree(&regex);
}
END_TEST

START_TEST(no_id_stands_for_two_codes)
{
    const char *id = cvk_code_id((enum cvk_code)_i);

    for (int other = 0; other < _i; other++)
        ck_assert_str_ne(id, cvk_code_id((enum cvk_code)other));
}
END_TEST

START_TEST(hints_are_one_line_without_a_final_full_stop)
{
    const char *hint = cvk_code_hint((enum cvk_code)_i);
    size_t n = hint ? strlen(hint) : 0;

    if (!hint)
        return;
    ck_assert_uint_gt(n, 0);
    ck_assert_msg(hint[n - 1] != '.', "ends with a full stop: %s", hint);
    ck_assert_msg(hint[n - 1] != ' ' && hint[0] != ' ', "space: %s", hint);
    ck_assert_msg(!strstr(hint, "  "), "two spaces: %s", hint);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(hint[i] >= ' ' && hint[i] < 0x7f, "byte %zu of %s", i,
                      hint);
}
END_TEST

START_TEST(a_hint_that_speaks_of_the_original_names_it)
{
    const char *hint = cvk_code_hint((enum cvk_code)_i);

    if (hint && strstr(hint, "original"))
        ck_assert_msg(strstr(hint, "'Secured Encryption Info Blob Name'"), "%s",
                      hint);
}
END_TEST

START_TEST(classes_are_of_the_three_kinds)
{
    enum cvk_class class = cvk_code_class((enum cvk_code)_i);

    ck_assert(class == CVK_CLASS_INPUT || class == CVK_CLASS_USAGE ||
              class == CVK_CLASS_SYSTEM);
}
END_TEST

static const struct {
    const char *prefix;
    enum cvk_class class;
} groups[] = {
    {"gzip.", CVK_CLASS_INPUT}, {"text.", CVK_CLASS_INPUT},
    {"kind.", CVK_CLASS_INPUT}, {"json.", CVK_CLASS_INPUT},
    {"config.", CVK_CLASS_INPUT}, {"facts.", CVK_CLASS_INPUT},
    {"b64.", CVK_CLASS_INPUT}, {"blob.", CVK_CLASS_INPUT},
    {"cross.", CVK_CLASS_INPUT}, {"memory.", CVK_CLASS_SYSTEM},
    {"input.", CVK_CLASS_INPUT}, {"manifest.", CVK_CLASS_INPUT},
    {"verify.", CVK_CLASS_INPUT},
};

START_TEST(groups_of_ids_have_one_class)
{
    size_t n = strlen(groups[_i].prefix), met = 0;

    for (int i = 1; i < CVK_CODE_COUNT; i++) {
        enum cvk_code code = (enum cvk_code)i;

        if (strncmp(cvk_code_id(code), groups[_i].prefix, n) != 0)
            continue;
        ck_assert_msg(cvk_code_class(code) == groups[_i].class, "%s",
                      cvk_code_id(code));
        met++;
    }
    ck_assert_uint_gt(met, 0);
}
END_TEST

START_TEST(trouble_with_files_is_of_class_system_but_for_a_terminal)
{
    for (int i = 1; i < CVK_CODE_COUNT; i++) {
        enum cvk_code code = (enum cvk_code)i;

        if (strncmp(cvk_code_id(code), "io.", 3) == 0)
            ck_assert_msg(cvk_code_class(code) == (code == CVK_E_IO_TERMINAL
                                                       ? CVK_CLASS_USAGE
                                                       : CVK_CLASS_SYSTEM),
                          "%s", cvk_code_id(code));
    }
}
END_TEST

static const struct {
    enum cvk_code code;
    const char *id;
    enum cvk_class class;
} known[] = {
    {CVK_OK, "ok", CVK_CLASS_INPUT},
    {CVK_E_MEMORY, "memory.exhausted", CVK_CLASS_SYSTEM},
    {CVK_E_USAGE, "usage", CVK_CLASS_USAGE},
    {CVK_E_JSON_DUPLICATE_NAME, "json.duplicate-name", CVK_CLASS_INPUT},
    {CVK_E_B64_LENGTH, "b64.length", CVK_CLASS_INPUT},
    {CVK_E_B64_PADDING, "b64.padding", CVK_CLASS_INPUT},
    {CVK_E_B64_UNPADDED, "b64.unpadded", CVK_CLASS_INPUT},
    {CVK_E_B64_WHITESPACE, "b64.whitespace", CVK_CLASS_INPUT},
    {CVK_E_BLOB_TRUNCATED, "blob.truncated", CVK_CLASS_INPUT},
    {CVK_E_CROSS_DISAGREEMENT, "cross.disagreement", CVK_CLASS_INPUT},
    {CVK_E_FINDINGS_MORE, "findings.more", CVK_CLASS_INPUT},
    {CVK_E_IO_EXISTS, "io.exists", CVK_CLASS_SYSTEM},
    {CVK_E_IO_TERMINAL, "io.terminal", CVK_CLASS_USAGE},
};

START_TEST(published_ids_keep_their_name_and_class)
{
    ck_assert_str_eq(cvk_code_id(known[_i].code), known[_i].id);
    ck_assert_int_eq(cvk_code_class(known[_i].code), known[_i].class);
}
END_TEST

START_TEST(the_hints_the_interface_asks_for_are_there)
{
    ck_assert_ptr_null(cvk_code_hint(CVK_OK));
    ck_assert_ptr_nonnull(strstr(cvk_code_hint(CVK_E_IO_EXISTS), "--parents"));
    ck_assert_ptr_nonnull(strstr(cvk_code_hint(CVK_E_IO_EXISTS), "--force"));
    ck_assert_ptr_nonnull(
        strstr(cvk_code_hint(CVK_E_CROSS_DISAGREEMENT), "report it"));
    ck_assert_ptr_nonnull(
        strstr(cvk_code_hint(CVK_E_INPUT_TOO_LARGE), "--max-input-size"));
    ck_assert_ptr_nonnull(
        strstr(cvk_code_hint(CVK_E_BLOB_UNKNOWN_FORMAT),
               "--allow-unknown-format"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("code");
    TCase *tc = tcase_create("code");

    tcase_add_loop_test(tc, ids_have_one_or_two_parts, 0, CVK_CODE_COUNT);
    tcase_add_loop_test(tc, no_id_stands_for_two_codes, 0, CVK_CODE_COUNT);
    tcase_add_loop_test(tc, hints_are_one_line_without_a_final_full_stop, 0,
                        CVK_CODE_COUNT);
    tcase_add_loop_test(tc, a_hint_that_speaks_of_the_original_names_it, 0,
                        CVK_CODE_COUNT);
    tcase_add_loop_test(tc, classes_are_of_the_three_kinds, 0, CVK_CODE_COUNT);
    tcase_add_loop_test(tc, groups_of_ids_have_one_class,
                        0, sizeof groups / sizeof *groups);
    tcase_add_test(tc,
                   trouble_with_files_is_of_class_system_but_for_a_terminal);
    tcase_add_loop_test(tc, published_ids_keep_their_name_and_class, 0,
                        sizeof known / sizeof *known);
    tcase_add_test(tc, the_hints_the_interface_asks_for_are_there);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
