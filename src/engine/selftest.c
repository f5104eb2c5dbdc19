/* SPDX-License-Identifier: MIT */
#include "engine/selftest.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "engine/extract.h"
#include "evidence/b64.h"
#include "input/gzip.h"

/* A config made for this purpose: the anatomy of a key backup around bytes that
 * are SHA-256 of numbers. MAGIC and REST are one of a key vault, HSM is one of
 * a Managed HSM. */
#define MAGIC "JkF6dXJlS2V5VmF1bHRLZXlCYWNrdXBWMS5taWNyb3NvZnQuY29t"
#define SECRET_MAGIC                                                           \
    "KUF6dXJlS2V5VmF1bHRTZWNyZXRCYWNrdXBWMS5taWNyb3NvZnQuY29t"
#define REST                                                                   \
    "ZXlKcmFXUWlPaUl3TURBd01EQXdNQzB4TVRFeExUSXlNakl0TXpNek15MDBORFEwTkRR" \
    "ME5EUTBORFFpTENKaGJHY2lPaUpTVTBFdFQwRkZVQzB5TlRZaUxDSmxibU1pT2lKQk1q" \
    "VTJRMEpETFVoVE5URXlJbjAuNWZWaXB0SW9jUmY3eGNVWVBvM2J1S05TQ0szNV9QUFht" \
    "Y25WRWRpMGthTTRYYVh0NE5fQ2l4aGFCNEVqbXlBdFNfTXQ4ZjBqWXRURmNGRkFoWXBG" \
    "X2xCM3A2dmE4N2tUSmxLaG5yY2JkMzdmeUVVMDV6cG1hTWp2WE9GVDAzVEFBSTNsWlVz" \
    "dGM5Z0dHN0tnSG55ZllZMm5hOGlBWFEzdHNabEN6ZUxWemxvVFhOQ0xlY1lqVFFJWEhr" \
    "WnJUalFTM3pjcGRvNEhTMlVYSzNqMGs3dEpwOUw3UTJJdGdGLVBDNXJlaFRCUS13bDlI" \
    "MnpScDJ6TzhUcm5QeG9SbXctT1NPc0RRTVlNMzlwX0tTaFh6M1pMRHA2YndtbXVfQldP" \
    "UnpmOE9XYWdSTklrbHpNV21KUUtuVGg1VG9TWlFnbF9DNi1hWEd0Vnc3Qm8zQmpqQlNk" \
    "amhnLl8ybmdKZ1UzVXpFSXVHcmdCaFBiWHcubndRQWctYmVERnVuMHdfTl9FQlYwbmxu" \
    "RGl3N2phSVdQVThScWxMZ2FJZl9uUFlRRm9XS1dudG9IZnhjSUZPVElLSDdnUHBFcVFr" \
    "NHVrTFhJb3hSa1p5Z0UxM0tfR2k1UVVQd0l0MlB6T1lEbkZjZ3pxY281Tks3YXRYRENm" \
    "MHhqZjlyX3NHbFhFZkxKSnRjYWxtVlQxaTMwcUtxclhMbFFodC1OSzlrdU5WdG1hRDhQ" \
    "SkppQWRSTFExMmprVUIxLkROR2xpMEVOSWVfM1g2OVNOUng4bGlKc2tEY3AySmU4NU9X" \
    "enFuT0JIbUk="
#define HSM                                                                    \
    "ZXlKaGJHY2lPaUprYVhJaUxDSmxibU1pT2lKQk1qVTJRMEpETFVoVE5URXlJaXdpYTJs" \
    "a0lqb2lZbUZqYTNWd0xYQnliM1JsWTNScGIyNHRhMlY1SW4wLi5fMm5nSmdVM1V6RUl1" \
    "R3JnQmhQYlh3Lm53UUFnLWJlREZ1bjB3X05fRUJWMG5sbkRpdzdqYUlXUFU4UnFsTGdh" \
    "SWZfblBZUUZvV0tXbnRvSGZ4Y0lGT1RJS0g3Z1BwRXFRazR1a0xYSW94UmtaeWdFMTNL" \
    "X0dpNVFVUHdJdDJQek9ZRG5GY2d6cWNvNU5LN2F0WERDZjB4amY5cl9zR2xYRWZMSkp0" \
    "Y2FsbVZUMWkzMHFLcXJYTGxRaHQtTks5a3VOVnRtYUQ4UEpKaUFkUkxRMTJqa1VCMS5E" \
    "TkdsaTBFTkllXzNYNjlTTlJ4OGxpSnNrRGNwMkplODVPV3pxbk9CSG1J"
