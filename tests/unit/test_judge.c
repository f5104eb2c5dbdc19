/* SPDX-License-Identifier: MIT */
/* What holds of every judgement, over all combinations of exports; the rows
 * themselves are held against the table by tests/cli/34-diagnose.sh. */
#include "restore/judge.h"

#include "exported.h"
#include "unit.h"

#define D0 DES_ID("rg", "d")
#define FAR "https://w.vault.azure.net/keys/k/" OLD
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const sets[] = {
    NULL,
    "[" DES(D0, KEY_URL) "]",
    "[" DES(D0, HOST "/keys/k/" NEW) "]",
    "[" DES(D0, HOST "/keys/l/" NEW) "]",
    "[" DES(D0, FAR) "]",
    "[" DES(DES_ID("rg", "x"), KEY_URL) "]",
    "{\"id\":\"" D0 "\",\"activeKey\":{\"keyUrl\":\"" KEY_URL
    "\"},\"encryptionType\":\"EncryptionAtRestWithCustomerKey\"}",
};
static const char *const keys[] = {
    NULL,
    "[" KEY("k/" OLD, LIVE) "," KEY("k/" NEW, LIVE) "]",
    "[" KEY("k/" OLD, ",\"attributes\":{\"enabled\":false}") "]",
    "[" KEY("k/" OLD, ",\"attributes\":{\"enabled\":true,\"exp\":1}") "]",
    "[" KEY("k/" NEW, LIVE) "]",
    "[" KEY("l", LIVE) "]",
    "[" KEY("k", LIVE) "]",
    "[]",
};
static const char *const deleted[] = {
    NULL,
    "[" KEY("k", ",\"deletedDate\":1") "]",
};
static const char *const inputs[] = {
    NULL,
    DES(DES_ID("rg", "in"), KEY_URL),
    DES(DES_ID("rg", "in"), HOST "/keys/l/" NEW),
    DES(D0, KEY_URL),
};

static struct cvk_judgement judgement;

static void setup(void)
{
    setup_case();
    cvk_judgement_init(&judgement);
}

static void teardown(void)
{
    cvk_judgement_clear(&judgement);
    teardown_case();
}

static void take(enum cvk_role role, const char *text)
{
    if (text)
        ck_assert_int_eq(give(role, text), CVK_OK);
}

/* The config names key and DES. */
static void begin(void)
{
    forget_exports();
    facts.key_url = cvk_case_store(&facts, words(KEY_URL));
    facts.des_id = cvk_case_store(&facts, words(D0));
    facts.at = 1772323200;
}

static enum cvk_code judge(enum cvk_tier tier)
{
    cvk_judgement_clear(&judgement);
    cvk_judgement_init(&judgement);
    facts.stated_tier = tier;
    return cvk_judge(&facts, &judgement);
}

static void check_judgement(void)
{
    bool fails = judgement.outcome == CVK_OUTCOME_FAILS;

    ck_assert_ptr_nonnull(judgement.scenario);
    ck_assert(!judgement.error_code || fails);
    ck_assert((judgement.outcome == CVK_OUTCOME_UNDETERMINED) ==
              (judgement.n_missing != 0));
    ck_assert_uint_ne(judgement.n_because, 0);
    ck_assert_uint_ne(judgement.n_remedy, 0);
    for (size_t i = 0; i < judgement.n_because; i++)
        ck_assert(judgement.because[i].source.known ==
                  judgement.because[i].pointer.known);
}

/* The snapshot tier never does what a vault tier does not. */
static void check_tiers(void)
{
    enum cvk_outcome snapshot, vault;
    const char *code;

    ck_assert_int_eq(judge(CVK_TIER_SNAPSHOT), CVK_OK);
    check_judgement();
    snapshot = judgement.outcome;
    code = judgement.error_code;
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    check_judgement();
    vault = judgement.outcome;
    if (snapshot == CVK_OUTCOME_SUCCEEDS)
        ck_assert_int_eq(vault, CVK_OUTCOME_SUCCEEDS);
    ck_assert_int_ne(vault, CVK_OUTCOME_UNSUPPORTED);
    if (snapshot != vault || code != judgement.error_code)
        vault = CVK_OUTCOME_UNDETERMINED;
    ck_assert_int_eq(judge(CVK_TIER_UNKNOWN), CVK_OK);
    check_judgement();
    ck_assert_int_eq(judgement.outcome, vault);
}

START_TEST(every_judgement_is_whole)
{
    for (size_t k = 0; k < COUNT(keys); k++)
        for (size_t d = 0; d < COUNT(deleted); d++)
            for (size_t i = 0; i < COUNT(inputs); i++) {
                begin();
                take(CVK_AS_DES, sets[_i]);
                take(CVK_AS_KEYS, keys[k]);
                take(CVK_AS_DELETED_KEYS, deleted[d]);
                take(CVK_AS_INPUT_DES, inputs[i]);
                check_tiers();
            }
}
END_TEST

