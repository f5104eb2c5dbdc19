/* SPDX-License-Identifier: MIT */
#include "input/gzip.h"

#include <string.h>
#include <zlib.h>

#include "unit.h"

enum { SIZE = 1 << 16 };

static struct cvk_buf out;
static struct cvk_gzip facts;
static uint8_t stream[SIZE];
static size_t n_stream;

static void set_up(void)
{
    n_stream = 0;
    cvk_buf_init(&out, 1 << 22);
}

static void tear_down(void)
{
    cvk_buf_clear(&out);
}

static struct cvk_slice in(void)
{
    return cvk_slice_of(stream, n_stream);
}

/* Appends one member that holds s; header may be NULL. */
static void add_member(struct cvk_slice s, gz_header *header)
{
    z_stream z = {0};

    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 31, 8,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    if (header)
        ck_assert_int_eq(deflateSetHeader(&z, header), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = stream + n_stream;
    z.avail_out = (uInt)(sizeof stream - n_stream);
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    n_stream = sizeof stream - z.avail_out;
    deflateEnd(&z);
}

static void add_bytes(struct cvk_slice s)
{
    memcpy(stream + n_stream, s.p, s.n);
    n_stream += s.n;
}

static enum cvk_code inflate_all(struct cvk_slice s, uint64_t max)
{
    memset(&facts, 0x55, sizeof facts);
    return cvk_gzip_inflate(s, max, &out, &facts);
}

/* The whole of stream is taken and holds wanted. */
static void assert_inflates(struct cvk_slice wanted, size_t members)
{
    ck_assert_int_eq(inflate_all(in(), 1 << 20), CVK_OK);
    ck_assert_uint_eq(facts.members, members);
    ck_assert_uint_eq(facts.used, n_stream);
    ck_assert_uint_eq(out.n, wanted.n);
    ck_assert_mem_eq(out.p, wanted.p, wanted.n);
    ck_assert_uint_eq(out.p[out.n], 0);
}

START_TEST(a_stream_is_known_by_its_first_three_bytes)
{
    ck_assert(cvk_gzip_starts(CVK_LITERAL("\x1f\x8b\x08")));
    ck_assert(cvk_gzip_starts(CVK_LITERAL("\x1f\x8b\x08\0")));
    ck_assert(!cvk_gzip_starts(CVK_LITERAL("\x1f\x8b")));
    ck_assert(!cvk_gzip_starts(CVK_LITERAL("\x1f\x8b\x07")));
    ck_assert(!cvk_gzip_starts(CVK_LITERAL("\x1f\x8c\x08")));
    ck_assert(!cvk_gzip_starts(CVK_LITERAL("{}\n")));
    ck_assert(!cvk_gzip_starts((struct cvk_slice){0}));
}
END_TEST

START_TEST(one_member_gives_its_bytes)
{
    add_member(CVK_LITERAL("{\"a\":1}\n\0"), NULL);
    assert_inflates(CVK_LITERAL("{\"a\":1}\n\0"), 1);
}
END_TEST

START_TEST(members_that_follow_each_other_are_joined)
{
    add_member(CVK_LITERAL("{\"a\""), NULL);
    add_member(CVK_LITERAL(""), NULL);
    add_member(CVK_LITERAL(":1}"), NULL);
    assert_inflates(CVK_LITERAL("{\"a\":1}"), 3);
}
END_TEST

START_TEST(an_empty_member_gives_nothing)
{
    add_member(CVK_LITERAL(""), NULL);
    assert_inflates(CVK_LITERAL(""), 1);
}
END_TEST

START_TEST(headers_may_hold_a_name_a_comment_and_extra_fields)
{
    uint8_t extra[300] = "XX";
    gz_header header = {.text = 1, .time = 1, .os = 3, .hcrc = 1};

    header.name = (Bytef *)(uintptr_t) "config.json";
    header.comment = (Bytef *)(uintptr_t) "a comment";
    header.extra = extra;
    header.extra_len = sizeof extra;
    add_member(CVK_LITERAL("{}"), &header);
    ck_assert_uint_eq(stream[3], 0x1f); /* all five flags */
    assert_inflates(CVK_LITERAL("{}"), 1);
    stream[n_stream - 11] ^= 1; /* not the trailer: the data or the header */
    ck_assert_int_ne(inflate_all(in(), 1 << 20), CVK_OK);
    stream[n_stream - 11] ^= 1;
    stream[20] ^= 1; /* the extra field is under the header's CRC */
    ck_assert_int_eq(inflate_all(in(), 1 << 20), CVK_E_GZIP_DAMAGED);
}
END_TEST

START_TEST(what_follows_the_last_member_is_left_to_the_caller)
{
    static const struct {
        const char *bytes;
        size_t n;
    } tails[] = {{"\0", 1}, {"tail", 4}, {"\x1f\x8b", 2}, {"\x1f\x8b\x07", 3}};

    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t end;

        n_stream = 0;
        add_member(CVK_LITERAL("a"), NULL);
        add_member(CVK_LITERAL("b"), NULL);
        end = n_stream;
        add_bytes(cvk_slice_of(tails[i].bytes, tails[i].n));
        ck_assert_int_eq(inflate_all(in(), 100), CVK_OK);
        ck_assert_uint_eq(facts.used, end);
        ck_assert_uint_eq(facts.members, 2);
        assert_slice(cvk_buf_slice(&out), "ab");
    }
}
END_TEST

