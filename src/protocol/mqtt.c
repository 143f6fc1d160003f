#include "protocol/mqtt.h"

#include <string.h>

#include "base/buffer.h"
#include "protocol/content_look.h"
#include "protocol/rows.h"

enum packet_type { CONNECT = 1, PUBLISH = 3, SUBSCRIBE = 8, UNSUBSCRIBE = 10, PING_REQUEST = 12, TYPE_MAX = 15 };
enum { PORT_MQTT = 1883, VERSION_3_1 = 3, VERSION_3_1_1 = 4, VERSION_5 = 5, LENGTH_BYTES_MAX = 4, ALIASES_MAX = 32,
       HEAD_MAX = PROTOCOL_HOLD_MAX - 1024 };

struct way {
    uint64_t left;             /* of the packet being passed over, or of the payload */
    bool payload;              /* these bytes are a PUBLISH payload */
    uint8_t look[CONTENT_LOOK_BYTES];
    size_t look_len;
    uint64_t undecided_bytes;
    enum { LOOK_UNDECIDED, LOOK_READABLE, LOOK_OPAQUE } verdict;
    struct fact_request row;   /* put when its payload is over */
    struct buffer topic;       /* of the row: very many may be published in one conversation */
    struct { uint16_t alias; struct text topic; } aliases[ALIASES_MAX]; /* 5.0, 3.3.2.3.4; texts in the arena */
    unsigned alias_count;
};

struct mqtt_state {
    uint8_t version;           /* 0: CONNECT was not seen */
    struct way ways[2];
    struct payload_view *payloads, *packets; /* of what left */
};

