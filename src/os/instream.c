/* SPDX-License-Identifier: MIT */
/* How a file is read piece by piece, whatever the system reads it with. */
#include "os/instream.h"

#include <errno.h>

#include "os/fd.h"

enum cvk_code cvk_instream_read(struct cvk_instream *s, uint8_t *out, size_t size,
                                const atomic_int *cancel, size_t *got,
                                int *error)
{
    long n;

    *got = 0;
    *error = 0;
    do {
        if (*cancel)
            return CVK_E_IO_INTERRUPTED;
        n = cvk_fd_read(s->fd, out, size);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        *error = errno;
        return errno == EISDIR ? CVK_E_IO_DIRECTORY : CVK_E_IO_READ;
    }
    *got = (size_t)n;
    return CVK_OK;
}

void cvk_instream_close(struct cvk_instream *s)
{
    cvk_fd_close(s->fd);
    s->fd = -1;
}

void cvk_indir_close(struct cvk_indir *d)
{
    cvk_fd_close(d->fd);
    d->fd = -1;
}
