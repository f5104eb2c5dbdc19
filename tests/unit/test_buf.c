/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "unit.h"

/* AddressSanitizer asks it: fail a huge allocation as malloc does. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static struct cvk_buf buf;

static void tear_down(void)
{
    cvk_buf_clear(&buf);
}

/* Puts "abc" into a buffer with the cap max. */
static void fill(size_t max)
{
    cvk_buf_init(&buf, max);
    ck_assert(cvk_buf_append(&buf, "abc", 3));
}

/* The bytes, their place and the room are as they were. */
static void assert_unchanged(struct cvk_buf before)
{
    ck_assert_ptr_eq(buf.p, before.p);
    ck_assert_uint_eq(buf.n, before.n);
    ck_assert_uint_eq(buf.size, before.size);
    ck_assert_uint_eq(buf.max, before.max);
    ck_assert(buf.failed);
    assert_slice(cvk_buf_slice(&buf), "abc");
}

START_TEST(a_new_buffer_is_empty_and_owns_nothing)
{
    cvk_buf_init(&buf, 7);
    ck_assert_ptr_null(buf.p);
    ck_assert_uint_eq(buf.n, 0);
    ck_assert_uint_eq(buf.size, 0);
    ck_assert_uint_eq(buf.max, 7);
    ck_assert(!buf.failed);
    ck_assert_uint_eq(cvk_buf_slice(&buf).n, 0);
}
END_TEST

START_TEST(all_appends_join_in_order)
{
    cvk_buf_init(&buf, 100);
    ck_assert(cvk_buf_append(&buf, "a\0b", 3));
    ck_assert(cvk_buf_append_string(&buf, "cd"));
    ck_assert(cvk_buf_append_string(&buf, ""));
    ck_assert(cvk_buf_append_byte(&buf, 0xff));
    ck_assert(cvk_buf_append_slice(&buf, CVK_LITERAL("e")));
    ck_assert(cvk_buf_append_slice(&buf, (struct cvk_slice){0}));
    assert_slice(cvk_buf_slice(&buf), "a\0bcd\xff" "e");
    ck_assert(!buf.failed);
}
END_TEST

/* Caps around zero, the first size and its doublings. */
static const size_t caps[] = {0,   1,   2,    3,    255,  256,  257,
                              511, 512, 513, 1000, 4095, 4096, 4097};

START_TEST(the_cap_is_honoured_exactly)
{
    size_t max = caps[_i];

    cvk_buf_init(&buf, max);
    for (size_t i = 0; i < max; i++)
        ck_assert(cvk_buf_append_byte(&buf, (uint8_t)i));
    ck_assert(!buf.failed);
    ck_assert(!cvk_buf_append_byte(&buf, 'x'));
    ck_assert(buf.failed);
    ck_assert_uint_eq(buf.n, max);
    for (size_t i = 0; i < max; i++)
        ck_assert_uint_eq(buf.p[i], (uint8_t)i);
    ck_assert_uint_le(buf.size, max + 1);
}
END_TEST

START_TEST(one_byte_behind_the_reserved_ones_can_be_written)
{
    size_t n = caps[_i];

    cvk_buf_init(&buf, n);
    ck_assert(cvk_buf_reserve(&buf, n));
    ck_assert_uint_gt(buf.size, n);
    memset(buf.p, 'x', n);
    buf.p[n] = 0;
    ck_assert(!cvk_buf_reserve(&buf, n + 1));
}
END_TEST

START_TEST(reserve_keeps_the_bytes_and_what_fits_does_not_move)
{
    uint8_t *p;

    fill(10000);
    ck_assert(cvk_buf_reserve(&buf, 5000));
    assert_slice(cvk_buf_slice(&buf), "abc");
    p = buf.p;
    ck_assert(cvk_buf_reserve(&buf, 5000));
    ck_assert(cvk_buf_reserve(&buf, 0));
    ck_assert(cvk_buf_append_string(&buf, "d"));
    ck_assert_ptr_eq(buf.p, p);
    assert_slice(cvk_buf_slice(&buf), "abcd");
}
END_TEST