/* 3.1.1, 2.2.3: base 128, least first.  False when it is longer than 4 bytes; `c` fails when it is cut. */
static bool remaining_length(struct cursor *c, uint32_t *ret)
{
    uint32_t value = 0;

    for (int i = 0; i < LENGTH_BYTES_MAX; i++) {
        const uint8_t b = cursor_u8(c);
        value |= (uint32_t)(b & 0x7f) << 7 * i;
        if (!(b & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return c->failed;
}

static struct bytes string(struct cursor *c)
{
    return cursor_take(c, cursor_u16be(c));
}

/* 5.0, 2.2.2 */
static void skip_properties(const struct mqtt_state *s, struct cursor *c)
{
    uint32_t length = 0;

    if (s->version == VERSION_5 && remaining_length(c, &length))
        cursor_skip(c, length);
}

/* The topic alias among the properties of a PUBLISH (5.0, 3.3.2.3); 0: there is none. */
static uint16_t take_alias(const struct mqtt_state *s, struct cursor *c)
{
    enum { FORMAT = 0x01, EXPIRY = 0x02, CONTENT_TYPE = 0x03, RESPONSE_TOPIC = 0x08, CORRELATION = 0x09,
           SUBSCRIPTION = 0x0b,
           TOPIC_ALIAS = 0x23, USER_PROPERTY = 0x26 };
    uint32_t length = 0, number;
    uint16_t alias = 0;

    if (s->version != VERSION_5 || !remaining_length(c, &length))
        return 0;
    struct cursor at = cursor_over(cursor_take(c, length));
    while (at.rest.len > 0 && !at.failed) {
        switch (cursor_u8(&at)) {
        case FORMAT:
            cursor_skip(&at, 1);
            break;
        case EXPIRY:
            cursor_skip(&at, 4);
            break;
        case CONTENT_TYPE: case RESPONSE_TOPIC: case CORRELATION:
            (void)string(&at);
            break;
        case SUBSCRIPTION:
            (void)remaining_length(&at, &number);
            break;
        case TOPIC_ALIAS:
            alias = cursor_u16be(&at);
            break;
        case USER_PROPERTY:
            (void)string(&at);
            (void)string(&at);
            break;
        default:
            return alias;
        }
    }
    return at.failed ? 0 : alias;
}

/* The topic that was said with the alias, once; now or then. */
static struct text topic_of(struct way *w, struct conversation *c, struct text topic, uint16_t alias)
{
    unsigned i = 0;

    while (i < w->alias_count && w->aliases[i].alias != alias)
        i++;
    if (alias == 0 || (topic.len == 0 && i == w->alias_count))
        return topic;
    if (topic.len == 0)
        return w->aliases[i].topic;
    if (i < ALIASES_MAX && !text_equal(w->aliases[i].topic, topic)) {
        w->aliases[i].alias = alias;
        w->aliases[i].topic = arena_text(c->arena, topic);
        w->alias_count += i == w->alias_count;
    }
    return topic;
}

static void search(struct mqtt_state *s, struct conversation *c, enum direction d, struct bytes content, bool payload)
{
    static const struct text step_payload[] = { TEXT_INIT("mqtt publish") }, step_packet[] = { TEXT_INIT("mqtt") };
    struct payload_view **view = payload ? &s->payloads : &s->packets;

    if (d != DIRECTION_OUT || content.len == 0)
        return;
    if (!*view)
        *view = conversation_view(c, d, (struct text_list){ payload ? step_payload : step_packet, 1 }, content.origin);
    if (*view)
        c->reading->search->feed(*view, content, c->packet, c->at_utc_ns);
}

/* Nothing lies in two packets. */
static void search_apart(struct mqtt_state *s, struct conversation *c, enum direction d, uint64_t missing, bool payload)
{
    struct payload_view *view = payload ? s->payloads : s->packets;

    if (d == DIRECTION_OUT && view)
        c->reading->search->gap(view, missing);
}

static void connect_met(struct mqtt_state *s, struct conversation *c, enum direction d, struct bytes whole,
                        struct cursor at)
{
    enum { WILL = 0x04, USER_NAME = 0x80 };
    struct fact_request row;

    (void)string(&at); /* protocol name */
    s->version = cursor_u8(&at);
    const uint8_t flags = cursor_u8(&at);
    cursor_skip(&at, 2); /* keep alive */
    skip_properties(s, &at);
    const struct bytes client = string(&at);
    if (at.failed)
        return;
    struct bytes will_topic = { .len = 0 }, user = { .len = 0 };
    if (flags & WILL) {
        skip_properties(s, &at);
        will_topic = string(&at);
        (void)string(&at);
    }
    if (flags & USER_NAME)
        user = string(&at);
    if (d == DIRECTION_OUT) {
        identifier_put(c, whole, "mqtt_client_id", text_of_bytes(client), FACT_UNKNOWN_INT);
        if (!at.failed)
            identifier_put(c, whole, "mqtt_user_name", text_of_bytes(user), FACT_UNKNOWN_INT);
    }
    request_begin(&row, c, whole);
    row.protocol = TEXT("mqtt");
    row.method = TEXT("CONNECT");
    if (will_topic.len > 0)
        row.path = text_of_bytes(will_topic);
    fact_put(c->reading->facts, FACT_REQUEST, &row);
}

/* Both name topics, which may hold a serial number; a SUBSCRIBE has a byte of options behind each. */
static void subscribe_met(struct mqtt_state *s, struct conversation *c, enum packet_type type, struct bytes whole,
                          struct cursor at)
{
    enum { FILTERS_MAX = 256 };

    cursor_skip(&at, 2); /* packet identifier */
    skip_properties(s, &at);
    for (int i = 0; i < FILTERS_MAX && at.rest.len > 0; i++) {
        struct fact_request row;
        const struct bytes filter = string(&at);
        cursor_skip(&at, type == SUBSCRIBE ? 1 : 0);
        if (at.failed)
            return;
        request_begin(&row, c, whole);
        row.protocol = TEXT("mqtt");
        row.method = type == SUBSCRIBE ? TEXT("SUBSCRIBE") : TEXT("UNSUBSCRIBE");
        row.path = text_of_bytes(filter);
        fact_put(c->reading->facts, FACT_REQUEST, &row);
    }
}

static void decide(struct way *w, struct conversation *c, enum direction d)
{
    if (w->verdict != LOOK_UNDECIDED)
        return;
    w->verdict = content_is_recognised((struct bytes){ .at = w->look, .len = w->look_len })
        ? LOOK_READABLE : LOOK_OPAQUE;
    if (w->verdict == LOOK_READABLE)
        conversation_readable(c, d, w->undecided_bytes);
    w->undecided_bytes = 0;
}

static void publish_over(struct mqtt_state *s, struct conversation *c, enum direction d)
{
    struct way *w = &s->ways[d];

    decide(w, c, d);
    w->payload = false;
    search_apart(s, c, d, 0, true);
    if (text_known(w->row.method)) {
        w->row.head.origin.packet_last = c->packet;
        fact_put(c->reading->facts, FACT_REQUEST, &w->row);
        w->row.method = TEXT_UNKNOWN;
    }
}

/* The head of a PUBLISH; its length, 0 when more is needed, SIZE_MAX when it makes no sense. */
static size_t publish_head(struct mqtt_state *s, struct conversation *c, enum direction d, struct bytes rest,
                           struct cursor at,
                           uint32_t length)
{
    struct way *w = &s->ways[d];
    const int quality = rest.at[0] >> 1 & 3;
    const size_t before = at.rest.len;
    struct text topic = text_of_bytes(string(&at));

    if (quality > 0)
        cursor_skip(&at, 2);
    const uint16_t alias = take_alias(s, &at);
    if (at.failed)
        return before >= length || before > HEAD_MAX ? SIZE_MAX : 0;
    const size_t head = before - at.rest.len;
    if (head > length || quality == 3)
        return SIZE_MAX;
    search(s, c, d, bytes_part(rest, 0, rest.len - at.rest.len), false);
    search_apart(s, c, d, 0, false);
    w->left = length - head;
    w->payload = true;
    w->look_len = 0;
    w->undecided_bytes = 0;
    w->verdict = LOOK_UNDECIDED;
    w->row.method = TEXT_UNKNOWN;
    if (d == c->client) { /* what the broker hands on was published by others */
        request_begin(&w->row, c, rest);
        w->row.head.origin.length = FACT_UNKNOWN_INT;
        w->row.protocol = TEXT("mqtt");
        w->row.method = TEXT("PUBLISH");
        if (w->topic.limit == 0)
            buffer_init(&w->topic, HEAD_MAX);
        buffer_clear(&w->topic);
        topic = topic_of(w, c, topic, alias);
        buffer_add(&w->topic, topic.at, topic.len);
        w->row.path = buffer_text(&w->topic);
        w->row.body_bytes = (int64_t)w->left;
    }
    if (w->left == 0)
        publish_over(s, c, d);
    return rest.len - at.rest.len;
}

/* A packet's head, or a whole one.  As publish_head. */
static size_t packet_met(struct mqtt_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct cursor at = cursor_over(rest);
    const uint8_t type = cursor_u8(&at) >> 4;
    uint32_t length = 0;

    if (!remaining_length(&at, &length) || type == 0)
        return SIZE_MAX;
    if (at.failed)
        return 0;
    if (type == PUBLISH)
        return publish_head(s, c, d, rest, at, length);
    const size_t header = rest.len - at.rest.len;
    if (length > HEAD_MAX) { /* nothing but PUBLISH is so long */
        s->ways[d].left = length;
        return header;
    }
    if (at.rest.len < length)
        return 0;
    const struct bytes whole = bytes_part(rest, 0, header + length);
    const struct cursor body = cursor_over(bytes_part(at.rest, 0, length));
    search(s, c, d, whole, false);
    search_apart(s, c, d, 0, false);
    if (type == CONNECT)
        connect_met(s, c, d, whole, body);
    else if (type == SUBSCRIBE || type == UNSUBSCRIBE)
        subscribe_met(s, c, (enum packet_type)type, whole, body);
    return whole.len;
}

static void payload_met(struct mqtt_state *s, struct conversation *c, enum direction d, struct bytes part)
{
    struct way *w = &s->ways[d];
    const struct bytes look = bytes_part(part, 0, CONTENT_LOOK_BYTES - w->look_len);

    if (w->verdict == LOOK_READABLE)
        conversation_readable(c, d, part.len);
    else if (w->verdict == LOOK_UNDECIDED)
        w->undecided_bytes += part.len;
    if (look.len > 0)
        memcpy(w->look + w->look_len, look.at, look.len);
    w->look_len += look.len;
    if (w->look_len == CONTENT_LOOK_BYTES)
        decide(w, c, d);
    search(s, c, d, part, true);
}

static size_t mqtt_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct mqtt_state *s = c->state;
    struct way *w = &s->ways[d];
    size_t consumed = 0;

    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (w->left > 0) {
            const struct bytes part = bytes_part(rest, 0, w->left);
            w->left -= part.len;
            consumed += part.len;
            if (w->payload) {
                payload_met(s, c, d, part);
                if (w->left == 0)
                    publish_over(s, c, d);
            }
            continue;
        }
        const size_t n = packet_met(s, c, d, rest);
        if (n == SIZE_MAX)
            return SIZE_MAX;
        if (n == 0)
            break;
        conversation_readable(c, d, n);
        consumed += n;
    }
    return consumed;
}

static bool mqtt_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct mqtt_state *s = c->state;
    struct way *w = &s->ways[d];

    if (missing > w->left)
        return false;
    w->left -= missing;
    search_apart(s, c, d, missing, w->payload);
    if (w->payload && w->left == 0)
        publish_over(s, c, d);
    return true;
}

