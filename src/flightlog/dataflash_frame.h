#ifndef LEASH_FLIGHTLOG_DATAFLASH_FRAME_H
#define LEASH_FLIGHTLOG_DATAFLASH_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* Walks the records of a binary ArduPilot log: A3 95, type u8, content whose length its FMT record told.
 * No check sequence: a record is believed when another one, or the end, follows it, or what once was the
 * mark of one. */

enum { DATAFLASH_HEAD = 3, DATAFLASH_FMT = 0x80, DATAFLASH_FMT_BYTES = 89 };

struct dataflash_frame {
    uint8_t type;
    struct bytes whole;                  /* the head included */
    uint64_t lost_at, lost_bytes;        /* before it; 0: nothing */
    bool lost_to_cut;                    /* they begin a record that goes on behind the end */
};

struct dataflash_walk {
    struct bytes area;
    size_t at;
    uint8_t bytes[256];                  /* of whole records by type; 0: not defined (yet) */
};

void dataflash_walk_init(struct dataflash_walk *w, struct bytes area);

/* The slow way: at the end and around damage. */
bool dataflash_walk_search(struct dataflash_walk *w, struct dataflash_frame *ret);

/* False at the end; then lost_bytes tells what is left there. */
static inline bool dataflash_walk_next(struct dataflash_walk *w, struct dataflash_frame *ret)
{
    const size_t left = w->area.len - w->at;

    if (left >= DATAFLASH_HEAD) {
        const uint8_t *p = w->area.at + w->at;
        const size_t len = w->bytes[p[2]];
        if (p[0] == 0xa3 && p[1] == 0x95 && len > 0 && len + 2 <= left && p[len] == 0xa3 && p[len + 1] == 0x95) {
            ret->type = p[2];
            ret->whole = (struct bytes){ .at = p, .len = len, .origin = w->area.origin + w->at };
            ret->lost_bytes = 0;
            w->at += len;
            return true;
        }
    }
    return dataflash_walk_search(w, ret);
}

#endif
