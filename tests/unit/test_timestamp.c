/* SPDX-License-Identifier: MIT */
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#define FIRST (-62167219200) /* 0000-01-01T00:00:00Z */
#define LAST 253402300799    /* 9999-12-31T23:59:59Z */

static void assert_time(int64_t seconds, const char *expected)
{
    char text[CVK_TIMESTAMP_SIZE], wanted[CVK_TIMESTAMP_SIZE];

    snprintf(wanted, sizeof wanted, "%s.000000000Z", expected);
    cvk_timestamp_format(seconds, 0, text);
    ck_assert_str_eq(text, wanted);
}

/* Seconds as date(1) gives them: date -u -d TIME +%s */
static const struct {
    int64_t seconds;
    const char *text;
} known[] = {
    {0, "1970-01-01T00:00:00"},
    {1, "1970-01-01T00:00:01"},
    {-1, "1969-12-31T23:59:59"},
    {59, "1970-01-01T00:00:59"},
    {60, "1970-01-01T00:01:00"},
    {3599, "1970-01-01T00:59:59"},
    {3600, "1970-01-01T01:00:00"},
    {86399, "1970-01-01T23:59:59"},
    {86400, "1970-01-02T00:00:00"},
    {-86400, "1969-12-31T00:00:00"},
    {-86401, "1969-12-30T23:59:59"},
    {1769595072, "2026-01-28T10:11:12"},
    /* leap days: every 4th year, not the 100th, but the 400th */
    {951782399, "2000-02-28T23:59:59"},
    {951782400, "2000-02-29T00:00:00"},
    {951868799, "2000-02-29T23:59:59"},
    {951868800, "2000-03-01T00:00:00"},
    {1709164800, "2024-02-29T00:00:00"},
    {-2203891201, "1900-02-28T23:59:59"},
    {-2203891200, "1900-03-01T00:00:00"},
    {4107542399, "2100-02-28T23:59:59"},
    {4107542400, "2100-03-01T00:00:00"},
    /* ends of years, common and leap */
    {1767225599, "2025-12-31T23:59:59"},
    {1767225600, "2026-01-01T00:00:00"},
    {1735689599, "2024-12-31T23:59:59"},
    {978307199, "2000-12-31T23:59:59"},
    {946684799, "1999-12-31T23:59:59"},
    /* what 32 bits hold */
    {2147483647, "2038-01-19T03:14:07"},
    {-2147483648, "1901-12-13T20:45:52"},
    {LAST, "9999-12-31T23:59:59"},
};

START_TEST(known_times_have_their_date)
{
    assert_time(known[_i].seconds, known[_i].text);
}
END_TEST

START_TEST(years_beyond_9999_are_cut)
{
    assert_time(LAST + 1, "9999-12-31T23:59:59");
    assert_time(INT64_MAX, "9999-12-31T23:59:59");
}
END_TEST

START_TEST(years_before_0_are_cut)
{
    char cut[CVK_TIMESTAMP_SIZE], text[CVK_TIMESTAMP_SIZE];

    cvk_timestamp_format(INT64_MIN, 0, cut);
    ck_assert_int_eq(strncmp(cut, "0000-", 5), 0);
    cvk_timestamp_format(FIRST - 1, 0, text);
    ck_assert_str_eq(text, cut);
}
END_TEST

START_TEST(year_0_begins_in_january)
{
    assert_time(FIRST, "0000-01-01T00:00:00");
    assert_time(FIRST + 60 * 86400 - 1, "0000-02-29T23:59:59");
    assert_time(FIRST + 60 * 86400, "0000-03-01T00:00:00");
}
END_TEST

START_TEST(nanoseconds_have_nine_digits)
{
    static const struct {
        uint32_t ns;
        const char *end;
    } parts[] = {
        {0, ".000000000Z"},
        {1, ".000000001Z"},
        {120000000, ".120000000Z"},
        {999999999, ".999999999Z"},
    };
    char text[CVK_TIMESTAMP_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cvk_timestamp_format(-1, parts[i].ns, text);
        ck_assert_uint_eq(strlen(text), 30);
        ck_assert_str_eq(text + 19, parts[i].end);
    }
}
END_TEST

static void assert_as_the_c_library(int64_t seconds)
{
    char wanted[CVK_TIMESTAMP_SIZE];
    time_t t = (time_t)seconds;
    struct tm tm;

    ck_assert_ptr_nonnull(gmtime_r(&t, &tm));
    snprintf(wanted, sizeof wanted, "%04d-%02d-%02dT%02d:%02d:%02d",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec);
    assert_time(seconds, wanted);
}

