/* SPDX-License-Identifier: MIT */
#include "engine/feed.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "evidence/kind.h"
#include "input/archive.h"
#include "output/manifest.h"

void cvk_item_init(struct cvk_item *item)
{
    memset(item, 0, sizeof *item);
    cvk_buf_init(&item->text, 2 * CVK_MAX_PATH + 2);
}

void cvk_item_reset(struct cvk_item *item)
{
    struct cvk_buf text = item->text;

    if (item->at.dir)
        cvk_walk_dir_release(item->at.dir);
    memset(item, 0, sizeof *item);
    item->text = text;
    item->text.n = 0;
}

void cvk_item_clear(struct cvk_item *item)
{
    cvk_item_reset(item);
    cvk_buf_clear(&item->text);
}

void cvk_feed_init(struct cvk_feed *f, const struct cvk_inputs *inputs)
{
    *f = (struct cvk_feed){.inputs = inputs};
}

void cvk_feed_clear(struct cvk_feed *f)
{
    if (f->walk)
        cvk_walk_close(f->walk);
    f->walk = NULL;
}

/* The next name: of the arguments, then of the list. */
static const char *next_name(struct cvk_feed *f)
{
    const struct cvk_inputs *in = f->inputs;
    const char *name;

    if (f->next < in->n_paths)
        return in->paths[f->next++];
    if (f->list_at >= in->list.n)
        return NULL;
    name = (const char *)in->list.p + f->list_at;
    f->list_at += strlen(name) + 1;
    return name;
}

static bool is_from_list(const struct cvk_feed *f)
{
    return f->list_at > 0;
}

static bool is_stdin(const char *name)
{
    return strcmp(name, "-") == 0;
}

static enum cvk_code take_name(struct cvk_feed *f, struct cvk_item *item,
                               const char *name)
{
    size_t n = strlen(name);

    if (n > 2 * CVK_MAX_PATH) { /* longer than any file system takes */
        item->code = CVK_E_WALK_PATH;
        n = CVK_MAX_PATH;
    }
    if (!cvk_buf_append(&item->text, name, n) ||
        !cvk_buf_append_byte(&item->text, 0))
        return CVK_E_MEMORY;
    if (!is_stdin(name) || is_from_list(f))
        item->at.path = (const char *)item->text.p;
    item->parents = f->inputs->parents || is_from_list(f);
    return CVK_OK;
}

static enum cvk_code entry_code(const struct cvk_walk_entry *e)
{
    switch (e->kind) {
    case CVK_WALK_FILE:
        return CVK_OK;
    case CVK_WALK_LINK:
        return CVK_E_SKIP_LINK;
    case CVK_WALK_SPECIAL:
        return CVK_E_SKIP_SPECIAL;
    default:
        return e->code;
    }
}

static enum cvk_code take_entry(struct cvk_feed *f, struct cvk_item *item,
                                const struct cvk_walk_entry *e)
{
    size_t n = strlen(f->root);

    if (!cvk_buf_append(&item->text, f->root, n) ||
        (n && f->root[n - 1] != '/' && !cvk_buf_append_byte(&item->text, '/')))
        return CVK_E_MEMORY;
    item->below = item->text.n;
    if (!cvk_buf_append_string(&item->text, e->path) ||
        !cvk_buf_append_byte(&item->text, 0))
        return CVK_E_MEMORY;
    item->parents = item->found = true;
    item->code = entry_code(e);
    item->error = e->error;
    if (item->code)
        return CVK_OK;
    item->at.dir = e->dir;
    cvk_walk_dir_keep(e->dir);
    item->at.path =
        (const char *)item->text.p + item->text.n - 1 - strlen(e->name);
    return CVK_OK;
}

static bool is_own(void *context, struct cvk_file_id id)
{
    struct cvk_feed *f = context;

    return f->inputs->own(f->inputs->context, id, &f->told);
}

/* Steps to the next name, and starts to walk where it is a directory. What is
 * none is opened when its turn comes; *code tells what cannot be opened at all,
 * with *error. */
static const char *step(struct cvk_feed *f, enum cvk_code *code, int *error)
{
    const char *name = next_name(f);

    *code = CVK_OK;
    *error = 0;
    if (!name || (is_stdin(name) && !is_from_list(f)))
        return name;
    f->walk = cvk_walk_open(name, code, error);
    f->root = name;
    if (f->walk && f->inputs->own)
        cvk_walk_avoid(f->walk, is_own, f);
    if (f->walk || *error == ENOTDIR)
        *code = CVK_OK;
    return name;
}

