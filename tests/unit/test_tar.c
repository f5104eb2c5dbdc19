/* SPDX-License-Identifier: MIT */
#include "input/tar.h"

#include "archive.h"

#define LONG_99                                                               \
    "0123456789/123456789/123456789/123456789/123456789/"                      \
    "123456789/123456789/123456789/123456789/12345678"

static void open_tar(void)
{
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR), CVK_OK);
}

static void add_type(char type, const char *name, struct cvk_slice content)
{
    tar_add(&(struct tar_sample){.name = name, .type = type}, content);
}

/* ---- what is read ------------------------------------------------------ */

START_TEST(members_come_in_order_with_their_content)
{
    static const size_t chunks[] = {0, 1, 7, 511, 512, 513};

    add_type('5', "dir/", CVK_LITERAL(""));
    TAR_FILE("dir/a.json", "{\"a\":1}");
    TAR_FILE("empty", "");
    TAR_FILE("nul", "a\0b");
    tar_end();
    source.chunk = chunks[_i];
    open_tar();
    assert_member("dir/", DIRECTORY);
    ck_assert_uint_eq(member.size, 0);
    assert_member("dir/a.json", FILE);
    ck_assert_uint_eq(member.size, 7);
    ck_assert(member.has_mtime);
    ck_assert_int_eq(member.mtime, 014200000000);
    ck_assert_uint_eq(member.mtime_ns, 0);
    assert_content("{\"a\":1}");
    assert_member("empty", FILE);
    assert_content("");
    assert_member("nul", FILE);
    assert_content("a\0b");
    assert_end();
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

START_TEST(what_is_not_read_is_skipped)
{
    static uint8_t big[200000];

    tar_add(&(struct tar_sample){.name = "big", .type = '0'},
            cvk_slice_of(big, sizeof big));
    TAR_FILE("small", "x");
    tar_end();
    open_tar();
    assert_member("big", FILE);
    assert_member("small", FILE);
    assert_content("x");
    assert_end();
}
END_TEST

START_TEST(sizes_of_whole_blocks_have_no_padding)
{
    static uint8_t bytes[1025];

    for (size_t n = 511; n <= 1025; n++) {
        made.n = 0;
        memset(bytes, 'x', sizeof bytes);
        tar_add(&(struct tar_sample){.name = "a", .type = '0'},
                cvk_slice_of(bytes, n));
        TAR_FILE("b", "y");
        tar_end();
        open_tar();
        assert_member("a", FILE);
        ck_assert_int_eq(cvk_archive_read(archive, n, &out), CVK_OK);
        ck_assert_uint_eq(out.n, n);
        ck_assert_mem_eq(out.p, bytes, n);
        assert_member("b", FILE);
        assert_content("y");
        assert_end();
    }
}
END_TEST

START_TEST(types_are_told_apart)
{
    static const struct {
        char type;
        const char *name;
        enum cvk_member_type is;
    } types[] = {
        {'0', "a", CVK_MEMBER_FILE},      {'\0', "a", CVK_MEMBER_FILE},
        {'7', "a", CVK_MEMBER_FILE},      {'q', "a", CVK_MEMBER_FILE},
        {'\0', "a/", CVK_MEMBER_DIRECTORY}, {'0', "a/", CVK_MEMBER_DIRECTORY},
        {'5', "a", CVK_MEMBER_DIRECTORY}, {'1', "a", CVK_MEMBER_LINK},
        {'2', "a", CVK_MEMBER_LINK},      {'3', "a", CVK_MEMBER_SPECIAL},
        {'4', "a", CVK_MEMBER_SPECIAL},   {'6', "a", CVK_MEMBER_SPECIAL},
        {'D', "a", CVK_MEMBER_SPECIAL},   {'M', "a", CVK_MEMBER_SPECIAL},
        {'V', "a", CVK_MEMBER_SPECIAL}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        bool ended;

        made.n = 0;
        add_type(types[i].type, types[i].name, CVK_LITERAL(""));
        TAR_FILE("next", "");
        tar_end();
        open_tar();
        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended), CVK_OK);
        ck_assert_msg(member.type == types[i].is, "type '%c', name %s",
                      types[i].type, types[i].name);
        assert_member("next", FILE);
        assert_end();
    }
}
END_TEST

/* GNU tar writes the size of a link's target for old archives; the content of
 * what is special is skipped. */
