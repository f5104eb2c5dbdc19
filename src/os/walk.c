/* SPDX-License-Identifier: MIT */
#include "os/walk.h"

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "os/fd.h"
#include "os/walkdir.h"

enum {
    KEPT_SIZE = 1 << 16, /* a level keeps this much for its next directory */
    MAX_NAME = 1 << 16,  /* no file system gives a longer one */
};

/* ---- shared directories ------------------------------------------------- */

int cvk_walk_dir_fd(const struct cvk_walk_dir *dir)
{
    return dir->fd;
}

struct cvk_walk_dir *cvk_walk_dir_keep(struct cvk_walk_dir *dir)
{
    atomic_fetch_add(&dir->users, 1);
    return dir;
}

void cvk_walk_dir_release(struct cvk_walk_dir *dir)
{
    if (!dir || atomic_fetch_sub(&dir->users, 1) != 1)
        return;
    cvk_fd_close(dir->fd);
    free(dir);
}

/* ---- one directory, read whole ------------------------------------------ */

/* A name of a directory. That of a directory ends in '/', as it does in the
 * paths of what is in it, so that comparing names orders whole paths. */
struct item {
    uint64_t inode;
    uint32_t n; /* with the '/', without the NUL */
    int error;  /* FAILED */
    enum cvk_walk_kind kind;
    bool is_directory;
    char name[]; /* ends in a NUL */
};

struct level {
    struct cvk_walk_dir *dir;
    struct cvk_buf items; /* struct item, each at a multiple of its alignment */
    struct cvk_buf order; /* const struct item *, sorted */
    size_t n, next;       /* how many there are; which one comes next */
    size_t path_n;        /* what path holds for this level, with the '/' */
    int error;            /* errno that cut the listing short, or 0 */
};

static size_t item_size(size_t name_n)
{
    size_t size = offsetof(struct item, name) + name_n + 1;

    return (size + alignof(struct item) - 1) / alignof(struct item) *
           alignof(struct item);
}

/* n is the length of the entry's name. False when memory is exhausted. */
static bool add_item(struct level *l, const struct cvk_walk_found *found,
                     size_t n)
{
    struct item *item;

    if (!cvk_buf_reserve(&l->items, l->items.n + item_size(n + 1)))
        return false;
    item = (struct item *)(void *)(l->items.p + l->items.n);
    *item = (struct item){.inode = found->inode,
                          .n = (uint32_t)n,
                          .error = found->error,
                          .kind = found->kind,
                          .is_directory = found->is_directory};
    memcpy(item->name, found->name, n + 1);
    if (item->is_directory) {
        item->name[item->n++] = '/';
        item->name[item->n] = '\0';
    }
    l->items.n += item_size(item->n);
    l->n++;
    return true;
}

/* False when memory is exhausted. What cuts the listing short is l->error. */
static bool list(struct level *l, struct cvk_walk_listing *listing)
{
    struct cvk_walk_found found;

    while (cvk_walkdir_next(listing, &found, &l->error)) {
        size_t n = strlen(found.name);

        if (l->items.n + item_size(n + 1) > l->items.max) {
            l->error = EOVERFLOW;
            return true;
        }
        if (!add_item(l, &found, n))
            return false;
    }
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct item *a = *(const struct item *const *)left;
    const struct item *b = *(const struct item *const *)right;
    int order = memcmp(a->name, b->name, a->n < b->n ? a->n : b->n);

    return order ? order : (a->n > b->n) - (a->n < b->n);
}

/* False when memory is exhausted. */
static bool sort(struct level *l)
{
    const struct item **order;
    size_t at = 0;

    if (!cvk_buf_reserve(&l->order, l->n * sizeof *order))
        return false;
    order = (const struct item **)(void *)l->order.p;
    for (size_t i = 0; i < l->n; i++) {
        order[i] = (const struct item *)(const void *)(l->items.p + at);
        at += item_size(order[i]->n);
    }
    qsort(order, l->n, sizeof *order, compare);
    return true;
}

