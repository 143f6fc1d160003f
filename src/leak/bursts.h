#ifndef LEASH_LEAK_BURSTS_H
#define LEASH_LEAK_BURSTS_H

#include "base/arena.h"
#include "fact/fact.h"

struct sqlite3;

/* Encrypted uploads whose size is that of a stored photo, video or log.  Their content is not
 * readable: this is a behaviour ("consistent with"), never a leak, and it says how many such
 * fits chance alone would make.
 *
 * A connection fits a file when its opaque payload lies between the file's size and 0.5 % plus
 * 8 KiB more: TLS records, a request's head and a handshake.  Files below 256 KiB are not
 * looked at, as those 8 KiB would fit too many.  Chance: uploads of unrelated sizes, spread
 * evenly over the logarithm of their size, fit with the share of it that the files' ranges
 * cover.  Nothing is said unless there are at least BURST_MORE_THAN_CHANCE times as many fits as
 * chance makes, and files made after the connection ended do not count. */
enum { BURST_MORE_THAN_CHANCE = 4, BURST_FILE_BYTES_MIN = 256 * 1024, BURST_ROWS_MAX = 200 };

/* Reads `evidence`, `media`, `flow` of a case in which these are whole, and gives behaviour rows.
 * 0, what `put` gave, or -EIO. */
__attribute__((warn_unused_result))
int bursts_find(struct sqlite3 *db, struct arena *arena, int (*put)(void *user, const struct fact_behaviour *row),
                void *user);

#endif
