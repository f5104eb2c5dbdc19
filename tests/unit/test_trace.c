/* SPDX-License-Identifier: MIT */
#include "evidence/trace.h"

#include "unit.h"

#define TEXT(s) {(const uint8_t *)(s), sizeof(s) - 1}

static const struct {
    struct cvk_slice bytes;
    bool found;
} cases[] = {
    {TEXT(""), false},
    {TEXT("o"), false},
    {TEXT("OsDisk"), false},
    {TEXT("OsDiskEncryptionDetails"), true},
    {TEXT("osdiskENCRYPTIONdetails"), true},
    {TEXT("OsDiskEncryptionDetail"), false},
    {TEXT("OsDiskKeyAndSecretDetails"), true},
    {TEXT("\0\xff{\"OSDISKKEYANDSECRETDETAILS\":"), true},
    {TEXT("OsDiskEncryptionSetId"), false},
    {TEXT("Os Disk\nEncryption Details"), true},
    {TEXT("osososDiskEncryptionDetails"), true},
    {TEXT("KeyBackupData"), false},
    {TEXT("xxJkF6dXJlS2V5VmF1bHR"), true},
    {TEXT("xxJkF6dXJlS2V5VmF1bH"), false},
    {TEXT("KUF6dXJlS2V5VmF1bHRTZWNy"), true},
    {TEXT("ZXlKaGJHY2lPaUprYVhJaUxD"), true},
    {TEXT("ZXlKaGJHY2lPaUpTVTBFdE9B"), true},
    /* base64 of the tokens that other programs keep: {"alg":"RS256 */
    {TEXT("ZXlKaGJHY2lPaUpTVXpJMU5p"), false},
    /* UTF-16 and UTF-32, wrapped, escaped */
    {TEXT("\0J\0k\0F\0006\0d\0X\0J\0l\0S\0002\0V\0005\0V\0m\0F\0001\0b\0H\0R"), true},
    {TEXT("O\0\0\0s\0\0\0D\0\0\0iskEncryptionDetails"), true},
    {TEXT("JkF6dXJlS2\r\nV5VmF1bH\r\nR"), true},
    {TEXT("\\u004fsDisk\\u0045ncryptionDetails"), true},
    {TEXT("\\u004akF6dXJlS2V5VmF1bHR"), true},
    {TEXT("\\u004zkF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u104akF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u004"), false},
    {TEXT("\\x004akF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u014akF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u00g4kF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u00/4kF6dXJlS2V5VmF1bHR"), false},
    {TEXT("\\u00:4kF6dXJlS2V5VmF1bHR"), false},
    {TEXT("JkF6dXJl\tS2V5VmF1bHR"), true},
    {TEXT("zxlkagjhy2lpaupryvhjaux"), false},
};

START_TEST(traces_are_found_wherever_they_stand)
{
    ck_assert_int_eq(cvk_trace_found(cases[_i].bytes), cases[_i].found);
}
END_TEST

START_TEST(a_trace_at_the_very_end_is_found)
{
    static uint8_t bytes[4096];
    struct cvk_slice name = CVK_LITERAL("OsDiskEncryptionDetails");

    for (size_t at = 0; at + name.n <= sizeof bytes; at += 13) {
        memset(bytes, 'o', sizeof bytes);
        memcpy(bytes + at, name.p, name.n);
        ck_assert(cvk_trace_found(cvk_slice_of(bytes, at + name.n)));
        ck_assert(!cvk_trace_found(cvk_slice_of(bytes, at + name.n - 1)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *tc = tcase_create("trace");

    tcase_add_loop_test(tc, traces_are_found_wherever_they_stand, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(tc, a_trace_at_the_very_end_is_found);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
