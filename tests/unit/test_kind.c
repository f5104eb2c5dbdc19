/* SPDX-License-Identifier: MIT */
#include "evidence/kind.h"

#include <stdio.h>

#include "evidence/keybackup.h"
#include "sample.h"
#include "unit.h"

#define TEXT(s) {(const uint8_t *)(s), sizeof(s) - 1}
#define BOM "\xef\xbb\xbf"

static const struct {
    struct cvk_slice bytes;
    enum cvk_code code;
} cases[] = {
    {TEXT(""), CVK_OK},
    {TEXT(" "), CVK_OK},
    {TEXT("{}"), CVK_OK},
    {TEXT(" \n{\"a\":\"<html>\"}"), CVK_OK},
    {TEXT(BOM "{}"), CVK_OK},
    {TEXT("\xff\xfe{\0}\0"), CVK_OK},
    {TEXT("[1]"), CVK_OK},
    {TEXT("hello"), CVK_OK},
    {TEXT("\"eyJ\""), CVK_OK},
    {TEXT("<!DOCTYPE html><html>"), CVK_E_KIND_HTML},
    {TEXT("<!doctype HTML>"), CVK_E_KIND_HTML},
    {TEXT("<HTML lang=en>"), CVK_E_KIND_HTML},
    {TEXT(BOM " \t\r\n<html>"), CVK_E_KIND_HTML},
    {TEXT("<"), CVK_E_KIND_XML},
    {TEXT("<?xml version=\"1.0\"?><Error><Code>X</Code></Error>"),
     CVK_E_KIND_XML},
    {TEXT(BOM "<?xml version=\"1.0\"?><EnumerationResults/>"), CVK_E_KIND_XML},
    {TEXT("<Code>"), CVK_E_KIND_XML},
    {TEXT("PK\x03\x04xx"), CVK_E_INPUT_ARCHIVE},
    {TEXT("PK\x05\x06xx"), CVK_E_INPUT_ARCHIVE},
    {TEXT("PK\x03\x05"), CVK_OK},
    {TEXT("\x1f\x8b\x08"), CVK_E_INPUT_ARCHIVE},
    {TEXT("\xfd\x37zXZ\0\0\x04"), CVK_E_INPUT_ARCHIVE},
    {TEXT("\x28\xb5\x2f\xfd\x04"), CVK_E_INPUT_ARCHIVE},
    {TEXT("BZh91AY&SY"), CVK_E_INPUT_ARCHIVE},
    {TEXT("7z\xbc\xaf\x27\x1c\0\4"), CVK_E_INPUT_ARCHIVE},
    {TEXT("Rar!\x1a\x07\x01"), CVK_E_INPUT_ARCHIVE},
    {TEXT("BZh91AY&S"), CVK_OK},
    {TEXT("BZh"), CVK_OK},
    {TEXT("\xfd\x37zX"), CVK_OK},
    {TEXT("PK"), CVK_OK},
    {TEXT("HTTP/1.1 200 OK\r\n\r\n{}"), CVK_E_KIND_HTTP},
    {TEXT("HTTP/1.0 200 OK\n\n{}"), CVK_E_KIND_HTTP},
    {TEXT("HTTP/2 404 \r\n"), CVK_E_KIND_HTTP},
    {TEXT("HTTP/3 200"), CVK_E_KIND_HTTP},
    {TEXT(BOM "\r\nHTTP/2.0 200"), CVK_E_KIND_HTTP},
    {TEXT("HTTP/1"), CVK_OK},
    {TEXT("HTTP/x"), CVK_OK},
    {TEXT("http/1.1 200 OK"), CVK_OK},
    {TEXT("{\"HTTP/1.1 200\":1}"), CVK_OK},
    {TEXT("-----BEGIN CERTIFICATE-----"), CVK_E_KIND_PEM},
    {TEXT("\r\n-----BEGIN RSA PRIVATE KEY-----"), CVK_E_KIND_PEM},
    {TEXT("-----BEGI"), CVK_OK},
    {TEXT("----- BEGIN X"), CVK_OK},
    {TEXT("\x30\x82\x04\x00"), CVK_E_KIND_PFX},
    {TEXT("\x30\x81\x04\x00"), CVK_OK},
    {TEXT("\x30"), CVK_OK},
    {TEXT("0\x82"), CVK_E_KIND_PFX},
    {TEXT("&AzureKeyVaultKeyBackupV1.microsoft.com"), CVK_E_KIND_BLOB},
    {TEXT(")AzureKeyVaultSecretBackupV1.microsoft.com"), CVK_E_KIND_BLOB},
    {TEXT("'AzureKeyVaultKeyBackupV2.microsoft.com"), CVK_OK},
    {TEXT("eyJhbGciOiJkaXIi.a.b.c.d"), CVK_E_KIND_BLOB},
    {TEXT("eyJhbGciOiJkaXIi..b.c."), CVK_E_KIND_BLOB},
    {TEXT("eyJraWQiOiJiIn0..b.c.d"), CVK_E_KIND_BLOB},
    {TEXT("eyJlbmMiOiJiIn0..b.c.d"), CVK_E_KIND_BLOB},
    {TEXT("eyJ6aXAiOiJiIn0..b.c.d"), CVK_E_KIND_BLOB},
    {TEXT("eyJraWQiOiJiIn0.a.b"), CVK_E_KIND_JWT},
    {TEXT("eyJlbmMiOiJiIn0.a.b"), CVK_E_KIND_JWT},
    {TEXT("eyJhbGciOiJIUzI1NiJ9.a.b"), CVK_E_KIND_JWT},
    {TEXT("eyJhbGciOiJIUzI1NiJ9.a.b.c"), CVK_E_KIND_JWT},
    {TEXT("eyJ0eXAiOiJKV1QifQ.a.b"), CVK_E_KIND_JWT},
    {TEXT("\neyJ0eXAi"), CVK_E_KIND_JWT},
    {TEXT("eyK"), CVK_OK},
    {TEXT("JkF6dXJlS2V5VmF1bHRLZXlCYWNr"), CVK_E_KIND_BASE64},
    {TEXT("KUF6dXJlS2V5VmF1bHRTZWNyZXRC"), CVK_E_KIND_BASE64},
    {TEXT("ZXlKaGJHY2lPaUpr"), CVK_E_KIND_BASE64},
    {TEXT(BOM "\r\nZXlKaGJHY2lPaUpr"), CVK_E_KIND_BASE64},
    {TEXT("zxlkagjhy2lpaupr"), CVK_OK},
};

