/* SPDX-License-Identifier: MIT */
#include "input/archive.h"

#include <sys/wait.h>
#include <unistd.h>

#include "archive.h"

/* ---- which it is ------------------------------------------------------- */

static enum cvk_archive_kind kind_of(struct cvk_slice head)
{
    enum cvk_archive_kind kind = CVK_ARCHIVE_NONE;

    if (head.n > CVK_ARCHIVE_HEAD)
        head.n = CVK_ARCHIVE_HEAD;
    ck_assert_int_eq(cvk_archive_kind(head, &kind), CVK_OK);
    return kind;
}

static enum cvk_archive_kind kind_of_made(void)
{
    return kind_of(cvk_buf_slice(&made));
}

START_TEST(kinds_are_known_by_the_first_bytes)
{
    ck_assert_int_eq(kind_of(CVK_LITERAL("PK\3\4")), CVK_ARCHIVE_ZIP);
    ck_assert_int_eq(kind_of(CVK_LITERAL("PK\5\6\0")), CVK_ARCHIVE_ZIP);
    ck_assert_int_eq(kind_of(CVK_LITERAL("PK\1\2")), CVK_ARCHIVE_NONE);
    ck_assert_int_eq(kind_of(CVK_LITERAL("{}")), CVK_ARCHIVE_NONE);
    ck_assert_int_eq(kind_of(CVK_LITERAL("\x1f\x8b\x08")), CVK_ARCHIVE_NONE);
    ck_assert_int_eq(kind_of((struct cvk_slice){0}), CVK_ARCHIVE_NONE);
    TAR_FILE("a", "{}");
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR);
    ck_assert_int_eq(kind_of(cvk_slice_of(made.p, 511)), CVK_ARCHIVE_NONE);
    made.p[0] = 'b'; /* damaged, and still a tar */
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR);
}
END_TEST

START_TEST(old_tars_are_known_by_their_sum)
{
    struct tar_sample s = {.name = "a", .type = 0, .magic = V7};

    tar_add(&s, CVK_LITERAL("{}"));
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR);
    made.p[300] = 'x';
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
    made.n = 0;
    s.type = 'x';
    tar_add(&s, CVK_LITERAL("{}"));
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
    made.n = 0;
    s = (struct tar_sample){.name = "", .type = 0, .magic = V7};
    tar_add(&s, CVK_LITERAL("{}"));
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
    made.n = 0;
    /* GNU tar -V */
    s = (struct tar_sample){.name = "label", .type = 'V', .magic = V7};
    tar_add(&s, (struct cvk_slice){0});
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR);
    made.n = 0;
    tar_zeros(1024);
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
}
END_TEST

START_TEST(a_gzip_stream_is_looked_into)
{
    struct cvk_slice json = CVK_LITERAL("{\"a\": \"a config\"}");

    pack(&made, json, 31);
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
    made.n = 0;
    TAR_FILE("a", "{}");
    gzip_made();
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR_GZ);
    made.p[3] = 0xe0; /* flags that no gzip has */
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_NONE);
}
END_TEST

START_TEST(a_gzip_header_may_be_as_long_as_a_name_is)
{
    uint8_t head[CVK_ARCHIVE_HEAD];
    struct cvk_slice packed;
    uint64_t seed = 1;

    for (int i = 0; i < 100; i++) { /* bytes that cannot be packed */
        struct tar_sample s = {.name = "a", .type = '0'};
        size_t at = tar_header(&s, 0);

        for (size_t k = 0; k < 90; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            made.p[at + k] = (uint8_t)(seed >> 40 | 1);
        }
        tar_sum(made.p + at);
    }
    gzip_made();
    packed = cvk_buf_slice(&made);
    ck_assert_uint_gt(packed.n, sizeof head);
    memcpy(head, packed.p, 10);
    head[3] = 8; /* a name */
    memset(head + 10, 'n', 255);
    head[265] = 0;
    memcpy(head + 266, packed.p + 10, sizeof head - 266);
    ck_assert_int_eq(kind_of(cvk_slice_of(head, sizeof head)),
                     CVK_ARCHIVE_TAR_GZ);
}
END_TEST

