#include "protocol/websocket.h"

#include <string.h>

#include "base/buffer.h"
#include "base/inflate.h"
#include "protocol/content_look.h"
#include "protocol/inner.h"
#include "protocol/mqtt.h"
#include "protocol/text_head.h"

enum { HEADER_MIN = 2, CONTINUATION = 0, TEXT_FRAME = 1, BINARY_FRAME = 2, CONTROL_FIRST = 8, PIECE = 4096,
       RATIO_MAX = 250 };
#define INFLATED_MAX (UINT64_C(1) << 30)

struct frame {
    bool final, compressed, masked;
    uint8_t opcode, mask[4];
    uint64_t length;
    size_t header_bytes;
};

struct websocket_state {
    bool deflate, deflate_alone;      /* permessage-deflate; each message for itself */
    bool mqtt;
    enum direction client;

    /* Of the direction that is under test; the other only passes by. */
    struct frame frame;
    uint64_t frame_left;
    bool in_message, message_compressed, lost;
    uint8_t look[CONTENT_LOOK_BYTES];
    size_t look_len;
    uint64_t undecided_bytes;         /* on the wire, of the message */
    enum { LOOK_UNDECIDED, LOOK_READABLE, LOOK_OPAQUE } verdict;
    struct inflate *inflate;
    struct payload_view *view;
    struct inner inner;
    struct buffer inner_held;
    uint64_t inner_held_origin; /* of its first byte; those behind may lie farther off, behind a frame's head */
};

static bool has_token(struct text list, const char *token)
{
    return text_known(list) && list.len > 0 && memmem(list.at, list.len, token, strlen(token)) != NULL;
}

void websocket_begin(void *state, struct text extensions, struct text subprotocol, enum direction client)
{
    struct websocket_state *s = state;

    s->client = client;
    s->deflate = has_token(extensions, "permessage-deflate");
    s->deflate_alone = has_token(extensions, client == DIRECTION_OUT ? "client_no_context_takeover"
                                                                     : "server_no_context_takeover");
    s->mqtt = text_starts_with(subprotocol, TEXT("mqtt"));
}

/* RFC 6455, 5.2.  TRUNCATED: more is needed. */
static enum parse_status frame_parse(struct bytes b, const struct websocket_state *s, struct frame *ret)
{
    enum { LENGTH_16 = 126, LENGTH_64 = 127, RESERVED_23 = 0x30, RESERVED_1 = 0x40, CONTROL_MAX = 125 };
    struct cursor c = cursor_over(b);
    const uint8_t first = cursor_u8(&c), second = cursor_u8(&c);

    ret->final = first & 0x80;
    ret->compressed = first & RESERVED_1;
    ret->opcode = first & 0x0f;
    ret->masked = second & 0x80;
    ret->length = second & 0x7f;
    if (ret->length == LENGTH_16)
        ret->length = cursor_u16be(&c);
    else if (ret->length == LENGTH_64)
        ret->length = cursor_u64be(&c);
    const struct bytes mask = cursor_take(&c, ret->masked ? sizeof ret->mask : 0);
    if (c.failed)
        return PARSE_TRUNCATED;
    if ((first & RESERVED_23) || (ret->compressed && !s->deflate) || ret->length >> 63 ||
        (ret->opcode > BINARY_FRAME && ret->opcode < CONTROL_FIRST) || ret->opcode > 10 ||
        (ret->opcode >= CONTROL_FIRST && (ret->length > CONTROL_MAX || !ret->final || ret->compressed)))
        return PARSE_INVALID;
    if (mask.len)
        memcpy(ret->mask, mask.at, mask.len);
    ret->header_bytes = b.len - c.rest.len;
    return PARSE_OK;
}

struct emitting {
    struct websocket_state *s;
    struct conversation *c;
    enum direction d;
};

static void decide(struct websocket_state *s, struct conversation *c, enum direction d)
{
    if (s->verdict != LOOK_UNDECIDED)
        return;
    s->verdict = content_is_recognised((struct bytes){ .at = s->look, .len = s->look_len })
        ? LOOK_READABLE : LOOK_OPAQUE;
    if (s->verdict == LOOK_READABLE)
        conversation_readable(c, d, s->undecided_bytes);
    s->undecided_bytes = 0;
}

static void mqtt_feed(struct websocket_state *s, struct conversation *c, enum direction d, struct bytes content)
{
    if (!s->inner.protocol) {
        if (!inner_begin(&s->inner, c, &mqtt_protocol))
            return;
        buffer_init(&s->inner_held, PROTOCOL_HOLD_MAX);
    }
    const size_t before = s->inner_held.len;
    if (before == 0)
        s->inner_held_origin = content.origin;
    if (s->lost || !buffer_add(&s->inner_held, content.at, content.len)) {
        s->lost = true;
        return;
    }
    const struct bytes held = { .at = s->inner_held.at, .len = s->inner_held.len, .origin = s->inner_held_origin };
    const size_t n = inner_stream(&s->inner, c, d, held);
    if (n == SIZE_MAX) {
        s->lost = true;
        return;
    }
    s->inner_held_origin = n < before ? s->inner_held_origin + n : content.origin + (n - before);
    buffer_consume(&s->inner_held, n);
}

