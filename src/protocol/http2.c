#include "protocol/http2.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/http1_body.h"
#include "protocol/http2_head.h"
#include "protocol/rows.h"
#include "protocol/text_head.h"
#include "protocol/user_agent.h"

enum {
    FRAME_HEADER = 9, FRAME_MAX = PROTOCOL_HOLD_MAX - 1024, BLOCK_MAX = 64 * 1024,
    STREAMS_MAX = 64,              /* at once; the oldest goes early */
    INFLATED_BODIES_MAX = 8,       /* at once: decompression takes 50 KiB each */
    PREFACE_BYTES = 24,
};
enum frame_type { DATA = 0, HEADERS = 1, PRIORITY = 2, RST_STREAM = 3, SETTINGS = 4, PUSH_PROMISE = 5, PING = 6,
                  GOAWAY = 7,
                  WINDOW_UPDATE = 8, CONTINUATION = 9 };
enum { END_STREAM = 0x1, END_HEADERS = 0x4, PADDED = 0x8, WITH_PRIORITY = 0x20 };

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/* A request and its answer. */
struct stream {
    struct stream *next;
    uint32_t id;
    bool ended[2], has_row, has_body[2];
    struct fact_request row;
    struct http1_body body[2];
    char sha256[SHA256_HEX];
    char text[];                   /* of the row */
};

struct way {
    bool begun;
    struct http2_decoder *decoder;
    struct buffer block;           /* of headers in several frames */
    uint32_t block_stream;
    bool in_block, block_promised, block_ends;
    uint64_t data_left, padding_left;
    uint32_t data_stream;
    bool data_ends;
};

struct http2_state {
    struct way ways[2];
    struct stream *first;
    size_t count;
    bool host_said, device_said;
};

struct frame {
    uint32_t length, stream;
    uint8_t type, flags;
};

static bool frame_header(struct bytes b, struct frame *ret)
{
    struct cursor c = cursor_over(b);

    ret->length = cursor_u24be(&c);
    ret->type = cursor_u8(&c);
    ret->flags = cursor_u8(&c);
    ret->stream = cursor_u32be(&c) & 0x7fffffff;
    return !c.failed;
}

static struct stream *stream_find(const struct http2_state *s, uint32_t id)
{
    struct stream *t = s->first;

    while (t && t->id != id)
        t = t->next;
    return t;
}

static void body_over(struct stream *t, struct conversation *c, enum direction d)
{
    char hex[SHA256_HEX];
    bool hashed;

    if (!t->has_body[d])
        return;
    t->has_body[d] = false;
    const int64_t bytes = (int64_t)t->body[d].bytes;
    http1_body_finish(&t->body[d], c, hex, &hashed);
    if (d != c->client) {
        t->row.response_bytes = bytes;
        return;
    }
    t->row.body_bytes = bytes;
    if (hashed) {
        memcpy(t->sha256, hex, SHA256_HEX);
        t->row.body_sha256 = (struct text){ t->sha256, SHA256_HEX };
    }
}

static void stream_over(struct http2_state *s, struct conversation *c, struct stream *t)
{
    struct stream **at = &s->first;

    body_over(t, c, DIRECTION_OUT);
    body_over(t, c, DIRECTION_IN);
    if (t->has_row) {
        t->row.head.origin.packet_last = c->packet;
        fact_put(c->reading->facts, FACT_REQUEST, &t->row);
    }
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    s->count--;
    free(t);
}

static struct stream *stream_add(struct http2_state *s, struct conversation *c, uint32_t id, size_t text_bytes)
{
    struct stream **last = &s->first;
    struct stream *t = memory_alloc(sizeof *t + text_bytes);

    if (s->count == STREAMS_MAX)
        stream_over(s, c, s->first);
    memset(t, 0, sizeof *t);
    t->id = id;
    fact_init(FACT_REQUEST, &t->row);
    while (*last)
        last = &(*last)->next;
    *last = t;
    s->count++;
    return t;
}

