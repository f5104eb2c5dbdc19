/* SPDX-License-Identifier: MIT */
#include "input/zip.h"

#include "archive.h"

/* One member, with what the lists say of it; 0 stands for the truth. */
struct zip_sample {
    struct cvk_slice name;
    struct cvk_slice content;
    unsigned method;     /* 0 or 8 */
    unsigned lied_method;
    unsigned flags;
    uint32_t attributes;
    uint32_t crc;        /* in both headers */
    uint32_t local_crc;
    uint64_t size;       /* declared in the directory */
    uint64_t packed;
    uint64_t offset;     /* of the local header */
    struct cvk_slice extra; /* in the directory */
    bool zip64;          /* numbers stand in an extra field */
    bool again;          /* no local header: the one of the last member */
};

static struct cvk_buf directory;
static size_t members;
static size_t last_local;

static void set_up(void)
{
    archive_set_up();
    cvk_buf_init(&directory, 1 << 28);
    members = 0;
}

static void tear_down(void)
{
    cvk_buf_clear(&directory);
    archive_tear_down();
}

static void put(struct cvk_buf *b, uint64_t v, size_t bytes)
{
    while (bytes--) {
        cvk_buf_append_byte(b, (uint8_t)v);
        v >>= 8;
    }
}

/* What both headers have in common. */
static void put_common(struct cvk_buf *b, const struct zip_sample *s,
                       uint32_t crc, uint64_t packed, uint64_t size)
{
    put(b, 45, 2);
    put(b, s->flags, 2);
    put(b, s->lied_method ? s->lied_method : s->method, 2);
    put(b, 0x5a21aaaa, 4);
    put(b, crc, 4);
    put(b, s->zip64 ? 0xffffffff : packed, 4);
    put(b, s->zip64 ? 0xffffffff : size, 4);
    put(b, s->name.n, 2);
}

static void put_entry(const struct zip_sample *s, uint32_t crc, uint64_t packed,
                      uint64_t size)
{
    struct cvk_buf extra;

    cvk_buf_init(&extra, 1 << 16);
    cvk_buf_append_slice(&extra, s->extra);
    if (s->zip64) {
        put(&extra, 1, 2);
        put(&extra, 24, 2);
        put(&extra, size, 8);
        put(&extra, packed, 8);
        put(&extra, s->offset ? s->offset : last_local, 8);
    }
    put(&directory, 0x02014b50, 4);
    put(&directory, 3 << 8 | 45, 2);
    put_common(&directory, s, crc, packed, size);
    put(&directory, extra.n, 2);
    put(&directory, 0, 2 + 2 + 2);
    put(&directory, s->attributes, 4);
    put(&directory, s->zip64    ? 0xffffffff
                    : s->offset ? s->offset
                                : last_local, 4);
    cvk_buf_append_slice(&directory, s->name);
    cvk_buf_append_slice(&directory, cvk_buf_slice(&extra));
    cvk_buf_clear(&extra);
}

static void add(const struct zip_sample *s)
{
    uint32_t crc = (uint32_t)crc32(0, s->content.p, (uInt)s->content.n);
    uint64_t size = s->size ? s->size : s->content.n, packed;
    struct cvk_buf bytes;

    cvk_buf_init(&bytes, 1 << 28);
    if (s->method == 8)
        pack(&bytes, s->content, -15);
    else
        cvk_buf_append_slice(&bytes, s->content);
    packed = s->packed ? s->packed : bytes.n;
    crc = s->crc ? s->crc : crc;
    if (!s->again) {
        last_local = made.n;
        put(&made, 0x04034b50, 4);
        put_common(&made, s, s->local_crc ? s->local_crc : crc, packed, size);
        put(&made, 0, 2);
        cvk_buf_append_slice(&made, s->name);
        cvk_buf_append_slice(&made, cvk_buf_slice(&bytes));
    }
    put_entry(s, crc, packed, size);
    cvk_buf_clear(&bytes);
    members++;
}

