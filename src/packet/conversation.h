#ifndef LEASH_PACKET_CONVERSATION_H
#define LEASH_PACKET_CONVERSATION_H

#include "base/arena.h"
#include "base/cursor.h"
#include "evidence/reading.h"
#include "fact/fact.h"

/* Between packet/ and protocol/.  packet/ turns frames into conversations (one TCP
 * connection, or the datagrams between two UDP ends) and hands their bytes, in
 * order and once, to the protocol that recognises them.  A protocol knows its
 * format and writes facts; it knows nothing of packets. */

enum direction { DIRECTION_OUT, DIRECTION_IN }; /* out: from the side under test */

struct protocol;

/* Owned by packet/.  A protocol may read all of it and fill in `row`'s service, host,
 * host_source, tls_* and quic_* fields; texts must live in `arena` or be literals. */
struct conversation {
    struct reading *reading;
    struct arena *arena;          /* lives as long as the conversation; bounded */
    struct fact_flow row;         /* becomes the flow's row when the conversation ends */
    int64_t flow;                 /* its number, for REF fields */
    bool over_tcp;
    bool from_start;              /* the capture holds the first byte (SYN seen, or first datagram) */
    enum direction client;        /* the direction in which the initiator sends */

    /* Of the chunk or datagram now being handed over. */
    int64_t packet;               /* its number, from 1 */
    int64_t at_utc_ns;

    /* What recognisers of datagrams keep of earlier ones while nobody has recognised the
     * conversation: SEEN_COUNT numbers (protocol/seen.h), zeroed at its start. */
    uint64_t *seen;

    const struct protocol *expected;  /* what another conversation said that this one is; NULL: nothing */
    const struct protocol *protocol;  /* NULL until one recognised the content */
    int inner_depth;                  /* of protocols within protocols: protocol/inner.h */
    bool search_rest;                 /* what the protocol does not understand of what left is worth searching */
    void *state;                      /* state_bytes of it, zeroed at the start; in `arena` */
};

/* Says that `n` payload bytes of the direction were content that the protocol
 * recognised.  All other payload counts as opaque. */
void conversation_readable(struct conversation *c, enum direction d, uint64_t n);

/* Sets row.host unless a better source is there already; order of trust: http_host,
 * sni, quic_sni, dns, certificate. */
void conversation_host(struct conversation *c, struct text host, const char *host_source);

/* An answer of the name service: `name` (the name asked for, not the end of the CNAME
 * chain) led `client` to `address` (text form); names later flows of that client. */
void conversation_name_learnt(struct conversation *c, struct text client, struct text address,
                              struct text name, int64_t at_utc_ns, int64_t ttl_s);

/* Opens a view of content that left, for the search for known values; NULL when
 * nothing is searched or `d` is not DIRECTION_OUT.  `decoding` names the steps undone. */
struct payload_view *conversation_view(struct conversation *c, enum direction d, struct text_list decoding,
                                       uint64_t offset);
/* The same for a piece of content that stands alone. */
static inline void conversation_search(struct conversation *c, enum direction d, struct text_list decoding,
                                       struct bytes content)
{
    struct payload_view *view = content.len > 0 ? conversation_view(c, d, decoding, content.origin) : NULL;

    if (!view)
        return;
    c->reading->search->feed(view, content, c->packet, c->at_utc_ns);
    c->reading->search->close(view);
}

/* Says that a TCP connection to `address` (text form) and `port`, still to come, is this conversation's doing: its
 * `expected` will be `protocol`. */
void conversation_expect(struct conversation *c, struct text address, int64_t port, const struct protocol *protocol);

/* What the content told about a device.  It is put together with what else is told about the same
 * hardware address and written when the capture ends; gives its number, for REF fields, or unknown.
 * `sent_by` is the hardware address that it came from where that may also be a router's (else unknown):
 * it joins what is known of a device with that address, but is not taken for its own. */
int64_t conversation_device(struct conversation *c, const struct fact_device *row, struct text sent_by);

enum recognition { RECOGNISED_NO, RECOGNISED_MAYBE /* more bytes needed */, RECOGNISED_YES };

struct protocol {
    const char *service;  /* flow.service */
    size_t state_bytes;

    /* TCP: `head` is what the direction's stream has so far, from its first captured
     * byte.  NULL: not spoken over TCP. */
    enum recognition (*recognise_stream)(const struct conversation *c, enum direction d, struct bytes head);
    /* TCP: whether it begins with this segment behind what nobody reads, as TLS behind a greeting of its user's own.
     * NULL: it begins conversations only. */
    bool (*begins_late)(struct bytes segment);
    /* New bytes behind what was consumed before.  Gives how many bytes were consumed;
     * the rest comes again with more behind it, up to PROTOCOL_HOLD_MAX, after which
     * the direction is opaque for good.  SIZE_MAX: this direction makes no sense any
     * more, all that follows is opaque. */
    size_t (*stream)(struct conversation *c, enum direction d, struct bytes data);
    /* `missing` bytes are not in the capture; what was not consumed before them does not
     * come again.  False (or NULL): the direction is opaque from here on. */
    bool (*gap)(struct conversation *c, enum direction d, uint64_t missing);
    /* The direction ended (FIN, RST, end of capture); `left` is what was never consumed. */
    void (*stream_end)(struct conversation *c, enum direction d, struct bytes left);

    /* UDP: one datagram.  NULL: not spoken over UDP. */
    enum recognition (*recognise_datagram)(const struct conversation *c, enum direction d, struct bytes datagram);
    void (*datagram)(struct conversation *c, enum direction d, struct bytes datagram);

    /* The conversation is over; state and arena go away after this.  May be NULL.  Where
     * very many are open at once, the one used longest ago ends early: of a TCP connection the rest is
     * opaque, later datagrams of a UDP flow begin a new conversation of the same row. */
    void (*end)(struct conversation *c);

    /* The protocol opens views of its own content (http bodies), or its bytes are
     * encrypted and not worth searching; otherwise packet/ feeds the raw stream of
     * the direction out to the search. */
    bool feeds_views;
    /* With feeds_views: once a direction made no sense any more, its raw bytes are searched
     * nevertheless (false for encrypted protocols, where that finds nothing, unless they say so in the conversation). */
    bool search_when_lost;
};

enum { PROTOCOL_HOLD_MAX = 64 * 1024, SEEN_COUNT = 8 };

/* protocol/protocol.c: the table, tried in order. */
extern const struct protocol *const protocols[];
extern const size_t protocol_count;

#endif