/* Lists l->dir. CVK_OK (l->error then may say that entries are missing),
 * CVK_E_IO_OPEN, _MEMORY. */
static enum cvk_code read_level(struct level *l, int *error)
{
    struct cvk_walk_listing listing;
    enum cvk_code code;
    bool ok;

    l->items.n = l->n = l->next = 0;
    l->error = 0;
    code = cvk_walkdir_list(l->dir, &listing, error);
    if (code)
        return code;
    ok = list(l, &listing);
    cvk_walkdir_end(&listing);
    return ok && sort(l) ? CVK_OK : CVK_E_MEMORY;
}

/* ---- the walk ----------------------------------------------------------- */

struct cvk_walk {
    size_t depth; /* levels that are open; 0 at the end */
    enum cvk_code code;
    bool (*own)(void *context, struct cvk_file_id id); /* may be NULL */
    void *context;
    struct cvk_buf path;
    struct level levels[CVK_MAX_WALK_DEPTH];
};

/* A directory that is mounted inside itself is one of its own ancestors. */
static bool is_ancestor(const struct cvk_walk *w, struct cvk_file_id id)
{
    for (size_t i = 0; i < w->depth; i++)
        if (w->levels[i].dir->id.inode == id.inode &&
            w->levels[i].dir->id.device == id.device)
            return true;
    return false;
}

/* Makes the directory name the deepest level, whose paths start with what
 * w->path holds. CVK_OK, CVK_E_IO_OPEN, _WALK_DEPTH, _WALK_LOOP,
 * _SKIP_OUTPUT, _MEMORY. */
static enum cvk_code enter(struct cvk_walk *w, const struct cvk_walk_dir *at,
                           const char *name, int *error)
{
    struct level *l = w->levels + w->depth;
    enum cvk_code code;

    if (w->depth == CVK_MAX_WALK_DEPTH)
        return CVK_E_WALK_DEPTH;
    code = cvk_walkdir_open(at, name, &l->dir, error);
    if (!code && is_ancestor(w, l->dir->id))
        code = CVK_E_WALK_LOOP;
    if (!code && w->depth && w->own && w->own(w->context, l->dir->id))
        code = CVK_E_SKIP_OUTPUT;
    if (!code)
        code = read_level(l, error);
    if (!code && w->depth && !cvk_buf_append_byte(&w->path, '/'))
        code = CVK_E_MEMORY;
    if (code) {
        cvk_walk_dir_release(l->dir);
        l->dir = NULL;
        return code;
    }
    l->path_n = w->path.n;
    w->depth++;
    return CVK_OK;
}

void cvk_walk_avoid(struct cvk_walk *w,
                    bool (*own)(void *context, struct cvk_file_id id),
                    void *context)
{
    w->own = own;
    w->context = context;
}

/* Leaves the deepest level; large buffers do not wait for the next one. */
static void leave(struct cvk_walk *w)
{
    struct level *l = w->levels + --w->depth;

    cvk_walk_dir_release(l->dir);
    l->dir = NULL;
    if (l->items.size > KEPT_SIZE)
        cvk_buf_clear(&l->items);
    if (l->order.size > KEPT_SIZE)
        cvk_buf_clear(&l->order);
}

struct cvk_walk *cvk_walk_open(const char *path, enum cvk_code *code,
                               int *error)
{
    struct cvk_walk *w = calloc(1, sizeof *w);

    *error = 0;
    *code = CVK_E_MEMORY;
    if (!w)
        return NULL;
    cvk_buf_init(&w->path, CVK_MAX_PATH + MAX_NAME);
    for (size_t i = 0; i < CVK_MAX_WALK_DEPTH; i++) {
        cvk_buf_init(&w->levels[i].items, CVK_MAX_WALK_NAMES);
        cvk_buf_init(&w->levels[i].order, CVK_MAX_WALK_NAMES);
    }
    *code = enter(w, NULL, path, error);
    if (!*code && !w->levels[0].n && w->levels[0].error) {
        *code = CVK_E_IO_READ;
        *error = w->levels[0].error;
    }
    if (!*code)
        return w;
    cvk_walk_close(w);
    return NULL;
}

