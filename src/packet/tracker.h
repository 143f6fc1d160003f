#ifndef LEASH_PACKET_TRACKER_H
#define LEASH_PACKET_TRACKER_H

#include "packet/devices.h"
#include "packet/expected.h"
#include "packet/flow.h"
#include "packet/ip.h"
#include "packet/link.h"
#include "packet/name.h"
#include "packet/side.h"
#include "packet/tcp_recent.h"

/* Everything that is known while one capture is read: tracker_frame takes its frames in
 * order, tracker_end writes what is still open.
 *
 * Memory is bounded whatever the capture holds (for a reader under 256 MiB in all):
 * flows with all that hangs on them, what protocols hold, and TCP segments that
 * wait for earlier ones. */
#define TRACKER_FLOW_BYTES_MAX  ((size_t)192 << 20)
#define TRACKER_TALK_BYTES_MAX  ((size_t)16 << 20)
enum { TRACKER_DAMAGE_ROWS_MAX = 32 /* of one sort */, TRACKER_LINK_TYPES_MAX = 16 /* told apart when not read */ };
enum { TRACKER_FLOWS_MAX_DEFAULT = 1 << 20, TRACKER_SEGMENTS_MAX = 8 * 1024 /* of 2 KiB */, TRACKER_ARENAS_SPARE = 1024 /* of 1 KiB */ };

struct tracker {
    struct reading *reading;
    struct flow_table table;
    struct ip_fragments *fragments;
    struct names *names;
    struct devices *devices;
    struct sides sides;
    struct expected expected;
    unsigned serial_told;                /* of duml_record_met */
    struct broadcasts *broadcasts;       /* from the first frame that a radio received */
    struct early *early;                 /* of a reading whose rows are wanted as they become known */
    struct pool tcps, talks, segments;
    uint64_t stream_takers, late_takers, datagram_takers; /* bit i: protocols[i] recognises such content */
    struct tcp_recent *recent;
    struct tcp_readable readable;        /* window and what is before it are set by capture.c */
    uint32_t talk_oldest, talk_newest;   /* conversations in the order of last use */
    size_t talk_bytes, label_bytes;
    struct arena *arena_spare[TRACKER_ARENAS_SPARE];  /* of talks that are over */
    int arena_spares;
    struct fact_flow empty_row;
    int64_t now_utc_ns;                  /* the latest time that two frames in a row had reached */
    int64_t frame_utc_ns;                /* of the frame before */
    uint64_t last_offset;

    /* What the reading could not keep or read; told at the end. */
    struct unread { uint64_t frames, bytes, first_offset; } link_opaque, broken, link_unknown_more;
    struct unread link_unknown[TRACKER_LINK_TYPES_MAX];
    uint32_t link_unknown_type[TRACKER_LINK_TYPES_MAX], link_unknown_count;
    uint64_t flows_evicted, talks_evicted, evicted_offset;
    uint64_t odd_lengths, odd_length_offset;
    uint64_t conflicts, leaps, fragment_conflicts, datagrams_incomplete; /* each has a damage row of its own only at first */
};

/* Where a piece of transport payload came from. */
struct passage {
    int64_t packet;
    int64_t at_utc_ns;
};

void tracker_init(struct tracker *t, struct reading *r);
void tracker_frame(struct tracker *t, const struct frame *frame);
/* Its record states a length on the wire that it cannot have had: told at the end. */
void tracker_odd_length(struct tracker *t, const struct frame *frame);
/* Puts the row of a flow as things stand, if it is another than was put before. */
void tracker_put_flow(struct tracker *t, uint32_t flow);
/* Ends it, puts its row, and forgets it. */
void tracker_close_flow(struct tracker *t, uint32_t flow);
/* Ends every flow, writes their rows in the order of their first packets, and frees all. */
void tracker_end(struct tracker *t);

#endif
