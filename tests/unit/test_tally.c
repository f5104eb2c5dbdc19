/* SPDX-License-Identifier: MIT */
#include "evidence/tally.h"

#include <string.h>

#include "unit.h"

static struct cvk_tally t;

static void set_up(void)
{
    t = (struct cvk_tally){0};
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, s ? strlen(s) : 0);
}

/* Inputs are of 100 bytes, blobs of 7. */
static enum cvk_code extract(const char *path, const char *member,
                             enum cvk_row_status status, const char *pointer)
{
    struct cvk_manifest_row row = {
        .type = CVK_ROW_EXTRACT,
        .status = status,
        .input_path = slice(path),
        .input_member = slice(member),
        .has_input_size = true,
        .input_size = 100,
        .pointer = slice(pointer),
        .has_blob = status == CVK_ROW_OK,
        .blob_size = 7,
    };

    return cvk_tally_add(&t, &row);
}

static enum cvk_code archive(const char *path, enum cvk_row_status status,
                             uint64_t members)
{
    struct cvk_manifest_row row = {
        .type = CVK_ROW_ARCHIVE,
        .status = status,
        .input_path = slice(path),
        .members = members,
    };

    return cvk_tally_add(&t, &row);
}

static enum cvk_code carve(const char *path, bool has_blob)
{
    struct cvk_manifest_row row = {
        .type = CVK_ROW_CARVE,
        .status = has_blob ? CVK_ROW_OK : CVK_ROW_REFUSED,
        .input_path = slice(path),
        .has_blob = has_blob,
        .blob_size = 7,
    };

    return cvk_tally_add(&t, &row);
}

static enum cvk_code image(const char *path, uint64_t hits, uint64_t refused)
{
    struct cvk_manifest_row row = {
        .type = CVK_ROW_IMAGE,
        .input_path = slice(path),
        .has_input_size = true,
        .input_size = 100,
        .hits = hits,
        .refused = refused,
    };

    return cvk_tally_add(&t, &row);
}

static enum cvk_code begin(void)
{
    struct cvk_manifest_row row = {.type = CVK_ROW_RUN};

    return cvk_tally_add(&t, &row);
}

static enum cvk_code end(struct cvk_manifest_counts counts)
{
    struct cvk_manifest_row row = {.type = CVK_ROW_SUMMARY, .counts = counts};

    return cvk_tally_add(&t, &row);
}

/* Two good backups of one config, a bad one, what was passed over. */
static void add_some(void)
{
    ck_assert_int_eq(extract("a", NULL, CVK_ROW_OK, "/x"), CVK_OK);
    ck_assert_int_eq(extract("b", NULL, CVK_ROW_OK, "/x"), CVK_OK);
    ck_assert_int_eq(extract("b", NULL, CVK_ROW_OK, "/y"), CVK_OK);
    ck_assert_int_eq(extract("c", NULL, CVK_ROW_REFUSED, "/x"), CVK_OK);
    ck_assert_int_eq(extract("d", NULL, CVK_ROW_SKIPPED, NULL), CVK_OK);
    ck_assert_int_eq(extract("d/e", NULL, CVK_ROW_ERROR, NULL), CVK_OK);
}

static const struct cvk_manifest_counts some = {
    .inputs = 5, .ok = 2, .refused = 1, .errors = 1, .skipped = 1,
    .blobs = 3, .bytes_in = 500, .bytes_out = 21,
};

START_TEST(parts_that_were_joined_count_one_by_one)
{
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(begin(), CVK_OK);
        add_some();
        ck_assert_int_eq(end(some), CVK_OK);
        ck_assert_int_eq(cvk_tally_end(&t), CVK_OK);
    }
    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(end((struct cvk_manifest_counts){0}), CVK_OK);
    ck_assert_int_eq(cvk_tally_end(&t), CVK_OK);
}
END_TEST

START_TEST(an_image_counts_what_was_found_in_it)
{
    struct cvk_manifest_counts counts = {
        .inputs = 2, .ok = 1, .refused = 1,
        .blobs = 2, .bytes_in = 200, .bytes_out = 14,
    };

    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(image("a", 2, 0), CVK_OK);
    ck_assert_int_eq(carve("b", true), CVK_OK);
    ck_assert_int_eq(carve("b", false), CVK_OK);
    ck_assert_int_eq(image("b", 2, 1), CVK_OK);
    /* the third blob is one of the others */
    ck_assert_int_eq(end(counts), CVK_OK);
    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(image("a", 1, 0), CVK_OK);
    ck_assert_int_eq(image("b", 0, 1), CVK_OK);
    ck_assert_int_eq(end(counts), CVK_E_MANIFEST_COUNTS);
}
END_TEST

START_TEST(an_image_that_was_not_read_counts_as_such)
{
    struct cvk_manifest_row row = {
        .type = CVK_ROW_IMAGE,
        .status = CVK_ROW_ERROR,
        .input_path = slice("a"),
        .refused = 1,
        .hits = 1,
    };

    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(carve("a", false), CVK_OK);
    ck_assert_int_eq(cvk_tally_add(&t, &row), CVK_OK);
    ck_assert_int_eq(end((struct cvk_manifest_counts){.inputs = 1, .errors = 1}),
                     CVK_OK);
}
END_TEST

