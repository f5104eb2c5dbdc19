/* SPDX-License-Identifier: MIT */
/* SHA256SUMS, as GNU sha256sum writes and checks it: one line for each blob,
 * relative to the output directory. A name with a backslash or a line break is
 * escaped, which a backslash at the start of the line tells. */
#include "output/report.h"

static bool append_name(struct cvk_buf *out, struct cvk_slice name)
{
    bool ok = true;

    for (size_t i = 0; i < name.n && ok; i++)
        switch (name.p[i]) {
        case '\\':
            ok = cvk_buf_append_string(out, "\\\\");
            break;
        case '\n':
            ok = cvk_buf_append_string(out, "\\n");
            break;
        case '\r':
            ok = cvk_buf_append_string(out, "\\r");
            break;
        default:
            ok = cvk_buf_append_byte(out, name.p[i]);
        }
    return ok;
}

static bool write_record(struct cvk_buf *out, const struct cvk_record *r,
                         bool verbose)
{
    struct cvk_slice name = cvk_record_text(r, r->blob.path);
    char hex[CVK_SHA256_HEX_SIZE];
    bool escaped = cvk_slice_find(name, '\\') < name.n ||
                   cvk_slice_find(name, '\n') < name.n ||
                   cvk_slice_find(name, '\r') < name.n;

    (void)verbose;
    if (!r->blob.written || r->blob.repeated)
        return true;
    cvk_sha256_hex(r->backup.sha256, hex);
    return (!escaped || cvk_buf_append_byte(out, '\\')) &&
           cvk_buf_append_string(out, hex) &&
           cvk_buf_append_string(out, "  ") && append_name(out, name) &&
           cvk_buf_append_byte(out, '\n');
}

static bool write_summary(struct cvk_buf *out, const struct cvk_summary *s)
{
    (void)out;
    (void)s;
    return true;
}

const struct cvk_report_format cvk_report_sums = {"", write_record,
                                                  write_summary};
