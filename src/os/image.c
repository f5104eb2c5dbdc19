/* SPDX-License-Identifier: MIT */
#include "os/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "os/fd.h"
#include "os/imagefile.h"
#include "os/terminal.h"

/* The unit in which media fail; sectors of 4096 bytes are eight of them. */
enum { SECTOR = 512 };

/* ---- what cannot be read ------------------------------------------------ */

void cvk_unreadable_add(struct cvk_unreadable_list *list, uint64_t offset,
                        uint64_t length)
{
    uint64_t end = offset + length, known = 0;
    size_t to = list->n, from;

    while (to && list->v[to - 1].offset > end)
        to--;
    /* one range takes the place of all that it touches */
    for (from = to; from; from--) {
        struct cvk_unreadable *r = &list->v[from - 1];

        if (r->offset + r->length < offset)
            break;
        known += r->length;
        offset = r->offset < offset ? r->offset : offset;
        end = r->offset + r->length > end ? r->offset + r->length : end;
    }
    list->bytes += end - offset - known;
    if (from == to && list->n == list->room) {
        list->left_out++;
        return;
    }
    memmove(&list->v[from + 1], &list->v[to], (list->n - to) * sizeof *list->v);
    list->v[from] = (struct cvk_unreadable){offset, end - offset};
    list->n -= to - from;
    list->n++;
}

void cvk_unreadable_take(struct cvk_unreadable_list *list,
                         const struct cvk_unreadable_list *from, uint64_t begin,
                         uint64_t end)
{
    uint64_t listed = 0;

    for (size_t i = 0; i < from->n; i++) {
        const struct cvk_unreadable *r = &from->v[i];
        uint64_t at = r->offset < begin ? begin : r->offset;
        uint64_t to = r->offset + r->length;

        to = to > end ? end : to;
        if (at < to)
            cvk_unreadable_add(list, at, to - at);
        listed += r->length;
    }
    list->bytes += from->bytes - listed;
    list->left_out += from->left_out;
}

/* ---- open --------------------------------------------------------------- */

static struct cvk_image_segment *add_segment(struct cvk_image *image, int fd)
{
    struct cvk_image_segment *s =
        realloc(image->segments, (image->n_segments + 1) * sizeof *s);

    if (!s) {
        cvk_fd_close(fd);
        return NULL;
    }
    image->segments = s;
    s += image->n_segments++;
    *s = (struct cvk_image_segment){.fd = fd, .from = image->size};
    return s;
}

/* What was opened, and how large it is. */
static enum cvk_code measure(struct cvk_image *image,
                             struct cvk_image_segment *s)
{
    enum cvk_code code = cvk_image_file_measure(image, s);

    if (!code && !image->stream)
        image->size += s->size;
    return code;
}

static enum cvk_code open_segment(struct cvk_image *image, const char *path)
{
    struct cvk_image_segment *s;
    int fd = cvk_image_file_open(image, path);

    if (fd < 0) {
        image->error = errno;
        return *image->cancel ? CVK_E_IO_INTERRUPTED : CVK_E_IO_OPEN;
    }
    s = add_segment(image, fd);
    return s ? measure(image, s) : CVK_E_MEMORY;
}

/* Opens NAME.002 and so on, as many as there are. The name is path's with
 * other digits. */
static enum cvk_code open_others(struct cvk_image *image, char *path)
{
    char *digits = path + strlen(path) - 3;
    enum cvk_code code = CVK_OK;
    unsigned n;

    for (n = 2; n <= CVK_MAX_SEGMENTS && !code; n++) {
        snprintf(digits, 4, "%03u", n);
        code = open_segment(image, path);
    }
    if (code != CVK_E_IO_OPEN || image->error != ENOENT)
        return code;
    image->error = 0;
    image->wrong = n - 1;
    /* a gap is no end */
    for (; n <= CVK_MAX_SEGMENTS; n++) {
        snprintf(digits, 4, "%03u", n);
        if (cvk_image_file_exists(path))
            return CVK_E_IMAGE_SEGMENT;
    }
    image->wrong = 0;
    return CVK_OK;
}

enum cvk_code cvk_image_open(struct cvk_image *image, const char *path,
                             const atomic_int *cancel)
{
    size_t n = path ? strlen(path) : 0;
    struct cvk_image_segment *s;
    enum cvk_code code;
    char *copy;

    *image = (struct cvk_image){.cancel = cancel, .is_stdin = !path};
    if (!path) {
        s = add_segment(image, CVK_STDIN);
        return s ? measure(image, s) : CVK_E_MEMORY;
    }
    code = open_segment(image, path);
    if (code || image->stream || n < 5 || strcmp(path + n - 4, ".001") != 0)
        return code;
    copy = strdup(path);
    if (!copy)
        return CVK_E_MEMORY;
    code = open_others(image, copy);
    free(copy);
    return code;
}

