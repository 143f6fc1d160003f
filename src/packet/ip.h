#ifndef LEASH_PACKET_IP_H
#define LEASH_PACKET_IP_H

#include "packet/address.h"
#include "packet/link.h"

enum { IP_ICMP = 1, IP_TCP = 6, IP_UDP = 17, IP_ESP = 50, IP_AH = 51, IP_ICMPV6 = 58 };

/* One IP packet, or one datagram put together from fragments. */
struct ip_packet {
    struct address src, dst;
    uint8_t version;
    uint8_t protocol;          /* of what is in `payload`; behind all extension headers */
    struct bytes payload;      /* the captured part, without link padding */
    uint64_t payload_len;      /* what the header says; more than payload.len when the capture cut it */
    bool fragment;             /* not a whole datagram */
    bool repeated;             /* it was handed over before: only the frames that carried it count */
    bool more_fragments;
    uint32_t fragment_offset;  /* bytes */
    uint32_t identification;
};

/* Reads the header, and what stands before the transport: IPv6 extension headers, and in
 * IPv4 the authentication header (RFC 791, RFC 8200, RFC 4302).
 * `wire_len` is what of the frame lies behind the start of `ip`; it stands in for a
 * length field of 0, which segmentation offload leaves behind.  Checksums are not
 * looked at: captures on the sending host hold wrong ones.  `ip` is not copied, because that is what would take
 * longest. */
enum parse_status ip_parse(const struct bytes *ip, uint64_t wire_len, struct ip_packet *ret);

/* Walks the headers before the transport from where `p` stands.  Where they are cut or too many, it
 * stays at the one that could not be read and `protocol` is that header's number. */
void ip_extension_headers(struct ip_packet *p);

/* The frames that carried a datagram. */
struct carriage {
    uint64_t packets, bytes;              /* bytes: whole frames at their original length */
    int64_t packet_first, packet_last;
    int64_t at_first_utc_ns, at_last_utc_ns;
    uint64_t offset_first;                /* of the first record in the item */
};

void carriage_add(struct carriage *sum, const struct carriage *part);

/* Puts fragments together (RFC 791, RFC 8200); where they overlap, the bytes seen first
 * stay.  Bounded in number, bytes and pieces; a datagram is given up 60 s after its first fragment. */
struct ip_fragments;

struct ip_fragments *ip_fragments_new(void);
void ip_fragments_free(struct ip_fragments *f);

/* Takes in a fragment.  True: the datagram is complete, and `whole` (whose payload
 * stays good until the next call) and `carried` tell of all of it; of bytes that the capture cut, the payload
 * ends at the first.  When the datagram was complete without this fragment, `whole` is `repeated`. */
__attribute__((warn_unused_result))
bool ip_fragments_add(struct ip_fragments *f, const struct ip_packet *part, const struct carriage *part_carried,
                      struct ip_packet *whole, struct carriage *carried);

/* The fragment taken in last contradicts earlier ones: other bytes in the same place, or another end. */
bool ip_fragments_conflict(const struct ip_fragments *f);

/* Gives up one datagram that is too old at `now_utc_ns` or, with `all`, any; oldest first.
 * `rest` is its beginning up to the first gap (empty when the first fragment never came).
 * False: there is none. */
__attribute__((warn_unused_result))
bool ip_fragments_give_up(struct ip_fragments *f, int64_t now_utc_ns, bool all,
                          struct ip_packet *rest, struct carriage *carried);

#endif
