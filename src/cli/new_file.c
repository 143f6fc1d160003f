#include "cli/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0666 }; /* less the user's mask: a copy is made to be given away */

static void own_path(int fd, char path[64])
{
    snprintf(path, 64, "/proc/self/fd/%d", fd);
}

static int open_named(struct new_file *f)
{
    static unsigned number;

    for (int tries = 0; tries < 100; tries++) {
        snprintf(f->temporary, sizeof f->temporary, ".leash-%ld-%u.part", (long)getpid(), number++);
        f->fd = openat(f->folder, f->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);
        if (f->fd >= 0 || errno != EEXIST)
            break;
    }
    if (f->fd < 0)
        f->temporary[0] = '\0';
    return f->fd < 0 ? -errno : 0;
}

int new_file_open(struct new_file *f, const char *folder)
{
    *f = (struct new_file){ .fd = -1, .folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    if (f->folder < 0)
        return -errno;
    f->fd = openat(f->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
    int error = f->fd < 0 ? -errno : 0;
    if (error == -EOPNOTSUPP || error == -EISDIR || error == -ENOENT || error == -EINVAL)
        error = open_named(f);
    if (error)
        new_file_drop(f);
    return error;
}

int new_file_reopen(const struct new_file *f)
{
    char path[64];

    own_path(f->fd, path);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* File systems without hard links (cards) can only rename, and not all of those say no when the name is taken. */
static int rename_part(struct new_file *f, const char *name)
{
    struct stat st;

    if (renameat2(f->folder, f->temporary, f->folder, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    if (fstatat(f->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return -EEXIST;
    return renameat(f->folder, f->temporary, f->folder, name) ? -errno : 0;
}

int new_file_name(struct new_file *f, const char *name)
{
    char path[64];
    int error = fsync(f->fd) ? -errno : 0;

    own_path(f->fd, path);
    if (!error && f->temporary[0])
        error = rename_part(f, name);
    else if (!error && linkat(AT_FDCWD, path, f->folder, name, AT_SYMLINK_FOLLOW))
        error = -errno;
    if (!error) {
        f->temporary[0] = '\0';
        (void)fsync(f->folder); /* some file systems cannot; the file itself is written */
    }
    new_file_drop(f);
    return error;
}

void new_file_drop(struct new_file *f)
{
    if (f->temporary[0])
        unlinkat(f->folder, f->temporary, 0);
    if (f->fd >= 0)
        close(f->fd);
    if (f->folder >= 0)
        close(f->folder);
    f->temporary[0] = '\0';
    f->fd = f->folder = -1;
}
