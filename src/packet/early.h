#ifndef LEASH_PACKET_EARLY_H
#define LEASH_PACKET_EARLY_H

#include "packet/tracker.h"

/* Rows as soon as they are known, for a reading whose end may be far away (reading.as_known).  Of a flow:
 *   when its content names the host (TLS, QUIC, HTTP): its row so far;
 *   2 s after it was closed: its row, which comes again should more packets come;
 *   after 2 minutes of silence between datagrams, or 2 hours on a TCP connection: its last row.
 *     What comes later counts as another flow.
 * Devices come when they are first heard of and when more is known.  The same row has the same number
 * each time, and the last one is right.  All times are those of the packets. */
#define EARLY_CLOSED_NS    (2 * INT64_C(1000000000))

struct early;

struct early *early_new(void);
void early_free(struct early *e);

/* The flow's content named its host; the row is put when the frame is done. */
void early_named_add(struct early *e, uint32_t flow);
static inline void early_named(struct tracker *t, uint32_t flow)
{
    if (t->early)
        early_named_add(t->early, flow);
}

/* The flow is gone: its element may become another's. */
void early_forget(struct early *e, uint32_t flow);

/* After each frame; `new_second`: time has gone on by one since the last. */
void early_frame_done(struct tracker *t, bool new_second);

/* Whether this row of the flow is another than the one that was put before, if one was. */
bool early_is_news(struct early *e, uint32_t flow, const struct fact_flow *row);

#endif
