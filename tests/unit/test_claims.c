/* SPDX-License-Identifier: MIT */
#include "evidence/claims.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define VERSION "0123456789abcdef0123456789abcdef"
#define KEY_URL "https://kv-1.vault.azure.net/keys/k-1/" VERSION
#define SECRET_URL "https://kv-1.vault.azure.net/secrets/s-1/" VERSION
#define GUID "01234567-89ab-cdef-0123-456789abcdef"
#define DES_ID                                                                 \
    "/subscriptions/" GUID "/resourceGroups/rg-1/providers/Microsoft.Compute/" \
    "diskEncryptionSets/des-1"
#define CONFIG                                                                 \
    "{\"D\":{\"KeyUrl\":\"" KEY_URL "\",\"Short\":\"https://kv-1.vault.azure." \
    "net/keys/k-1\",\"Des\":\"" DES_ID "\",\"Secret\":\"" SECRET_URL "\","     \
    "\"n\":7,\"t\":true,\"z\":null,\"s\":\"a\\u00e9\\n\",\"x/y~\":\"p\","      \
    "\"o\":{\"i\":\"1\",\"i\":\"2\"},\"l\":[\"e\"]}}"

static struct cvk_dom config, record;
static struct cvk_buf name;
static char why[CVK_MAX_FINDING_TEXT];

static void set_up(void)
{
    cvk_dom_setup();
    cvk_dom_init(&config);
    cvk_dom_init(&record);
    cvk_buf_init(&name, CVK_MAX_POINTER + 1);
}

static void tear_down(void)
{
    cvk_dom_clear(&config);
    cvk_dom_clear(&record);
    cvk_buf_clear(&name);
}

static void parse(struct cvk_dom *d, const char *text)
{
    ck_assert_int_eq(cvk_dom_parse(d, cvk_slice_of(text, strlen(text)), 100),
                     CVK_OK);
}

static enum cvk_code check(const char *line)
{
    parse(&config, CONFIG);
    parse(&record, line);
    return cvk_claims_check(&record, &config, &name, why);
}

#define FIELD(pointer, value) \
    "{\"fields\":[{\"pointer\":\"" pointer "\",\"value\":" value "}]}"
#define KEY(more) \
    "{\"key\":{\"url\":\"" KEY_URL "\",\"url_pointer\":\"/D/KeyUrl\"" more "}}"
#define DES(more) \
    "{\"des\":{\"id\":\"" DES_ID "\",\"id_pointer\":\"/D/Des\"" more "}}"
#define SECRET(more)                                   \
    "{\"secret\":{\"url\":\"" SECRET_URL "\","         \
    "\"url_pointer\":\"/D/Secret\"" more "}}"

static const char *const agreeing[] = {
    "{}",
    "{\"key\":{\"url\":null,\"url_pointer\":null,\"name\":null}}",
    KEY(""),
    KEY(",\"name\":\"k-1\",\"version\":\"" VERSION "\",\"vault\":\"kv-1\""),
    KEY(",\"name\":null,\"version\":null,\"vault\":null"),
    /* the version comes from elsewhere */
    "{\"key\":{\"url\":\"https://kv-1.vault.azure.net/keys/k-1\","
    "\"url_pointer\":\"/D/Short\",\"version\":\"" VERSION "\"}}",
    DES(",\"name\":\"des-1\",\"resource_group\":\"rg-1\",\"subscription\":\""
        GUID "\""),
    SECRET(",\"name\":\"s-1\",\"version\":\"" VERSION "\",\"vault\":\"kv-1\""),
    "{\"fields\":[]}",
    "{\"fields\":null}",
    FIELD("/D/n", "7"),
    FIELD("/D/t", "true"),
    FIELD("/D/z", "null"),
    FIELD("/D/s", "\"a\xc3\xa9\\n\""),
    FIELD("/D/x~1y~0", "\"p\""),
    FIELD("/D/l/0", "\"e\""),
    FIELD("/D/o/i", "\"3\""), /* stands twice: neither is meant */
};

START_TEST(what_the_config_says_may_be_claimed)
{
    ck_assert_msg(check(agreeing[_i]) == CVK_OK, "%s: %s", agreeing[_i], why);
}
END_TEST

