#ifndef LEASH_FLIGHTLOG_TLOG_FRAME_H
#define LEASH_FLIGHTLOG_TLOG_FRAME_H

#include "protocol/mavlink_frame.h"

/* Walks a telemetry log: before each MAVLink frame stands the time when the ground station had it, u64
 * big-endian, in microseconds since 1970 or, of some writers, since the station was started; its two lowest bits
 * may hold the number of the link (ArduPilot/pymavlink mavutil.py) and are taken off.
 *
 * A record is believed when its frame's check sequence is right, or, where the message is not in the
 * table, when another record follows.  Behind damage the walk goes on at the next one that is right and
 * lies within three days of the last time. */

enum { TLOG_STAMP = 8 };

struct tlog_record {
    int64_t at_us;
    struct mavlink_frame frame;
    bool doubted_time;             /* the time is far from those of the records before and after */
    bool bad;                      /* the check is wrong, and yet a record follows: damaged, or of another dialect */
    uint64_t lost_at, lost_bytes;  /* before it; 0: nothing */
    bool lost_to_cut;              /* they begin a record that goes on behind the end */
};

struct tlog_walk {
    struct bytes area;
    size_t at;
    int64_t last_us;               /* of the last good record, or unknown */
};

void tlog_walk_init(struct tlog_walk *w, struct bytes area);

/* False at the end; then lost_bytes tells what is left there. */
bool tlog_walk_next(struct tlog_walk *w, struct tlog_record *ret);

/* Whether a good record begins there. */
bool tlog_record_at(struct bytes from, struct tlog_record *ret);

#endif