START_TEST(a_stream_cut_anywhere_is_truncated)
{
    gz_header header = {.name = (Bytef *)(uintptr_t) "n"};

    add_member(CVK_LITERAL("{\"some\": \"bytes of a config\"}"), &header);
    for (size_t n = 3; n < n_stream; n++) {
        ck_assert_msg(inflate_all(cvk_slice_of(stream, n), 100) ==
                          CVK_E_GZIP_TRUNCATED, "cut to %zu bytes", n);
        ck_assert_uint_eq(facts.error_at, n);
        ck_assert_uint_eq(facts.members, 0);
        ck_assert_uint_eq(facts.used, 0);
    }
}
END_TEST

START_TEST(a_second_member_cut_anywhere_is_truncated)
{
    size_t first;

    add_member(CVK_LITERAL("first"), NULL);
    first = n_stream;
    add_member(CVK_LITERAL("second"), NULL);
    for (size_t n = first + 3; n < n_stream; n++) {
        ck_assert_int_eq(inflate_all(cvk_slice_of(stream, n), 100),
                         CVK_E_GZIP_TRUNCATED);
        ck_assert_uint_eq(facts.members, 1);
        ck_assert_uint_eq(facts.used, first);
        ck_assert_uint_eq(facts.error_at, n);
    }
}
END_TEST

START_TEST(a_cut_right_where_the_room_ends_is_truncated)
{
    static uint8_t zeros[3 << 16];

    add_member(cvk_slice_of(zeros, sizeof zeros), NULL);
    for (size_t n = 3; n < n_stream; n++) {
        cvk_buf_clear(&out);
        ck_assert_int_eq(inflate_all(cvk_slice_of(stream, n), 1 << 20),
                         CVK_E_GZIP_TRUNCATED);
    }
}
END_TEST

/* CRC-32 and length of RFC 1952 are the last eight bytes. */
START_TEST(damage_to_any_bit_of_the_trailer_is_found)
{
    add_member(CVK_LITERAL("{\"some\": \"bytes of a config\"}"), NULL);
    for (size_t i = n_stream - 8; i < n_stream; i++)
        for (int bit = 0; bit < 8; bit++) {
            stream[i] ^= (uint8_t)(1 << bit);
            ck_assert_int_eq(inflate_all(in(), 100), CVK_E_GZIP_DAMAGED);
            ck_assert_uint_eq(facts.members, 0);
            ck_assert_uint_le(facts.error_at, n_stream);
            stream[i] ^= (uint8_t)(1 << bit);
        }
    ck_assert_int_eq(inflate_all(in(), 100), CVK_OK);
}
END_TEST

START_TEST(no_flipped_bit_behind_the_header_gives_other_bytes)
{
    add_member(CVK_LITERAL("{\"some\": \"bytes of a config\"}"), NULL);
    for (size_t i = 10; i < n_stream; i++)
        for (int bit = 0; bit < 8; bit++) {
            enum cvk_code code;

            stream[i] ^= (uint8_t)(1 << bit);
            code = inflate_all(in(), 100);
            ck_assert(code == CVK_E_GZIP_DAMAGED ||
                      code == CVK_E_GZIP_TRUNCATED ||
                      code == CVK_E_INPUT_TOO_LARGE ||
                      (code == CVK_OK && out.n == 29));
            stream[i] ^= (uint8_t)(1 << bit);
        }
}
END_TEST

START_TEST(damaged_members_are_told_from_whole_ones)
{
    add_member(CVK_LITERAL("good"), NULL);
    add_bytes(CVK_LITERAL("\x1f\x8b\x08\xe0\0\0\0\0\0\0")); /* reserved flags */
    ck_assert_int_eq(inflate_all(in(), 100), CVK_E_GZIP_DAMAGED);
    ck_assert_uint_eq(facts.members, 1);
    ck_assert_uint_eq(facts.used, n_stream - 10);
    n_stream -= 10;
    /* a block of type 3 is not defined (RFC 1951, 3.2.3) */
    add_bytes(CVK_LITERAL("\x1f\x8b\x08\0\0\0\0\0\0\xff\x07"));
    ck_assert_int_eq(inflate_all(in(), 100), CVK_E_GZIP_DAMAGED);
}
END_TEST

