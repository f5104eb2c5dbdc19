/* SPDX-License-Identifier: MIT */
/* Runs a command over its inputs: reports in input order, messages, exit
 * status. */
#ifndef CVK_CMD_INPUTS_H
#define CVK_CMD_INPUTS_H

#include "cmd/options.h"
#include "evidence/record.h"
#include "output/blob.h"

/* Why the inputs of extract or show cannot be taken, NULL if they can. */
const char *cvk_inputs_verify(const struct cvk_options *o);

/* blobs is NULL where nothing is to be written. Returns the exit status. */
int cvk_inputs_run(const struct cvk_options *o, enum cvk_record_type type,
                   const struct cvk_blob_options *blobs);

#endif