/* ---- tar.gz ------------------------------------------------------------ */

static void make_small_tar(void)
{
    TAR_FILE("a", "{}");
    TAR_FILE("b", "0123456789");
    tar_end();
}

START_TEST(a_tar_gz_is_read_like_the_tar)
{
    static const size_t chunks[] = {0, 1, 2, 3, 100};

    make_small_tar();
    gzip_made();
    source.chunk = chunks[_i];
    ck_assert_int_eq(kind_of_made(), CVK_ARCHIVE_TAR_GZ);
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_content("{}");
    assert_member("b", FILE);
    assert_content("0123456789");
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    ck_assert_uint_eq(source.given, made.n);
    ck_assert_uint_eq(source.sum, crc32(0, made.p, (uInt)made.n));
}
END_TEST

/* As split by pigz or cat: also inside a header. */
START_TEST(several_gzip_members_are_one_tar)
{
    struct cvk_buf packed;

    cvk_buf_init(&packed, 1 << 20);
    make_small_tar();
    for (size_t i = 0; i < made.n; i += 100) {
        size_t n = made.n - i < 100 ? made.n - i : 100;

        pack(&packed, cvk_slice_of(made.p + i, n), 31);
        pack(&packed, CVK_LITERAL(""), 31);
    }
    ck_assert_int_eq(kind_of(cvk_buf_slice(&packed)), CVK_ARCHIVE_TAR_GZ);
    ck_assert_int_eq(open_bytes(CVK_ARCHIVE_TAR_GZ, cvk_buf_slice(&packed)),
                     CVK_OK);
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_content("0123456789");
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    cvk_buf_clear(&packed);
}
END_TEST

START_TEST(a_tar_gz_cut_anywhere_is_never_whole)
{
    make_small_tar();
    gzip_made();
    for (size_t n = 0; n < made.n; n++) {
        struct tally t;
        enum cvk_code code;

        ck_assert_int_eq(
            open_bytes(CVK_ARCHIVE_TAR_GZ, cvk_slice_of(made.p, n)), CVK_OK);
        code = read_all(&t, 100);
        if (!code)
            code = cvk_archive_finish(archive);
        ck_assert_msg(code == CVK_E_GZIP_TRUNCATED ||
                          (n < 3 && code == CVK_E_ARCHIVE_TRUNCATED),
                      "cut to %zu bytes: %d", n, code);
        ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
        ck_assert_uint_eq(source.given, n);
    }
}
END_TEST

START_TEST(a_whole_gzip_of_a_cut_tar_is_truncated)
{
    bool unpacked;

    TAR_FILE("a", "{}");
    gzip_made();
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_fails(CVK_E_ARCHIVE_TRUNCATED, 1024);
    cvk_archive_error_at(archive, &unpacked);
    ck_assert(unpacked);
}
END_TEST

/* The members have been read by then. */
START_TEST(a_wrong_check_sum_is_told_at_the_end)
{
    bool unpacked;

    make_small_tar();
    gzip_made();
    made.p[made.n - 8] ^= 1;
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_GZIP_DAMAGED);
    cvk_archive_error_at(archive, &unpacked);
    ck_assert(!unpacked);
}
END_TEST

START_TEST(what_follows_a_tar_gz_is_told)
{
    size_t end;
    bool unpacked;

    make_small_tar();
    gzip_made();
    end = made.n;
    tar_zeros(100000);
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    made.p[end + 70000] = 'x';
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_TRAILING);
    assert_told(end + 70000);
    cvk_archive_error_at(archive, &unpacked);
    ck_assert(!unpacked);
    ck_assert_uint_eq(source.given, made.n);
}
END_TEST

