/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmd/command.h"
#include "cmd/inputs.h"
#include "cmd/message.h"
#include "os/terminal.h"

const char *cvk_extract_verify(const struct cvk_options *o)
{
    bool to_stdout = o->output && strcmp(o->output, "-") == 0;

    if (o->output && o->n_inputs > 1)
        return "-o takes exactly one INPUT; use -d for several";
    if (o->output && o->output_dir)
        return "-o and -d exclude each other";
    if (o->output && o->files0_from)
        return "-o takes exactly one INPUT; use -d for several";
    if (o->n_notes && !o->manifest)
        return "--note belongs to a manifest: add --manifest";
    if (o->output && o->parents)
        return "-o and --parents exclude each other";
    if (to_stdout && o->json)
        return "--json and the blob cannot share standard output";
    return cvk_inputs_verify(o);
}

int cvk_extract_run(const struct cvk_options *o)
{
    struct cvk_blob_options blobs = {
        .file = o->output,
        .dir = o->output_dir ? o->output_dir : ".",
        .replace = o->force,
        .resume = o->resume,
        .sync = !o->no_sync,
    };

    if (o->output && strcmp(o->output, "-") == 0 &&
        cvk_is_terminal(CVK_STDOUT)) {
        cvk_error(CVK_E_IO_TERMINAL,
                  "a key backup is not for the terminal to show");
        return CVK_EXIT_USAGE;
    }
    return cvk_inputs_run(o, CVK_RECORD_EXTRACT, &blobs);
}
