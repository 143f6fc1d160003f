#ifndef LEASH_PACKET_TALK_H
#define LEASH_PACKET_TALK_H

#include "packet/tracker.h"

/* A talk is what is kept of a flow while its content is followed: the conversation
 * that protocols see, and what they have not consumed yet.  It begins with the first
 * payload and goes when nobody can learn from the content any more. */

/* The next bytes of a TCP direction, in order. */
void talk_bytes(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, struct passage from);
/* `missing` bytes of the direction are not in the capture. */
void talk_gap(struct tracker *t, uint32_t flow, enum direction d, uint64_t missing);
/* The same where it may not be so many: they are not counted. */
void talk_leap(struct tracker *t, uint32_t flow, enum direction d, uint64_t missing);
/* The direction ended. */
void talk_direction_end(struct tracker *t, uint32_t flow, enum direction d);
/* More comes after its end: bytes of nobody. */
void talk_direction_goes_on(struct tracker *t, uint32_t flow, enum direction d);

/* One datagram; `missing` bytes of it were cut off. */
void talk_datagram(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, uint64_t missing,
                   struct passage from);

/* The same of an IP protocol that nobody reads: it is counted, and searched for known values. */
void talk_unread(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, uint64_t missing,
                 struct passage from);

/* Ends the talk of a flow, if there is one: the protocol writes its last facts, and
 * its labels are kept with the flow. */
void talk_finish(struct tracker *t, uint32_t flow);

/* The same in two steps, for a flow that is going to be forgotten: between them its last row is still
 * the talk's, and nothing needs to be kept of it.  No more content may come after the first. */
void talk_end(struct tracker *t, uint32_t flow);
void talk_let_go(struct tracker *t, uint32_t flow);

void talks_init(struct tracker *t);
void talks_done(struct tracker *t);

#endif