#define DATA "\"KeyBackupData\":"
static const char document[] =
    "{\"OsDiskEncryptionDetails\":{"
    "\"KeyVaultResourceType\":\"Microsoft.KeyVault/vaults\"," DATA
    "\"" MAGIC REST "\"}}";

/* SHA-256 of the blobs, by sha256sum(1) of what base64(1) decodes. */
#define VAULT_BLOB                                                             \
    "e918b0b0290bbfe79907545703611489fa6f2b452313443efd16b1582dad9fb5"
#define HSM_BLOB                                                               \
    "658004e86eef711bad2376768cb453dd4004c002848f54c5db5a52c20bb7eda1"

enum form { AS_IT_IS, UTF_16, GZIP };

/* The document with its first old replaced, and what is known of it. */
static const struct document_case {
    const char *name;
    const char *old, *new;
    enum form form;
    enum cvk_code code;
    const char *blob; /* SHA-256, where code is CVK_OK */
} document_cases[] = {
    {"config: key vault", "", "", AS_IT_IS, CVK_OK, VAULT_BLOB},
    {"config: Managed HSM", MAGIC REST, HSM, AS_IT_IS, CVK_OK, HSM_BLOB},
    {"config: UTF-16", "", "", UTF_16, CVK_OK, VAULT_BLOB},
    {"config: byte order mark", "{", "\xef\xbb\xbf{", AS_IT_IS, CVK_OK,
     VAULT_BLOB},
    {"config: gzip", "", "", GZIP, CVK_OK, VAULT_BLOB},
    {"config: escapes", "JkF6", "\\u004akF6", AS_IT_IS, CVK_OK, VAULT_BLOB},
    {"base64: white space", REST, " \\r\\n\\t" REST, AS_IT_IS, CVK_OK,
     VAULT_BLOB},
    {"base64: no padding", "=", "", AS_IT_IS, CVK_OK, VAULT_BLOB},
#define REFUSE(name, old, new, code) {name, old, new, AS_IT_IS, code, NULL}
    REFUSE("base64: padding", "=", "==", CVK_E_B64_PADDING),
    REFUSE("base64: length", "=", "AA", CVK_E_B64_LENGTH),
    REFUSE("base64: alphabet", "JkF6", "J*F6", CVK_E_B64_ALPHABET),
    REFUSE("base64: base64url", "JkF6", "J-F6", CVK_E_B64_URL_ALPHABET),
    REFUSE("JSON: duplicate name", DATA, DATA "1," DATA,
           CVK_E_JSON_DUPLICATE_NAME),
    REFUSE("JSON: names that differ in case", DATA, "\"keybackupdata\":1," DATA,
           CVK_E_JSON_DUPLICATE_NAME),
    REFUSE("JSON: text behind the end", "}}", "}}x", CVK_E_JSON_TRAILING),
    REFUSE("JSON: comma before the end", "}}", ",}}",
           CVK_E_JSON_TRAILING_COMMA),
    REFUSE("JSON: cut", "}}", "}", CVK_E_JSON_TRUNCATED),
    REFUSE("JSON: lone surrogate", DATA, "\"x\":\"\\ud800\"," DATA,
           CVK_E_JSON_SURROGATE),
    REFUSE("JSON: number", DATA, "\"x\":01," DATA, CVK_E_JSON_NUMBER),
    REFUSE("JSON: raw line feed", DATA, "\"x\":\"\n\"," DATA,
           CVK_E_JSON_CONTROL),
    REFUSE("JSON: NUL in a name", DATA, "\"x\\u0000\":1," DATA,
           CVK_E_JSON_NUL),
    REFUSE("JSON: no UTF-8", DATA, "\"x\":\"\xff\"," DATA, CVK_E_TEXT_UTF8),
    REFUSE("config: no details", "OsDiskEncryption", "x",
           CVK_E_CONFIG_NO_DETAILS),
    REFUSE("config: null", "\"" MAGIC REST "\"", "null",
           CVK_E_CONFIG_KEY_DATA_NULL),
    REFUSE("config: empty", MAGIC REST, "", CVK_E_CONFIG_KEY_DATA_EMPTY),
    REFUSE("backup: of a secret", MAGIC, SECRET_MAGIC, CVK_E_BLOB_SECRET),
    REFUSE("backup: length byte", "JkF6", "J0F6", CVK_E_BLOB_LENGTH_BYTE),
    REFUSE("backup: cut", "enFuT0JIbUk=", "", CVK_E_BLOB_TRUNCATED),
    REFUSE("backup: bytes behind the end", "=\"", "A\"", CVK_E_BLOB_TRAILING),
    REFUSE("backup: header", "ZXlK", "ZXlL", CVK_E_BLOB_HEADER),
#undef REFUSE
};

