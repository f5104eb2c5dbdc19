/* SPDX-License-Identifier: MIT */
/* From the command line to a case: CONFIG, the exports and what the operator
 * states. diagnose and what builds on its judgement read them in the same way. */
#ifndef CVK_CMD_CASEINPUT_H
#define CVK_CMD_CASEINPUT_H

#include "cmd/options.h"
#include "restore/judgement.h"

/* Why the inputs cannot be taken, NULL if they can. */
const char *cvk_caseinput_verify(const struct cvk_options *o);

struct cvk_caseinput {
    struct cvk_case facts;
    struct cvk_judgement judgement; /* its record is that of the config */
    struct cvk_summary summary;     /* of all inputs */

    /* Called for each input that is refused, before its message is printed. */
    void *context;
    void (*refused)(void *context, const struct cvk_record *r);
};

/* Reads all inputs. Returns the exit status: only if it is CVK_EXIT_OK there is
 * a case to be judged. To be cleared in any case. */
int cvk_caseinput_read(struct cvk_caseinput *in, const struct cvk_options *o);
void cvk_caseinput_clear(struct cvk_caseinput *in);

#endif