START_TEST(only_files_have_content)
{
    struct tar_sample link = {
        .name = "link", .type = '1', .size = "00000001000"};

    tar_header(&link, 0);
    add_type('D', "dump", CVK_LITERAL("Ya\0Nb\0\0"));
    TAR_FILE("next", "n");
    tar_end();
    open_tar();
    assert_member("link", LINK);
    ck_assert_uint_eq(member.size, 0);
    assert_member("dump", SPECIAL);
    assert_member("next", FILE);
    assert_content("n");
    assert_end();
}
END_TEST

START_TEST(names_have_a_prefix_in_ustar_only)
{
    struct tar_sample s = {.name = "name", .type = '0', .prefix = "pre/fix"};

    tar_add(&s, CVK_LITERAL(""));
    s.magic = GNU; /* other fields stand there */
    tar_add(&s, CVK_LITERAL(""));
    s.magic = V7;
    tar_add(&s, CVK_LITERAL(""));
    s.magic = USTAR;
    s.name = LONG_99 "x";
    tar_add(&s, CVK_LITERAL(""));
    tar_end();
    open_tar();
    assert_member("pre/fix/name", FILE);
    assert_member("name", FILE);
    assert_member("name", FILE);
    assert_member("pre/fix/" LONG_99 "x", FILE);
    assert_end();
}
END_TEST

START_TEST(long_names_of_gnu_are_taken)
{
    struct tar_sample s = {.name = "cut", .type = '0', .magic = GNU};
    struct tar_sample l = {.name = "././@LongLink", .type = 'L', .magic = GNU};
    struct tar_sample k = {.name = "././@LongLink", .type = 'K', .magic = GNU};

    tar_add(&k, CVK_LITERAL("target\0"));
    tar_add(&l, CVK_LITERAL(LONG_99 LONG_99 "\n\0"));
    tar_add(&s, CVK_LITERAL("content"));
    tar_add(&s, CVK_LITERAL("more")); /* the long name was for one */
    tar_end();
    open_tar();
    assert_member(LONG_99 LONG_99 "\n", FILE);
    assert_content("content");
    assert_member("cut", FILE);
    assert_content("more");
    assert_end();
}
END_TEST

START_TEST(pax_records_override_the_header)
{
    struct tar_sample s = {.name = "x", .type = '0', .size = "00000000000"};

    add_type('g', "g", CVK_LITERAL("19 comment=0123456\n"));
    add_type('x', "x", CVK_LITERAL("15 path=a\xff" "b/\xc3\xa4\n"
                                   "9 size=3\n20 mtime=-12.250000\n"
                                   "12 hdrcha=x\n"));
    tar_header(&s, 0);
    tar_content(CVK_LITERAL("abc"));
    TAR_FILE("next", "n");
    tar_end();
    open_tar();
    assert_member("a\xff" "b/\xc3\xa4", FILE);
    ck_assert_uint_eq(member.size, 3);
    ck_assert_int_eq(member.mtime, -13);
    ck_assert_uint_eq(member.mtime_ns, 750000000);
    assert_content("abc");
    assert_member("next", FILE);
    ck_assert_int_eq(member.mtime, 014200000000);
    assert_content("n");
    assert_end();
}
END_TEST

START_TEST(an_empty_pax_value_undoes_itself)
{
    add_type('x', "x", CVK_LITERAL("8 path=\n8 size=\n"));
    TAR_FILE("a", "abc");
    tar_end();
    open_tar();
    assert_member("a", FILE);
    assert_content("abc");
    assert_end();
}
END_TEST

START_TEST(numbers_may_be_binary_blank_or_signed)
{
    static const struct {
        const char *size;
        uint64_t is;
    } sizes[] = {{"\x80\0\0\0\0\0\0\0\0\0\0\3", 3},
                 {"           ", 0},
                 {"\0          ", 0},
                 {"000000000003", 3},
                 {"     3 \0    ", 3},
                 {"3\0zzzzzzzzzz", 3}};
    struct tar_sample s = {.name = "a", .type = '0'};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        made.n = 0;
        s.size = sizes[i].size;
        s.mtime = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe";
        tar_header(&s, 0);
        if (sizes[i].is)
            tar_content(CVK_LITERAL("abc"));
        tar_end();
        open_tar();
        assert_member("a", FILE);
        ck_assert_uint_eq(member.size, sizes[i].is);
        ck_assert_int_eq(member.mtime, -2);
        assert_end();
    }
}
END_TEST

