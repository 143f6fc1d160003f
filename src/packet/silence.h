#ifndef LEASH_PACKET_SILENCE_H
#define LEASH_PACKET_SILENCE_H

#include "packet/tracker.h"

/* A flow ends when nothing has come of it for long; what comes later counts as another flow.  So memory is for
 * what is open at once, however long the capture goes on.  All times are those of packets. */
struct silence_limits {
    int64_t closed_ns;    /* both ends closed it, or one broke it off */
    int64_t datagrams_ns;
    int64_t tcp_ns;
};

/* Of a capture that is there as a whole.  Twice the time a segment may live (RFC 9293, 3.4.2: 2 minutes); well above
 * the 5 minutes that RFC 4787, 4.3, wants a gateway to remember a pair of ports; RFC 5382, 5: 2 hours 4 minutes. */
extern const struct silence_limits silence_of_captures;

/* Closes the flows that are silent for longer. */
void silence_end(struct tracker *t, const struct silence_limits *limits);

#endif
