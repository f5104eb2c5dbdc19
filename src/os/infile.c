/* SPDX-License-Identifier: MIT */
/* How much of an input is read, whatever the system reads it with. */
#include "os/infile.h"

#include "os/infilefill.h"

/* First size of the buffer for input of unknown length. */
enum { STREAM_SIZE = 1 << 16 };

/* One read takes a whole regular file: it asks for one byte more than there
 * should be, so that a file that has grown is seen. */
static enum cvk_code load_regular(struct cvk_infile *f, size_t size,
                                  struct cvk_buf *out)
{
    enum cvk_code code;
    bool ended;

    if (!cvk_buf_reserve(out, size + 1))
        return CVK_E_MEMORY;
    code = cvk_infile_fill(f, size, size + 1, out, &ended);
    return code ? code : out->n == size ? CVK_OK : CVK_E_IO_CHANGED;
}

static enum cvk_code load_head(struct cvk_infile *f, size_t head,
                               struct cvk_buf *out)
{
    enum cvk_code code;
    bool ended;

    if (!cvk_buf_reserve(out, head))
        return CVK_E_MEMORY;
    code = cvk_infile_fill(f, head, head, out, &ended);
    return code ? code : CVK_E_INPUT_TOO_LARGE;
}

/* A pipe, a device, or a file of a pseudo file system that says size 0. */
static enum cvk_code load_stream(struct cvk_infile *f, uint64_t max,
                                 struct cvk_buf *out)
{
    size_t size = STREAM_SIZE;
    bool ended = false;

    while (!ended) {
        enum cvk_code code;

        if (size > max + 1)
            size = (size_t)max + 1;
        if (!cvk_buf_reserve(out, size))
            return CVK_E_MEMORY;
        code = cvk_infile_fill(f, size, size, out, &ended);
        if (code)
            return code;
        if (out->n > max)
            return CVK_E_INPUT_TOO_LARGE;
        size *= 2;
    }
    return CVK_OK;
}

enum cvk_code cvk_infile_load(struct cvk_infile *f, uint64_t max, size_t head,
                              struct cvk_buf *out)
{
    uint64_t size = f->facts.size;
    enum cvk_code code;

    out->n = 0;
    /* standard input may stand in the middle of a regular file */
    if (size == 0 || f->is_stdin)
        code = load_stream(f, max, out);
    else if (size > max)
        code = load_head(f, head, out);
    else
        code = load_regular(f, (size_t)size, out);
    if (out->p)
        out->p[out->n] = 0;
    return code;
}

enum cvk_code cvk_infile_read(struct cvk_infile *f, void *p, size_t n,
                              size_t *got)
{
    struct cvk_buf out = {.p = p};
    bool ended;
    enum cvk_code code = cvk_infile_fill(f, n, n, &out, &ended);

    *got = out.n;
    return code;
}
