/* SPDX-License-Identifier: MIT */
#include "evidence/keybackup.h"

#include <stdio.h>

#include "evidence/b64.h"
#include "evidence/jweheader.h"

#define VENDOR "AzureKeyVault"
#define DOMAIN ".microsoft.com"

/* Every magic seen is VENDOR, what it holds, "BackupV1", DOMAIN. */
static const struct magic {
    struct cvk_slice start;
    enum cvk_backup_format format;
} magics[] = {
    {{(const uint8_t *)VENDOR "KeyBackupV", sizeof VENDOR "KeyBackupV" - 1},
     CVK_BACKUP_KEY_VAULT_KEY},
    {{(const uint8_t *)VENDOR "SecretBackupV",
      sizeof VENDOR "SecretBackupV" - 1},
     CVK_BACKUP_KEY_VAULT_SECRET},
};

enum {
    MAX_MAGIC = 127, /* the length is one 7-bit byte */
    AES_BLOCK = 16,
    /* A run of NULs this long was never written; fewer are damage. */
    ZERO_HOLE = 16,
};

/* Sizes by enc, RFC 7518 section 5.2; tag sizes seen in backups of each. */
static const struct {
    const char *enc;
    size_t tag;
} encs[] = {{"A256CBC-HS512", 32}, {"A128CBC-HS256", 16}};

struct cursor {
    struct cvk_slice s;
    size_t start; /* of the JWE */
    size_t at;
    bool odd_length; /* a segment has a length that base64url cannot have */
    struct cvk_keybackup *k;
};

static enum cvk_code fail(struct cvk_keybackup *k, enum cvk_code code,
                          size_t at, const char *why)
{
    k->error_at = at;
    snprintf(k->why, sizeof k->why, "%s", why);
    return code;
}

static enum cvk_code fail_size(struct cvk_keybackup *k, enum cvk_code code,
                               size_t at, const char *what, size_t got,
                               const char *wanted)
{
    k->error_at = at;
    snprintf(k->why, sizeof k->why, "the %s has %zu byte%s instead of %s", what,
             got, got == 1 ? "" : "s", wanted);
    return code;
}

static bool text_is(struct cvk_slice s, const char *word)
{
    return cvk_slice_equal(s, cvk_slice_of(word, strlen(word)));
}

/* ---- the start: which container is it ---------------------------------- */

/* Length of the magic that starts at s, 0 if there is none. *known is false
 * for a version not seen. */
static size_t magic_length(struct cvk_slice s, const struct magic *m,
                           bool *known)
{
    size_t n = m->start.n, digits;

    if (!cvk_slice_starts(s, m->start))
        return 0;
    for (digits = n; digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9';)
        digits++;
    if (digits == n || !cvk_slice_starts(cvk_slice_cut(s, digits, s.n),
                                         CVK_LITERAL(DOMAIN)))
        return 0;
    *known = digits == n + 1 && s.p[n] == '1';
    return digits + sizeof DOMAIN - 1;
}

/* True if s is the beginning of the magic m and ends inside it. */
static bool is_cut_magic(struct cvk_slice s, const struct magic *m)
{
    size_t digits = m->start.n;

    if (s.n <= m->start.n)
        return s.n >= sizeof VENDOR - 1 && cvk_slice_starts(m->start, s);
    if (!cvk_slice_starts(s, m->start))
        return false;
    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    return digits > m->start.n && s.n - digits < sizeof DOMAIN - 1 &&
           cvk_slice_starts(CVK_LITERAL(DOMAIN),
                            cvk_slice_cut(s, digits, s.n));
}

/* Looks for a magic at at; *length is 0 if there is none. */
static const struct magic *find_magic(struct cvk_slice s, size_t at,
                                      size_t *length, bool *known)
{
    struct cvk_slice rest = cvk_slice_cut(s, at, s.n);

    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        *length = magic_length(rest, &magics[i], known);
        if (*length)
            return &magics[i];
    }
    return NULL;
}

