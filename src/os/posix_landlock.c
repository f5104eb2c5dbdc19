/* SPDX-License-Identifier: MIT */
#include "os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

/* Numbers and layouts as linux/landlock.h has them: the headers of a
 * distribution know less than the kernel it runs on. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset {
    uint64_t files, network, scoped; /* what is refused without a rule */
};
struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum { ASK_VERSION = 1, RULE_PATH = 1 };

/* The first ABI that has something, and the last this file knows. */
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_TCP = 4, ABI_IOCTL = 5,
       ABI_SCOPE = 6, ABI_KNOWN = 6 };

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_CHAR = 1 << 6,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    MAKE_SOCK = 1 << 9,
    MAKE_FIFO = 1 << 10,
    MAKE_BLOCK = 1 << 11,
    MAKE_SYM = 1 << 12,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    IOCTL_DEV = 1 << 15,

    /* all but reading files and directories */
    CHANGES = EXECUTE | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_CHAR |
              MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK |
              MAKE_SYM,
    /* a file gets its name, perhaps over an old one, in the directory in which
     * it was made: no other right is needed for that */
    OUTPUTS = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG,

    BIND_AND_CONNECT = 3,     /* TCP */
    ABSTRACT_AND_SIGNALS = 3, /* to processes outside */
};

/* ---- places ------------------------------------------------------------- */

/* Cuts the last component off, down to "." or "/". False if it is "..", or
 * there is nothing more to cut. */
static bool cut_last(char *path)
{
    size_t n = strlen(path);
    bool up;

    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n == 0 || (n == 1 && (*path == '/' || *path == '.')))
        return false;
    up = n >= 2 && memcmp(path + n - 2, "..", 2) == 0 &&
         (n == 2 || path[n - 3] == '/');
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n == 0)
        path[n++] = '.';
    path[n] = '\0';
    return !up;
}

/* Opens what a rule for the place has to name: of a directory that is still to
 * be created the nearest one above it. -1 with errno 0 where nothing can be
 * written. */
static int open_place(const struct cvk_write_place *place)
{
    size_t n = strlen(place->path) + 1;
    char path[CVK_MAX_PATH];
    int fd;

    if (n > sizeof path) {
        errno = 0; /* too long for the kernel, too */
        return -1;
    }
    memcpy(path, place->path, n);
    if (place->how == CVK_WRITE_ITSELF)
        return open(path, O_PATH | O_CLOEXEC);
    if (place->how == CVK_WRITE_BESIDE)
        cut_last(path);
    for (;;) {
        fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0 || errno != ENOENT)
            return fd;
        errno = 0;
        if (place->how == CVK_WRITE_BESIDE)
            return -1;
        if (!cut_last(path)) {
            errno = ENOENT;
            return -1;
        }
    }
}

static bool add_place(int ruleset, const struct cvk_write_place *place)
{
    bool itself = place->how == CVK_WRITE_ITSELF;
    struct path_rule rule = {.allowed = itself ? WRITE_FILE : OUTPUTS,
                             .parent = open_place(place)};
    long added;

    if (rule.parent < 0)
        return errno == 0;
    added = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0);
    close(rule.parent);
    /* what has no place in the tree of files, as a pipe, is not limited */
    return added == 0 || (itself && errno == EBADFD);
}

/* ---- rules -------------------------------------------------------------- */

static uint64_t file_rights(int abi)
{
    uint64_t rights = CHANGES;

    if (abi >= ABI_REFER)
        rights |= REFER;
    if (abi >= ABI_TRUNCATE)
        rights |= TRUNCATE;
    if (abi >= ABI_IOCTL)
        rights |= IOCTL_DEV;
    return rights;
}

/* As much as this ABI has, with or without limits on files. */
static bool restrict_by(int abi, bool files,
                        const struct cvk_write_place *places, size_t n)
{
    struct ruleset r = {
        .files = files ? file_rights(abi) : 0,
        .network = abi >= ABI_TCP ? BIND_AND_CONNECT : 0,
        .scoped = abi >= ABI_SCOPE ? ABSTRACT_AND_SIGNALS : 0,
    };
    size_t size = abi >= ABI_SCOPE ? 24 : abi >= ABI_TCP ? 16 : 8;
    int fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
    bool ok = fd >= 0;

    for (size_t i = 0; ok && files && i < n; i++)
        ok = add_place(fd, &places[i]);
    ok = ok && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

void cvk_sandbox_limit_writes(struct cvk_sandbox *s,
                              const struct cvk_write_place *places, size_t n)
{
    int known = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                             ASK_VERSION);

    /* with less where the kernel does not take all that its version says */
    for (int abi = known < ABI_KNOWN ? known : ABI_KNOWN; abi > 0; abi--)
        for (int files = 1; files >= 0; files--) {
            if (!restrict_by(abi, files, places, n))
                continue;
            s->landlock = known;
            s->landlock_files = files;
            s->landlock_tcp = abi >= ABI_TCP;
            s->landlock_scope = abi >= ABI_SCOPE;
            return;
        }
}