static struct text keep(struct stream *t, size_t *used, struct text from)
{
    if (!text_known(from))
        return TEXT_UNKNOWN;
    char *to = t->text + *used;
    memcpy(to, from.at, from.len);
    *used += from.len;
    return (struct text){ to, from.len };
}

static struct stream *request_met(struct http2_state *s, struct conversation *c, enum direction d, uint32_t id,
                                  const struct http2_head *h, struct bytes at)
{
    struct stream *t = stream_add(s, c, id, h->method.len + h->authority.len + h->path.len + h->user_agent.len +
                                  h->content_type.len);
    size_t used = 0;

    request_begin(&t->row, c, at);
    t->has_row = true;
    t->row.protocol = TEXT("http/2");
    t->row.method = keep(t, &used, h->method);
    t->row.host = text_known(h->authority) ? keep(t, &used, http1_host_of(h->authority)) : TEXT_UNKNOWN;
    t->row.path = keep(t, &used, h->path);
    t->row.user_agent = keep(t, &used, h->user_agent);
    t->row.content_type = keep(t, &used, h->content_type);
    t->row.body_bytes = 0;
    if (d == DIRECTION_OUT && !s->host_said && t->row.host.len > 0) {
        s->host_said = true;
        conversation_host(c, arena_text(c->arena, t->row.host), "http_host");
    }
    if (d == DIRECTION_OUT && !s->device_said && h->user_agent.len > 0) {
        struct fact_device device;
        s->device_said = true;
        device_begin(&device, c, at);
        if (user_agent_device(h->user_agent, c->arena, &device))
            (void)conversation_device(c, &device, c->row.src_mac);
    }
    return t;
}

static void search_head(struct conversation *c, enum direction d, const struct http2_head *h, uint64_t origin)
{
    static const struct text step[] = { TEXT_INIT("http2 head") };
    const struct bytes content = { .at = h->text.at, .len = h->text.len, .origin = origin };

    conversation_search(c, d, (struct text_list){ step, 1 }, content);
}

static void side_ended(struct http2_state *s, struct conversation *c, enum direction d, struct stream *t)
{
    if (t->has_body[d] && t->body[d].phase == BODY_OPEN)
        t->body[d].phase = BODY_DONE; /* to its end */
    body_over(t, c, d);
    t->ended[d] = true;
    if (t->ended[DIRECTION_OUT] && t->ended[DIRECTION_IN])
        stream_over(s, c, t);
}

static enum http1_coding coding_of(const struct http2_state *s, enum direction d, const struct http2_head *h)
{
    size_t inflated = 0;

    for (const struct stream *t = s->first; t; t = t->next)
        inflated += t->has_body[d] && t->body[d].inflate;
    return inflated < INFLATED_BODIES_MAX || !text_known(h->content_encoding)
        ? http2_coding(h->content_encoding) : CODING_UNKNOWN;
}

static void head_met(struct http2_state *s, struct conversation *c, enum direction d, uint32_t id, bool ends,
                     const struct http2_head *h, struct bytes at)
{
    struct stream *t = stream_find(s, id);
    int64_t status;

    search_head(c, d, h, at.origin);
    if (!t && d == c->client && text_known(h->method))
        t = request_met(s, c, d, id, h, at);
    if (!t)
        return; /* the answer to what was asked before the upgrade, or to nothing */
    if (d != c->client && text_to_int(h->status, 100, 999, &status)) {
        if (status < 200)
            return;
        t->row.status = status;
    }
    if (!ends && !t->has_body[d] && !t->ended[d]) {
        const struct http1_head as_http1 = { .request = d == c->client, .coding = coding_of(s, d, h) };
        http1_body_begin(&t->body[d], c, d, &as_http1, FRAMING_UNTIL_CLOSE, at.origin + at.len);
        t->has_body[d] = true;
    }
    if (ends)
        side_ended(s, c, d, t);
}