START_TEST(a_hit_without_its_record_is_missed)
{
    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(image("a", 2, 0), CVK_E_MANIFEST_COUNTS);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(image("a", 0, 0), CVK_E_MANIFEST_COUNTS);
    ck_assert_int_eq(carve("a", true), CVK_OK);
    ck_assert_int_eq(end((struct cvk_manifest_counts){0}),
                     CVK_E_MANIFEST_COUNTS);
}
END_TEST

START_TEST(a_part_needs_a_summary)
{
    ck_assert_int_eq(begin(), CVK_OK);
    ck_assert_int_eq(cvk_tally_end(&t), CVK_E_MANIFEST_CUT);
    add_some();
    ck_assert_int_eq(cvk_tally_end(&t), CVK_E_MANIFEST_CUT);
    ck_assert_int_eq(begin(), CVK_E_MANIFEST_CUT);
    add_some();
    ck_assert_int_eq(end(some), CVK_OK);
    ck_assert_int_eq(cvk_tally_end(&t), CVK_OK);
}
END_TEST

START_TEST(a_part_may_lack_its_run_but_that_is_told)
{
    struct cvk_manifest_row row = {.type = CVK_ROW_EXTRACT};

    ck_assert(cvk_tally_lacks_run(&t, &row));
    add_some();
    ck_assert(!cvk_tally_lacks_run(&t, &row));
    ck_assert_int_eq(end(some), CVK_OK);
    ck_assert(cvk_tally_lacks_run(&t, &row));
    row.type = CVK_ROW_RUN;
    ck_assert(!cvk_tally_lacks_run(&t, &row));
    ck_assert_int_eq(begin(), CVK_OK);
    row.type = CVK_ROW_SUMMARY;
    ck_assert(!cvk_tally_lacks_run(&t, &row));
}
END_TEST

/* Each count by itself. */
START_TEST(a_count_that_disagrees_is_named)
{
    static const char *const names[] = {"inputs",  "ok",    "refused",
                                        "errors",  "skipped", "blobs",
                                        "bytes_in", "bytes_out"};
    struct cvk_manifest_counts counts = some;
    uint64_t *const members[] = {
        &counts.inputs,  &counts.ok,    &counts.refused,  &counts.errors,
        &counts.skipped, &counts.blobs, &counts.bytes_in, &counts.bytes_out};

    for (int step = -1; step <= 1; step += 2) {
        begin();
        add_some();
        counts = some;
        *members[_i] += (uint64_t)step;
        ck_assert_int_eq(end(counts), CVK_E_MANIFEST_COUNTS);
        ck_assert_ptr_nonnull(strstr(t.why, names[_i]));
        ck_assert_ptr_null(strchr(t.why, ';')); /* only that one */
    }
}
END_TEST

/* Without any one of the records. */
START_TEST(a_record_that_was_removed_is_missed)
{
    static const struct {
        const char *path, *pointer;
        enum cvk_row_status status;
    } rows[] = {
        {"a", "/x", CVK_ROW_OK},      {"b", "/x", CVK_ROW_OK},
        {"b", "/y", CVK_ROW_REFUSED}, {"b", "/z", CVK_ROW_OK},
        {"c", NULL, CVK_ROW_REFUSED}, {"d", NULL, CVK_ROW_SKIPPED},
    };
    const int n = sizeof rows / sizeof *rows;
    const struct cvk_manifest_counts counts = {
        .inputs = 4, .ok = 1, .refused = 2, .skipped = 1,
        .blobs = 3, .bytes_in = 400, .bytes_out = 21};

    begin();
    for (int i = 0; i < n; i++)
        if (i != _i)
            extract(rows[i].path, NULL, rows[i].status, rows[i].pointer);
    ck_assert_int_eq(end(counts),
                     _i == n ? CVK_OK : CVK_E_MANIFEST_COUNTS);
}
END_TEST

START_TEST(an_input_that_is_named_twice_may_count_twice)
{
    struct cvk_manifest_counts counts = {
        .inputs = 2, .ok = 1, .errors = 1, .blobs = 2, .bytes_in = 200,
        .bytes_out = 14};

    begin();
    extract("a", NULL, CVK_ROW_OK, "/x");
    extract("a", NULL, CVK_ROW_OK, "/y");
    extract("a", NULL, CVK_ROW_ERROR, "/x");
    extract("a", NULL, CVK_ROW_ERROR, "/y");
    ck_assert_int_eq(end(counts), CVK_OK);
    /* or once, where a document has one pointer twice */
    begin();
    extract("a", NULL, CVK_ROW_REFUSED, "/x");
    extract("a", NULL, CVK_ROW_REFUSED, "/x");
    counts = (struct cvk_manifest_counts){
        .inputs = 1, .refused = 1, .bytes_in = 100};
    ck_assert_int_eq(end(counts), CVK_OK);
    begin();
    extract("a", NULL, CVK_ROW_REFUSED, "/x");
    extract("a", NULL, CVK_ROW_REFUSED, "/x");
    counts.inputs = 3;
    ck_assert_int_eq(end(counts), CVK_E_MANIFEST_COUNTS);
}
END_TEST