/* Sizes around zero, and around the first room and its doublings. */
static const size_t sizes[] = {0,          1,          2,          100,
                               SIZE - 1,   SIZE,       SIZE + 1,   2 * SIZE - 1,
                               2 * SIZE,   2 * SIZE + 1, 4 * SIZE, 5 * SIZE};

START_TEST(exactly_the_limit_is_taken_and_one_byte_more_is_not)
{
    static uint8_t bytes[5 * SIZE + 1];
    size_t n = sizes[_i];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / 1000);
    add_member(cvk_slice_of(bytes, n), NULL);
    ck_assert_int_eq(inflate_all(in(), n), CVK_OK);
    ck_assert_uint_eq(out.n, n);
    ck_assert_mem_eq(out.p, bytes, n);
    ck_assert_uint_eq(out.p[n], 0);
    n_stream = 0;
    add_member(cvk_slice_of(bytes, n + 1), NULL);
    ck_assert_int_eq(inflate_all(in(), n), CVK_E_INPUT_TOO_LARGE);
    cvk_buf_clear(&out);
    ck_assert_int_eq(inflate_all(in(), n), CVK_E_INPUT_TOO_LARGE);
    /* the same bytes in two members are no way around it */
    n_stream = 0;
    add_member(cvk_slice_of(bytes, n), NULL);
    add_member(CVK_LITERAL("x"), NULL);
    ck_assert_int_eq(inflate_all(in(), n), CVK_E_INPUT_TOO_LARGE);
    ck_assert_int_eq(inflate_all(in(), n + 1), CVK_OK);
}
END_TEST

START_TEST(a_bomb_takes_no_more_memory_than_the_limit)
{
    static uint8_t zeros[1 << 16];
    uint64_t max = 1000;

    for (int i = 0; i < 100; i++)
        add_member(cvk_slice_of(zeros, sizeof zeros), NULL);
    cvk_buf_init(&out, (size_t)max + 1);
    ck_assert_int_eq(inflate_all(in(), max), CVK_E_INPUT_TOO_LARGE);
    ck_assert_uint_le(out.size, max + 2);
}
END_TEST

START_TEST(room_that_cannot_be_had_is_a_matter_of_memory)
{
    add_member(CVK_LITERAL("0123456789"), NULL);
    cvk_buf_init(&out, 5);
    ck_assert_int_eq(inflate_all(in(), 100), CVK_E_MEMORY);
}
END_TEST

START_TEST(a_buffer_is_used_again)
{
    add_member(CVK_LITERAL("a longer text"), NULL);
    ck_assert_int_eq(inflate_all(in(), 100), CVK_OK);
    n_stream = 0;
    add_member(CVK_LITERAL("b"), NULL);
    assert_inflates(CVK_LITERAL("b"), 1);
}
END_TEST

/* The contract has no condition on the bytes. */
START_TEST(bytes_that_start_no_member_give_nothing)
{
    static const char *const others[] = {"", "\x1f", "\x1f\x8b", "{}"};
    const char *bytes = others[_i];

    ck_assert_int_eq(inflate_all(cvk_slice_of(bytes, strlen(bytes)), 100),
                     CVK_OK);
    ck_assert_uint_eq(facts.members, 0);
    ck_assert_uint_eq(facts.used, 0);
    ck_assert_uint_eq(out.n, 0);
}
END_TEST

/* Inflates stream from *at on, n bytes in and out at a time. */
static enum cvk_code run_pieces(struct cvk_inflate *f, size_t *at, size_t n,
                                bool *ended)
{
    struct cvk_slice in = {0};
    enum cvk_code code = CVK_OK;
    size_t made = 1;

    *ended = false;
    while (!code && !*ended && (made || in.n || *at < n_stream)) {
        if (in.n == 0) {
            in = cvk_slice_of(stream + *at,
                              n < n_stream - *at ? n : n_stream - *at);
            *at += in.n;
        }
        ck_assert(cvk_buf_reserve(&out, out.n + n));
        code = cvk_inflate_run(f, &in, out.p + out.n, n, &made, ended);
        out.n += made;
    }
    *at -= in.n;
    return code;
}

