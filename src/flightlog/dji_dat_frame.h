#ifndef LEASH_FLIGHTLOG_DJI_DAT_FRAME_H
#define LEASH_FLIGHTLOG_DJI_DAT_FRAME_H

#include "base/cursor.h"

/* Finds the records of a DJI .DAT log; used by dji_dat.c alone.  The layout is in the .c. */

enum {
    DJI_DAT_RECORD_MIN = 12, DJI_DAT_RECORD_MAX = 1023,
    DJI_DAT_PIECES_MAX = 2 * DJI_DAT_RECORD_MAX,
};

struct dji_dat_record {
    uint16_t type;
    uint32_t tick;             /* 3.84 MHz, wraps */
    struct bytes payload;      /* masked with the low byte of the tick */
    uint64_t offset, length;   /* in the evidence item; a joined one spans what interrupts it */
    bool joined;               /* put together from pieces around another record */
};

struct dji_dat_walk {
    struct bytes area;
    size_t at;
    uint8_t crc8[256];

    /* Bytes that no whole record claims: where one record interrupts another, the
     * interrupted one's pieces come together here. */
    uint8_t pieces[DJI_DAT_PIECES_MAX];
    uint64_t piece_origin[DJI_DAT_PIECES_MAX];
    size_t pieces_len;
    uint8_t joined[DJI_DAT_RECORD_MAX];

    uint64_t gap_bytes, joined_bytes;
    uint64_t lost_bytes;       /* of those, what can be part of no record any more */
    bool lost_known;
    uint64_t first_lost;       /* see dji_dat_walk_first_lost */

    bool splits;               /* set by the caller: the walk ends where the header of another log stands between records, */
    bool ends_at_log;          /* it did, */
    size_t next_log;           /* and this is where, in `area` as it was */
};

void dji_dat_walk_init(struct dji_dat_walk *w, struct bytes area);
/* False at the end.  A joined record is valid until the next call. */
__attribute__((warn_unused_result))
bool dji_dat_walk_next(struct dji_dat_walk *w, struct dji_dat_record *ret);

/* At the end, when gap_bytes > joined_bytes: where in the evidence item bytes first
 * belong to no record. */
uint64_t dji_dat_walk_first_lost(const struct dji_dat_walk *w);

#endif
