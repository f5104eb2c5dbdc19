/* SPDX-License-Identifier: MIT */
#include "base/timestamp.h"

#include <stdio.h>

enum { DAY = 86400, DAYS_400_YEARS = 146097 };

/* 0000-01-01T00:00:00 and 9999-12-31T23:59:59, in seconds from 1970. */
#define FIRST_SECOND (-62167219200)
#define LAST_SECOND 253402300799

/* 0400-03-01 before year 0: days are counted from there. */
#define BASE_SECOND (-62162035200 - (int64_t)DAYS_400_YEARS * DAY)

/* Years are counted from March, so that the leap day comes last; the lengths
 * of the months then follow one line: 153 days in each 5 months. */
void cvk_timestamp_format(int64_t seconds, uint32_t nanoseconds,
                          char out[CVK_TIMESTAMP_SIZE])
{
    int64_t s = seconds < FIRST_SECOND  ? FIRST_SECOND
                : seconds > LAST_SECOND ? LAST_SECOND
                                        : seconds;
    int64_t days = (s - BASE_SECOND) / DAY, second = (s - BASE_SECOND) % DAY;
    int64_t era = days / DAYS_400_YEARS, day = days % DAYS_400_YEARS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t month;

    day -= 365 * year + year / 4 - year / 100;
    month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    year += 400 * era - 400 + (month >= 10);
    month += month < 10 ? 3 : -9;
    snprintf(out, CVK_TIMESTAMP_SIZE,
             "%04d-%02d-%02dT%02d:%02d:%02d.%09uZ", (int)year, (int)month,
             (int)day + 1, (int)(second / 3600), (int)(second / 60 % 60),
             (int)(second % 60), (unsigned)nanoseconds);
}
