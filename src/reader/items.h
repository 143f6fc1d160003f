#ifndef LEASH_READER_ITEMS_H
#define LEASH_READER_ITEMS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/hash.h"
#include "base/text.h"
#include "evidence/format.h"
#include "reader/held_rows.h"

/* The pieces of evidence of one run, in their order: as walked, and what lay inside an
 * item right behind it.  The order of everything leash writes comes from here, never
 * from which reader was first. */

enum item_state {
    ITEM_NEW,         /* not identified yet */
    ITEM_IDENTIFYING,
    ITEM_WAITING,     /* identified, its pass has not come */
    ITEM_READING,
    ITEM_DONE,
};

struct item {
    struct item *next;             /* in order */
    struct item *parent;
    struct item *last_inside;      /* where the next thing that lies inside it goes behind */
    struct text path;
    int descriptor;                /* a member's content, or -1: on the shelf, or open `path` */
    bool shelved;                  /* a member's content lies at shelf_offset of the list's shelf */
    uint64_t shelf_offset;
    struct item *part_of;          /* in this item's file its content lies from part_offset on, as it is; or NULL */
    uint64_t part_offset;
    unsigned depth;                /* 0: given by the user */
    uint64_t bytes;
    enum item_state state;
    const struct format *format;   /* NULL: not known */
    bool read_by_reader;           /* a reader had it: `parsed` counts */
    bool crashed;                  /* its reader ended early */
    bool given;                    /* its format was set by whoever made it: it is WAITING from the start and is not identified */
    bool sum_only;                 /* only its hash is wanted */
    bool follow_link;              /* the user named it: a symbolic link is followed */
    bool streamed;                 /* read as it came: its rows were written before its hash was known */
    bool cut;                      /* its end was not kept; `note` says why */
    bool hashed;
    bool sum_later;                /* it is hashed while it is read (pool_sums.h); its rows wait for that */
    struct item *next_sum;         /* for which no reader has begun with that */
    char sha256[SHA256_HEX];
    dev_t device;                  /* of the file, once it was opened; inode 0: none */
    ino_t inode;
    unsigned wave;                 /* in which it was identified */
    size_t place;                  /* in order, as of the last wave */
    struct item *same_as;          /* the item with the same content that was read */
    size_t inside_count;           /* how many lie in it */
    size_t inside_number;          /* the how many-th of its parent it is, from 1 */
    struct text status;            /* evidence.status, once done */
    struct text note;
    enum parse_status parsed;      /* how its reader ended */
    struct held_rows rows;         /* not handed out yet */
    uint64_t row_count, damage_count, damage_bytes;
    struct text first_damage;
};

struct item_list {
    struct item *first, *last;
    size_t count;
    struct arena *arena;
    struct held_room held; /* of the rows that wait for their turn */
    /* Content of members, when there are more than may be open at once; -1: none yet. */
    int shelf;
    uint64_t shelf_bytes;
    struct reader *early; /* hashes between two runs what the next one reads (pool_early.h); NULL: nobody does */
};

/* Done also ends a reader that waits for another run. */
void item_list_init(struct item_list *list);
void item_list_done(struct item_list *list);

/* A new item at the end, or behind what lies inside `parent` already. */
struct item *item_add(struct item_list *list, struct item *parent, struct text path);

/* An item that will not be read, with the reason. */
void item_settle(struct item_list *list, struct item *item, const char *status, struct text note);

/* Equal content is read once: of the items identified in this wave, those whose content another one has (the same hash;
 * without hashes, the same file) point at the first, and are settled. */
void item_settle_copies(struct item_list *list, unsigned wave);

/* Counts a row that its reader put. */
void item_count_row(struct item_list *list, struct item *item, enum fact_kind kind, const void *row);

/* What the status of an item says that a reader has read, now that all its rows are known. */
void item_set_status(struct item_list *list, struct item *item);

/* Its hash, if that is one. */
void item_take_digest(struct item *item, struct bytes digest);

/* What stands for the item in ids: its SHA-256; not hashed or read as it came, that of its path and, as names in
 * an archive may repeat, of its number there. */
void item_key(const struct item *item, char into[SHA256_HEX]);

#endif