START_TEST(what_exceeds_the_cap_leaves_the_buffer_unchanged)
{
    /* one byte too many; more than the cap by itself; the largest size */
    static const size_t sizes[] = {8, 11, SIZE_MAX};
    struct cvk_buf before;
    uint8_t bytes[16] = {0};

    fill(10);
    before = buf;
    ck_assert(!cvk_buf_append(&buf, bytes, sizes[_i]));
    ck_assert_msg(buf.failed, "the flag is not set");
    assert_unchanged(before);
    ck_assert(cvk_buf_append(&buf, "0123456", 7));
    ck_assert_msg(buf.failed, "the flag stays until clear or init");
}
END_TEST

START_TEST(a_reserve_beyond_the_cap_leaves_the_buffer_unchanged)
{
    struct cvk_buf before;

    fill(10);
    before = buf;
    ck_assert(!cvk_buf_reserve(&buf, 11));
    assert_unchanged(before);
}
END_TEST

START_TEST(memory_that_cannot_be_had_leaves_the_buffer_unchanged)
{
    static const size_t sizes[] = {SIZE_MAX / 4, SIZE_MAX / 2 - 1,
                                   SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
    struct cvk_buf before;

    fill(SIZE_MAX);
    before = buf;
    ck_assert(!cvk_buf_reserve(&buf, sizes[_i]));
    assert_unchanged(before);
}
END_TEST

START_TEST(sizes_that_overflow_when_added_are_refused)
{
    struct cvk_buf before;

    fill(SIZE_MAX);
    before = buf;
    ck_assert(!cvk_buf_append(&buf, "x", SIZE_MAX - 1));
    assert_unchanged(before);
}
END_TEST

START_TEST(clear_frees_and_the_buffer_can_be_used_again)
{
    fill(3);
    ck_assert(!cvk_buf_append_byte(&buf, 'd'));
    cvk_buf_clear(&buf);
    ck_assert_ptr_null(buf.p);
    ck_assert_uint_eq(buf.n, 0);
    ck_assert_uint_eq(buf.size, 0);
    ck_assert_uint_eq(buf.max, 3);
    ck_assert(!buf.failed);
    cvk_buf_clear(&buf);
    ck_assert(cvk_buf_append_string(&buf, "xyz"));
    assert_slice(cvk_buf_slice(&buf), "xyz");
}
END_TEST

START_TEST(an_emptied_buffer_keeps_its_memory)
{
    uint8_t *p;

    fill(1000);
    p = buf.p;
    buf.n = 0;
    ck_assert(cvk_buf_append_string(&buf, "other"));
    ck_assert_ptr_eq(buf.p, p);
    assert_slice(cvk_buf_slice(&buf), "other");
}
END_TEST

int main(void)
{
    const int n_caps = sizeof caps / sizeof *caps;
    Suite *suite = suite_create("buf");
    TCase *tc = tcase_create("buf");

    tcase_add_checked_fixture(tc, NULL, tear_down);
    tcase_add_test(tc, a_new_buffer_is_empty_and_owns_nothing);
    tcase_add_test(tc, all_appends_join_in_order);
    tcase_add_loop_test(tc, the_cap_is_honoured_exactly, 0, n_caps);
    tcase_add_loop_test(tc, one_byte_behind_the_reserved_ones_can_be_written,
                        0, n_caps);
    tcase_add_test(tc, reserve_keeps_the_bytes_and_what_fits_does_not_move);
    tcase_add_loop_test(tc, what_exceeds_the_cap_leaves_the_buffer_unchanged,
                        0, 3);
    tcase_add_test(tc, a_reserve_beyond_the_cap_leaves_the_buffer_unchanged);
    tcase_add_loop_test(tc,
                        memory_that_cannot_be_had_leaves_the_buffer_unchanged,
                        0, 5);
    tcase_add_test(tc, sizes_that_overflow_when_added_are_refused);
    tcase_add_test(tc, clear_frees_and_the_buffer_can_be_used_again);
    tcase_add_test(tc, an_emptied_buffer_keeps_its_memory);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
