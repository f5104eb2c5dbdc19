/* SPDX-License-Identifier: MIT */
#include "evidence/manifest.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define SHA HEX32 HEX32
#define START "{\"schema\":\"cvmkey/1\",\"type\":\"extract\",\"status\":\"ok\","
#define INPUT_WITH(path) \
    "\"input\":{" path ",\"member\":null,\"size\":12,\"sha256\":\"" SHA "\"}"
#define INPUT INPUT_WITH("\"path\":\"c.json\"")
#define BACKUP "\"backup\":{\"pointer\":\"/a/b\"}"
#define BLOB_WITH(path) \
    "\"blob\":{" path ",\"size\":7,\"sha256\":\"" SHA "\"}"
#define BLOB BLOB_WITH("\"path\":\"c.blob\"")
#define SUMMARY(blobs) \
    "{\"type\":\"summary\",\"schema\":\"cvmkey/1\",\"inputs\":10,\"ok\":4," \
    "\"refused\":3,\"errors\":2,\"skipped\":1,\"blobs\":" blobs "," \
    "\"bytes_in\":800,\"bytes_out\":70}"
#define GOOD START INPUT "," BACKUP "," BLOB "}"

static struct cvk_manifest m;

static void set_up(void)
{
    cvk_dom_setup();
    cvk_manifest_init(&m);
}

static void tear_down(void)
{
    cvk_manifest_clear(&m);
}

static enum cvk_code read_line(const char *line)
{
    return cvk_manifest_read(&m, cvk_slice_of(line, strlen(line)));
}

static void assert_whole(void)
{
    ck_assert_int_eq(read_line(GOOD), CVK_OK);
    ck_assert_int_eq(m.row.type, CVK_ROW_EXTRACT);
    ck_assert_int_eq(m.row.status, CVK_ROW_OK);
    assert_slice(m.row.input_path, "c.json");
    ck_assert_ptr_null(m.row.input_member.p);
    ck_assert(m.row.has_input_size);
    ck_assert_uint_eq(m.row.input_size, 12);
    ck_assert(m.row.has_input_sha256);
    ck_assert_int_eq(m.row.input_sha256[1], 0x23);
    ck_assert_int_eq(m.row.input_sha256[31], 0xef);
    assert_slice(m.row.pointer, "/a/b");
    ck_assert(m.row.has_blob);
    assert_slice(m.row.blob_path, "c.blob");
    ck_assert_int_eq(m.row.blob_path.p[m.row.blob_path.n], '\0');
    ck_assert_uint_eq(m.row.blob_size, 7);
    ck_assert_int_eq(m.row.blob_sha256[0], 0x01);
}

START_TEST(a_record_is_read_whole)
{
    assert_whole();
}
END_TEST

static const struct {
    const char *line;
    enum cvk_row_type type;
    enum cvk_row_status status;
} accepted[] = {
    {"{\"schema\":\"cvmkey/1\",\"type\":\"run\",\"x\":[{}]}", CVK_ROW_RUN, 0},
    {" " SUMMARY("1") "\t\r", CVK_ROW_SUMMARY, 0},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"archive\",\"status\":\"skipped\","
     INPUT ",\"members\":3}", CVK_ROW_ARCHIVE, CVK_ROW_SKIPPED},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"extract\",\"status\":\"refused\","
     "\"input\":{\"path\":\"c\",\"member\":null,\"size\":null,"
     "\"sha256\":null},\"backup\":null,\"blob\":null}",
     CVK_ROW_EXTRACT, CVK_ROW_REFUSED},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"extract\",\"status\":\"error\","
     INPUT "," BACKUP ",\"blob\":null}", CVK_ROW_EXTRACT, CVK_ROW_ERROR},
    /* a config may hold U+0000, and fields repeat it */
    {START INPUT "," BACKUP "," BLOB ",\"fields\":[{\"pointer\":\"/a\","
     "\"value\":\"\\u0000\"}]}", CVK_ROW_EXTRACT, CVK_ROW_OK},
    {START INPUT "," BACKUP "," BLOB ",\"key\":{\"url\":\"\\u0000\"}}",
     CVK_ROW_EXTRACT, CVK_ROW_OK},
    {START "\"input\":{\"path\":\"a.zip\",\"member\":\"c.json\",\"size\":1,"
     "\"sha256\":\"" SHA "\"}," BACKUP "," BLOB "}", CVK_ROW_EXTRACT, CVK_ROW_OK},
    {START INPUT ",\"backup\":{\"pointer\":\"\\/a\xc3\xa4\"}," BLOB "}",
     CVK_ROW_EXTRACT, CVK_ROW_OK},
    /* members that are not known, and names in another case */
    {START INPUT "," BACKUP "," BLOB ",\"Blob\":1,\"more\":{\"blob\":2}}",
     CVK_ROW_EXTRACT, CVK_ROW_OK},
};

