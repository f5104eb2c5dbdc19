/* SPDX-License-Identifier: MIT */
/* What the tests of the walk share: listings that go wrong when a test asks
 * for it, a directory for each test, and a walk told as text. */
#ifndef CVK_TESTS_WALKTREE_H
#define CVK_TESTS_WALKTREE_H

#include "os/walk.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "unit.h"

/* ---- listings that do what a test asks for ------------------------------ */

static struct {
    bool types_unknown;
    const char *unlinked; /* when it is listed */
    bool stream_fails; /* fdopendir: no memory */
    int interrupted;   /* so many times */
    int error;         /* at the entry after as many as good */
    int good;
    unsigned long long endless; /* entries of 255 bytes, that many given */
} fake;

static void *real(const char *name)
{
    void *p = dlsym(RTLD_NEXT, name);

    ck_assert_ptr_nonnull(p);
    return p;
}

/* Stands before that of the C library. */
struct dirent *readdir(DIR *stream)
{
    static struct dirent made;
    struct dirent *(*next)(DIR *), *found;
    void *p = real(sizeof(long) < sizeof(off_t) ? "readdir64" : "readdir");

    if (fake.interrupted && fake.interrupted--) {
        errno = EINTR;
        return NULL;
    }
    if (fake.error && fake.good-- == 0) {
        errno = fake.error;
        fake.error = 0;
        return NULL;
    }
    if (fake.endless) {
        snprintf(made.d_name, sizeof made.d_name, "%0255llu", fake.endless++);
        made.d_type = DT_REG;
        return &made;
    }
    memcpy(&next, &p, sizeof next);
    found = next(stream);
    if (found && fake.types_unknown)
        found->d_type = DT_UNKNOWN;
    if (found && fake.unlinked && strcmp(found->d_name, fake.unlinked) == 0)
        unlink(fake.unlinked);
    return found;
}

DIR *fdopendir(int fd)
{
    DIR *(*next)(int);
    void *p = real("fdopendir");

    if (fake.stream_fails) {
        errno = ENOMEM;
        return NULL;
    }
    memcpy(&next, &p, sizeof next);
    return next(fd);
}

/* ---- trees -------------------------------------------------------------- */

static char base[] = "/tmp/test_walk.XXXXXX";
static struct cvk_buf seen;
static struct cvk_walk_entry entry;
static enum cvk_code code;
static int error;

static void make_base(void)
{
    ck_assert_ptr_nonnull(mkdtemp(base));
    ck_assert_int_eq(chmod(base, 0755), 0);
}

static void remove_base(void)
{
    char command[sizeof base + 16];

    snprintf(command, sizeof command, "rm -rf %s", base);
    ck_assert_int_eq(system(command), 0);
}

/* Each test has a process and a directory of its own, and stands in it. */
static void set_up(void)
{
    char dir[sizeof base + 8];

    snprintf(dir, sizeof dir, "%s/XXXXXX", base);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chmod(dir, 0755), 0);
    ck_assert_int_eq(chdir(dir), 0);
    cvk_buf_init(&seen, 1 << 24);
}

static void tear_down(void)
{
    cvk_buf_clear(&seen);
}

static void put_directory(const char *path)
{
    ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void put_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);

    ck_assert_int_ge(fd, 0);
    close(fd);
}

static struct cvk_walk *start(const char *path)
{
    struct cvk_walk *w;

    code = CVK_E_USAGE;
    error = -1;
    w = cvk_walk_open(path, &code, &error);
    ck_assert_ptr_nonnull(w);
    ck_assert_int_eq(code, CVK_OK);
    return w;
}

static const char *error_name(int number)
{
    return number == EACCES    ? "EACCES"
           : number == EBADMSG ? "EBADMSG"
           : number == EIO     ? "EIO"
           : number == EMFILE  ? "EMFILE"
           : number == ENOENT  ? "ENOENT"
           : number == ENOTDIR ? "ENOTDIR"
                               : strerror(number);
}

static void note(void)
{
    static const char *const kinds[] = {"file ", "link ", "special ", ""};
    size_t n = strlen(entry.path), name_n = strlen(entry.name);

    ck_assert_ptr_nonnull(entry.dir);
    ck_assert_uint_le(name_n, n);
    ck_assert_str_eq(entry.path + n - name_n, entry.name);
    ck_assert(entry.id.known == (entry.kind == CVK_WALK_FILE));
    ck_assert((entry.code == CVK_OK) == (entry.kind != CVK_WALK_FAILED));
    cvk_buf_append_string(&seen, kinds[entry.kind]);
    if (entry.code) {
        cvk_buf_append_string(&seen, cvk_code_id(entry.code));
        cvk_buf_append_string(&seen, entry.error ? ": " : " ");
    }
    if (entry.error) {
        cvk_buf_append_string(&seen, error_name(entry.error));
        cvk_buf_append_byte(&seen, ' ');
    }
    cvk_buf_append_string(&seen, entry.path);
    cvk_buf_append(&seen, "\n", 2); /* and a NUL */
    seen.n--;
}

/* The rest of the walk, as text. */
static const char *rest(struct cvk_walk *w)
{
    cvk_buf_append(&seen, "", 1);
    seen.n = 0;
    while (cvk_walk_next(w, &entry, &code))
        note();
    ck_assert(!cvk_walk_next(w, &entry, &code)); /* the end stays the end */
    cvk_walk_close(w);
    return (const char *)seen.p;
}

static void assert_walk(const char *path, const char *expected)
{
    ck_assert_str_eq(rest(start(path)), expected);
    ck_assert_int_eq(code, CVK_OK);
}

/* A suite whose tests each have a directory. */
static int run_walk_suite(const char *name, void (*add)(TCase *))
{
    Suite *suite = suite_create(name);
    TCase *tc = tcase_create(name);

    tcase_add_unchecked_fixture(tc, make_base, remove_base);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 120);
    add(tc);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

#endif