#define NAMED(text) .name = {(const uint8_t *)(text), sizeof(text) - 1}
#define HOLDS(text) .content = {(const uint8_t *)(text), sizeof(text) - 1}
#define ADD(...) add(&(struct zip_sample){__VA_ARGS__})

static size_t end_at; /* of the end record */

static void end_with(size_t count, uint64_t size, uint64_t at,
                     const char *comment)
{
    cvk_buf_append_slice(&made, cvk_buf_slice(&directory));
    end_at = made.n;
    put(&made, 0x06054b50, 4);
    put(&made, 0, 4);
    put(&made, count, 2);
    put(&made, count, 2);
    put(&made, size, 4);
    put(&made, at, 4);
    put(&made, strlen(comment), 2);
    cvk_buf_append_string(&made, comment);
}

static void end(void)
{
    end_with(members, directory.n, made.n, "");
}

/* With the larger records of zip64. */
static void end64_with(uint64_t count, uint64_t size, uint64_t at,
                       int64_t locator_lies)
{
    uint64_t here;

    cvk_buf_append_slice(&made, cvk_buf_slice(&directory));
    here = made.n;
    put(&made, 0x06064b50, 4);
    put(&made, 44, 8);
    put(&made, 45, 2 + 2);
    put(&made, 0, 4 + 4);
    put(&made, count, 8);
    put(&made, count, 8);
    put(&made, size, 8);
    put(&made, at, 8);
    put(&made, 0x07064b50, 4);
    put(&made, 0, 4);
    put(&made, here + (uint64_t)locator_lies, 8);
    put(&made, 1, 4);
    directory.n = 0;
    end_with(0xffff, 0xffffffff, 0xffffffff, "");
}

static void open_zip(void)
{
    ck_assert_int_eq(open_made(CVK_ARCHIVE_ZIP), CVK_OK);
}

static void assert_not_opened(enum cvk_code code)
{
    bool ended;

    ck_assert_int_eq(open_made(CVK_ARCHIVE_ZIP), code);
    ck_assert_uint_gt(strlen(cvk_archive_why(archive)), 0);
    ck_assert_int_eq(cvk_archive_next(archive, &member, &ended), code);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
}

static void assert_refused(enum cvk_code code)
{
    ck_assert_int_eq(cvk_archive_read(archive, 1 << 20, &out), code);
    ck_assert_uint_gt(strlen(cvk_archive_why(archive)), 0);
}

/* ---- what is read ------------------------------------------------------ */

START_TEST(members_come_in_the_order_of_the_directory)
{
    static const size_t chunks[] = {0, 1, 100};

    ADD(NAMED("dir/"));
    ADD(NAMED("stored"), HOLDS("0123456789"));
    ADD(NAMED("deflated\xff"), HOLDS("aaaaaaaaaaaaaaaaaaaaaaaaaaa\0b"),
        .method = 8);
    ADD(NAMED("empty"));
    ADD(NAMED("empty too"), .method = 8);
    end();
    source.chunk = chunks[_i];
    open_zip();
    assert_member("dir/", DIRECTORY);
    assert_member("stored", FILE);
    ck_assert_uint_eq(member.size, 10);
    ck_assert(!member.has_mtime);
    assert_content("0123456789");
    assert_member("deflated\xff", FILE);
    assert_content("aaaaaaaaaaaaaaaaaaaaaaaaaaa\0b");
    assert_member("empty", FILE);
    assert_content("");
    assert_member("empty too", FILE);
    assert_content("");
    assert_end();
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
    ck_assert_uint_eq(source.sum, crc32(0, made.p, (uInt)made.n));
}
END_TEST

START_TEST(an_archive_without_members_is_one)
{
    end();
    open_zip();
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
}
END_TEST

