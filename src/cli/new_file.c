#include "cli/new_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MODE = 0666,     /* less the user's mask: a copy is made to be given away */
    STALE_AFTER_S = 60,
};
#define PART_BEGIN ".leash-"
#define PART_END ".part"

static void own_path(int fd, char path[64])
{
    snprintf(path, 64, "/proc/self/fd/%d", fd);
}

/* Whoever writes one holds its lock; what is a minute old and has none was left by a run that was killed or a machine
 * that stopped. */
static void remove_stale(int folder, const char *name)
{
    struct stat st;
    const size_t len = strlen(name), end = strlen(PART_END);

    if (strncmp(name, PART_BEGIN, strlen(PART_BEGIN)) != 0 || len < end || strcmp(name + len - end, PART_END) != 0)
        return;
    const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
        time(NULL) - st.st_mtime > STALE_AFTER_S &&
        flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(fd);
}

/* Once a run, for each folder that it comes to. */
static void sweep(int folder)
{
    static dev_t device;
    static ino_t inode;
    struct stat st;
    const struct dirent *entry;

    if (fstat(folder, &st) || (st.st_dev == device && st.st_ino == inode))
        return;
    device = st.st_dev;
    inode = st.st_ino;
    const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = fd < 0 ? NULL : fdopendir(fd);
    if (!names && fd >= 0)
        close(fd);
    while (names && (entry = readdir(names)))
        remove_stale(folder, entry->d_name);
    if (names)
        closedir(names);
}

static int open_named(struct new_file *f)
{
    static unsigned number;

    sweep(f->folder);
    for (int tries = 0; tries < 100; tries++) {
        snprintf(f->temporary, sizeof f->temporary, PART_BEGIN "%ld-%u" PART_END, (long)getpid(), number++);
        if (!interrupt_guard_in(f->folder, f->temporary)) {
            f->temporary[0] = '\0';
            return -EMFILE;
        }
        f->fd = openat(f->folder, f->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);
        if (f->fd >= 0) {
            (void)flock(f->fd, LOCK_EX | LOCK_NB);
            return 0;
        }
        const int error = errno;
        interrupt_release_in(f->folder, f->temporary);
        f->temporary[0] = '\0';
        if (error != EEXIST)
            return -error;
    }
    return -EEXIST;
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

int new_file_sync(const struct new_file *f)
{
    return fsync(f->fd) ? -errno : 0;
}

int new_file_name(struct new_file *f, const char *name)
{
    char path[64];
    int error = 0;

    own_path(f->fd, path);
    if (f->temporary[0])
        error = rename_part(f, name);
    else if (linkat(AT_FDCWD, path, f->folder, name, AT_SYMLINK_FOLLOW))
        error = -errno;
    if (!error) {
        interrupt_release_in(f->folder, f->temporary);
        f->temporary[0] = '\0';
    }
    return error;
}

void new_file_sync_name(const struct new_file *f)
{
    (void)fsync(f->folder); /* some file systems cannot; the file itself is written */
}

int new_file_sync_all(const struct new_file *f)
{
    return syncfs(f->folder) ? -errno : 0;
}

void new_file_drop(struct new_file *f)
{
    if (f->temporary[0]) {
        unlinkat(f->folder, f->temporary, 0);
        interrupt_release_in(f->folder, f->temporary);
    }
    if (f->fd >= 0)
        close(f->fd);
    if (f->folder >= 0)
        close(f->folder);
    f->temporary[0] = '\0';
    f->fd = f->folder = -1;
}