START_TEST(first_bytes_tell_what_a_file_is)
{
    char why[CVK_MAX_FINDING_TEXT] = "?";
    enum cvk_code code = cvk_kind_check(cases[_i].bytes, why);

    ck_assert_str_eq(cvk_code_id(code), cvk_code_id(cases[_i].code));
    ck_assert((why[0] != '\0') == (code != CVK_OK));
}
END_TEST

START_TEST(a_tar_header_has_its_magic_at_257)
{
    uint8_t bytes[512] = {0};
    char why[CVK_MAX_FINDING_TEXT];

    memcpy(bytes + 257, "ustar", 5);
    ck_assert_int_eq(cvk_kind_check(cvk_slice_of(bytes, 512), why),
                     CVK_E_INPUT_ARCHIVE);
    ck_assert_int_eq(cvk_kind_check(cvk_slice_of(bytes, 262), why),
                     CVK_E_INPUT_ARCHIVE);
    for (size_t n = 256; n < 262; n++)
        ck_assert_int_eq(cvk_kind_check(cvk_slice_of(bytes, n), why), CVK_OK);
    ck_assert_int_eq(cvk_kind_check(cvk_slice_of(bytes + 1, 500), why), CVK_OK);
}
END_TEST

START_TEST(an_error_answer_names_its_code)
{
    char why[CVK_MAX_FINDING_TEXT];

    cvk_kind_check(CVK_LITERAL("<?xml version=\"1.0\"?><Error>"
                               "<Code>BlobNotFound</Code><Message>no"), why);
    ck_assert_ptr_nonnull(strstr(why, "BlobNotFound"));
    ck_assert_ptr_null(strstr(why, "Message"));
    ck_assert_ptr_nonnull(strstr(why, "(there is no blob of this name)"));
    cvk_kind_check(CVK_LITERAL("<Error><Code>a\x1b[2J\nb</Code>"), why);
    ck_assert_ptr_nonnull(strstr(why, "a\\x1b[2J\\nb"));
    cvk_kind_check(CVK_LITERAL("<Error><Code>cut"), why);
    ck_assert_ptr_nonnull(strstr(why, "cut"));
    cvk_kind_check(CVK_LITERAL("<Error/>"), why);
    ck_assert_ptr_nonnull(strstr(why, "XML"));
}
END_TEST

static const struct {
    const char *code, *cause; /* NULL for a code that is given as it is */
} answers[] = {
    {"AuthenticationFailed", "clock"}, {"AuthorizationFailure", "SAS has exp"},
    {"AuthorizationPermissionMismatch", "permission to read"},
    {"BlobArchived", "archive tier"}, {"BlobNotFound", "name"},
    {"ContainerNotFound", "name"}, {"NoAuthenticationInformation", "login"},
    {"PublicAccessNotPermitted", "login"}, {"ResourceNotFound", "name"},
    {"InternalError", NULL}, {"BlobNotFoundX", NULL}, {"", NULL}};

