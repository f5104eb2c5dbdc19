/* SPDX-License-Identifier: MIT */
#include "os/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

enum { OTHER_UID = 12345 };

/* The three ways to a file: without a name first, with one, and replacing. */
enum way { UNNAMED, NAMED, REPLACE, N_WAYS };

static const char part[] = ".x.cvmkey-part";
static char root[] = "/tmp/test_outfile.XXXXXX";
static struct cvk_outtree tree, other;
static struct cvk_outdir *dir, *sub;
static struct cvk_outfile file, second;
static struct cvk_kept kept;
static int error, free_fd;

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    return ftw->level == 0 ? 0 : remove(path);
}

static void make_root(void)
{
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void)
{
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    rmdir(root);
}

/* Every test works in an empty current directory. */
static void set_up(void)
{
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    ck_assert_int_eq(chmod(root, 0700), 0);
    ck_assert_int_eq(chdir(root), 0);
    umask(022);
    file.fd = second.fd = -1;
    dir = sub = NULL;
    free_fd = dup(0);
    close(free_fd);
    cvk_outtree_init(&tree, root, true);
    cvk_outtree_init(&other, root, true);
    ck_assert_int_eq(cvk_outtree_top(&tree, &dir, &error), CVK_OK);
}

static void release(struct cvk_outdir **d)
{
    if (*d)
        cvk_outdir_release(*d);
    *d = NULL;
}

/* The top of another tree, as sub. */
static enum cvk_code open_other(const char *path, bool sync, bool must_exist)
{
    release(&sub);
    cvk_outtree_clear(&other);
    cvk_outtree_init(&other, path, sync);
    other.must_exist = must_exist;
    return cvk_outtree_top(&other, &sub, &error);
}

static enum cvk_code open_below(const char *path)
{
    release(&sub);
    return cvk_outtree_below(&tree, path, &sub, &error);
}

/* No test leaves a descriptor open, whatever failed in it. */
static void tear_down(void)
{
    int fd;

    cvk_fileset_clear(&kept.inputs);
    cvk_fileset_clear(&kept.outputs);
    release(&sub);
    release(&dir);
    cvk_outtree_clear(&tree);
    cvk_outtree_clear(&other);
    fd = dup(0);
    ck_assert_int_eq(fd, free_fd);
    close(fd);
}

