#include "protocol/rtp.h"

enum { VERSION_2 = 0x80, VERSION_MASK = 0xc0, RTCP_FIRST = 192, RTCP_LAST = 223 };

enum parse_status rtp_parse(struct bytes b, struct rtp_packet *ret)
{
    struct cursor c = cursor_over(b);
    const uint8_t first = cursor_u8(&c), second = cursor_u8(&c);

    ret->sequence = cursor_u16be(&c);
    ret->timestamp = cursor_u32be(&c);
    ret->ssrc = cursor_u32be(&c);
    cursor_skip(&c, 4 * (first & 0x0fu));
    if (first & 0x10) { /* extension: 5.3.1 */
        cursor_skip(&c, 2);
        cursor_skip(&c, 4 * (size_t)cursor_u16be(&c));
    }
    if (c.failed)
        return PARSE_TRUNCATED;
    /* RFC 5761, 4: these payload types would be RTCP */
    if ((first & VERSION_MASK) != VERSION_2 || (second >= RTCP_FIRST && second <= RTCP_LAST))
        return PARSE_INVALID;
    ret->payload_type = second & 0x7f;
    ret->marker = second & 0x80;
    ret->header_bytes = b.len - c.rest.len;
    ret->payload = c.rest;
    return PARSE_OK;
}

bool rtcp_parse(struct bytes b, uint32_t *ret_ssrc)
{
    enum { SENDER_REPORT = 200, RECEIVER_REPORT = 201, FEEDBACK_FIRST = 205, FEEDBACK_LAST = 207 };
    struct cursor c = cursor_over(b);
    const uint8_t first = cursor_u8(&c), type = cursor_u8(&c);
    const size_t words = cursor_u16be(&c);
    const uint32_t ssrc = cursor_u32be(&c);

    if (c.failed || (first & VERSION_MASK) != VERSION_2 || 4 * (words + 1) > b.len)
        return false;
    /* RFC 5506 lets feedback come without a report in front. */
    if (type != SENDER_REPORT && type != RECEIVER_REPORT && (type < FEEDBACK_FIRST || type > FEEDBACK_LAST))
        return false;
    const size_t reports = first & 0x1fu;
    if ((type == SENDER_REPORT && words + 1 < 7 + 6 * reports) ||
        (type == RECEIVER_REPORT && words + 1 < 2 + 6 * reports))
        return false;
    *ret_ssrc = ssrc;
    return true;
}

unsigned rtp_follow(uint64_t *seen, const struct rtp_packet *p)
{
    enum { STEP_MAX = 16 /* packets that a capture may have lost between */ };
    const uint32_t mixed = p->ssrc ^ (uint32_t)p->payload_type << 25; /* source and type as one */
    const uint32_t then_mixed = (uint32_t)(*seen >> 32);
    const uint16_t then_sequence = (uint16_t)(*seen >> 16);
    const uint8_t then_time = (uint8_t)(*seen >> 8); /* bits 20-27: steps of 12 s at 90 kHz */
    const uint8_t time = (uint8_t)(p->timestamp >> 20);
    unsigned count = (unsigned)(*seen & 0xff);
    const uint16_t step = (uint16_t)(p->sequence - then_sequence);

    if (count > 0 && mixed == then_mixed && step >= 1 && step <= STEP_MAX && (uint8_t)(time - then_time) <= 1)
        count = count < UINT8_MAX ? count + 1 : UINT8_MAX;
    else if (count > 0 && mixed == then_mixed && step == 0)
        return count; /* a copy says nothing */
    else
        count = 1;
    *seen = (uint64_t)mixed << 32 | (uint64_t)p->sequence << 16 | (uint64_t)time << 8 | count;
    return count;
}

bool rtp_payload_is_clear(const struct rtp_packet *p)
{
    enum { JPEG = 26, MPEG_TS = 33, TS_PACKET = 188, TS_SYNC = 0x47, JPEG_HEADER = 8 };

    if (p->payload_type == MPEG_TS && p->payload.len >= TS_PACKET) {
        for (size_t at = 0; at < p->payload.len; at += TS_PACKET)
            if (p->payload.at[at] != TS_SYNC)
                return false;
        return true;
    }
    /* type-specific 0-3, type 0, 1 or with restart markers 64, 65; RFC 2435, 3.1 */
    return p->payload_type == JPEG && p->payload.len > JPEG_HEADER && p->payload.at[0] <= 3 &&
           (p->payload.at[4] & 0xbe) == 0;
}
