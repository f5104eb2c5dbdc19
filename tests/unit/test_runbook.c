/* SPDX-License-Identifier: MIT */
#include "restore/runbook.h"

#include <string.h>

#include "unit.h"

#define GUID "11111111-2222-3333-4444-555555555555"
#define HEX16 "0123456789abcdef"
#define HEX32 HEX16 HEX16
#define TEN "abcdefghij"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static struct cvk_runbook book;
static struct cvk_buf script;

static void set_up(void)
{
    cvk_runbook_init(&book);
    cvk_buf_init(&script, (size_t)1 << 20);
}

static void tear_down(void)
{
    cvk_runbook_clear(&book);
    cvk_buf_clear(&script);
}

static enum cvk_book_set set(const char *word)
{
    enum cvk_book_value which;

    return cvk_runbook_set(&book, cvk_slice_of(word, strlen(word)), &which);
}

/* The script of the steps chosen, as a C string. */
static const char *text_of(enum cvk_shell shell)
{
    script.n = 0;
    ck_assert(cvk_runbook_write(&book, shell, &script));
    ck_assert(cvk_buf_append_byte(&script, 0));
    return (const char *)script.p;
}

static void assert_holds(enum cvk_shell shell, const char *piece)
{
    const char *text = text_of(shell);

    ck_assert_msg(strstr(text, piece), "%s\nis not in\n%s", piece, text);
}

static const char *const good[] = {
    "subscription=" GUID,
    "recovery-group=rg_1.(a)-b",
    "recovery-vault=rv-1",
    "job=" GUID,
    "account=abc",
    "container=$web",
    "config-blob=a b/'c'.json",
    "config-sha256=" HEX32 HEX32,
    "blob-file=it's $(here) `there` ; \\ \".blob",
    "store=kv-1",
    "key=" HUNDRED TEN TEN "abcdefg",
    "version=" HEX32,
    "expires=2027-12-31T00:00:00Z",
    "des=des_1-a",
    "location=westeurope",
    "backup-app=" GUID,
    "vm=IaasVMContainer;iaasvmcontainerv2;rg;vm",
    "point=1234567890",
};

START_TEST(a_value_of_its_syntax_is_taken)
{
    ck_assert_msg(set(good[_i]) == CVK_BOOK_SET_OK, "%s", good[_i]);
}
END_TEST

static const char *const bad[] = {
    "subscription=" GUID "0",
    "subscription=x1111111-2222-3333-4444-555555555555",
    "recovery-group=",
    "recovery-group=a b",
    "recovery-group=a'b",
    "recovery-group=$(id)",
    "recovery-group=`id`",
    "recovery-group=a;b",
    "recovery-group=-a",
    "recovery-group=" HUNDRED,
    "recovery-vault=a_b",
    "account=ab",
    "account=a-bc",
    "config-sha256=" HEX32,
    "config-sha256=" HEX32 HEX16 "0123456789abcdeg",
    "blob-file=a\nb",
    "blob-file=a\tb",
    "blob-file=a\x7f",
    "blob-file=\xc3\xa4",
    "blob-file=\xe2\x80\x99",
    "blob-file=-o",
    "store=kv",
    "store=kv_1",
    "store=" TEN TEN "abcde",
    "key=" HUNDRED TEN TEN "abcdefgh",
    "key=a/b",
    "version=" HEX16 "0123456789abcdeg",
    "version=" HEX32 "0",
    "expires=tomorrow?!",
    "expires=2027",
    "des=a.b",
    "location=West Europe",
    "vm=a b",
    "point=a/b",
};

START_TEST(a_value_of_another_syntax_is_refused)
{
    ck_assert_msg(set(bad[_i]) == CVK_BOOK_SET_BAD, "%s", bad[_i]);
}
END_TEST

START_TEST(a_nul_is_in_no_syntax)
{
    enum cvk_book_value which;

    ck_assert_int_eq(
        cvk_runbook_set(&book, CVK_LITERAL("recovery-group=a\0b"), &which),
        CVK_BOOK_SET_BAD);
    ck_assert_int_eq(which, CVK_BOOK_RECOVERY_GROUP);
    ck_assert_int_eq(
        cvk_runbook_set(&book, CVK_LITERAL("blob-file=a\0b"), &which),
        CVK_BOOK_SET_BAD);
}
END_TEST

START_TEST(what_is_no_value_is_told)
{
    ck_assert_int_eq(set("store"), CVK_BOOK_SET_FORM);
    ck_assert_int_eq(set(""), CVK_BOOK_SET_FORM);
    ck_assert_int_eq(set("=x"), CVK_BOOK_SET_NAME);
    ck_assert_int_eq(set("stor=kv-1"), CVK_BOOK_SET_NAME);
    ck_assert_int_eq(set("stores=kv-1"), CVK_BOOK_SET_NAME);
    ck_assert_int_eq(set("STORE=kv-1"), CVK_BOOK_SET_NAME);
}
END_TEST

