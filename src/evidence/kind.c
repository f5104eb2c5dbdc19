/* SPDX-License-Identifier: MIT */
#include "evidence/kind.h"

#include <stdio.h>

#include "base/escape.h"
#include "evidence/keybackup.h"

/* A POSIX tar header has its magic here. */
enum { TAR_MAGIC_AT = 257 };

static struct cvk_slice skip_lead(struct cvk_slice s)
{
    size_t at = cvk_slice_starts(s, CVK_LITERAL("\xef\xbb\xbf")) ? 3 : 0;

    while (at < s.n && memchr(" \t\r\n", s.p[at], 4))
        at++;
    return cvk_slice_cut(s, at, s.n);
}

static size_t count_dots(struct cvk_slice s)
{
    size_t dots = 0;

    for (size_t i = 0; i < s.n; i++)
        dots += s.p[i] == '.';
    return dots;
}

bool cvk_kind_is_blob(struct cvk_slice bytes)
{
    /* a JWE of any header has five segments, the JWS of a JWT three */
    return cvk_slice_starts(bytes, CVK_LITERAL("eyJ"))
               ? count_dots(bytes) >= 4
               : cvk_keybackup_looks_raw(bytes);
}

/* What the usual codes of an error answer mean for a download. Source: Learn,
 * "Common REST API error codes", "Shared access signature error codes" and
 * "Blob service error codes". */
static const struct {
    const char *name, *cause;
} storage_errors[] = {
    {"AuthenticationFailed", "the SAS or the login has expired, was altered, "
                             "or a clock is wrong"},
    {"AuthorizationFailure", "the login or SAS may not read it, the SAS has "
                             "expired, or the account's firewall is in the "
                             "way"},
    {"AuthorizationPermissionMismatch", "the login or SAS lacks the "
                                        "permission to read"},
    {"BlobArchived", "the blob is in the archive tier and has to be "
                     "rehydrated first"},
    {"BlobNotFound", "there is no blob of this name"},
    {"ContainerNotFound", "there is no container of this name"},
    {"NoAuthenticationInformation", "it needs a SAS or a login"},
    {"PublicAccessNotPermitted", "it needs a SAS or a login"},
    {"ResourceNotFound", "the name is wrong, or it needs a SAS or a login"},
};

static const char *explain_storage_error(struct cvk_slice name)
{
    for (size_t i = 0; i < sizeof storage_errors / sizeof *storage_errors; i++)
        if (cvk_slice_equal(name,
                            cvk_slice_of(storage_errors[i].name,
                                         strlen(storage_errors[i].name))))
            return storage_errors[i].cause;
    return NULL;
}

/* Azure storage answers errors with <?xml ..><Error><Code>NAME</Code>. */
static enum cvk_code explain_xml(struct cvk_slice s,
                                 char why[CVK_MAX_FINDING_TEXT])
{
    struct cvk_slice open = CVK_LITERAL("<Code>");
    size_t from = cvk_slice_search(s, open), to;
    char shown[CVK_MAX_SHOWN];
    const char *cause;

    if (from == s.n) {
        snprintf(why, CVK_MAX_FINDING_TEXT, "this is XML, not JSON");
        return CVK_E_KIND_XML;
    }
    s = cvk_slice_cut(s, from + open.n, s.n);
    to = cvk_slice_find(s, '<');
    s = cvk_slice_cut(s, 0, to);
    cause = explain_storage_error(s);
    snprintf(why, CVK_MAX_FINDING_TEXT,
             "this is an error answer of the storage service: %s%s%s%s",
             cvk_escape_shown(shown, s), cause ? " (" : "", cause ? cause : "",
             cause ? ")" : "");
    return CVK_E_KIND_XML;
}

/* An answer of HTTP/1.0, 1.1, 2 or 3 begins with its status line, which may
 * tell of an error. */
static bool is_http(struct cvk_slice s)
{
    return cvk_slice_starts(s, CVK_LITERAL("HTTP/1.")) ||
           cvk_slice_starts(s, CVK_LITERAL("HTTP/2")) ||
           cvk_slice_starts(s, CVK_LITERAL("HTTP/3"));
}