/* Content as the sender meant it, of one message. */
static void emit(void *user, struct bytes content)
{
    static const struct text steps[] = { TEXT_INIT("websocket"), TEXT_INIT("permessage-deflate") };
    const struct emitting *e = user;
    struct websocket_state *s = e->s;

    if (s->mqtt && !s->deflate && !s->lost) {
        mqtt_feed(s, e->c, e->d, content);
        if (!s->lost)
            return;
    }
    if (s->look_len < CONTENT_LOOK_BYTES) {
        const struct bytes part = bytes_part(content, 0, CONTENT_LOOK_BYTES - s->look_len);
        memcpy(s->look + s->look_len, part.at, part.len);
        s->look_len += part.len;
        if (s->look_len == CONTENT_LOOK_BYTES)
            decide(s, e->c, e->d);
    }
    if (!s->view)
        s->view = conversation_view(e->c, e->d, (struct text_list){ steps, s->deflate ? 2 : 1 }, content.origin);
    if (s->view && content.len > 0)
        e->c->reading->search->feed(s->view, content, e->c->packet, e->c->at_utc_ns);
}

/* RFC 7692, 7.2.2: the end of a message was cut off its stream, and is put back. */
static void inflate_more(const struct emitting *e, struct bytes data)
{
    static const struct inflate_limit limit = { .out_bytes_max = INFLATED_MAX, .ratio_max = RATIO_MAX };
    struct websocket_state *s = e->s;

    if (s->lost)
        return;
    if (!s->inflate)
        s->inflate = inflate_new(INFLATE_RAW, limit);
    if (inflate_feed(s->inflate, data, emit, (void *)(uintptr_t)e) == INFLATE_ERROR)
        s->lost = true; /* and what comes later leans on it */
}

static void message_over(struct websocket_state *s, struct conversation *c, enum direction d)
{
    static const uint8_t tail[] = { 0, 0, 0xff, 0xff };
    const struct emitting e = { s, c, d };

    if (s->message_compressed) {
        inflate_more(&e, (struct bytes){ .at = tail, .len = sizeof tail });
        if (s->deflate_alone) {
            inflate_free(s->inflate);
            s->inflate = NULL;
            s->lost = false;
        }
    }
    decide(s, c, d);
    s->in_message = false;
    if (s->view)
        c->reading->search->gap(s->view, 0); /* nothing lies in two messages */
}

static void payload(struct websocket_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    static const struct text step[] = { TEXT_INIT("websocket control") };
    uint8_t plain[PIECE];
    const struct emitting e = { s, c, d };

    while (data.len > 0) {
        const struct bytes part = bytes_part(data, 0, PIECE);
        const uint64_t at = s->frame.length - s->frame_left;
        for (size_t i = 0; i < part.len; i++)
            plain[i] = part.at[i] ^ (s->frame.masked ? s->frame.mask[(at + i) & 3] : 0);
        s->frame_left -= part.len;
        data = bytes_part(data, part.len, data.len);
        const struct bytes content = { .at = plain, .len = part.len, .origin = part.origin };
        if (s->frame.opcode >= CONTROL_FIRST || s->verdict == LOOK_READABLE)
            conversation_readable(c, d, part.len);
        else if (s->verdict == LOOK_UNDECIDED && !(s->mqtt && !s->deflate && !s->lost))
            s->undecided_bytes += part.len;
        if (s->frame.opcode >= CONTROL_FIRST) {
            conversation_search(c, d, (struct text_list){ step, 1 }, content); /* of a ping, and why it was closed */
            continue;
        }
        if (s->message_compressed)
            inflate_more(&e, content);
        else
            emit((void *)(uintptr_t)&e, content);
    }
    if (s->frame_left == 0 && s->frame.final && s->frame.opcode < CONTROL_FIRST)
        message_over(s, c, d);
}

static void frame_begin(struct websocket_state *s, struct conversation *c, enum direction d)
{
    s->frame_left = s->frame.length;
    conversation_readable(c, d, s->frame.header_bytes);
    if (s->frame.opcode == TEXT_FRAME || s->frame.opcode == BINARY_FRAME) {
        s->in_message = true;
        s->message_compressed = s->frame.compressed;
        s->look_len = 0;
        s->undecided_bytes = 0;
        s->verdict = LOOK_UNDECIDED;
    }
    if (s->frame.length == 0)
        payload(s, c, d, (struct bytes){ .len = 0 });
}

static size_t websocket_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct websocket_state *s = c->state;
    size_t consumed = 0;

    if (d != DIRECTION_OUT)
        return data.len;
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (s->frame_left > 0) {
            const struct bytes part = bytes_part(rest, 0, s->frame_left);
            payload(s, c, d, part);
            consumed += part.len;
            continue;
        }
        struct frame next;
        const enum parse_status status = frame_parse(rest, s, &next);
        if (status == PARSE_TRUNCATED)
            break;
        if (status == PARSE_INVALID || (next.opcode == CONTINUATION) != (s->in_message && next.opcode < CONTROL_FIRST))
            return SIZE_MAX;
        s->frame = next;
        frame_begin(s, c, d);
        consumed += next.header_bytes;
    }
    return consumed;
}

static bool websocket_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct websocket_state *s = c->state;

    if (d != DIRECTION_OUT)
        return true;
    if (missing > s->frame_left)
        return false;
    s->frame_left -= missing;
    s->lost |= s->message_compressed || s->mqtt;
    if (s->view)
        c->reading->search->gap(s->view, missing);
    if (s->frame_left == 0)
        payload(s, c, d, (struct bytes){ .len = 0 });
    return true;
}

static void websocket_end(struct conversation *c)
{
    struct websocket_state *s = c->state;

    if (s->in_message)
        decide(s, c, DIRECTION_OUT);
    inner_end(&s->inner, c);
    buffer_done(&s->inner_held);
    inflate_free(s->inflate);
    s->inflate = NULL;
    if (s->view)
        c->reading->search->close(s->view);
    s->view = NULL;
}

const struct protocol websocket_protocol = {
    .service = "websocket",
    .state_bytes = sizeof(struct websocket_state),
    .stream = websocket_stream,
    .gap = websocket_gap,
    .end = websocket_end,
    .feeds_views = true,
    .search_when_lost = true,
};
