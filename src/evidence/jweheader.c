/* SPDX-License-Identifier: MIT */
#include "evidence/jweheader.h"

#include "evidence/json.h"

/* Order of the members in every backup seen. */
static const char vault_order[] = "kae", hsm_order[] = "aek";

static const char NOT_JSON[] = "the JWE header is no JSON object";

/* Where a member's value goes, and its letter in the order above. */
static struct cvk_slice *find_member(struct cvk_keybackup *k,
                                     struct cvk_slice name, char *letter)
{
    *letter = '?';
    if (cvk_slice_equal(name, CVK_LITERAL("kid")))
        *letter = 'k';
    else if (cvk_slice_equal(name, CVK_LITERAL("alg")))
        *letter = 'a';
    else if (cvk_slice_equal(name, CVK_LITERAL("enc")))
        *letter = 'e';
    return *letter == 'k'   ? &k->kid
           : *letter == 'a' ? &k->alg
           : *letter == 'e' ? &k->enc
                            : NULL;
}

/* A value that is shown and compared: plain ASCII, no escapes. The scanner lets
 * no control characters into a string. */
static bool is_plain(const struct cvk_json *j)
{
    struct cvk_slice s = cvk_json_token(j);

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] > 0x7e)
            return false;
    return !j->escaped && s.n > 0;
}

/* Reads the value of one of the three members into *to. */
static const char *read_member(struct cvk_json *j, struct cvk_slice *to)
{
    if (to->p)
        return "the JWE header names a member twice";
    if (cvk_json_next(j) != CVK_JSON_STRING || !is_plain(j))
        return "a member of the JWE header is no plain string";
    *to = cvk_json_token(j);
    return NULL;
}

/* Skips the value of a member that is not known, whatever it holds. */
static bool skip_value(struct cvk_json *j)
{
    size_t depth = 0;

    do {
        switch (cvk_json_next(j)) {
        case CVK_JSON_FAILED:
            return false;
        case CVK_JSON_OBJECT:
        case CVK_JSON_ARRAY:
            depth++;
            break;
        case CVK_JSON_OBJECT_END:
        case CVK_JSON_ARRAY_END:
            depth--;
            break;
        default:
            break;
        }
    } while (depth);
    return true;
}

static const char *judge(struct cvk_keybackup *k, size_t members,
                         const char *order)
{
    const char *known =
        k->format == CVK_BACKUP_MANAGED_HSM_KEY ? hsm_order : vault_order;
    bool hsm = k->format == CVK_BACKUP_MANAGED_HSM_KEY;

    if (!k->alg.p || !k->enc.p)
        return "the JWE header names no alg or no enc";
    if (members != 3 || memcmp(order, known, 3))
        k->newer |= CVK_NEWER_HEADER;
    if (!k->kid.p || (hsm ? !cvk_slice_equal(k->kid, CVK_LITERAL(CVK_HSM_KID))
                          : !cvk_guid_valid(k->kid)))
        k->newer |= CVK_NEWER_KID;
    return NULL;
}

/* Reads one member whose name was the last event. */
static const char *read_any(struct cvk_json *j, struct cvk_keybackup *k,
                            char *letter)
{
    struct cvk_slice *to = find_member(k, cvk_json_token(j), letter);

    if (to)
        return read_member(j, to);
    return skip_value(j) ? NULL : NOT_JSON;
}

/* Reads all members up to the end of the object. */
static const char *read_members(struct cvk_json *j, struct cvk_keybackup *k,
                                size_t *members, char order[4])
{
    for (*members = 0;; ++*members) {
        enum cvk_json_event event = cvk_json_next(j);
        const char *problem;
        char letter;

        if (event == CVK_JSON_OBJECT_END)
            return NULL;
        if (event != CVK_JSON_NAME)
            return NOT_JSON;
        problem = read_any(j, k, &letter);
        if (problem)
            return problem;
        if (*members < 3)
            order[*members] = letter;
    }
}

enum cvk_code cvk_jwe_header_parse(struct cvk_slice header,
                                   struct cvk_keybackup *k, const char **why)
{
    size_t members;
    char order[4] = "";
    struct cvk_json j;

    cvk_json_init(&j, header);
    *why = cvk_json_next(&j) == CVK_JSON_OBJECT
               ? read_members(&j, k, &members, order)
               : NOT_JSON;
    if (*why)
        return CVK_E_BLOB_HEADER;
    if (j.at != header.n) {
        *why = "a dot is missing behind the JWE header";
        return CVK_E_BLOB_SEGMENTS;
    }
    for (size_t i = 0; i < header.n; i++)
        if (header.p[i] <= ' ') /* JSON has only white space there */
            k->newer |= CVK_NEWER_HEADER;
    *why = judge(k, members, order);
    return *why ? CVK_E_BLOB_HEADER : CVK_OK;
}
