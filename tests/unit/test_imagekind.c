/* SPDX-License-Identifier: MIT */
#include "evidence/imagekind.h"

#include "unit.h"

START_TEST(containers_are_told_by_their_magic)
{
    static const struct {
        struct cvk_slice bytes;
        enum cvk_code code;
    } rows[] = {
        {{(const uint8_t *)"EVF\x09\x0d\x0a\xff\0\x01", 9}, CVK_E_IMAGE_EWF},
        {{(const uint8_t *)"AFF10\r\n\0", 8}, CVK_E_IMAGE_AFF},
        {{(const uint8_t *)"KDMV\x01", 5}, CVK_E_IMAGE_VMDK},
        {{(const uint8_t *)"conectix", 8}, CVK_E_IMAGE_VHD},
        {{(const uint8_t *)"vhdxfile", 8}, CVK_E_IMAGE_VHDX},
        {{(const uint8_t *)"QFI\xfb\0\0\0\3", 8}, CVK_E_IMAGE_QCOW2},
        {{(const uint8_t *)"EVF\x09\x0d\x0a\xff\x01", 8}, CVK_OK},
        {{(const uint8_t *)"QFI", 3}, CVK_OK},
        {{(const uint8_t *)"", 0}, CVK_OK},
    };
    const char *what = NULL;

    ck_assert_int_eq((int)cvk_imagekind_check(rows[_i].bytes, &what),
                     (int)rows[_i].code);
    ck_assert_int_eq(what != NULL, rows[_i].code != CVK_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("imagekind");
    TCase *tcase = tcase_create("magic");

    tcase_add_loop_test(tcase, containers_are_told_by_their_magic, 0, 9);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
