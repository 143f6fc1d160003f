#include "protocol/rtmp.h"

#include <string.h>

#include "protocol/amf0.h"
#include "protocol/rows.h"
#include "protocol/text_head.h"

enum {
    HANDSHAKE = 1536, VERSION_RTMP = 3, PORT_RTMP = 1935,
    CHUNK_BYTES_FIRST = 128, CHUNK_BYTES_MAX = 0xffffff,
    STREAMS_MAX = 16,           /* chunk streams of one direction; encoders use 3 to 8 */
    COMMAND_MAX = 8 * 1024,     /* of a longer command the first part */
    KEY_SHOWN = 4,
};
enum message_type { SET_CHUNK_SIZE = 1, AUDIO = 8, VIDEO = 9, AMF3_COMMAND = 17, AMF0_COMMAND = 20, AGGREGATE = 22 };

/* 5.3.1: what a later chunk of the same stream may leave out. */
struct chunk_stream {
    uint32_t id;
    uint32_t length, have;      /* of the message under way */
    uint8_t type;
    bool used, extended;
    uint8_t *command;           /* COMMAND_MAX bytes in the arena; NULL until one came */
};

struct way {
    uint64_t handshake_left;    /* bytes of C0 to C2, or S0 to S2 */
    bool begun;
    uint32_t chunk_bytes;
    uint32_t chunk_left;        /* of the chunk under way */
    struct chunk_stream streams[STREAMS_MAX], *current;
};

struct rtmp_state {
    struct way ways[2];
    struct text app, host, flash_version;
    struct fact_request stream;    /* what is published or played, until it is over; its media so far */
    bool streaming;
    enum direction media;          /* the way it goes */
};

struct connect { struct text app, tc_url, flash_version; };

static void connect_member(void *user, struct text name, struct text value)
{
    struct connect *k = user;

    if (text_equal(name, TEXT("app")))
        k->app = value;
    else if (text_equal(name, TEXT("tcUrl")))
        k->tc_url = value;
    else if (text_equal(name, TEXT("flashVer")))
        k->flash_version = value;
}

static void row_make(struct rtmp_state *s, struct conversation *c, struct bytes at, struct text method,
                     struct text stream,
                     struct fact_request *ret)
{
    request_begin(ret, c, at);
    ret->protocol = TEXT("rtmp");
    ret->method = method;
    ret->host = s->host;
    ret->user_agent = s->flash_version;
    if (s->app.len > 0 && s->app.at[s->app.len - 1] == '/')
        s->app.len--;
    if (text_known(stream))
        ret->path = arena_printf(c->arena, "/%.*s/%.*s", (int)s->app.len, s->app.len ? s->app.at : "", (int)stream.len,
                                stream.len ? stream.at : "");
    else
        ret->path = arena_printf(c->arena, "/%.*s", (int)s->app.len, s->app.len ? s->app.at : "");
}

static void stream_over(struct rtmp_state *s, struct conversation *c)
{
    if (!s->streaming)
        return;
    s->streaming = false;
    s->stream.head.origin.packet_last = c->packet;
    fact_put(c->reading->facts, FACT_REQUEST, &s->stream);
}

static void connect_met(struct rtmp_state *s, struct conversation *c, enum direction d, struct bytes at,
                        struct cursor *args)
{
    struct connect k = { TEXT_UNKNOWN, TEXT_UNKNOWN, TEXT_UNKNOWN };
    struct text scheme, host, path;
    struct fact_request row;

    amf0_object(args, connect_member, &k);
    s->app = arena_text(c->arena, k.app);
    s->flash_version = arena_text(c->arena, k.flash_version);
    if (text_known(k.tc_url) && text_url_split(k.tc_url, &scheme, &host, &path) && text_is_host(host)) {
        s->host = arena_text(c->arena, host);
        if (d == DIRECTION_OUT && !text_is_address(host))
            conversation_host(c, s->host, "http_host");
    }
    row_make(s, c, at, TEXT("CONNECT"), TEXT_UNKNOWN, &row);
    fact_put(c->reading->facts, FACT_REQUEST, &row);
}

static struct text masked(struct conversation *c, struct text key)
{
    if (key.len <= KEY_SHOWN)
        return key;
    return arena_printf(c->arena, "%.*s***", KEY_SHOWN, key.at);
}

