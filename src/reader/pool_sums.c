#include "reader/pool_sums.h"

#include <sys/statvfs.h>
#include <unistd.h>

static void forget(struct pool *p, struct item *item)
{
    struct item **at = &p->sums;

    while (*at && *at != item)
        at = &(*at)->next_sum;
    if (*at)
        *at = item->next_sum;
    item->next_sum = NULL;
}

static void note(struct pool *p, struct item *item)
{
    struct item **at = &p->sums;

    while (*at)
        at = &(*at)->next_sum;
    *at = item;
}

/* Rows that wait may need a file.  What a capture tells is an eighth of its size, and seldom more. */
static bool room_for_rows(const struct pool *p, uint64_t bytes)
{
    enum { PART = 4 };
    const int fd = held_rows_temporary_file(p->options->spool_directory);
    struct statvfs s;

    if (fd < 0)
        return false;
    const bool room = fstatvfs(fd, &s) == 0 && (uint64_t)s.f_bavail * s.f_frsize >= bytes / PART;
    close(fd);
    return room;
}

bool pool_sum_can_wait(struct pool *p, struct item *item)
{
    const struct pool_options *o = p->options;

    if (!o->hash || p->reader_count < 2 || item->sum_only || item->parent || item->descriptor >= 0 ||
        item->bytes < o->sum_later_min || item->bytes > o->sum_later_max)
        return false;
    for (const struct item *i = p->items->first; i; i = i->next)
        if (i != item && i->bytes == item->bytes)
            return false;
    if (!room_for_rows(p, item->bytes))
        return false;
    item->sum_later = true;
    note(p, item);
    return true;
}

void pool_sums_of_before(struct pool *p)
{
    for (struct item *i = p->items->first; i; i = i->next) {
        i->next_sum = NULL;
        if (i->sum_later)
            note(p, i);
    }
}

struct item *pool_next_sum(struct pool *p)
{
    struct item *i = p->sums;

    while (i && i->state != ITEM_READING && i->state != ITEM_DONE)
        i = i->next_sum;
    return i;
}

void pool_sum_begins(struct pool *p, struct item *item)
{
    forget(p, item);
}

void pool_sum_ends(struct item *item, struct bytes digest)
{
    item_take_digest(item, digest);
    item->sum_later = false;
}

void pool_sum_fails(struct pool *p, struct item *item, struct text why)
{
    forget(p, item);
    item->sum_later = false;
    item->crashed = true;
    if (!text_known(item->note))
        item->note = arena_printf(p->items->arena, "its hash is not known: %.*s", (int)why.len, why.at);
}

void pool_sums_as_large(struct pool *p, uint64_t bytes)
{
    struct item *next;

    for (struct item *i = p->sums; i; i = next) {
        next = i->next_sum;
        if (i->state != ITEM_WAITING || i->bytes != bytes)
            continue;
        forget(p, i);
        i->sum_later = false;
        i->state = ITEM_NEW;
    }
}