enum cvk_code cvk_feed_next(struct cvk_feed *f, struct cvk_item *item,
                            bool *ended)
{
    struct cvk_walk_entry e;
    enum cvk_code code = CVK_OK;
    const char *name;
    int error;

    cvk_item_reset(item);
    *ended = false;
    for (;;) {
        if (f->walk && cvk_walk_next(f->walk, &e, &code)) {
            if (entry_code(&e) == CVK_E_SKIP_OUTPUT && f->told)
                continue;
            return take_entry(f, item, &e);
        }
        cvk_feed_clear(f);
        if (code)
            return code;
        name = step(f, &code, &error);
        *ended = name == NULL;
        if (*ended || code == CVK_E_MEMORY)
            return code;
        if (f->walk)
            continue;
        item->code = code;
        item->error = error;
        return take_name(f, item, name);
    }
}

/* ---- survey ------------------------------------------------------------- */

static bool is_blob_name(const char *name)
{
    return cvk_slice_ends_nocase(cvk_slice_of(name, strlen(name)),
                                 CVK_LITERAL(".blob"));
}

/* A blob of an earlier run, or its manifest: not evidence, may be replaced. */
static bool is_earlier_output(struct cvk_infile *f, const char *name,
                              struct cvk_buf *head)
{
    struct cvk_slice s = cvk_slice_of(name, strlen(name));
    struct cvk_slice bytes;

    if (!is_blob_name(name) &&
        !cvk_slice_ends_nocase(s, CVK_LITERAL(".jsonl")))
        return false;
    cvk_infile_load(f, 0, CVK_ARCHIVE_HEAD, head);
    bytes = cvk_buf_slice(head);
    return cvk_kind_is_blob(bytes) || cvk_manifest_begins(bytes);
}

/* Keeps a file by what it is itself: a listing tells another device and inode
 * where something is mounted, or the file system is made of layers. */
static enum cvk_code keep_file(const struct cvk_walk_entry *e,
                               struct cvk_fileset *kept)
{
    static const atomic_int never;
    struct cvk_location at = {.path = e->name, .dir = e->dir};
    struct cvk_infile f;
    struct cvk_file_id id = e->id;
    struct cvk_buf head;
    bool ours = false;

    cvk_buf_init(&head, CVK_ARCHIVE_HEAD + 1);
    if (cvk_infile_open(&f, &at, &never) == CVK_OK) {
        id = f.facts.id;
        ours = is_earlier_output(&f, e->name, &head);
        cvk_infile_close(&f);
    }
    cvk_buf_clear(&head);
    return ours || !id.known || cvk_fileset_add(kept, id) ? CVK_OK
                                                          : CVK_E_MEMORY;
}

static enum cvk_code survey_walk(struct cvk_walk *walk,
                                 struct cvk_fileset *kept, uint64_t *n)
{
    struct cvk_walk_entry e;
    enum cvk_code code = CVK_OK;

    for (; cvk_walk_next(walk, &e, &code); ++*n)
        if (kept && e.kind == CVK_WALK_FILE && keep_file(&e, kept))
            return CVK_E_MEMORY;
    return code;
}

static enum cvk_code survey_name(const char *name, struct cvk_fileset *kept,
                                 uint64_t *n)
{
    struct cvk_file_id id;

    ++*n;
    if (!kept)
        return CVK_OK;
    if (!cvk_file_identify(is_stdin(name) ? NULL : name, &id))
        return CVK_E_IO_READ;
    return !id.known || cvk_fileset_add(kept, id) ? CVK_OK : CVK_E_MEMORY;
}

enum cvk_code cvk_feed_survey(const struct cvk_inputs *inputs,
                              struct cvk_fileset *kept, uint64_t *n)
{
    enum cvk_code code = CVK_OK;
    struct cvk_feed f;
    const char *name;
    int error;

    cvk_feed_init(&f, inputs);
    *n = 0;
    for (;;) {
        name = step(&f, &code, &error);
        if (!name || code == CVK_E_MEMORY)
            return code;
        code = f.walk ? survey_walk(f.walk, kept, n)
                      : survey_name(name, kept, n);
        cvk_feed_clear(&f);
        if (code)
            return code;
    }
}