/* The fragment of a block in a frame's content (RFC 9113, 6.2, 6.6); false when lengths contradict. */
static bool fragment_of(const struct frame *f, struct bytes content, struct bytes *ret)
{
    struct cursor c = cursor_over(content);
    const size_t padding = f->flags & PADDED && f->type != CONTINUATION ? cursor_u8(&c) : 0;

    if (f->type == HEADERS && (f->flags & WITH_PRIORITY))
        cursor_skip(&c, 5);
    if (f->type == PUSH_PROMISE)
        cursor_skip(&c, 4);
    if (c.failed || padding > c.rest.len)
        return false;
    *ret = bytes_part(c.rest, 0, c.rest.len - padding);
    return true;
}

static bool block_met(struct http2_state *s, struct conversation *c, enum direction d, const struct frame *f,
                      struct bytes whole)
{
    struct way *w = &s->ways[d];
    struct bytes fragment;
    struct http2_head head;

    if ((f->type == CONTINUATION) != w->in_block || (w->in_block && f->stream != w->block_stream) || f->stream == 0 ||
        !fragment_of(f, bytes_part(whole, FRAME_HEADER, whole.len), &fragment))
        return false;
    if (!w->in_block) {
        buffer_clear(&w->block);
        w->block_stream = f->stream;
        w->block_promised = f->type == PUSH_PROMISE;
        w->block_ends = f->flags & END_STREAM;
    }
    w->in_block = !(f->flags & END_HEADERS);
    if (!buffer_add(&w->block, fragment.at, fragment.len))
        return false;
    if (w->in_block)
        return true;
    const struct bytes block = { .at = w->block.at, .len = w->block.len, .origin = fragment.origin };
    if (!http2_head_read(w->decoder, block, &head))
        return false;
    if (!w->block_promised)
        head_met(s, c, d, w->block_stream, w->block_ends && f->type != PUSH_PROMISE, &head, whole);
    http2_head_done(&head);
    return true;
}

static void settings_met(struct http2_state *s, enum direction d, struct bytes content)
{
    enum { HEADER_TABLE_SIZE = 1 };
    struct cursor c = cursor_over(content);

    while (c.rest.len >= 6) {
        const uint16_t setting = cursor_u16be(&c);
        const uint32_t value = cursor_u32be(&c);
        if (setting == HEADER_TABLE_SIZE)
            http2_decoder_allow(s->ways[d == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT].decoder, value);
    }
}

static void data_over(struct http2_state *s, struct conversation *c, enum direction d)
{
    struct way *w = &s->ways[d];
    struct stream *t = stream_find(s, w->data_stream);

    if (w->data_left == 0 && w->data_ends && t) {
        w->data_ends = false;
        side_ended(s, c, d, t);
    }
}

/* The head of a DATA frame: its length, 0 when more is needed, SIZE_MAX when it makes no sense. */
static size_t data_begin(struct http2_state *s, struct conversation *c, enum direction d, const struct frame *f,
                         struct bytes rest)
{
    struct way *w = &s->ways[d];
    size_t head = FRAME_HEADER, padding = 0;

    if (w->in_block || f->stream == 0)
        return SIZE_MAX;
    if (f->flags & PADDED) {
        if (rest.len <= FRAME_HEADER)
            return 0;
        padding = rest.at[FRAME_HEADER];
        head++;
        if (padding + 1 > f->length)
            return SIZE_MAX;
    }
    w->data_left = f->length - padding - (head - FRAME_HEADER);
    w->padding_left = padding;
    w->data_stream = f->stream;
    w->data_ends = f->flags & END_STREAM;
    data_over(s, c, d);
    return head;
}

static size_t data_met(struct http2_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct way *w = &s->ways[d];
    struct stream *t = stream_find(s, w->data_stream);
    const struct bytes part = bytes_part(rest, 0, w->data_left);

    if (t && t->has_body[d])
        (void)http1_body_take(&t->body[d], c, part);
    w->data_left -= part.len;
    data_over(s, c, d);
    return part.len;
}