START_TEST(a_second_tar_in_the_same_gzip_is_told)
{
    size_t end;
    bool unpacked;

    make_small_tar();
    end = made.n;
    make_small_tar();
    gzip_made();
    ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR_GZ), CVK_OK);
    assert_member("a", FILE);
    assert_member("b", FILE);
    assert_end();
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_E_ARCHIVE_JOINED);
    assert_told(end);
    cvk_archive_error_at(archive, &unpacked);
    ck_assert(unpacked);
    ck_assert_ptr_nonnull(strstr(cvk_archive_why(archive),
                                 "gzip -dc ARCHIVE | tail -c +"));
}
END_TEST

/* ---- caps -------------------------------------------------------------- */

START_TEST(a_tar_gz_that_unpacks_without_end_is_a_bomb)
{
    struct cvk_buf packed;
    struct tally t;
    uint8_t *zeros = calloc(1, 1 << 24);

    ck_assert_ptr_nonnull(zeros);
    cvk_buf_init(&packed, 1 << 26);
    for (int i = 0; i < 8; i++)
        tar_header(&(struct tar_sample){.name = "a", .type = '0',
                                        .size = "00100000000"}, 0);
    for (size_t i = 0; i < 8; i++) {
        pack(&packed, cvk_slice_of(made.p + 512 * i, 512), 31);
        pack(&packed, cvk_slice_of(zeros, 1 << 24), 31);
    }
    free(zeros);
    ck_assert_int_eq(open_bytes(CVK_ARCHIVE_TAR_GZ, cvk_buf_slice(&packed)),
                     CVK_OK);
    ck_assert_int_eq(read_all(&t, 100), CVK_E_ARCHIVE_RATIO);
    ck_assert_uint_eq(t.members, 4); /* 64 MiB and their headers */
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
    cvk_buf_clear(&packed);
}
END_TEST

/* Hands out the same header again and again. */
struct endless {
    uint8_t block[512];
    size_t at;
    size_t headers;
};

static enum cvk_code read_endless(void *context, void *p, size_t n, size_t *got)
{
    struct endless *e = context;

    *got = 0;
    while (*got + 512 <= n) {
        memcpy((uint8_t *)p + *got, e->block, 512);
        *got += 512;
        e->headers++;
    }
    /* finish has to come to an end */
    if (e->headers > CVK_MAX_ARCHIVE_MEMBERS + 10000)
        *got = 0;
    return CVK_OK;
}

START_TEST(members_have_a_cap)
{
    struct endless e = {.at = 0};
    struct cvk_archive_io io = {.context = &e, .read = read_endless};
    size_t n = 0;
    enum cvk_code code;
    bool ended;

    TAR_FILE("a", "");
    memcpy(e.block, made.p, 512);
    ck_assert_int_eq(cvk_archive_open(archive, CVK_ARCHIVE_TAR, &io), CVK_OK);
    while (!(code = cvk_archive_next(archive, &member, &ended)))
        n++;
    ck_assert_int_eq(code, CVK_E_ARCHIVE_MEMBERS);
    ck_assert_uint_eq(n, CVK_MAX_ARCHIVE_MEMBERS);
    ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
}
END_TEST

/* ---- a reader for many ------------------------------------------------- */

START_TEST(a_reader_is_used_again_after_whatever_happened)
{
    struct tally t;

    make_small_tar();
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(open_bytes(CVK_ARCHIVE_ZIP, CVK_LITERAL("PK\3\4")),
                         CVK_E_ARCHIVE_TRUNCATED);
        ck_assert_int_eq(open_bytes(CVK_ARCHIVE_TAR, CVK_LITERAL("a")), CVK_OK);
        ck_assert_int_eq(read_all(&t, 9), CVK_E_ARCHIVE_TRUNCATED);
        ck_assert_int_eq(open_bytes(CVK_ARCHIVE_TAR_GZ,
                                    CVK_LITERAL("\x1f\x8b\x08\xe0zzzzzzzz")),
                         CVK_OK);
        ck_assert_int_eq(read_all(&t, 9), CVK_E_GZIP_DAMAGED);
        ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR), CVK_OK);
        assert_member("a", FILE); /* and leave it */
        ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
        ck_assert_uint_eq(source.given, made.n);
        ck_assert_int_eq(open_made(CVK_ARCHIVE_TAR), CVK_OK);
        ck_assert_int_eq(read_all(&t, 100), CVK_OK);
        ck_assert_uint_eq(t.members, 2);
    }
    cvk_archive_free(NULL);
}
END_TEST