START_TEST(a_time_that_is_none_is_not_known)
{
    struct tar_sample s = {.name = "a", .type = '0', .mtime = "yesterday!!"};

    tar_add(&s, CVK_LITERAL(""));
    add_type('x', "x", CVK_LITERAL("13 mtime=1.x\n"));
    tar_add(&s, CVK_LITERAL(""));
    tar_end();
    open_tar();
    assert_member("a", FILE);
    ck_assert(!member.has_mtime);
    assert_member("a", FILE);
    ck_assert(!member.has_mtime);
    assert_end();
}
END_TEST

START_TEST(sums_of_signed_characters_are_right_too)
{
    size_t at = TAR_FILE("\xff\xfe", "");
    uint8_t *block = made.p + at;
    int sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += (signed char)block[i];
    snprintf((char *)block + 148, 8, "%06o", (unsigned)sum);
    tar_end();
    open_tar();
    assert_member("\xff\xfe", FILE);
    assert_end();
}
END_TEST

/* ---- what is refused --------------------------------------------------- */

START_TEST(a_tar_cut_anywhere_is_truncated)
{
    size_t whole;

    TAR_FILE("a", "{}");
    add_type('x', "x", CVK_LITERAL("8 path=\n"));
    TAR_FILE("b", "0123456789");
    tar_end();
    whole = made.n;
    for (size_t n = 0; n < whole; n++) {
        struct tally t;

        ck_assert_int_eq(
            open_bytes(CVK_ARCHIVE_TAR, cvk_slice_of(made.p, n)), CVK_OK);
        ck_assert_msg(read_all(&t, 100) == CVK_E_ARCHIVE_TRUNCATED,
                      "cut to %zu bytes", n);
        assert_told(n);
        ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
        ck_assert_uint_eq(source.given, n);
    }
}
END_TEST

START_TEST(content_that_was_cut_is_never_given)
{
    bool ended;

    TAR_FILE("a", "0123456789");
    made.n -= 512 - 9;
    open_tar();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 100, &out),
                     CVK_E_ARCHIVE_TRUNCATED);
    assert_told(521);
    ck_assert_int_eq(cvk_archive_next(archive, &member, &ended),
                     CVK_E_ARCHIVE_TRUNCATED);
}
END_TEST

START_TEST(every_flipped_bit_of_a_header_is_damage)
{
    TAR_FILE("a", "{}");
    tar_end();
    for (size_t i = 0; i < 512; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct tally t;
            enum cvk_code code;

            made.p[i] ^= (uint8_t)(1 << bit);
            open_tar();
            code = read_all(&t, 100);
            /* blanks and the end of the sum's own field may change */
            ck_assert_msg(code == CVK_E_ARCHIVE_DAMAGED ||
                              (i >= 148 && i < 156 && code == CVK_OK),
                          "byte %zu, bit %d: %d", i, bit, code);
            if (code)
                assert_told(0);
            made.p[i] ^= (uint8_t)(1 << bit);
        }
}
END_TEST

START_TEST(damage_is_told_with_its_offset)
{
    size_t at;

    TAR_FILE("a", "{}");
    at = TAR_FILE("b", "{}");
    tar_end();
    made.p[at + 5] = 'x';
    open_tar();
    assert_member("a", FILE);
    assert_fails(CVK_E_ARCHIVE_DAMAGED, at);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

START_TEST(sizes_that_are_none_are_damage)
{
    static const char *const sizes[] = {
        "0000000000x", "-0000000001", "1 1        ", "99999999999",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", /* -1 */
        "\xff\0\0\0\0\0\0\0\0\0\0\0",
        "\x80\0\0\0\x80\0\0\0\0\0\0\0", /* 2^63 */
        "\x80\0\0\1\0\0\0\0\0\0\0\0",   /* 2^64 */
        "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        "\x81\0\0\0\0\0\0\0\0\0\0\0", "\xc0\0\0\0\0\0\0\0\0\0\0\1"};
    struct tar_sample s = {.name = "a", .type = '0', .size = sizes[_i]};

    tar_header(&s, 0);
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 0);
}
END_TEST

START_TEST(the_largest_size_costs_nothing)
{
    struct tar_sample s = {.name = "a", .type = '0',
                           .size = "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"};
    bool ended;

    tar_header(&s, 0);
    tar_zeros(1 << 16);
    open_tar();
    assert_member("a", FILE);
    ck_assert_uint_eq(member.size, INT64_MAX);
    ck_assert_int_eq(cvk_archive_read(archive, 100, &out),
                     CVK_E_INPUT_TOO_LARGE);
    /* believed only as far as there are bytes */
    ck_assert_int_eq(cvk_archive_read(archive, UINT64_MAX, &out),
                     CVK_E_ARCHIVE_TRUNCATED);
    ck_assert_uint_lt(out.size, 1 << 18);
    ck_assert_int_eq(cvk_archive_next(archive, &member, &ended),
                     CVK_E_ARCHIVE_TRUNCATED);
}
END_TEST

START_TEST(the_limit_is_exact_and_the_next_member_is_read)
{
    TAR_FILE("a", "0123456789");
    TAR_FILE("b", "0123456789");
    tar_end();
    open_tar();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 9, &out),
                     CVK_E_INPUT_TOO_LARGE);
    assert_member("b", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 10, &out), CVK_OK);
    assert_end();
}
END_TEST