static size_t frame_met(struct http2_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct way *w = &s->ways[d];
    struct frame f;

    if (!frame_header(rest, &f))
        return 0;
    if (f.type == DATA) {
        const size_t head = data_begin(s, c, d, &f, rest);
        if (head != 0 && head != SIZE_MAX)
            conversation_readable(c, d, head);
        return head;
    }
    if (f.length > FRAME_MAX - FRAME_HEADER)
        return SIZE_MAX;
    if (rest.len < FRAME_HEADER + f.length)
        return 0;
    const struct bytes whole = bytes_part(rest, 0, FRAME_HEADER + f.length);
    const bool block = f.type == HEADERS || f.type == PUSH_PROMISE || f.type == CONTINUATION;
    if ((w->in_block && f.type != CONTINUATION) || (block && !block_met(s, c, d, &f, whole)))
        return SIZE_MAX;
    struct stream *t = f.type == RST_STREAM ? stream_find(s, f.stream) : NULL;
    if (t)
        stream_over(s, c, t);
    if (f.type == SETTINGS && !(f.flags & 1 /* acknowledgement */))
        settings_met(s, d, bytes_part(whole, FRAME_HEADER, whole.len));
    if (f.type <= CONTINUATION)
        conversation_readable(c, d, whole.len);
    return whole.len;
}

/* False: too many such conversations are open. */
static bool state_begin(struct http2_state *s)
{
    for (int d = 0; d < 2 && !s->ways[d].decoder; d++) {
        s->ways[d].decoder = http2_decoder_new();
        buffer_init(&s->ways[d].block, BLOCK_MAX);
    }
    return s->ways[0].decoder && s->ways[1].decoder;
}

static size_t http2_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct http2_state *s = c->state;
    struct way *w = &s->ways[d];
    size_t consumed = 0;

    if (!state_begin(s))
        return SIZE_MAX;
    if (!w->begun && d == c->client) {
        if (data.len < PREFACE_BYTES)
            return memcmp(data.at, preface, data.len) == 0 ? 0 : SIZE_MAX;
        if (memcmp(data.at, preface, PREFACE_BYTES) != 0)
            return SIZE_MAX;
        conversation_readable(c, d, PREFACE_BYTES);
        consumed = PREFACE_BYTES;
    }
    w->begun = true;
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t n;
        if (w->data_left > 0) {
            n = data_met(s, c, d, rest);
        } else if (w->padding_left > 0) {
            n = w->padding_left < rest.len ? (size_t)w->padding_left : rest.len;
            w->padding_left -= n;
            conversation_readable(c, d, n);
        } else {
            n = frame_met(s, c, d, rest);
            if (n == SIZE_MAX)
                return SIZE_MAX;
            if (n == 0)
                break;
        }
        consumed += n;
    }
    return consumed;
}

static bool http2_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct http2_state *s = c->state;
    struct way *w = &s->ways[d];
    struct stream *t = stream_find(s, w->data_stream);

    if (missing > w->data_left)
        return false;
    if (t && t->has_body[d])
        (void)http1_body_gap(&t->body[d], c, missing);
    w->data_left -= missing;
    data_over(s, c, d);
    return true;
}

static void http2_end(struct conversation *c)
{
    struct http2_state *s = c->state;

    while (s->first)
        stream_over(s, c, s->first);
    for (int d = 0; d < 2; d++) {
        http2_decoder_free(s->ways[d].decoder);
        s->ways[d].decoder = NULL;
        buffer_done(&s->ways[d].block);
    }
}

static enum recognition http2_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    const size_t n = head.len < PREFACE_BYTES ? head.len : PREFACE_BYTES;

    if (!c->from_start || d != c->client || memcmp(head.at, preface, n) != 0)
        return RECOGNISED_NO;
    return n < PREFACE_BYTES ? RECOGNISED_MAYBE : RECOGNISED_YES;
}

const struct protocol http2_protocol = {
    .service = "http2",
    .state_bytes = sizeof(struct http2_state),
    .recognise_stream = http2_recognise_stream,
    .stream = http2_stream,
    .gap = http2_gap,
    .end = http2_end,
    .feeds_views = true,
    .search_when_lost = true,
};