/* ---- what others write ------------------------------------------------- */

/* A tree with what formats differ in: long paths, a long name, a name that is
 * no UTF-8, large and empty files, links. */
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define TREE                                                                   \
    "mkdir -p t/dir t/" FIFTY "/" FIFTY "/" FIFTY " && "                       \
    "printf '{\"a\":1}\\n' >t/a.json && : >t/empty && "                        \
    "i=0; while [ $i -lt 9000 ]; do echo $i line; i=$((i+1)); done >t/big && " \
    "printf b >t/dir/b.json && ln -s a.json t/link && "                        \
    "printf c >t/" FIFTY "/" FIFTY "/" FIFTY "/c.json && "

#define LONG_NAME "printf d >t/" FIFTY FIFTY FIFTY ".json && "
#define BYTES "printf e >\"t/$(printf '\\377')\" && "
#define PYTHON_TAR(format)                                                     \
    TREE LONG_NAME "python3 -c '"                                              \
    "import tarfile\n"                                                         \
    "with tarfile.open(\"x\", \"w\", format=tarfile." format ") as a:\n"       \
    "  a.add(\"t\")'"
#define PYTHON_ZIP(how)                                                        \
    TREE LONG_NAME "python3 -c '"                                              \
    "import os, zipfile\n"                                                     \
    "with zipfile.ZipFile(\"x\", \"w\", zipfile." how ") as a:\n"              \
    "  for folder, _, names in os.walk(\"t\"):\n"                              \
    "    for name in names: a.write(os.path.join(folder, name))'"
#define PYTHON_ZIP64                                                           \
    TREE "python3 -c '"                                                        \
    "import zipfile\n"                                                         \
    "with zipfile.ZipFile(\"x\", \"w\", zipfile.ZIP_DEFLATED) as a:\n"         \
    "  with a.open(\"t/big\", \"w\", force_zip64=True) as m:\n"                \
    "    m.write(open(\"t/big\", \"rb\").read())'"
#define SPARSE TREE "truncate -s 9M t/sparse && printf x >>t/sparse && "

