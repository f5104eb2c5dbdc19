/* SPDX-License-Identifier: MIT */
#include "output/listing.h"

#include <stdlib.h>
#include <string.h>

#include "output/blobname.h"

enum { ENOUGH = 1 << 16 };

/* dir/name, or name where dir is the current one. */
static char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir), m = strlen(name);
    bool here = strcmp(dir, ".") == 0;
    char *path = malloc(n + m + 2);

    if (!path)
        return NULL;
    if (here)
        n = 0;
    memcpy(path, dir, n);
    if (n && path[n - 1] != '/')
        path[n++] = '/';
    memcpy(path + n, name, m + 1);
    return path;
}

static const char *own_name(const struct cvk_listing *l)
{
    const char *slash = strrchr(l->path, '/');

    return slash ? slash + 1 : l->path;
}

static enum cvk_code start(struct cvk_listing *l,
                           const struct cvk_listing_options *o)
{
    struct cvk_outdir *dir;
    enum cvk_code code = cvk_outtree_top(&l->tree, &dir, &l->error);

    if (code)
        return code;
    code = cvk_outfile_check(dir, own_name(l), o->replaceable);
    if (!code)
        code = cvk_outfile_create(&l->file, &l->tree, dir, own_name(l),
                                  o->replaceable ? CVK_REPLACE_EXISTING
                                                 : CVK_KEEP_EXISTING,
                                  (struct cvk_slice){0}, &l->error);
    cvk_outdir_release(dir);
    return code;
}

enum cvk_code cvk_listing_open(struct cvk_listing *l,
                               const struct cvk_listing_options *options)
{
    bool usual = !*options->file;
    enum cvk_code code = CVK_E_MEMORY;

    memset(l, 0, sizeof *l);
    l->replaceable = options->replaceable;
    l->file.fd = -1;
    l->hashed = options->hash;
    cvk_sha256_start(&l->hash);
    cvk_buf_init(&l->lines, ENOUGH + 8 * CVK_MAX_RECORD_TEXT);
    l->path = join(usual ? options->dir : ".",
                   usual ? options->usual : options->file);
    l->parent = l->path ? cvk_parent_directory(l->path) : NULL;
    cvk_outtree_init(&l->tree, l->parent, options->sync);
    l->tree.must_exist = !usual;
    if (l->parent)
        code = start(l, options);
    l->open = code == CVK_OK;
    return code;
}

struct cvk_buf *cvk_listing_lines(struct cvk_listing *l)
{
    return &l->lines;
}

static enum cvk_code write_lines(struct cvk_listing *l)
{
    enum cvk_code code;

    if (!l->open)
        return CVK_OK;
    if (l->hashed)
        cvk_sha256_add(&l->hash, cvk_buf_slice(&l->lines));
    l->size += l->lines.n;
    code = cvk_outfile_append(&l->file, cvk_buf_slice(&l->lines), &l->error);
    l->lines.n = 0;
    l->open = code == CVK_OK;
    return code;
}

enum cvk_code cvk_listing_write(struct cvk_listing *l)
{
    return l->lines.n < ENOUGH ? CVK_OK : write_lines(l);
}

enum cvk_code cvk_listing_publish(struct cvk_listing *l)
{
    struct cvk_outfile *file = &l->file;
    enum cvk_code code = write_lines(l);
    struct cvk_kept kept;

    if (code || !l->open)
        return code;
    /* a blob of this run may have got the name meanwhile */
    code = cvk_outfile_check(l->file.dir, own_name(l), l->replaceable);
    if (code)
        return code;
    l->open = false;
    cvk_fileset_init(&kept.inputs);
    cvk_fileset_init(&kept.outputs);
    cvk_outfiles_publish(&file, 1, &kept);
    cvk_fileset_clear(&kept.outputs);
    l->error = file->error;
    return file->code;
}

void cvk_listing_clear(struct cvk_listing *l)
{
    cvk_outfile_discard(&l->file);
    cvk_outtree_clear(&l->tree);
    cvk_buf_clear(&l->lines);
    free(l->path);
    free(l->parent);
}