START_TEST(of_what_is_too_large_the_beginning_is_given)
{
    static uint8_t large[2 * CVK_ARCHIVE_HEAD + 1];

    memset(large, 'x', sizeof large);
    tar_add(&(struct tar_sample){.name = "a", .type = '0'},
            cvk_slice_of(large, sizeof large));
    TAR_FILE("b", "0123456789");
    tar_end();
    open_tar();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, sizeof large - 1, &out),
                     CVK_E_INPUT_TOO_LARGE);
    ck_assert_uint_eq(out.n, CVK_ARCHIVE_HEAD);
    ck_assert_mem_eq(out.p, large, CVK_ARCHIVE_HEAD);
    assert_member("b", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 3, &out),
                     CVK_E_INPUT_TOO_LARGE);
    ck_assert_uint_eq(out.n, 10);
    assert_end();
}
END_TEST

START_TEST(a_beginning_that_is_cut_is_truncated)
{
    tar_header(&(struct tar_sample){.name = "a", .type = '0'}, 9000);
    tar_content(CVK_LITERAL("abc"));
    open_tar();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 100, &out),
                     CVK_E_ARCHIVE_TRUNCATED);
}
END_TEST

START_TEST(records_that_lie_are_damage)
{
    static const char *const records[] = {
        "x", "7 path=a", "9 path=a", "100 path=a\n", "10 path=a", "8 path=a\n",
        "09 path=a", "0 a=b\n", "3 \n", "4 =\n",
        "path=a\n", " 9 path=a\n", "9  path=a\n", "-9 path=a\n", "9",
        "99999999999999999999 path=a\n", "18446744073709551624 path=a\n",
        "9\npath=a\n", "11 size=-1\n", "11 size=3x\n",
        "28 size=9223372036854775808\n", "5 aa\n", "6 =aa\n"};
    const char *r = records[_i];

    add_type('x', "x", cvk_slice_of(r, strlen(r)));
    TAR_FILE("a", "");
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 512);
}
END_TEST

START_TEST(a_lying_record_is_told_where_it_stands)
{
    add_type('x', "x", CVK_LITERAL("9 path=a\n9 path=b"));
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 512 + 9);
}
END_TEST

/* Readers do not agree on which of them counts. */
START_TEST(two_extended_headers_for_one_member_are_damage)
{
    add_type('x', "x", CVK_LITERAL("9 path=a\n"));
    add_type('x', "x", CVK_LITERAL("9 path=b\n"));
    TAR_FILE("c", "");
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 1024);
}
END_TEST

START_TEST(global_headers_rename_nothing)
{
    static const char *const records[] = {"9 path=a\n", "9 size=1\n",
                                          "22 GNU.sparse.major=1\n", "9 path"};
    const char *r = records[_i];

    add_type('x', "x", CVK_LITERAL("19 path=0123456789\n"));
    add_type('g', "g", cvk_slice_of(r, strlen(r)));
    TAR_FILE("a", "");
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 1024 + 512);
}
END_TEST

START_TEST(global_headers_leave_the_next_ones_records_alone)
{
    static char comment[70000];

    snprintf(comment, sizeof comment, "%d comment=%0*d\n", 69999, 69984, 0);
    add_type('x', "x", CVK_LITERAL("19 path=0123456789\n"));
    add_type('g', "g", cvk_slice_of(comment, strlen(comment)));
    TAR_FILE("a", "");
    tar_end();
    open_tar();
    assert_member("0123456789", FILE);
    assert_end();
}
END_TEST