START_TEST(types_are_those_of_unix_or_of_the_name)
{
    ADD(NAMED("a"), .attributes = 0100644u << 16);
    ADD(NAMED("b"), .attributes = 0600u << 16);
    ADD(NAMED("c"), HOLDS("a"), .attributes = 0120777u << 16);
    ADD(NAMED("d"), .attributes = 0040755u << 16 | 0x10);
    ADD(NAMED("e"), .attributes = 0020644u << 16);
    ADD(NAMED("f/"));
    end();
    open_zip();
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_member("c", LINK);
    assert_member("d", DIRECTORY);
    assert_member("e", SPECIAL);
    assert_member("f/", DIRECTORY);
    assert_end();
}
END_TEST

START_TEST(times_are_those_with_a_zone)
{
    ADD(NAMED("a"), .extra = CVK_LITERAL("xx\2\0yyUT\5\0\1\xff\xff\xff\xff"));
    ADD(NAMED("b"), .extra = CVK_LITERAL("UT\5\0\2\1\0\0\0")); /* access */
    ADD(NAMED("c"), .extra = CVK_LITERAL("UT\3\0\1\1\0"));
    ADD(NAMED("d"), .extra = CVK_LITERAL("UT\xff\0\1\1\0\0\0"));
    ADD(NAMED("e"), .extra = CVK_LITERAL("UT\5"));
    end();
    open_zip();
    assert_member("a", FILE);
    ck_assert(member.has_mtime);
    ck_assert_int_eq(member.mtime, -1);
    assert_member("b", FILE);
    ck_assert(!member.has_mtime);
    assert_member("c", FILE);
    ck_assert(!member.has_mtime);
    ck_assert_msg(cvk_archive_read(archive, 9, &out) == CVK_OK, "%s",
                  cvk_archive_why(archive));
}
END_TEST

START_TEST(zip64_is_read)
{
    ADD(NAMED("a"), HOLDS("0123456789"), .method = 8, .zip64 = true);
    ADD(NAMED("b"), HOLDS("b"), .zip64 = true);
    end64_with(2, directory.n, made.n, 0);
    open_zip();
    assert_member("a", FILE);
    ck_assert_uint_eq(member.size, 10);
    assert_content("0123456789");
    assert_member("b", FILE);
    assert_content("b");
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
}
END_TEST

START_TEST(large_members_are_whole)
{
    static uint8_t bytes[300000];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i >> 9);
    for (unsigned method = 0; method <= 8; method += 8)
        ADD(NAMED("a"), .content = {bytes, sizeof bytes}, .method = method);
    end();
    open_zip();
    for (int i = 0; i < 2; i++) {
        assert_member("a", FILE);
        ck_assert_int_eq(cvk_archive_read(archive, sizeof bytes, &out),
                         CVK_OK);
        ck_assert_uint_eq(out.n, sizeof bytes);
        ck_assert_mem_eq(out.p, bytes, sizeof bytes);
    }
    assert_end();
}
END_TEST

START_TEST(many_members_with_large_lists_are_read)
{
    struct tally t;

    for (int i = 0; i < 3000; i++)
        ADD(NAMED("a name that takes a little room in the list"),
            HOLDS("content that takes a little room as well"),
            .method = i % 2 ? 8 : 0);
    end();
    open_zip();
    ck_assert_int_eq(read_all(&t, 100), CVK_OK);
    ck_assert_uint_eq(t.members, 3000);
    ck_assert_uint_eq(t.bad, 0);
    ck_assert_uint_eq(t.bytes, 3000 * 40);
}
END_TEST

/* ---- members that are refused ------------------------------------------ */

