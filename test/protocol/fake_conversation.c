#include "fake_conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"

enum { ARENA_MAX = 1 << 20, VIEW_BYTES_MAX = 16 << 20 };

void conversation_readable(struct conversation *c, enum direction d, uint64_t n)
{
    struct fake_conversation *f = (struct fake_conversation *)c;

    f->ways[d].readable += n;
    /* never more than was handed over */
    if (f->ways[d].readable > f->ways[d].taken)
        abort();
}

void conversation_host(struct conversation *c, struct text host, const char *host_source)
{
    static const char *const order[] = { "http_host", "sni", "quic_sni", "dns", "certificate" };
    size_t now = 5, then = 5;

    for (size_t i = 0; i < 5; i++) {
        if (strcmp(order[i], host_source) == 0)
            now = i;
        if (text_equal(c->row.host_source, text_of(order[i])))
            then = i;
    }
    if (now >= then)
        return;
    c->row.host = host;
    c->row.host_source = text_of(host_source);
}

void conversation_name_learnt(struct conversation *c, struct text client, struct text address, struct text name,
                              int64_t at_utc_ns, int64_t ttl_s)
{
    struct fake_conversation *f = (struct fake_conversation *)c;

    (void)at_utc_ns;
    if (f->name_count == FAKE_NAMES_MAX)
        return;
    f->names[f->name_count++] = (struct fake_name){
        .client = arena_text(f->reading.arena, client), .address = arena_text(f->reading.arena, address),
        .name = arena_text(f->reading.arena, name), .ttl_s = ttl_s,
    };
}

void conversation_expect(struct conversation *c, struct text address, int64_t port, const struct protocol *protocol)
{
    struct fake_conversation *f = (struct fake_conversation *)c;

    if (f->expected_count == FAKE_EXPECTED_MAX)
        return;
    f->expected[f->expected_count].address = arena_text(f->reading.arena, address);
    f->expected[f->expected_count].port = port;
    f->expected[f->expected_count++].protocol = protocol;
}

int64_t conversation_device(struct conversation *c, const struct fact_device *row, struct text sent_by)
{
    (void)sent_by;
    return fact_put(c->reading->facts, FACT_DEVICE, row);
}

struct payload_view *conversation_view(struct conversation *c, enum direction d, struct text_list decoding,
                                       uint64_t offset)
{
    struct fake_conversation *f = (struct fake_conversation *)c;

    (void)offset;
    if (d != DIRECTION_OUT || f->view_count == FAKE_VIEWS_MAX)
        return NULL;
    struct fake_view *v = &f->views[f->view_count++];
    size_t len = 0;
    buffer_init(&v->bytes, VIEW_BYTES_MAX);
    snprintf(v->decoding, sizeof v->decoding, "raw");
    for (size_t i = 0; i < decoding.count; i++)
        len += (size_t)snprintf(v->decoding + len, sizeof v->decoding - len, i ? "+%.*s" : "%.*s",
                                (int)decoding.items[i].len, decoding.items[i].at);
    return (struct payload_view *)v;
}

static void feed(struct payload_view *view, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    struct fake_view *v = (struct fake_view *)view;

    (void)packet;
    (void)at_utc_ns;
    if (v->closed)
        abort();
    buffer_add(&v->bytes, chunk.at, chunk.len);
}

static void view_gap(struct payload_view *view, uint64_t missing)
{
    ((struct fake_view *)view)->missing += missing;
}

static void view_close(struct payload_view *view)
{
    struct fake_view *v = (struct fake_view *)view;

    if (v->closed)
        abort();
    v->closed = true;
}

void fake_begin(struct fake_conversation *f, const struct protocol *p, struct fact_sink *facts, bool over_tcp,
                int64_t port)
{
    static const struct reading_options no_options;

    memset(f, 0, sizeof *f);
    f->search = (struct payload_search){ .feed = feed, .gap = view_gap, .close = view_close };
    f->reading = (struct reading){
        .facts = facts, .arena = arena_new(0), .options = &no_options, .search = &f->search,
    };
    f->protocol = f->c.protocol = p;
    fact_init(FACT_FLOW, &f->c.row);
    f->c.reading = &f->reading;
    f->c.arena = arena_new(ARENA_MAX);
    f->c.row.src = TEXT("192.0.2.1");
    f->c.row.src_port = 40000;
    f->c.row.dst = TEXT("198.51.100.1");
    f->c.row.dst_port = port;
    f->c.flow = 1;
    f->c.over_tcp = over_tcp;
    f->c.from_start = true;
    f->c.client = DIRECTION_OUT;
    f->c.seen = f->seen;
    f->c.state = arena_alloc(f->c.arena, 1, p->state_bytes ? p->state_bytes : 1);
    f->c.packet = 0;
    f->c.at_utc_ns = NS_PER_S;
    for (int d = 0; d < 2; d++)
        buffer_init(&f->ways[d].held, PROTOCOL_HOLD_MAX * 2);
}

