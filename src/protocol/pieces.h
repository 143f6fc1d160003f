#ifndef LEASH_PROTOCOL_PIECES_H
#define LEASH_PROTOCOL_PIECES_H

#include <stdbool.h>

#include "base/cursor.h"

/* A message that comes in pieces, in any order, more than once or overlapping: the CRYPTO stream of QUIC, handshake
 * messages of DTLS.  What came first stays. */
struct pieces {
    uint8_t *bytes;      /* `limit` bytes; what was not there yet is not set */
    uint8_t *have;       /* PIECES_MAP_BYTES(limit), zeroed: a bit for each byte */
    size_t limit;
    size_t first;        /* all before this is there */
    size_t end;          /* nothing at or behind this is */
};

#define PIECES_MAP_BYTES(limit) (((limit) + 7) / 8)

/* Bytes at and behind the limit are left out. */
void pieces_add(struct pieces *p, uint64_t offset, struct bytes data);

#endif
