#include "broadcast/mavlink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "broadcast/announce_remote_id.h"
#include "broadcast/mavlink_remote_id.h"
#include "broadcast/radio.h"
#include "protocol/mavlink_frame.h"
#include "protocol/rows.h"

static bool frame_next(struct cursor *c, struct mavlink_frame *f)
{
    if (!mavlink_frame_read(c->rest, f))
        return false;
    cursor_skip(c, f->whole.len);
    return true;
}

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor rest = cursor_over(datagram);
    struct mavlink_frame f;
    int good = 0;

    (void)c;
    (void)d;
    while (rest.rest.len > 0) {
        if (!frame_next(&rest, &f) || (f.message && !f.good))
            return RECOGNISED_NO;
        good += f.good;
    }
    return good > 0 ? RECOGNISED_YES : RECOGNISED_NO;
}

/* Who says it: a component of a system, or, of what a receiver heard of other aircraft, the id or address that it
 * gives them (`id_or_mac`). */
enum { ID_OR_MAC = 20 };
struct mavlink_sender {
    uint8_t system, component, id_or_mac[ID_OR_MAC];
    char id[ID_TEXT_MAX];
    size_t id_len;
    const char *id_type;
    bool id_is_serial;
    struct authenticator authenticator;
};
enum { SENDERS_MAX = 1024 };

/* What is kept between the messages of one conversation. */
struct mavlink_state {
    struct announcement *announcement;
    struct mavlink_sender *senders;
    size_t sender_count, sender_room;
    struct verifier *verifier;   /* NULL until there is something to verify */
    uint64_t not_kept, not_kept_offset;
    unsigned told;         /* bits: messages of places[], then the autopilot's number */
};

/* Messages that say where something is: degrees times 10^7, the latitude first. */
static const struct { uint32_t message; size_t offset; struct text name; } places[] = {
    { MAVLINK_GLOBAL_POSITION_INT, GLOBAL_POSITION_INT_LAT, TEXT_INIT("GLOBAL_POSITION_INT") },
    { MAVLINK_GPS_RAW_INT, GPS_RAW_INT_LAT, TEXT_INIT("GPS_RAW_INT") },
    { MAVLINK_HOME_POSITION, HOME_POSITION_LATITUDE, TEXT_INIT("HOME_POSITION") },
};
enum { PLACE_COUNT = sizeof places / sizeof *places };

/* The first time that each kind of message says a place. */
static void tell_place(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    struct mavlink_state *s = c->state;
    struct fact_request row;
    char path[48];

    for (size_t i = 0; i < PLACE_COUNT; i++) {
        struct cursor at = mavlink_field(p, places[i].offset);
        const int32_t latitude = cursor_i32le(&at), longitude = cursor_i32le(&at);
        if (places[i].message != f->id || (s->told & 1u << i) || (latitude == 0 && longitude == 0) ||
            latitude < -900000000 || latitude > 900000000 || longitude < -1800000000 || longitude > 1800000000)
            continue;
        s->told |= 1u << i;
        request_begin(&row, c, f->whole);
        row.protocol = TEXT("mavlink");
        row.method = places[i].name;
        const int n = snprintf(path, sizeof path, "%.7f,%.7f", latitude * 1e-7, longitude * 1e-7);
        row.path = (struct text){ path, (size_t)n };
        fact_put(c->reading->facts, FACT_REQUEST, &row);
    }
}

/* Its chip's number: 64 bits, and in the extension of MAVLink 2 up to 18 bytes in place of it. */
static void tell_number(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    enum { UID = AUTOPILOT_VERSION_UID, UID2 = AUTOPILOT_VERSION_UID2, UID2_BYTES = 18 };
    static const uint8_t none[UID2_BYTES];
    struct mavlink_state *s = c->state;
    char hex[2 * UID2_BYTES];

    if (f->id != MAVLINK_AUTOPILOT_VERSION || (s->told & 1u << PLACE_COUNT))
        return;
    const bool is_long = memcmp(p->at + UID2, none, UID2_BYTES) != 0;
    const uint8_t *number = p->at + (is_long ? UID2 : UID);
    const size_t bytes = is_long ? UID2_BYTES : 8;
    if (memcmp(number, none, bytes) == 0)
        return;
    s->told |= 1u << PLACE_COUNT;
    hash_hex(number, bytes, hex);
    identifier_put(c, f->whole, "autopilot_uid", (struct text){ hex, 2 * bytes }, FACT_UNKNOWN_INT);
}