static void mqtt_end(struct conversation *c)
{
    struct mqtt_state *s = c->state;

    for (int d = 0; d < 2; d++) {
        if (s->ways[d].payload)
            publish_over(s, c, (enum direction)d);
        buffer_done(&s->ways[d].topic);
    }
    if (s->payloads)
        c->reading->search->close(s->payloads);
    if (s->packets)
        c->reading->search->close(s->packets);
    s->payloads = s->packets = NULL;
}

/* Packets one behind the other, to the end of the head: for connections met in the middle. */
static bool packets_in_a_row(struct bytes head)
{
    static const uint8_t flags_of[TYPE_MAX + 1] = { 0xff, 0, 0, 0xff, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0 };
    struct cursor c = cursor_over(head);
    uint32_t length = 0;
    int count = 0;

    while (c.rest.len > 0) {
        const uint8_t first = cursor_u8(&c), type = first >> 4;
        if (type == 0 || (type != PUBLISH && (first & 0x0f) != flags_of[type]) || !remaining_length(&c, &length) ||
            c.failed)
            return false;
        if (type >= PING_REQUEST && type < 14 && length != 0)
            return false;
        if (length > c.rest.len)
            return count > 0 || type == PUBLISH;
        cursor_skip(&c, length);
        count++;
    }
    return count > 0;
}