START_TEST(rows_of_a_manifest_are_accepted)
{
    ck_assert_msg(read_line(accepted[_i].line) == CVK_OK, "%s: %s",
                  accepted[_i].line, m.why);
    ck_assert_int_eq(m.row.type, accepted[_i].type);
    ck_assert_int_eq(m.row.status, accepted[_i].status);
}
END_TEST

START_TEST(a_summary_is_read_whole)
{
    const struct cvk_manifest_counts *c = &m.row.counts;

    ck_assert_int_eq(read_line(SUMMARY("7")), CVK_OK);
    ck_assert_uint_eq(c->inputs, 10);
    ck_assert_uint_eq(c->ok, 4);
    ck_assert_uint_eq(c->refused, 3);
    ck_assert_uint_eq(c->errors, 2);
    ck_assert_uint_eq(c->skipped, 1);
    ck_assert_uint_eq(c->blobs, 7);
    ck_assert_uint_eq(c->bytes_in, 800);
    ck_assert_uint_eq(c->bytes_out, 70);
}
END_TEST

START_TEST(a_member_has_its_exact_name)
{
    ck_assert_int_eq(read_line(START "\"input\":{\"path\":\"x.tar\","
        "\"member\":\"a\\\\xff\",\"member_base64\":\"Yf8=\",\"size\":1,"
        "\"sha256\":\"" SHA "\"}," BACKUP "," BLOB "}"), CVK_OK);
    assert_slice(m.row.input_path, "x.tar");
    assert_slice(m.row.input_member, "a\xff");
}
END_TEST