static size_t n_entries(void)
{
    DIR *d = opendir(root);
    size_t n = 0;

    ck_assert_ptr_nonnull(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2; /* "." and ".." */
}

static void put_file(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void assert_file(const char *name, struct cvk_slice wanted, mode_t mode)
{
    static char bytes[1 << 18];
    int fd = open(name, O_RDONLY | O_NOFOLLOW);
    struct stat st;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert(S_ISREG(st.st_mode));
    ck_assert_uint_eq(st.st_mode & 07777, mode);
    ck_assert_uint_eq(st.st_nlink, 1);
    ck_assert_int_eq(read(fd, bytes, sizeof bytes), (ssize_t)wanted.n);
    ck_assert_mem_eq(bytes, wanted.p, wanted.n);
    close(fd);
}

static enum cvk_code stage(int way, const char *name, const char *text)
{
    if (way == NAMED)
        dir->no_tmpfile = true;
    return cvk_outfile_stage(&file, &tree, dir, name,
                             way == REPLACE ? CVK_REPLACE_EXISTING
                                            : CVK_KEEP_EXISTING,
                             cvk_slice_of(text, strlen(text)), &error);
}

static enum cvk_code publish_one(struct cvk_outfile *f)
{
    cvk_outfiles_publish(&f, 1, &kept);
    ck_assert_int_eq(f->fd, -1);
    ck_assert_int_eq(f->published, !f->code);
    error = f->error;
    return f->code;
}

static enum cvk_code publish(void)
{
    return publish_one(&file);
}

static enum cvk_code put(int way, const char *name, const char *text)
{
    enum cvk_code code = stage(way, name, text);

    return code ? code : publish();
}

START_TEST(a_file_appears_whole_with_mode_0600_whatever_the_umask)
{
    static const mode_t masks[] = {0, 022, 077, 0777};
    static uint8_t bytes[1 << 18];
    struct cvk_slice s = cvk_slice_of(bytes, sizeof bytes);
    int way = _i % N_WAYS;

    umask(masks[_i / N_WAYS]);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / 3);
    if (way == NAMED)
        dir->no_tmpfile = true;
    ck_assert_int_eq(cvk_outfile_stage(&file, &tree, dir, "x",
                                       way == REPLACE ? CVK_REPLACE_EXISTING
                                                      : CVK_KEEP_EXISTING,
                                       s, &error),
                     CVK_OK);
    ck_assert_int_ne(access("x", F_OK), 0);
    ck_assert_uint_eq(n_entries(), file.named);
    ck_assert_int_eq(file.named, way == NAMED);
    if (file.named)
        assert_file(part, s, 0600);
    ck_assert(file.mode_kept);
    ck_assert_int_eq(publish(), CVK_OK);
    assert_file("x", s, 0600);
    ck_assert_uint_eq(n_entries(), 1);
    ck_assert_int_eq(stage(way, "second", ""), CVK_OK);
    tree.sync = false;
    ck_assert_int_eq(publish(), CVK_OK);
    assert_file("second", CVK_LITERAL(""), 0600);
}
END_TEST

START_TEST(a_name_that_is_taken_is_refused_and_nothing_is_left)
{
    struct stat st;

    put_file("x", "old");
    ck_assert_int_eq(symlink("nowhere", "link"), 0);
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    ck_assert_int_eq(put(_i, "link", "new"), CVK_E_IO_EXISTS);
    ck_assert_int_eq(put(_i, "folder", "new"), CVK_E_IO_EXISTS);
    ck_assert_int_eq(put(_i, "x", "new"), CVK_E_IO_EXISTS);
    ck_assert_int_eq(error, EEXIST);
    assert_file("x", CVK_LITERAL("old"), 0644);
    ck_assert_int_eq(lstat("link", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_uint_eq(n_entries(), 3);
}
END_TEST

START_TEST(an_existing_file_is_replaced_as_a_whole)
{
    put_file("x", "a longer old text");
    put_file("target", "kept");
    ck_assert_int_eq(symlink("target", "link"), 0);
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    ck_assert_int_eq(stage(REPLACE, "x", "new"), CVK_OK);
    assert_file("x", CVK_LITERAL("a longer old text"), 0644);
    ck_assert_int_eq(publish(), CVK_OK);
    assert_file("x", CVK_LITERAL("new"), 0600);
    /* a link is replaced itself, not what it leads to; a directory never */
    ck_assert_int_eq(put(REPLACE, "link", "new"), CVK_OK);
    assert_file("link", CVK_LITERAL("new"), 0600);
    assert_file("target", CVK_LITERAL("kept"), 0644);
    ck_assert_int_eq(put(REPLACE, "folder", "new"), CVK_E_IO_PUBLISH);
    ck_assert_int_eq(error, EISDIR);
    ck_assert_uint_eq(n_entries(), 4);
}
END_TEST

/* A link without a file is replaced; where that cannot be told it stays. */
START_TEST(links_that_lead_nowhere_are_replaced)
{
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    ck_assert_int_eq(symlink("loop", "loop"), 0);
    put_file("target", "kept");
    ck_assert_int_eq(symlink("target/x", "through"), 0);
    ck_assert_int_eq(put(REPLACE, "dangling", "1"), CVK_OK);
    assert_file("dangling", CVK_LITERAL("1"), 0600);
    ck_assert_int_eq(put(REPLACE, "loop", "2"), CVK_OK);
    assert_file("loop", CVK_LITERAL("2"), 0600);
    ck_assert_int_eq(put(REPLACE, "through", "3"), CVK_E_IO_PUBLISH);
    ck_assert_int_eq(error, ENOTDIR);
    assert_file("target", CVK_LITERAL("kept"), 0644);
    ck_assert_uint_eq(n_entries(), 4);
}
END_TEST

START_TEST(an_input_is_not_replaced)
{
    static const char *const names[] = {"input", "hardlink", "symlink"};
    struct cvk_file_id id;

    put_file("input", "evidence");
    put_file("other", "x");
    ck_assert_int_eq(symlink("input", "symlink"), 0);
    ck_assert_int_eq(link("input", "hardlink"), 0);
    ck_assert(cvk_file_identify("input", &id));
    ck_assert(cvk_fileset_add(&kept.inputs, id));
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(stage(REPLACE, names[i], "new"), CVK_OK);
        ck_assert_int_eq(publish(), CVK_E_IO_OUTPUT_IS_INPUT);
    }
    ck_assert_uint_eq(n_entries(), 4);
    unlink("hardlink");
    assert_file("input", CVK_LITERAL("evidence"), 0644);
    ck_assert_int_eq(stage(REPLACE, "other", "new"), CVK_OK);
    ck_assert_int_eq(publish(), CVK_OK);
    assert_file("other", CVK_LITERAL("new"), 0600);
}
END_TEST

START_TEST(an_output_of_this_run_is_not_replaced)
{
    ck_assert_int_eq(put(REPLACE, "x", "first"), CVK_OK);
    ck_assert_int_eq(put(REPLACE, "x", "second"), CVK_E_IO_EXISTS);
    assert_file("x", CVK_LITERAL("first"), 0600);
    ck_assert_uint_eq(n_entries(), 1);
}
END_TEST

START_TEST(a_discarded_file_leaves_nothing)
{
    put_file("x", "old");
    ck_assert_int_eq(stage(_i, "x", "new"), CVK_OK);
    cvk_outfile_discard(&file);
    ck_assert_int_eq(file.fd, -1);
    cvk_outfile_discard(&file);
    ck_assert_uint_eq(n_entries(), 1);
    assert_file("x", CVK_LITERAL("old"), 0644);
}
END_TEST

START_TEST(a_write_that_fails_leaves_nothing)
{
    struct rlimit five, old;
    enum cvk_code code;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    five = old;
    five.rlim_cur = 5;
    setrlimit(RLIMIT_FSIZE, &five);
    code = stage(_i, "x", "123456");
    setrlimit(RLIMIT_FSIZE, &old); /* the report is a file too */
    ck_assert_int_eq(code, CVK_E_IO_WRITE);
    ck_assert_int_eq(error, EFBIG);
    ck_assert_int_eq(file.fd, -1);
    ck_assert_uint_eq(n_entries(), 0);
}
END_TEST

START_TEST(a_directory_that_may_not_be_written_or_went_away_is_told)
{
    enum cvk_code code, sub_code;

    ck_assert_int_eq(chmod(root, 0555), 0);
    if (geteuid() == 0)
        setfsuid(OTHER_UID);
    sub_code = open_below("new");
    code = stage(_i, "x", "1");
    setfsuid(geteuid());
    ck_assert_int_eq(sub_code, CVK_E_IO_CREATE);
    ck_assert_int_eq(code, CVK_E_IO_CREATE);
    ck_assert_int_eq(error, EACCES);
    ck_assert_int_eq(file.fd, -1);
    ck_assert_int_eq(chmod(root, 0700), 0);
    release(&dir);
    ck_assert_int_eq(cvk_outtree_below(&tree, "gone", &dir, &error), CVK_OK);
    ck_assert_int_eq(stage(_i, "x", "1"), CVK_OK);
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    ck_assert_int_eq(publish(), CVK_E_IO_PUBLISH);
    ck_assert_int_eq(error, ENOENT);
}
END_TEST

/* As where a file system holds no owners: exFAT mounted for a user. */
START_TEST(a_file_that_gets_another_owner_is_written_all_the_same)
{
    enum cvk_code code;

    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chmod(root, 0777), 0);
    setfsuid(OTHER_UID);
    code = put(_i, "x", "1");
    setfsuid(0);
    ck_assert_msg(!code || n_entries() == 0, "%s, and a part file is left",
                  cvk_code_id(code));
    ck_assert_str_eq(cvk_code_id(code), "ok");
    assert_file("x", CVK_LITERAL("1"), 0600);
}
END_TEST

/* A child that holds the lock on a part file until it is killed. */
static pid_t hold_part(void)
{
    int ends[2];
    pid_t child;
    char ready;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        int fd = open(part, O_WRONLY | O_CREAT, 0600);

        if (flock(fd, LOCK_EX) == 0 && write(ends[1], "r", 1) == 1)
            pause();
        _exit(1);
    }
    ck_assert_int_gt(child, 0);
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], &ready, 1), 1);
    close(ends[0]);
    return child;
}