START_TEST(every_value_has_a_name_words_and_a_syntax)
{
    for (int i = 0; i < CVK_BOOK_VALUES; i++) {
        ck_assert_ptr_nonnull(cvk_runbook_name((enum cvk_book_value)i));
        ck_assert_ptr_nonnull(cvk_runbook_words((enum cvk_book_value)i));
        ck_assert_ptr_nonnull(cvk_runbook_syntax((enum cvk_book_value)i));
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(cvk_runbook_name((enum cvk_book_value)i),
                             cvk_runbook_name((enum cvk_book_value)k));
    }
}
END_TEST

START_TEST(every_step_has_a_text_in_both_shells)
{
    for (size_t i = 0; i < CVK_STEPS; i++) {
        ck_assert_uint_gt(strlen(cvk_runbook_az[i].text), 20);
        ck_assert_uint_gt(strlen(cvk_runbook_powershell[i].text), 20);
    }
}
END_TEST

/* Each variable that stands for a value and is used is assigned, and each that
 * is assigned is used: a step says which it uses. */
START_TEST(a_step_names_the_values_it_uses)
{
    static const char *const powershell[CVK_BOOK_VALUES] = {
        [CVK_BOOK_RECOVERY_GROUP] = "$RecoveryGroup",
        [CVK_BOOK_BLOB_SHA256] = "$BlobSha256",
        [CVK_BOOK_STORE] = "$Store",
        [CVK_BOOK_ACCOUNT_GROUP] = "$AccountGroup",
        [CVK_BOOK_DES_GROUP] = "$DesGroup",
        [CVK_BOOK_POINT] = "$Point",
    };
    static const char *const az[CVK_BOOK_VALUES] = {
        [CVK_BOOK_RECOVERY_GROUP] = "\"$recovery_group\"",
        [CVK_BOOK_BLOB_SHA256] = "\"$blob_sha256\"",
        [CVK_BOOK_STORE] = "\"$store\"",
        [CVK_BOOK_DES_GROUP] = "\"$des_group\"",
        [CVK_BOOK_POINT] = "\"$point\"",
    };

    for (size_t i = 0; i < CVK_BOOK_VALUES; i++) {
        uint32_t used = 0, used_az = 0;

        for (size_t k = 0; k < CVK_STEPS; k++) {
            used |= cvk_runbook_powershell[k].uses;
            used_az |= cvk_runbook_az[k].uses;
            if (powershell[i] && cvk_runbook_powershell[k].uses >> i & 1)
                ck_assert_ptr_nonnull(
                    strstr(cvk_runbook_powershell[k].text, powershell[i]));
            if (az[i] && cvk_runbook_az[k].uses >> i & 1)
                ck_assert_ptr_nonnull(strstr(cvk_runbook_az[k].text, az[i]));
        }
        ck_assert(used >> i & 1);
        ck_assert_uint_eq(used_az >> i & 1, i != CVK_BOOK_ACCOUNT_GROUP);
    }
}
END_TEST

START_TEST(values_are_quoted_for_their_shell)
{
    book.steps[CVK_STEP_RESTORE] = true;
    ck_assert_int_eq(set("blob-file=it's $(id) `id`.blob"), CVK_BOOK_SET_OK);
    assert_holds(CVK_POWERSHELL, "\n$BlobFile = 'it''s $(id) `id`.blob'\n");
    assert_holds(CVK_AZ, "\nblob_file='it'\\''s $(id) `id`.blob'\n");
}
END_TEST

START_TEST(an_unknown_value_is_a_placeholder_and_stops_the_script)
{
    book.steps[CVK_STEP_CONTEXT] = book.steps[CVK_STEP_STORE] = true;
    assert_holds(CVK_POWERSHELL, "$Subscription = '<subscription>'\n");
    assert_holds(CVK_POWERSHELL,
                 "foreach ($Value in @($Subscription, $Store)) {\n");
    assert_holds(CVK_AZ, "subscription='<subscription>'\n");
    assert_holds(CVK_AZ,
                 "for value in \"$subscription\" \"$store\"; do\n");
}
END_TEST

START_TEST(a_script_without_placeholders_has_no_guard)
{
    book.steps[CVK_STEP_STORE] = true;
    set("store=kv-1");
    ck_assert_ptr_null(strstr(text_of(CVK_AZ), "for value in"));
    ck_assert_ptr_null(strstr(text_of(CVK_AZ), "To be filled in"));
    ck_assert_ptr_null(strstr(text_of(CVK_POWERSHELL), "foreach"));
    assert_holds(CVK_AZ, "# key vault or Managed HSM for the key (stated by "
                         "the operator)\nstore='kv-1'\n");
}
END_TEST

