#include "reader/spool.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 16, LOOK_AT_ROOM_EVERY = 1 << 24 };

static int write_all(int fd, const uint8_t *at, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -ENOSPC;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

int spool_new(const char *directory, struct bytes begin)
{
    const int fd = held_rows_temporary_file(directory);
    const int error = fd < 0 ? fd : write_all(fd, begin.at, begin.len);

    if (error && fd >= 0)
        close(fd);
    return error ? error : fd;
}

/* A case and its report need room, too. */
static bool has_room(int fd)
{
    struct statvfs s;

    return fstatvfs(fd, &s) != 0 || (uint64_t)s.f_bavail * s.f_frsize > SPOOL_BYTES_FREE;
}

int spool_rest(int fd, int from, struct item_list *items, struct item *item)
{
    static uint8_t piece[PIECE_BYTES];
    struct stat st;
    int error = 0;

    if (fstat(fd, &st))
        return -errno;
    item->bytes = (uint64_t)st.st_size;
    for (uint64_t looked = 0; !error;) {
        const ssize_t n = read(from, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            error = -errno;
        if (n <= 0)
            break;
        if (item->bytes >= looked) {
            looked = item->bytes + LOOK_AT_ROOM_EVERY;
            error = item->bytes < SPOOL_BYTES_MAX && has_room(fd) ? 0 : -ENOSPC;
        }
        if (!error)
            error = write_all(fd, piece, (size_t)n);
        if (!error)
            item->bytes += (uint64_t)n;
    }
    if (error != -ENOSPC)
        return error;
    item->cut = true;
    item->note = arena_printf(items->arena, "only its first %llu bytes could be kept: there is no room for more",
                              (unsigned long long)item->bytes);
    return ftruncate(fd, (off_t)item->bytes) ? -errno : 0;
}