START_TEST(a_part_file_is_removed_only_when_its_run_is_dead)
{
    pid_t child = hold_part();

    ck_assert_int_eq(put(_i, "x", "new"), CVK_E_IO_BUSY);
    ck_assert_int_eq(file.fd, -1);
    assert_file(part, CVK_LITERAL(""), 0600);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert_int_eq(put(_i, "x", "new"), CVK_OK);
    assert_file("x", CVK_LITERAL("new"), 0600);
    ck_assert_uint_eq(n_entries(), 1);
}
END_TEST

START_TEST(what_is_no_part_file_of_ours_is_left_alone)
{
    ck_assert(_i != 0 || symlink("nowhere", part) == 0);
    ck_assert(_i != 1 || mkdir(part, 0700) == 0);
    ck_assert(_i != 2 || mkfifo(part, 0600) == 0);
    if (_i == 3)
        put_file(part, "");
    if (_i == 3 && chown(part, OTHER_UID, (gid_t)-1) != 0)
        return; /* only root can give a file away */
    ck_assert_int_eq(put(REPLACE, "x", "new"), CVK_E_IO_BUSY);
    ck_assert_uint_eq(n_entries(), 1);
}
END_TEST

START_TEST(a_part_file_that_goes_on_behind_the_bytes_is_left_alone)
{
    /* the memory behind the bytes holds what the file holds */
    struct cvk_slice bytes = cvk_slice_of("newer", 3);

    put_file(part, "newer");
    dir->no_tmpfile = true;
    ck_assert_int_eq(cvk_outfile_stage(&file, &tree, dir, "x",
                                       CVK_KEEP_EXISTING, bytes, &error),
                     CVK_E_IO_BUSY);
    assert_file(part, CVK_LITERAL("newer"), 0644);
    ck_assert_uint_eq(n_entries(), 1);
}
END_TEST