static const struct {
    const char *program;
    const char *command;
    enum cvk_archive_kind kind;
    unsigned files; /* of which are refused: */
    unsigned refused;
    enum cvk_code code;
    bool links; /* the link is one */
} others[] = {
    {"tar", TREE "tar --format=v7 --exclude='" FIFTY "' -cf x t",
     CVK_ARCHIVE_TAR, 4, 0, 0, true},
    {"tar", TREE BYTES "tar --format=ustar -cf x t", CVK_ARCHIVE_TAR, 6, 0, 0,
     true},
    {"tar", TREE BYTES LONG_NAME "tar --format=gnu -cf x t", CVK_ARCHIVE_TAR, 7,
     0, 0, true},
    {"tar", TREE BYTES LONG_NAME "tar --format=oldgnu -cf x t", CVK_ARCHIVE_TAR,
     7, 0, 0, true},
    {"tar", TREE BYTES LONG_NAME "tar --format=pax -cf x t", CVK_ARCHIVE_TAR, 7,
     0, 0, true},
    {"tar", TREE BYTES LONG_NAME "tar -czf x t", CVK_ARCHIVE_TAR_GZ, 7, 0, 0,
     true},
    {"tar", SPARSE "tar --format=gnu -S -cf x t", CVK_ARCHIVE_TAR, 6, 1,
     CVK_E_ARCHIVE_SPARSE, true},
    {"tar", SPARSE "tar --format=pax -S -cf x t", CVK_ARCHIVE_TAR, 6, 1,
     CVK_E_ARCHIVE_SPARSE, true},
    {"tar", SPARSE "tar --format=pax --sparse-version=0.0 -S -cf x t",
     CVK_ARCHIVE_TAR, 6, 1, CVK_E_ARCHIVE_SPARSE, true},
    {"tar", SPARSE "tar --format=pax --sparse-version=0.1 -S -czf x t",
     CVK_ARCHIVE_TAR_GZ, 6, 1, CVK_E_ARCHIVE_SPARSE, true},
    {"bsdtar", TREE "bsdtar --format=v7 --exclude='" FIFTY "' -cf x t",
     CVK_ARCHIVE_TAR, 4, 0, 0, true},
    {"bsdtar", TREE "bsdtar --format=ustar -cf x t", CVK_ARCHIVE_TAR, 5, 0, 0,
     true},
    {"bsdtar", TREE BYTES LONG_NAME "bsdtar --format=pax -cf x t 2>err",
     CVK_ARCHIVE_TAR, 7, 0, 0, true},
    {"bsdtar", TREE BYTES LONG_NAME "bsdtar --format=gnutar -czf x t 2>err",
     CVK_ARCHIVE_TAR_GZ, 7, 0, 0, true},
    {"bsdtar", TREE LONG_NAME "bsdtar --format=zip -cf x t", CVK_ARCHIVE_ZIP, 6,
     0, 0, true},
    {"bsdtar", TREE "bsdtar --format=zip --options zip:compression=store "
     "-cf x t", CVK_ARCHIVE_ZIP, 5, 0, 0, true},
    {"python3", PYTHON_TAR("PAX_FORMAT"), CVK_ARCHIVE_TAR, 6, 0, 0, true},
    {"python3", PYTHON_TAR("GNU_FORMAT"), CVK_ARCHIVE_TAR, 6, 0, 0, true},
    {"python3", PYTHON_ZIP("ZIP_STORED"), CVK_ARCHIVE_ZIP, 7, 0, 0, false},
    {"python3", PYTHON_ZIP("ZIP_DEFLATED"), CVK_ARCHIVE_ZIP, 7, 0, 0, false},
    {"python3", PYTHON_ZIP("ZIP_LZMA"), CVK_ARCHIVE_ZIP, 7, 7,
     CVK_E_ARCHIVE_METHOD, false},
    {"python3", PYTHON_ZIP64, CVK_ARCHIVE_ZIP, 1, 0, 0, false},
    {"zip", TREE BYTES LONG_NAME "zip -qry - t >x", CVK_ARCHIVE_ZIP, 7, 0, 0,
     true},
    {"zip", TREE LONG_NAME "zip -qr x.zip t && mv x.zip x", CVK_ARCHIVE_ZIP, 7,
     0, 0, false},
    {"zip", TREE "zip -qr0z x.zip t </dev/null && mv x.zip x", CVK_ARCHIVE_ZIP,
     6, 0, 0, false},
    {"zip", TREE "zip -qr -fz x.zip t && mv x.zip x", CVK_ARCHIVE_ZIP, 6, 0, 0,
     false},
    {"zip", TREE "zip -qr - t | cat >x", CVK_ARCHIVE_ZIP, 6, 0, 0, false},
    {"zip", TREE "zip -qry -P password x.zip t && mv x.zip x", CVK_ARCHIVE_ZIP,
     5, 5, CVK_E_ARCHIVE_ENCRYPTED, true},
    {"zip", TREE "zip -qry -Z bzip2 x.zip t && mv x.zip x", CVK_ARCHIVE_ZIP, 5,
     1, CVK_E_ARCHIVE_METHOD, true},
};

static bool have(const char *program)
{
    char command[100];

    snprintf(command, sizeof command, "command -v %s >/dev/null", program);
    return system(command) == 0;
}

