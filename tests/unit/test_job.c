/* SPDX-License-Identifier: MIT */
#include "restore/job.h"

#include "exported.h"
#include "unit.h"

#define CODE "UserErrorDiskEncryptionSetKeyDoesNotExist"
#define JOB(members) "{\"jobId\":\"j\",\"operation\":\"Restore\"" members "}"

static const struct {
    const char *text, *code, *pointer; /* code is NULL: none is found */
} codes[] = {
    {JOB(",\"error\":\"" CODE "\""), CODE, "/error"},
    {JOB(",\"a\":[1,{\"b\":\"failed: " CODE ", see\"}]"), CODE, "/a/1/b"},
    {JOB(",\"a\":[[],{},\"x\"],\"b/c~\":\"" CODE "\""), CODE, "/b~1c~0"},
    {"[" JOB("") ",{\"properties\":{\"jobType\":\"x\",\"e\":[\"" CODE
     "\"]}}]", CODE, "/1/properties/e/0"},
    {JOB(",\"error\":\"UserErrorOne UserErrorTwo\""), "UserErrorOne",
     "/error"},
    {JOB(",\"error\":\"UserError\""), NULL, NULL},
    {JOB(",\"error\":\"user error\""), NULL, NULL},
    {JOB(",\"" CODE "\":1"), NULL, NULL},
};

START_TEST(the_code_is_found_in_any_string)
{
    const struct cvk_job *job;
    size_t i = 0;

    ck_assert_int_eq(give(CVK_AS_JOB, codes[_i].text), CVK_OK);
    while (cvk_case_job(&facts, i + 1))
        i++;
    job = cvk_case_job(&facts, i);
    ck_assert(job->code.known == (codes[_i].code != NULL));
    if (!codes[_i].code)
        return;
    ck_assert(cvk_slice_equal(cvk_case_text(&facts, job->code),
                              words(codes[_i].code)));
    ck_assert(cvk_slice_equal(cvk_case_text(&facts, job->from.pointer),
                              words(codes[_i].pointer)));
}
END_TEST

/* Containers below one another, and the code behind or in the last. */
static enum cvk_code give_nested(size_t depth, bool inside)
{
    char text[512] = "{\"jobId\":\"j\",\"operation\":\"Restore\",\"a\":";

    for (size_t i = 0; i < depth; i++)
        strcat(text, "[");
    strcat(text, inside ? "\"" CODE "\"" : "0");
    for (size_t i = 0; i < depth; i++)
        strcat(text, "]");
    strcat(text, inside ? "}" : ",\"b\":\"" CODE "\"}");
    return give(CVK_AS_JOB, text);
}

START_TEST(it_is_searched_for_down_to_a_limit)
{
    ck_assert_int_eq(give_nested(CVK_MAX_JOB_DEPTH - 1, true), CVK_OK);
    ck_assert(cvk_case_job(&facts, 0)->code.known);
    ck_assert_int_eq(give_nested(CVK_MAX_JOB_DEPTH, true), CVK_OK);
    ck_assert(!cvk_case_job(&facts, 1)->code.known);
    ck_assert_int_eq(give_nested(CVK_MAX_JOB_DEPTH + 9, false), CVK_OK);
    assert_slice(cvk_case_text(&facts, cvk_case_job(&facts, 2)->code), CODE);
}
END_TEST

static const char *const bags[] = {
    ("{\"properties\":{\"jobType\":\"x\","
     "\"extendedInfo\":{\"propertyBag\":{%s}}}}"),
    "{\"JobId\":\"j\",\"Operation\":\"Restore\",\"Properties\":{%s}}",
    "{\"extendedInfo\":{\"propertyBag\":{%s}},\"jobId\":1,\"operation\":1}",
    "{%s}",
};

START_TEST(the_place_of_the_config_is_in_the_property_bag)
{
    static const char bag[] = "\"Target Storage Account Name\":\"sa\","
                              "\"Config Blob Container Name\":\"c\","
                              "\"Secured Encryption Info Blob Name\":\"b\"";
    const char *hole = strstr(bags[_i], "%s");
    const struct cvk_job *job;
    char text[512] = "";

    strncat(text, bags[_i], (size_t)(hole - bags[_i]));
    strcat(text, bag);
    strcat(text, hole + 2);
    ck_assert_int_eq(give(CVK_AS_JOB, text), CVK_OK);
    job = cvk_case_job(&facts, 0);
    assert_slice(cvk_case_text(&facts, job->account), "sa");
    assert_slice(cvk_case_text(&facts, job->container), "c");
    assert_slice(cvk_case_text(&facts, job->blob), "b");
    ck_assert(cvk_slice_ends_nocase(
        cvk_case_text(&facts, job->blob_pointer),
        CVK_LITERAL("/Secured Encryption Info Blob Name")));
}
END_TEST

#define TIER(type, status)                                                     \
    "{\"type\":\"" type "\",\"status\":\"" status "\"}"
#define POINT(tiers)                                                           \
    "{\"properties\":{\"recoveryPointTierDetails\":[" tiers "]}}"
#define WORD(tier)                                                             \
    "{\"RecoveryPointId\":\"1\",\"RecoveryPointTime\":\"x\","                  \
    "\"RecoveryPointTier\":" tier "}"

static const struct {
    const char *text;
    enum cvk_tier tier;
} points[] = {
    {POINT(TIER("InstantRP", "Valid")), CVK_TIER_SNAPSHOT},
    {POINT(TIER("HardenedRP", "Valid")), CVK_TIER_VAULT},
    {POINT(TIER("HardenedRP", "Valid") "," TIER("instantrp", "valid")),
     CVK_TIER_BOTH},
    {POINT(TIER("InstantRP", "Valid") "," TIER("HardenedRP", "Disabled")),
     CVK_TIER_SNAPSHOT},
    {POINT(TIER("InstantRP", "Deleted")), CVK_TIER_UNKNOWN},
    {POINT(TIER("ArchivedRP", "Valid")), CVK_TIER_UNKNOWN},
    {POINT(""), CVK_TIER_UNKNOWN},
    {WORD("\"Snapshot\""), CVK_TIER_SNAPSHOT},
    {WORD("\"VaultStandard\""), CVK_TIER_VAULT},
    {WORD("\"SnapshotAndVaultStandard\""), CVK_TIER_BOTH},
    {WORD("2"), CVK_TIER_UNKNOWN},
};

START_TEST(a_point_has_the_tiers_in_which_it_is_valid)
{
    ck_assert_int_eq(give(CVK_AS_JOB, points[_i].text), CVK_OK);
    ck_assert_int_eq(cvk_case_export(&facts, 0)->kind, CVK_EXPORT_POINT);
    ck_assert_int_eq(cvk_case_point(&facts, 0)->tier, points[_i].tier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("job");
    TCase *tc = tcase_create("job");

    tcase_add_checked_fixture(tc, setup_case, teardown_case);
    tcase_add_loop_test(tc, the_code_is_found_in_any_string, 0,
                        sizeof codes / sizeof *codes);
    tcase_add_test(tc, it_is_searched_for_down_to_a_limit);
    tcase_add_loop_test(tc, the_place_of_the_config_is_in_the_property_bag, 0,
                        sizeof bags / sizeof *bags);
    tcase_add_loop_test(tc, a_point_has_the_tiers_in_which_it_is_valid, 0,
                        sizeof points / sizeof *points);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
