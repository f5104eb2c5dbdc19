/* SPDX-License-Identifier: MIT */
#include "cmd/lineout.h"

#include <errno.h>
#include <string.h>

#include "cmd/message.h"

void cvk_lineout_raise(struct cvk_lineout *out, int status)
{
    if (status > out->status)
        out->status = status;
}

void cvk_lineout_flush(struct cvk_lineout *out, bool whole)
{
    struct cvk_buf *line = &out->line;

    if (!whole) {
        cvk_error(CVK_E_MEMORY, "not enough memory for a line of the report");
        cvk_lineout_raise(out, CVK_EXIT_SYSTEM);
        line->n = 0;
        line->failed = false;
    }
    if (line->n && fwrite(line->p, 1, line->n, out->to) != line->n &&
        !out->write_error)
        out->write_error = errno ? errno : EIO;
    line->n = 0;
}

void cvk_lineout_finish(struct cvk_lineout *out)
{
    if ((fflush(out->to) != 0 || ferror(out->to)) && !out->write_error)
        out->write_error = errno ? errno : EIO;
    if (!out->write_error)
        return;
    cvk_error(CVK_E_IO_STDOUT, "the report cannot be written: %s",
              strerror(out->write_error));
    cvk_lineout_raise(out, CVK_EXIT_SYSTEM);
}