/* Where it stands in the payload; 0: such messages have none. */
static size_t id_or_mac_at(uint32_t message)
{
    switch (message) {
    case MAVLINK_OPEN_DRONE_ID_LOCATION:       return OPEN_DRONE_ID_LOCATION_ID_OR_MAC;
    case MAVLINK_OPEN_DRONE_ID_AUTHENTICATION: return 6;
    case MAVLINK_OPEN_DRONE_ID_SYSTEM:         return OPEN_DRONE_ID_SYSTEM_ID_OR_MAC;
    case MAVLINK_OPEN_DRONE_ID_SYSTEM_UPDATE:  return 0;
    default:                                   return OPEN_DRONE_ID_BASIC_ID_ID_OR_MAC;
    }
}

/* NULL: there are too many. */
static struct mavlink_sender *sender_get(struct mavlink_state *s, const struct mavlink_frame *f,
                                         const struct mavlink_payload *p)
{
    static const uint8_t none[ID_OR_MAC];
    const size_t at = id_or_mac_at(f->id);
    const uint8_t *const id_or_mac = at ? p->at + at : none;

    for (size_t i = 0; i < s->sender_count; i++) {
        struct mavlink_sender *x = &s->senders[i];
        if (x->system == f->system && x->component == f->component && memcmp(x->id_or_mac, id_or_mac, ID_OR_MAC) == 0)
            return x;
    }
    if (s->sender_count == SENDERS_MAX) {
        if (s->not_kept++ == 0)
            s->not_kept_offset = f->whole.origin;
        return NULL;
    }
    if (s->sender_count == s->sender_room) {
        s->sender_room = s->sender_room ? 2 * s->sender_room : 1;
        s->senders = memory_resize_array(s->senders, s->sender_room, sizeof *s->senders);
    }
    struct mavlink_sender *x = &s->senders[s->sender_count++];
    *x = (struct mavlink_sender){ .system = f->system, .component = f->component };
    memcpy(x->id_or_mac, id_or_mac, ID_OR_MAC);
    return x;
}

static void remember_id(struct mavlink_sender *s, struct announcement *a)
{
    if (text_known(a->uas_id) && a->uas_id.len <= sizeof s->id) {
        memcpy(s->id, a->uas_id.at, a->uas_id.len);
        s->id_len = a->uas_id.len;
        s->id_type = a->id_type;
        s->id_is_serial = a->id_is_serial;
    } else if (!text_known(a->uas_id) && s->id_len) {
        a->uas_id = (struct text){ .at = s->id, .len = s->id_len };
        a->id_type = s->id_type;
        a->id_is_serial = s->id_is_serial;
        a->id_source = "sender";
    }
}

/* What the transmitter is given is verified as what it sends: it sends just that. */
static void take_from(struct conversation *c, struct mavlink_sender *sender, struct announcement *a)
{
    struct mavlink_state *s = c->state;

    remember_id(sender, a);
    if (!s->verifier && a->remote_id->pages_there)
        s->verifier = verifier_new(c->reading->options->rid_keys, &c->reading->signatures_tried);
    authenticator_take(&sender->authenticator, s->verifier, a);
}

static bool is_of_remote_id(uint32_t message)
{
    return (message >= MAVLINK_OPEN_DRONE_ID_BASIC_ID && message <= MAVLINK_OPEN_DRONE_ID_OPERATOR_ID) ||
           message == MAVLINK_OPEN_DRONE_ID_MESSAGE_PACK || message == MAVLINK_OPEN_DRONE_ID_SYSTEM_UPDATE;
}

