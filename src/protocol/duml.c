#include "protocol/duml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "protocol/rows.h"

enum { MAGIC = 0x55, VERSION = 1, BEFORE_MAX = 64 /* of a header of the carrier's in a datagram */ };
enum told { TOLD_DEVICE = 1, TOLD_AIRCRAFT = 2, TOLD_HOME = 4 };

static uint8_t crc8(struct bytes b)
{
    uint8_t crc = 0x77;

    for (size_t i = 0; i < b.len; i++) {
        crc ^= b.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint8_t)(crc >> 1 ^ (crc & 1 ? 0x8c : 0));
    }
    return crc;
}

static uint16_t crc16(struct bytes b)
{
    uint16_t crc = 0x3692;

    for (size_t i = 0; i < b.len; i++) {
        crc ^= b.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc >> 1 ^ (crc & 1 ? 0x8408 : 0));
    }
    return crc;
}

enum parse_status duml_frame_parse(struct bytes b, struct duml_frame *ret)
{
    enum { CHECKED = 3 };
    struct cursor c = cursor_over(b);
    const uint8_t magic = cursor_u8(&c);
    const uint16_t length_and_version = cursor_u16le(&c);
    const uint8_t check = cursor_u8(&c);
    const size_t length = length_and_version & 0x3ff;

    if (b.len > 0 && b.at[0] != MAGIC)
        return PARSE_INVALID;
    if (c.failed)
        return PARSE_TRUNCATED;
    if (magic != MAGIC || length_and_version >> 10 != VERSION || length < DUML_HEADER + DUML_CHECK ||
        crc8(bytes_part(b, 0, CHECKED)) != check)
        return PARSE_INVALID;
    if (b.len < length)
        return PARSE_TRUNCATED;
    struct duml_frame f = { .whole = bytes_part(b, 0, length) };
    f.sender = cursor_u8(&c);
    f.receiver = cursor_u8(&c);
    cursor_skip(&c, 2);
    f.kind = cursor_u8(&c);
    f.set = cursor_u8(&c);
    f.command = cursor_u8(&c);
    f.payload = cursor_take(&c, length - DUML_HEADER - DUML_CHECK);
    if (crc16(bytes_part(b, 0, length - DUML_CHECK)) != cursor_u16le(&c) || c.failed)
        return PARSE_INVALID;
    *ret = f;
    return PARSE_OK;
}

bool duml_position(const struct duml_frame *f, struct duml_position *ret)
{
    enum { FLIGHT_CONTROLLER = 3, OSD_GENERAL = 0x43, OSD_HOME = 0x44, ENCRYPTION = 0x07 };
    static const double degrees = 57.29577951308232;
    struct cursor c = cursor_over(f->payload);
    const double longitude_deg = cursor_f64le(&c) * degrees, latitude_deg = cursor_f64le(&c) * degrees;

    if (f->set != FLIGHT_CONTROLLER || (f->command != OSD_GENERAL && f->command != OSD_HOME))
        return false;
    if ((f->kind & ENCRYPTION) || c.failed)
        return false;
    /* Without a fix both are 0; a home point that is not set is far outside. */
    if (!(fabs(longitude_deg) <= 180 && fabs(latitude_deg) <= 90) || (longitude_deg == 0 && latitude_deg == 0))
        return false;
    *ret = (struct duml_position){ f->command == OSD_HOME ? "home" : "aircraft", longitude_deg, latitude_deg };
    return true;
}

/* Where an aircraft is, said in the open: the first time of each kind. */
static void position_row(struct reading *r, const struct duml_frame *f, struct fact_origin origin, int64_t flow,
                         int64_t at_utc_ns, unsigned *told)
{
    struct duml_position p;
    struct fact_request row;
    char path[64];

    if (!duml_position(f, &p))
        return;
    const enum told bit = p.of[0] == 'h' ? TOLD_HOME : TOLD_AIRCRAFT;
    if (*told & bit)
        return;
    *told |= bit;
    fact_init(FACT_REQUEST, &row);
    row.head.origin = origin;
    row.flow = flow;
    row.protocol = TEXT("duml");
    row.method = bit == TOLD_HOME ? TEXT("home position") : TEXT("aircraft position");
    const int n = snprintf(path, sizeof path, "%.7f,%.7f", p.latitude_deg, p.longitude_deg);
    row.path = (struct text){ path, (size_t)n };
    row.body_bytes = (int64_t)f->payload.len;
    row.at = at_utc_ns;
    fact_put(r->facts, FACT_REQUEST, &row);
}

