/* SPDX-License-Identifier: MIT */
/* floor [-f] [-k BYTES] [-t THREADS] INDIR OUTDIR
 *
 * The input and output of a conversion without the conversion: each file is
 * read, and a file of the size of its blob written under another name and
 * renamed. No program that writes whole files can be much faster.
 *
 *   -f          fsync each file before it is renamed
 *   -k BYTES    of each input are not key data
 *   -t THREADS  share the files */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_THREADS = 64, NAME_SIZE = 320, CHUNK = 16 };

struct job {
    int in, out;
    char **names;
    size_t n;
    size_t around; /* bytes of an input that are not key data */
    bool sync;
    atomic_size_t next;
};

struct scratch {
    char *p;
    size_t size;
};

static size_t read_file(const struct job *job, const char *name,
                        struct scratch *s)
{
    int fd = openat(job->in, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    size_t size;

    if (fd < 0 || fstat(fd, &st) != 0)
        err(1, "%s", name);
    size = (size_t)st.st_size;
    if (size + 1 > s->size) {
        s->p = realloc(s->p, size + 1);
        if (!s->p)
            err(1, "memory");
        s->size = size + 1;
    }
    if (read(fd, s->p, size + 1) != st.st_size)
        errx(1, "%s: short read", name);
    close(fd);
    return size;
}

static void write_file(const struct job *job, const char *name,
                       const char *p, size_t n)
{
    char final[NAME_SIZE], part[NAME_SIZE];
    int stem = (int)strlen(name);
    int fd;

    if (stem > 5 && strcmp(name + stem - 5, ".json") == 0)
        stem -= 5;
    snprintf(final, sizeof final, "%.*s.blob", stem, name);
    snprintf(part, sizeof part, ".%.*s.part", stem, name);
    fd = openat(job->out, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        err(1, "%s", part);
    if (write(fd, p, n) != (ssize_t)n)
        err(1, "%s", part);
    if (job->sync && fsync(fd) != 0)
        err(1, "fsync %s", part);
    close(fd);
    if (renameat(job->out, part, job->out, final) != 0)
        err(1, "%s", final);
}

static void *work(void *context)
{
    struct job *job = context;
    struct scratch s = {0};

    for (;;) {
        size_t from = atomic_fetch_add(&job->next, CHUNK);
        size_t to = from + CHUNK < job->n ? from + CHUNK : job->n;

        if (from >= job->n)
            break;
        for (size_t i = from; i < to; i++) {
            size_t size = read_file(job, job->names[i], &s);

            if (size < job->around)
                errx(1, "%s: too small", job->names[i]);
            write_file(job, job->names[i], s.p,
                       (size - job->around) / 4 * 3);
        }
    }
    free(s.p);
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(struct job *job)
{
    DIR *d = fdopendir(dup(job->in));
    size_t room = 0;

    if (!d)
        err(1, "opendir");
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        if (job->n == room) {
            room = room ? 2 * room : 1024;
            job->names = realloc(job->names, room * sizeof *job->names);
            if (!job->names)
                err(1, "memory");
        }
        job->names[job->n] = strdup(e->d_name);
        if (!job->names[job->n++])
            err(1, "memory");
    }
    closedir(d);
    qsort(job->names, job->n, sizeof *job->names, by_name);
}

static int open_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        err(1, "%s", path);
    return fd;
}

static void run(struct job *job, int threads)
{
    pthread_t id[MAX_THREADS];

    for (int i = 1; i < threads; i++)
        if (pthread_create(&id[i], NULL, work, job) != 0)
            errx(1, "no thread");
    work(job);
    for (int i = 1; i < threads; i++)
        pthread_join(id[i], NULL);
    if (job->sync && fsync(job->out) != 0)
        err(1, "fsync of the directory");
}

int main(int argc, char **argv)
{
    struct job job = {0};
    int threads = 1;

    for (int c; (c = getopt(argc, argv, "fk:t:")) != -1;) {
        if (c == 'f')
            job.sync = true;
        else if (c == 'k')
            job.around = strtoul(optarg, NULL, 10);
        else if (c == 't')
            threads = atoi(optarg);
        else
            return 2;
    }
    if (argc - optind != 2 || threads < 1 || threads > MAX_THREADS)
        errx(2, "usage: floor [-f] [-k BYTES] [-t THREADS] INDIR OUTDIR");
    job.in = open_directory(argv[optind]);
    job.out = open_directory(argv[optind + 1]);
    list(&job);
    run(&job, threads);
    return 0;
}
