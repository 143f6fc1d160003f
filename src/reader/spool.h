#ifndef LEASH_READER_SPOOL_H
#define LEASH_READER_SPOOL_H

#include "reader/items.h"

/* Keeps what can be read only once in an unlinked file, so that it can be hashed, identified and read like any
 * other evidence. */

/* The most that is kept, and what is left free on the file system. */
#define SPOOL_BYTES_MAX  (UINT64_C(64) << 30)
#define SPOOL_BYTES_FREE (UINT64_C(256) << 20)

/* A file in the directory that holds `begin`; a negative errno where there is no room. */
__attribute__((warn_unused_result))
int spool_new(const char *directory, struct bytes begin);

/* Appends all that comes from `from`, and sets the item's size.  Where there is no room for more, the item is cut
 * and its note says so.  Gives 0 or a negative errno. */
__attribute__((warn_unused_result))
int spool_rest(int fd, int from, struct item_list *items, struct item *item);

#endif
