/* SPDX-License-Identifier: MIT */
/* What the process gives up before it reads the first byte of evidence: the
 * network, other programs, other processes, core dumps, and writing anywhere
 * but where its outputs go. It needs no privileges, and cannot be undone. */
#ifndef CVK_OS_SANDBOX_H
#define CVK_OS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* What holds: read back from the kernel where it tells, never just asked
 * for. */
struct cvk_sandbox {
    const char *without;    /* why this build has none, NULL: it has one */
    bool filter;            /* no socket calls, no other program (seccomp) */
    bool no_new_privileges;
    bool no_cores;
    int landlock;           /* ABI that is in force, 0: none */
    bool landlock_files;    /* it limits where files are written */
    bool landlock_tcp, landlock_scope;
    unsigned sockets; /* bit n: descriptor n, of 0 to 2, is a socket */
    int error;        /* errno of what was refused, 0 for none */
};

enum cvk_write_how {
    CVK_WRITE_BELOW,  /* in the directory path, created if missing */
    CVK_WRITE_BESIDE, /* in the directory that the file path stands in */
    CVK_WRITE_ITSELF, /* the pipe or device path */
};

/* One place that the run writes to. */
struct cvk_write_place {
    enum cvk_write_how how;
    const char *path;
};

/* All but the limits on files. Also closes sockets that were inherited, as
 * plain write(2) would send through them, but for descriptors 0 to 2, which the
 * user connected. To be called before threads start. */
void cvk_sandbox_enter(struct cvk_sandbox *s);

/* From now on files can be written at these places only, and read everywhere,
 * as far as the kernel has Landlock. */
void cvk_sandbox_limit_writes(struct cvk_sandbox *s,
                              const struct cvk_write_place *places, size_t n);

/* True if the kernel enforces that no network call is made. */
bool cvk_sandbox_holds(const struct cvk_sandbox *s);

/* One line for people and records, "seccomp=on landlock=abi7(fs+tcp+scope)
 * nnp=1 cores=off". */
enum { CVK_SANDBOX_TEXT = 160 };
void cvk_sandbox_describe(const struct cvk_sandbox *s,
                          char text[CVK_SANDBOX_TEXT]);

#endif
