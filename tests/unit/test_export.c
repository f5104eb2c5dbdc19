/* SPDX-License-Identifier: MIT */
#include "restore/export.h"

#include <stdio.h>

#include "exported.h"
#include "unit.h"

#define BARE_DES(shape) "{\"id\":\"" DES_ID("rg", "d") "\"" shape "}"
#define JOB_ID                                                                 \
    GROUP "rg/providers/Microsoft.RecoveryServices/vaults/r/backupJobs/j"

static const struct {
    const char *text;
    const char *name;
    size_t entries;
    bool complete;
} known[] = {
    {"[]", "empty-list", 0, true},
    {"{\"value\":[]}", "empty-list", 0, true},
    {"{\"value\":[],\"nextLink\":\"https://n\"}", "empty-list", 0, false},
    /* REST, az and PowerShell */
    {BARE_DES(",\"properties\":{\"encryptionType\":\"x\"}"),
     "disk-encryption-sets", 1, false},
    {"[" BARE_DES("") "," BARE_DES("") "]", "disk-encryption-sets", 2, true},
    {"{\"Id\":\"" DES_ID("rg", "d") "\",\"ActiveKey\":{\"KeyUrl\":null}}",
     "disk-encryption-sets", 1, false},
    {"{\"value\":[" KEY("k", "") "],\"nextLink\":null}", "keys", 1, true},
    {"[" KEY("k", "") "]", "keys", 1, true},
    {"{\"VaultName\":\"v\",\"Id\":\"https://v.vault.azure.net:443/keys/k\"}",
     "keys", 1, true},
    {"[" KEY("k", ",\"recoveryId\":\"x\"") "]", "deleted-keys", 1, true},
    {"{\"id\":\"" JOB_ID "\"}", "jobs", 1, false},
    {"{\"Target Storage Account Name\":\"a\"}", "jobs", 1, false},
};

START_TEST(an_export_is_known_by_its_content)
{
    const struct cvk_export *x;

    ck_assert_int_eq(give(CVK_AS_JOB, known[_i].text), CVK_OK);
    x = cvk_case_export(&facts, 0);
    ck_assert_str_eq(cvk_export_name(x), known[_i].name);
    ck_assert_uint_eq(x->entries, known[_i].entries);
    ck_assert(x->complete == known[_i].complete);
    assert_slice(cvk_case_text(&facts, x->path), "x.json");
    ck_assert_ptr_null(cvk_case_export(&facts, 1));
}
END_TEST

static const struct {
    const char *text, *pointer;
    enum cvk_code code;
} refused[] = {
    {"", NULL, CVK_E_INPUT_EMPTY},
    {" \r\n\t", NULL, CVK_E_INPUT_EMPTY},
    {"[1", NULL, CVK_E_JSON_TRUNCATED},
    {"[] 1", NULL, CVK_E_JSON_TRAILING},
    {"{\"a\":\"\\u0000\"}", NULL, CVK_E_JSON_NUL},
    {"{\"error\":{\"code\":\"Forbidden\"}}", "", CVK_E_EXPORT_ERROR},
    {"{\"a\":1}", "", CVK_E_EXPORT_UNKNOWN},
    {"[" BARE_DES("") ",7]", "/1", CVK_E_EXPORT_UNKNOWN},
    {"{\"OsDiskEncryptionDetails\":{}}", "", CVK_E_EXPORT_CONFIG},
    {"{\"OsDiskKeyAndSecretDetails\":{}}", "", CVK_E_EXPORT_CONFIG},
    {"{\"value\":[" BARE_DES("") "," KEY("k", "") "]}", "/value/1",
     CVK_E_EXPORT_MIXED},
    {"[" KEY("k", ",\"attributes\":{\"expires\":\"soon\"}") "]", NULL,
     CVK_E_EXPORT_VALUE},
    {"[" KEY("k", ",\"KID\":\"x\"") "]", "/0/kid", CVK_E_JSON_DUPLICATE_NAME},
};

START_TEST(what_is_no_export_is_refused_with_its_place)
{
    ck_assert_int_eq(give(CVK_AS_KEYS, refused[_i].text), refused[_i].code);
    ck_assert_int_eq(fault.code, refused[_i].code);
    ck_assert_uint_ne(strlen(fault.why), 0);
    if (!refused[_i].pointer)
        return;
    ck_assert(cvk_slice_equal(cvk_case_text(&facts, fault.pointer),
                              words(refused[_i].pointer)));
}
END_TEST

START_TEST(one_des_is_to_be_named)
{
    ck_assert_int_eq(give(CVK_AS_INPUT_DES, BARE_DES("")), CVK_OK);
    ck_assert_int_eq(give(CVK_AS_INPUT_DES, "[" BARE_DES("") "]"), CVK_OK);
    ck_assert_int_eq(
        give(CVK_AS_INPUT_DES, "[" BARE_DES("") "," BARE_DES("") "]"),
        CVK_E_EXPORT_INPUT_DES);
    ck_assert_int_eq(give(CVK_AS_INPUT_DES, "[]"), CVK_E_EXPORT_INPUT_DES);
    ck_assert_int_eq(give(CVK_AS_INPUT_DES, KEY("k", "")),
                     CVK_E_EXPORT_INPUT_DES);
}
END_TEST