static enum cvk_code explain_http(struct cvk_slice s,
                                  char why[CVK_MAX_FINDING_TEXT])
{
    char shown[CVK_MAX_SHOWN];
    size_t end = cvk_slice_find(s, '\n');

    /* ends at "HTTP/" at the latest */
    while (s.p[end - 1] == '\r' || s.p[end - 1] == ' ')
        end--;
    snprintf(why, CVK_MAX_FINDING_TEXT,
             "this is an HTTP answer with its headers: %s",
             cvk_escape_shown(shown, cvk_slice_cut(s, 0, end)));
    return CVK_E_KIND_HTTP;
}

static enum cvk_code explain_markup(struct cvk_slice s,
                                    char why[CVK_MAX_FINDING_TEXT])
{
    if (cvk_slice_starts_nocase(s, CVK_LITERAL("<!doctype html")) ||
        cvk_slice_starts_nocase(s, CVK_LITERAL("<html"))) {
        snprintf(why, CVK_MAX_FINDING_TEXT, "this is a web page, not JSON");
        return CVK_E_KIND_HTML;
    }
    return explain_xml(s, why);
}

static bool is_archive(struct cvk_slice s)
{
    return cvk_slice_starts(s, CVK_LITERAL("PK\x03\x04")) ||
           cvk_slice_starts(s, CVK_LITERAL("PK\x05\x06")) ||
           (s.n > TAR_MAGIC_AT &&
            cvk_slice_starts(cvk_slice_cut(s, TAR_MAGIC_AT, s.n),
                             CVK_LITERAL("ustar")));
}

/* What a tool of our days packs with and nothing here unpacks: the formats'
 * own signatures. */
bool cvk_kind_is_packed(struct cvk_slice s)
{
    static const struct {
        size_t at, n;
        const char *magic;
    } formats[] = {
        {0, 3, "\x1f\x8b\x08"}, /* gzip once more: RFC 1952, 2.3.1 */
        {0, 6, "\xfd\x37zXZ\0"}, /* The .xz File Format, 2.1.1.1 */
        {0, 4, "\x28\xb5\x2f\xfd"}, /* zstd: RFC 8878, 3.1.1 */
        {4, 6, "1AY&SY"}, /* bzip2: a block, behind BZh and a digit */
        {0, 6, "7z\xbc\xaf\x27\x1c"}, /* 7zFormat.txt, SignatureHeader */
        {0, 6, "Rar!\x1a\x07"}, /* RAR 5.0 archive format, signature */
    };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t from = formats[i].at < s.n ? formats[i].at : s.n;

        if (cvk_slice_starts(cvk_slice_cut(s, from, s.n),
                             cvk_slice_of(formats[i].magic, formats[i].n)))
            return true;
    }
    return false;
}

/* DER: a SEQUENCE with a two-byte length, as every PFX of more than 255 bytes
 * begins. */
static bool is_der(struct cvk_slice s)
{
    return cvk_slice_starts(s, CVK_LITERAL("\x30\x82"));
}

enum cvk_code cvk_kind_check(struct cvk_slice bytes,
                             char why[CVK_MAX_FINDING_TEXT])
{
    struct cvk_slice s = skip_lead(bytes);
    const char *words = "";
    enum cvk_code code = CVK_OK;

    why[0] = '\0';
    if (s.n && s.p[0] == '<')
        return explain_markup(s, why);
    if (s.n && s.p[0] == '{')
        return CVK_OK;
    if (is_http(s))
        return explain_http(s, why);
    if (is_archive(bytes)) {
        code = CVK_E_INPUT_ARCHIVE;
        words = "this is an archive";
    } else if (cvk_kind_is_packed(bytes)) {
        code = CVK_E_INPUT_ARCHIVE;
        words = "this is packed in a format that is not opened (or twice)";
    } else if (cvk_slice_starts(s, CVK_LITERAL("-----BEGIN "))) {
        code = CVK_E_KIND_PEM;
        words = "this is a PEM file (a certificate or key)";
    } else if (is_der(bytes)) {
        code = CVK_E_KIND_PFX;
        words = "this is DER data, such as a PFX or certificate";
    } else if (cvk_kind_is_blob(bytes)) {
        code = CVK_E_KIND_BLOB;
        words = "this is a key backup already, not the config that holds one";
    } else if (cvk_slice_starts(s, CVK_LITERAL("eyJ"))) {
        code = CVK_E_KIND_JWT;
        words = "this is a token (JWT), not a config";
    } else if (cvk_keybackup_looks_base64(s)) {
        code = CVK_E_KIND_BASE64;
        words = "this is the bare base64 text of a key backup";
    }
    snprintf(why, CVK_MAX_FINDING_TEXT, "%s", words);
    return code;
}