void cvk_walk_close(struct cvk_walk *w)
{
    if (!w)
        return;
    while (w->depth)
        leave(w);
    for (size_t i = 0; i < CVK_MAX_WALK_DEPTH; i++) {
        cvk_buf_clear(&w->levels[i].items);
        cvk_buf_clear(&w->levels[i].order);
    }
    cvk_buf_clear(&w->path);
    free(w);
}

/* Describes the path that w holds, whose name begins at name_at. */
static void describe(struct cvk_walk *w, struct cvk_walk_entry *e,
                     enum cvk_walk_kind kind, size_t name_at)
{
    *e = (struct cvk_walk_entry){.kind = kind};
    e->path = (const char *)w->path.p;
    e->name = e->path + name_at;
}

/* The entry an item stands for; for a directory, the reason not to enter it.
 * False if it was entered, or memory is exhausted: *code tells. */
static bool take_item(struct cvk_walk *w, const struct item *item,
                      struct cvk_walk_entry *e, enum cvk_code *code)
{
    struct level *l = w->levels + w->depth - 1;
    size_t n = item->n - item->is_directory;

    *code = CVK_E_MEMORY;
    w->path.n = l->path_n;
    if (!cvk_buf_append(&w->path, item->name, n))
        return false;
    w->path.p[w->path.n] = '\0';
    describe(w, e, item->kind, l->path_n);
    e->dir = l->dir;
    e->error = item->error;
    if (w->path.n > CVK_MAX_PATH)
        *code = CVK_E_WALK_PATH;
    else if (item->is_directory)
        *code = enter(w, l->dir, e->name, &e->error);
    else
        *code = item->kind == CVK_WALK_FAILED ? CVK_E_IO_OPEN : CVK_OK;
    if (*code == CVK_E_MEMORY || (item->is_directory && !*code))
        return false;
    if (*code)
        e->kind = CVK_WALK_FAILED;
    else if (e->kind == CVK_WALK_FILE)
        e->id = (struct cvk_file_id){true, l->dir->id.device, item->inode};
    e->code = *code;
    *code = CVK_OK;
    return true;
}

/* Of a directory whose listing was cut short: said after what could be read.
 * The level stays, so that the root is open while its entry is looked at. */
static void report_cut(struct cvk_walk *w, struct cvk_walk_entry *e)
{
    struct level *l = w->levels + w->depth - 1;
    struct level *parent = w->depth > 1 ? l - 1 : l;

    if (parent != l) {
        w->path.n = l->path_n - 1;
        w->path.p[w->path.n] = '\0';
        describe(w, e, CVK_WALK_FAILED, parent->path_n);
    } else {
        *e = (struct cvk_walk_entry){
            .kind = CVK_WALK_FAILED, .path = ".", .name = "."};
    }
    e->dir = parent->dir;
    e->code = CVK_E_IO_READ;
    e->error = l->error;
    l->error = 0;
}

bool cvk_walk_next(struct cvk_walk *w, struct cvk_walk_entry *e,
                   enum cvk_code *code)
{
    *e = (struct cvk_walk_entry){0};
    while (w->depth && !w->code) {
        struct level *l = w->levels + w->depth - 1;

        if (l->next < l->n) {
            const struct item *const *order =
                (const struct item *const *)(const void *)l->order.p;

            if (take_item(w, order[l->next++], e, &w->code))
                break;
        } else if (l->error) {
            report_cut(w, e);
            break;
        } else {
            leave(w);
        }
    }
    *code = w->code;
    return w->depth && !w->code;
}