static const char *const times[] = {
    "\"2026-02-01T00:00:00Z\"", "\"2026-02-01T00:00:00+00:00\"",
    "\"2026-02-01T01:00:00+01:00\"", "\"2026-02-01T00:00:00\"",
    "\"/Date(1769904000000)/\"", "1769904000",
    "{\"value\":\"/Date(1769904000000)/\",\"DateTime\":\"x\"}",
};

START_TEST(a_time_is_read_in_each_shape)
{
    char text[512];

    snprintf(text, sizeof text,
             "[" KEY("k/" OLD, ",\"attributes\":{\"enabled\":false,"
                               "\"expires\":%s}") "]", times[_i]);
    ck_assert_int_eq(give(CVK_AS_KEYS, text), CVK_OK);
    ck_assert(cvk_case_key(&facts, 0)->has_expires);
    ck_assert_int_eq(cvk_case_key(&facts, 0)->expires, 1769904000);
    ck_assert_int_eq(cvk_case_key(&facts, 0)->enabled, CVK_NO);
}
END_TEST

START_TEST(a_fact_remembers_where_it_stands)
{
    const struct cvk_des *d;

    ck_assert_int_eq(give(CVK_AS_DES, "{\"VALUE\":[" DES(DES_ID("rg", "d"),
                                                         KEY_URL) "]}"),
                     CVK_OK);
    d = cvk_case_des(&facts, 0);
    assert_slice(cvk_case_text(&facts, d->key_pointer),
                 "/VALUE/0/activeKey/keyUrl");
    assert_slice(cvk_case_text(&facts, d->key_url), KEY_URL);
    ck_assert_ptr_null(cvk_case_des(&facts, 1));
}
END_TEST

static const struct {
    const char *text;
    enum cvk_key_listing listing;
} listings[] = {
    {"[" KEY("k", "") "," KEY("l", "") "]", CVK_LISTS_KEYS},
    {"[" KEY("k/" OLD, "") "," KEY("k/" NEW, "") "]", CVK_LISTS_VERSIONS},
    {"[" KEY("k/" OLD, "") "," KEY("l/" NEW, "") "]", CVK_LISTS_NOTHING},
    {"[" KEY("k", "") "," KEY("k/" NEW, "") "]", CVK_LISTS_NOTHING},
    {"[" KEY("k", ",\"deletedDate\":1") "]", CVK_LISTS_DELETED},
    {"[" KEY("k", "") "," KEY("l", ",\"deletedDate\":1") "]",
     CVK_LISTS_NOTHING},
    {"[" KEY("k", "") ",{\"kid\":\"https://w.vault.azure.net/keys/k\"}]",
     CVK_LISTS_NOTHING},
    {"{\"key\":{\"kid\":\"" KEY_URL "\"}}", CVK_LISTS_NOTHING},
};

START_TEST(keys_list_a_vault_or_the_versions_of_one_key)
{
    ck_assert_int_eq(give(CVK_AS_KEYS, listings[_i].text), CVK_OK);
    ck_assert_int_eq(cvk_case_export(&facts, 0)->listing, listings[_i].listing);
}
END_TEST

/* Whatever runs out, nothing is taken for read that was not. */
START_TEST(without_memory_nothing_is_read)
{
    static const char text[] =
        "[" DES(DES_ID("rg", "d"), KEY_URL) "," DES(DES_ID("s", "e"), KEY_URL)
        "]";
    size_t full;

    ck_assert_int_eq(give(CVK_AS_DES, text), CVK_OK);
    full = facts.text.n;
    for (size_t max = 0; max < full; max++) {
        forget_exports();
        facts.text.max = max;
        ck_assert_int_eq(give(CVK_AS_DES, text), CVK_E_MEMORY);
    }
    forget_exports();
    facts.text.max = full;
    ck_assert_int_eq(give(CVK_AS_DES, text), CVK_OK);
    forget_exports();
    facts.des.max = sizeof(struct cvk_des);
    ck_assert_int_eq(give(CVK_AS_DES, text), CVK_E_MEMORY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("export");
    TCase *tc = tcase_create("export");

    tcase_add_checked_fixture(tc, setup_case, teardown_case);
    tcase_add_loop_test(tc, an_export_is_known_by_its_content, 0,
                        sizeof known / sizeof *known);
    tcase_add_loop_test(tc, what_is_no_export_is_refused_with_its_place, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(tc, one_des_is_to_be_named);
    tcase_add_loop_test(tc, a_time_is_read_in_each_shape, 0,
                        sizeof times / sizeof *times);
    tcase_add_test(tc, a_fact_remembers_where_it_stands);
    tcase_add_loop_test(tc, keys_list_a_vault_or_the_versions_of_one_key, 0,
                        sizeof listings / sizeof *listings);
    tcase_add_test(tc, without_memory_nothing_is_read);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
