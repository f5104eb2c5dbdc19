/* SPDX-License-Identifier: MIT */
#include "os/infilefd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool cvk_infile_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int open_retrying(const struct cvk_infile *f,
                         const struct cvk_location *at, int flags)
{
    int dir = at->dir ? cvk_walk_dir_fd(at->dir) : AT_FDCWD, fd;

    do
        fd = openat(dir, at->path, flags);
    while (fd < 0 && errno == EINTR && !*f->cancel);
    return fd;
}

/* O_NOATIME is allowed to the owner of a file and to root. */
int cvk_infile_open_untouched(struct cvk_infile *f,
                              const struct cvk_location *at)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;

    /* what was a file when it was found may be a FIFO or a link now */
    if (at->dir)
        flags |= O_NOFOLLOW | O_NONBLOCK;
    fd = open_retrying(f, at, flags | O_NOATIME);
    f->facts.atime_kept = fd >= 0;
    return fd >= 0 || errno != EPERM ? fd : open_retrying(f, at, flags);
}

static void take_facts(const struct stat *st, struct cvk_file_facts *facts)
{
    facts->id = (struct cvk_file_id){true, (uint64_t)st->st_dev,
                                     (uint64_t)st->st_ino};
    facts->regular = facts->has_mtime = S_ISREG(st->st_mode);
    facts->size = facts->regular ? (uint64_t)st->st_size : 0;
    facts->mtime = st->st_mtim.tv_sec;
    facts->mtime_ns = (uint32_t)st->st_mtim.tv_nsec;
}

/* What is open: something that can be read? */
enum cvk_code cvk_infile_look(struct cvk_infile *f, bool found)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0) {
        f->error = errno;
        return CVK_E_IO_READ;
    }
    take_facts(&st, &f->facts);
    if (found && !f->facts.regular)
        return CVK_E_SKIP_SPECIAL;
    return S_ISDIR(st.st_mode) ? CVK_E_IO_DIRECTORY : CVK_OK;
}
