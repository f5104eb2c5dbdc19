/* SPDX-License-Identifier: MIT */
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

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

void cvk_timestamp_words(int64_t seconds, char out[CVK_TIMESTAMP_SIZE])
{
    char rfc[CVK_TIMESTAMP_SIZE];

    cvk_timestamp_format(seconds, 0, rfc);
    snprintf(out, CVK_TIMESTAMP_SIZE, "%.10s %.8s UTC", rfc, rfc + 11);
}

/* ---- reading ------------------------------------------------------------ */

static bool is_digit(struct cvk_slice s)
{
    return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Takes min to max digits off the front of s. */
static bool take_number(struct cvk_slice *s, size_t min, size_t max, int64_t *n)
{
    size_t digits = 0;

    for (*n = 0; digits < max && is_digit(*s); digits++) {
        *n = *n * 10 + (s->p[0] - '0');
        *s = cvk_slice_cut(*s, 1, s->n);
    }
    return digits >= min;
}

static bool take_char(struct cvk_slice *s, const char *any)
{
    if (!s->n || !s->p[0] || !strchr(any, s->p[0]))
        return false;
    *s = cvk_slice_cut(*s, 1, s->n);
    return true;
}

/* Days from 1970 to a date; months count from March, as above. */
static int64_t count_days(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year + 400 - (month <= 2), m = month + (month <= 2 ? 9 : -3);

    return BASE_SECOND / DAY + 365 * y + y / 4 - y / 100 + y / 400 +
           (153 * m + 2) / 5 + day - 1;
}

static bool take_date(struct cvk_slice *s, int64_t *seconds)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    bool leap;

    if (!take_number(s, 4, 4, &year) || !take_char(s, "-") ||
        !take_number(s, 2, 2, &month) || !take_char(s, "-") ||
        !take_number(s, 2, 2, &day))
        return false;
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] ||
        (month == 2 && day == 29 && !leap))
        return false;
    *seconds = count_days(year, month, day) * DAY;
    return true;
}

/* HH:MM[:SS[.fraction]]; the second may be a leap second. */
static bool take_clock(struct cvk_slice *s, int64_t *seconds)
{
    int64_t hour, minute, second = 0;

    if (!take_number(s, 2, 2, &hour) || !take_char(s, ":") ||
        !take_number(s, 2, 2, &minute))
        return false;
    if (take_char(s, ":") && !take_number(s, 2, 2, &second))
        return false;
    if (take_char(s, ".,")) {
        if (!is_digit(*s))
            return false;
        while (is_digit(*s))
            *s = cvk_slice_cut(*s, 1, s->n);
    }
    *seconds += hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second <= 60;
}

/* Z, +HH:MM, +HHMM, +HH or nothing: what follows is no part of a time. */
static bool take_zone(struct cvk_slice *s, int64_t *seconds)
{
    int64_t hour, minute = 0, sign;

    if (!s->n || take_char(s, "Zz"))
        return s->n == 0;
    sign = s->p[0] == '-' ? -1 : 1;
    if (!take_char(s, "+-") || !take_number(s, 2, 2, &hour))
        return false;
    take_char(s, ":");
    if (s->n && !take_number(s, 2, 2, &minute))
        return false;
    *seconds -= sign * (hour * 3600 + minute * 60);
    return s->n == 0 && hour < 24 && minute < 60;
}

static bool parse_iso(struct cvk_slice s, int64_t *seconds)
{
    if (!take_date(&s, seconds))
        return false;
    if (s.n == 0)
        return true;
    return take_char(&s, "Tt ") && take_clock(&s, seconds) &&
           take_zone(&s, seconds);
}

/* 12 digits of seconds are beyond the year 9999, 15 of milliseconds too. */
static bool parse_epoch(struct cvk_slice s, int64_t *seconds)
{
    return take_number(&s, 1, 12, seconds) && s.n == 0;
}

/* Microsoft's form in JSON, of milliseconds; a zone in it is for display. */
static bool parse_date_call(struct cvk_slice s, int64_t *seconds)
{
    struct cvk_slice call = CVK_LITERAL("/Date("), end = CVK_LITERAL(")/");
    int64_t ms, zone;
    bool before;

    if (!cvk_slice_starts(s, call) || !cvk_slice_ends_nocase(s, end))
        return false;
    s = cvk_slice_cut(s, call.n, s.n - end.n);
    before = take_char(&s, "-");
    if (!take_number(&s, 1, 15, &ms))
        return false;
    if (take_char(&s, "+-") && !take_number(&s, 4, 4, &zone))
        return false;
    *seconds = before ? -((ms + 999) / 1000) : ms / 1000;
    return s.n == 0;
}

bool cvk_timestamp_parse(struct cvk_slice text, int64_t *seconds)
{
    bool read = parse_epoch(text, seconds) || parse_date_call(text, seconds) ||
                parse_iso(text, seconds);

    return read && *seconds >= FIRST_SECOND && *seconds <= LAST_SECOND;
}
