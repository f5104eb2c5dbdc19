/* SPDX-License-Identifier: MIT */
#include "output/manifest.h"

#include <string.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "output/jsonparts.h"

bool cvk_manifest_begins(struct cvk_slice bytes)
{
    return cvk_slice_starts(bytes, CVK_LITERAL("{\"schema\":\"cvmkey/1\","));
}

bool cvk_sums_begin(struct cvk_slice bytes)
{
    const size_t digits = CVK_SHA256_HEX_SIZE - 1;
    size_t at = bytes.n && bytes.p[0] == '\\', n = 0;

    while (at + n < bytes.n && n < digits &&
           memchr("0123456789abcdef", bytes.p[at + n], 16))
        n++;
    return n == digits &&
           cvk_slice_starts(cvk_slice_cut(bytes, at + n, bytes.n),
                            CVK_LITERAL("  "));
}

static struct cvk_slice string_slice(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static void write_notes(struct cvk_jsonwriter *w,
                        const struct cvk_run_facts *run)
{
    cvk_jw_begin(w, "notes", '{');
    for (size_t i = 0; i < run->n_notes; i++) {
        struct cvk_slice note = string_slice(run->notes[i]);
        size_t key = cvk_slice_find(note, '=');

        cvk_jw_member(w, cvk_slice_cut(note, 0, key),
                      cvk_slice_cut(note, key + 1, note.n));
    }
    cvk_jw_end(w, '}');
}

static void write_command(struct cvk_jsonwriter *w,
                          const struct cvk_run_facts *run)
{
    cvk_jw_begin(w, "command", '[');
    for (size_t i = 0; i < run->n_command; i++)
        cvk_json_put_name(w, NULL, NULL, string_slice(run->command[i]));
    cvk_jw_end(w, ']');
}

bool cvk_manifest_run(struct cvk_buf *out, const struct cvk_run_facts *run)
{
    char start[CVK_TIMESTAMP_SIZE];
    struct cvk_jsonwriter w;

    cvk_timestamp_format(run->start, run->start_ns, start);
    cvk_jsonwriter_init(&w, out);
    cvk_jw_begin(&w, NULL, '{');
    cvk_jw_string(&w, "schema", CVK_JSON_SCHEMA);
    cvk_jw_string(&w, "type", "run");
    cvk_jw_string(&w, "version", run->version);
    write_notes(&w, run);
    write_command(&w, run);
    cvk_json_put_name(&w, "host", NULL, string_slice(run->host));
    cvk_jw_number(&w, "uid", run->user);
    cvk_jw_string(&w, "start", start);
    cvk_jw_string(&w, "sandbox", run->sandbox);
    cvk_jw_end(&w, '}');
    return w.ok && cvk_buf_append_byte(out, '\n');
}
