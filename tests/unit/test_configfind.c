/* SPDX-License-Identifier: MIT */
#include "evidence/configfind.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define CONFIG "{\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"JkF6\"}}"

static struct cvk_config *config;
static uint64_t work;

static void set_up(void)
{
    config = calloc(1, sizeof *config);
    ck_assert_ptr_nonnull(config);
    cvk_config_init(config);
    work = 1 << 20;
}

static void tear_down(void)
{
    cvk_config_clear(config);
    free(config);
}

/* Looks around the first "JkF6" of the text. */
static enum cvk_configfind find(const char *s, struct cvk_span *span)
{
    struct cvk_slice text = cvk_slice_of(s, strlen(s));
    size_t at = cvk_slice_search(text, CVK_LITERAL("JkF6"));
    size_t name = cvk_configfind_name(text, at);

    if (name == text.n)
        return CVK_CONFIG_NONE;
    return cvk_configfind_around(config, text, name, at, &work, span);
}

START_TEST(memory_that_ends_is_no_lack_of_a_config)
{
    struct cvk_span span;

    cvk_buf_clear(&config->text);
    cvk_buf_init(&config->text, 0);
    ck_assert_int_eq((int)find(CONFIG, &span), (int)CVK_CONFIG_NO_MEMORY);
}
END_TEST

START_TEST(a_config_is_found_in_other_text)
{
    static const struct {
        const char *before, *behind;
    } rows[] = {
        {"", ""},
        {"noise { [ ", " noise"},
        {"{\"a\":", "}"},
        {"{}{\"a\":1}", CONFIG},
        {"\xff\xfe{\"", "\xff"},
        {"{\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"", ""},
    };
    struct cvk_span span;
    char s[512];

    snprintf(s, sizeof s, "%s" CONFIG "%s", rows[_i].before, rows[_i].behind);
    ck_assert_int_eq((int)find(s, &span), (int)CVK_CONFIG_FOUND);
    ck_assert_uint_eq(span.from, strlen(rows[_i].before));
    ck_assert_uint_eq(span.to, span.from + strlen(CONFIG));
}
END_TEST

START_TEST(the_quote_before_the_name_is_found)
{
    static const struct {
        const char *text;
        size_t at; /* 0 where there is none */
    } rows[] = {
        {"x\"OsDiskEncryptionDetails\":JkF6", 1},
        {"x\\\"osdiskkeyandsecretdetails\\\":JkF6", 2},
        {"{\\u0022OsDiskEncryptionDetails\\u0022:JkF6", 1},
        {"{\\\\u0022OsDiskEncryptionDetails\\\\u0022:JkF6", 2},
        {"u0022OsDiskEncryptionDetails\":JkF6", 0},
        {"OsDiskEncryptionDetails\":JkF6", 0},
        {"\"XOsDiskEncryptionDetails\":JkF6", 0},
        {"\"OsDiskEncryptionDetailJkF6", 0},
    };
    struct cvk_slice s = cvk_slice_of(rows[_i].text, strlen(rows[_i].text));
    size_t at = cvk_slice_search(s, CVK_LITERAL("JkF6"));

    ck_assert_uint_eq(cvk_configfind_name(s, at),
                      rows[_i].at ? rows[_i].at : s.n);
}
END_TEST

START_TEST(what_is_around_the_details_belongs_to_it)
{
    const char *s = "x{\"a\":{\"b\":[1,{}]},\"osdiskencryptiondetails\":"
                    "{\"c\":{},\"keybackupdata\":\"JkF6\"},\"d\":2}y";
    struct cvk_span span;

    ck_assert_int_eq((int)find(s, &span), (int)CVK_CONFIG_FOUND);
    ck_assert_uint_eq(span.from, 1);
    ck_assert_uint_eq(span.to, strlen(s) - 1);
}
END_TEST

START_TEST(a_config_of_azure_disk_encryption_is_one)
{
    const char *s = "x{\"OsDiskKeyAndSecretDetails\":{\"KeyBackupData\":\"JkF6\"}}";
    struct cvk_span span;

    ck_assert_int_eq((int)find(s, &span), (int)CVK_CONFIG_FOUND);
    ck_assert_uint_eq(span.from, 1);
}
END_TEST

START_TEST(so_many_places_are_tried)
{
    for (size_t n = CVK_MAX_CARVE_STARTS; n <= CVK_MAX_CARVE_STARTS + 1; n++) {
        char s[512] = "", *end = s;
        struct cvk_span span;

        /* each is the beginning of nothing but the first one, farthest away */
        end += sprintf(end, "{\"a\":\"");
        for (size_t i = 1; i < n; i++)
            *end++ = '{';
        strcpy(end, "\",\"OsDiskEncryptionDetails\":"
                    "{\"KeyBackupData\":\"JkF6\"}}");
        ck_assert_int_eq((int)find(s, &span),
                         (int)(n == CVK_MAX_CARVE_STARTS ? CVK_CONFIG_FOUND
                                                         : CVK_CONFIG_NONE));
    }
}
END_TEST

START_TEST(what_is_no_config_is_none)
{
    static const char *const rows[] = {
        "JkF6",
        "{\"KeyBackupData\":\"JkF6\"}",
        "\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"JkF6\"}",
        "{\"OsDiskEncryptionDetails\":{}} JkF6",
        "{\"OsDiskEncryptionDetails\":[\"JkF6\"]}",
        "{\"OsDiskEncryptionDetails\":{\"KeyBackupData\":\"JkF6\"]}",
        "{\"OsDiskEncryptionDetails\":{\"KeyBackupData\":JkF6}}",
    };
    struct cvk_span span;

    ck_assert_int_eq((int)find(rows[_i], &span), (int)CVK_CONFIG_NONE);
}
END_TEST

START_TEST(a_config_that_goes_on_is_cut)
{
    struct cvk_span span;

    for (size_t n = strlen(CONFIG) - 7; n < strlen(CONFIG); n++) {
        char s[128] = CONFIG;

        s[n] = '\0';
        ck_assert_int_eq((int)find(s, &span), (int)CVK_CONFIG_CUT);
    }
}
END_TEST

START_TEST(work_comes_to_an_end)
{
    struct cvk_span span;

    work = 10;
    find("{\"a\":1,\"b\":{{{\"OsDiskEncryptionDetails\":{\"JkF6", &span);
    ck_assert_uint_eq(work, 0);
    ck_assert_int_eq((int)find(CONFIG, &span), (int)CVK_CONFIG_NONE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("configfind");
    TCase *tcase = tcase_create("find");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_config_is_found_in_other_text, 0, 6);
    tcase_add_loop_test(tcase, the_quote_before_the_name_is_found, 0, 8);
    tcase_add_test(tcase, what_is_around_the_details_belongs_to_it);
    tcase_add_test(tcase, a_config_of_azure_disk_encryption_is_one);
    tcase_add_test(tcase, so_many_places_are_tried);
    tcase_add_loop_test(tcase, what_is_no_config_is_none, 0, 7);
    tcase_add_test(tcase, a_config_that_goes_on_is_cut);
    tcase_add_test(tcase, work_comes_to_an_end);
    tcase_add_test(tcase, memory_that_ends_is_no_lack_of_a_config);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
