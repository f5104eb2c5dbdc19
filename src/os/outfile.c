/* SPDX-License-Identifier: MIT */
/* A file on its way to its name, whatever the system writes it with. */
#include "os/outfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/fd.h"
#include "os/outfilefd.h"
#include "os/partname.h"

enum { PIECE = 4096 };

/* The file is spent, one way or the other. */
void cvk_outfile_let_go(struct cvk_outfile *f)
{
    cvk_part_leave(f);
    cvk_fd_close(f->fd);
    f->fd = -1;
    cvk_outdir_release(f->dir);
    f->dir = NULL;
}

void cvk_outfile_discard(struct cvk_outfile *f)
{
    if (f->fd < 0)
        return;
    cvk_outfile_remove_part(f);
    cvk_outfile_let_go(f);
}

static enum cvk_code start(struct cvk_outfile *f, struct cvk_outtree *tree,
                           struct cvk_outdir *dir, const char *name,
                           unsigned existing, int *error)
{
    *f = (struct cvk_outfile){.fd = -1, .tree = tree, .existing = existing,
                              .mode_kept = true};
    if (strlen(name) > CVK_MAX_NAME) {
        *error = ENAMETOOLONG;
        return CVK_E_IO_CREATE;
    }
    snprintf(f->name, sizeof f->name, "%s", name);
    f->dir = cvk_outdir_keep(dir);
    return CVK_OK;
}

static enum cvk_code create(struct cvk_outfile *f, struct cvk_slice bytes,
                            int *error)
{
    enum cvk_code code = cvk_outfile_open_new(f, bytes, error);

    if (code) {
        cvk_outdir_release(f->dir);
        f->dir = NULL;
    }
    return code;
}

enum cvk_code cvk_outfile_create(struct cvk_outfile *f, struct cvk_outtree *tree,
                                 struct cvk_outdir *dir, const char *name,
                                 unsigned existing, struct cvk_slice bytes,
                                 int *error)
{
    enum cvk_code code = start(f, tree, dir, name, existing, error);

    return code ? code : create(f, bytes, error);
}

enum cvk_code cvk_outfile_append(struct cvk_outfile *f, struct cvk_slice bytes,
                                 int *error)
{
    enum cvk_code code = cvk_outfile_write_fd(f->fd, bytes, error);

    if (code)
        cvk_outfile_discard(f);
    return code;
}

long cvk_outfile_read_on(int fd, void *p, size_t n, size_t at)
{
    long r;

    do
        r = cvk_fd_read_at(fd, p, n, at);
    while (r < 0 && errno == EINTR);
    return r;
}

bool cvk_outfile_starts(int fd, struct cvk_slice bytes)
{
    uint8_t piece[PIECE];
    size_t at = 0;
    long n;

    while ((n = cvk_outfile_read_on(fd, piece, sizeof piece, at)) > 0) {
        if ((size_t)n > bytes.n - at ||
            memcmp(piece, bytes.p + at, (size_t)n) != 0)
            return false;
        at += (size_t)n;
    }
    return n == 0;
}

/* Takes the file that is there already, if it is the right one: these bytes,
 * and nobody else's to open. */
static bool take_existing(struct cvk_outfile *f, struct cvk_slice bytes)
{
    if (!(f->existing & CVK_TAKE_EXISTING))
        return false;
    f->fd = cvk_outfile_open_existing(f);
    if (f->fd < 0)
        return false;
    f->taken = cvk_outfile_starts(f->fd, bytes) &&
               cvk_outfile_fits(f->fd, bytes.n);
    if (!f->taken) {
        cvk_fd_close(f->fd);
        f->fd = -1;
    }
    return f->taken;
}

enum cvk_code cvk_outfile_stage(struct cvk_outfile *f, struct cvk_outtree *tree,
                                struct cvk_outdir *dir, const char *name,
                                unsigned existing, struct cvk_slice bytes,
                                int *error)
{
    enum cvk_code code = start(f, tree, dir, name, existing, error);

    if (code || take_existing(f, bytes))
        return code;
    code = create(f, bytes, error);
    return code ? code : cvk_outfile_append(f, bytes, error);
}
