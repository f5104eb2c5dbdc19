/* SPDX-License-Identifier: MIT */
#include "evidence/claims.h"

#include <stdio.h>

#include "base/escape.h"
#include "evidence/azid.h"

struct task {
    struct cvk_dom_value record;
    const struct cvk_dom *config;
    struct cvk_buf *name;
    char *why;
};

static enum cvk_code differ(const struct task *t, const char *what,
                            struct cvk_slice says, const char *where,
                            struct cvk_slice found)
{
    char a[CVK_MAX_SHOWN], b[CVK_MAX_SHOWN];

    snprintf(t->why, CVK_MAX_FINDING_TEXT,
             "the manifest says %s is '%s', but %s '%s'", what,
             cvk_escape_shown(a, says), where, cvk_escape_shown(b, found));
    return CVK_E_VERIFY_FACTS;
}

/* ---- values at pointers ------------------------------------------------- */

/* A string too long for a record was cut between two characters. */
static bool may_be_cut(struct cvk_slice says)
{
    return says.n > CVK_MAX_FIELD_SIZE - 4;
}

static enum cvk_code compare_at(const struct task *t, const char *what,
                                struct cvk_slice pointer,
                                struct cvk_dom_value says)
{
    struct cvk_slice text = cvk_dom_text(says), found;
    struct cvk_dom_value v;
    bool ambiguous;

    v = cvk_dom_at(t->config, pointer, t->name, &ambiguous);
    /* which of two values was meant cannot be told */
    if (ambiguous || cvk_dom_equal(says, v))
        return CVK_OK;
    found = cvk_dom_text(v);
    if (may_be_cut(text) && cvk_slice_starts(found, text))
        return CVK_OK;
    return differ(t, what, text.p ? text : CVK_LITERAL("no string"),
                  "the config has", found.p ? found : CVK_LITERAL("nothing"));
}

static enum cvk_code check_value(const struct task *t, const char *object,
                                 const char *name, const char *pointer_name,
                                 struct cvk_slice *value)
{
    struct cvk_dom_value o = cvk_dom_member(t->record, object);
    struct cvk_dom_value says = cvk_dom_member(o, name);
    struct cvk_slice pointer = cvk_dom_text(cvk_dom_member(o, pointer_name));
    char what[CVK_MAX_SHOWN];

    *value = cvk_dom_text(says);
    if (!value->p)
        return CVK_OK;
    snprintf(what, sizeof what, "%s.%s", object, name);
    return pointer.n
               ? compare_at(t, what, pointer, says)
               : differ(t, what, *value, "with", CVK_LITERAL("no pointer"));
}

static enum cvk_code check_fields(const struct task *t)
{
    struct cvk_dom_value f = cvk_dom_first(cvk_dom_member(t->record, "fields"));

    for (; f.kind != CVK_DOM_ABSENT; f = cvk_dom_next(f)) {
        struct cvk_slice pointer = cvk_dom_text(cvk_dom_member(f, "pointer"));
        char what[CVK_MAX_SHOWN];
        enum cvk_code code = compare_at(t, cvk_escape_shown(what, pointer),
                                        pointer, cvk_dom_member(f, "value"));

        if (code)
            return code;
    }
    return CVK_OK;
}

/* ---- parts of identifiers ----------------------------------------------- */

/* A part that the whole does not have may come from elsewhere. */
static enum cvk_code check_part(const struct task *t, const char *object,
                                const char *name, struct cvk_slice part)
{
    struct cvk_dom_value o = cvk_dom_member(t->record, object);
    struct cvk_slice says = cvk_dom_text(cvk_dom_member(o, name));
    char what[CVK_MAX_SHOWN];

    if (!part.p || !says.p || cvk_slice_equal(part, says))
        return CVK_OK;
    snprintf(what, sizeof what, "%s.%s", object, name);
    return differ(t, what, says, "its identifier has", part);
}

static enum cvk_code check_url(const struct task *t, const char *object,
                               bool (*parse)(struct cvk_slice text,
                                             struct cvk_key_url *url))
{
    struct cvk_key_url url = {0};
    struct cvk_slice value;
    enum cvk_code code = check_value(t, object, "url", "url_pointer", &value);

    if (code || !value.p)
        return code;
    if (!parse(value, &url))
        return differ(t, object, value, "that is", CVK_LITERAL("no such URL"));
    code = check_part(t, object, "name", url.name);
    if (!code)
        code = check_part(t, object, "version", url.version);
    return code ? code : check_part(t, object, "vault", url.vault);
}

static enum cvk_code check_des(const struct task *t)
{
    struct cvk_arm_id id = {0};
    struct cvk_slice value;
    enum cvk_code code = check_value(t, "des", "id", "id_pointer", &value);

    if (code || !value.p)
        return code;
    if (!cvk_arm_id_parse(value, &id))
        return differ(t, "des.id", value, "that is",
                      CVK_LITERAL("no resource id"));
    code = check_part(t, "des", "name", id.name);
    if (!code)
        code = check_part(t, "des", "resource_group", id.resource_group);
    return code ? code : check_part(t, "des", "subscription", id.subscription);
}

enum cvk_code cvk_claims_check(const struct cvk_dom *record,
                               const struct cvk_dom *config,
                               struct cvk_buf *name,
                               char why[CVK_MAX_FINDING_TEXT])
{
    struct task t = {cvk_dom_root(record), config, name, why};
    enum cvk_code code = check_url(&t, "key", cvk_key_url_parse);

    if (!code)
        code = check_des(&t);
    if (!code)
        code = check_url(&t, "secret", cvk_secret_url_parse);
    return code ? code : check_fields(&t);
}