/* A copy with nothing behind it, so that the sanitizer sees one byte too many. */
static struct bytes copy_of(struct bytes b)
{
    uint8_t *at = memory_alloc(b.len);

    if (b.len)
        memcpy(at, b.at, b.len);
    return (struct bytes){ .at = at, .len = b.len, .origin = b.origin };
}

static void hand_over(struct fake_conversation *f, enum direction d)
{
    struct fake_way *w = &f->ways[d];

    if (w->opaque || w->held.len == 0)
        return;
    struct bytes copy = copy_of((struct bytes){ .at = w->held.at, .len = w->held.len, .origin = w->held_origin });
    if (!f->recognised) {
        const enum recognition r = f->protocol->recognise_stream(&f->c, d, copy);
        f->recognised = r == RECOGNISED_YES;
        w->opaque = r == RECOGNISED_NO;
    }
    if (f->recognised) {
        const size_t n = f->protocol->stream(&f->c, d, copy);
        if (n == SIZE_MAX)
            w->opaque = true;
        else if (n > copy.len)
            abort();
        else
            buffer_consume(&w->held, n);
        w->held_origin += n == SIZE_MAX ? 0 : n;
        if (w->held.len > PROTOCOL_HOLD_MAX)
            w->opaque = true;
    }
    free((void *)(uintptr_t)copy.at);
}

void fake_stream(struct fake_conversation *f, enum direction d, struct bytes data, size_t step)
{
    struct fake_way *w = &f->ways[d];
    enum { SEGMENT_MAX = 32 * 1024 };

    if (step == 0 || step > SEGMENT_MAX)
        step = SEGMENT_MAX;
    for (size_t at = 0; at < data.len; at += step) {
        const struct bytes piece = bytes_part(data, at, step);
        f->c.packet++;
        f->c.at_utc_ns += 1000;
        w->taken += piece.len;
        if (w->opaque)
            continue;
        if (w->held.len == 0)
            w->held_origin = piece.origin;
        if (!buffer_add(&w->held, piece.at, piece.len))
            w->opaque = true;
        hand_over(f, d);
    }
}

void fake_gap(struct fake_conversation *f, enum direction d, uint64_t missing)
{
    struct fake_way *w = &f->ways[d];

    if (w->opaque || !f->recognised)
        return;
    buffer_clear(&w->held);
    if (!f->protocol->gap || !f->protocol->gap(&f->c, d, missing))
        w->opaque = true;
}

void fake_datagram(struct fake_conversation *f, enum direction d, struct bytes data)
{
    struct bytes copy = copy_of(data);

    f->c.packet++;
    f->c.at_utc_ns += 1000;
    f->ways[d].taken += data.len;
    if (!f->recognised)
        f->recognised = f->protocol->recognise_datagram(&f->c, d, copy) == RECOGNISED_YES;
    if (f->recognised && f->protocol->datagram)
        f->protocol->datagram(&f->c, d, copy);
    free((void *)(uintptr_t)copy.at);
}

void fake_end(struct fake_conversation *f)
{
    for (int d = 0; d < 2 && f->recognised && f->c.over_tcp; d++) {
        struct fake_way *w = &f->ways[d];
        struct bytes left = { .at = w->held.at, .len = w->opaque ? 0 : w->held.len, .origin = w->held_origin };
        struct bytes copy = copy_of(left);
        if (!w->opaque && f->protocol->stream_end)
            f->protocol->stream_end(&f->c, (enum direction)d, copy);
        free((void *)(uintptr_t)copy.at);
    }
    if (f->recognised && f->protocol->end)
        f->protocol->end(&f->c);
    for (size_t i = 0; i < f->view_count; i++)
        if (!f->views[i].closed)
            abort();
}

void fake_done(struct fake_conversation *f)
{
    for (size_t i = 0; i < f->view_count; i++)
        buffer_done(&f->views[i].bytes);
    for (int d = 0; d < 2; d++)
        buffer_done(&f->ways[d].held);
    arena_free(f->c.arena);
    arena_free(f->reading.arena);
}

void fake_view_bytes(const struct fake_conversation *f, const char *decoding, struct buffer *into)
{
    buffer_clear(into);
    for (size_t i = 0; i < f->view_count; i++)
        if (strcmp(f->views[i].decoding, decoding) == 0)
            buffer_add(into, f->views[i].bytes.at, f->views[i].bytes.len);
}
