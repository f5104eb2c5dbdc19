/* SPDX-License-Identifier: MIT */
#include "restore/judge.h"

#include <string.h>

#include "restore/explain.h"
#include "restore/jobcheck.h"
#include "restore/missing.h"
#include "restore/remedy.h"
#include "restore/target.h"
#include "restore/veto.h"

static const char undetermined[] = "undetermined";

struct cvk_ruling cvk_judge_tier(const struct cvk_situation *s)
{
    struct cvk_ruling r = {.scenario = undetermined,
                           .outcome = CVK_OUTCOME_UNDETERMINED};
    const struct cvk_rule_outcome *o;

    r.rule = cvk_rule_find(s, &r.needs);
    if (!r.rule)
        return r;
    o = s->snapshot ? &r.rule->snapshot : &r.rule->vault;
    r.scenario = r.rule->scenario;
    r.outcome = o->outcome;
    r.code = o->code;
    r.remedy = r.rule->remedy;
    if (r.outcome == CVK_OUTCOME_SUCCEEDS)
        cvk_veto_apply(s, &r);
    return r;
}

static bool same_code(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The same answer from both tiers is the answer; else the tier is missing. */
static struct cvk_ruling combine(const struct cvk_ruling *snapshot,
                                 const struct cvk_ruling *vault)
{
    struct cvk_ruling r = *vault;

    if (vault->outcome != CVK_OUTCOME_UNDETERMINED &&
        snapshot->outcome == vault->outcome &&
        same_code(snapshot->code, vault->code))
        return r;
    r.outcome = CVK_OUTCOME_UNDETERMINED;
    r.code = NULL;
    r.needs = snapshot->needs | vault->needs | CVK_NEEDS_TIER;
    if (strcmp(snapshot->scenario, vault->scenario) != 0) {
        r.rule = NULL;
        r.scenario = undetermined;
    }
    if (snapshot->remedy != vault->remedy)
        r.remedy = CVK_REMEDY_NONE;
    return r;
}

static struct cvk_ruling judge(struct cvk_situation *s, struct cvk_judgement *j)
{
    struct cvk_ruling snapshot, vault;

    if (s->tier != CVK_TIER_UNKNOWN) {
        cvk_situation_set_tier(s, s->tier == CVK_TIER_SNAPSHOT);
        return cvk_judge_tier(s);
    }
    cvk_situation_set_tier(s, true);
    snapshot = cvk_judge_tier(s);
    cvk_situation_set_tier(s, false);
    vault = cvk_judge_tier(s);
    cvk_explain_tiers(j, &snapshot, &vault);
    return combine(&snapshot, &vault);
}

enum cvk_code cvk_judge(const struct cvk_case *c, struct cvk_judgement *j)
{
    struct cvk_situation s;
    struct cvk_ruling r;

    cvk_situation_init(&s, c);
    cvk_explain_sources(&s, j);
    r = judge(&s, j);
    cvk_explain_state(&s, j);
    cvk_jobcheck_apply(&s, &r, j);
    cvk_explain_ruling(&s, &r, j);
    cvk_remedy_write(&s, &r, j);
    cvk_missing_write(&s, &r, j);
    j->scenario = r.scenario;
    j->outcome = r.outcome;
    j->error_code = r.code;
    j->tier = s.tier;
    if (r.outcome != CVK_OUTCOME_UNDETERMINED || r.needs == CVK_NEEDS_TIER)
        j->repair = r.remedy;
    cvk_target_judge(&s, j);
    cvk_findings_close(&j->record.findings, &j->record.text);
    return j->text.failed || j->record.text.failed ? CVK_E_MEMORY : CVK_OK;
}
