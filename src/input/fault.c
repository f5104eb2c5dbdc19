/* SPDX-License-Identifier: MIT */
#include "input/fault.h"

#include <stdarg.h>
#include <stdio.h>

static void set(struct cvk_fault *f, enum cvk_code code, bool ends, uint64_t at)
{
    *f = (struct cvk_fault){.code = code, .ends = ends, .at = at};
}

enum cvk_code cvk_fault_end(struct cvk_fault *f, enum cvk_code code,
                            uint64_t at, const char *format, ...)
{
    va_list args;

    set(f, code, true, at);
    va_start(args, format);
    vsnprintf(f->why, sizeof f->why, format, args);
    va_end(args);
    return code;
}

enum cvk_code cvk_fault_member(struct cvk_fault *f, enum cvk_code code,
                               uint64_t at, const char *format, ...)
{
    va_list args;

    set(f, code, false, at);
    va_start(args, format);
    vsnprintf(f->why, sizeof f->why, format, args);
    va_end(args);
    return code;
}