/* FIPS 180-4, with the digests that NIST publishes for these messages. */
static const struct {
    const char *message, *digest;
} hash_cases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

/* RFC 4648, section 10. */
static const struct {
    const char *text, *bytes;
} base64_cases[] = {
    {"Zg==", "f"},       {"Zm8=", "fo"},        {"Zm9v", "foo"},
    {"Zm9vYg==", "foob"}, {"Zm9vYmE=", "fooba"}, {"Zm9vYmFy", "foobar"},
};

/* ---- one case ----------------------------------------------------------- */

struct run {
    struct cvk_extract *x;
    struct cvk_result result;
    struct cvk_item item;
    struct cvk_buf text; /* of a document before it is packed */
    size_t blobs;
    char blob[CVK_SHA256_HEX_SIZE]; /* of the document at hand */
    void *context;
    cvk_selftest_emit *emit;
};

static void tell(const struct run *t, const char *name, const char *expected,
                 const char *got)
{
    struct cvk_selftest_case c = {name, expected, got,
                                  strcmp(expected, got) == 0};

    t->emit(t->context, &c);
}

static struct cvk_slice slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static void test_hashes(const struct run *t)
{
    uint8_t digest[CVK_SHA256_SIZE];
    char hex[CVK_SHA256_HEX_SIZE];

    for (size_t i = 0; i < sizeof hash_cases / sizeof *hash_cases; i++) {
        cvk_sha256(slice(hash_cases[i].message), digest);
        cvk_sha256_hex(digest, hex);
        tell(t, "SHA-256: FIPS 180-4", hash_cases[i].digest, hex);
    }
}

static void test_base64(const struct run *t)
{
    for (size_t i = 0; i < sizeof base64_cases / sizeof *base64_cases; i++) {
        uint8_t bytes[16] = "";
        struct cvk_b64 b64;
        enum cvk_code code =
            cvk_b64_decode(slice(base64_cases[i].text), bytes, &b64);

        bytes[code ? 0 : b64.size] = '\0';
        tell(t, "base64: RFC 4648", base64_cases[i].bytes,
             code ? cvk_code_id(code) : (const char *)bytes);
    }
}

/* The document of a case, in t->text. */
static bool write_text(struct run *t, const struct document_case *c)
{
    struct cvk_slice all = CVK_LITERAL(document);
    size_t at = *c->old ? cvk_slice_search(all, slice(c->old)) : 0;
    size_t behind = at < all.n ? at + strlen(c->old) : all.n;

    t->text.n = 0;
    return cvk_buf_append(&t->text, document, at) &&
           cvk_buf_append_string(&t->text, c->new) &&
           cvk_buf_append_string(&t->text, document + behind);
}

static bool append_number(struct cvk_buf *out, uint32_t n)
{
    return cvk_buf_append_byte(out, (uint8_t)n) &&
           cvk_buf_append_byte(out, (uint8_t)(n >> 8)) &&
           cvk_buf_append_byte(out, (uint8_t)(n >> 16)) &&
           cvk_buf_append_byte(out, (uint8_t)(n >> 24));
}

