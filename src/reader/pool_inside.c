#include "reader/pool_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/pool_sums.h"

enum {
    IN_MEMORY_MAX = 1024 * 1024,     /* what lies inside an item is kept in memory up to this size, */
    ALL_IN_MEMORY_MAX = 64 * 1024 * 1024, /* and so much of all together */
    OPEN_MEMBERS_MAX = 400,          /* a process may have 1024 files open on many systems */
};

/* Copies `n` bytes to where `to` stands; 0 or a negative errno. */
static int copy_bytes(int to, int from, uint64_t offset, uint64_t n)
{
    off_t at = (off_t)offset;

    while (n > 0) {
        const ssize_t done = sendfile(to, from, &at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? -errno : -EIO;
        n -= (uint64_t)done;
    }
    return 0;
}

/* An archive may hold more files than a process may have open.  Those beyond the first few
 * hundred lie one behind the other in one file and get one of their own when it is their turn. */
static int shelve(struct pool *p, struct item *member)
{
    struct item_list *items = p->items;

    if (items->shelf < 0)
        items->shelf = held_rows_temporary_file(p->options->spool_directory);
    if (items->shelf < 0)
        return items->shelf;
    if (lseek(items->shelf, (off_t)items->shelf_bytes, SEEK_SET) < 0)
        return -errno;
    const int error = copy_bytes(items->shelf, member->descriptor, 0, member->bytes);
    if (error)
        return error;
    member->shelf_offset = items->shelf_bytes;
    member->shelved = true;
    items->shelf_bytes += member->bytes;
    return 0;
}

static int open_shelved(struct pool *p, const struct item *item)
{
    const int fd = item->bytes <= IN_MEMORY_MAX ? memfd_create("leash-member", MFD_CLOEXEC)
                                                : held_rows_temporary_file(p->options->spool_directory);
    const int error = fd < 0 ? fd : copy_bytes(fd, p->items->shelf, item->shelf_offset, item->bytes);

    if (!error)
        return fd;
    if (fd >= 0)
        close(fd);
    errno = -error;
    return -1;
}

/* The file is opened anew by its name: it must still be the one that was read. */
static int open_part(struct pool *p, const struct item *item)
{
    struct item file = *item->part_of;
    const int fd = pool_open_item(p, &file);

    if (fd < 0 || (file.device == item->part_of->device && file.inode == item->part_of->inode &&
                   item->part_offset <= file.bytes && item->bytes <= file.bytes - item->part_offset))
        return fd;
    close(fd);
    errno = ESTALE;
    return -1;
}

int pool_open_item(struct pool *p, struct item *item)
{
    char path[4096];
    struct stat st;

    if (item->part_of)
        return open_part(p, item);
    if (item->descriptor >= 0)
        return fcntl(item->descriptor, F_DUPFD_CLOEXEC, 3);
    if (item->shelved)
        return open_shelved(p, item);
    snprintf(path, sizeof path, "%.*s", (int)item->path.len, item->path.at);
    /* The walk saw an ordinary file; should it be something else by now, do not wait for it. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (item->follow_link ? 0 : O_NOFOLLOW));
    if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    if (fd >= 0) {
        item->bytes = (uint64_t)st.st_size;
        item->device = st.st_dev;
        item->inode = st.st_ino;
    }
    return fd;
}

/* A piece of memory that takes no more than the reader said: a preview is read again at once, and a file on a disk
 * costs more than reading it.  -1: to a file, then. */
static int memory_spool(struct pool *p, uint64_t bytes)
{
    if (bytes > IN_MEMORY_MAX || bytes > ALL_IN_MEMORY_MAX - p->in_memory_bytes)
        return -1;
    const int fd = memfd_create("leash-member", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && (ftruncate(fd, (off_t)bytes) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) != 0)) {
        close(fd);
        return -1;
    }
    p->in_memory_bytes += fd >= 0 ? bytes : 0;
    return fd;
}

static bool is_memory(int fd)
{
    const int seals = fcntl(fd, F_GET_SEALS);

    return seals >= 0 && (seals & F_SEAL_GROW);
}

/* A file for a member to be written to: the reader's last one, when its content was copied. */
static int empty_spool(struct pool *p, struct reader *reader, uint64_t bytes)
{
    const int memory = memory_spool(p, bytes), fd = reader->spool;

    if (memory >= 0)
        return memory;
    reader->spool = -1;
    if (fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return held_rows_temporary_file(p->options->spool_directory);
}

/* Why nothing more may be taken out of this holder, or NULL. */
static const char *refusal_of(const struct pool *p, const struct item *holder)
{
    if (holder->depth + 1 > p->options->inside_depth_max)
        return "lies too deep inside other files; not opened";
    if (p->inside_items >= p->options->inside_items_max)
        return "more things lie inside the evidence than leash opens; not opened";
    if (p->inside_bytes >= p->options->inside_bytes_max)
        return "what lies inside the evidence takes more room than leash allows; not opened";
    return NULL;
}

static struct item *add_member(struct pool *p, struct item *holder, struct text name, const char *refusal)
{
    struct item *member = item_add(p->items, holder, arena_printf(p->items->arena, "%.*s!%.*s", (int)holder->path.len,
                                                                  holder->path.at, (int)name.len, name.at));

    p->inside_items++;
    if (refusal)
        item_settle(p->items, member, "unreadable", text_of(refusal));
    return member;
}

static void count_member(struct pool *p, const struct item *member)
{
    pool_sums_as_large(p, member->bytes);
    p->inside_bytes += member->bytes;
    p->bytes_total += member->bytes;
}

void pool_add_part(struct pool *p, struct reader *reader, uint64_t offset, uint64_t bytes, struct text name)
{
    struct item *holder = reader->item;

    if (!pool_has_parts(holder) || offset > holder->bytes || bytes > holder->bytes - offset) {
        reader->ended_by = "the reader spoke of what is not in its item";
        kill(reader->pid, SIGKILL);
        return;
    }
    struct item *member = add_member(p, holder, name, refusal_of(p, holder));
    if (member->state == ITEM_DONE)
        return;
    member->part_of = holder->part_of ? holder->part_of : holder;
    member->part_offset = holder->part_offset + offset;
    member->bytes = bytes;
    count_member(p, member);
}

void pool_open_member(struct pool *p, struct reader *reader, uint64_t bytes, struct text name)
{
    struct item *holder = reader->item;
    const char *refusal = refusal_of(p, holder);
    int fd = -1;

    if (reader->member) { /* one at a time; a reader that asks otherwise gets nothing */
        refusal = "";
    } else if (!refusal) {
        fd = empty_spool(p, reader, bytes);
        if (fd < 0)
            refusal = "no room to take this out";
    }
    if (!refusal || refusal[0]) {
        struct item *member = add_member(p, holder, name, refusal);
        if (!refusal) {
            member->descriptor = fd;
            member->state = ITEM_IDENTIFYING; /* nobody else may take it before it is whole */
            reader->member = member;
        }
    }
    if (!channel_send(reader->socket, CHANNEL_SPOOL, NULL, 0, fd))
        reader->ended_by = NULL; /* its end will be seen */
}

void pool_close_member(struct pool *p, struct reader *reader)
{
    struct item *member = reader->member;
    struct stat st;

    if (!member)
        return;
    reader->member = NULL;
    const int fd = member->descriptor;
    const off_t written = lseek(fd, 0, SEEK_CUR);
    /* Memory has its size from the beginning: what was not written is not there. */
    if (written < 0 || fstat(fd, &st) || (written < st.st_size && (ftruncate(fd, written) || fstat(fd, &st)))) {
        item_settle(p->items, member, "unreadable", TEXT("what was taken out cannot be read back"));
        return;
    }
    member->bytes = (uint64_t)st.st_size;
    count_member(p, member);
    member->state = ITEM_NEW;
    if (++p->open_members <= OPEN_MEMBERS_MAX)
        return;
    if (shelve(p, member))
        item_settle(p->items, member, "unreadable", TEXT("no room to take this out"));
    if (reader->spool < 0 && !is_memory(fd))
        reader->spool = fd;
    else
        close(fd);
    member->descriptor = -1;
}
