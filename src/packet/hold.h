#ifndef LEASH_PACKET_HOLD_H
#define LEASH_PACKET_HOLD_H

#include "base/cursor.h"
#include "packet/tracker.h"

/* Bytes of one direction that nobody has consumed yet, at most PROTOCOL_HOLD_MAX, and
 * where they came from.  All zeros is empty. */
struct hold_piece {
    uint32_t start;        /* within the held bytes */
    uint64_t origin;
    struct passage from;
};

struct hold {
    uint8_t *at;
    uint32_t start, len, room;      /* the bytes are at[start .. start + len) */
    struct hold_piece *pieces;
    uint32_t piece_count, piece_room;
};

void hold_done(struct hold *h);
/* Takes in as much as there is room for; gives how much that was. */
size_t hold_add(struct hold *h, struct bytes b, struct passage from);
void hold_consume(struct hold *h, size_t n);
struct bytes hold_bytes(const struct hold *h);
/* The nth piece as it was captured, empty behind the last. */
struct bytes hold_piece(const struct hold *h, uint32_t n, struct passage *from);

static inline size_t hold_memory(const struct hold *h)
{
    return h->room + h->piece_room * sizeof *h->pieces;
}

#endif
