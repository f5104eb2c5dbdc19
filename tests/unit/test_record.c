/* SPDX-License-Identifier: MIT */
#include "evidence/record.h"

#include <stdio.h>

#include "unit.h"

static struct cvk_record record, other;

static void setup(void)
{
    cvk_record_init(&record);
    cvk_record_init(&other);
}

static void teardown(void)
{
    cvk_record_clear(&record);
    cvk_record_clear(&other);
}

START_TEST(a_new_record_knows_nothing)
{
    ck_assert_int_eq(record.type, CVK_RECORD_EXTRACT);
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    ck_assert(!record.strict && !record.input.read && !record.key.url.known);
    ck_assert(!record.backup.known && !record.blob.written);
    ck_assert(!record.cross_checked && !record.key.has_cloud);
    ck_assert_uint_eq(record.findings.n, 0);
    ck_assert_uint_eq(record.n_fields, 0);
    ck_assert_ptr_null(cvk_record_error(&record));
}
END_TEST

START_TEST(notes_and_warnings_leave_a_record_good)
{
    cvk_record_note(&record, CVK_E_TEXT_BOM, NULL, "note %d", 1);
    ck_assert_int_eq(cvk_record_warn(&record, CVK_E_B64_WHITESPACE, NULL,
                                     "warning %d", 2), CVK_OK);
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    ck_assert_ptr_null(cvk_record_error(&record));
    ck_assert_uint_eq(record.findings.n, 2);
    ck_assert_int_eq(record.findings.v[0].severity, CVK_NOTE);
    ck_assert_int_eq(record.findings.v[1].severity, CVK_WARNING);
    assert_slice(cvk_record_text(&record, record.findings.v[0].text), "note 1");
    assert_slice(cvk_record_text(&record, record.findings.v[1].text),
                 "warning 2");
}
END_TEST

START_TEST(a_strict_record_is_refused_by_its_first_warning)
{
    cvk_record_reset(&record, CVK_RECORD_SHOW, true);
    cvk_record_note(&record, CVK_E_TEXT_BOM, NULL, "fine");
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    ck_assert_int_eq(cvk_record_warn(&record, CVK_E_B64_WHITESPACE, NULL, "no"),
                     CVK_E_B64_WHITESPACE);
    ck_assert_int_eq(record.status, CVK_STATUS_REFUSED);
    ck_assert_int_eq(cvk_record_error(&record)->code, CVK_E_B64_WHITESPACE);
    ck_assert_int_eq(cvk_record_error(&record)->severity, CVK_ERROR);
    cvk_record_warn(&record, CVK_E_B64_UNPADDED, NULL, "late");
    cvk_record_note(&record, CVK_E_TEXT_UTF16, NULL, "late");
    ck_assert_uint_eq(record.findings.n, 2);
    ck_assert_int_eq(cvk_record_error(&record)->code, CVK_E_B64_WHITESPACE);
}
END_TEST

START_TEST(the_class_of_the_code_decides_the_status)
{
    ck_assert_int_eq(cvk_record_refuse(&record, CVK_E_JSON_SYNTAX, NULL, "x"),
                     CVK_E_JSON_SYNTAX);
    ck_assert_int_eq(record.status, CVK_STATUS_REFUSED);
    cvk_record_reset(&record, CVK_RECORD_EXTRACT, false);
    ck_assert_int_eq(cvk_record_refuse(&record, CVK_E_MEMORY, NULL, "x"),
                     CVK_E_MEMORY);
    ck_assert_int_eq(record.status, CVK_STATUS_ERROR);
    cvk_record_reset(&record, CVK_RECORD_EXTRACT, false);
    cvk_record_refuse(&record, CVK_E_IO_READ, NULL, "x");
    ck_assert_int_eq(record.status, CVK_STATUS_ERROR);
}
END_TEST

START_TEST(an_error_ends_the_findings)
{
    struct cvk_place place = {.pointer = CVK_LITERAL("/a/b"),
                              .known = true,
                              .offset = 7,
                              .line = 2,
                              .column = 3};
    const struct cvk_finding *error;

    cvk_record_note(&record, CVK_E_TEXT_BOM, NULL, "first");
    cvk_record_warn(&record, CVK_E_FACTS_DES, NULL, "second");
    cvk_record_refuse(&record, CVK_E_JSON_SYNTAX, &place, "%s", "third");
    error = cvk_record_error(&record);
    ck_assert_ptr_eq(error, &record.findings.v[2]);
    ck_assert_uint_eq(record.findings.n, 3);
    ck_assert(error->placed);
    ck_assert_uint_eq(error->offset, 7);
    ck_assert_uint_eq(error->line, 2);
    ck_assert_uint_eq(error->column, 3);
    assert_slice(cvk_record_text(&record, error->pointer), "/a/b");
    assert_slice(cvk_record_text(&record, error->text), "third");
    ck_assert(!record.findings.v[0].placed);
    ck_assert(!record.findings.v[0].pointer.known);
}
END_TEST