static void announce(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    struct mavlink_state *s = c->state;
    uint8_t content[1 + MAVLINK_PAYLOAD_MAX];
    struct remote_id room;

    if (!is_of_remote_id(f->id))
        return;
    if (!s->announcement)
        s->announcement = arena_alloc(c->arena, 1, sizeof *s->announcement);
    struct announcement *a = s->announcement;
    if (!a)
        return;
    struct mavlink_sender *sender = sender_get(s, f, p);
    const size_t len = mavlink_remote_id(f, p, sender ? last_message(&sender->authenticator, REMOTE_ID_SYSTEM) : NULL,
                                         content);
    announcement_init(a, ANNOUNCE_REMOTE_ID, CARRIER_MAVLINK);
    a->offset = f->whole.origin;
    a->length = f->whole.len;
    a->packet = c->packet;
    a->at_utc_ns = c->at_utc_ns;
    if (!announce_remote_id(a, (struct bytes){ .at = content, .len = len }, &room))
        return;
    if (sender)
        take_from(c, sender, a);
    check_announcement(a, NULL, NULL);
    announcement_put(a, c->reading);
}

static void frame_met(struct conversation *c, enum direction d, const struct mavlink_frame *f)
{
    struct mavlink_payload p;

    if (!f->good)
        return;
    conversation_readable(c, d, f->whole.len);
    mavlink_payload_of(f, &p);
    tell_place(c, f, &p);
    tell_number(c, f, &p);
    announce(c, f, &p);
}

static void datagram(struct conversation *c, enum direction d, struct bytes b)
{
    struct cursor rest = cursor_over(b);
    struct mavlink_frame f;

    while (rest.rest.len > 0 && frame_next(&rest, &f))
        frame_met(c, d, &f);
}

/* The next frame of a stream: TRUNCATED where more is needed, INVALID where none begins or its check is wrong. */
static enum parse_status stream_next(struct cursor *c, struct mavlink_frame *f)
{
    if (c->rest.len == 0)
        return PARSE_TRUNCATED;
    if (c->rest.at[0] != MAVLINK_MAGIC_1 && c->rest.at[0] != MAVLINK_MAGIC_2)
        return PARSE_INVALID;
    if (!frame_next(c, f))
        return PARSE_TRUNCATED;
    return f->message && !f->good ? PARSE_INVALID : PARSE_OK;
}

static size_t stream(struct conversation *c, enum direction d, struct bytes b)
{
    struct cursor rest = cursor_over(b);
    struct mavlink_frame f;
    size_t consumed = 0;

    for (;;) {
        const enum parse_status status = stream_next(&rest, &f);
        if (status == PARSE_TRUNCATED)
            return consumed;
        if (status != PARSE_OK)
            return SIZE_MAX;
        frame_met(c, d, &f);
        consumed = b.len - rest.rest.len;
    }
}

/* Two frames in a row, one of them with a check that is right; a first one that is right will do. */
static enum recognition recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { FRAMES = 2 };
    struct cursor rest = cursor_over(head);
    struct mavlink_frame f;

    (void)c;
    (void)d;
    for (int i = 0; i < FRAMES; i++) {
        const enum parse_status status = stream_next(&rest, &f);
        if (status != PARSE_OK)
            return status == PARSE_TRUNCATED ? RECOGNISED_MAYBE : RECOGNISED_NO;
        if (f.good)
            return RECOGNISED_YES;
    }
    return RECOGNISED_NO;
}

static void end(struct conversation *c)
{
    struct mavlink_state *s = c->state;

    for (size_t i = 0; i < s->sender_count; i++)
        authenticator_done(&s->senders[i].authenticator);
    free(s->senders);
    if (s->verifier)
        verifier_tell_left_out(s->verifier, c->reading, 0);
    verifier_free(s->verifier);
    if (s->not_kept)
        reading_damage(c->reading, s->not_kept_offset, 0, 0,
                       "more than %d senders of Remote ID are in one MAVLink conversation; the messages of the others were read, and not "
                       "put together", SENDERS_MAX);
}

const struct protocol mavlink_protocol = {
    .service = "mavlink", .state_bytes = sizeof(struct mavlink_state),
    .recognise_stream = recognise_stream, .stream = stream,
    .recognise_datagram = recognise, .datagram = datagram, .end = end,
};
