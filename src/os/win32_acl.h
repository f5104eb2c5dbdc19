/* SPDX-License-Identifier: MIT */
/* Who may open what we create: the user who runs us, and nobody else. */
#ifndef CVK_OS_WIN32_ACL_H
#define CVK_OS_WIN32_ACL_H

#include <stdbool.h>
#include <windows.h>

/* The parts of a descriptor, which point at each other: it must not move. */
struct cvk_owner_only {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    _Alignas(DWORD) BYTE user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    _Alignas(DWORD) BYTE acl[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) +
                             SECURITY_MAX_SID_SIZE];
};

/* For a file, or for a directory and all that will stand in it. False with
 * errno. */
bool cvk_owner_only_make(struct cvk_owner_only *o, bool directory);

/* Read back: does the file system hold that for this file? */
bool cvk_owner_only_kept(int fd);

#endif