/* No container starts here: say the likeliest reason. */
static enum cvk_code explain_start(struct cursor *c)
{
    struct cvk_slice head = cvk_slice_cut(c->s, 0, c->s.n < 160 ? c->s.n : 160);
    size_t length;
    bool known;

    if (find_magic(c->s, 0, &length, &known))
        return fail(c->k, CVK_E_BLOB_LENGTH_BYTE, 0,
                    "the length byte before the magic is missing");
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (c->s.n > 1 && is_cut_magic(cvk_slice_cut(c->s, 1, c->s.n),
                                       &magics[i]))
            return fail(c->k, CVK_E_BLOB_TRUNCATED, c->s.n,
                        "the key backup ends inside its magic");
    if (cvk_keybackup_looks_base64(c->s))
        return fail(c->k, CVK_E_B64_TWICE, 0,
                    "the key data is base64 of base64");
    if (cvk_slice_search(head, CVK_LITERAL("microsoft.com")) < head.n ||
        cvk_slice_search(head, CVK_LITERAL(VENDOR)) < head.n ||
        cvk_slice_search(head, CVK_LITERAL("eyJ")) < head.n)
        return fail(c->k, CVK_E_BLOB_HEADER, 0,
                    "the start of the key backup is missing or altered");
    return fail(c->k, CVK_E_BLOB_UNKNOWN_FORMAT, 0,
                "the decoded key data does not start like a key backup");
}

static enum cvk_code read_container(struct cursor *c)
{
    const struct magic *m;
    size_t length = 0;
    bool known = true;

    if (cvk_slice_starts(c->s, CVK_LITERAL("eyJ"))) {
        c->k->format = CVK_BACKUP_MANAGED_HSM_KEY;
        return CVK_OK;
    }
    m = c->s.n ? find_magic(c->s, 1, &length, &known) : NULL;
    if (!m)
        return explain_start(c);
    if (length > MAX_MAGIC || c->s.p[0] != length)
        return fail(c->k, CVK_E_BLOB_LENGTH_BYTE, 0,
                    "the length byte does not fit the magic");
    c->k->format = m->format;
    if (!known)
        c->k->newer |= CVK_NEWER_MAGIC;
    c->start = c->at = 1 + length;
    return CVK_OK;
}

/* ---- segments ----------------------------------------------------------- */

/* Where the segment that starts at c->at ends: the first byte that is no
 * base64url character, or the end of the data. */
static size_t segment_end(const struct cursor *c)
{
    size_t at = c->at;

    while (at < c->s.n && cvk_b64url_char(c->s.p[at]))
        at++;
    return at;
}

/* A byte at at that no segment may hold. */
static enum cvk_code fail_byte(struct cursor *c, size_t at)
{
    size_t zeros = at;

    while (zeros < c->s.n && c->s.p[zeros] == 0)
        zeros++;
    c->k->error_at = at;
    if (zeros - at >= ZERO_HOLE) {
        snprintf(c->k->why, sizeof c->k->why,
                 "%zu zero bytes stand inside the key backup", zeros - at);
        return CVK_E_BLOB_ZERO_HOLE;
    }
    snprintf(c->k->why, sizeof c->k->why,
             "byte 0x%02x cannot stand inside a key backup", c->s.p[at]);
    return CVK_E_BLOB_ALPHABET;
}

/* Decodes the segment [c->at, end) to out, and names it in errors. size_code
 * is the cause if its length is impossible. */
static enum cvk_code decode_segment(struct cursor *c, size_t end,
                                    const char *name, enum cvk_code size_code,
                                    uint8_t *out, size_t *size)
{
    size_t bad;
    char why[CVK_MAX_SHOWN];

    switch (cvk_b64url_decode(cvk_slice_cut(c->s, c->at, end), out, size,
                              &bad)) {
    case CVK_B64URL_ALPHABET:
        return fail_byte(c, c->at + bad);
    case CVK_B64URL_LENGTH:
        c->odd_length = true;
        snprintf(why, sizeof why, "the %s has an impossible length", name);
        return fail(c->k, size_code, end, why);
    case CVK_B64URL_UNUSED_BITS:
        snprintf(why, sizeof why, "the %s does not end canonically", name);
        return fail(c->k, CVK_E_BLOB_UNUSED_BITS, c->at + bad, why);
    default:
        return CVK_OK;
    }
}

