#ifndef LEASH_READER_POOL_INSIDE_H
#define LEASH_READER_POOL_INSIDE_H

#include "reader/channel.h"
#include "reader/pool.h"

/* What the files of the pool share: pool.c hands out work and listens, pool_messages.c takes what readers say and hands
 * rows on in the order of the items, pool_sums.c and pool_early.c see to what is hashed while it is read, pool_inside.c
 * keeps what lies inside items. */

enum { READERS_MAX = 64 };

struct reader {
    pid_t pid;
    int socket;
    struct item *item;        /* being identified or read; NULL: idle */
    struct item *member;      /* being written by the reader */
    int spool;                /* what it wrote the last shelved member to, or -1 */
    bool greeted;
    bool reads_on;            /* it identifies its item and, if its pass has come, reads it at once */
    bool summing;             /* it hashes the item, which another one reads */
    bool early;               /* and did so before this run (pool_early.h) */
    double limit_s;           /* for this item: of processor time; of the clock STUCK_FACTOR times that */
    double began_s, began_cpu_s;
    const char *ended_by;     /* why the parent ended it, or NULL */
};

struct pool {
    struct item_list *items;
    enum reading_pass pass;
    const struct pool_options *options;
    struct pool_listener *listener;
    struct reader readers[READERS_MAX];
    unsigned reader_count, still_born;
    struct worker_options worker; /* of the reader that is being started */
    bool identifying;         /* this half of the wave; otherwise reading */
    unsigned wave;
    struct item *head;        /* the first item whose rows were not all handed out */
    struct item *sums;        /* to be hashed while they are read */
    struct item *look_from;   /* before it nothing is left to do in this half, nor comes anything new; NULL: at all */
    uint64_t bytes_total, bytes_done;
    uint64_t inside_bytes, in_memory_bytes;
    size_t inside_items, open_members;
    struct arena *arena;      /* of the row being decoded */
    int error;
    struct channel_packet packet;
};

/* What no reader of a format reads, and is only held against rules, counts as stored. */
static inline enum reading_pass pass_of(const struct item *item)
{
    return item->format ? item->format->pass : PASS_STORED;
}

/* Takes the message that was received: what a reader found out about its item, or read in it. */
void pool_take_message(struct pool *p, struct reader *reader);
/* Hands out what the first items hold, and moves the head over those that are done or whose pass comes later. */
void pool_advance_head(struct pool *p);
/* Nobody reads the item any longer. */
void pool_item_over(struct item *item, enum parse_status parsed);

/* Has the reader hash the item.  False: it died meanwhile, as its socket will say. */
bool pool_give_sum(struct pool *p, struct reader *reader, struct item *item);
/* Waits for the end of a reader that is idle, which ends when its parent stops talking, or was killed. */
void pool_retire(struct reader *reader);

/* A descriptor for whoever reads the item, from where its content lies (its path, a file or memory of its own, the
 * shelf);
 * -1 with errno. */
int pool_open_item(struct pool *p, struct item *item);

/* Whether a part of that item can be an item of its own without being copied. */
static inline bool pool_has_parts(const struct item *item)
{
    return item->part_of || (item->inode && !item->parent && item->descriptor < 0);
}

/* A reader found something inside its item that lies there as it is: an item like any other, right behind its holder.
 * What does not lie there is damage to nobody but the reader, which is ended. */
void pool_add_part(struct pool *p, struct reader *reader, uint64_t offset, uint64_t bytes, struct text name);
/* A reader found something inside its item and will write `bytes` of it, or fewer: answers with a descriptor, or with
 * none when a limit is reached, which becomes the member's status. */
void pool_open_member(struct pool *p, struct reader *reader, uint64_t bytes, struct text name);
/* It is whole: an item like any other, right behind its holder. */
void pool_close_member(struct pool *p, struct reader *reader);

#endif