void cvk_image_close(struct cvk_image *image)
{
    for (size_t i = 0; i < image->n_segments; i++)
        cvk_fd_close(image->segments[i].fd);
    free(image->segments);
    image->segments = NULL;
    image->n_segments = 0;
}

/* ---- read --------------------------------------------------------------- */

/* The segment in which offset lies; NULL behind the end. */
static const struct cvk_image_segment *find_segment(
    const struct cvk_image *image, uint64_t offset)
{
    for (size_t i = 0; i < image->n_segments; i++) {
        const struct cvk_image_segment *s = &image->segments[i];

        if (offset - s->from < s->size && offset >= s->from)
            return s;
    }
    return NULL;
}

/* Reads up to n bytes of one segment; *failed tells that the medium did, from
 * there on. */
static enum cvk_code read_some(const struct cvk_image *image,
                               const struct cvk_image_segment *s,
                               uint64_t offset, uint8_t *p, size_t n,
                               size_t *got, bool *failed)
{
    *got = 0;
    *failed = false;
    while (*got < n) {
        long r = cvk_fd_read_at(s->fd, p + *got, n - *got,
                                offset - s->from + *got);

        if (*image->cancel)
            return CVK_E_IO_INTERRUPTED;
        if (r < 0 && errno == EINTR)
            continue;
        *failed = r < 0;
        if (r <= 0)
            break;
        *got += (size_t)r;
    }
    return CVK_OK;
}

/* The sector at offset, or what is wanted of it: zeros if it cannot be read.
 * What the file has lost since it was opened cannot, either. */
static enum cvk_code read_sector(const struct cvk_image *image,
                                 const struct cvk_image_segment *s,
                                 uint64_t offset, uint8_t *p, size_t n,
                                 struct cvk_unreadable_list *bad)
{
    bool failed;
    size_t got;
    enum cvk_code code = read_some(image, s, offset, p, n, &got, &failed);

    if (code || got == n)
        return code;
    memset(p, 0, n);
    if (bad)
        cvk_unreadable_add(bad, offset, n);
    return CVK_OK;
}

/* Reads n bytes that lie in one segment. */
static enum cvk_code read_segment(const struct cvk_image *image,
                                  const struct cvk_image_segment *s,
                                  uint64_t offset, uint8_t *p, size_t n,
                                  struct cvk_unreadable_list *bad)
{
    bool failed;
    size_t got;
    enum cvk_code code = read_some(image, s, offset, p, n, &got, &failed);

    while (!code && got < n) {
        size_t part = SECTOR - (size_t)((offset + got - s->from) % SECTOR);

        if (part > n - got)
            part = n - got;
        code = read_sector(image, s, offset + got, p + got, part, bad);
        got += part;
    }
    return code;
}

enum cvk_code cvk_image_read(const struct cvk_image *image, uint64_t offset,
                             uint8_t *p, size_t n, size_t *got,
                             struct cvk_unreadable_list *bad)
{
    const struct cvk_image_segment *s;

    *got = 0;
    while (*got < n && (s = find_segment(image, offset + *got))) {
        uint64_t left = s->from + s->size - (offset + *got);
        size_t part = left < n - *got ? (size_t)left : n - *got;
        enum cvk_code code = read_segment(image, s, offset + *got, p + *got,
                                          part, bad);

        if (code)
            return code;
        *got += part;
    }
    return CVK_OK;
}

enum cvk_code cvk_image_next(struct cvk_image *image, uint8_t *p, size_t n,
                             size_t *got)
{
    long r;

    *got = 0;
    do {
        if (*image->cancel)
            return CVK_E_IO_INTERRUPTED;
        r = cvk_fd_read(image->segments[0].fd, p, n);
    } while (r < 0 && errno == EINTR);
    if (r < 0) {
        image->error = errno;
        return CVK_E_IO_READ;
    }
    *got = (size_t)r;
    image->at += (size_t)r;
    return CVK_OK;
}

uint64_t cvk_image_data(const struct cvk_image *image, uint64_t offset)
{
    const struct cvk_image_segment *s;

    while ((s = find_segment(image, offset))) {
        uint64_t data = cvk_image_file_data(s, offset - s->from);

        if (data < s->size)
            return s->from + data;
        offset = s->from + s->size;
    }
    return image->size;
}
