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
    return cvk_keybackup_looks_raw(bytes) &&
           (bytes.p[0] != 'e' || count_dots(bytes) >= 4);
}

/* Azure storage answers errors with <?xml ..><Error><Code>NAME</Code>. */
static enum cvk_code explain_xml(struct cvk_slice s,
                                 char why[CVK_MAX_FINDING_TEXT])
{
    struct cvk_slice open = CVK_LITERAL("<Code>");
    size_t from = cvk_slice_search(s, open), to;
    char shown[CVK_MAX_SHOWN];

    if (from == s.n) {
        snprintf(why, CVK_MAX_FINDING_TEXT, "this is XML, not JSON");
        return CVK_E_KIND_XML;
    }
    s = cvk_slice_cut(s, from + open.n, s.n);
    to = cvk_slice_find(s, '<');
    cvk_escape_shown(shown, cvk_slice_cut(s, 0, to));
    snprintf(why, CVK_MAX_FINDING_TEXT,
             "this is an error answer of the storage service: %s", shown);
    return CVK_E_KIND_XML;
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
    if (is_archive(bytes)) {
        code = CVK_E_INPUT_ARCHIVE;
        words = "this is an archive";
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