static const struct {
    const char *line, *why;
} refused[] = {
    {"", "the JSON ends"},
    {" ", "the JSON ends"},
    {"[]", "not an object"},
    {"1", "not an object"},
    {"null", "not an object"},
    {"{", "the JSON ends"},
    {"{}", "schema is missing"},
    {GOOD "x", "something follows"},
    {GOOD GOOD, "something follows"},
    {GOOD ",", "something follows"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"run\",}", "a comma"},
    {"{\"schema\":\"cvmkey/2\",\"type\":\"run\"}", "schema is not cvmkey/1"},
    {"{\"schema\":1,\"type\":\"run\"}", "schema is not cvmkey/1"},
    {"{\"schema\":\"cvmkey/1\"}", "type is missing"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"show\"}", "type is not one"},
    {"{\"schema\":\"cvmkey/1\",\"type\":null}", "type is not one"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"run\\u0000\"}", "a string holds"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"run\",\"type\":\"summary\"}",
     "type stands twice"},
    {"{\"schema\":\"cvmkey/1\",\"typ\\u0065\":\"run\"}", "a member's name is"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"extract\"," INPUT "," BACKUP "," BLOB
     "}", "status is missing"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"extract\",\"status\":\"good\"," INPUT
     "," BACKUP "," BLOB "}", "status is not"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"extract\",\"status\":true," INPUT
     "," BACKUP "," BLOB "}", "status is not"},
    {START BACKUP "," BLOB "}", "input is missing"},
    {START "\"input\":null," BACKUP "," BLOB "}", "input is not an object"},
    {START "\"input\":[]," BACKUP "," BLOB "}", "input is not an object"},
    {START INPUT "," INPUT "," BACKUP "," BLOB "}", "input stands twice"},
    {START INPUT_WITH("\"x\":1") "," BACKUP "," BLOB "}",
     "input.path is missing"},
    {START INPUT_WITH("\"path\":7") "," BACKUP "," BLOB "}",
     "input.path is not a name"},
    {START INPUT_WITH("\"path\":\"\"") "," BACKUP "," BLOB "}",
     "input.path is not a name"},
    {START INPUT_WITH("\"path\":\"a\",\"path\":\"b\"") "," BACKUP "," BLOB "}",
     "input.path stands twice"},
    {START INPUT_WITH("\"path\":\"a\\u0000\"") "," BACKUP "," BLOB "}",
     "a string holds U+0000"},
    {START INPUT_WITH("\"path\":\"\\\\x00\",\"path_base64\":\"AA==\"") ","
     BACKUP "," BLOB "}", "input.path holds a NUL"},
    {START "\"input\":{\"path\":\"c\",\"size\":1,\"sha256\":\"" SHA "\"},"
     BACKUP "," BLOB "}", "input.member is missing"},
    {START "\"input\":{\"path\":\"c\",\"member\":\"\",\"size\":1,\"sha256\":\""
     SHA "\"}," BACKUP "," BLOB "}", "input.member is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":\"b\",\"member_base64\":"
     "\"YQ==\",\"size\":1,\"sha256\":\"" SHA "\"}," BACKUP "," BLOB "}",
     "input.member and member_base64 are not"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"archive\",\"status\":\"ok\"," INPUT "}",
     "members is missing"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"archive\",\"status\":\"ok\"," INPUT
     ",\"members\":-1}", "members is not a whole number"},
    {"{\"schema\":\"cvmkey/1\",\"type\":\"summary\"}", "inputs is missing"},
    {SUMMARY("-1"), "blobs is not a whole number"},
    {SUMMARY("1,\"blobs\":1"), "blobs stands twice"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":-1,\"sha256\":\""
     SHA "\"}," BACKUP "," BLOB "}", "input.size is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1.5,"
     "\"sha256\":\"" SHA "\"}," BACKUP "," BLOB "}", "input.size is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1e400,"
     "\"sha256\":\"" SHA "\"}," BACKUP "," BLOB "}", "input.size is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1,"
     "\"sha256\":\"" HEX32 "\"}," BACKUP "," BLOB "}", "input.sha256 is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1,"
     "\"sha256\":null}," BACKUP "," BLOB "}", "the record is ok but has no input"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1,"
     "\"sha256\":\"" HEX32 "0123456789abcdef0123456789abcdeg\"}," BACKUP ","
     BLOB "}", "input.sha256 is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1,"
     "\"sha256\":\"" HEX32 "0123456789abcdef0123456789abcd:/\"}," BACKUP ","
     BLOB "}", "input.sha256 is not"},
    {START "\"input\":{\"path\":\"c\",\"member\":null,\"size\":1,"
     "\"sha256\":\"" HEX32 "0123456789abcdef0123456789abcde/\"}," BACKUP ","
     BLOB "}", "input.sha256 is not"},
    {START INPUT "," BLOB "}", "backup is missing"},
    {START INPUT ",\"backup\":7," BLOB "}", "backup is not"},
    {START INPUT ",\"backup\":null," BLOB "}", "the record is ok but has no b"},
    {START INPUT ",\"backup\":{}," BLOB "}", "backup.pointer is missing"},
    {START INPUT ",\"backup\":{\"pointer\":\"a\"}," BLOB "}",
     "backup.pointer is not"},
    {START INPUT ",\"backup\":{\"pointer\":\"\"}," BLOB "}",
     "backup.pointer is not"},
    {START INPUT ",\"backup\":{\"pointer\":\"/\\u0000\"}," BLOB "}",
     "a string holds U+0000"},
    {START INPUT ",\"backup\":{\"pointer\":null}," BLOB "}",
     "the record is ok but has no backup.pointer"},
    {START INPUT "," BACKUP "}", "blob is missing"},
    {START INPUT "," BACKUP ",\"blob\":null}", "the record is ok but has no bl"},
    {START INPUT "," BACKUP ",\"blob\":\"c.blob\"}", "blob is not an object"},
    {START INPUT "," BACKUP "," BLOB "," BLOB "}", "blob stands twice"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\",\"size\":7}}",
     "blob.sha256 is missing"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\",\"size\":null,"
     "\"sha256\":\"" SHA "\"}}", "blob.size is not"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\",\"size\":\"7\","
     "\"sha256\":\"" SHA "\"}}", "blob.size is not"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\","
     "\"size\":18446744073709551616,\"sha256\":\"" SHA "\"}}",
     "blob.size is not"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\",\"size\":7,\"sha256\":"
     "\"g" HEX32 "123456789abcdef0123456789abcdef\"}}", "blob.sha256 is not"},
    {START INPUT "," BACKUP ",\"blob\":{\"path\":\"c\",\"size\":7,\"sha256\":"
     "\"" SHA "0\"}}", "blob.sha256 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\",\"path_base64\":1")
     "}", "blob.path_base64 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\"Y!==\"") "}", "blob.path_base64 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\"YQ\"") "}", "blob.path_base64 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\" YQ==\"") "}", "blob.path_base64 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\"YR==\"") "}", "blob.path_base64 is not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\"Yg==\"") "}", "blob.path and path_base64 are not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\","
     "\"path_base64\":\"\"") "}", "blob.path and path_base64 are not"},
    {START INPUT "," BACKUP "," BLOB_WITH("\"path\":\"a\xff\"") "}",
     "this is no record: a byte is not UTF-8"},
};