START_TEST(members_are_refused_one_by_one)
{
    ADD(NAMED("encrypted"), HOLDS("a"), .flags = 1);
    ADD(NAMED("strong"), HOLDS("a"), .flags = 0x40);
    ADD(NAMED("bzip2"), HOLDS("a"), .lied_method = 12);
    ADD(NAMED("aes"), HOLDS("a"), .lied_method = 99, .flags = 1);
    ADD(NAMED("crc"), HOLDS("a"), .crc = 1);
    ADD(NAMED("crc"), HOLDS("a"), .crc = 1, .method = 8);
    ADD(NAMED("nul\0"), HOLDS("a"));
    ADD(NAMED(""), HOLDS("a"));
    ADD(NAMED("long"), HOLDS("aaaaaaaaaa"), .method = 8, .size = 9);
    ADD(NAMED("short"), HOLDS("aaaaaaaaaa"), .method = 8, .size = 11);
    ADD(NAMED("two sizes"), HOLDS("aaaaaaaaaa"), .size = 11);
    ADD(NAMED("cut"), HOLDS("aaaaaaaaaabbbb"), .method = 8, .packed = 3);
    ADD(NAMED("no deflate"), HOLDS("\xff\xff\xff\xff"), .lied_method = 8);
    ADD(NAMED("no zip64"), HOLDS("a"), .size = UINT32_MAX, .method = 8,
        .extra = CVK_LITERAL("\1\0\7\0size..."));
    ADD(NAMED("local"), HOLDS("a"), .local_crc = 1);
    ADD(NAMED("no header"), HOLDS("a"), .offset = 7);
    ADD(NAMED("outside"), HOLDS("a"), .offset = 0xfffffff0);
    ADD(NAMED("far outside"), HOLDS("a"), .offset = UINT64_MAX - 5,
        .zip64 = true);
    ADD(NAMED("good"), HOLDS("good"), .method = 8);
    end();
    open_zip();
    assert_member("encrypted", FILE);
    assert_refused(CVK_E_ARCHIVE_ENCRYPTED);
    assert_member("strong", FILE);
    assert_refused(CVK_E_ARCHIVE_ENCRYPTED);
    assert_member("bzip2", FILE);
    assert_refused(CVK_E_ARCHIVE_METHOD);
    ck_assert_str_eq(cvk_archive_why(archive),
                     "the member is compressed by method 12");
    assert_member("aes", FILE);
    assert_refused(CVK_E_ARCHIVE_ENCRYPTED);
    assert_member("crc", FILE);
    assert_refused(CVK_E_ARCHIVE_MEMBER_DAMAGED);
    assert_member("crc", FILE);
    assert_refused(CVK_E_ARCHIVE_MEMBER_DAMAGED);
    assert_member("nul\0", FILE);
    assert_refused(CVK_E_ARCHIVE_NAME);
    assert_member("", FILE);
    assert_refused(CVK_E_ARCHIVE_NAME);
    for (int i = 0; i < 10; i++) {
        bool ended;

        ck_assert_int_eq(cvk_archive_next(archive, &member, &ended), CVK_OK);
        assert_refused(CVK_E_ARCHIVE_MEMBER_DAMAGED);
    }
    assert_member("good", FILE);
    assert_content("good");
    assert_end();
}
END_TEST

START_TEST(long_names_are_cut_and_refused)
{
    static uint8_t name[0xffff];

    memset(name, 'n', sizeof name);
    ADD(.name = {name, sizeof name}, HOLDS("a"));
    ADD(.name = {name, CVK_MAX_PATH}, HOLDS("b"));
    end();
    open_zip();
    ck_assert_int_eq(cvk_archive_next(archive, &member, &(bool){false}),
                     CVK_OK);
    ck_assert_uint_eq(member.name.n, CVK_MAX_PATH);
    assert_refused(CVK_E_ARCHIVE_NAME);
    ck_assert_int_eq(cvk_archive_next(archive, &member, &(bool){false}),
                     CVK_OK);
    ck_assert_uint_eq(member.name.n, CVK_MAX_PATH);
    assert_content("b");
    assert_end();
}
END_TEST

START_TEST(what_is_declared_too_large_is_not_inflated)
{
    ADD(NAMED("a"), HOLDS("aaaaaaaaaa"), .method = 8);
    ADD(NAMED("b"), HOLDS("b"), .zip64 = true, .size = UINT64_MAX, .method = 8);
    end();
    open_zip();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 9, &out), CVK_E_INPUT_TOO_LARGE);
    assert_slice(cvk_buf_slice(&out), "aaaaaaaaaa");
    ck_assert_int_eq(cvk_archive_read(archive, 10, &out), CVK_OK);
    assert_member("b", FILE);
    /* too large, were it true */
    ck_assert_int_eq(cvk_archive_read(archive, 1 << 20, &out),
                     CVK_E_ARCHIVE_MEMBER_DAMAGED);
    ck_assert_uint_lt(out.size, 1 << 18);
    assert_end();
}
END_TEST