START_TEST(what_can_be_found_out_may_stay_empty)
{
    book.steps[CVK_STEP_KEY_URL] = true;
    assert_holds(CVK_AZ, "\nkey=''\n");
    assert_holds(CVK_POWERSHELL, "\n$Version = ''\n");
    ck_assert_ptr_null(strstr(text_of(CVK_AZ), "for value in"));
}
END_TEST

START_TEST(an_offer_of_wrong_syntax_is_left_out_and_said)
{
    book.steps[CVK_STEP_STORE] = true;
    cvk_runbook_offer(&book, CVK_BOOK_STORE, CVK_LITERAL("kv'; rm -r /"),
                      CVK_LITERAL("config"));
    assert_holds(CVK_AZ, "(what the evidence says is not of its syntax)\n"
                         "store='<store>'\n");
    ck_assert_ptr_null(strstr(text_of(CVK_AZ), "rm -r"));
}
END_TEST

START_TEST(the_first_offer_stays_but_the_operator_wins)
{
    book.steps[CVK_STEP_STORE] = true;
    cvk_runbook_offer(&book, CVK_BOOK_STORE, (struct cvk_slice){0},
                      CVK_LITERAL("nothing"));
    cvk_runbook_offer(&book, CVK_BOOK_STORE, CVK_LITERAL("kv-1"),
                      CVK_LITERAL("config"));
    cvk_runbook_offer(&book, CVK_BOOK_STORE, CVK_LITERAL("kv-2"),
                      CVK_LITERAL("vault"));
    assert_holds(CVK_AZ, "(config)\nstore='kv-1'\n");
    ck_assert_int_eq(set("store=kv-3"), CVK_BOOK_SET_OK);
    assert_holds(CVK_AZ, "(stated by the operator)\nstore='kv-3'\n");
}
END_TEST

START_TEST(a_remark_stays_a_comment_in_ascii)
{
    cvk_runbook_remark(&book, CVK_LITERAL("a\nrm -r \xe2\x80\x99\x1b[2J\r\n"));
    cvk_runbook_remark(&book, CVK_LITERAL("second"));
    for (int shell = CVK_POWERSHELL; shell <= CVK_AZ; shell++) {
        const char *text = text_of((enum cvk_shell)shell);

        ck_assert_ptr_nonnull(
            strstr(text, "# a\\nrm -r ???\\x1b[2J\\r\\n\n# second\n"));
        for (; *text; text++)
            ck_assert(*text == '\n' || (*text >= ' ' && *text <= '~'));
    }
}
END_TEST

START_TEST(steps_are_numbered_as_they_come)
{
    book.steps[CVK_STEP_CONTEXT] = book.steps[CVK_STEP_RESTORE] = true;
    assert_holds(CVK_AZ, "# ---- 1. The subscription ----\n");
    assert_holds(CVK_AZ, "# ---- 2. Restore the key ----\n");
}
END_TEST

START_TEST(a_buffer_that_is_full_is_told)
{
    struct cvk_buf little;

    cvk_buf_init(&little, 100);
    book.steps[CVK_STEP_CONTEXT] = true;
    ck_assert(!cvk_runbook_write(&book, CVK_AZ, &little));
    cvk_buf_clear(&little);
    book.text.max = 1;
    ck_assert_int_eq(set("store=kv-1"), CVK_BOOK_SET_MEMORY);
    ck_assert(!cvk_runbook_write(&book, CVK_AZ, &script));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runbook");
    TCase *tc = tcase_create("runbook");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, a_value_of_its_syntax_is_taken, 0,
                        sizeof good / sizeof *good);
    tcase_add_loop_test(tc, a_value_of_another_syntax_is_refused, 0,
                        sizeof bad / sizeof *bad);
    tcase_add_test(tc, a_nul_is_in_no_syntax);
    tcase_add_test(tc, what_is_no_value_is_told);
    tcase_add_test(tc, every_value_has_a_name_words_and_a_syntax);
    tcase_add_test(tc, every_step_has_a_text_in_both_shells);
    tcase_add_test(tc, a_step_names_the_values_it_uses);
    tcase_add_test(tc, values_are_quoted_for_their_shell);
    tcase_add_test(tc, an_unknown_value_is_a_placeholder_and_stops_the_script);
    tcase_add_test(tc, a_script_without_placeholders_has_no_guard);
    tcase_add_test(tc, what_can_be_found_out_may_stay_empty);
    tcase_add_test(tc, an_offer_of_wrong_syntax_is_left_out_and_said);
    tcase_add_test(tc, the_first_offer_stays_but_the_operator_wins);
    tcase_add_test(tc, a_remark_stays_a_comment_in_ascii);
    tcase_add_test(tc, steps_are_numbered_as_they_come);
    tcase_add_test(tc, a_buffer_that_is_full_is_told);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
