#ifndef LEASH_PACKET_TCP_H
#define LEASH_PACKET_TCP_H

#include "packet/tracker.h"

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct tcp_header {
    uint16_t src_port, dst_port;
    uint32_t seq, ack;
    uint8_t flags;
    struct bytes payload;   /* as much as was captured */
    uint64_t payload_len;   /* on the wire */
};

/* RFC 9293, 3.1.  TRUNCATED where the capture cut the header. */
enum parse_status tcp_parse(struct bytes segment, uint64_t wire_len, struct tcp_header *ret);

/* True when the segment opens a new connection between the same ends as `flow`. */
bool tcp_is_reuse(const struct flow *f, enum direction d, const struct tcp_header *h);

/* Puts the segment into its place in the stream; bytes that are now in order go to
 * talk_bytes, what is missing to talk_gap. */
void tcp_segment(struct tracker *t, uint32_t flow, enum direction d, const struct tcp_header *h, struct passage from);

/* Hands over all that still waits, with gaps in between, and frees it. */
void tcp_finish(struct tracker *t, uint32_t flow);

void tcps_init(struct tracker *t);
void tcps_done(struct tracker *t);

#endif