START_TEST(of_what_is_too_large_the_beginning_is_given)
{
    static uint8_t large[3 << 16];

    memset(large, 'x', sizeof large);
    for (unsigned method = 0; method <= 8; method += 8)
        ADD(NAMED("a"), .content = {large, sizeof large}, .method = method);
    end();
    open_zip();
    for (unsigned i = 0; i < 2; i++) {
        assert_member("a", FILE);
        ck_assert_int_eq(cvk_archive_read(archive, sizeof large - 1, &out),
                         CVK_E_INPUT_TOO_LARGE);
        ck_assert_uint_eq(out.n, CVK_ARCHIVE_HEAD);
        ck_assert_mem_eq(out.p, large, CVK_ARCHIVE_HEAD);
        ck_assert_uint_lt(out.size, 1 << 18);
    }
}
END_TEST

START_TEST(a_beginning_that_is_damaged_is_damage)
{
    /* 8 for deflate, over bytes that are none */
    ADD(NAMED("a"), HOLDS("\xff\xff\xff\xff"), .lied_method = 8);
    ADD(NAMED("b"), HOLDS("bbbb"), .method = 8, .offset = UINT32_MAX - 1);
    end();
    open_zip();
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(cvk_archive_next(archive, &member, &(bool){false}),
                         CVK_OK);
        ck_assert_int_eq(cvk_archive_read(archive, 3, &out),
                         CVK_E_ARCHIVE_MEMBER_DAMAGED);
    }
    assert_end();
}
END_TEST

START_TEST(declared_sizes_are_believed_as_far_as_bytes_come)
{
    ADD(NAMED("a"), HOLDS("aaaaaaaaaa"), .method = 8, .size = 1 << 29);
    end();
    open_zip();
    assert_member("a", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 1 << 30, &out),
                     CVK_E_ARCHIVE_MEMBER_DAMAGED);
    ck_assert_uint_lt(out.size, 1 << 18);
}
END_TEST

/* ---- archives that are refused ----------------------------------------- */

START_TEST(a_zip_cut_anywhere_is_not_opened)
{
    size_t whole;

    ADD(NAMED("a"), HOLDS("0123456789"), .method = 8);
    ADD(NAMED("b"), HOLDS("b"), .zip64 = true);
    if (_i)
        end64_with(2, directory.n, made.n, 0);
    else
        end_with(members, directory.n, made.n, "a comment");
    whole = made.n;
    for (size_t n = 0; n < whole; n++)
        ck_assert_msg(open_bytes(CVK_ARCHIVE_ZIP, cvk_slice_of(made.p, n)) ==
                          CVK_E_ARCHIVE_TRUNCATED, "cut to %zu bytes", n);
    open_zip();
}
END_TEST

/* A zip that is stored inside ends with an end record of its own. */
START_TEST(the_end_of_a_zip_inside_is_not_taken_for_the_end)
{
    struct cvk_buf inner;

    ADD(NAMED("inner"), HOLDS("x"));
    end();
    inner = made;
    cvk_buf_init(&made, 1 << 20);
    directory.n = members = 0;
    ADD(NAMED("outer.zip"), .content = {inner.p, inner.n});
    assert_not_opened(CVK_E_ARCHIVE_DAMAGED);
    end();
    open_zip();
    assert_member("outer.zip", FILE);
    ck_assert_int_eq(cvk_archive_read(archive, 1 << 20, &out), CVK_OK);
    ck_assert_uint_eq(out.n, inner.n);
    assert_end();
    cvk_buf_clear(&inner);
}
END_TEST