START_TEST(lines_that_are_no_record_are_refused)
{
    ck_assert_msg(read_line(refused[_i].line) == CVK_E_MANIFEST_LINE, "%s",
                  refused[_i].line);
    ck_assert_msg(strstr(m.why, refused[_i].why) != NULL, "%s\nsays: %s",
                  refused[_i].line, m.why);
}
END_TEST

START_TEST(a_line_cut_anywhere_is_refused)
{
    for (size_t n = 0; n < sizeof GOOD - 1; n++) {
        char line[sizeof GOOD];

        memcpy(line, GOOD, n);
        line[n] = '\0';
        ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_LINE);
        ck_assert_uint_eq(m.error_at, n);
    }
}
END_TEST

START_TEST(a_nul_in_the_line_is_refused)
{
    char line[] = GOOD;

    line[10] = '\0';
    ck_assert_int_eq(cvk_manifest_read(&m, cvk_slice_of(line, sizeof GOOD - 1)),
                     CVK_E_MANIFEST_LINE);
    ck_assert_uint_eq(m.error_at, 10);
}
END_TEST

static const struct {
    const char *path, *base64; /* of the blob, as JSON */
    const char *exact;         /* NULL: refused as manifest.path */
} paths[] = {
    {"a.blob", NULL, "a.blob"},
    {"a/b/c.blob", NULL, "a/b/c.blob"},
    {"./a.blob", NULL, "a.blob"},
    {"a/./b/././c", NULL, "a/b/c"},
    {"..a/b../.../c", NULL, "..a/b../.../c"},
    {"a\\\\b", NULL, "a\\b"}, /* exact, since path_base64 is not there */
    {"a\\\\nb", "YQpi", "a\nb"},
    {"\\\\x1b\\\\xff", "G/8=", "\x1b\xff"},
    {"..", NULL, NULL},
    {"../a", NULL, NULL},
    {"a/..", NULL, NULL},
    {"a/../b", NULL, NULL},
    {"a/../../b", NULL, NULL},
    {"/a", NULL, NULL},
    {"/", NULL, NULL},
    {"//a", NULL, NULL},
    {"a//b", NULL, NULL},
    {"a/", NULL, NULL},
    {".", NULL, NULL},
    {"a/.", NULL, NULL},
    {"./", NULL, NULL},
    {"a\\\\x00b", "YQBi", NULL},
    {"..\\\\n/../a", "Li4KLy4uL2E=", NULL},
};

