/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=1024 */
/* A config document: everything that was found in it cJSON finds at the same
 * pointer, and key material is never among the fields. */
#include "evidence/config.h"
#include "evidence/json_dom.h"
#include "evidence/json_string.h"
#include "fuzz.h"
#include "reference.h"

static struct cvk_config config;
static struct cvk_dom dom;
static struct cvk_slice doc;

static struct cvk_slice text_of(struct cvk_text t)
{
    return cvk_text_slice(&config.text, t);
}

/* The string at a pointer as cJSON has it. False if there is none, or more
 * than one. */
static bool find(struct cvk_text pointer, struct cvk_slice *value)
{
    static struct cvk_buf name = {.max = CVK_MAX_POINTER + 1};
    bool ambiguous;
    const char *s = cvk_dom_string(&dom, text_of(pointer), &name, &ambiguous);

    *value = cvk_slice_of(s, s ? strlen(s) : 0);
    return s && !ambiguous;
}

/* What a token stands for, up to the first U+0000. */
static struct cvk_slice unescape(struct cvk_span token)
{
    static struct cvk_buf value = {.max = 1 << 26};

    value.n = 0;
    fuzz_require(
        cvk_json_unescape(cvk_slice_cut(doc, token.from, token.to), &value));
    return cvk_slice_cut(cvk_buf_slice(&value), 0,
                         cvk_slice_find(cvk_buf_slice(&value), 0));
}

static void check_span(struct cvk_span s)
{
    fuzz_require(s.from <= s.to && s.to <= doc.n);
}

static void check_backup(const struct cvk_config_backup *b)
{
    struct cvk_slice value;

    check_span(b->token);
    check_span(b->object);
    fuzz_require(doc.p[b->object.from] == '{');
    fuzz_require(b->ordinal >= 1 && b->ordinal <= config.n_backups);
    if (b->is_string && b->pointer.known && find(b->pointer, &value))
        fuzz_require(cvk_slice_equal(value, unescape(b->token)));
    else
        fuzz_require(!b->is_string || !b->pointer.known || b->ambiguous);
}

static void check_fact(const struct cvk_fact *f)
{
    struct cvk_slice value, said = text_of(f->value);

    check_span(f->token);
    fuzz_require(f->value.known);
    said.n = cvk_slice_find(said, 0);
    fuzz_require(cvk_slice_equal(said, unescape(f->token)));
    if (f->pointer.known && find(f->pointer, &value))
        fuzz_require(cvk_slice_equal(value, said));
}

static void check_field(const struct cvk_field *f)
{
    static const struct cvk_slice secrets[] = {
        {(const uint8_t *)"/KeyBackupData", 14},
        {(const uint8_t *)"/SecretData", 11},
        {(const uint8_t *)"/KeyVaultSecretBackupData", 25},
    };
    struct cvk_slice value, said = text_of(f->value);

    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        fuzz_require(!cvk_slice_ends_nocase(text_of(f->pointer), secrets[i]));
    fuzz_require(f->value.known && said.n <= CVK_MAX_FIELD_SIZE);
    if (!f->is_string || !f->pointer.known || !find(f->pointer, &value))
        return;
    said.n = cvk_slice_find(said, 0);
    fuzz_require(config.fields_cut ? cvk_slice_starts(value, said)
                                   : cvk_slice_equal(value, said));
}

static void check_accepted(void)
{
    size_t end;

    fuzz_require(ref_json(doc, &end) && end == config.used);
    for (; end < doc.n; end++)
        fuzz_require(memchr(" \t\r\n", doc.p[end], 5));
    fuzz_require(config.n_backups >= 1);
    if (cvk_dom_parse(&dom, doc, config.values)) {
        /* a number of more digits than cJSON reads */
        fuzz_require(doc.n > 63);
        return;
    }
    for (size_t i = 0; i < config.n_backups; i++)
        check_backup(&config.backups[i]);
    for (size_t i = 0; i < config.n_facts; i++)
        check_fact(&config.facts[i]);
    for (size_t i = 0; i < config.n_fields; i++)
        check_field(&config.fields[i]);
    for (size_t i = 0; i < config.n_secrets; i++)
        check_span(config.secrets[i].token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf copy;
    enum cvk_code code;

    if (!dom.arena.max) {
        cvk_dom_setup();
        cvk_dom_init(&dom);
        cvk_config_init(&config);
    }
    doc = fuzz_copy(&copy, cvk_slice_of(data, size));
    code = cvk_config_parse(&config, doc);
    fuzz_require(code != CVK_E_MEMORY);
    if (!code) {
        check_accepted();
        return 0;
    }
    fuzz_require(cvk_code_class(code) == CVK_CLASS_INPUT);
    fuzz_require(config.error_at <= size && config.why[0]);
    fuzz_require(!config.has_other || config.other_at < config.error_at);
    return 0;
}
