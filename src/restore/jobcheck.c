/* SPDX-License-Identifier: MIT */
#include "restore/jobcheck.h"

#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"

static const struct {
    const char *code, *scenario;
    enum cvk_remedy remedy;
} codes[] = {
    {CVK_DES_MISSING, "des-deleted", CVK_REMEDY_DES},
    {CVK_KEY_MISSING, "key-deleted", CVK_REMEDY_KEY},
    {CVK_MISMATCH, "input-des-mismatch", CVK_REMEDY_MISMATCH},
    {CVK_SNAPSHOT, "snapshot-different-des", CVK_REMEDY_TIER},
    {CVK_PERMISSIONS, "permissions", CVK_REMEDY_BACKUP_PERMISSIONS},
};
enum { N_CODES = sizeof codes / sizeof *codes };

const struct cvk_job *cvk_jobcheck_find(const struct cvk_case *c)
{
    const struct cvk_job *job, *last = NULL;

    for (size_t i = 0; (job = cvk_case_job(c, i)); i++)
        if (!last || (job->has_end && (!last->has_end || job->end > last->end)))
            last = job;
    return last;
}

static int find_code(struct cvk_slice code)
{
    for (int i = 0; i < N_CODES; i++)
        if (cvk_slice_equal(code,
                            cvk_slice_of(codes[i].code,
                                         strlen(codes[i].code))))
            return i;
    return N_CODES;
}

/* True if an export shows that the reason of the code is no longer there, or
 * if exports contradict each other. */
static bool contradicted(const struct cvk_situation *s, const char *code)
{
    bool des_there = s->d0_view.state == CVK_DES_PRESENT;
    bool key_there = s->o_source && s->o_view.state != CVK_KEY_UNKNOWN &&
                     !cvk_key_is_gone(s->o_view.state);

    if (s->d0_view.state == CVK_DES_CONTRADICTORY ||
        s->o_view.state == CVK_KEY_CONTRADICTORY)
        return true;
    if (!strcmp(code, CVK_DES_MISSING))
        return des_there;
    if (!strcmp(code, CVK_KEY_MISSING))
        return key_there || s->d0_view.state == CVK_DES_ABSENT;
    if (!strcmp(code, CVK_MISMATCH))
        return key_there;
    if (!strcmp(code, CVK_SNAPSHOT))
        return s->tier != CVK_TIER_UNKNOWN && s->tier != CVK_TIER_SNAPSHOT;
    return false;
}

static void decide(const struct cvk_situation *s, const struct cvk_job *job,
                   int i, struct cvk_ruling *r, struct cvk_judgement *j)
{
    bool of_its_des = !strcmp(codes[i].code, CVK_MISMATCH) ||
                      !strcmp(codes[i].code, CVK_SNAPSHOT);
    char at[CVK_TIMESTAMP_SIZE] = "an unknown time";

    if (job->has_end)
        cvk_timestamp_words(job->end, at);
    r->rule = NULL;
    r->scenario = codes[i].scenario;
    r->outcome = CVK_OUTCOME_FAILS;
    r->code = codes[i].code;
    r->remedy = codes[i].remedy;
    cvk_judgement_cite(j, s->c, job->from, "observed in the job at %s: %s%s",
                       at, codes[i].code,
                       of_its_des ? " (for the DES named in that job)" : "");
}

static void compare(const struct cvk_situation *s, const struct cvk_job *job,
                    const struct cvk_ruling *r, struct cvk_judgement *j)
{
    struct cvk_slice code = cvk_case_text(s->c, job->code);
    const char *predicted = r->code ? r->code : "no published code";
    char at[CVK_TIMESTAMP_SIZE] = "an unknown time";

    if (job->has_end)
        cvk_timestamp_words(job->end, at);
    cvk_judgement_cite(j, s->c, job->from, "the job ended with %.*s at %s",
                       CVK_SHOWN(code), at);
    if (r->outcome == CVK_OUTCOME_UNDETERMINED ||
        (r->code && cvk_slice_equal(code, cvk_slice_of(r->code,
                                                       strlen(r->code)))))
        return;
    cvk_record_warn(&j->record, CVK_E_CASE_JOB, NULL,
                    "the job ended with %.*s; of a restore now the exports "
                    "say: %s%s%s: the exports count",
                    CVK_SHOWN(code), cvk_outcome_name(r->outcome),
                    r->outcome == CVK_OUTCOME_SUCCEEDS ? "" : ", ",
                    r->outcome == CVK_OUTCOME_SUCCEEDS ? "" : predicted);
}

void cvk_jobcheck_apply(const struct cvk_situation *s, struct cvk_ruling *r,
                        struct cvk_judgement *j)
{
    const struct cvk_job *job = cvk_jobcheck_find(s->c);
    struct cvk_origin from;
    int i;

    if (!job)
        return;
    from = (struct cvk_origin){job->from.export, job->blob_pointer};
    if (job->blob.known)
        cvk_judgement_cite(j, s->c, from,
                           "the job left the config in storage account %.*s, "
                           "container %.*s, as %.*s",
                           CVK_SHOWN(cvk_case_text(s->c, job->account)),
                           CVK_SHOWN(cvk_case_text(s->c, job->container)),
                           CVK_SHOWN(cvk_case_text(s->c, job->blob)));
    if (!job->code.known)
        return;
    i = find_code(cvk_case_text(s->c, job->code));
    if (r->outcome == CVK_OUTCOME_UNDETERMINED && !s->named && i < N_CODES &&
        !contradicted(s, codes[i].code))
        decide(s, job, i, r, j);
    else
        compare(s, job, r, j);
}