struct duml_state {
    unsigned told;
};

/* Of commands that are not known here the frame is understood, and its payload is not. */
static size_t frame_met(struct conversation *c, const struct duml_frame *f)
{
    struct duml_state *s = c->state;
    struct duml_position p;

    position_row(c->reading, f, origin_of(c, f->whole), c->flow, c->at_utc_ns, &s->told);
    return duml_position(f, &p) ? f->whole.len : f->whole.len - f->payload.len;
}

static size_t duml_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct duml_frame f;
    size_t consumed = 0;

    while (consumed < data.len) {
        const enum parse_status status = duml_frame_parse(bytes_part(data, consumed, data.len), &f);
        if (status == PARSE_TRUNCATED)
            break;
        if (status != PARSE_OK)
            return SIZE_MAX;
        conversation_readable(c, d, frame_met(c, &f));
        consumed += f.whole.len;
    }
    return consumed;
}

static enum recognition duml_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    struct duml_frame f;

    (void)c;
    (void)d;
    switch (duml_frame_parse(head, &f)) {
    case PARSE_OK:
        return RECOGNISED_YES;
    case PARSE_TRUNCATED:
        return RECOGNISED_MAYBE;
    default:
        return RECOGNISED_NO;
    }
}

/* Where the first frame begins, when from there on the datagram is nothing but frames; its length otherwise.  No more
 * of the datagram is looked at than what a frame can begin in: most are none of these, and nobody else reads so far. */
static size_t frames_from(struct bytes datagram)
{
    const size_t until = datagram.len <= BEFORE_MAX ? datagram.len : BEFORE_MAX + 1;
    struct duml_frame f;

    for (size_t from = 0; from < until; from++) {
        const uint8_t *magic = memchr(datagram.at + from, MAGIC, until - from);
        if (!magic)
            break;
        from = (size_t)(magic - datagram.at);
        size_t at = from;
        while (at < datagram.len && duml_frame_parse(bytes_part(datagram, at, datagram.len), &f) == PARSE_OK)
            at += f.whole.len;
        if (at == datagram.len)
            return from;
    }
    return datagram.len;
}

static void duml_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    struct duml_frame f;

    for (size_t at = frames_from(datagram); at < datagram.len; at += f.whole.len) {
        if (duml_frame_parse(bytes_part(datagram, at, datagram.len), &f) != PARSE_OK)
            return;
        conversation_readable(c, d, frame_met(c, &f));
    }
}

static enum recognition duml_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)c;
    (void)d;
    return frames_from(datagram) < datagram.len ? RECOGNISED_YES : RECOGNISED_NO;
}

bool duml_record_met(struct reading *r, struct bytes record, int64_t packet, int64_t at_utc_ns, unsigned *told)
{
    struct fact_origin origin = fact_origin_at(record.origin, record.len);
    struct duml_frame f;
    struct fact_device row;

    if (duml_frame_parse(record, &f) != PARSE_OK || f.whole.len != record.len)
        return false;
    origin.packet_first = origin.packet_last = packet;
    if (!(*told & TOLD_DEVICE)) {
        *told |= TOLD_DEVICE;
        fact_init(FACT_DEVICE, &row);
        row.head.origin = origin;
        row.role = TEXT("aircraft");
        row.vendor = TEXT("DJI");
        fact_put(r->facts, FACT_DEVICE, &row);
    }
    position_row(r, &f, origin, FACT_UNKNOWN_INT, at_utc_ns, told);
    return true;
}

const struct protocol duml_protocol = {
    .service = "duml", .state_bytes = sizeof(struct duml_state),
    .recognise_stream = duml_recognise_stream, .stream = duml_stream,
    .recognise_datagram = duml_recognise_datagram, .datagram = duml_datagram,
};
