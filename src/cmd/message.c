/* SPDX-License-Identifier: MIT */
#include "cmd/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

int cvk_exit_status(enum cvk_code code)
{
    if (code == CVK_OK)
        return CVK_EXIT_OK;
    switch (cvk_code_class(code)) {
    case CVK_CLASS_INPUT:
        return CVK_EXIT_REFUSED;
    case CVK_CLASS_USAGE:
        return CVK_EXIT_USAGE;
    default:
        return CVK_EXIT_SYSTEM;
    }
}

int cvk_stdout_close(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CVK_EXIT_OK;
    cvk_error(CVK_E_IO_STDOUT, "standard output cannot be written: %s",
              strerror(errno));
    return CVK_EXIT_SYSTEM;
}

static struct cvk_slice word(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

/* In one piece: nothing that another process says comes between, and what ends
 * the program leaves no half of it. Without memory it is said in pieces. */
static void print_whole(const char *kind, const struct cvk_buf *text,
                        enum cvk_code code, const char *hint)
{
    const struct cvk_slice parts[] = {
        word("cvmkey: "), word(kind), word(": "), cvk_buf_slice(text),
        word(" ["), word(cvk_code_id(code)), word("]\n"),
        word(hint ? "cvmkey: hint: " : ""), word(hint ? hint : ""),
        word(hint ? "\n" : ""),
    };
    const size_t n = sizeof parts / sizeof *parts;
    struct cvk_buf whole;

    cvk_buf_init(&whole, 16 * CVK_MAX_PATH);
    for (size_t i = 0; i < n; i++)
        cvk_buf_append_slice(&whole, parts[i]);
    if (!whole.failed)
        fwrite(whole.p, 1, whole.n, stderr);
    for (size_t i = 0; whole.failed && i < n; i++)
        if (parts[i].n)
            fwrite(parts[i].p, 1, parts[i].n, stderr);
    cvk_buf_clear(&whole);
}

/* Words of the command line are shown escaped, like any other text that the
 * program did not write itself. */
static void print_message(const char *kind, enum cvk_code code,
                          const char *hint, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

static void print_message(const char *kind, enum cvk_code code,
                          const char *hint, const char *format, va_list args)
{
    char words[1024];
    struct cvk_buf line;

    vsnprintf(words, sizeof words, format, args);
    cvk_buf_init(&line, 8 * sizeof words);
    cvk_escape_name(&line, cvk_slice_of(words, strlen(words)));
    print_whole(kind, &line, code, hint);
    cvk_buf_clear(&line);
}

void cvk_usage_error(const char *command, const char *format, ...)
{
    char hint[64];
    va_list args;

    snprintf(hint, sizeof hint, "see 'cvmkey %s%s--help'", command,
             *command ? " " : "");
    va_start(args, format);
    print_message("error", CVK_E_USAGE, hint, format, args);
    va_end(args);
}

void cvk_error(enum cvk_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_message("error", code, cvk_code_hint(code), format, args);
    va_end(args);
}

void cvk_warning(enum cvk_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_message("warning", code, cvk_code_hint(code), format, args);
    va_end(args);
}

static void print_record(struct cvk_slice name, const struct cvk_record *r,
                         const char *hint)
{
    const struct cvk_finding *f = cvk_record_error(r);
    struct cvk_slice text;
    struct cvk_buf line;

    if (!f)
        return;
    text = cvk_record_text(r, f->text);
    cvk_buf_init(&line, 8 * CVK_MAX_PATH);
    cvk_escape_name(&line, name);
    if (r->type == CVK_RECORD_CARVE) {
        char offset[64];

        snprintf(offset, sizeof offset, " (offset %llu)",
                 (unsigned long long)r->carve.offset);
        cvk_buf_append_string(&line, offset);
    }
    if (r->input.member.known) {
        cvk_buf_append_string(&line, " (");
        cvk_escape_name(&line, cvk_record_text(r, r->input.member));
        cvk_buf_append_string(&line, ")");
    }
    cvk_buf_append_string(&line, ": ");
    cvk_buf_append_slice(&line, text);
    cvk_finding_append_place(&line, f);
    print_whole("error", &line, f->code, hint ? hint : cvk_code_hint(f->code));
    cvk_buf_clear(&line);
}

void cvk_record_error_print(const struct cvk_record *r)
{
    cvk_record_error_print_as(cvk_record_text(r, r->input.path), r);
}

void cvk_record_error_print_as(struct cvk_slice name,
                               const struct cvk_record *r)
{
    print_record(name, r, NULL);
}

void cvk_record_error_print_hint(const struct cvk_record *r, const char *hint)
{
    print_record(cvk_record_text(r, r->input.path), r, hint);
}