static enum recognition mqtt_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { CONNECT_FIRST = CONNECT << 4, NEEDED = 14 };
    struct cursor at = cursor_over(head);
    const uint8_t first = cursor_u8(&at);
    uint32_t length = 0;

    if (head.len == 0)
        return RECOGNISED_MAYBE;
    if (!c->from_start && on_port(c, PORT_MQTT))
        return packets_in_a_row(head) ? RECOGNISED_YES : RECOGNISED_NO;
    if (first != CONNECT_FIRST || (c->from_start && d != c->client) || !remaining_length(&at, &length))
        return RECOGNISED_NO;
    const struct bytes name = string(&at);
    const uint8_t version = cursor_u8(&at);
    if (at.failed)
        return head.len < NEEDED ? RECOGNISED_MAYBE : RECOGNISED_NO;
    const bool three = bytes_equal(name, "MQIsdp", 6) && version == VERSION_3_1;
    return three || (bytes_equal(name, "MQTT", 4) && (version == VERSION_3_1_1 || version == VERSION_5))
        ? RECOGNISED_YES
                                                                                                     : RECOGNISED_NO;
}

const struct protocol mqtt_protocol = {
    .service = "mqtt",
    .state_bytes = sizeof(struct mqtt_state),
    .recognise_stream = mqtt_recognise_stream,
    .stream = mqtt_stream,
    .gap = mqtt_gap,
    .end = mqtt_end,
    .feeds_views = true,
    .search_when_lost = true,
};