START_TEST(extended_headers_have_a_limit)
{
    static const char types[] = "xgLK";
    static uint8_t big[(1 << 20) + 1];

    memset(big, 'x', sizeof big);
    tar_add(&(struct tar_sample){.name = "x", .type = types[_i]},
            cvk_slice_of(big, sizeof big));
    TAR_FILE("a", "");
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 0);
}
END_TEST

START_TEST(extended_headers_need_a_member)
{
    static const char types[] = "xLK";

    add_type(types[_i], "x", CVK_LITERAL("9 path=a\n"));
    tar_end();
    open_tar();
    assert_fails(CVK_E_ARCHIVE_DAMAGED, 1024);
}
END_TEST

START_TEST(names_that_cannot_be_are_refused_alone)
{
    static char name[CVK_MAX_PATH + 1];
    struct tar_sample l = {.name = "l", .type = 'L', .magic = GNU};

    memset(name, 'n', sizeof name);
    TAR_FILE("", "a");
    add_type('x', "x", CVK_LITERAL("12 path=a\0b\n"));
    TAR_FILE("x", "b");
    tar_add(&l, cvk_slice_of(name, sizeof name));
    TAR_FILE("x", "c");
    tar_add(&l, cvk_slice_of(name, sizeof name - 1));
    TAR_FILE("x", "d");
    tar_end();
    open_tar();
    for (int i = 0; i < 3; i++) {
        static const size_t sizes[] = {0, 3, CVK_MAX_PATH};
        bool ended;

        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended), CVK_OK);
        ck_assert_uint_eq(member.name.n, sizes[i]);
        ck_assert_int_eq(cvk_archive_read(archive, 9, &out),
                         CVK_E_ARCHIVE_NAME);
    }
    ck_assert_int_eq(cvk_archive_next(archive, &member, &(bool){false}),
                     CVK_OK);
    ck_assert_uint_eq(member.name.n, CVK_MAX_PATH);
    assert_content("d");
    assert_end();
}
END_TEST

START_TEST(sparse_members_are_refused_alone)
{
    struct tar_sample s = {.name = "old", .type = 'S', .magic = GNU};
    size_t at;

    at = tar_header(&s, 3);
    made.p[at + 482] = 1;
    tar_sum(made.p + at);
    tar_zeros(512);
    made.p[made.n - 512 + 504] = 1; /* and another block */
    tar_zeros(512);
    tar_content(CVK_LITERAL("abc"));
    add_type('x', "x", CVK_LITERAL("22 GNU.sparse.major=1\n"
                                   "22 GNU.sparse.minor=0\n"
                                   "27 GNU.sparse.name=thename\n"
                                   "27 GNU.sparse.realsize=999\n"));
    TAR_FILE("GNUSparseFile.0/thename", "1\n0\n2\n");
    add_type('x', "x", CVK_LITERAL("21 GNU.sparse.size=9\n"));
    TAR_FILE("v0", "ab");
    TAR_FILE("next", "n");
    tar_end();
    open_tar();
    assert_member("old", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 9, &out), CVK_E_ARCHIVE_SPARSE);
    assert_told(0);
    assert_member("thename", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 9, &out), CVK_E_ARCHIVE_SPARSE);
    assert_member("v0", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 9, &out), CVK_E_ARCHIVE_SPARSE);
    assert_member("next", FILE);
    assert_content("n");
    assert_end();
}
END_TEST

START_TEST(a_sparse_map_without_end_is_truncated)
{
    struct tar_sample s = {.name = "old", .type = 'S', .magic = GNU};
    size_t at = tar_header(&s, 3);

    made.p[at + 482] = 1;
    tar_sum(made.p + at);
    for (int i = 0; i < 1000; i++) {
        tar_zeros(512);
        made.p[made.n - 512 + 504] = 1;
    }
    open_tar();
    assert_fails(CVK_E_ARCHIVE_TRUNCATED, made.n);
}
END_TEST

START_TEST(a_hole_of_zeros_is_no_end)
{
    size_t at;

    TAR_FILE("a", "{}");
    at = made.n;
    tar_zeros(512);
    TAR_FILE("b", "{}");
    tar_end();
    open_tar();
    assert_member("a", FILE);
    assert_fails(CVK_E_ARCHIVE_DAMAGED, at);
}
END_TEST

