#ifndef LEASH_SCRUB_REPACK_H
#define LEASH_SCRUB_REPACK_H

#include "base/arena.h"
#include "base/cursor.h"

/* zlib's format (RFC 1950), so that what was changed in a compressed text fits into its old place. */

/* What a stream unpacks to, in memory of the arena: at most REPACK_PLAIN_MAX bytes.  False: it does not unpack to its
 * end, or to more.  `ret_packed_bytes` are those of the stream: what stands behind them belongs to none. */
enum { REPACK_PLAIN_MAX = 16 << 20 };
__attribute__((warn_unused_result))
bool repack_open(struct arena *arena, struct bytes packed, uint8_t **ret_plain, size_t *ret_plain_bytes,
                 size_t *ret_packed_bytes);

/* A stream of exactly `room` bytes that unpacks to `plain`, in memory of the arena; NULL: it takes more.  Empty blocks
 * make it as long as it must be. */
uint8_t *repack_close(struct arena *arena, struct bytes plain, size_t room);

#endif
