/* SPDX-License-Identifier: MIT */
#include "restore/keystate.h"

#include "exported.h"
#include "unit.h"

enum { AT = 1772323200 }; /* 2026-03-01 */

#define WITH(attributes) ",\"attributes\":{" attributes "}"
#define GONE(purge) ",\"deletedDate\":1,\"scheduledPurgeDate\":" purge

static const struct {
    const char *keys, *deleted; /* NULL: not exported */
    enum cvk_key_state state;
} states[] = {
    {NULL, NULL, CVK_KEY_UNKNOWN},
    {"[" KEY("k/" OLD, LIVE) "]", NULL, CVK_KEY_USABLE},
    {"[" KEY("K/" OLD, WITH("\"enabled\":false")) "]", NULL, CVK_KEY_DISABLED},
    {"[" KEY("k/" OLD, WITH("\"enabled\":true,\"exp\":1772323200")) "]", NULL,
     CVK_KEY_EXPIRED},
    {"[" KEY("k/" OLD, WITH("\"enabled\":true,\"exp\":1772323201")) "]", NULL,
     CVK_KEY_USABLE},
    {"[" KEY("k/" OLD, WITH("\"enabled\":false,\"exp\":1")) "]", NULL,
     CVK_KEY_DISABLED},
    /* shown alone: of itself only */
    {"{\"key\":{\"kid\":\"" KEY_URL "\"}" LIVE "}", NULL, CVK_KEY_USABLE},
    {"{\"key\":{\"kid\":\"" HOST "/keys/k/" NEW "\"}" LIVE "}", NULL,
     CVK_KEY_UNKNOWN},
    /* whether it is enabled is not said */
    {"[" KEY("k/" OLD, "") "]", NULL, CVK_KEY_UNKNOWN},
    /* lists that prove absence, and others */
    {"[" KEY("l", LIVE) "]", NULL, CVK_KEY_ABSENT},
    {"[" KEY("k/" NEW, LIVE) "]", NULL, CVK_KEY_ABSENT},
    {"[" KEY("k", LIVE) "]", NULL, CVK_KEY_UNKNOWN},
    {"[" KEY("l/" NEW, LIVE) "]", NULL, CVK_KEY_UNKNOWN},
    {"[{\"kid\":\"https://w.vault.azure.net/keys/l\"}]", NULL, CVK_KEY_UNKNOWN},
    {"{\"value\":[" KEY("l", LIVE) "],\"nextLink\":\"x\"}", NULL,
     CVK_KEY_UNKNOWN},
    {"{\"value\":[" KEY("l", LIVE) "],\"nextLink\":null}", NULL,
     CVK_KEY_ABSENT},
    {"[]", NULL, CVK_KEY_ABSENT},
    {"{\"value\":[],\"nextLink\":\"x\"}", NULL, CVK_KEY_UNKNOWN},
    /* soft-deleted until it is purged */
    {NULL, "[" KEY("k", GONE("1772323201")) "]", CVK_KEY_SOFT_DELETED},
    {NULL, "[" KEY("k", GONE("null")) "]", CVK_KEY_SOFT_DELETED},
    {NULL, "[" KEY("k", GONE("1772323200")) "]", CVK_KEY_UNKNOWN},
    {NULL, "[" KEY("l", GONE("1772323201")) "]", CVK_KEY_UNKNOWN},
    {NULL, "[]", CVK_KEY_UNKNOWN},
    {"[" KEY("l", LIVE) "]", "[" KEY("k", GONE("null")) "]",
     CVK_KEY_SOFT_DELETED},
    /* not of one time */
    {"[" KEY("k/" OLD, LIVE) "]", "[" KEY("k", GONE("null")) "]",
     CVK_KEY_CONTRADICTORY},
    {"[" KEY("k", LIVE) "]", "[" KEY("k", GONE("null")) "]",
     CVK_KEY_CONTRADICTORY},
};

static struct cvk_key_view look(bool one_vault)
{
    struct cvk_key_url key;

    ck_assert(cvk_key_url_parse(words(KEY_URL), &key));
    facts.at = AT;
    return cvk_key_state_find(&facts, &key, one_vault);
}

START_TEST(exports_show_the_state_of_a_version)
{
    if (states[_i].keys)
        ck_assert_int_eq(give(CVK_AS_KEYS, states[_i].keys), CVK_OK);
    if (states[_i].deleted)
        ck_assert_int_eq(give(CVK_AS_DELETED_KEYS, states[_i].deleted), CVK_OK);
    ck_assert_str_eq(cvk_key_state_words(look(true).state),
                     cvk_key_state_words(states[_i].state));
}
END_TEST

START_TEST(an_empty_list_speaks_of_one_vault_at_most)
{
    ck_assert_int_eq(give(CVK_AS_KEYS, "[]"), CVK_OK);
    ck_assert(look(true).by_empty_list);
    ck_assert_int_eq(look(false).state, CVK_KEY_UNKNOWN);
    ck_assert(!look(false).by_empty_list);
    ck_assert_int_eq(give(CVK_AS_KEYS, "[" KEY("l", "") "]"), CVK_OK);
    ck_assert_int_eq(look(true).state, CVK_KEY_ABSENT);
    ck_assert(!look(true).by_empty_list);
}
END_TEST

START_TEST(the_name_of_a_version_that_is_gone_may_be_taken)
{
    ck_assert_int_eq(give(CVK_AS_KEYS, "[" KEY("k/" NEW, LIVE) "]"), CVK_OK);
    ck_assert_int_eq(look(true).state, CVK_KEY_ABSENT);
    ck_assert(look(true).name_taken);
    ck_assert(!look(true).name_listed);
}
END_TEST

START_TEST(the_state_has_its_dates_and_its_place)
{
    struct cvk_key_view v;

    ck_assert_int_eq(give(CVK_AS_DELETED_KEYS,
                          "[" KEY("l", GONE("1772323201")) ","
                              KEY("k", GONE("1772323300")) "]"), CVK_OK);
    v = look(true);
    ck_assert(v.has_purge);
    ck_assert_int_eq(v.purge, 1772323300);
    assert_slice(cvk_case_text(&facts, v.from.pointer), "/1/kid");
    forget_exports();
    ck_assert_int_eq(
        give(CVK_AS_KEYS,
             "[" KEY("k/" OLD, WITH("\"enabled\":true,\"nbf\":1772323201"))
             "]"), CVK_OK);
    v = look(true);
    ck_assert(v.not_yet);
    ck_assert_int_eq(v.state, CVK_KEY_USABLE);
}
END_TEST

START_TEST(the_soft_deleted_keys_are_listed_or_not)
{
    ck_assert(!look(true).deleted_listed);
    ck_assert_int_eq(give(CVK_AS_DELETED_KEYS, "[]"), CVK_OK);
    ck_assert(look(true).deleted_listed);
    ck_assert(!look(false).deleted_listed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keystate");
    TCase *tc = tcase_create("keystate");

    tcase_add_checked_fixture(tc, setup_case, teardown_case);
    tcase_add_loop_test(tc, exports_show_the_state_of_a_version, 0,
                        sizeof states / sizeof *states);
    tcase_add_test(tc, an_empty_list_speaks_of_one_vault_at_most);
    tcase_add_test(tc, the_name_of_a_version_that_is_gone_may_be_taken);
    tcase_add_test(tc, the_state_has_its_dates_and_its_place);
    tcase_add_test(tc, the_soft_deleted_keys_are_listed_or_not);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
