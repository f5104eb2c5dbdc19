/* SPDX-License-Identifier: MIT */
#include "cmd/confine.h"

#include <string.h>

#include "cmd/message.h"
#include "os/outfile.h"

void cvk_confine_start(struct cvk_sandbox *s)
{
#ifdef CVK_NO_SANDBOX
    *s = (struct cvk_sandbox){.without = CVK_NO_SANDBOX};
#else
    cvk_sandbox_enter(s);
#endif
}

/* Blob, manifest and sums. */
enum { MAX_PLACES = 3 };

void cvk_confine_writes(struct cvk_sandbox *s, const struct cvk_options *o)
{
    struct cvk_write_place p[MAX_PLACES];
    size_t n = 0;

    if (s->without)
        return;
    if (o && o->output && strcmp(o->output, "-") != 0)
        p[n++] = (struct cvk_write_place){cvk_outfile_is_special(o->output)
                                              ? CVK_WRITE_ITSELF
                                              : CVK_WRITE_BESIDE,
                                          o->output};
    /* -o excludes -d, but leaves the manifest its usual place */
    if (o && (!o->output || (o->manifest && !*o->manifest) ||
              (o->sums && !*o->sums)))
        p[n++] = (struct cvk_write_place){
            CVK_WRITE_BELOW, o->bag          ? o->bag
                             : o->output_dir ? o->output_dir
                                             : "."};
    if (o && o->manifest && *o->manifest)
        p[n++] = (struct cvk_write_place){CVK_WRITE_BESIDE, o->manifest};
    if (o && o->sums && *o->sums)
        p[n++] = (struct cvk_write_place){CVK_WRITE_BESIDE, o->sums};
    cvk_sandbox_limit_writes(s, p, n);
}

/* A socket that the user connected is used; who wants to know is told. */
static void tell_sockets(const struct cvk_sandbox *s)
{
    static const char *const names[] = {"input", "output", "error"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (s->sockets >> i & 1)
            cvk_warning(CVK_E_SANDBOX_SOCKET,
                        "standard %s is a socket: %s another process, "
                        "perhaps another machine",
                        names[i], i == 0 ? "what is read is from"
                                         : "what is printed goes to");
}

int cvk_confine(struct cvk_sandbox *s, const struct cvk_options *o,
                bool writes)
{
    cvk_confine_writes(s, writes ? o : NULL);
    if (o->verbose)
        tell_sockets(s);
    if (cvk_sandbox_holds(s))
        return CVK_EXIT_OK;
    if (o->require_sandbox) {
        cvk_error(CVK_E_SANDBOX_MISSING,
                  "nothing was read: no sandbox can be had: %s",
                  s->without ? s->without : strerror(s->error));
        return CVK_EXIT_SYSTEM;
    }
    /* builds for tests are without it on purpose */
    if (!s->without)
        cvk_warning(CVK_E_SANDBOX_MISSING,
                    "the kernel enforces no sandbox: %s", strerror(s->error));
    return CVK_EXIT_OK;
}