/* 7.2: name, transaction, command object or null, then arguments. */
static void command_met(struct rtmp_state *s, struct conversation *c, enum direction d, struct bytes body, bool amf3)
{
    struct cursor at = cursor_over(body);
    struct text name, stream = TEXT_UNKNOWN;

    if (amf3)
        cursor_skip(&at, 1); /* a format selector, then AMF 0 all the same */
    if (!amf0_string(&at, &name))
        return;
    amf0_skip(&at);
    if (text_equal(name, TEXT("connect"))) {
        connect_met(s, c, d, body, &at);
        return;
    }
    const bool publish = text_equal(name, TEXT("publish")), play = text_equal(name, TEXT("play"));
    if (!publish && !play)
        return;
    amf0_skip(&at);
    if (!amf0_string(&at, &stream))
        return;
    stream_over(s, c);
    row_make(s, c, body, publish ? TEXT("PUBLISH") : TEXT("PLAY"), publish ? masked(c, stream) : stream, &s->stream);
    s->streaming = true;
    s->media = publish == (d == DIRECTION_OUT) ? DIRECTION_OUT : DIRECTION_IN;
    if (publish)
        s->stream.body_bytes = 0;
    else
        s->stream.response_bytes = 0;
}

static bool is_command(uint8_t type)
{
    return type == AMF0_COMMAND || type == AMF3_COMMAND;
}

static void message_over(struct rtmp_state *s, struct conversation *c, enum direction d, struct chunk_stream *m,
                         uint64_t origin)
{
    struct way *w = &s->ways[d];
    const size_t kept = m->have < COMMAND_MAX ? m->have : COMMAND_MAX;
    struct bytes body = { .at = m->command, .len = m->command ? kept : 0, .origin = origin };

    m->have = 0;
    if (s->streaming && d == s->media && (m->type == AUDIO || m->type == VIDEO || m->type == AGGREGATE)) {
        int64_t *media_bytes = fact_known_int(s->stream.body_bytes) ? &s->stream.body_bytes : &s->stream.response_bytes;
        *media_bytes += m->length;
    } else if (is_command(m->type)) {
        command_met(s, c, d, body, m->type == AMF3_COMMAND);
    } else if (m->type == SET_CHUNK_SIZE && body.len == 4) {
        struct cursor at = cursor_over(body);
        const uint32_t bytes = cursor_u32be(&at);
        if (bytes > 0 && bytes <= CHUNK_BYTES_MAX)
            w->chunk_bytes = bytes;
    }
}

static struct chunk_stream *stream_find(struct way *w, uint32_t id)
{
    for (int i = 0; i < STREAMS_MAX; i++)
        if (!w->streams[i].used || w->streams[i].id == id) {
            w->streams[i].used = true;
            w->streams[i].id = id;
            return &w->streams[i];
        }
    return NULL;
}

/* A chunk's head (5.3.1).  Its length, 0 when more is needed, SIZE_MAX when it makes no sense. */
static size_t chunk_head(struct way *w, struct bytes rest)
{
    enum { TIME_EXTENDED = 0xffffff, LENGTH_MAX = 1 << 24 };
    struct cursor c = cursor_over(rest);
    const uint8_t first = cursor_u8(&c);
    const int format = first >> 6;
    uint32_t id = first & 0x3f;

    if (id == 0)
        id = 64u + cursor_u8(&c);
    else if (id == 1)
        id = 64u + cursor_u16le(&c);
    struct cursor head = c;
    if (format < 3)
        cursor_skip(&head, format == 0 ? 11 : format == 1 ? 7 : 3);
    if (head.failed || c.failed)
        return 0;
    struct chunk_stream *m = stream_find(w, id);
    if (!m || (format > 1 && m->length == 0 && m->type == 0))
        return SIZE_MAX;
    bool extended = m->extended;
    if (format < 3)
        extended = cursor_u24be(&c) == TIME_EXTENDED;
    uint32_t length = m->length;
    uint8_t type = m->type;
    if (format < 2) {
        length = cursor_u24be(&c);
        type = cursor_u8(&c);
    }
    cursor_skip(&c, format == 0 ? 4 : 0); /* message stream id */
    if (extended)
        cursor_skip(&c, 4);
    if (c.failed)
        return 0;
    if (type == 0 || type > 22 || length > LENGTH_MAX || (m->have > 0 && format < 2))
        return SIZE_MAX;
    m->extended = extended;
    m->length = length;
    m->type = type;
    w->current = m;
    const uint32_t left = m->length - m->have;
    w->chunk_left = left < w->chunk_bytes ? left : w->chunk_bytes;
    return rest.len - c.rest.len;
}