/* Reads a segment that a dot must end, and moves behind the dot. */
static enum cvk_code read_segment(struct cursor *c, const char *name,
                                  enum cvk_code size_code, size_t room,
                                  uint8_t *out, size_t *size)
{
    struct cvk_slice rest = cvk_slice_cut(c->s, c->at, c->s.n);
    size_t end = c->at + cvk_slice_find(rest, '.');
    enum cvk_code code;
    char why[CVK_MAX_SHOWN];

    if (end == c->s.n) {
        end = segment_end(c);
        if (end < c->s.n)
            return fail_byte(c, end);
        snprintf(why, sizeof why, "the key backup ends inside its %s", name);
        return fail(c->k, CVK_E_BLOB_TRUNCATED, end, why);
    }
    if (cvk_b64_room(end - c->at) > room)
        return fail(c->k, CVK_E_BLOB_SEGMENTS, c->at,
                    "a segment is far too long: a dot between two is missing");
    code = decode_segment(c, end, name, size_code, out, size);
    if (!code)
        c->at = end + 1;
    return code;
}

static bool is_rsa(struct cvk_slice alg)
{
    return text_is(alg, "RSA-OAEP") || text_is(alg, "RSA-OAEP-256");
}

/* True if a header that no magic stands before can only be a key vault's: it
 * wraps by an alg that is not an HSM's, and its kid is not an HSM's either, but
 * a GUID or where vaults have it. RSA alone is enough, since all vaults and no
 * HSM have it. What is left may be a newer format of an HSM. */
static bool is_vault_header(const struct cvk_keybackup *k, size_t size)
{
    return !text_is(k->alg, "dir") && !text_is(k->kid, CVK_HSM_KID) &&
           (is_rsa(k->alg) || cvk_guid_valid(k->kid) ||
            cvk_slice_starts(cvk_slice_of(k->header, size),
                             CVK_LITERAL("{\"kid\"")));
}

static enum cvk_code read_header(struct cursor *c)
{
    struct cvk_keybackup *k = c->k;
    size_t size = 0, start = c->at;
    const char *why;
    enum cvk_code code = read_segment(c, "JWE header", CVK_E_BLOB_HEADER,
                                      sizeof k->header, k->header, &size);

    if (code)
        return code;
    code = cvk_jwe_header_parse(cvk_slice_of(k->header, size), k, &why);
    if (code)
        return fail(k, code, start, why);
    if (start != 0 || !is_vault_header(k, size))
        return CVK_OK;
    k->format = CVK_BACKUP_UNKNOWN;
    return fail(k, CVK_E_BLOB_HEADER, start,
                "the magic of a key vault backup is missing before this JWE");
}

static enum cvk_code read_encrypted_key(struct cursor *c)
{
    uint8_t out[CVK_MAX_UNKNOWN_KEY * 2];
    struct cvk_keybackup *k = c->k;
    size_t n = 0, start = c->at;
    enum cvk_code code = read_segment(c, "encrypted key",
                                      CVK_E_BLOB_ENCRYPTED_KEY, sizeof out, out,
                                      &n);
    bool direct = text_is(k->alg, "dir");
    bool fits = n >= CVK_MIN_UNKNOWN_KEY && n <= CVK_MAX_UNKNOWN_KEY;

