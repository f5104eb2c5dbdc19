/* SPDX-License-Identifier: MIT */
#include "base/encoding.h"

const char *cvk_encoding_name(enum cvk_encoding encoding)
{
    static const char *const names[] = {"utf-8", "utf-8-bom", "utf-16le",
                                        "utf-16be"};

    return names[encoding];
}
