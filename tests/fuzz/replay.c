/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on files, where there is no libFuzzer: each argument is
 * a file, or a directory whose files are run. Says how many it were. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static unsigned long runs;

static void fail(const char *path)
{
    perror(path);
    exit(1);
}

/* Each input lies alone in memory of its size, so that a sanitizer or valgrind
 * sees a byte read behind it. */
static void run_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);

    if (!f || !data || fread(data, 1, size, f) != size)
        fail(path);
    fclose(f);
    /* a crash must say of what */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    runs++;
}

static int is_visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static void run_path(const char *path);

static void run_directory(const char *path)
{
    struct dirent **entries;
    int n = scandir(path, &entries, is_visible, alphasort);

    if (n < 0)
        fail(path);
    for (int i = 0; i < n; i++) {
        size_t room = strlen(path) + strlen(entries[i]->d_name) + 2;
        char *name = malloc(room);

        if (!name)
            fail(path);
        snprintf(name, room, "%s/%s", path, entries[i]->d_name);
        run_path(name);
        free(name);
        free(entries[i]);
    }
    free(entries);
}

static void run_path(const char *path)
{
    struct stat st;

    if (stat(path, &st))
        fail(path);
    if (S_ISDIR(st.st_mode))
        run_directory(path);
    else
        run_file(path, (size_t)st.st_size);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    printf("%lu inputs\n", runs);
    return 0;
}
