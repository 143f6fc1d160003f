#include "broadcast/wifi_frame.h"

enum {
    MAC_HEADER = 24,
    FLAG_TO_DS = 0x01, FLAG_FROM_DS = 0x02, FLAG_MORE_FRAGMENTS = 0x04, FLAG_RETRY = 0x08,
    FLAG_PROTECTED = 0x40, FLAG_HT_CONTROL = 0x80,
    DATA_QOS = 8, DATA_NO_DATA = 4, QOS_A_MSDU = 0x80, HT_CONTROL = 4,
};

static void data_addresses(struct wifi_frame *f, const uint8_t *third, const uint8_t *fourth)
{
    /* Table 9-30: which address is which depends on the two bits. */
    f->dst = f->to_ds ? third : f->receiver;
    f->src = fourth ? fourth : f->from_ds ? third : f->transmitter;
    f->bssid = f->to_ds && f->from_ds ? NULL : f->to_ds ? f->receiver : f->from_ds ? f->transmitter : third;
}

static enum parse_status data_header(struct cursor *c, uint8_t flags, const uint8_t *third, struct wifi_frame *f)
{
    const uint8_t *fourth = NULL;

    if (f->to_ds && f->from_ds)
        fourth = cursor_take(c, 6).at;
    if (f->subtype & DATA_QOS) {
        f->a_msdu = cursor_u8(c) & QOS_A_MSDU;
        cursor_skip(c, 1);
        if (flags & FLAG_HT_CONTROL)
            cursor_skip(c, HT_CONTROL);
    }
    if (c->failed)
        return PARSE_TRUNCATED;
    f->no_data = f->subtype & DATA_NO_DATA;
    data_addresses(f, third, fourth);
    return PARSE_OK;
}

enum parse_status wifi_frame_parse(struct bytes frame, bool padded, struct wifi_frame *ret)
{
    struct cursor c = cursor_over(frame);
    struct cursor control = cursor_over(bytes_part(frame, 0, 2));
    const uint8_t kind = cursor_u8(&control), flags = cursor_u8(&control);

    if (control.failed)
        return PARSE_TRUNCATED;
    struct wifi_frame f = {
        .type = kind >> 2 & 3, .subtype = kind >> 4, .to_ds = flags & FLAG_TO_DS, .from_ds = flags & FLAG_FROM_DS,
        .more_fragments = flags & FLAG_MORE_FRAGMENTS, .retry = flags & FLAG_RETRY,
        .protected_frame = flags & FLAG_PROTECTED,
    };
    if ((kind & 3) != 0 || (f.type != WIFI_MANAGEMENT && f.type != WIFI_DATA))
        return PARSE_UNSUPPORTED;
    const struct bytes header = cursor_take(&c, MAC_HEADER);
    if (c.failed)
        return PARSE_TRUNCATED;
    f.receiver = header.at + 4;
    f.transmitter = header.at + 10;
    f.sequence_control = (uint16_t)(header.at[22] | header.at[23] << 8);
    if (f.type == WIFI_MANAGEMENT) {
        f.bssid = header.at + 16;
        if (flags & FLAG_HT_CONTROL)
            cursor_skip(&c, HT_CONTROL);
    } else if (data_header(&c, flags, header.at + 16, &f) != PARSE_OK) {
        return PARSE_TRUNCATED;
    }
    if (padded)
        cursor_skip(&c, (4 - (size_t)(c.rest.origin - frame.origin) % 4) % 4);
    if (c.failed)
        return PARSE_TRUNCATED;
    f.body = c.rest;
    *ret = f;
    return PARSE_OK;
}

enum parse_status wifi_a_msdu_first(struct bytes body, struct wifi_subframe *ret)
{
    enum { HEADER = 14 };
    struct cursor c = cursor_over(body);
    const struct bytes dst = cursor_take(&c, 6), src = cursor_take(&c, 6);
    const uint16_t len = cursor_u16be(&c);

    if (c.failed)
        return PARSE_TRUNCATED;
    /* Each but the last is filled up to four bytes. */
    *ret = (struct wifi_subframe){ .dst = dst.at, .src = src.at, .llc = bytes_part(c.rest, 0, len),
                                   .more = c.rest.len > ((size_t)len + HEADER + 3) / 4 * 4 - HEADER };
    return PARSE_OK;
}