    if (code)
        return code;
    k->encrypted_key = n;
    /* vaults wrap with RSA, HSMs directly: the other way round is new */
    if (direct != (k->format == CVK_BACKUP_MANAGED_HSM_KEY))
        k->newer |= CVK_NEWER_ALG;
    if (direct)
        return n == 0 ? CVK_OK
                      : fail_size(k, CVK_E_BLOB_ENCRYPTED_KEY, start,
                                  "encrypted key", n, "none");
    if (!fits && (n != 0 || is_rsa(k->alg)))
        return fail_size(k, CVK_E_BLOB_ENCRYPTED_KEY, start, "encrypted key", n,
                         "128 to 1024");
    /* RSA-2048, -4096 seen; -3072 has never been, and would be no surprise */
    if (!is_rsa(k->alg))
        k->newer |= CVK_NEWER_ALG;
    else if (n != 256 && n != 384 && n != 512)
        k->newer |= CVK_NEWER_KEY_SIZE;
    return CVK_OK;
}

/* Tag size by enc; 0 if the enc is not known. */
static size_t tag_size(struct cvk_slice enc)
{
    for (size_t i = 0; i < sizeof encs / sizeof *encs; i++)
        if (text_is(enc, encs[i].enc))
            return encs[i].tag;
    return 0;
}

static enum cvk_code read_iv(struct cursor *c)
{
    uint8_t out[CVK_MAX_UNKNOWN_IV * 4];
    size_t start = c->at, n = 0;
    enum cvk_code code =
        read_segment(c, "IV", CVK_E_BLOB_IV, sizeof out, out, &n);

    if (code)
        return code;
    c->k->iv = n;
    if (tag_size(c->k->enc) && n != AES_BLOCK)
        return fail_size(c->k, CVK_E_BLOB_IV, start, "IV", n, "16");
    if (n < CVK_MIN_UNKNOWN_IV || n > CVK_MAX_UNKNOWN_IV)
        return fail_size(c->k, CVK_E_BLOB_IV, start, "IV", n, "1 to 64");
    return CVK_OK;
}

static enum cvk_code read_ciphertext(struct cursor *c, struct cvk_buf *scratch)
{
    size_t start = c->at, n = 0, room = cvk_b64_room(c->s.n - c->at);
    enum cvk_code code;

    scratch->n = 0;
    if (!cvk_buf_reserve(scratch, room))
        return CVK_E_MEMORY;
    code = read_segment(c, "ciphertext", CVK_E_BLOB_CIPHERTEXT, SIZE_MAX,
                        scratch->p, &n);
    if (code)
        return code;
    scratch->n = c->k->ciphertext = n;
    c->k->ciphertext_at = start;
    if (n == 0 || (tag_size(c->k->enc) && n % AES_BLOCK))
        return fail_size(c->k, CVK_E_BLOB_CIPHERTEXT, start, "ciphertext", n,
                         "a multiple of 16");
    return CVK_OK;
}

/* The last segment: nothing marks its end but its size, which enc gives. */
static enum cvk_code read_tag(struct cursor *c)
{
    uint8_t out[CVK_MAX_UNKNOWN_TAG * 2];
    size_t wanted = tag_size(c->k->enc), n = 0;
    size_t run = segment_end(c), end = run;
    enum cvk_code code;

    if (wanted && run - c->at > cvk_b64_length(wanted))
        end = c->at + cvk_b64_length(wanted);
    if (end == c->s.n && end - c->at < cvk_b64_length(wanted ? wanted
                                                  : CVK_MIN_UNKNOWN_TAG))
        return fail(c->k, CVK_E_BLOB_TRUNCATED, end,
                    "the key backup ends inside its tag");
    if (end - c->at > cvk_b64_length(CVK_MAX_UNKNOWN_TAG))
        return fail(c->k, CVK_E_BLOB_TAG, c->at,
                    "the tag is longer than any authentication tag");
    if (wanted && end - c->at < cvk_b64_length(wanted))
        return fail_byte(c, end);
    code = decode_segment(c, end, "tag", CVK_E_BLOB_TAG, out, &n);
    if (code == CVK_E_BLOB_UNUSED_BITS && run > end)
        return fail(c->k, CVK_E_BLOB_TAG, c->at,
                    "the tag is longer than its enc says");
    if (code)
        return code;
    c->k->tag = n;
    if (!wanted && n < CVK_MIN_UNKNOWN_TAG)
        return fail_size(c->k, CVK_E_BLOB_TAG, c->at, "tag", n, "16 to 64");
    if (!wanted)
        c->k->newer |= CVK_NEWER_ENC;
    c->k->used = end;
    return CVK_OK;
}

