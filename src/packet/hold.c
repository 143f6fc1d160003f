#include "packet/hold.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* More pieces than this run together, and their bytes are pointed at less exactly. */
enum { PIECES_MAX = 64, ROOM_AT_FIRST = 512 };

void hold_done(struct hold *h)
{
    if (!h->at)
        return; /* as of most directions: nothing ever was held */
    free(h->at);
    free(h->pieces);
    *h = (struct hold){ .at = NULL };
}

static void make_room(struct hold *h, uint32_t n)
{
    if (h->start + h->len + n <= h->room)
        return;
    if (h->start > 0) {
        memmove(h->at, h->at + h->start, h->len);
        h->start = 0;
    }
    if (h->len + n <= h->room)
        return;
    uint32_t room = h->room ? h->room : ROOM_AT_FIRST;
    while (room < h->len + n)
        room *= 2;
    h->at = memory_resize_array(h->at, room, 1);
    h->room = room;
}

static void add_piece(struct hold *h, uint64_t origin, struct passage from)
{
    if (h->piece_count == PIECES_MAX)
        return;
    if (h->piece_count == h->piece_room) {
        h->piece_room = h->piece_room ? h->piece_room * 4 : 4;
        h->pieces = memory_resize_array(h->pieces, h->piece_room, sizeof *h->pieces);
    }
    h->pieces[h->piece_count++] = (struct hold_piece){ .start = h->len, .origin = origin, .from = from };
}

size_t hold_add(struct hold *h, struct bytes b, struct passage from)
{
    const size_t left = PROTOCOL_HOLD_MAX - h->len;
    const uint32_t n = (uint32_t)(b.len < left ? b.len : left);

    if (n == 0)
        return 0;
    make_room(h, n);
    add_piece(h, b.origin, from);
    memcpy(h->at + h->start + h->len, b.at, n);
    h->len += n;
    return n;
}

void hold_consume(struct hold *h, size_t n)
{
    uint32_t gone = 0;

    h->start += (uint32_t)n;
    h->len -= (uint32_t)n;
    if (h->len == 0) {
        h->start = h->piece_count = 0;
        return;
    }
    while (gone + 1 < h->piece_count && h->pieces[gone + 1].start <= n)
        gone++;
    h->piece_count -= gone;
    memmove(h->pieces, h->pieces + gone, h->piece_count * sizeof *h->pieces);
    h->pieces[0].origin += n - h->pieces[0].start;
    h->pieces[0].start = 0;
    for (uint32_t i = 1; i < h->piece_count; i++)
        h->pieces[i].start -= (uint32_t)n;
}

struct bytes hold_bytes(const struct hold *h)
{
    return (struct bytes){
        .at = h->at ? h->at + h->start : (const uint8_t *)"", .len = h->len,
        .origin = h->piece_count ? h->pieces[0].origin : 0,
    };
}

struct bytes hold_piece(const struct hold *h, uint32_t n, struct passage *from)
{
    struct bytes b = hold_bytes(h);

    if (n >= h->piece_count)
        return bytes_part(b, b.len, 0);
    const uint32_t end = n + 1 < h->piece_count ? h->pieces[n + 1].start : h->len;
    b = bytes_part(b, h->pieces[n].start, end - h->pieces[n].start);
    b.origin = h->pieces[n].origin;
    *from = h->pieces[n].from;
    return b;
}