START_TEST(directories_that_lie_are_damage)
{
    static const struct {
        size_t count;
        int64_t size, at; /* added */
    } lies[] = {{1, 1, 0},  {1, -1, 0},  {1, 0, 1}, {1, 0, -1},
                {1, 1, -1}, {1, 7, -7},  {1, -1, 1}, {0, 0, 0},
                {2, 0, 0},  {0xffff, 0, 0}, {1, 0, 0x7fffffff}};
    struct tally t;
    enum cvk_code code;

    ADD(NAMED("a"), HOLDS("0123456789"));
    end_with(lies[_i].count, directory.n + (uint64_t)lies[_i].size,
             made.n + (uint64_t)lies[_i].at, "");
    code = open_made(CVK_ARCHIVE_ZIP);
    if (!code)
        code = read_all(&t, 100);
    ck_assert_int_eq(code, CVK_E_ARCHIVE_DAMAGED);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
}
END_TEST

START_TEST(zip64_values_that_lie_are_damage)
{
    static const struct {
        uint64_t count, size, at; /* added */
        int64_t locator;
    } lies[] = {{1, 0, 0, 0},
                {UINT64_MAX, 0, 0, 0},
                {0, 1, 0, 0},
                {0, UINT64_MAX, 0, 0},
                {0, UINT64_MAX / 2, UINT64_MAX / 2 + 1, 0},
                {0, 0, UINT64_MAX, 0},
                {0, 1, UINT64_MAX, 0},
                {0, 0, 0, 1},
                {0, 0, 0, -1},
                {0, 0, 0, INT64_MAX},
                {0, 0, 0, INT64_MIN},
                {0, 0, 0, 56}};
    struct tally t;
    enum cvk_code code;

    ADD(NAMED("a"), HOLDS("0123456789"), .zip64 = true);
    end64_with(1 + lies[_i].count, directory.n + lies[_i].size,
               made.n + lies[_i].at, lies[_i].locator);
    code = open_made(CVK_ARCHIVE_ZIP);
    if (!code)
        code = read_all(&t, 100);
    ck_assert_int_eq(code, CVK_E_ARCHIVE_DAMAGED);
}
END_TEST

START_TEST(volumes_are_refused)
{
    ADD(NAMED("a"), HOLDS("a"));
    end();
    made.p[end_at + 4] = 1;
    assert_not_opened(CVK_E_ARCHIVE_DAMAGED);
}
END_TEST

/* A locator in the comment sends some readers to another list of members. */
START_TEST(two_end_records_are_damage)
{
    uint64_t fake;

    ADD(NAMED("a"), HOLDS("a"));
    fake = made.n;
    put(&made, 0x06064b50, 4);
    put(&made, 44, 8);
    put(&made, 45, 2 + 2);
    put(&made, 0, 4 + 4 + 8 + 8 + 8 + 8); /* no members */
    cvk_buf_append_slice(&made, cvk_buf_slice(&directory));
    put(&made, 0x06054b50, 4);
    put(&made, 0, 4);
    put(&made, 1, 2);
    put(&made, 1, 2);
    put(&made, directory.n, 4);
    put(&made, fake + 56, 4);
    put(&made, 20, 2);
    put(&made, 0x07064b50, 4);
    put(&made, 0, 4);
    put(&made, fake, 8);
    put(&made, 1, 4);
    assert_not_opened(CVK_E_ARCHIVE_DAMAGED);
}
END_TEST

START_TEST(members_behind_damage_in_the_list_are_not_read)
{
    size_t second;

    ADD(NAMED("a"), HOLDS("a"));
    ADD(NAMED("b"), HOLDS("b"));
    end();
    second = end_at - directory.n / 2;
    made.p[second] = 'Q';
    open_zip();
    assert_member("a", FILE);
    assert_content("a");
    assert_fails(CVK_E_ARCHIVE_DAMAGED, second);
    made.p[second] = 'P';
    made.p[second + 28] = 200; /* its name ends behind the list */
    open_zip();
    assert_member("a", FILE);
    assert_fails(CVK_E_ARCHIVE_DAMAGED, second);
}
END_TEST

