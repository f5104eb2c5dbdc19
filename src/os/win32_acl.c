/* SPDX-License-Identifier: MIT */
#include "os/win32_acl.h"

#include <aclapi.h>

#include "os/win32_file.h"

static PSID user_of(const struct cvk_owner_only *o)
{
    return ((const TOKEN_USER *)(const void *)o->user)->User.Sid;
}

static bool find_user(struct cvk_owner_only *o)
{
    DWORD n;
    HANDLE token;
    bool ok;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    ok = GetTokenInformation(token, TokenUser, o->user, sizeof o->user, &n);
    CloseHandle(token);
    return ok;
}

bool cvk_owner_only_make(struct cvk_owner_only *o, bool directory)
{
    ACL *acl = (ACL *)(void *)o->acl;
    DWORD inherit = directory ? CONTAINER_INHERIT_ACE | OBJECT_INHERIT_ACE : 0;

    if (!find_user(o) ||
        !InitializeSecurityDescriptor(&o->descriptor,
                                      SECURITY_DESCRIPTOR_REVISION) ||
        !InitializeAcl(acl, sizeof o->acl, ACL_REVISION) ||
        !AddAccessAllowedAceEx(acl, ACL_REVISION, inherit, FILE_ALL_ACCESS,
                               user_of(o)) ||
        !SetSecurityDescriptorDacl(&o->descriptor, TRUE, acl, FALSE) ||
        /* what the directory would hand down is not wanted */
        !SetSecurityDescriptorControl(&o->descriptor, SE_DACL_PROTECTED,
                                      SE_DACL_PROTECTED)) {
        cvk_win_errno(GetLastError());
        return false;
    }
    o->attributes =
        (SECURITY_ATTRIBUTES){sizeof o->attributes, &o->descriptor, FALSE};
    return true;
}

/* Does each entry allow something to the user, or to the system itself, which
 * can take what it wants anyway? */
static bool is_users(ACL *acl, PSID user)
{
    for (DWORD i = 0; i < acl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace;

        if (!GetAce(acl, i, (void **)&ace))
            return false;
        if (ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE ||
            (!EqualSid(&ace->SidStart, user) &&
             !IsWellKnownSid(&ace->SidStart, WinLocalSystemSid)))
            return false;
    }
    return true;
}

bool cvk_owner_only_kept(int fd)
{
    PSECURITY_DESCRIPTOR descriptor;
    struct cvk_owner_only o;
    ACL *acl = NULL;
    bool kept;

    if (!find_user(&o) ||
        GetSecurityInfo(cvk_win_handle(fd), SE_FILE_OBJECT,
                        DACL_SECURITY_INFORMATION, NULL, NULL, &acl, NULL,
                        &descriptor) != ERROR_SUCCESS)
        return false;
    /* no list at all is everybody's */
    kept = acl && is_users(acl, user_of(&o));
    LocalFree(descriptor);
    return kept;
}
