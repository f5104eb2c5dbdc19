/* SPDX-License-Identifier: MIT */
#include "engine/members.h"

#include "output/blobname.h"

/* Puts into the base record what the archive said: about its own form, or
 * about the file it lies in. */
static void report(struct cvk_extract *x, enum cvk_code code)
{
    struct cvk_place place = {.known = true};
    bool unpacked;

    if (cvk_code_class(code) != CVK_CLASS_INPUT &&
        code != CVK_E_ARCHIVE_NEEDS_FILE) {
        cvk_source_explain(&x->file, code, x->options->max_input_size);
        cvk_record_refuse(&x->base, code, NULL, "%s", x->file.why);
        return;
    }
    place.offset = cvk_archive_error_at(x->archive, &unpacked);
    if (code == CVK_E_ARCHIVE_TRAILING)
        cvk_record_warn(&x->base, code, &place, "%s",
                        cvk_archive_why(x->archive));
    else
        cvk_record_refuse(&x->base, code, &place, "%s%s",
                          cvk_archive_why(x->archive),
                          unpacked ? " (in the unpacked tar)" : "");
}

/* What is known of a member that was not read. */
static void take_member_facts(struct cvk_extract *x, const struct cvk_member *m)
{
    struct cvk_file_facts *facts = &x->inner.file.facts;

    facts->has_mtime = m->has_mtime;
    facts->mtime = m->mtime;
    facts->mtime_ns = m->mtime_ns;
    facts->atime_kept = x->file.file.facts.atime_kept;
    x->inner.read = x->inner.is_gzip = false;
    x->inner.document = (struct cvk_slice){0};
    x->inner.raw.n = 0;
}

/* Neither file nor folder: passed over, as a walk does. */
static bool skip_member(struct cvk_extract *x, enum cvk_code code,
                        struct cvk_result *result)
{
    cvk_extract_take_facts(x);
    cvk_record_refuse(&x->base, code, NULL, "%s",
                      code == CVK_E_SKIP_LINK ? "a link, which is not followed"
                                              : "no regular file");
    cvk_record_skip(&x->base);
    return cvk_extract_end(x, result);
}

static bool refuse_member(struct cvk_extract *x, enum cvk_code code,
                          struct cvk_result *result)
{
    cvk_extract_take_facts(x);
    report(x, code);
    return cvk_extract_end(x, result);
}

static bool refuse_name(struct cvk_extract *x, struct cvk_result *result)
{
    cvk_extract_take_facts(x);
    cvk_record_refuse(&x->base, CVK_E_ARCHIVE_NAME, NULL,
                      "%s",
                      x->member.n ? "the member's name is absolute, too long, "
                                    "or has '..', an empty part or a NUL in it"
                                  : "a member has no name");
    return cvk_extract_end(x, result);
}

/* Of a member that is too large only the beginning is there, as of a file. */
static enum cvk_code take_head(struct cvk_source *s, uint64_t max)
{
    s->document = cvk_buf_slice(&s->raw);
    return cvk_source_explain(s, CVK_E_INPUT_TOO_LARGE, max);
}

static bool extract_member(struct cvk_extract *x, const struct cvk_member *m,
                           const struct cvk_extract_sink *sink,
                           struct cvk_result *result)
{
    uint64_t max = x->options->max_input_size;
    struct cvk_source *inner = &x->inner;
    enum cvk_code code;

    /* without a name it is none of the members that have one */
    x->member = m->name.n ? m->name : (struct cvk_slice){0};
    x->source = inner;
    take_member_facts(x, m);
    if (!cvk_result_reserve(result, 1) ||
        !cvk_extract_begin(x, x->options->type))
        return false;
    if (m->type == CVK_MEMBER_LINK)
        return skip_member(x, CVK_E_SKIP_LINK, result);
    if (m->type == CVK_MEMBER_SPECIAL)
        return skip_member(x, CVK_E_SKIP_SPECIAL, result);
    if (!cvk_member_name_valid(m->name))
        return refuse_name(x, result);
    code = cvk_archive_read(x->archive, max, &inner->raw);
    if (code && code != CVK_E_INPUT_TOO_LARGE)
        return refuse_member(x, code, result);
    code = code ? take_head(inner, max) : cvk_source_take(inner, max);
    return cvk_extract_document(x, code, sink, result);
}

/* Delivers the members, and counts them in *n. *code is what ended it. False
 * when memory is exhausted. */
static bool extract_members(struct cvk_extract *x,
                            const struct cvk_extract_sink *sink,
                            struct cvk_result *result, uint64_t *n,
                            enum cvk_code *code)
{
    struct cvk_member m;
    bool ended;

    for (;;) {
        if (*x->options->cancel)
            *code = CVK_E_IO_INTERRUPTED;
        else
            *code = cvk_archive_next(x->archive, &m, &ended);
        if (*code || ended)
            return true;
        /* a folder that has bytes is refused for its name */
        if (m.type == CVK_MEMBER_DIRECTORY && m.size == 0)
            continue;
        ++*n;
        result->n = 0;
        result->input = x->file.file.facts.id;
        if (!extract_member(x, &m, sink, result))
            return false;
        if (!sink->deliver(sink->context, result)) {
            *code = CVK_E_IO_INTERRUPTED;
            return true;
        }
    }
}

/* What is to be said of the archive itself, once its members are through. */
static bool finish(struct cvk_extract *x, enum cvk_code code, uint64_t n,
                   struct cvk_result *result)
{
    enum cvk_code closed;

    if (!code)
        code = cvk_archive_finish(x->archive);
    closed = cvk_source_close(&x->file);
    x->member = (struct cvk_slice){0};
    x->source = &x->file;
    result->n = 0;
    result->input = x->file.file.facts.id;
    if (!cvk_result_reserve(result, 1) ||
        !cvk_extract_begin(x, CVK_RECORD_ARCHIVE))
        return false;
    x->base.members = n;
    x->file.is_gzip = x->file.archive == CVK_ARCHIVE_TAR_GZ;
    cvk_extract_take_facts(x);
    if (code)
        report(x, code);
    if (closed && !code)
        report(x, closed);
    return cvk_extract_end(x, result);
}

bool cvk_members_extract(struct cvk_extract *x,
                         const struct cvk_extract_sink *sink,
                         struct cvk_result *result)
{
    enum cvk_code code = CVK_OK;
    uint64_t n = 0;

    if (!x->archive)
        x->archive = cvk_archive_new();
    if (!x->archive)
        return false;
    code = cvk_archive_open(x->archive, x->file.archive, &x->file.io);
    if (!code && !extract_members(x, sink, result, &n, &code)) {
        cvk_source_close(&x->file);
        return false;
    }
    return finish(x, code, n, result);
}
