#ifndef LEASH_READER_POOL_EARLY_H
#define LEASH_READER_POOL_EARLY_H

#include "reader/pool_inside.h"

/* Hashing between two runs over the same items.  What waits for its pass, and is to be hashed while it is read, is
 * hashed from the end of the run before on, by one reader, while the parent does something else: it works out what is
 * searched for.  That reader was started before there was anything to search for, so it does nothing else, and ends
 * when its hash is there. */

/* At the end of a run, when its readers are gone: begins with the first item that waits.  Where there can be no such
 * reader, the next run hashes the item as it would have. */
void pool_early_begin(struct pool *p);
/* At the beginning of a run, after pool_sums_of_before: the reader is one of this run. */
void pool_early_take(struct pool *p);
/* There is no other run: ends the reader. */
void pool_early_end(struct item_list *items);

#endif