static bool wanted(uint8_t type)
{
    return is_command(type) || type == SET_CHUNK_SIZE;
}

static size_t chunk_data(struct rtmp_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct way *w = &s->ways[d];
    struct chunk_stream *m = w->current;
    const struct bytes part = bytes_part(rest, 0, w->chunk_left);

    if (wanted(m->type) && !m->command)
        m->command = arena_alloc(c->arena, 1, COMMAND_MAX);
    if (wanted(m->type) && m->command && m->have < COMMAND_MAX) {
        const struct bytes fits = bytes_part(part, 0, COMMAND_MAX - m->have);
        memcpy(m->command + m->have, fits.at, fits.len);
    }
    m->have += (uint32_t)part.len;
    w->chunk_left -= (uint32_t)part.len;
    if (m->have == m->length)
        message_over(s, c, d, m, part.origin);
    return part.len;
}

static size_t rtmp_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct rtmp_state *s = c->state;
    struct way *w = &s->ways[d];
    size_t consumed = 0;

    if (!w->begun) {
        w->begun = true;
        w->handshake_left = 1 + 2 * HANDSHAKE;
        w->chunk_bytes = CHUNK_BYTES_FIRST;
        if (data.at[0] != VERSION_RTMP)
            return SIZE_MAX;
    }
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t n;
        if (w->handshake_left > 0) {
            n = w->handshake_left < rest.len ? (size_t)w->handshake_left : rest.len;
            w->handshake_left -= n;
        } else if (w->chunk_left > 0) {
            n = chunk_data(s, c, d, rest);
        } else {
            n = chunk_head(w, rest);
            if (n == SIZE_MAX)
                return SIZE_MAX;
            if (n == 0)
                break;
            if (w->current->length == 0)
                message_over(s, c, d, w->current, rest.origin);
        }
        conversation_readable(c, d, n);
        consumed += n;
    }
    return consumed;
}

static bool rtmp_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct rtmp_state *s = c->state;
    struct way *w = &s->ways[d];

    if (w->handshake_left > 0 && missing <= w->handshake_left) {
        w->handshake_left -= missing;
        return true;
    }
    if (!w->current || missing > w->chunk_left || wanted(w->current->type))
        return false;
    w->chunk_left -= (uint32_t)missing;
    w->current->have += (uint32_t)missing;
    if (w->current->have == w->current->length)
        message_over(s, c, d, w->current, 0);
    return true;
}

static void rtmp_end(struct conversation *c)
{
    stream_over(c->state, c);
}

/* C0 and C1 come alone, since the client waits for the answer; C1 has zeros or a version of the player
 * behind its time (5.2.3), and players write the latter with a small first byte. */
static enum recognition rtmp_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { ZEROS = 5, ZEROS_END = 9 };

    if (head.len == 0)
        return RECOGNISED_MAYBE;
    if (head.at[0] != VERSION_RTMP || !c->from_start || d != c->client)
        return RECOGNISED_NO;
    if (head.len < ZEROS_END)
        return RECOGNISED_MAYBE;
    const bool zeros = memcmp(head.at + ZEROS, "\0\0\0\0", 4) == 0;
    const bool player = head.at[ZEROS] == 0x80 || head.at[ZEROS] == 0x09 || head.at[ZEROS] == 0x0a ||
        head.at[ZEROS] == 0x0c;
    if (!on_port(c, PORT_RTMP) && !zeros)
        return RECOGNISED_NO;
    if (!zeros && !player)
        return RECOGNISED_NO;
    if (head.len < 1 + HANDSHAKE)
        return RECOGNISED_MAYBE;
    return head.len == 1 + HANDSHAKE || on_port(c, PORT_RTMP) ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct protocol rtmp_protocol = {
    .service = "rtmp",
    .state_bytes = sizeof(struct rtmp_state),
    .recognise_stream = rtmp_recognise_stream,
    .stream = rtmp_stream,
    .gap = rtmp_gap,
    .end = rtmp_end,
};