/* Nothing is promised of a key that no export shows usable. */
START_TEST(without_a_usable_key_nothing_succeeds)
{
    for (size_t s = 0; s < COUNT(sets); s++)
        for (size_t k = 0; k < COUNT(keys); k++)
            for (size_t i = 0; i < COUNT(inputs); i++) {
                if (k == 1)
                    continue;
                begin();
                take(CVK_AS_DES, sets[s]);
                take(CVK_AS_KEYS, keys[k]);
                take(CVK_AS_INPUT_DES, inputs[i]);
                ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
                ck_assert_int_ne(judgement.outcome, CVK_OUTCOME_SUCCEEDS);
            }
}
END_TEST

START_TEST(a_case_without_facts_names_what_is_missing)
{
    forget_exports();
    ck_assert_int_eq(judge(CVK_TIER_UNKNOWN), CVK_OK);
    check_judgement();
    ck_assert_str_eq(judgement.scenario, "undetermined");
    ck_assert_str_eq(judgement.missing[0].option, "--key-url");
    ck_assert_str_eq(judgement.missing[1].option, "--vm");
}
END_TEST

START_TEST(the_wrong_type_of_a_des_vetoes_success_alone)
{
    begin();
    take(CVK_AS_DES, sets[6]);
    take(CVK_AS_KEYS, keys[1]);
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    ck_assert_str_eq(judgement.scenario, "des-wrong-type");
    ck_assert_ptr_null(judgement.error_code);
    begin();
    take(CVK_AS_DES, sets[6]);
    take(CVK_AS_KEYS, keys[5]);
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    ck_assert_str_eq(judgement.scenario, "key-deleted");
    ck_assert_str_eq(judgement.error_code, CVK_KEY_MISSING);
}
END_TEST

#define JOB(code)                                                              \
    "{\"jobId\":\"j\",\"operation\":\"Restore\",\"e\":\"" code "\"}"

START_TEST(a_job_decides_only_where_exports_do_not)
{
    begin();
    take(CVK_AS_JOB, JOB(CVK_DES_MISSING));
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    ck_assert_str_eq(judgement.scenario, "des-deleted");
    ck_assert_uint_ne(judgement.n_missing, 0);
    take(CVK_AS_DES, sets[1]);
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    ck_assert_int_eq(judgement.outcome, CVK_OUTCOME_UNDETERMINED);
    take(CVK_AS_KEYS, keys[1]);
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    ck_assert_str_eq(judgement.scenario, "original-intact");
    ck_assert_uint_eq(judgement.n_missing, 0);
}
END_TEST

START_TEST(the_rows_are_those_of_the_manual_in_its_order)
{
    static const char *const rows[] = {"1", "2", "3",  "4", "5", "6",
                                       "7a", "7b", "7c", "8", "9", "10",
                                       "11", "12"};
    size_t at = 0;

    for (size_t i = 0; i < cvk_n_rules; i++) {
        /* a row may stand there once for each of its codes */
        if (i && strcmp(cvk_rules[i].scenario, cvk_rules[i - 1].scenario) == 0)
            continue;
        ck_assert_uint_lt(at, COUNT(rows));
        ck_assert_str_eq(cvk_rules[i].row, rows[at++]);
    }
    ck_assert_uint_eq(at, COUNT(rows));
}
END_TEST

START_TEST(without_memory_there_is_no_judgement)
{
    size_t full;

    begin();
    take(CVK_AS_DES, sets[2]);
    take(CVK_AS_KEYS, keys[1]);
    ck_assert_int_eq(judge(CVK_TIER_VAULT), CVK_OK);
    full = judgement.text.n;
    for (size_t max = 0; max < full; max += 7) {
        cvk_judgement_clear(&judgement);
        cvk_judgement_init(&judgement);
        judgement.text.max = max;
        ck_assert_int_eq(cvk_judge(&facts, &judgement), CVK_E_MEMORY);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judge");
    TCase *tc = tcase_create("judge");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, every_judgement_is_whole, 0, COUNT(sets));
    tcase_add_test(tc, without_a_usable_key_nothing_succeeds);
    tcase_add_test(tc, a_case_without_facts_names_what_is_missing);
    tcase_add_test(tc, the_wrong_type_of_a_des_vetoes_success_alone);
    tcase_add_test(tc, a_job_decides_only_where_exports_do_not);
    tcase_add_test(tc, the_rows_are_those_of_the_manual_in_its_order);
    tcase_add_test(tc, without_memory_there_is_no_judgement);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
