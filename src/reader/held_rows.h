#ifndef LEASH_READER_HELD_ROWS_H
#define LEASH_READER_HELD_ROWS_H

#include "base/buffer.h"
#include "fact/fact.h"

/* The row stream of an item whose turn has not come.  A few megabytes of all that wait are in memory, the rest in
 * unlinked files, one an item, so that memory stays bounded while an earlier item is read. */
struct held_rows {
    struct buffer memory;   /* behind what is in the file */
    int file;               /* -1: none yet */
    uint64_t file_bytes;
};

/* What the held rows of all items have in common: how much is in memory, and memory that was let go of, for the next. */
enum { HELD_SPARES = 4 };
struct held_room {
    uint64_t bytes;
    struct buffer spare[HELD_SPARES];
    unsigned spares;
};

/* A room begins with all zeros. */
void held_room_done(struct held_room *room);

void held_rows_init(struct held_rows *h);
void held_rows_done(struct held_rows *h, struct held_room *room);

/* Adds stream bytes; a row may be cut anywhere.  0 or a negative errno. */
__attribute__((warn_unused_result))
int held_rows_add(struct held_rows *h, struct held_room *room, struct bytes stream, const char *spool_directory);

/* Hands out every complete row and keeps the beginning of an incomplete one.  0, what `row`
 * gave, a negative errno, or -EBADMSG when the stream makes no sense (nothing is kept then). */
__attribute__((warn_unused_result))
int held_rows_drain(struct held_rows *h, struct held_room *room, struct arena *arena,
                    int (*row)(void *user, enum fact_kind kind, void *row), void *user);

/* Adds stream bytes and hands out every complete row.  Those that lie whole in `stream`, when nothing was held before,
 * are not copied.  Results as above. */
__attribute__((warn_unused_result))
int held_rows_pass(struct held_rows *h, struct held_room *room, struct bytes stream, const char *spool_directory,
                   struct arena *arena, int (*row)(void *user, enum fact_kind kind, void *row), void *user);

/* An unlinked file in the directory, or a negative errno. */
int held_rows_temporary_file(const char *directory);

#endif