START_TEST(refusing_after_many_findings_counts_the_rest)
{
    for (int i = 0; i < CVK_MAX_FINDINGS + 5; i++)
        cvk_record_warn(&record, CVK_E_FACTS_DES, NULL, "%d", i);
    ck_assert_uint_eq(record.findings.n, CVK_MAX_FINDINGS);
    cvk_record_refuse(&record, CVK_E_JSON_SYNTAX, NULL, "end");
    ck_assert_uint_eq(record.findings.n, CVK_MAX_FINDINGS + 2);
    ck_assert_int_eq(record.findings.v[CVK_MAX_FINDINGS].code,
                     CVK_E_FINDINGS_MORE);
    ck_assert_int_eq(cvk_record_error(&record)->code, CVK_E_JSON_SYNTAX);
}
END_TEST

START_TEST(fields_have_room_for_so_many)
{
    ck_assert(cvk_record_reserve_fields(&record, 3));
    record.fields[2].is_string = true;
    ck_assert(cvk_record_reserve_fields(&record, 2));
    ck_assert(cvk_record_reserve_fields(&record, CVK_MAX_FIELDS));
    ck_assert(record.fields[2].is_string);
    ck_assert(!cvk_record_reserve_fields(&record, CVK_MAX_FIELDS + 1));
}
END_TEST

START_TEST(a_second_record_begins_with_what_is_known_of_the_input)
{
    cvk_record_reset(&record, CVK_RECORD_SHOW, true);
    record.input.path = cvk_text_store(&record.text, CVK_LITERAL("in.json"));
    record.input.size = 42;
    record.input.read = record.input.gzip = true;
    record.input.encoding = CVK_UTF16LE;
    record.input.document = CVK_DOCUMENT_CVM;
    cvk_record_note(&record, CVK_E_TEXT_UTF16, NULL, "utf-16");
    other.key.has_cloud = other.backup.known = other.blob.written = true;
    other.cross_checked = true;
    other.n_fields = 3;
    ck_assert_int_eq(cvk_record_copy_input(&other, &record), CVK_OK);
    ck_assert_int_eq(other.type, CVK_RECORD_SHOW);
    ck_assert(other.strict && other.input.read && other.input.gzip);
    ck_assert_uint_eq(other.input.size, 42);
    ck_assert_int_eq(other.input.encoding, CVK_UTF16LE);
    assert_slice(cvk_record_text(&other, other.input.path), "in.json");
    ck_assert_uint_eq(other.findings.n, 1);
    assert_slice(cvk_record_text(&other, other.findings.v[0].text), "utf-16");
    ck_assert(!other.key.has_cloud && !other.backup.known);
    ck_assert(!other.blob.written && !other.cross_checked);
    ck_assert_uint_eq(other.n_fields, 0);
    /* it stands on its own */
    cvk_record_clear(&record);
    assert_slice(cvk_record_text(&other, other.input.path), "in.json");
}
END_TEST

START_TEST(a_copy_without_room_is_reported)
{
    cvk_record_note(&record, CVK_E_TEXT_UTF16, NULL, "longer than 4 bytes");
    cvk_buf_clear(&other.text);
    cvk_buf_init(&other.text, 4);
    ck_assert_int_eq(cvk_record_copy_input(&other, &record), CVK_E_MEMORY);
    other.text.max = 1 << 16;
    ck_assert_int_eq(cvk_record_copy_input(&other, &record), CVK_OK);
    record.text.failed = true; /* the original lost a word already */
    ck_assert_int_eq(cvk_record_copy_input(&other, &record), CVK_E_MEMORY);
}
END_TEST

START_TEST(reset_forgets_everything_but_keeps_the_memory)
{
    uint8_t *kept;

    cvk_record_refuse(&record, CVK_E_JSON_SYNTAX, NULL, "x");
    record.text.failed = true;
    kept = record.text.p;
    cvk_record_reset(&record, CVK_RECORD_SHOW, false);
    ck_assert_ptr_eq(record.text.p, kept);
    ck_assert_uint_eq(record.text.n, 0);
    ck_assert(!record.text.failed);
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    ck_assert_ptr_null(cvk_record_error(&record));
    ck_assert_uint_eq(record.findings.n, 0);
}
END_TEST

