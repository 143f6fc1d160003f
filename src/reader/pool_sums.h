#ifndef LEASH_READER_POOL_SUMS_H
#define LEASH_READER_POOL_SUMS_H

#include "reader/pool_inside.h"

/* Hashing a large file while another reader reads it.  Its hash is what its rows' ids are made of and what tells that
 * two are the same, so its rows wait for it, and what may be the same as another is hashed before it is read, as small
 * files are. */

/* Before the item is identified: whether its hash can wait until it is read.  If so it is noted. */
bool pool_sum_can_wait(struct pool *p, struct item *item);
/* At the beginning of a run: what the one before left waiting. */
void pool_sums_of_before(struct pool *p);
/* An item that is being read, or that nobody will read, and that is to be hashed now; NULL: none. */
struct item *pool_next_sum(struct pool *p);
/* A reader is at it. */
void pool_sum_begins(struct pool *p, struct item *item);
/* Its hash is here. */
void pool_sum_ends(struct item *item, struct bytes digest);
/* Or will not come: what is read of it stays, under its path. */
void pool_sum_fails(struct pool *p, struct item *item, struct text why);
/* Something of `bytes` bytes was taken out of an item.  What is as large and waits to be read is hashed first after
 * all. */
void pool_sums_as_large(struct pool *p, uint64_t bytes);

#endif
