/* SPDX-License-Identifier: MIT */
#include "engine/verifier.h"

#include <string.h>

void cvk_verifier_start(struct cvk_verifier *run, uint64_t line)
{
    struct cvk_verdict *d = &run->verdict;

    cvk_record_reset(&d->record, CVK_RECORD_VERIFY, run->v->strict);
    d->member.known = false;
    d->manifest = run->v->manifest;
    d->line = line;
    d->sized = d->hashed = false;
}

void cvk_verifier_emit(struct cvk_verifier *run)
{
    struct cvk_verdict *d = &run->verdict;
    struct cvk_record *r = &d->record;
    struct cvk_summary *s = &run->summary->all;

    cvk_findings_close(&r->findings, &r->text);
    s->inputs++;
    s->ok += r->status == CVK_STATUS_OK;
    s->refused += r->status == CVK_STATUS_REFUSED;
    s->errors += r->status == CVK_STATUS_ERROR;
    s->blobs += d->hashed && r->status == CVK_STATUS_OK;
    run->summary->derived += r->cross_checked && r->status == CVK_STATUS_OK;
    s->bytes_in += d->hashed ? d->size : 0;
    run->v->emit(run->v->context, d);
}

enum cvk_code cvk_verifier_refuse(struct cvk_verifier *run, enum cvk_code code,
                                  const char *why)
{
    return cvk_record_refuse(&run->verdict.record, code, NULL, "%s", why);
}

enum cvk_code cvk_verifier_refuse_system(struct cvk_verifier *run,
                                         enum cvk_code code, int error)
{
    if (code == CVK_E_MEMORY)
        run->lost = true;
    if (code == CVK_E_MEMORY)
        return cvk_verifier_refuse(run, code, "not enough memory");
    if (code == CVK_E_IO_INTERRUPTED)
        return cvk_verifier_refuse(run, code, "interrupted");
    if (code == CVK_E_IO_DIRECTORY)
        return cvk_verifier_refuse(run, code, "is a directory");
    return cvk_record_refuse(&run->verdict.record, code, NULL, "cannot %s: %s",
                             code == CVK_E_IO_OPEN ? "open" : "read",
                             strerror(error));
}
