/* SPDX-License-Identifier: MIT */
/* Times as text, without the C library's time zone files. */
#ifndef CVK_BASE_TIMESTAMP_H
#define CVK_BASE_TIMESTAMP_H

#include <stdint.h>

#define CVK_TIMESTAMP_SIZE 40

/* RFC 3339 in UTC with nanoseconds: 2026-01-28T10:11:12.000000000Z. seconds
 * count from 1970; years outside 0 to 9999 are cut to that range. */
void cvk_timestamp_format(int64_t seconds, uint32_t nanoseconds,
                          char out[CVK_TIMESTAMP_SIZE]);

#endif