START_TEST(every_day_of_1000_years_agrees_with_the_c_library)
{
    int64_t first = -86400 * (int64_t)(500 * 365);

    for (int64_t day = 0; day < (int64_t)1000 * 366; day++)
        assert_as_the_c_library(first + 86400 * day + day % 86400);
}
END_TEST

START_TEST(random_times_agree_with_the_c_library)
{
    uint64_t range = (uint64_t)(LAST - FIRST - 60 * 86400);
    uint64_t x = 88172645463325252;

    for (int i = 0; i < 200000; i++) {
        x ^= x << 13; /* xorshift64 */
        x ^= x >> 7;
        x ^= x << 17;
        assert_as_the_c_library(FIRST + 60 * 86400 + (int64_t)(x % range));
    }
}
END_TEST

/* What Azure's tools print, and what it means. */
static const struct {
    const char *text;
    int64_t seconds;
} readable[] = {
    {"1769595072", 1769595072},
    {"0", 0},
    {"2026-01-28T10:11:12+00:00", 1769595072},
    {"2026-01-28T10:11:12.0385664Z", 1769595072},
    {"2026-01-28T10:11:12z", 1769595072},
    {"2026-01-28 10:11:12", 1769595072},
    {"2026-01-28T10:11:12", 1769595072},
    {"2026-01-28T12:11:12+02:00", 1769595072},
    {"2026-01-28T04:41:12-0530", 1769595072},
    {"2026-01-28T12:11:12+02", 1769595072},
    {"2026-01-28T10:11Z", 1769595060},
    {"2026-01-28", 1769558400},
    {"/Date(1769558400000)/", 1769558400},
    {"/Date(1769558400999+0100)/", 1769558400},
    {"/Date(-1)/", -1},
    {"0000-01-01", FIRST},
    {"9999-12-31T23:59:59Z", LAST},
};

START_TEST(times_of_azure_are_read)
{
    const char *text = readable[_i].text;
    int64_t seconds = 0;

    ck_assert(cvk_timestamp_parse(cvk_slice_of(text, strlen(text)), &seconds));
    ck_assert_int_eq(seconds, readable[_i].seconds);
}
END_TEST

static const char *const unreadable[] = {
    "", " ", "x", "-1", "1/28/2026 10:11:12 AM", "2026-13-01", "2026-00-01",
    "2026-02-29", "1900-02-29", "2026-01-32", "2026-1-28", "2026-01-28T",
    "2026-01-28T24:00:00Z", "2026-01-28T10:60:00Z", "2026-01-28T10:11:61Z",
    "2026-01-28T10:11:12.Z", "2026-01-28T10:11:12ZZ", "2026-01-28T10:11:12+",
    "2026-01-28T10:11:12+24:00", "2026-01-28T10:11:12 GMT", "/Date()/",
    "/Date(1)/x", "/Date(1x)/", "/Date(1+1)/", "1234567890123",
    "/Date(9999999999999999)/", "9999-12-31T23:59:59-01:00",
};

START_TEST(other_texts_are_no_times)
{
    const char *text = unreadable[_i];
    int64_t seconds;

    ck_assert(!cvk_timestamp_parse(cvk_slice_of(text, strlen(text)), &seconds));
}
END_TEST

START_TEST(every_known_time_is_read_back)
{
    struct cvk_slice text = cvk_slice_of(known[_i].text, 19);
    int64_t seconds = 0;

    ck_assert(cvk_timestamp_parse(text, &seconds));
    ck_assert_int_eq(seconds, known[_i].seconds);
}
END_TEST

START_TEST(people_read_it_without_letters_inside)
{
    char words[CVK_TIMESTAMP_SIZE];

    cvk_timestamp_words(1769595072, words);
    ck_assert_str_eq(words, "2026-01-28 10:11:12 UTC");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timestamp");
    TCase *tc = tcase_create("timestamp");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, known_times_have_their_date, 0,
                        sizeof known / sizeof *known);
    tcase_add_test(tc, years_beyond_9999_are_cut);
    tcase_add_test(tc, years_before_0_are_cut);
    tcase_add_test(tc, year_0_begins_in_january);
    tcase_add_test(tc, nanoseconds_have_nine_digits);
    tcase_add_test(tc, every_day_of_1000_years_agrees_with_the_c_library);
    tcase_add_test(tc, random_times_agree_with_the_c_library);
    tcase_add_loop_test(tc, times_of_azure_are_read, 0,
                        sizeof readable / sizeof *readable);
    tcase_add_loop_test(tc, other_texts_are_no_times, 0,
                        sizeof unreadable / sizeof *unreadable);
    tcase_add_loop_test(tc, every_known_time_is_read_back, 0,
                        sizeof known / sizeof *known);
    tcase_add_test(tc, people_read_it_without_letters_inside);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
