#ifndef LEASH_PROTOCOL_RTP_H
#define LEASH_PROTOCOL_RTP_H

#include "base/cursor.h"

/* RTP and RTCP (RFC 3550): live audio and video.  One packet alone is not told from other
 * content: what begins with 0x80 is common.  SRTP (RFC 3711) looks the same from outside. */

struct rtp_packet {
    uint8_t payload_type;
    bool marker;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    size_t header_bytes;      /* with contributing sources and extension */
    struct bytes payload;     /* padding included */
};

/* INVALID: it is none; TRUNCATED likewise. */
__attribute__((warn_unused_result))
enum parse_status rtp_parse(struct bytes b, struct rtp_packet *ret);

/* Whether `b` is made of RTCP packets (RFC 3550, 6.1: the first is a report), to its end or, with SRTCP, the
 * first of them is followed by what is encrypted; `ret_ssrc` is who sent it. */
__attribute__((warn_unused_result))
bool rtcp_parse(struct bytes b, uint32_t *ret_ssrc);

/* Remembers a packet in a number that was 0 at first, and says whether it goes on from those before:
 * the same source and payload type, the next sequence numbers, time that does not run back.
 * Gives how many packets in a row did so, this one included (at most 255). */
unsigned rtp_follow(uint64_t *seen, const struct rtp_packet *p);

/* Whether the payload itself shows that it is media in the clear: MPEG-TS (RFC 2250) and JPEG
 * (RFC 2435), whose payload types are fixed.  Others cannot be told from SRTP. */
bool rtp_payload_is_clear(const struct rtp_packet *p);

#endif
