/* SPDX-License-Identifier: MIT */
#include "cmd/version.h"

#include <stdio.h>

#include "base/sha256.h"
#include "evidence/json_dom.h"
#include "input/gzip.h"

void cvk_libraries(struct cvk_library libraries[CVK_LIBRARIES])
{
    static const char *const names[CVK_LIBRARIES] = {"cJSON", "libb64",
                                                     "nettle", "zlib",
                                                     "minizip"};

    for (int i = 0; i < CVK_LIBRARIES; i++)
        libraries[i] = (struct cvk_library){.name = names[i]};
    snprintf(libraries[0].version, sizeof libraries[0].version, "%s",
             cvk_dom_library_version());
    snprintf(libraries[2].version, sizeof libraries[2].version, "%d.%d",
             cvk_sha256_library_major(), cvk_sha256_library_minor());
    snprintf(libraries[3].version, sizeof libraries[3].version, "%s",
             cvk_gzip_library_version());
}