START_TEST(no_flipped_bit_gives_other_bytes)
{
    ADD(NAMED("a"), HOLDS("0123456789 some content"), .method = 8);
    ADD(NAMED("b"), HOLDS("x"), .zip64 = true);
    end64_with(2, directory.n, made.n, 0);
    for (size_t i = 0; i < made.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct tally t = {0};

            made.p[i] ^= (uint8_t)(1 << bit);
            if (!open_made(CVK_ARCHIVE_ZIP) && !read_all(&t, 100)) {
                ck_assert_uint_eq(t.members, 2);
                ck_assert(t.bad || t.bytes == 24);
            }
            made.p[i] ^= (uint8_t)(1 << bit);
        }
}
END_TEST

START_TEST(more_members_than_the_limit_are_not_begun)
{
    ADD(NAMED("a"), HOLDS("a"));
    end64_with(CVK_MAX_ARCHIVE_MEMBERS + 1, directory.n, made.n, 0);
    assert_not_opened(CVK_E_ARCHIVE_MEMBERS);
}
END_TEST

/* 2000 entries for one megabyte of zeros. */
START_TEST(members_that_lie_one_over_the_other_are_a_bomb)
{
    static uint8_t zeros[1 << 20];
    struct tally t;

    ADD(NAMED("a"), .content = {zeros, sizeof zeros}, .method = 8);
    for (int i = 0; i < 2000; i++)
        ADD(NAMED("a"), .content = {zeros, sizeof zeros}, .method = 8,
            .again = true);
    end();
    open_zip();
    ck_assert_int_eq(read_all(&t, 1 << 20), CVK_E_ARCHIVE_RATIO);
    ck_assert_uint_ge(t.bytes, CVK_MIN_RATIO_BYTES);
    ck_assert_uint_le(t.bytes, CVK_MIN_RATIO_BYTES + (1 << 20));
    ck_assert_uint_lt(t.members, 2000);
}
END_TEST

/* Deflate blocks without a byte cost time, but unpack to nothing. */
START_TEST(packed_bytes_that_are_read_again_and_again_are_a_bomb)
{
    struct cvk_buf blocks;
    struct tally t;

    cvk_buf_init(&blocks, 1 << 20);
    for (int i = 0; i < 50000; i++)
        cvk_buf_append_slice(&blocks, CVK_LITERAL("\0\0\0\xff\xff"));
    cvk_buf_append_slice(&blocks, CVK_LITERAL("\1\0\0\xff\xff"));
    ADD(NAMED("a"), .content = {blocks.p, blocks.n}, .lied_method = 8,
        .size = 1);
    for (int i = 0; i < 4000; i++)
        ADD(NAMED("a"), .content = {blocks.p, blocks.n}, .lied_method = 8,
            .size = 1, .again = true);
    cvk_buf_clear(&blocks);
    end();
    open_zip();
    ck_assert_int_eq(read_all(&t, 100), CVK_E_ARCHIVE_RATIO);
    ck_assert_int_eq(t.bad_code, CVK_E_ARCHIVE_RATIO);
    ck_assert_uint_le(t.members * 250000,
                      CVK_MAX_RATIO * made.n + CVK_MIN_RATIO_BYTES);
}
END_TEST