START_TEST(pieces_of_any_size_give_the_same_bytes)
{
    static const size_t pieces[] = {1, 2, 3, 7, 100};
    struct cvk_inflate *f = cvk_inflate_new();
    size_t at = 0, first;
    bool ended;

    ck_assert_ptr_nonnull(f);
    add_member(CVK_LITERAL("aaaaaaaaaaaaaaaaaaaaaaaaaaa 0123456789"), NULL);
    first = n_stream;
    add_bytes(CVK_LITERAL("what follows"));
    cvk_inflate_start(f, CVK_INFLATE_GZIP);
    ck_assert_int_eq(run_pieces(f, &at, pieces[_i], &ended), CVK_OK);
    ck_assert(ended);
    ck_assert_uint_eq(at, first);
    assert_slice(cvk_buf_slice(&out), "aaaaaaaaaaaaaaaaaaaaaaaaaaa 0123456789");
    /* the same without its wrapper: ten bytes before, eight behind */
    out.n = 0;
    at = 10;
    cvk_inflate_start(f, CVK_INFLATE_BARE);
    ck_assert_int_eq(run_pieces(f, &at, pieces[_i], &ended), CVK_OK);
    ck_assert(ended);
    ck_assert_uint_eq(at, first - 8);
    assert_slice(cvk_buf_slice(&out), "aaaaaaaaaaaaaaaaaaaaaaaaaaa 0123456789");
    cvk_inflate_free(f);
}
END_TEST

START_TEST(pieces_that_end_too_early_or_are_damaged_are_told)
{
    struct cvk_inflate *f = cvk_inflate_new();
    size_t at = 0;
    bool ended;

    add_member(CVK_LITERAL("0123456789"), NULL);
    n_stream--;
    cvk_inflate_start(f, CVK_INFLATE_GZIP);
    ck_assert_int_eq(run_pieces(f, &at, 5, &ended), CVK_OK);
    ck_assert(!ended);
    n_stream++;
    stream[n_stream - 8] ^= 1;
    at = 0;
    cvk_inflate_start(f, CVK_INFLATE_GZIP);
    ck_assert_int_eq(run_pieces(f, &at, 5, &ended), CVK_E_GZIP_DAMAGED);
    cvk_inflate_free(f);
    cvk_inflate_free(NULL);
}
END_TEST

START_TEST(check_sums_go_on)
{
    ck_assert_uint_eq(cvk_crc32(0, CVK_LITERAL("123456789")), 0xcbf43926);
    ck_assert_uint_eq(cvk_crc32(cvk_crc32(0, CVK_LITERAL("1234")),
                                CVK_LITERAL("56789")), 0xcbf43926);
    ck_assert_uint_eq(cvk_crc32(0, CVK_LITERAL("")), 0);
}
END_TEST

START_TEST(the_library_says_its_version)
{
    ck_assert_str_eq(cvk_gzip_library_version(), zlibVersion());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gzip");
    TCase *tc = tcase_create("gzip");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_stream_is_known_by_its_first_three_bytes);
    tcase_add_test(tc, one_member_gives_its_bytes);
    tcase_add_test(tc, members_that_follow_each_other_are_joined);
    tcase_add_test(tc, an_empty_member_gives_nothing);
    tcase_add_test(tc, headers_may_hold_a_name_a_comment_and_extra_fields);
    tcase_add_test(tc, what_follows_the_last_member_is_left_to_the_caller);
    tcase_add_test(tc, a_stream_cut_anywhere_is_truncated);
    tcase_add_test(tc, a_second_member_cut_anywhere_is_truncated);
    tcase_add_test(tc, a_cut_right_where_the_room_ends_is_truncated);
    tcase_add_test(tc, damage_to_any_bit_of_the_trailer_is_found);
    tcase_add_test(tc, no_flipped_bit_behind_the_header_gives_other_bytes);
    tcase_add_test(tc, damaged_members_are_told_from_whole_ones);
    tcase_add_loop_test(tc, exactly_the_limit_is_taken_and_one_byte_more_is_not,
                        0, sizeof sizes / sizeof *sizes);
    tcase_add_test(tc, a_bomb_takes_no_more_memory_than_the_limit);
    tcase_add_test(tc, room_that_cannot_be_had_is_a_matter_of_memory);
    tcase_add_test(tc, a_buffer_is_used_again);
    tcase_add_loop_test(tc, bytes_that_start_no_member_give_nothing, 0, 4);
    tcase_add_loop_test(tc, pieces_of_any_size_give_the_same_bytes, 0, 5);
    tcase_add_test(tc, pieces_that_end_too_early_or_are_damaged_are_told);
    tcase_add_test(tc, check_sums_go_on);
    tcase_add_test(tc, the_library_says_its_version);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
