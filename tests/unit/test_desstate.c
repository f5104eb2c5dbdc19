/* SPDX-License-Identifier: MIT */
#include "restore/desstate.h"

#include "exported.h"
#include "unit.h"

#define ID DES_ID("rg", "d")
#define FOREIGN                                                                \
    "/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/rg"    \
    "/providers/Microsoft.Compute/diskEncryptionSets/x"

static const struct {
    const char *text;
    enum cvk_des_state state;
} states[] = {
    {"[" DES(ID, KEY_URL) "]", CVK_DES_PRESENT},
    {DES(DES_ID("RG", "D"), KEY_URL), CVK_DES_PRESENT},
    {"[]", CVK_DES_ABSENT},
    /* another DES of its group, or of two groups of its subscription */
    {"[" DES(DES_ID("rg", "x"), KEY_URL) "]", CVK_DES_ABSENT},
    {"[" DES(DES_ID("a", "x"), KEY_URL) "," DES(DES_ID("b", "x"), KEY_URL) "]",
     CVK_DES_ABSENT},
    /* lists that are not of it, or not whole, or one DES alone */
    {"[" DES(DES_ID("a", "x"), KEY_URL) "," DES(DES_ID("A", "y"), KEY_URL) "]",
     CVK_DES_UNKNOWN},
    {"[" DES(FOREIGN, KEY_URL) "]", CVK_DES_UNKNOWN},
    {"{\"value\":[" DES(DES_ID("rg", "x"), KEY_URL) "],\"nextLink\":\"n\"}",
     CVK_DES_UNKNOWN},
    {DES(DES_ID("rg", "x"), KEY_URL), CVK_DES_UNKNOWN},
    {"[" DES(ID, KEY_URL) "," DES(ID, HOST "/keys/l/" NEW) "]",
     CVK_DES_CONTRADICTORY},
    {"[" DES(ID, KEY_URL) "," DES(ID, KEY_URL) "]", CVK_DES_PRESENT},
};

START_TEST(exports_show_whether_a_des_exists)
{
    ck_assert_int_eq(give(CVK_AS_DES, states[_i].text), CVK_OK);
    ck_assert_int_eq(cvk_des_state_find(&facts, words(ID)).state,
                     states[_i].state);
    ck_assert_int_eq(cvk_des_state_find(&facts, words(ID "/")).state,
                     states[_i].state);
}
END_TEST

START_TEST(an_empty_list_counts_only_as_one_of_des)
{
    ck_assert_int_eq(cvk_des_state_find(&facts, words(ID)).state,
                     CVK_DES_UNKNOWN);
    ck_assert_int_eq(give(CVK_AS_KEYS, "[]"), CVK_OK);
    ck_assert_int_eq(cvk_des_state_find(&facts, words(ID)).state,
                     CVK_DES_UNKNOWN);
    ck_assert_int_eq(give(CVK_AS_DES, "[]"), CVK_OK);
    ck_assert(cvk_des_state_find(&facts, words(ID)).by_empty_list);
}
END_TEST

START_TEST(the_des_to_be_named_stands_in_for_its_id)
{
    struct cvk_des_view v;

    ck_assert_int_eq(give(CVK_AS_DES, "[]"), CVK_OK);
    ck_assert_int_eq(give(CVK_AS_DES, DES(ID, KEY_URL)), CVK_OK);
    v = cvk_des_state_find(&facts, words(ID));
    ck_assert_int_eq(v.state, CVK_DES_CONTRADICTORY);
    ck_assert_int_eq(give(CVK_AS_INPUT_DES, DES(ID, HOST "/keys/l/" NEW)),
                     CVK_OK);
    v = cvk_des_state_find(&facts, words(ID));
    ck_assert_int_eq(v.state, CVK_DES_PRESENT);
    assert_slice(cvk_case_text(&facts, v.des->key_url), HOST "/keys/l/" NEW);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("desstate");
    TCase *tc = tcase_create("desstate");

    tcase_add_checked_fixture(tc, setup_case, teardown_case);
    tcase_add_loop_test(tc, exports_show_whether_a_des_exists, 0,
                        sizeof states / sizeof *states);
    tcase_add_test(tc, an_empty_list_counts_only_as_one_of_des);
    tcase_add_test(tc, the_des_to_be_named_stands_in_for_its_id);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
