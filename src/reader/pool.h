#ifndef LEASH_READER_POOL_H
#define LEASH_READER_POOL_H

#include "reader/items.h"
#include "reader/worker.h"

/* Runs items through reader processes and hands out their rows in the order of the items. */

struct pool_options {
    struct worker_options worker;
    unsigned readers;             /* processes at once; 0: one per core */
    bool hash;                    /* SHA-256 of everything, and equal content read once */
    /* A file of at least so many bytes, and of a size that no other has, is hashed by another reader while it is read.
     * Its rows wait meanwhile, so not if it is very large. */
    uint64_t sum_later_min, sum_later_max;
    double seconds_per_item;      /* limit of processor time: this plus a second per `bytes_per_second` */
    double bytes_per_second;
    const char *spool_directory;  /* for content that lies inside items, and rows that wait */
    uint64_t inside_bytes_max;    /* total of what may be taken out of items */
    size_t inside_items_max;
    unsigned inside_depth_max;
};

/* Limits that suit an audit of a phone's folders on an ordinary laptop. */
struct pool_options pool_defaults(void);
/* How many readers work at once. */
unsigned pool_readers(const struct pool_options *options);

struct pool_listener {
    /* A row of an item, with head.number set; the row is the listener's to change and its
     * texts live until the call returns.  Non-zero stops the pool. */
    int (*row)(void *user, const struct item *item, enum fact_kind kind, void *row);
    /* For a progress bar; may be NULL. */
    void (*progress)(void *user, uint64_t bytes_done, uint64_t bytes_total, const struct item *current);
    void *user;
    /* Filled in: sandbox features that every reader had. */
    unsigned sandbox_features;
};

/* Identifies all new items and reads those of the pass (and what comes out of them).  After
 * both passes every item is ITEM_DONE with its status.  0, what `row` gave, or a negative
 * errno when leash itself failed. */
__attribute__((warn_unused_result))
int pool_run(struct item_list *items, enum reading_pass pass, const struct pool_options *options,
             struct pool_listener *listener);

#endif
