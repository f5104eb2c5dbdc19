/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=256 */
/* The header of a JWE: what is accepted is one JSON object, and cJSON finds
 * the same kid, alg and enc in it. */
#include "evidence/json_dom.h"
#include "evidence/jweheader.h"
#include "fuzz.h"
#include "reference.h"

static void check_member(struct cvk_dom_value root, const char *name,
                         struct cvk_slice value, struct cvk_slice header)
{
    struct cvk_dom_value v = cvk_dom_member(root, name);

    fuzz_require(v.kind == (value.p ? CVK_DOM_STRING : CVK_DOM_ABSENT));
    if (!value.p)
        return;
    fuzz_require(fuzz_inside(value, header) && value.n);
    fuzz_require(cvk_slice_equal(cvk_dom_text(v), value));
}

/* What cJSON does not read is a number of more digits than it knows. */
static bool holds_long_number(struct cvk_slice header)
{
    size_t run = 0;

    for (size_t i = 0; i < header.n && run <= 63; i++)
        run = memchr("0123456789+-.eE", header.p[i], 15) ? run + 1 : 0;
    return run > 63;
}

static void check_accepted(struct cvk_slice header,
                           const struct cvk_keybackup *k)
{
    static struct cvk_buf copy;
    static struct cvk_dom dom;
    enum cvk_code code;
    size_t end;

    if (!dom.arena.max) {
        cvk_dom_setup();
        cvk_dom_init(&dom);
    }
    fuzz_require(ref_json(header, &end) && end == header.n);
    code = cvk_dom_parse(&dom, fuzz_copy(&copy, header), header.n);
    if (code && holds_long_number(header))
        return;
    fuzz_require(code == CVK_OK);
    check_member(cvk_dom_root(&dom), "kid", k->kid, header);
    check_member(cvk_dom_root(&dom), "alg", k->alg, header);
    check_member(cvk_dom_root(&dom), "enc", k->enc, header);
    fuzz_require(k->alg.p && k->enc.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_keybackup k;
    struct cvk_slice header = cvk_slice_of(data, size);

    for (int hsm = 0; hsm < 2; hsm++) {
        const char *why = NULL;
        enum cvk_code code;

        k.format = hsm ? CVK_BACKUP_MANAGED_HSM_KEY : CVK_BACKUP_KEY_VAULT_KEY;
        k.newer = 0;
        k.kid = k.alg = k.enc = (struct cvk_slice){0};
        code = cvk_jwe_header_parse(header, &k, &why);
        fuzz_require((code == CVK_OK) == (why == NULL));
        fuzz_require(!code || code == CVK_E_BLOB_HEADER ||
                     code == CVK_E_BLOB_SEGMENTS);
        if (!code)
            check_accepted(header, &k);
    }
    return 0;
}
