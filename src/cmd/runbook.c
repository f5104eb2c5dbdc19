/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "cmd/caseinput.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/signals.h"
#include "output/blobname.h"
#include "restore/bookplan.h"
#include "restore/judge.h"

const char *cvk_runbook_verify(const struct cvk_options *o)
{
    return cvk_caseinput_verify(o);
}

/* Says what is wrong with a --set; returns the exit status. */
static int refuse_set(const char *word, enum cvk_book_set why,
                      enum cvk_book_value which)
{
    size_t n = strcspn(word, "=");
    char shown[CVK_MAX_SHOWN];

    cvk_escape_shown(shown, cvk_slice_of(word, n));
    if (why == CVK_BOOK_SET_MEMORY) {
        cvk_error(CVK_E_MEMORY, "not enough memory");
        return CVK_EXIT_SYSTEM;
    }
    if (why == CVK_BOOK_SET_BAD)
        cvk_usage_error("runbook", "option --set=%s takes %s",
                        cvk_runbook_name(which), cvk_runbook_syntax(which));
    else
        cvk_usage_error("runbook", "option --set knows no name %s", shown);
    return CVK_EXIT_USAGE;
}

static int take_sets(struct cvk_runbook *b, const struct cvk_options *o)
{
    for (size_t i = 0; i < o->n_sets; i++) {
        const char *word = o->sets[i];
        enum cvk_book_value which = CVK_BOOK_VALUES;
        enum cvk_book_set why =
            cvk_runbook_set(b, cvk_slice_of(word, strlen(word)), &which);

        if (why)
            return refuse_set(word, why, which);
    }
    return CVK_EXIT_OK;
}

/* The file that holds the key backup: the one that extract writes, or the
 * input itself. */
static bool make_blob_name(struct cvk_buf *out, const struct cvk_record *r)
{
    struct cvk_text from =
        r->input.member.known ? r->input.member : r->input.path;
    struct cvk_slice path = cvk_record_text(r, from);
    struct cvk_buf word;
    const char *name, *slash;
    bool made;

    cvk_buf_init(&word, 2 * CVK_MAX_PATH);
    made = cvk_buf_append_slice(&word, path) && cvk_buf_append_byte(&word, 0);
    if (made) {
        name = (const char *)word.p;
        slash = strrchr(name, '/');
        made = r->input.document == CVK_DOCUMENT_BLOB
                   ? cvk_buf_append_string(out, slash ? slash + 1 : name)
                   : cvk_blob_name(out, name, false, r->backup.ordinal);
    }
    cvk_buf_clear(&word);
    return made;
}

/* The config is downloaded beside the one at hand, never over it. False when
 * memory is exhausted. */
static bool offer_names(struct cvk_runbook *b, const struct cvk_record *r)
{
    struct cvk_buf name;
    bool made;

    cvk_buf_init(&name, 2 * CVK_MAX_PATH);
    made = make_blob_name(&name, r);
    if (made)
        cvk_runbook_offer(b, CVK_BOOK_BLOB_FILE, cvk_buf_slice(&name),
                          CVK_LITERAL("the name that cvmkey extract gives"));
    cvk_runbook_offer(b, CVK_BOOK_CONFIG_FILE,
                      CVK_LITERAL("config-downloaded-again.json"),
                      CVK_LITERAL("any name will do"));
    cvk_buf_clear(&name);
    return made;
}

/* The whole script or nothing of it. */
static int print_script(const struct cvk_buf *script)
{
    fwrite(script->p, 1, script->n, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CVK_EXIT_OK;
    cvk_error(CVK_E_IO_STDOUT, "the script cannot be written: %s",
              strerror(errno));
    return CVK_EXIT_SYSTEM;
}

static int write_script(struct cvk_runbook *b, struct cvk_caseinput *in,
                        enum cvk_shell shell)
{
    enum cvk_code code = cvk_judge(&in->facts, &in->judgement);
    struct cvk_buf script;
    int status = CVK_EXIT_SYSTEM;
    bool whole = !code && offer_names(b, &in->judgement.record);

    cvk_buf_init(&script, 2 * CVK_MAX_BOOK);
    if (whole) {
        cvk_bookplan_fill(b, &in->facts, &in->judgement);
        whole = cvk_runbook_write(b, shell, &script);
    }
    if (whole)
        status = print_script(&script);
    else
        cvk_error(CVK_E_MEMORY, "not enough memory");
    cvk_buf_clear(&script);
    return status;
}

/* An input that is refused leaves no script; its message says why. */
static void refused(void *context, const struct cvk_record *r)
{
    (void)context;
    (void)r;
}

int cvk_runbook_run(const struct cvk_options *o)
{
    struct cvk_caseinput in = {.refused = refused};
    struct cvk_runbook book;
    int status;

    cvk_runbook_init(&book);
    status = take_sets(&book, o);
    if (status == CVK_EXIT_OK) {
        status = cvk_caseinput_read(&in, o);
        if (status == CVK_EXIT_OK)
            status = write_script(&book, &in, o->shell);
        cvk_caseinput_clear(&in);
    }
    cvk_runbook_clear(&book);
    cvk_signals_raise();
    return status;
}