START_TEST(records_have_names)
{
    ck_assert_str_eq(cvk_status_name(CVK_STATUS_OK), "ok");
    ck_assert_str_eq(cvk_status_name(CVK_STATUS_REFUSED), "refused");
    ck_assert_str_eq(cvk_status_name(CVK_STATUS_ERROR), "error");
    ck_assert_str_eq(cvk_record_type_name(CVK_RECORD_EXTRACT), "extract");
    ck_assert_str_eq(cvk_record_type_name(CVK_RECORD_SHOW), "show");
}
END_TEST

START_TEST(a_backups_name_and_store_go_by_its_format)
{
    static const struct {
        enum cvk_backup_format format;
        enum cvk_store store;
        const char *name;
    } formats[] = {
        {CVK_BACKUP_UNKNOWN, CVK_STORE_UNKNOWN, "unknown"},
        {CVK_BACKUP_KEY_VAULT_KEY, CVK_KEY_VAULT, "key-vault-key"},
        {CVK_BACKUP_MANAGED_HSM_KEY, CVK_MANAGED_HSM, "managed-hsm-key"},
        {CVK_BACKUP_KEY_VAULT_SECRET, CVK_STORE_UNKNOWN, "key-vault-secret"},
    };

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(cvk_keybackup_store(formats[i].format),
                         formats[i].store);
        ck_assert_str_eq(cvk_backup_format_name(formats[i].format),
                         formats[i].name);
    }
}
END_TEST

START_TEST(skipping_makes_a_note_of_an_error)
{
    cvk_record_skip(&record);
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    cvk_record_refuse(&record, CVK_E_JSON_SYNTAX, NULL, "no JSON");
    cvk_record_skip(&record);
    ck_assert_int_eq(record.status, CVK_STATUS_SKIPPED);
    ck_assert_ptr_null(cvk_record_error(&record));
    ck_assert_uint_eq(record.findings.n, 1);
    ck_assert_int_eq(record.findings.v[0].severity, CVK_NOTE);
}
END_TEST

START_TEST(accepting_makes_a_warning_of_an_error)
{
    cvk_record_note(&record, CVK_E_TEXT_BOM, NULL, "a mark");
    ck_assert(!cvk_record_accept(&record, CVK_E_CARVE_PARTIAL));
    cvk_record_refuse(&record, CVK_E_BLOB_TRUNCATED, NULL, "cut");
    record.strict = true;
    ck_assert(!cvk_record_accept(&record, CVK_E_CARVE_PARTIAL));
    record.strict = false;
    ck_assert(cvk_record_accept(&record, CVK_E_CARVE_PARTIAL));
    ck_assert_int_eq(record.status, CVK_STATUS_OK);
    ck_assert_ptr_null(cvk_record_error(&record));
    ck_assert_int_eq(record.findings.v[1].code, CVK_E_CARVE_PARTIAL);
    ck_assert_int_eq(record.findings.v[1].severity, CVK_WARNING);
}
END_TEST

START_TEST(stores_are_in_dispute_where_two_are_named)
{
    record.key.vault_store = CVK_KEY_VAULT;
    ck_assert(!cvk_record_vault_disputed(&record));
    record.key.store = CVK_KEY_VAULT;
    ck_assert(!cvk_record_vault_disputed(&record));
    record.key.store = CVK_MANAGED_HSM;
    ck_assert(cvk_record_vault_disputed(&record));
    record.key.vault_store = CVK_STORE_UNKNOWN;
    ck_assert(!cvk_record_vault_disputed(&record));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tc = tcase_create("record");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_new_record_knows_nothing);
    tcase_add_test(tc, notes_and_warnings_leave_a_record_good);
    tcase_add_test(tc, a_strict_record_is_refused_by_its_first_warning);
    tcase_add_test(tc, the_class_of_the_code_decides_the_status);
    tcase_add_test(tc, an_error_ends_the_findings);
    tcase_add_test(tc, refusing_after_many_findings_counts_the_rest);
    tcase_add_test(tc, fields_have_room_for_so_many);
    tcase_add_test(tc, a_second_record_begins_with_what_is_known_of_the_input);
    tcase_add_test(tc, a_copy_without_room_is_reported);
    tcase_add_test(tc, reset_forgets_everything_but_keeps_the_memory);
    tcase_add_test(tc, skipping_makes_a_note_of_an_error);
    tcase_add_test(tc, accepting_makes_a_warning_of_an_error);
    tcase_add_test(tc, records_have_names);
    tcase_add_test(tc, stores_are_in_dispute_where_two_are_named);
    tcase_add_test(tc, a_backups_name_and_store_go_by_its_format);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
