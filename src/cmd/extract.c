/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/inputs.h"
#include "cmd/message.h"
#include "os/terminal.h"
#include "output/bag.h"

const char *cvk_extract_verify(const struct cvk_options *o)
{
    bool to_stdout = o->output && strcmp(o->output, "-") == 0;

    if (o->output && o->n_inputs > 1)
        return "-o takes exactly one INPUT; use -d for several";
    if (o->output && o->output_dir)
        return "-o and -d exclude each other";
    if (o->output && o->files0_from)
        return "-o takes exactly one INPUT; use -d for several";
    if (o->bag && (o->output || o->output_dir || o->manifest || o->sums))
        return "--bag says where all goes: it excludes -o, -d, --manifest "
               "and --sums";
    if (o->n_notes && !o->manifest && !o->bag)
        return "--note belongs to a manifest: add --manifest";
    if (o->output && o->parents)
        return "-o and --parents exclude each other";
    if (to_stdout && o->json)
        return "--json and the blob cannot share standard output";
    return cvk_inputs_verify(o);
}

/* The usual outputs, in the bag's data folder. */
static int run_bag(const struct cvk_options *o, struct cvk_blob_options *blobs)
{
    struct cvk_options with = *o;
    char *data = cvk_bag_data(o->bag);
    int status;

    if (!data) {
        cvk_error(CVK_E_MEMORY, "not enough memory");
        return CVK_EXIT_SYSTEM;
    }
    with.manifest = "";
    blobs->dir = data;
    status = cvk_inputs_run(&with, CVK_RECORD_EXTRACT, blobs);
    free(data);
    return status;
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
    return o->bag ? run_bag(o, &blobs)
                  : cvk_inputs_run(o, CVK_RECORD_EXTRACT, &blobs);
}
