/* SPDX-License-Identifier: MIT */
/* A list of what is refused rather than of what is allowed: no library, and no
 * later version of one, fails because of it. */
#include "os/seccomp.h"

#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Numbers as linux/audit.h has them. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define OWN_ARCH 0xc000003e
#elif defined(__aarch64__) && !defined(__ILP32__)
#define OWN_ARCH 0xc00000b7
#endif

#ifdef OWN_ARCH

/* Newer than some headers; these numbers are the same on all processors. */
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#define SYS_io_uring_enter 426
#define SYS_io_uring_register 427
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* linux/filter.h, bpf_common.h: one instruction, and the four kinds used. */
struct instruction {
    uint16_t code;
    uint8_t if_true, if_false; /* instructions to skip */
    uint32_t k;
};
struct program {
    unsigned short n;
    const struct instruction *p;
};
enum {
    LOAD_WORD = 0x20,
    JUMP_IF_EQUAL = 0x15,
    JUMP_IF_AT_LEAST = 0x35,
    RETURN = 0x06
};

/* linux/seccomp.h. */
enum { MODE_FILTER = 2 };
enum { NUMBER_AT = 0, ARCH_AT = 4 }; /* in struct seccomp_data */
#define ALLOW 0x7fff0000u
#define FAIL (0x00050000u | EPERM)

/* Calls of x32 on an x86-64 have this bit. */
#define X32_BIT 0x40000000u

#define REFUSE(call) {JUMP_IF_EQUAL, 0, 1, SYS_##call}, {RETURN, 0, 0, FAIL}

static const struct instruction filter[] = {
    /* 32-bit calls have other numbers: none is let through */
    {LOAD_WORD, 0, 0, ARCH_AT},
    {JUMP_IF_EQUAL, 1, 0, OWN_ARCH},
    {RETURN, 0, 0, FAIL},
    {LOAD_WORD, 0, 0, NUMBER_AT},
    {JUMP_IF_AT_LEAST, 0, 1, X32_BIT},
    {RETURN, 0, 0, FAIL},
    /* sockets */
    REFUSE(socket),
    REFUSE(socketpair),
    REFUSE(connect),
    REFUSE(bind),
    REFUSE(listen),
    REFUSE(accept),
    REFUSE(accept4),
    REFUSE(sendto),
    REFUSE(sendmsg),
    REFUSE(sendmmsg),
    REFUSE(recvfrom),
    REFUSE(recvmsg),
    REFUSE(recvmmsg),
    REFUSE(getsockname),
    REFUSE(getpeername),
    REFUSE(setsockopt),
    REFUSE(getsockopt),
    REFUSE(shutdown),
    /* which does all of that without these calls */
    REFUSE(io_uring_setup),
    REFUSE(io_uring_enter),
    REFUSE(io_uring_register),
    /* other programs, and other processes that have sockets */
    REFUSE(execve),
    REFUSE(execveat),
    REFUSE(ptrace),
    REFUSE(process_vm_readv),
    REFUSE(process_vm_writev),
    REFUSE(pidfd_getfd),
    {RETURN, 0, 0, ALLOW},
};

bool cvk_seccomp_install(void)
{
    static const struct program program = {sizeof filter / sizeof *filter,
                                           filter};

    /* the older form of seccomp(2), which valgrind knows, too */
    return prctl(PR_SET_SECCOMP, MODE_FILTER, &program, 0, 0) == 0;
}

#else

bool cvk_seccomp_install(void)
{
    errno = ENOSYS;
    return false;
}

#endif