START_TEST(a_blob_is_below_the_output_directory)
{
    const char *base64 = paths[_i].base64;
    char line[2048];
    enum cvk_code code;

    snprintf(line, sizeof line,
             START INPUT "," BACKUP ","
             BLOB_WITH("\"path\":\"%s\"%s%s%s") "}", paths[_i].path,
             base64 ? ",\"path_base64\":\"" : "", base64 ? base64 : "",
             base64 ? "\"" : "");
    code = read_line(line);
    if (!paths[_i].exact) {
        ck_assert_msg(code == CVK_E_MANIFEST_PATH, "%s: %s", paths[_i].path,
                      cvk_code_id(code));
        return;
    }
    ck_assert_msg(code == CVK_OK, "%s: %s", paths[_i].path, m.why);
    ck_assert_uint_eq(m.row.blob_path.n, strlen(paths[_i].exact));
    ck_assert_str_eq((const char *)m.row.blob_path.p, paths[_i].exact);
}
END_TEST

START_TEST(a_path_that_no_system_takes_is_refused)
{
    static char line[3 * CVK_MAX_PATH], name[CVK_MAX_PATH + 1];

    memset(name, 'n', CVK_MAX_PATH);
    snprintf(line, sizeof line, START INPUT "," BACKUP ","
             BLOB_WITH("\"path\":\"%s\"") "}", name);
    ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_PATH);
    snprintf(line, sizeof line, START INPUT_WITH("\"path\":\"%s\"") "," BACKUP
             "," BLOB "}", name);
    ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_LINE);
}
END_TEST

START_TEST(names_and_pointers_have_an_end)
{
    static char line[5 * CVK_MAX_PATH], name[4 * CVK_MAX_PATH + 2];

    memset(name, 'n', sizeof name - 1);
    snprintf(line, sizeof line, START "\"input\":{\"path\":\"a.zip\","
             "\"member\":\"%s\",\"size\":1,\"sha256\":\"" SHA "\"}," BACKUP ","
             BLOB "}", name);
    ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_LINE);
    ck_assert_ptr_nonnull(strstr(m.why, "longer than any"));
    name[CVK_MAX_POINTER] = '\0';
    snprintf(line, sizeof line,
             START INPUT ",\"backup\":{\"pointer\":\"/%s\"}," BLOB "}", name);
    ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_LINE);
    ck_assert_ptr_nonnull(strstr(m.why, "backup.pointer is not"));
}
END_TEST

START_TEST(memory_that_ends_is_no_bad_line)
{
    static const char exact[] = START
        INPUT_WITH("\"path\":\"c\",\"path_base64\":\"Yw==\"") "," BACKUP ","
        BLOB "}";
    struct cvk_buf *const buffers[] = {&m.dom.arena, &m.input_path, &m.shown,
                                       &m.blob_path};
    size_t max = buffers[_i]->max;

    buffers[_i]->max = 0;
    ck_assert_int_eq(read_line(exact), CVK_E_MEMORY);
    if (buffers[_i] != &m.shown)
        ck_assert_int_eq(read_line(GOOD), CVK_E_MEMORY);
    buffers[_i]->max = max;
    ck_assert_int_eq(read_line(exact), CVK_OK);
}
END_TEST

