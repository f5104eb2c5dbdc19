/* SPDX-License-Identifier: MIT */
/* What a laboratory files before it uses a tool: which program this is, that
 * it gives known answers here, and what keeps it from the network. */
#include "engine/selftest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/sha256.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/version.h"
#include "os/instream.h"
#include "os/process.h"
#include "output/jsonparts.h"
#include "output/jsonwriter.h"

/* The file is read in pieces of this size. */
enum { PIECE = 1 << 16 };

struct report {
    const struct cvk_options *options;
    struct cvk_buf line;
    size_t cases, passed;
    char program[CVK_SHA256_HEX_SIZE]; /* SHA-256, empty if not known */
};

const char *cvk_selftest_verify(const struct cvk_options *o)
{
    return o->n_inputs ? "selftest takes no INPUT" : NULL;
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static void print_line(struct report *p)
{
    if (!p->options->quiet || p->options->json)
        fwrite(p->line.p, 1, p->line.n, stdout);
    p->line.n = 0;
}

/* ---- the program's own file --------------------------------------------- */

static enum cvk_code hash_program(struct report *p, int *error)
{
    static uint8_t piece[PIECE];
    static atomic_int never;
    uint8_t digest[CVK_SHA256_SIZE];
    struct cvk_sha256_state state;
    struct cvk_instream s;
    char path[CVK_MAX_PATH];
    size_t n = 0;
    enum cvk_code code = cvk_instream_open(&s, cvk_own_file(path, sizeof path),
                                           &never, error);

    if (code)
        return code;
    cvk_sha256_start(&state);
    do {
        cvk_sha256_add(&state, cvk_slice_of(piece, n));
        code = cvk_instream_read(&s, piece, sizeof piece, &never, &n, error);
    } while (!code && n);
    cvk_instream_close(&s);
    cvk_sha256_finish(&state, digest);
    if (!code)
        cvk_sha256_hex(digest, p->program);
    return code;
}

/* ---- text and JSON ------------------------------------------------------ */

static void print_case(void *context, const struct cvk_selftest_case *c)
{
    struct report *p = context;
    struct cvk_jsonwriter w;

    p->cases++;
    p->passed += c->passed;
    if (p->options->json) {
        cvk_jsonwriter_init(&w, &p->line);
        cvk_jw_begin(&w, NULL, '{');
        cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
        cvk_jw_string(&w, "type", "selftest");
        cvk_jw_string(&w, "status", c->passed ? "ok" : "failed");
        cvk_jw_string(&w, "name", c->name);
        cvk_json_put_name(&w, "expected", NULL, slice(c->expected));
        cvk_json_put_name(&w, "got", NULL, slice(c->got));
        cvk_jw_end(&w, '}');
    } else {
        cvk_buf_append_string(&p->line, c->passed ? "ok      " : "FAILED  ");
        cvk_buf_append_string(&p->line, c->name);
        cvk_buf_append_string(&p->line, ": ");
        cvk_escape_name(&p->line, slice(c->expected));
        if (!c->passed) {
            cvk_buf_append_string(&p->line, ", but got ");
            cvk_escape_name(&p->line, slice(c->got));
        }
    }
    cvk_buf_append_byte(&p->line, '\n');
    print_line(p);
}

static void append_fact(struct report *p, const char *name, const char *value)
{
    char padded[16];

    snprintf(padded, sizeof padded, "%-8s", name);
    cvk_buf_append_string(&p->line, padded);
    cvk_buf_append_string(&p->line, value);
    cvk_buf_append_byte(&p->line, '\n');
}

static void print_facts(struct report *p, const struct cvk_library *libraries,
                        const char *sandbox)
{
    char counts[64];

    append_fact(p, "program", "cvmkey " PACKAGE_VERSION);
    append_fact(p, "SHA-256", *p->program ? p->program : "not known");
    for (int i = 0; i < CVK_LIBRARIES; i++)
        append_fact(p, libraries[i].name,
                    *libraries[i].version ? libraries[i].version
                                          : "does not tell its version");
    append_fact(p, "sandbox", sandbox);
    snprintf(counts, sizeof counts, "%zu of %zu known answers", p->passed,
             p->cases);
    append_fact(p, "result", counts);
    print_line(p);
}

static void print_summary(struct report *p, const struct cvk_library *libraries,
                          const char *sandbox)
{
    struct cvk_jsonwriter w;

    cvk_jsonwriter_init(&w, &p->line);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", "selftest-summary");
    cvk_jw_string(&w, "version", PACKAGE_VERSION);
    cvk_jw_string(&w, "program_sha256", *p->program ? p->program : NULL);
    cvk_jw_begin(&w, "libraries", '{');
    for (int i = 0; i < CVK_LIBRARIES; i++)
        cvk_jw_string(&w, libraries[i].name,
                      *libraries[i].version ? libraries[i].version : NULL);
    cvk_jw_end(&w, '}');
    cvk_jw_string(&w, "sandbox", sandbox);
    cvk_jw_number(&w, "cases", p->cases);
    cvk_jw_number(&w, "passed", p->passed);
    cvk_jw_end(&w, '}');
    cvk_buf_append_byte(&p->line, '\n');
    print_line(p);
}

/* ---- the command -------------------------------------------------------- */

/* What went wrong, in messages; the exit status. */
static int judge(const struct report *p, enum cvk_code run, enum cvk_code hash,
                 int error)
{
    if (hash)
        cvk_error(hash, "the program's own file: %s",
                  error ? strerror(error) : "cannot be read");
    if (run || p->line.failed)
        cvk_error(CVK_E_MEMORY, "not enough memory");
    if (p->passed != p->cases)
        cvk_error(CVK_E_SELFTEST_FAILED, "%zu of %zu known answers are wrong",
                  p->cases - p->passed, p->cases);
    return hash || run || p->line.failed || p->passed != p->cases
               ? CVK_EXIT_SYSTEM
               : CVK_EXIT_OK;
}

int cvk_selftest_run_command(const struct cvk_options *o)
{
    struct report p = {.options = o};
    struct cvk_library libraries[CVK_LIBRARIES];
    char sandbox[CVK_SANDBOX_TEXT];
    enum cvk_code run, hash;
    int error = 0, status, closed;

    cvk_buf_init(&p.line, PIECE);
    cvk_libraries(libraries);
    cvk_sandbox_describe(o->sandbox, sandbox);
    run = cvk_selftest_run(&p, print_case);
    hash = hash_program(&p, &error);
    if (o->json)
        print_summary(&p, libraries, sandbox);
    else
        print_facts(&p, libraries, sandbox);
    fflush(stdout);
    status = judge(&p, run, hash, error);
    cvk_buf_clear(&p.line);
    closed = cvk_stdout_close();
    return closed > status ? closed : status;
}