static const struct {
    const char *line, *why;
} contradicting[] = {
    {"{\"key\":{\"url\":\"" KEY_URL "\",\"url_pointer\":\"/D/Des\"}}",
     "key.url is"},
    {"{\"key\":{\"url\":\"" KEY_URL "\",\"url_pointer\":\"/D/k\"}}",
     "the config has 'nothing'"},
    {"{\"key\":{\"url\":\"" KEY_URL "\",\"url_pointer\":null}}", "no pointer"},
    {"{\"key\":{\"url\":\"" KEY_URL "x\",\"url_pointer\":\"/D/KeyUrl\"}}",
     "key.url is"},
    {"{\"key\":{\"url\":\"" DES_ID "\",\"url_pointer\":\"/D/Des\"}}",
     "no such URL"},
    {KEY(",\"name\":\"k-2\""), "key.name is 'k-2', but its identifier has 'k-1'"},
    {KEY(",\"version\":\"x\""), "key.version is"},
    {KEY(",\"vault\":\"kv-2\""), "key.vault is"},
    {"{\"des\":{\"id\":\"" DES_ID "\",\"id_pointer\":\"/D/KeyUrl\"}}",
     "des.id is"},
    {"{\"des\":{\"id\":\"" KEY_URL "\",\"id_pointer\":\"/D/KeyUrl\"}}",
     "no resource id"},
    {DES(",\"name\":\"des-2\""), "des.name is"},
    {DES(",\"resource_group\":\"rg-2\""), "des.resource_group is"},
    {DES(",\"subscription\":\"0\""), "des.subscription is"},
    {SECRET(",\"name\":\"s-2\""), "secret.name is"},
    {SECRET(",\"vault\":\"s\""), "secret.vault is"},
    {FIELD("/D/n", "8"), "/D/n is 'no string', but the config has 'nothing'"},
    {FIELD("/D/n", "\"7\""), "/D/n is '7'"},
    {FIELD("/D/t", "false"), "/D/t is"},
    {FIELD("/D/z", "0"), "/D/z is"},
    {FIELD("/D/s", "\"a\""), "/D/s is 'a', but the config has 'a\xc3\xa9\\n'"},
    {FIELD("/D/missing", "\"a\""), "/D/missing is"},
    {FIELD("/D/l/1", "\"e\""), "/D/l/1 is"},
    {"{\"fields\":[{\"pointer\":\"/D/n\",\"value\":7},{\"pointer\":\"/D/t\","
     "\"value\":null}]}", "/D/t is"},
    {FIELD("/D/l", "[\"e\"]"), "/D/l is"}, /* no field is a list */
    {FIELD("/D", "{}"), "/D is"},
    {"{\"fields\":[{}]}", "is 'no string'"},
    {"{\"fields\":[7]}", "is 'no string'"},
};

START_TEST(anything_else_may_not)
{
    ck_assert_msg(check(contradicting[_i].line) == CVK_E_VERIFY_FACTS, "%s",
                  contradicting[_i].line);
    ck_assert_msg(strstr(why, contradicting[_i].why) != NULL, "%s\nsays: %s",
                  contradicting[_i].line, why);
}
END_TEST

/* Of a long value a record has the beginning. */
START_TEST(a_value_may_be_cut_where_records_cut_it)
{
    static char text[3 * CVK_MAX_FIELD_SIZE];
    static char line[3 * CVK_MAX_FIELD_SIZE];

    for (int n = CVK_MAX_FIELD_SIZE - 5; n <= CVK_MAX_FIELD_SIZE; n++) {
        snprintf(text, sizeof text, "{\"a\":\"%0*d\"}",
                 2 * CVK_MAX_FIELD_SIZE, 0);
        snprintf(line, sizeof line,
                 "{\"fields\":[{\"pointer\":\"/a\",\"value\":\"%0*d\"}]}", n,
                 0);
        parse(&config, text);
        parse(&record, line);
        ck_assert_int_eq(cvk_claims_check(&record, &config, &name, why),
                         n > CVK_MAX_FIELD_SIZE - 4 ? CVK_OK
                                                    : CVK_E_VERIFY_FACTS);
        text[6] = '1'; /* not what the record begins with */
        parse(&config, text);
        ck_assert_int_eq(cvk_claims_check(&record, &config, &name, why),
                         CVK_E_VERIFY_FACTS);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("claims");
    TCase *tc = tcase_create("claims");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, what_the_config_says_may_be_claimed, 0,
                        sizeof agreeing / sizeof *agreeing);
    tcase_add_loop_test(tc, anything_else_may_not, 0,
                        sizeof contradicting / sizeof *contradicting);
    tcase_add_test(tc, a_value_may_be_cut_where_records_cut_it);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
