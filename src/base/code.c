/* SPDX-License-Identifier: MIT */
#include "base/code.h"

#include <stddef.h>

static const struct {
    const char *id;
    enum cvk_class class;
    const char *hint;
} codes[CVK_CODE_COUNT] = {
    [CVK_OK] = {"ok", CVK_CLASS_INPUT, NULL},
#define CVK_CODE_ROW(name, id, class, hint)                                    \
    [CVK_E_##name] = {id, CVK_CLASS_##class, hint},
    CVK_CODES(CVK_CODE_ROW)
#undef CVK_CODE_ROW
};

const char *cvk_code_id(enum cvk_code code)
{
    return codes[code].id;
}

enum cvk_class cvk_code_class(enum cvk_code code)
{
    return codes[code].class;
}

const char *cvk_code_hint(enum cvk_code code)
{
    return codes[code].hint;
}
