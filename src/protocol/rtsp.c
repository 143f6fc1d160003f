#include "protocol/rtsp.h"

#include <string.h>

#include "protocol/rows.h"
#include "protocol/text_head.h"

enum { PENDING_MAX = 16, HEAD_MAX = 16 * 1024, INTERLEAVED_HEADER = 4 };

/* A request until its answer; texts in the conversation's arena. */
struct pending {
    struct fact_request row;
    int64_t sequence;
    bool used;
};

struct rtsp_state {
    struct pending pending[PENDING_MAX];
    size_t next;
    uint64_t skip[2];       /* of a body or an interleaved packet */
    bool skip_readable[2];
    bool secure;            /* a transport with SAVP: what is interleaved is encrypted */
    struct fact_request stream;     /* the PLAY or RECORD that was granted, until it is over */
    bool streaming;
    enum direction media;           /* the way its media goes */
};

static const struct text methods[] = {
    TEXT_INIT("OPTIONS"), TEXT_INIT("DESCRIBE"), TEXT_INIT("ANNOUNCE"), TEXT_INIT("SETUP"), TEXT_INIT("PLAY"),
    TEXT_INIT("PAUSE"), TEXT_INIT("TEARDOWN"), TEXT_INIT("GET_PARAMETER"), TEXT_INIT("SET_PARAMETER"),
    TEXT_INIT("REDIRECT"), TEXT_INIT("RECORD"), TEXT_INIT("PLAY_NOTIFY"),
};
static const struct text version = TEXT_INIT("RTSP/");

static struct bytes start_line(struct bytes b)
{
    const uint8_t *end = b.len ? memchr(b.at, '\n', b.len) : NULL;

    return bytes_part(b, 0, end ? (size_t)(end - b.at) : b.len);
}

static enum recognition response_look(struct bytes b)
{
    const size_t n = b.len < version.len ? b.len : version.len;

    if (memcmp(b.at, version.at, n) != 0)
        return RECOGNISED_NO;
    return n < version.len ? RECOGNISED_MAYBE : RECOGNISED_YES;
}

/* A method, then somewhere on the line the version: HTTP, which has OPTIONS too, says HTTP there. */
static enum recognition request_look(struct bytes b)
{
    enum { LINE_MAX_BYTES = 4096 };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const size_t n = b.len < methods[i].len ? b.len : methods[i].len;
        if ((n > 0 && b.at[0] != (uint8_t)methods[i].at[0]) || memcmp(b.at, methods[i].at, n) != 0)
            continue;
        if (n < methods[i].len || b.len == n)
            return RECOGNISED_MAYBE;
        if (b.at[n] != ' ')
            continue;
        const struct bytes line = start_line(b);
        if (line.len == b.len)
            return line.len < LINE_MAX_BYTES ? RECOGNISED_MAYBE : RECOGNISED_NO;
        return memmem(line.at, line.len, " RTSP/", 6) ? RECOGNISED_YES : RECOGNISED_NO;
    }
    return RECOGNISED_NO;
}

static enum recognition look(struct bytes b)
{
    const enum recognition r = response_look(b);

    return r == RECOGNISED_NO ? request_look(b) : r;
}

static void row_put(struct conversation *c, struct pending *p)
{
    if (p->used)
        fact_put(c->reading->facts, FACT_REQUEST, &p->row);
    p->used = false;
}

static void stream_over(struct rtsp_state *s, struct conversation *c)
{
    if (s->streaming)
        fact_put(c->reading->facts, FACT_REQUEST, &s->stream);
    s->streaming = false;
}

/* A granted PLAY or RECORD waits for what goes between the messages from now on (RFC 2326, 10.12): how much media
 * went.  With media in datagrams of their own that is nothing, and unknown. */
static void stream_begin(struct rtsp_state *s, struct conversation *c, enum direction server, struct pending *p)
{
    stream_over(s, c);
    s->stream = p->row;
    s->streaming = true;
    s->media = text_equal(p->row.method, TEXT("PLAY")) ? server : server == DIRECTION_OUT
        ? DIRECTION_IN : DIRECTION_OUT;
    p->used = false;
}

static void media_met(struct rtsp_state *s, struct conversation *c, enum direction d, uint16_t length)
{
    if (!s->streaming || d != s->media)
        return;
    const bool play = text_equal(s->stream.method, TEXT("PLAY"));
    int64_t *bytes = play ? &s->stream.response_bytes : &s->stream.body_bytes;
    *bytes = (fact_known_int(*bytes) ? *bytes : 0) + length;
    s->stream.head.origin.packet_last = c->packet;
}

static int64_t number_of(struct text t, int64_t otherwise)
{
    int64_t n;

    return text_to_int(t, 0, INT32_MAX, &n) ? n : otherwise;
}

static void request_met(struct rtsp_state *s, struct conversation *c, enum direction d, struct bytes head,
                        struct text line)
{
    struct text scheme, host = TEXT_UNKNOWN, path;
    struct pending *p = &s->pending[s->next++ % PENDING_MAX];

