#ifndef LEASH_PACKET_TCP_SIDE_H
#define LEASH_PACKET_TCP_SIDE_H

#include <stdint.h>

/* Between tcp.c, which follows a connection, and tcp_waiting.c, which keeps what came too early. */

enum side_flag {
    SIDE_KNOWN = 1,   /* `next` is good */
    SIDE_SYN = 2,     /* base is the initial sequence number */
    SIDE_SOFT = 4,    /* `next` comes from the peer's acknowledgement; nothing of the side was seen */
    SIDE_FIN = 8,     /* `fin` is good */
    SIDE_ENDED = 16,
    SIDE_PENDING = 32, /* the peer acknowledged up to `pending`, past a hole */
    SIDE_ODD = 64,    /* the last segment was out of all bounds and ended at `odd` */
    SIDE_ODD_ACK = 128, /* the peer's last acknowledgement leapt to `odd_ack` */
};

struct tcp_side {
    uint32_t base, next, fin, acked, pending, odd, odd_ack;
    uint32_t first, last;  /* segments that wait, in order of sequence */
    uint16_t count;
    uint8_t flags;
    uint8_t patience;
};

/* Both sides while a segment is taken in.  Between segments the flow itself holds base,
 * next and flags; the rest is kept only where something waits or is out of order. */
struct tcp {
    struct tcp_side side[2];
};

/* How far `a` is ahead of `b`: sequence numbers wrap (RFC 9293, 3.4). */
static inline int32_t ahead(uint32_t a, uint32_t b) { return (int32_t)(a - b); }

#endif
