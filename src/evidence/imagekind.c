/* SPDX-License-Identifier: MIT */
#include "evidence/imagekind.h"

/* Signatures as their specifications have them: libewf's "Expert Witness
 * Compression Format", AFFLIB's afflib_i.h, VMware's "Virtual Disk Format 5.0",
 * [MS-VHDX] 2.2.1, "Virtual Hard Disk Image Format Specification" 1.0, QEMU's
 * docs/interop/qcow2. */
static const struct {
    struct cvk_slice magic;
    enum cvk_code code;
    const char *what;
} kinds[] = {
#define MAGIC(s) {(const uint8_t *)(s), sizeof(s) - 1}
    {MAGIC("EVF\x09\x0d\x0a\xff\0"), CVK_E_IMAGE_EWF, "an EWF (E01) image"},
    {MAGIC("LVF\x09\x0d\x0a\xff\0"), CVK_E_IMAGE_EWF, "an EWF (L01) image"},
    {MAGIC("EVF2\x0d\x0a\x81\0"), CVK_E_IMAGE_EWF, "an EWF (Ex01) image"},
    {MAGIC("AFF10\x0d\x0a\0"), CVK_E_IMAGE_AFF, "an AFF image"},
    {MAGIC("KDMV"), CVK_E_IMAGE_VMDK, "a VMDK image"},
    {MAGIC("COWD"), CVK_E_IMAGE_VMDK, "a VMDK image"},
    {MAGIC("# Disk DescriptorFile"), CVK_E_IMAGE_VMDK,
     "the descriptor of a VMDK image"},
    {MAGIC("conectix"), CVK_E_IMAGE_VHD, "a dynamic VHD image"},
    {MAGIC("vhdxfile"), CVK_E_IMAGE_VHDX, "a VHDX image"},
    {MAGIC("QFI\xfb"), CVK_E_IMAGE_QCOW2, "a QCOW2 image"},
#undef MAGIC
};

enum cvk_code cvk_imagekind_check(struct cvk_slice bytes, const char **what)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (cvk_slice_starts(bytes, kinds[i].magic)) {
            *what = kinds[i].what;
            return kinds[i].code;
        }
    return CVK_OK;
}
