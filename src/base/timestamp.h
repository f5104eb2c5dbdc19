/* SPDX-License-Identifier: MIT */
/* Times as text, without the C library's time zone files. */
#ifndef CVK_BASE_TIMESTAMP_H
#define CVK_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define CVK_TIMESTAMP_SIZE 40

/* RFC 3339 in UTC with nanoseconds: 2026-01-28T10:11:12.000000000Z. seconds
 * count from 1970; years outside 0 to 9999 are cut to that range. */
void cvk_timestamp_format(int64_t seconds, uint32_t nanoseconds,
                          char out[CVK_TIMESTAMP_SIZE]);

/* Reads a time in one of the forms that Azure's tools print: seconds since
 * 1970 as digits, ISO 8601 with or without time, fraction and zone (none means
 * UTC), or /Date(MILLISECONDS)/ of Windows PowerShell. False if it is none of
 * them, or outside of the years 0 to 9999. */
bool cvk_timestamp_parse(struct cvk_slice text, int64_t *seconds);

/* The same second as people read it: 2026-01-28 10:11:12 UTC. */
void cvk_timestamp_words(int64_t seconds, char out[CVK_TIMESTAMP_SIZE]);

#endif
