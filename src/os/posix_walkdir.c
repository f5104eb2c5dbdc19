/* SPDX-License-Identifier: MIT */
#include "os/walkdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NOATIME is allowed to the owner of a directory and to root. O_NONBLOCK: a
 * FIFO that took the place of a directory must never make the walk wait. */
static int open_untouched(int at, const char *name, int flags)
{
    int fd;

    flags |= O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
    do
        fd = openat(at, name, flags | O_NOATIME);
    while (fd < 0 && errno == EINTR);
    if (fd >= 0 || errno != EPERM)
        return fd;
    do
        fd = openat(at, name, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

enum cvk_code cvk_walkdir_open(const struct cvk_walk_dir *at, const char *name,
                               struct cvk_walk_dir **dir, int *error)
{
    int fd = at ? open_untouched(at->fd, name, O_NOFOLLOW)
                : open_untouched(AT_FDCWD, name, 0);
    struct stat st;

    *dir = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        *error = errno;
        if (fd >= 0)
            close(fd);
        return CVK_E_IO_OPEN;
    }
    *dir = malloc(sizeof **dir);
    if (!*dir) {
        close(fd);
        return CVK_E_MEMORY;
    }
    atomic_init(&(*dir)->users, 1);
    (*dir)->fd = fd;
    (*dir)->id = (struct cvk_file_id){true, (uint64_t)st.st_dev,
                                      (uint64_t)st.st_ino};
    return CVK_OK;
}

/* ---- listing ------------------------------------------------------------ */

enum cvk_code cvk_walkdir_list(const struct cvk_walk_dir *dir,
                               struct cvk_walk_listing *l, int *error)
{
    int fd = fcntl(dir->fd, F_DUPFD_CLOEXEC, 0);

    l->dir = dir;
    l->stream = fd >= 0 ? fdopendir(fd) : NULL;
    if (l->stream)
        return CVK_OK;
    *error = errno;
    if (fd >= 0)
        close(fd);
    return *error == ENOMEM ? CVK_E_MEMORY : CVK_E_IO_OPEN;
}

static bool is_dot(const char *name)
{
    return name[0] == '.' &&
           (!name[1] || (name[1] == '.' && !name[2]));
}

static void set_kind(struct cvk_walk_found *found, mode_t mode)
{
    found->is_directory = S_ISDIR(mode);
    found->kind = S_ISREG(mode)   ? CVK_WALK_FILE
                  : S_ISLNK(mode) ? CVK_WALK_LINK
                                  : CVK_WALK_SPECIAL;
}

/* Some file systems do not say in the listing what an entry is. */
static void find_kind(struct cvk_walk_found *found, unsigned char type, int dir)
{
    struct stat st;

    if (type != DT_UNKNOWN) {
        set_kind(found, (mode_t)DTTOIF(type));
    } else if (fstatat(dir, found->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        set_kind(found, st.st_mode);
    } else {
        found->kind = CVK_WALK_FAILED;
        found->error = errno;
    }
}

bool cvk_walkdir_next(struct cvk_walk_listing *l, struct cvk_walk_found *found,
                      int *error)
{
    const struct dirent *entry;

    do {
        errno = 0;
        entry = readdir(l->stream);
    } while (entry ? is_dot(entry->d_name) : errno == EINTR);
    *error = errno;
    if (!entry)
        return false;
    *found = (struct cvk_walk_found){.name = entry->d_name,
                                     .inode = (uint64_t)entry->d_ino};
    find_kind(found, entry->d_type, l->dir->fd);
    return true;
}

void cvk_walkdir_end(struct cvk_walk_listing *l)
{
    closedir(l->stream); /* not the descriptor of the directory itself */
}
