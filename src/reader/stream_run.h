#ifndef LEASH_READER_STREAM_RUN_H
#define LEASH_READER_STREAM_RUN_H

#include "reader/pool.h"

/* Hands the bytes of a descriptor to a reader process as they come, and its rows to the listener as they
 * become known.  This process looks at none of the bytes; it counts and hashes them. */
struct stream_source {
    int descriptor;
    /* All that could be read for now was handed out: for output that should not wait.  May be NULL. */
    void (*quiet)(void *user);
    /* Asked before waiting; true ends the reading as the end of the input does.  May be NULL. */
    bool (*stop)(void *user);
    void *user;
};

/* 0: the item is done.  1: what comes is not read as it comes; the item's descriptor is a file that holds all
 * of it, and pool_run takes it from there.  Negative errno, or what the listener's `row` gave: leash failed. */
__attribute__((warn_unused_result))
int stream_run(struct item_list *items, struct item *item, const struct stream_source *source,
               const struct pool_options *options, struct pool_listener *listener);

#endif
