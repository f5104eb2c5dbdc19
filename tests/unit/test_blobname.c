/* SPDX-License-Identifier: MIT */
#include "output/blobname.h"

#include "unit.h"

static struct cvk_buf buf;

static void set_up(void)
{
    cvk_buf_init(&buf, 100);
}

static void tear_down(void)
{
    cvk_buf_clear(&buf);
}

static const char *string(void)
{
    ck_assert(cvk_buf_append_byte(&buf, 0));
    return (const char *)buf.p;
}

static const struct {
    const char *path, *blob;
} names[] = {
    {"c.json", "c.blob"},
    {"c.json.gz", "c.blob"},
    {"C.JSON", "C.blob"},
    {"c.Json.gZ", "c.blob"},
    {"c", "c.blob"},
    {"c.txt", "c.txt.blob"},
    {"c.gz", "c.gz.blob"},
    {"c.json.bz2", "c.json.bz2.blob"},
    {"cjson", "cjson.blob"},
    {"c.json5", "c.json5.blob"},
    {"c.jso", "c.jso.blob"},
    /* one suffix goes, not more */
    {"c.json.json", "c.json.blob"},
    {"c.json.gz.gz", "c.json.gz.gz.blob"},
    {"c.json.gz.json", "c.json.gz.blob"},
    {"c.json.json.gz", "c.json.blob"},
    {"c.blob", "c.blob.blob"},
    /* a name that would have nothing left stays */
    {".json", ".json.blob"},
    {".json.gz", ".json.gz.blob"},
    {"x/.JSON", ".JSON.blob"},
    /* only the last component counts */
    {"/a/b.json/c.json", "c.blob"},
    {"../c.json", "c.blob"},
    {"a//c.json", "c.blob"},
    {"/c.json", "c.blob"},
    {"a.json/c", "c.blob"},
    /* standard input, and a file of that name */
    {"-", "stdin.blob"},
    {"./-", "-.blob"},
    {"-.json", "-.blob"},
    {"--", "--.blob"},
    /* hostile names stay one component, byte for byte */
    {"..json", "..blob"},
    {"...json", "...blob"},
    {"x/..", "...blob"},
    {"-rf.json", "-rf.blob"},
    {"a\\b.json", "a\\b.blob"},
    {"C:\\x.json", "C:\\x.blob"},
    {"a\nb\x1b\xff.json", "a\nb\x1b\xff.blob"},
    {" .json", " .blob"},
    {"%s%n.json", "%s%n.blob"},
};

START_TEST(names_come_from_the_last_component)
{
    ck_assert(cvk_blob_name(&buf, names[_i].path, false, 1));
    ck_assert_str_eq(string(), names[_i].blob);
}
END_TEST

START_TEST(names_never_hold_a_slash_and_are_no_dots)
{
    struct cvk_slice s;

    ck_assert(cvk_blob_name(&buf, names[_i].path, false, 2));
    s = cvk_buf_slice(&buf);
    ck_assert_uint_eq(cvk_slice_find(s, '/'), s.n);
    ck_assert(cvk_slice_ends_nocase(s, CVK_LITERAL(".2.blob")));
}
END_TEST

START_TEST(further_backups_have_their_number)
{
    static const struct {
        const char *path;
        bool secret;
        size_t ordinal;
        const char *blob;
    } numbered[] = {
        {"c.json", false, 1, "c.blob"},
        {"c.json", false, 2, "c.2.blob"},
        {"c.json.gz", false, 10, "c.10.blob"},
        {"-", false, 2, "stdin.2.blob"},
        {"a/c", false, 64, "c.64.blob"},
        {".json", false, 3, ".json.3.blob"},
        {"c.json", true, 1, "c.secret.blob"},
        {"c.json.gz", true, 2, "c.secret.2.blob"},
        {"-", true, 1, "stdin.secret.blob"},
        {"a/c", true, 64, "c.secret.64.blob"},
        {"c", false, SIZE_MAX, "c.18446744073709551615.blob"},
        {"c", true, SIZE_MAX, "c.secret.18446744073709551615.blob"},
    };

    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
        buf.n = 0;
        ck_assert(cvk_blob_name(&buf, numbered[i].path, numbered[i].secret,
                                numbered[i].ordinal));
        if (numbered[i].ordinal < SIZE_MAX || SIZE_MAX == UINT64_MAX)
            ck_assert_str_eq(string(), numbered[i].blob);
    }
}
END_TEST

