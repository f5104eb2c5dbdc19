/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/confine.h"
#include "cmd/message.h"
#include "cmd/options.h"
#include "cmd/version.h"
#include "evidence/json_dom.h"
#include "os/process.h"
#include "os/terminal.h"

static void print_version(bool verbose, struct cvk_sandbox *sandbox)
{
    struct cvk_library libraries[CVK_LIBRARIES];
    char text[CVK_SANDBOX_TEXT];

    printf("cvmkey %s\n", PACKAGE_VERSION);
    if (!verbose)
        return;
    cvk_confine_writes(sandbox, NULL);
    cvk_libraries(libraries);
    for (int i = 0; i < CVK_LIBRARIES; i++)
        printf("%-7s %s\n", libraries[i].name,
               *libraries[i].version ? libraries[i].version
                                     : "does not tell its version");
    cvk_sandbox_describe(sandbox, text);
    printf("sandbox %s\n", text);
}

static int run_command(const struct cvk_command *c, int argc, char **argv,
                       struct cvk_sandbox *sandbox)
{
    struct cvk_options o;
    const char *wrong;
    int status;

    if (!cvk_options_parse(c, argc, argv, &o))
        return CVK_EXIT_USAGE;
    if (o.help || o.version) {
        if (o.help)
            cvk_options_help(c, stdout);
        else
            print_version(o.verbose, sandbox);
        return cvk_stdout_close();
    }
    wrong = c->verify ? c->verify(&o) : "no COMMAND is named";
    if (wrong) {
        cvk_usage_error(c->name, "%s", wrong);
        return CVK_EXIT_USAGE;
    }
    if (o.test_args)
        return CVK_EXIT_OK;
    o.sandbox = sandbox;
    status = cvk_confine(sandbox, &o, cvk_command_writes(c, &o));
    return status ? status : c->run(&o);
}

int main(int argc, char **argv)
{
    const struct cvk_command *c;
    struct cvk_sandbox sandbox;

    cvk_streams_prepare();
    argv = cvk_arguments(&argc, argv);
    if (!argv) {
        cvk_error(CVK_E_MEMORY, "not enough memory");
        return CVK_EXIT_SYSTEM;
    }
    cvk_confine_start(&sandbox);
    cvk_dom_setup();
    if (argc < 2 || argv[1][0] == '-')
        return run_command(cvk_command_find(""), argc, argv, &sandbox);
    c = cvk_command_find(argv[1]);
    if (!c || !*c->name) {
        cvk_usage_error("", "unknown command %s", argv[1]);
        return CVK_EXIT_USAGE;
    }
    return run_command(c, argc - 1, argv + 1, &sandbox);
}