START_TEST(the_usual_codes_are_explained)
{
    char why[CVK_MAX_FINDING_TEXT], text[128];
    int n = snprintf(text, sizeof text, "<Error><Code>%s</Code>",
                     answers[_i].code);

    ck_assert_int_eq(cvk_kind_check(cvk_slice_of(text, (size_t)n), why),
                     CVK_E_KIND_XML);
    ck_assert_ptr_nonnull(strstr(why, answers[_i].code));
    if (answers[_i].cause)
        ck_assert_ptr_nonnull(strstr(why, answers[_i].cause));
    else
        ck_assert_ptr_null(strchr(why, '('));
}
END_TEST

START_TEST(an_answer_with_headers_gives_its_status)
{
    char why[CVK_MAX_FINDING_TEXT];

    cvk_kind_check(CVK_LITERAL("HTTP/2 403 \r\nserver: x\r\n\r\n"), why);
    ck_assert_ptr_nonnull(strstr(why, ": HTTP/2 403"));
    ck_assert_ptr_null(strstr(why, "server"));
    ck_assert_ptr_null(strchr(why, '\\'));
    cvk_kind_check(CVK_LITERAL("HTTP/1.1 \x1b[2J"), why);
    ck_assert_ptr_nonnull(strstr(why, "\\x1b[2J"));
}
END_TEST

START_TEST(key_backups_are_blobs_and_their_text_is_base64)
{
    const struct sample *all[] = {&sample_vault, &sample_old, &sample_hsm,
                                  &sample_secret};
    char why[CVK_MAX_FINDING_TEXT];
    struct cvk_buf b;

    cvk_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < 4; i++) {
        b.n = 0;
        sample_build(&b, all[i]);
        ck_assert(cvk_kind_is_blob(cvk_buf_slice(&b)));
        ck_assert_int_eq(cvk_kind_check(cvk_buf_slice(&b), why),
                         CVK_E_KIND_BLOB);
        b.n = 0;
        sample_text(&b, all[i]);
        ck_assert(!cvk_kind_is_blob(cvk_buf_slice(&b)));
        ck_assert_int_eq(cvk_kind_check(cvk_buf_slice(&b), why),
                         CVK_E_KIND_BASE64);
    }
    cvk_buf_clear(&b);
}
END_TEST

START_TEST(near_misses_are_no_blobs)
{
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("{}")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("&")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("&AzureKeyVaul")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("eyJhbGciOiJ.a.b.c")));
    ck_assert(cvk_kind_is_blob(CVK_LITERAL("eyJhbGciOiJ.a.b.c.")));
    ck_assert(cvk_kind_is_blob(CVK_LITERAL("eyJraWQi.a.b.c.")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("eyJraWQi.a.b")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL("eyK....")));
    ck_assert(!cvk_kind_is_blob(CVK_LITERAL(" &AzureKeyVault")));
}
END_TEST

START_TEST(first_looks_tell_raw_from_base64)
{
    struct cvk_buf blob;
    const struct sample *all[] = {&sample_vault, &sample_old, &sample_hsm,
                                  &sample_secret};

    cvk_buf_init(&blob, 1 << 20);
    for (size_t i = 0; i < 4; i++) {
        blob.n = 0;
        sample_build(&blob, all[i]);
        ck_assert(cvk_keybackup_looks_raw(cvk_buf_slice(&blob)));
        ck_assert(!cvk_keybackup_looks_base64(cvk_buf_slice(&blob)));
        blob.n = 0;
        sample_text(&blob, all[i]);
        ck_assert(!cvk_keybackup_looks_raw(cvk_buf_slice(&blob)));
        ck_assert(cvk_keybackup_looks_base64(cvk_buf_slice(&blob)));
        for (size_t n = 0; n < 10; n++) {
            ck_assert(!cvk_keybackup_looks_base64(cvk_slice_of(blob.p, n)));
            ck_assert(!cvk_keybackup_looks_raw(cvk_slice_of(blob.p, n)));
        }
    }
    cvk_buf_clear(&blob);
    ck_assert(!cvk_keybackup_looks_raw(CVK_LITERAL("&AzureKeyVaul")));
    ck_assert(!cvk_keybackup_looks_raw(CVK_LITERAL("'AzureKeyVault")));
    ck_assert(!cvk_keybackup_looks_raw(CVK_LITERAL("AzureKeyVault")));
    ck_assert(!cvk_keybackup_looks_base64(CVK_LITERAL("jkf6dxjls2v5vmf1bhr")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kind");
    TCase *tc = tcase_create("kind");

    tcase_add_loop_test(tc, first_bytes_tell_what_a_file_is, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(tc, a_tar_header_has_its_magic_at_257);
    tcase_add_test(tc, an_error_answer_names_its_code);
    tcase_add_loop_test(tc, the_usual_codes_are_explained, 0,
                        sizeof answers / sizeof *answers);
    tcase_add_test(tc, an_answer_with_headers_gives_its_status);
    tcase_add_test(tc, key_backups_are_blobs_and_their_text_is_base64);
    tcase_add_test(tc, near_misses_are_no_blobs);
    tcase_add_test(tc, first_looks_tell_raw_from_base64);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
