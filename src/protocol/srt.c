#include "protocol/srt.h"

#include "protocol/rows.h"

enum { HEADER = 16, HANDSHAKE_BYTES = 48, TYPE_HANDSHAKE = 0, STREAM_ID_MAX = 512 };
enum { EXTENSION_STREAM_ID = 5 };
static const uint32_t control_handshake = 0x80000000;

struct srt_state {
    bool named;
};

/* 3.2.1; INVALID when it is none. */
static enum parse_status handshake(struct bytes b, uint32_t *ret_kind, struct bytes *ret_extensions)
{
    enum { VERSION_MIN = 4, VERSION_MAX = 5, DATAGRAMS = 2, MAGIC = 0x4a17, MTU_MIN = 76, MTU_MAX = 65536 };
    struct cursor c = cursor_over(b);
    const uint32_t first = cursor_u32be(&c);

    cursor_skip(&c, HEADER - 4);
    const uint32_t version = cursor_u32be(&c);
    const uint16_t encryption = cursor_u16be(&c), extension = cursor_u16be(&c);
    cursor_skip(&c, 4); /* initial sequence number */
    const uint32_t mtu = cursor_u32be(&c), window = cursor_u32be(&c), kind = cursor_u32be(&c);
    cursor_skip(&c, HANDSHAKE_BYTES - 24); /* socket, cookie, peer address */
    if (c.failed || first != control_handshake || version < VERSION_MIN || version > VERSION_MAX || encryption > 4 ||
        mtu < MTU_MIN || mtu > MTU_MAX || window == 0)
        return PARSE_INVALID;
    /* -1 conclusion, -2 agreement, 0 wave a hand, 1 induction; 1000 and above are refusals */
    if (kind > 1 && kind < 0xfffffffe && (kind < 1000 || kind > 1100))
        return PARSE_INVALID;
    /* Version 4 with stream sockets is UDT, not SRT. */
    if (version == VERSION_MIN && extension != DATAGRAMS && extension != MAGIC)
        return PARSE_INVALID;
    *ret_kind = kind;
    *ret_extensions = version == VERSION_MAX ? c.rest : (struct bytes){ .len = 0 };
    return PARSE_OK;
}

/* The name's bytes stand in words of 4, each back to front. */
static struct text stream_id(struct bytes value, struct arena *arena)
{
    value = bytes_part(value, 0, STREAM_ID_MAX);
    char *into = arena_alloc(arena, 1, value.len + 1);
    size_t len = 0;

    if (!into)
        return TEXT_UNKNOWN;
    for (size_t word = 0; word + 4 <= value.len; word += 4)
        for (size_t i = 4; i-- > 0;)
            if (value.at[word + i] != 0)
                into[len++] = (char)value.at[word + i];
    return (struct text){ .at = into, .len = len };
}

static void handshake_met(struct srt_state *s, struct conversation *c, struct bytes b)
{
    struct fact_request row;
    struct bytes extensions;
    uint32_t kind;

    if (handshake(b, &kind, &extensions) != PARSE_OK)
        return;
    struct cursor at = cursor_over(extensions);
    while (at.rest.len >= 4 && !s->named) {
        const uint16_t type = cursor_u16be(&at);
        const struct bytes value = cursor_take(&at, 4 * (size_t)cursor_u16be(&at));
        if (at.failed || type != EXTENSION_STREAM_ID)
            continue;
        s->named = true;
        request_begin(&row, c, b);
        row.protocol = TEXT("srt");
        row.method = TEXT("CONNECT");
        row.path = stream_id(value, c->arena);
        fact_put(c->reading->facts, FACT_REQUEST, &row);
    }
}

static void srt_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    enum { KEY_MASK = 0x18, TS_SYNC = 0x47, TS_PACKET = 188 };

    if (datagram.len < HEADER)
        return;
    if (datagram.at[0] & 0x80) {
        if (datagram.at[0] == 0x80 && datagram.at[1] == TYPE_HANDSHAKE)
            handshake_met(c->state, c, datagram);
        conversation_readable(c, d, datagram.len);
        return;
    }
    const bool clear = (datagram.at[4] & KEY_MASK) == 0 && datagram.len >= HEADER + TS_PACKET &&
        datagram.at[HEADER] == TS_SYNC;
    conversation_readable(c, d, clear ? datagram.len : HEADER);
}

static enum recognition srt_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct bytes extensions;
    uint32_t kind;

    (void)c;
    (void)d;
    if (datagram.len < HEADER + HANDSHAKE_BYTES || datagram.at[0] != 0x80)
        return RECOGNISED_NO;
    return handshake(datagram, &kind, &extensions) == PARSE_OK ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct protocol srt_protocol = {
    .service = "srt",
    .state_bytes = sizeof(struct srt_state),
    .recognise_datagram = srt_recognise_datagram,
    .datagram = srt_datagram,
};
