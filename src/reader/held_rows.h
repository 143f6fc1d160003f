#ifndef LEASH_READER_HELD_ROWS_H
#define LEASH_READER_HELD_ROWS_H

#include "base/buffer.h"
#include "fact/fact.h"

/* The row stream of an item whose turn has not come: the first megabyte in memory, the
 * rest in an unlinked file, so that memory stays bounded while an earlier item is read. */
struct held_rows {
    struct buffer memory;   /* behind what is in the file */
    int file;               /* -1: none yet */
    uint64_t file_bytes;
};

void held_rows_init(struct held_rows *h);
void held_rows_done(struct held_rows *h);

/* Adds stream bytes; a row may be cut anywhere.  0 or a negative errno. */
__attribute__((warn_unused_result))
int held_rows_add(struct held_rows *h, struct bytes stream, const char *spool_directory);

/* Hands out every complete row and keeps the beginning of an incomplete one.  0, what `row`
 * gave, a negative errno, or -EBADMSG when the stream makes no sense (nothing is kept then). */
__attribute__((warn_unused_result))
int held_rows_drain(struct held_rows *h, struct arena *arena,
                    int (*row)(void *user, enum fact_kind kind, void *row), void *user);

/* Adds stream bytes and hands out every complete row.  Those that lie whole in `stream`, when nothing was held before,
 * are not copied.  Results as above. */
__attribute__((warn_unused_result))
int held_rows_pass(struct held_rows *h, struct bytes stream, const char *spool_directory, struct arena *arena,
                   int (*row)(void *user, enum fact_kind kind, void *row), void *user);

/* An unlinked file in the directory, or a negative errno. */
int held_rows_temporary_file(const char *directory);

#endif
