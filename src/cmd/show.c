/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"
#include "cmd/inputs.h"

const char *cvk_show_verify(const struct cvk_options *o)
{
    return cvk_inputs_verify(o);
}

int cvk_show_run(const struct cvk_options *o)
{
    return cvk_inputs_run(o, CVK_RECORD_SHOW, NULL);
}