START_TEST(names_have_up_to_255_bytes)
{
    char name[CVK_MAX_NAME + 2];

    memset(name, 'n', sizeof name);
    for (size_t n = CVK_MAX_NAME - 15; n <= CVK_MAX_NAME; n++) {
        name[n] = '\0';
        ck_assert_int_eq(put(_i, name, "new"), CVK_OK);
        ck_assert_int_eq(unlink(name), 0);
        ck_assert_uint_eq(n_entries(), 0);
        name[n] = 'n';
    }
    name[CVK_MAX_NAME + 1] = '\0';
    ck_assert_int_eq(stage(_i, name, "new"), CVK_E_IO_CREATE);
    ck_assert_int_eq(error, ENAMETOOLONG);
    ck_assert_uint_eq(n_entries(), 0);
}
END_TEST

/* The backups of one document are all staged before one is published. */
START_TEST(long_names_that_differ_at_the_end_do_not_meet)
{
    char a[CVK_MAX_NAME + 1] = "", b[CVK_MAX_NAME + 1] = "";
    enum cvk_code code;

    memset(a, 'n', CVK_MAX_NAME);
    memset(b, 'n', CVK_MAX_NAME);
    memcpy(b + CVK_MAX_NAME - 6, "2.blob", 6);
    ck_assert_int_eq(stage(_i, a, "1"), CVK_OK);
    code = cvk_outfile_stage(&second, &tree, dir, b,
                             _i == REPLACE ? CVK_REPLACE_EXISTING
                                           : CVK_KEEP_EXISTING,
                             CVK_LITERAL("2"), &error);
    ck_assert_str_eq(cvk_code_id(code), "ok");
    ck_assert_int_eq(publish(), CVK_OK);
    ck_assert_str_eq(cvk_code_id(publish_one(&second)), "ok");
    assert_file(b, CVK_LITERAL("2"), 0600);
}
END_TEST

/* On their way at once, as the inputs of one run are; the first one published
 * gets the name. */