START_TEST(depth_is_limited)
{
    static char line[4 * CVK_MAX_DEPTH + 100];
    size_t n = (size_t)snprintf(line, sizeof line, "{\"x\":");

    memset(line + n, '[', 2 * CVK_MAX_DEPTH);
    ck_assert_int_eq(read_line(line), CVK_E_MANIFEST_LINE);
    ck_assert_ptr_nonnull(strstr(m.why, "nested deeper"));
}
END_TEST

START_TEST(a_good_line_behind_a_bad_one_is_read)
{
    ck_assert_int_eq(read_line("{\"schema\":\"cvmkey/1\""),
                     CVK_E_MANIFEST_LINE);
    assert_whole();
}
END_TEST

#define IMAGE(members) \
    "{\"schema\":\"cvmkey/1\",\"type\":\"image\",\"status\":\"ok\"," members "}"
#define CARVE(members) \
    "{\"schema\":\"cvmkey/1\",\"type\":\"carve\",\"status\":\"ok\"," members "}"

START_TEST(images_and_what_was_carved_are_read)
{
    ck_assert_int_eq(read_line(IMAGE("\"image\":\"a.raw\",\"length\":5,"
                                     "\"hits\":2,\"refused\":1")), CVK_OK);
    ck_assert_int_eq(m.row.type, CVK_ROW_IMAGE);
    assert_slice(m.row.input_path, "a.raw");
    ck_assert_uint_eq(m.row.input_size, 5);
    ck_assert_uint_eq(m.row.hits, 2);
    ck_assert_uint_eq(m.row.refused, 1);
    /* an input has a pointer and a hash, what was carved has none */
    ck_assert_int_eq(read_line(CARVE("\"image\":\"a.raw\",\"backup\":null,"
                                     BLOB)), CVK_OK);
    ck_assert_int_eq(m.row.type, CVK_ROW_CARVE);
    ck_assert(m.row.has_blob);
    ck_assert_int_eq(read_line(CARVE("\"image\":\"a.raw\",\"backup\":null,"
                                     "\"blob\":null")), CVK_E_MANIFEST_LINE);
}
END_TEST

static const char *const bad_images[] = {
    IMAGE("\"length\":5,\"hits\":2,\"refused\":0"),
    IMAGE("\"image\":\"a\\\\x00b\",\"image_base64\":\"YQBi\","
          "\"length\":5,\"hits\":2,\"refused\":0"),
    IMAGE("\"image\":\"a\",\"length\":5,\"hits\":\"2\",\"refused\":0"),
    IMAGE("\"image\":\"a\",\"length\":5,\"hits\":2"),
};

START_TEST(an_image_has_a_name_and_counts)
{
    ck_assert_msg(read_line(bad_images[_i]) == CVK_E_MANIFEST_LINE, "%s",
                  bad_images[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manifest");
    TCase *tc = tcase_create("manifest");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_record_is_read_whole);
    tcase_add_loop_test(tc, rows_of_a_manifest_are_accepted, 0,
                        sizeof accepted / sizeof *accepted);
    tcase_add_test(tc, a_summary_is_read_whole);
    tcase_add_test(tc, a_member_has_its_exact_name);
    tcase_add_loop_test(tc, lines_that_are_no_record_are_refused, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(tc, a_line_cut_anywhere_is_refused);
    tcase_add_test(tc, a_nul_in_the_line_is_refused);
    tcase_add_loop_test(tc, a_blob_is_below_the_output_directory, 0,
                        sizeof paths / sizeof *paths);
    tcase_add_test(tc, a_path_that_no_system_takes_is_refused);
    tcase_add_test(tc, names_and_pointers_have_an_end);
    tcase_add_loop_test(tc, memory_that_ends_is_no_bad_line, 0, 4);
    tcase_add_test(tc, depth_is_limited);
    tcase_add_test(tc, images_and_what_was_carved_are_read);
    tcase_add_loop_test(tc, an_image_has_a_name_and_counts, 0,
                        sizeof bad_images / sizeof *bad_images);
    tcase_add_test(tc, a_good_line_behind_a_bad_one_is_read);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