/* RFC 1952 around one stored block of RFC 1951. */
static bool append_gzip(struct cvk_buf *out, struct cvk_slice text)
{
    static const uint8_t head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1};
    uint32_t n = (uint32_t)text.n;

    return cvk_buf_append(out, head, sizeof head) &&
           append_number(out, n | ~n << 16) &&
           cvk_buf_append_slice(out, text) &&
           append_number(out, cvk_crc32(0, text)) && append_number(out, n);
}

/* It as a file would hold it, followed by a NUL that does not count. */
static bool write_input(struct run *t, const struct document_case *c)
{
    struct cvk_buf *raw = &t->x->file.raw;
    bool ok = write_text(t, c);

    raw->n = 0;
    if (c->form == GZIP)
        ok = ok && append_gzip(raw, cvk_buf_slice(&t->text));
    for (size_t i = 0; ok && c->form != GZIP && i < t->text.n; i++)
        ok = cvk_buf_append_byte(raw, t->text.p[i]) &&
             (c->form != UTF_16 || cvk_buf_append_byte(raw, 0));
    ok = ok && cvk_buf_reserve(raw, raw->n);
    if (ok)
        raw->p[raw->n] = 0;
    return ok;
}

/* A backup was found good. */
static void take(void *context, struct cvk_record *r, struct cvk_outfile *f,
                 const struct cvk_blob_source *from, struct cvk_slice blob,
                 size_t total)
{
    struct run *t = context;
    uint8_t digest[CVK_SHA256_SIZE];

    (void)f;
    (void)from;
    (void)total;
    cvk_sha256(blob, digest);
    cvk_sha256_hex(digest, t->blob);
    t->blobs += r->cross_checked; /* without it the blob does not count */
}

/* Through everything that an input goes through once it is read. */
static bool run_document(struct run *t, const struct document_case *c)
{
    const struct cvk_extract_sink sink = {.context = t, .take = take};
    struct cvk_extract *x = t->x;
    const struct cvk_finding *error;
    enum cvk_code code;

    t->blobs = 0;
    cvk_result_reset(&t->result);
    x->item = &t->item;
    x->source = &x->file;
    if (!write_input(t, c) || !cvk_result_reserve(&t->result, 1) ||
        !cvk_extract_begin(x, CVK_RECORD_EXTRACT))
        return false;
    code = cvk_source_take(x->source, CVK_DEFAULT_INPUT_SIZE);
    if (!cvk_extract_document(x, code, &sink, &t->result))
        return false;
    error = cvk_record_error(&t->result.records[0]);
    if (error && error->code == CVK_E_MEMORY)
        return false;
    tell(t, c->name, c->code ? cvk_code_id(c->code) : c->blob,
         error           ? cvk_code_id(error->code)
         : t->blobs == 1 ? t->blob
                         : "no blob that both readers derive");
    return true;
}

/* ---- all of them -------------------------------------------------------- */

enum cvk_code cvk_selftest_run(void *context, cvk_selftest_emit *emit)
{
    const struct cvk_extract_options options = {
        .type = CVK_RECORD_EXTRACT,
        .cross_check = true,
        .max_input_size = CVK_DEFAULT_INPUT_SIZE,
    };
    struct run t = {.context = context, .emit = emit};
    bool ok;

    t.x = cvk_extract_new(&options);
    cvk_result_init(&t.result);
    cvk_item_init(&t.item);
    cvk_buf_init(&t.text, 2 * sizeof document);
    test_hashes(&t);
    test_base64(&t);
    ok = t.x && cvk_buf_append(&t.item.text, "selftest", sizeof "selftest");
    for (size_t i = 0;
         ok && i < sizeof document_cases / sizeof *document_cases; i++)
        ok = run_document(&t, &document_cases[i]);
    cvk_buf_clear(&t.text);
    cvk_item_clear(&t.item);
    cvk_result_clear(&t.result);
    cvk_extract_free(t.x);
    return ok ? CVK_OK : CVK_E_MEMORY;
}
