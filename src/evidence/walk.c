#include "evidence/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { DEPTH_MAX = 128, PATH_BYTES_MAX = 4000, FOLDERS_MAX = 1000000 };

struct folder_id {
    dev_t device;
    ino_t inode;
};

struct walk {
    walk_found *found;
    void *user;
    struct buffer path;
    struct folder_id *entered;
    size_t entered_count, entered_room, files;
};

static void tell(struct walk *w, enum walk_kind kind, const char *note, bool named)
{
    w->files += kind == WALK_FILE;
    w->found(w->user, kind, buffer_text(&w->path), note, named);
}

/* False when this folder was entered before: a loop of bind mounts, or named twice. */
static bool enter_once(struct walk *w, const struct stat *st)
{
    for (size_t i = 0; i < w->entered_count; i++)
        if (w->entered[i].device == st->st_dev && w->entered[i].inode == st->st_ino)
            return false;
    if (w->entered_count == w->entered_room) {
        w->entered_room = w->entered_room ? w->entered_room * 2 : 64;
        w->entered = memory_resize_array(w->entered, w->entered_room, sizeof *w->entered);
    }
    w->entered[w->entered_count++] = (struct folder_id){ st->st_dev, st->st_ino };
    return true;
}

static const char *special_note(mode_t mode)
{
    if (S_ISLNK(mode))
        return "a symbolic link; not followed";
    if (S_ISFIFO(mode))
        return "a pipe; not opened";
    if (S_ISSOCK(mode))
        return "a socket; not opened";
    if (S_ISCHR(mode) || S_ISBLK(mode))
        return "a device; not opened";
    return "neither a file nor a folder; not opened";
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void walk_folder(struct walk *w, int folder, unsigned depth);

static void walk_entry(struct walk *w, int folder, const char *name, unsigned depth)
{
    const size_t len = w->path.len;
    struct stat st;

    if (len > 0 && w->path.at[len - 1] != '/')
        buffer_add_u8(&w->path, '/');
    if (!buffer_add(&w->path, name, strlen(name))) {
        tell(w, WALK_FAILED, "its path is too long", false);
    } else if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW)) {
        tell(w, WALK_FAILED, strerror(errno), false);
    } else if (S_ISREG(st.st_mode)) {
        tell(w, WALK_FILE, NULL, false);
    } else if (!S_ISDIR(st.st_mode)) {
        tell(w, WALK_SKIPPED, special_note(st.st_mode), false);
    } else if (depth >= DEPTH_MAX || w->entered_count >= FOLDERS_MAX) {
        tell(w, WALK_FAILED, "folders lie deeper, or are more, than leash follows", false);
    } else {
        const int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below < 0)
            tell(w, WALK_FAILED, strerror(errno), false);
        else if (!enter_once(w, &st))
            tell(w, WALK_SKIPPED, "a folder that was entered before", false), close(below);
        else
            walk_folder(w, below, depth + 1);
    }
    w->path.len = len;
}

/* Owns `folder`. */
static void walk_folder(struct walk *w, int folder, unsigned depth)
{
    DIR *dir = fdopendir(folder);
    char **names = NULL;
    size_t count = 0, room = 0;

    if (!dir) {
        tell(w, WALK_FAILED, strerror(errno), false);
        close(folder);
        return;
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count == room) {
            room = room ? room * 2 : 64;
            names = memory_resize_array(names, room, sizeof *names);
        }
        const size_t bytes = strlen(entry->d_name) + 1;
        names[count] = memory_alloc(bytes);
        memcpy(names[count++], entry->d_name, bytes);
    }
    if (errno)
        tell(w, WALK_FAILED, strerror(errno), false);
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        walk_entry(w, dirfd(dir), names[i], depth);
        free(names[i]);
    }
    free(names);
    closedir(dir);
}

static void walk_named(struct walk *w, const char *path)
{
    struct stat st;

    buffer_clear(&w->path);
    if (!buffer_add(&w->path, path, strlen(path))) {
        tell(w, WALK_FAILED, "its path is too long", true);
    } else if (stat(path, &st)) { /* what the user names is followed */
        tell(w, WALK_FAILED, strerror(errno), true);
    } else if (S_ISREG(st.st_mode)) {
        tell(w, WALK_FILE, NULL, true);
    } else if (!S_ISDIR(st.st_mode)) {
        tell(w, WALK_SKIPPED, special_note(st.st_mode), true);
    } else if (!enter_once(w, &st)) {
        tell(w, WALK_SKIPPED, "a folder that was entered before", true);
    } else {
        const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0)
            tell(w, WALK_FAILED, strerror(errno), true);
        else
            walk_folder(w, folder, 0);
    }
}

size_t walk(const char *const *paths, size_t path_count, walk_found *found, void *user)
{
    struct walk w = { .found = found, .user = user };

    buffer_init(&w.path, PATH_BYTES_MAX);
    for (size_t i = 0; i < path_count; i++)
        walk_named(&w, paths[i]);
    buffer_done(&w.path);
    free(w.entered);
    return w.files;
}