/* A wrong size with fewer than the four dots of a JWE: two segments stand
 * joined, rather than one being too long. */
static enum cvk_code explain_size(struct cursor *c, enum cvk_code code)
{
    size_t dots = 0;

    if (code != CVK_E_BLOB_ENCRYPTED_KEY && code != CVK_E_BLOB_IV &&
        code != CVK_E_BLOB_UNUSED_BITS && !c->odd_length)
        return code;
    for (size_t i = c->start; i < c->s.n; i++)
        dots += c->s.p[i] == '.';
    return dots >= 4 ? code
                     : fail(c->k, CVK_E_BLOB_SEGMENTS, c->at,
                            "a dot between two segments is missing");
}

enum cvk_code cvk_keybackup_parse(struct cvk_slice s, struct cvk_buf *scratch,
                                  struct cvk_keybackup *k)
{
    struct cursor c = {.s = s, .k = k};
    enum cvk_code code;

    k->format = CVK_BACKUP_UNKNOWN;
    k->used = k->error_at = 0;
    k->newer = 0;
    k->kid = k->alg = k->enc = (struct cvk_slice){0};
    k->encrypted_key = k->iv = k->ciphertext = k->tag = 0;
    k->ciphertext_at = 0;
    k->why[0] = '\0';
    code = read_container(&c);
    if (!code)
        code = read_header(&c);
    if (!code)
        code = read_encrypted_key(&c);
    if (!code)
        code = read_iv(&c);
    if (!code)
        code = read_ciphertext(&c, scratch);
    if (!code)
        code = read_tag(&c);
    return explain_size(&c, code);
}

enum cvk_code cvk_keybackup_check_kind(struct cvk_keybackup *k,
                                       enum cvk_code code, bool wants_secret)
{
    bool is_secret = k->format == CVK_BACKUP_KEY_VAULT_SECRET;

    if (code == CVK_E_MEMORY || k->format == CVK_BACKUP_UNKNOWN ||
        is_secret == wants_secret)
        return code;
    if (is_secret)
        return fail(k, CVK_E_BLOB_SECRET, 0,
                    "the key data is the backup of a secret, not of a key");
    return fail(k, CVK_E_BLOB_KEY, 0,
                "the secret's backup is the backup of a key");
}

enum cvk_code cvk_keybackup_check_end(struct cvk_slice s,
                                      struct cvk_keybackup *k)
{
    struct cvk_slice rest = cvk_slice_cut(s, k->used, s.n);
    char why[CVK_MAX_SHOWN];

    if (!rest.n)
        return CVK_OK;
    if (cvk_keybackup_looks_raw(rest))
        return fail(k, CVK_E_BLOB_GLUED, k->used,
                    "a second key backup follows the first");
    if (rest.p[0] == '.')
        return fail(k, CVK_E_BLOB_SEGMENTS, k->used,
                    "a sixth segment follows the tag");
    if (cvk_b64url_char(rest.p[0])) {
        snprintf(why, sizeof why, "%zu character%s the %zu bytes of tag that "
                 "its enc has", rest.n, rest.n == 1 ? " follows" : "s follow",
                 k->tag);
        return fail(k, CVK_E_BLOB_TAG, k->used, why);
    }
    snprintf(why, sizeof why, "%zu byte%s the end of the key backup", rest.n,
             rest.n == 1 ? " follows" : "s follow");
    return fail(k, CVK_E_BLOB_TRAILING, k->used, why);
}