static const struct {
    const char *path, *parents; /* NULL: refused */
} trees[] = {
    {"c.json", ""},
    {"-", ""},
    {"", ""},
    {"vm1/c.json", "vm1/"},
    {"vm1/disk/c.json", "vm1/disk/"},
    {"/evidence/vm1/c.json", "evidence/vm1/"},
    {"./vm1/./c.json", "vm1/"},
    {"vm1//c.json", "vm1/"},
    {"///vm1///c.json", "vm1/"},
    {"vm1/", "vm1/"},
    {".", ""},
    {"/", ""},
    {"/c.json", ""},
    {"./c.json", ""},
    /* three dots and hidden folders are names */
    {".../c.json", ".../"},
    {"..vm/c.json", "..vm/"},
    {"vm../c.json", "vm../"},
    {".vm/c.json", ".vm/"},
    {"-/c.json", "-/"},
    {"a\nb/\xff/c.json", "a\nb/\xff/"},
    {"../c.json", NULL},
    {"vm1/../c.json", NULL},
    {"/../c.json", NULL},
    {"vm1/../", NULL},
    {"./../c.json", NULL},
    {"a/b/..//c.json", NULL},
};

START_TEST(parents_are_kept_below_the_output_directory)
{
    bool ok = cvk_blob_parents(&buf, trees[_i].path);

    ck_assert_int_eq(ok, trees[_i].parents != NULL);
    if (ok)
        ck_assert_str_eq(string(), trees[_i].parents);
}
END_TEST

START_TEST(a_full_buffer_is_told)
{
    struct cvk_buf small;

    for (size_t max = 0; max < sizeof "long.12.blob" - 1; max++) {
        cvk_buf_init(&small, max);
        ck_assert(!cvk_blob_name(&small, "long.json", false, 12));
        cvk_buf_clear(&small);
    }
    for (size_t max = 0; max < sizeof "ab/cd/" - 1; max++) {
        cvk_buf_init(&small, max);
        ck_assert(!cvk_blob_parents(&small, "ab/cd/x"));
        cvk_buf_clear(&small);
    }
    cvk_buf_init(&small, sizeof "long.12.blob" - 1);
    ck_assert(cvk_blob_name(&small, "long.json", false, 12));
    small.n = 0;
    small.max = sizeof "ab/cd/" - 1;
    ck_assert(cvk_blob_parents(&small, "ab/cd/x"));
    cvk_buf_clear(&small);
}
END_TEST

START_TEST(both_append_to_what_is_there)
{
    ck_assert(cvk_blob_parents(&buf, "vm1/c.json"));
    ck_assert(cvk_blob_name(&buf, "vm1/c.json", false, 1));
    ck_assert_str_eq(string(), "vm1/c.blob");
}
END_TEST

int main(void)
{
    const int n_names = sizeof names / sizeof *names;
    Suite *suite = suite_create("blobname");
    TCase *tc = tcase_create("blobname");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, names_come_from_the_last_component, 0, n_names);
    tcase_add_loop_test(tc, names_never_hold_a_slash_and_are_no_dots, 0,
                        n_names);
    tcase_add_test(tc, further_backups_have_their_number);
    tcase_add_loop_test(tc, parents_are_kept_below_the_output_directory, 0,
                        sizeof trees / sizeof *trees);
    tcase_add_test(tc, a_full_buffer_is_told);
    tcase_add_test(tc, both_append_to_what_is_there);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