START_TEST(files_of_one_name_do_not_meet_before_they_are_published)
{
    unsigned existing =
        _i == REPLACE ? CVK_REPLACE_EXISTING : CVK_KEEP_EXISTING;

    ck_assert_int_eq(stage(_i, "x", "first"), CVK_OK);
    ck_assert_int_eq(cvk_outfile_stage(&second, &tree, dir, "x", existing,
                                       CVK_LITERAL("second"), &error),
                     CVK_OK);
    ck_assert_int_eq(publish_one(&second), CVK_OK);
    ck_assert_int_eq(publish(), CVK_E_IO_EXISTS);
    assert_file("x", CVK_LITERAL("second"), 0600);
    ck_assert_uint_eq(n_entries(), 1);
    ck_assert_ptr_null(tree.parts);
}
END_TEST

START_TEST(an_existing_file_is_taken_if_it_is_the_right_one)
{
    static const char *const others[] = {"righ", "right!", "wrong", ""};
    unsigned take = CVK_TAKE_EXISTING;
    struct stat before, after;

    ck_assert_int_eq(put(UNNAMED, "x", "right"), CVK_OK);
    cvk_fileset_clear(&kept.outputs);
    ck_assert_int_eq(stat("x", &before), 0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(cvk_outfile_stage(&file, &tree, dir, "x", take,
                                           cvk_slice_of(others[i],
                                                        strlen(others[i])),
                                           &error),
                         CVK_OK);
        ck_assert(!file.taken);
        ck_assert_int_eq(publish(), CVK_E_IO_EXISTS);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(cvk_outfile_stage(&file, &tree, dir, "x", take,
                                           CVK_LITERAL("right"), &error),
                         CVK_OK);
        ck_assert(file.taken);
        /* but what an earlier input of this run made, or took, is not free */
        ck_assert_int_eq(publish(), i == 0 ? CVK_OK : CVK_E_IO_EXISTS);
    }
    ck_assert_int_eq(stat("x", &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert_uint_eq(n_entries(), 1);
}
END_TEST

START_TEST(a_file_with_another_mode_is_not_taken)
{
    ck_assert_int_eq(put(UNNAMED, "x", "right"), CVK_OK);
    cvk_fileset_clear(&kept.outputs);
    ck_assert_int_eq(chmod("x", _i == 0 ? 0644 : 0400), 0);
    ck_assert_int_eq(cvk_outfile_stage(&file, &tree, dir, "x",
                                       CVK_TAKE_EXISTING |
                                           CVK_REPLACE_EXISTING,
                                       CVK_LITERAL("right"), &error),
                     CVK_OK);
    ck_assert(!file.taken);
    ck_assert_int_eq(publish(), CVK_OK);
    assert_file("x", CVK_LITERAL("right"), 0600);
}
END_TEST

/* More than are synced one by one, in more directories than that. */
START_TEST(a_group_is_published_in_order)
{
    enum { N = 40 };
    static struct cvk_outfile files[N];
    struct cvk_outfile *pointers[N];
    struct cvk_outdir *below[N];
    char path[16];

    tree.has_syncfs = tree.has_syncfs && _i == 0;
    for (int i = 0; i < N; i++) {
        snprintf(path, sizeof path, "d%d", i % 10);
        pointers[i] = &files[i];
        ck_assert_int_eq(cvk_outtree_below(&tree, path, &below[i], &error),
                         CVK_OK);
        snprintf(path, sizeof path, "%d", i / 20);
        ck_assert_int_eq(cvk_outfile_stage(&files[i], &tree, below[i], path, 0,
                                           cvk_slice_of(path, 1), &error),
                         CVK_OK);
    }
    cvk_outfiles_publish(pointers, N, NULL);
    for (int i = 0; i < N; i++) {
        snprintf(path, sizeof path, "d%d/%d", i % 10, i / 20);
        ck_assert_int_eq(files[i].code,
                         i % 20 < 10 ? CVK_OK : CVK_E_IO_EXISTS);
        ck_assert_int_eq(files[i].fd, -1);
        assert_file(path, cvk_slice_of(i < 20 ? "0" : "1", 1), 0600);
        cvk_outdir_release(below[i]);
    }
    ck_assert_uint_eq(n_entries(), 10);
    cvk_outfiles_publish(pointers, 0, NULL);
}
END_TEST

static bool mark(struct cvk_slice begin)
{
    return cvk_slice_starts(begin, CVK_LITERAL("{mark"));
}

START_TEST(a_listing_may_replace_only_what_looks_like_one)
{
    ck_assert_int_eq(cvk_outfile_check(dir, "x", NULL), CVK_OK);
    put_file("x", "{mark}");
    put_file("empty", "");
    put_file("short", "{mar");
    put_file("other", "evidence");
    ck_assert_int_eq(symlink("x", "link"), 0);
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    ck_assert_int_eq(cvk_outfile_check(dir, "x", NULL),
                     CVK_E_IO_EXISTS);
    ck_assert_int_eq(cvk_outfile_check(dir, "x", mark), CVK_OK);
    ck_assert_int_eq(cvk_outfile_check(dir, "empty", mark), CVK_OK);
    ck_assert_int_eq(cvk_outfile_check(dir, "short", mark),
                     CVK_E_IO_EXISTS);
    ck_assert_int_eq(cvk_outfile_check(dir, "other", mark),
                     CVK_E_IO_EXISTS);
    ck_assert_int_eq(cvk_outfile_check(dir, "link", mark),
                     CVK_E_IO_EXISTS);
    ck_assert_int_eq(cvk_outfile_check(dir, "folder", mark),
                     CVK_E_IO_EXISTS);
}
END_TEST

static void assert_directory(const char *path)
{
    struct stat st;

    ck_assert_int_eq(lstat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
}

START_TEST(missing_directories_are_created_for_the_owner_only)
{
    char absolute[sizeof root + 8];

    umask(_i ? 077 : 0);
    snprintf(absolute, sizeof absolute, "%s/e/f", root);
    ck_assert_int_eq(open_other(absolute, true, false), CVK_OK);
    ck_assert_int_eq(open_other("a//b/", _i, false), CVK_OK);
    assert_directory("e/f");
    assert_directory("a/b");
    release(&dir);
    ck_assert_int_eq(cvk_outtree_below(&other, "c/d", &dir, &error), CVK_OK);
    assert_directory("a/b/c");
    ck_assert_int_eq(put(UNNAMED, "x", "1"), CVK_OK);
    assert_file("a/b/c/d/x", CVK_LITERAL("1"), 0600);
}
END_TEST

START_TEST(directories_that_cannot_be_had_are_told)
{
    char name[CVK_MAX_NAME + 2];

    put_file("file", "");
    ck_assert_int_eq(symlink(root, "link"), 0);
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
#define CANNOT(call, number)                                                   \
    do {                                                                       \
        ck_assert_int_eq((call), CVK_E_IO_CREATE);                             \
        ck_assert_ptr_null(sub);                                          \
        ck_assert_int_eq(error, number);                                       \
    } while (0)
    CANNOT(open_other("missing", true, true), ENOENT);
    CANNOT(open_other("file", true, true), ENOTDIR);
    CANNOT(open_other("file", true, false), ENOTDIR);
    CANNOT(open_other("new/../file/x", true, false), ENOTDIR);
    CANNOT(open_other("dangling/x", true, false), ENOENT);
    CANNOT(open_other(name, true, false), ENAMETOOLONG);
    CANNOT(open_below(name),
           ENAMETOOLONG);
    CANNOT(open_below("file/x"),
           ENOTDIR);
    /* no link on the way, and none at the end */
    CANNOT(open_below("link/x"),
           ENOTDIR);
    CANNOT(open_below("link"), ENOTDIR);
    ck_assert_int_ne(access("x", F_OK), 0);
    ck_assert_int_eq(open_other("link", true, false), CVK_OK);
}
END_TEST

START_TEST(pipes_and_devices_are_special_and_written_as_they_are)
{
    struct cvk_slice s = CVK_LITERAL("a\0b");
    char bytes[4];
    int fd;

    put_file("file", "");
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_int_eq(symlink("/dev/null", "link"), 0);
    ck_assert(!cvk_outfile_is_special("file"));
    ck_assert(!cvk_outfile_is_special("."));
    ck_assert(!cvk_outfile_is_special("missing"));
    ck_assert(cvk_outfile_is_special("fifo"));
    ck_assert(cvk_outfile_is_special("link"));
    ck_assert_int_eq(cvk_outfile_write_special("link", s, &error), CVK_OK);
    fd = open("fifo", O_RDWR | O_NONBLOCK);
    ck_assert_int_eq(cvk_outfile_write_special("fifo", s, &error), CVK_OK);
    ck_assert_int_eq(read(fd, bytes, sizeof bytes), 3);
    ck_assert_mem_eq(bytes, "a\0b", 3);
    close(fd);
    ck_assert_int_eq(cvk_outfile_write_special("missing", s, &error),
                     CVK_E_IO_CREATE);
    ck_assert_int_eq(error, ENOENT);
    ck_assert_uint_eq(n_entries(), 3);
    ck_assert_int_eq(cvk_outfile_write_special("/dev/full", s, &error),
                     CVK_E_IO_WRITE);
    ck_assert_int_eq(error, ENOSPC);
    ck_assert_int_eq(cvk_outfile_write_fd(fd, s, &error), CVK_E_IO_WRITE);
    ck_assert_int_eq(error, EBADF);
    fd = open("file", O_RDWR);
    ck_assert_int_eq(cvk_outfile_write_fd(fd, s, &error), CVK_OK);
    close(fd);
    assert_file("file", CVK_LITERAL("a\0b"), 0644);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outfile");
    TCase *tc = tcase_create("outfile");

    tcase_add_unchecked_fixture(tc, make_root, remove_root);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(
        tc, a_file_appears_whole_with_mode_0600_whatever_the_umask, 0,
        4 * N_WAYS);
    tcase_add_loop_test(tc, a_name_that_is_taken_is_refused_and_nothing_is_left,
                        UNNAMED, REPLACE);
    tcase_add_test(tc, an_existing_file_is_replaced_as_a_whole);
    tcase_add_test(tc, links_that_lead_nowhere_are_replaced);
    tcase_add_test(tc, an_input_is_not_replaced);
    tcase_add_test(tc, an_output_of_this_run_is_not_replaced);
    tcase_add_loop_test(tc, a_discarded_file_leaves_nothing, 0, N_WAYS);
    tcase_add_loop_test(tc, a_write_that_fails_leaves_nothing, 0, N_WAYS);
    tcase_add_loop_test(
        tc, a_directory_that_may_not_be_written_or_went_away_is_told, 0,
        N_WAYS);
    tcase_add_loop_test(
        tc, a_file_that_gets_another_owner_is_written_all_the_same, 0, N_WAYS);
    tcase_add_loop_test(tc, a_part_file_is_removed_only_when_its_run_is_dead,
                        NAMED, N_WAYS);
    tcase_add_loop_test(tc, what_is_no_part_file_of_ours_is_left_alone, 0, 4);
    tcase_add_test(tc, a_part_file_that_goes_on_behind_the_bytes_is_left_alone);
    tcase_add_loop_test(tc, names_have_up_to_255_bytes, 0, N_WAYS);
    tcase_add_loop_test(tc, long_names_that_differ_at_the_end_do_not_meet, 0,
                        N_WAYS);
    tcase_add_loop_test(
        tc, files_of_one_name_do_not_meet_before_they_are_published, 0,
        N_WAYS);
    tcase_add_test(tc, an_existing_file_is_taken_if_it_is_the_right_one);
    tcase_add_loop_test(tc, a_file_with_another_mode_is_not_taken, 0, 2);
    tcase_add_loop_test(tc, a_group_is_published_in_order, 0, 2);
    tcase_add_test(tc, a_listing_may_replace_only_what_looks_like_one);
    tcase_add_loop_test(
        tc, missing_directories_are_created_for_the_owner_only, 0, 2);
    tcase_add_test(tc, directories_that_cannot_be_had_are_told);
    tcase_add_test(tc, pipes_and_devices_are_special_and_written_as_they_are);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