static void load(const char *path, struct cvk_buf *b)
{
    FILE *f = fopen(path, "rb");
    int c;

    ck_assert_ptr_nonnull(f);
    b->n = 0;
    while ((c = getc(f)) != EOF)
        ck_assert(cvk_buf_append_byte(b, (uint8_t)c));
    fclose(f);
}

/* The content that was read is that of the file of the same name. */
static void compare_with_file(void)
{
    char path[CVK_MAX_PATH + 1];
    struct cvk_buf file;

    cvk_buf_init(&file, 1 << 24);
    memcpy(path, member.name.p, member.name.n);
    path[member.name.n] = 0;
    load(path, &file);
    ck_assert_uint_eq(file.n, out.n);
    if (out.n)
        ck_assert_mem_eq(file.p, out.p, out.n);
    cvk_buf_clear(&file);
}

static void read_as_written(unsigned files, unsigned refused,
                            enum cvk_code wanted, unsigned links)
{
    enum cvk_code code;
    bool ended;

    while (!(code = cvk_archive_next(archive, &member, &ended)) && !ended) {
        links -= member.type == CVK_MEMBER_LINK;
        if (member.type != CVK_MEMBER_FILE)
            continue;
        files--;
        code = cvk_archive_read(archive, 1 << 20, &out);
        refused -= code != CVK_OK;
        if (code)
            ck_assert_int_eq(code, wanted);
        else
            compare_with_file();
    }
    ck_assert_msg(code == CVK_OK, "%s", cvk_archive_why(archive));
    ck_assert_uint_eq(files, 0);
    ck_assert_uint_eq(refused, 0);
    ck_assert_uint_eq(links, 0);
}

START_TEST(archives_of_other_programs_are_read)
{
    char folder[] = "/tmp/cvmkey-archive-XXXXXX";
    char clean[100];

    if (!have(others[_i].program)) {
        printf("# skipped: %s is not installed\n", others[_i].program);
        return;
    }
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_msg(system(others[_i].command) == 0, "%s", others[_i].command);
    load("x", &made);
    ck_assert_int_eq(kind_of_made(), others[_i].kind);
    for (size_t chunk = 0; chunk < 2000; chunk += 999) {
        source.chunk = chunk;
        ck_assert_int_eq(open_made(others[_i].kind), CVK_OK);
        read_as_written(others[_i].files, others[_i].refused, others[_i].code,
                        others[_i].links);
        ck_assert_int_eq(cvk_archive_finish(archive), CVK_OK);
        ck_assert_uint_eq(source.given, made.n);
        ck_assert_uint_eq(source.sum, crc32(0, made.p, (uInt)made.n));
    }
    snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(clean), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("archive");
    TCase *tc = tcase_create("archive");

    tcase_add_checked_fixture(tc, archive_set_up, archive_tear_down);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, kinds_are_known_by_the_first_bytes);
    tcase_add_test(tc, old_tars_are_known_by_their_sum);
    tcase_add_test(tc, a_gzip_stream_is_looked_into);
    tcase_add_test(tc, a_gzip_header_may_be_as_long_as_a_name_is);
    tcase_add_loop_test(tc, a_tar_gz_is_read_like_the_tar, 0, 5);
    tcase_add_test(tc, several_gzip_members_are_one_tar);
    tcase_add_test(tc, a_tar_gz_cut_anywhere_is_never_whole);
    tcase_add_test(tc, a_whole_gzip_of_a_cut_tar_is_truncated);
    tcase_add_test(tc, a_wrong_check_sum_is_told_at_the_end);
    tcase_add_test(tc, what_follows_a_tar_gz_is_told);
    tcase_add_test(tc, a_second_tar_in_the_same_gzip_is_told);
    tcase_add_test(tc, a_tar_gz_that_unpacks_without_end_is_a_bomb);
    tcase_add_test(tc, members_have_a_cap);
    tcase_add_test(tc, a_reader_is_used_again_after_whatever_happened);
    tcase_add_loop_test(tc, archives_of_other_programs_are_read, 0,
                        sizeof others / sizeof *others);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