START_TEST(members_count_as_inputs_and_a_good_archive_does_not)
{
    begin();
    extract("x.tar", "a", CVK_ROW_OK, "/x");
    extract("x.tar", "b", CVK_ROW_OK, "/x");
    extract("x.tar", NULL, CVK_ROW_REFUSED, NULL); /* without a name */
    extract("x.tar", NULL, CVK_ROW_REFUSED, NULL);
    ck_assert_int_eq(archive("x.tar", CVK_ROW_OK, 4), CVK_OK);
    ck_assert_int_eq(archive("y.tar", CVK_ROW_REFUSED, 0), CVK_OK);
    ck_assert_int_eq(end((struct cvk_manifest_counts){
                         .inputs = 5, .ok = 2, .refused = 3, .blobs = 2,
                         .bytes_in = 400, .bytes_out = 14}),
                     CVK_OK);
}
END_TEST

START_TEST(an_archive_follows_its_members)
{
    const struct cvk_manifest_counts counts = {
        .inputs = 2, .ok = 2, .blobs = 2, .bytes_in = 200, .bytes_out = 14};

    begin();
    extract("x.tar", "a", CVK_ROW_OK, "/x");
    ck_assert_int_eq(extract("y", NULL, CVK_ROW_OK, "/x"),
                     CVK_E_MANIFEST_COUNTS);
    ck_assert_int_eq(end(counts), CVK_OK); /* which was told already */
    begin();
    extract("x.tar", "a", CVK_ROW_OK, "/x");
    ck_assert_int_eq(archive("y.tar", CVK_ROW_OK, 0), CVK_E_MANIFEST_COUNTS);
    begin();
    extract("y", NULL, CVK_ROW_OK, "/x");
    extract("x.tar", "a", CVK_ROW_OK, "/x");
    ck_assert_int_eq(end(counts), CVK_E_MANIFEST_COUNTS);
}
END_TEST

START_TEST(an_archive_knows_how_many_members_it_had)
{
    for (uint64_t members = 0; members < 4; members++) {
        begin();
        extract("x", NULL, CVK_ROW_OK, "/x");
        extract("x.tar", "a", CVK_ROW_OK, "/x");
        extract("x.tar", "b", CVK_ROW_OK, "/x");
        extract("x.tar", "b", CVK_ROW_OK, "/y");
        ck_assert_int_eq(archive("x.tar", CVK_ROW_OK, members),
                         members == 2 ? CVK_OK : CVK_E_MANIFEST_COUNTS);
        ck_assert_int_eq(archive("x.tar", CVK_ROW_OK, 0), CVK_OK);
    }
}
END_TEST

START_TEST(what_cannot_be_read_is_not_counted)
{
    const struct cvk_manifest_counts none = {0};

    begin();
    add_some();
    cvk_tally_add_unread(&t);
    ck_assert_int_eq(archive("x.tar", CVK_ROW_OK, 9), CVK_OK);
    ck_assert_int_eq(end(none), CVK_OK);
    /* and only in that part */
    begin();
    add_some();
    ck_assert_int_eq(end(none), CVK_E_MANIFEST_COUNTS);
    /* it may have been the run, but is none */
    cvk_tally_add_unread(&t);
    ck_assert(!cvk_tally_lacks_run(&t, &(struct cvk_manifest_row){
                                           .type = CVK_ROW_EXTRACT}));
    ck_assert_int_eq(cvk_tally_end(&t), CVK_OK);
    add_some();
    ck_assert_int_eq(cvk_tally_end(&t), CVK_E_MANIFEST_CUT);
    ck_assert_int_eq(end(none), CVK_OK);
    add_some();
    ck_assert_int_eq(end(some), CVK_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tc = tcase_create("tally");

    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_test(tc, parts_that_were_joined_count_one_by_one);
    tcase_add_test(tc, an_image_counts_what_was_found_in_it);
    tcase_add_test(tc, an_image_that_was_not_read_counts_as_such);
    tcase_add_test(tc, a_hit_without_its_record_is_missed);
    tcase_add_test(tc, a_part_needs_a_summary);
    tcase_add_test(tc, a_part_may_lack_its_run_but_that_is_told);
    tcase_add_loop_test(tc, a_count_that_disagrees_is_named, 0, 8);
    tcase_add_loop_test(tc, a_record_that_was_removed_is_missed, 0, 7);
    tcase_add_test(tc, an_input_that_is_named_twice_may_count_twice);
    tcase_add_test(tc, members_count_as_inputs_and_a_good_archive_does_not);
    tcase_add_test(tc, an_archive_follows_its_members);
    tcase_add_test(tc, an_archive_knows_how_many_members_it_had);
    tcase_add_test(tc, what_cannot_be_read_is_not_counted);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
