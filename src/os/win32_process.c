/* SPDX-License-Identifier: MIT */
#include "os/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "os/win32_file.h"

/* The C library has 2048 descriptors, _setmaxstdio; some are others'. */
enum { OPEN_FILES = 1024, MAX_WIDE = 32767 };

/* Of the C library, which has it in no public header: the last but one is
 * whether to expand wildcards, the last what its _startupinfo starts with. */
int __wgetmainargs(int *argc, wchar_t ***argv, wchar_t ***environment,
                   int expand, int *new_mode);

size_t cvk_raise_open_files(void)
{
    return OPEN_FILES;
}

void cvk_return_memory(void)
{
    /* the heap of Windows gives large pieces back by itself */
}

char **cvk_arguments(int *argc, char **argv)
{
    int new_mode = 0;
    wchar_t **wide, **environment;
    char **utf8;

    if (__wgetmainargs(argc, &wide, &environment, 0, &new_mode) != 0)
        return argv;
    utf8 = calloc((size_t)*argc + 1, sizeof *utf8);
    for (int i = 0; utf8 && i < *argc; i++)
        if (!(utf8[i] = cvk_wtf8(wide[i], wcslen(wide[i]))))
            return NULL;
    return utf8;
}

const char *cvk_own_file(char *room, size_t size)
{
    wchar_t *wide = malloc((MAX_WIDE + 1) * sizeof *wide);
    DWORD n = wide ? GetModuleFileNameW(NULL, wide, MAX_WIDE) : 0;
    char *path = n ? cvk_wtf8(wide, n) : NULL;

    snprintf(room, size, "%s", path ? path : "");
    free(path);
    free(wide);
    return room;
}

void cvk_host_name(char *name, size_t size)
{
    wchar_t wide[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD n = MAX_COMPUTERNAME_LENGTH + 1;
    char *text = GetComputerNameW(wide, &n) ? cvk_wtf8(wide, n) : NULL;

    snprintf(name, size, "%s", text ? text : "");
    free(text);
}

uint64_t cvk_user_id(void)
{
    return 0; /* users of Windows are no numbers */
}

/* FILETIME counts 100 ns since 1601. */
void cvk_clock(int64_t *seconds, uint32_t *ns)
{
    FILETIME now;
    uint64_t ticks;

    GetSystemTimeAsFileTime(&now);
    ticks = ((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) -
            116444736000000000u;
    *seconds = (int64_t)(ticks / 10000000);
    *ns = (uint32_t)(ticks % 10000000) * 100;
}

uint64_t cvk_milliseconds(void)
{
    return GetTickCount64();
}