/* ---- repeated blocks ---------------------------------------------------- */

/* NH, the hash of UMAC (RFC 4418 section 5.2), of one block, stirred: two
 * blocks have the same NH for one seed in 2^32, so without the seed nobody can
 * choose blocks that fall together. The factor is 2^64 divided by the golden
 * ratio. */
static size_t hash_block(const uint8_t *block, const uint32_t k[4])
{
    uint32_t m[4];
    uint64_t h;

    memcpy(m, block, sizeof m);
    h = (uint64_t)(m[0] + k[0]) * (m[1] + k[1]) +
        (uint64_t)(m[2] + k[2]) * (m[3] + k[3]);
    return (size_t)((h ^ h >> 32) * 0x9e3779b97f4a7c15u >> 32);
}

enum cvk_code cvk_keybackup_find_repeat(const struct cvk_buf *scratch,
                                        const uint8_t seed[16],
                                        struct cvk_buf *table, bool *found,
                                        size_t *first, size_t *again)
{
    size_t blocks = scratch->n / AES_BLOCK, slots = 16;
    uint32_t *slot, key[4];

    *found = false;
    while (slots < 2 * blocks)
        slots *= 2;
    if (!cvk_buf_reserve(table, slots * sizeof *slot))
        return CVK_E_MEMORY;
    slot = (uint32_t *)(void *)table->p; /* realloc: aligned */
    memset(slot, 0, slots * sizeof *slot);
    memcpy(key, seed, sizeof key);
    for (size_t i = 0; i < blocks; i++) {
        const uint8_t *block = scratch->p + i * AES_BLOCK;
        size_t h = hash_block(block, key) & (slots - 1);

        for (; slot[h]; h = (h + 1) & (slots - 1)) {
            size_t other = (size_t)(slot[h] - 1) * AES_BLOCK;

            if (memcmp(scratch->p + other, block, AES_BLOCK) != 0)
                continue;
            *found = true;
            *first = other;
            *again = i * AES_BLOCK;
            return CVK_OK;
        }
        slot[h] = (uint32_t)(i + 1);
    }
    return CVK_OK;
}

/* ---- names and first looks ---------------------------------------------- */

enum cvk_store cvk_keybackup_store(enum cvk_backup_format format)
{
    return format == CVK_BACKUP_KEY_VAULT_KEY     ? CVK_KEY_VAULT
           : format == CVK_BACKUP_MANAGED_HSM_KEY ? CVK_MANAGED_HSM
                                                  : CVK_STORE_UNKNOWN;
}

const char *cvk_backup_format_name(enum cvk_backup_format format)
{
    static const char *const names[] = {"unknown", "key-vault-key",
                                        "managed-hsm-key", "key-vault-secret"};

    return names[format];
}

bool cvk_keybackup_looks_raw(struct cvk_slice s)
{
    /* {"alg": as in every HSM backup seen, or {"kid" or {"enc" first */
    if (cvk_slice_starts(s, CVK_LITERAL("eyJhbGciOi")) ||
        cvk_slice_starts(s, CVK_LITERAL("eyJraWQi")) ||
        cvk_slice_starts(s, CVK_LITERAL("eyJlbmMi")))
        return true;
    return s.n > 1 && (s.p[0] == 0x26 || s.p[0] == 0x29) &&
           cvk_slice_starts(cvk_slice_cut(s, 1, s.n), CVK_LITERAL(VENDOR));
}

bool cvk_keybackup_looks_base64(struct cvk_slice s)
{
    /* base64 of: 0x26 or 0x29 and "AzureKeyVault"; "eyJhbGciOi" */
    return cvk_slice_starts(s, CVK_LITERAL("JkF6dXJlS2V5VmF1bHR")) ||
           cvk_slice_starts(s, CVK_LITERAL("KUF6dXJlS2V5VmF1bHR")) ||
           cvk_slice_starts(s, CVK_LITERAL("ZXlKaGJHY2lPa"));
}