START_TEST(what_follows_the_end_is_told)
{
    size_t end;

    TAR_FILE("a", "{}");
    tar_end();
    tar_zeros(10240 - made.n); /* padding is none */
    end = made.n;
    open_tar();
    assert_member("a", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    TAR_FILE("b", "{}"); /* cat a.tar b.tar */
    tar_end();
    open_tar();
    assert_member("a", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_JOINED);
    assert_told(end);
    ck_assert_ptr_nonnull(strstr(cvk_archive_why(archive),
                                 "tail -c +10241 ARCHIVE >second.tar"));
    ck_assert_uint_eq(source.given, made.n);
    made.p[end + 3] = 'x'; /* no header: its check sum is wrong */
    open_tar();
    assert_member("a", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_TRAILING);
    assert_told(end);
    made.n = end + 511; /* nor is a part of one */
    open_tar();
    assert_member("a", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_TRAILING);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

START_TEST(memory_that_cannot_be_had_is_of_one_member)
{
    TAR_FILE("a", "0123456789");
    TAR_FILE("b", "b");
    tar_end();
    cvk_buf_init(&out, 5);
    open_tar();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 100, &out), CVK_E_MEMORY);
    assert_member("b", FILE);
    assert_content("b");
    assert_end();
}
END_TEST

START_TEST(what_the_source_says_is_passed_on)
{
    TAR_FILE("a", "{}");
    TAR_FILE("b", "{}");
    tar_end();
    source.chunk = 512;
    source.fail_at = 1500;
    open_tar();
    assert_member("a", FILE);
    assert_fails(CVK_E_IO_READ, 1024);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_IO_READ);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tar");
    TCase *tc = tcase_create("tar");

    tcase_add_checked_fixture(tc, archive_set_up, archive_tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, members_come_in_order_with_their_content, 0, 6);
    tcase_add_test(tc, what_is_not_read_is_skipped);
    tcase_add_test(tc, sizes_of_whole_blocks_have_no_padding);
    tcase_add_test(tc, types_are_told_apart);
    tcase_add_test(tc, only_files_have_content);
    tcase_add_test(tc, names_have_a_prefix_in_ustar_only);
    tcase_add_test(tc, long_names_of_gnu_are_taken);
    tcase_add_test(tc, pax_records_override_the_header);
    tcase_add_test(tc, an_empty_pax_value_undoes_itself);
    tcase_add_test(tc, numbers_may_be_binary_blank_or_signed);
    tcase_add_test(tc, a_time_that_is_none_is_not_known);
    tcase_add_test(tc, sums_of_signed_characters_are_right_too);
    tcase_add_test(tc, a_tar_cut_anywhere_is_truncated);
    tcase_add_test(tc, content_that_was_cut_is_never_given);
    tcase_add_test(tc, every_flipped_bit_of_a_header_is_damage);
    tcase_add_test(tc, damage_is_told_with_its_offset);
    tcase_add_loop_test(tc, sizes_that_are_none_are_damage, 0, 11);
    tcase_add_test(tc, the_largest_size_costs_nothing);
    tcase_add_test(tc, the_limit_is_exact_and_the_next_member_is_read);
    tcase_add_test(tc, of_what_is_too_large_the_beginning_is_given);
    tcase_add_test(tc, a_beginning_that_is_cut_is_truncated);
    tcase_add_loop_test(tc, records_that_lie_are_damage, 0, 23);
    tcase_add_test(tc, a_lying_record_is_told_where_it_stands);
    tcase_add_test(tc, two_extended_headers_for_one_member_are_damage);
    tcase_add_loop_test(tc, global_headers_rename_nothing, 0, 4);
    tcase_add_test(tc, global_headers_leave_the_next_ones_records_alone);
    tcase_add_loop_test(tc, extended_headers_have_a_limit, 0, 4);
    tcase_add_loop_test(tc, extended_headers_need_a_member, 0, 3);
    tcase_add_test(tc, names_that_cannot_be_are_refused_alone);
    tcase_add_test(tc, sparse_members_are_refused_alone);
    tcase_add_test(tc, a_sparse_map_without_end_is_truncated);
    tcase_add_test(tc, a_hole_of_zeros_is_no_end);
    tcase_add_test(tc, what_follows_the_end_is_told);
    tcase_add_test(tc, memory_that_cannot_be_had_is_of_one_member);
    tcase_add_test(tc, what_the_source_says_is_passed_on);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
