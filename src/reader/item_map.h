#ifndef LEASH_READER_ITEM_MAP_H
#define LEASH_READER_ITEM_MAP_H

#include "base/cursor.h"

/* The bytes of the item that a reader is at: mapped, and where a part is gone through once, copied piece by piece, for
 * a page that is mapped to be looked at once costs more than a copy of what is in it. */

struct item_map {
    struct bytes item;
    int descriptor;       /* where it lies, or -1 */
    uint64_t place;       /* from there on */
    struct bytes window;  /* a part of it, copied to `room`; its origin is counted from the item's begin */
    uint8_t *room;        /* made when first needed, and kept */
};

/* What lies from `place` on in that descriptor, which is the map's from here on; UINT64_MAX: to its end.  False when it
 * is not there or cannot be mapped. */
__attribute__((warn_unused_result))
bool item_map_open(struct item_map *m, int descriptor, uint64_t place, uint64_t len);
void item_map_close(struct item_map *m);

/* Whether those are bytes of the item itself, not of something that was unpacked. */
bool item_map_has(const struct item_map *m, struct bytes part);
/* Pages that lie in the part as a whole may go; they come again when they are asked for. */
void item_map_let_go(const struct item_map *m, struct bytes part);
/* The first bytes of a part, as struct reading's `once` has it. */
struct bytes item_map_once(struct item_map *m, struct bytes part);

#endif