START_TEST(what_follows_the_end_is_told)
{
    ADD(NAMED("a"), HOLDS("a"));
    end_with(members, directory.n, made.n, "a comment");
    put(&made, 0, 3);
    open_zip();
    assert_member("a", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    put(&made, 'x', 3);
    open_zip();
    assert_member("a", FILE);
    assert_content("a");
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_TRAILING);
    assert_told(made.n - 3);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

START_TEST(a_source_that_cannot_seek_needs_a_file)
{
    struct cvk_archive_io io = {.context = &source, .read = source_read};
    bool ended;

    ADD(NAMED("a"), HOLDS("a"));
    end();
    source.bytes = cvk_buf_slice(&made);
    ck_assert_int_eq(cvk_archive_open(archive, CVK_ARCHIVE_ZIP, &io),
                     CVK_E_ARCHIVE_NEEDS_FILE);
    ck_assert_int_eq(cvk_archive_next(archive, &member, &ended),
                     CVK_E_ARCHIVE_NEEDS_FILE);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

/* Wherever reading fails, it is the source's fault and not the archive's. */
START_TEST(what_the_source_says_is_passed_on)
{
    ADD(NAMED("a"), HOLDS("0123456789"), .method = 8);
    ADD(NAMED("b"), HOLDS("x"));
    end();
    for (size_t i = 0; i < made.n; i++) {
        struct tally t = {0};
        enum cvk_code code;

        source.fail_at = i;
        code = open_made(CVK_ARCHIVE_ZIP);
        if (!code)
            code = read_all(&t, 100);
        ck_assert_msg(code == CVK_E_IO_READ, "failed at %zu: %d", i, code);
        ck_assert(t.bad == 0 || t.bad_code == CVK_E_IO_READ);
    }
}
END_TEST

START_TEST(memory_that_cannot_be_had_is_of_one_member)
{
    cvk_buf_init(&out, 5);
    ADD(NAMED("a"), HOLDS("0123456789"), .method = 8);
    ADD(NAMED("b"), HOLDS("0123456789"));
    ADD(NAMED("c"), HOLDS("c"), .method = 8);
    end();
    open_zip();
    assert_member("a", FILE);
    assert_refused(CVK_E_MEMORY);
    assert_member("b", FILE);
    assert_refused(CVK_E_MEMORY);
    assert_member("c", FILE);
    assert_content("c");
    assert_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("zip");
    TCase *tc = tcase_create("zip");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, members_come_in_the_order_of_the_directory, 0, 3);
    tcase_add_test(tc, an_archive_without_members_is_one);
    tcase_add_test(tc, types_are_those_of_unix_or_of_the_name);
    tcase_add_test(tc, times_are_those_with_a_zone);
    tcase_add_test(tc, zip64_is_read);
    tcase_add_test(tc, large_members_are_whole);
    tcase_add_test(tc, many_members_with_large_lists_are_read);
    tcase_add_test(tc, members_are_refused_one_by_one);
    tcase_add_test(tc, long_names_are_cut_and_refused);
    tcase_add_test(tc, what_is_declared_too_large_is_not_inflated);
    tcase_add_test(tc, of_what_is_too_large_the_beginning_is_given);
    tcase_add_test(tc, a_beginning_that_is_damaged_is_damage);
    tcase_add_test(tc, declared_sizes_are_believed_as_far_as_bytes_come);
    tcase_add_loop_test(tc, a_zip_cut_anywhere_is_not_opened, 0, 2);
    tcase_add_test(tc, the_end_of_a_zip_inside_is_not_taken_for_the_end);
    tcase_add_loop_test(tc, directories_that_lie_are_damage, 0, 11);
    tcase_add_loop_test(tc, zip64_values_that_lie_are_damage, 0, 12);
    tcase_add_test(tc, volumes_are_refused);
    tcase_add_test(tc, two_end_records_are_damage);
    tcase_add_test(tc, members_behind_damage_in_the_list_are_not_read);
    tcase_add_test(tc, no_flipped_bit_gives_other_bytes);
    tcase_add_test(tc, more_members_than_the_limit_are_not_begun);
    tcase_add_test(tc, members_that_lie_one_over_the_other_are_a_bomb);
    tcase_add_test(tc, packed_bytes_that_are_read_again_and_again_are_a_bomb);
    tcase_add_test(tc, what_follows_the_end_is_told);
    tcase_add_test(tc, a_source_that_cannot_seek_needs_a_file);
    tcase_add_test(tc, what_the_source_says_is_passed_on);
    tcase_add_test(tc, memory_that_cannot_be_had_is_of_one_member);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
