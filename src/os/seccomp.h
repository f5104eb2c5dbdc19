/* SPDX-License-Identifier: MIT */
/* The kernel's filter of system calls, seccomp(2). */
#ifndef CVK_OS_SECCOMP_H
#define CVK_OS_SECCOMP_H

#include <stdbool.h>

/* Refuses calls that could reach the network, other programs or other
 * processes, with EPERM, for this thread and those it starts. False with errno
 * if the kernel takes no filter, or none is known for this processor
 * (ENOSYS). */
bool cvk_seccomp_install(void);

#endif
