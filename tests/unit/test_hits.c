/* SPDX-License-Identifier: MIT */
#include "engine/hits.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct cvk_hits hits;

static void set_up(void)
{
    cvk_hits_init(&hits);
}

static void tear_down(void)
{
    cvk_hits_clear(&hits);
}

static struct cvk_hit *add(uint64_t offset, uint64_t length, bool whole)
{
    struct cvk_hit *hit = cvk_hits_add(&hits);

    ck_assert_ptr_nonnull(hit);
    hit->offset = offset;
    hit->length = length;
    hit->whole = whole;
    return hit;
}

/* One of a gzip stream. */
static void add_unpacked(uint64_t offset, uint64_t length, uint64_t inner)
{
    struct cvk_hit *hit = add(offset, length, true);

    hit->unpacked = true;
    hit->inner = inner;
}

/* Settles them: those at these offsets are left, in this order. */
static void assert_settled(const uint64_t *offsets, size_t n)
{
    cvk_hits_settle(&hits);
    ck_assert_uint_eq(hits.n, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(hits.v[i]->offset, offsets[i]);
}

START_TEST(what_lies_inside_another_does_not_count)
{
    static const uint64_t left[] = {100, 150, 500};

    add(500, 100, true);
    add(120, 30, true);
    add(100, 100, true); /* holds the one at 120 */
    add(100, 50, true);
    add(130, 5, false);
    add(150, 100, true); /* goes on behind it */
    assert_settled(left, 3);
    ck_assert_uint_eq(hits.v[0]->length, 100);
}
END_TEST

START_TEST(a_part_hides_nothing_and_counts_once)
{
    add(100, 1000, false);
    add(100, 900, false);
    add(100, 50, true); /* shorter, but whole */
    add(160, 20, false);
    add(170, 20, false);
    cvk_hits_settle(&hits);
    ck_assert_uint_eq(hits.n, 4);
    ck_assert_uint_eq(hits.v[0]->length, 1000);
    ck_assert(hits.v[1]->whole);
    ck_assert_uint_eq(hits.v[2]->offset, 160);
    ck_assert_uint_eq(hits.v[3]->offset, 170);
}
END_TEST

START_TEST(all_of_a_stream_count)
{
    add_unpacked(100, 300, 7000);
    add_unpacked(100, 300, 20);
    add_unpacked(100, 300, 900);
    add_unpacked(100, 1, 5); /* of one that was cut, and begins there, too */
    add(200, 10, true);      /* in the middle of its bytes */
    add_unpacked(400, 50, 3);
    cvk_hits_settle(&hits);
    ck_assert_uint_eq(hits.n, 5);
    ck_assert_uint_eq(hits.v[0]->inner, 20);
    ck_assert_uint_eq(hits.v[1]->inner, 900);
    ck_assert_uint_eq(hits.v[2]->inner, 7000);
    ck_assert_uint_eq(hits.v[3]->length, 1);
    ck_assert_uint_eq(hits.v[4]->offset, 400);
}
END_TEST

/* One that gives the backups with these digests, of one byte each. */
static void add_backups(uint64_t offset, uint64_t length, const char *digests)
{
    struct cvk_hit *hit = add(offset, length, true);
    size_t n = strlen(digests);
    struct cvk_record *base = calloc(1, sizeof *base);

    ck_assert_ptr_nonnull(base);
    cvk_record_init(base);
    ck_assert(cvk_result_reserve(&hit->result, n));
    for (size_t i = 0; i < n; i++) {
        struct cvk_record *r = cvk_result_add(&hit->result, base);

        ck_assert_ptr_nonnull(r);
        r->status = CVK_STATUS_OK;
        r->backup.sha256[0] = (uint8_t)digests[i];
    }
    cvk_record_clear(base);
    free(base);
}

START_TEST(another_backup_inside_counts)
{
    static const uint64_t left[] = {100, 200, 220, 800, 1200};

    add_backups(100, 1000, "ab");
    add_backups(200, 500, "cd"); /* inside */
    add_backups(210, 10, "b");
    add_backups(220, 10, "e"); /* inside both */
    add_backups(230, 10, "dc");
    add_backups(240, 10, "ca"); /* of the one, and of the other */
    add_backups(800, 10, "c");  /* inside the first only */
    add_backups(1200, 10, "a");
    ck_assert(cvk_hit_holds(hits.v[0], hits.v[2]));
    ck_assert(!cvk_hit_holds(hits.v[0], hits.v[1]));
    ck_assert(!cvk_hit_holds(hits.v[0], hits.v[7]));
    ck_assert(!cvk_hit_holds(hits.v[1], hits.v[6]));
    assert_settled(left, 5);
}
END_TEST

START_TEST(what_is_held_is_counted)
{
    struct cvk_hits other;
    size_t one;

    cvk_hits_init(&other);
    add(1, 2, true);
    ck_assert_uint_eq(hits.cost, 0);
    cvk_hits_count(&hits);
    one = hits.cost;
    ck_assert_uint_ge(one, sizeof(struct cvk_hit));
    ck_assert(cvk_buf_reserve(&hits.v[0]->blobs, 10000));
    cvk_hits_count(&hits);
    ck_assert_uint_ge(hits.cost, one + 10000);
    add(3, 4, true);
    cvk_hits_count(&hits);
    ck_assert(cvk_hits_take(&other, hits.v[0]));
    ck_assert_uint_ge(other.cost, one + 10000);
    hits.v[0] = hits.v[1];
    hits.n = 1;
    hits.cost -= other.cost;
    ck_assert_uint_eq(hits.cost, one);
    cvk_hits_drop(&hits);
    ck_assert_uint_eq(hits.cost, 0);
    cvk_hits_clear(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hits");
    TCase *tcase = tcase_create("places");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, what_lies_inside_another_does_not_count);
    tcase_add_test(tcase, a_part_hides_nothing_and_counts_once);
    tcase_add_test(tcase, all_of_a_stream_count);
    tcase_add_test(tcase, another_backup_inside_counts);
    tcase_add_test(tcase, what_is_held_is_counted);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
