/* SPDX-License-Identifier: MIT */
/* measure [-s] [-b SECONDS] [-C DIR] -g GROUP -n FILES -r ROUNDS -o SCRATCH PLAN
 *
 * Runs the commands of PLAN in turn, A B C A B C ..., and prints one line for
 * each run, TAB between the fields:
 *
 *   GROUP NAME FILES ROUND WALL USER SYS RSS     times in us, RSS in KiB
 *
 * A line of PLAN is NAME[:ROUNDS], COMMAND, ARGUMENT ..., TAB between them;
 * with ROUNDS the command runs in the first so many rounds only. "@OUT" in an
 * argument stands for a directory of the run, SCRATCH/NAME.ROUND, made new
 * before it. Output goes to /dev/null, messages to SCRATCH/NAME.err.
 *
 *   -b SECONDS  no round is begun after so many
 *   -C DIR      the commands run there
 *   -s          before each run, what is still to be written to the file
 *               system of SCRATCH is written, so that nobody pays for another
 *
 * A command that fails ends it all: no variant may be fast by being wrong. */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_VARIANTS = 32, MAX_WORDS = 64 };

extern char **environ;

struct variant {
    char *name;
    int rounds;
    char *words[MAX_WORDS]; /* NULL after the last */
};

struct plan {
    struct variant v[MAX_VARIANTS];
    int n;
    int rounds;
    double seconds;
    const char *group, *files, *scratch;
    bool sync;
    int scratch_fd;
};

static void parse_line(struct plan *plan, char *line)
{
    struct variant *v;
    char *colon;
    int n = 0;

    if (plan->n == MAX_VARIANTS)
        errx(2, "too many variants");
    v = &plan->v[plan->n++];
    line[strcspn(line, "\n")] = 0;
    v->name = strsep(&line, "\t");
    for (char *word; (word = strsep(&line, "\t"));) {
        if (n == MAX_WORDS - 1)
            errx(2, "%s: too many words", v->name);
        v->words[n++] = word;
    }
    if (n == 0)
        errx(2, "%s: no command", v->name);
    v->rounds = plan->rounds;
    colon = strchr(v->name, ':');
    if (colon) {
        *colon = 0;
        v->rounds = atoi(colon + 1);
    }
}

static void parse(struct plan *plan, const char *path)
{
    FILE *f = fopen(path, "r");

    if (!f)
        err(2, "%s", path);
    for (;;) {
        char *line = NULL; /* kept to the end: the variants point into it */
        size_t room = 0;

        if (getline(&line, &room, f) < 0)
            break;
        parse_line(plan, line);
    }
    fclose(f);
}

/* The word with each @OUT replaced; never freed, as all words of a run. */
static char *expand(const char *word, const char *out)
{
    char text[PATH_MAX];
    size_t n = 0;

    for (const char *p = word; *p;) {
        bool here = strncmp(p, "@OUT", 4) == 0;
        size_t step = here ? strlen(out) : 1;

        if (n + step >= sizeof text)
            errx(2, "a word is too long");
        memcpy(text + n, here ? out : p, step);
        n += step;
        p += here ? 4 : 1;
    }
    text[n] = 0;
    return strdup(text);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double us(struct timeval t)
{
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static pid_t start(char **words, const char *messages)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int e;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, messages,
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    e = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (e)
        errx(1, "%s: %s", words[0], strerror(e));
    return pid;
}

static void run(const struct plan *plan, const struct variant *v, int round)
{
    char out[PATH_MAX], messages[PATH_MAX];
    char *words[MAX_WORDS] = {0};
    struct rusage used;
    double from, to;
    int status;
    pid_t pid;

    snprintf(out, sizeof out, "%s/%s.%d", plan->scratch, v->name, round);
    snprintf(messages, sizeof messages, "%s/%s.err", plan->scratch, v->name);
    if (mkdir(out, 0700) != 0)
        err(1, "%s", out);
    for (int i = 0; v->words[i]; i++)
        words[i] = expand(v->words[i], out);
    if (plan->sync && syncfs(plan->scratch_fd) != 0)
        err(1, "syncfs");
    from = now();
    pid = start(words, messages);
    if (wait4(pid, &status, 0, &used) != pid)
        err(1, "wait");
    to = now();
    for (int i = 0; words[i]; i++)
        free(words[i]);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        errx(1, "%s/%s failed (status 0x%x), see %s", plan->group, v->name,
             (unsigned)status, messages);
    printf("%s\t%s\t%s\t%d\t%.0f\t%.0f\t%.0f\t%ld\n", plan->group, v->name,
           plan->files, round, to - from, us(used.ru_utime),
           us(used.ru_stime), used.ru_maxrss);
    fflush(stdout);
}

static void run_all(const struct plan *plan)
{
    double end = now() + plan->seconds * 1e6;

    for (int round = 1; round <= plan->rounds; round++) {
        if (round > 1 && plan->seconds > 0 && now() > end)
            break;
        for (int i = 0; i < plan->n; i++)
            if (round <= plan->v[i].rounds)
                run(plan, &plan->v[i], round);
    }
}

int main(int argc, char **argv)
{
    struct plan *plan = calloc(1, sizeof *plan);
    const char *cwd = NULL;

    if (!plan)
        err(1, "memory");
    for (int c; (c = getopt(argc, argv, "C:b:g:n:o:r:s")) != -1;) {
        switch (c) {
        case 'C': cwd = optarg; break;
        case 'b': plan->seconds = atof(optarg); break;
        case 'g': plan->group = optarg; break;
        case 'n': plan->files = optarg; break;
        case 'o': plan->scratch = optarg; break;
        case 'r': plan->rounds = atoi(optarg); break;
        case 's': plan->sync = true; break;
        default: return 2;
        }
    }
    if (optind + 1 != argc || !plan->group || !plan->files ||
        !plan->scratch || plan->rounds < 1)
        errx(2, "usage: measure [-s] [-b SECONDS] [-C DIR] -g GROUP -n FILES"
                " -r ROUNDS -o SCRATCH PLAN");
    parse(plan, argv[optind]);
    plan->scratch_fd = open(plan->scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (plan->scratch_fd < 0)
        err(1, "%s", plan->scratch);
    if (cwd && chdir(cwd) != 0)
        err(1, "%s", cwd);
    run_all(plan);
    return 0;
}