    row_put(c, p); /* the oldest goes without an answer */
    request_begin(&p->row, c, head);
    p->row.protocol = TEXT("rtsp");
    p->row.method = arena_text(c->arena, text_word(&line));
    const struct text url = text_word(&line);
    if (text_url_split(url, &scheme, &host, &path)) {
        p->row.path = arena_text(c->arena, path);
        if (text_is_host(host)) {
            p->row.host = arena_text(c->arena, host);
            if (d == DIRECTION_OUT && !text_is_address(host))
                conversation_host(c, p->row.host, "http_host");
        }
    } else {
        p->row.path = arena_text(c->arena, url);
    }
    p->row.user_agent = arena_text(c->arena, text_head_value(head, TEXT("User-Agent")));
    p->row.content_type = arena_text(c->arena, text_head_value(head, TEXT("Content-Type")));
    p->row.body_bytes = number_of(text_head_value(head, TEXT("Content-Length")), 0);
    p->sequence = number_of(text_head_value(head, TEXT("CSeq")), -1);
    p->used = true;
}

static void response_met(struct rtsp_state *s, struct conversation *c, enum direction d, struct bytes head,
                         struct text line)
{
    enum { OK = 200 };
    const int64_t sequence = number_of(text_head_value(head, TEXT("CSeq")), -1);

    (void)text_word(&line);
    const int64_t status = number_of(text_word(&line), FACT_UNKNOWN_INT);
    for (size_t i = 0; i < PENDING_MAX; i++) {
        struct pending *p = &s->pending[i];
        if (!p->used || p->sequence != sequence)
            continue;
        p->row.status = status;
        p->row.head.origin.packet_last = c->packet;
        if (status == OK && (text_equal(p->row.method, TEXT("PLAY")) || text_equal(p->row.method, TEXT("RECORD"))))
            stream_begin(s, c, d, p);
        else
            row_put(c, p);
        return;
    }
}

static bool has_text(struct text t, const char *part)
{
    return t.len > 0 && memmem(t.at, t.len, part, strlen(part)) != NULL;
}

static void head_met(struct rtsp_state *s, struct conversation *c, enum direction d, struct bytes head)
{
    struct cursor lines = cursor_over(head);
    struct text line = TEXT_UNKNOWN;

    (void)text_head_line(&lines, &line);
    if (has_text(text_head_value(head, TEXT("Transport")), "SAVP"))
        s->secure = true;
    if (text_starts_with(line, version))
        response_met(s, c, d, head, line);
    else
        request_met(s, c, d, head, line);
    s->skip[d] = (uint64_t)number_of(text_head_value(head, TEXT("Content-Length")), 0);
    s->skip_readable[d] = true;
}

/* One unit at the start of `rest`: gives its length, 0 when more is needed, SIZE_MAX when it is none. */
static size_t unit(struct rtsp_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    enum { DOLLAR = '$' };

    if (rest.at[0] == DOLLAR) {
        struct cursor at = cursor_over(rest);
        cursor_skip(&at, 2);
        const uint16_t length = cursor_u16be(&at);
        if (at.failed)
            return 0;
        media_met(s, c, d, length);
        s->skip[d] = length;
        s->skip_readable[d] = !s->secure;
        conversation_readable(c, d, INTERLEAVED_HEADER);
        return INTERLEAVED_HEADER;
    }
    if (rest.at[0] == '\r' || rest.at[0] == '\n') { /* between messages, as HTTP has it */
        conversation_readable(c, d, 1);
        return 1;
    }
    const enum recognition r = look(rest);
    if (r == RECOGNISED_NO)
        return SIZE_MAX;
    const size_t length = r == RECOGNISED_YES ? text_head_length(rest) : 0;
    if (length == 0)
        return rest.len > HEAD_MAX ? SIZE_MAX : 0;
    head_met(s, c, d, bytes_part(rest, 0, length));
    conversation_readable(c, d, length);
    return length;
}

static size_t rtsp_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct rtsp_state *s = c->state;
    size_t consumed = 0;

    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t n;
        if (s->skip[d] > 0) {
            n = s->skip[d] < rest.len ? (size_t)s->skip[d] : rest.len;
            s->skip[d] -= n;
            if (s->skip_readable[d])
                conversation_readable(c, d, n);
        } else {
            n = unit(s, c, d, rest);
            if (n == SIZE_MAX)
                return SIZE_MAX;
            if (n == 0)
                break;
        }
        consumed += n;
    }
    return consumed;
}

static bool rtsp_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct rtsp_state *s = c->state;

    if (missing > s->skip[d])
        return false;
    s->skip[d] -= missing;
    return true;
}

static void rtsp_end(struct conversation *c)
{
    struct rtsp_state *s = c->state;

    stream_over(s, c);
    for (size_t i = 0; i < PENDING_MAX; i++)
        row_put(c, &s->pending[(s->next + i) % PENDING_MAX]);
}

static enum recognition rtsp_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    (void)c;
    (void)d;
    return head.len ? look(head) : RECOGNISED_MAYBE;
}

const struct protocol rtsp_protocol = {
    .service = "rtsp",
    .state_bytes = sizeof(struct rtsp_state),
    .recognise_stream = rtsp_recognise_stream,
    .stream = rtsp_stream,
    .gap = rtsp_gap,
    .end = rtsp_end,
};
