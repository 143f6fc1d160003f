#include "packet/build.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "fact/wire.h"
#include "packet/capture.h"

void build_bytes(struct build *b, const void *at, size_t len)
{
    assert_true(b->len + len <= sizeof b->at);
    if (len)
        memcpy(b->at + b->len, at, len);
    b->len += len;
}

void build_u8(struct build *b, unsigned v)
{
    const uint8_t one = (uint8_t)v;
    build_bytes(b, &one, 1);
}

void build_u16be(struct build *b, unsigned v)
{
    build_u8(b, v >> 8 & 255);
    build_u8(b, v & 255);
}

void build_u32be(struct build *b, uint32_t v)
{
    build_u16be(b, v >> 16);
    build_u16be(b, v & 0xffff);
}

void build_u16le(struct build *b, unsigned v)
{
    build_u16be(b, __builtin_bswap16((uint16_t)v));
}

void build_u32le(struct build *b, uint32_t v)
{
    build_u32be(b, __builtin_bswap32(v));
}

void build_pcap(struct build *b, uint32_t link_type)
{
    b->len = 0; /* what stands behind it is never read: clearing a megabyte each time takes longer than the tests */
    b->snap = 0;
    b->time_us = INT64_C(1700000000000000);
    build_u32le(b, 0xa1b2c3d4);
    build_u16le(b, 2);
    build_u16le(b, 4);
    build_u32le(b, 0);
    build_u32le(b, 0);
    build_u32le(b, 262144);
    build_u32le(b, link_type);
}

void build_record(struct build *b, const void *frame, size_t len)
{
    const size_t captured = b->snap && (size_t)b->snap < len ? (size_t)b->snap : len;

    build_u32le(b, (uint32_t)(b->time_us / 1000000));
    build_u32le(b, (uint32_t)(b->time_us % 1000000));
    build_u32le(b, (uint32_t)captured);
    build_u32le(b, (uint32_t)len);
    build_bytes(b, frame, captured);
    b->time_us += 1000;
}

static void put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
    put16(at, v >> 16);
    put16(at + 2, v & 0xffff);
}

size_t make_ipv4(uint8_t *into, struct ends e, int protocol, unsigned id, unsigned fragment, const void *payload,
                 size_t len)
{
    memset(into, 0, 20);
    into[0] = 0x45;
    put16(into + 2, (unsigned)(20 + len));
    put16(into + 4, id);
    put16(into + 6, fragment);
    into[8] = 64;
    into[9] = (uint8_t)protocol;
    put32(into + 12, e.src);
    put32(into + 16, e.dst);
    if (len)
        memcpy(into + 20, payload, len);
    return 20 + len;
}

size_t make_udp(uint8_t *into, struct ends e, const void *payload, size_t len)
{
    put16(into, e.src_port);
    put16(into + 2, e.dst_port);
    put16(into + 4, (unsigned)(8 + len));
    put16(into + 6, 0);
    if (len)
        memcpy(into + 8, payload, len);
    return 8 + len;
}

size_t make_tcp(uint8_t *into, struct ends e, uint32_t seq, uint32_t ack, int flags, const void *payload, size_t len)
{
    memset(into, 0, 20);
    put16(into, e.src_port);
    put16(into + 2, e.dst_port);
    put32(into + 4, seq);
    put32(into + 8, ack);
    into[12] = 5 << 4;
    into[13] = (uint8_t)flags;
    put16(into + 14, 65535);
    if (len)
        memcpy(into + 20, payload, len);
    return 20 + len;
}

void build_ipv4(struct build *b, struct ends e, int protocol, unsigned id, unsigned fragment, const void *payload,
                size_t len)
{
    static uint8_t frame[70000];
    static const uint8_t macs[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 } };
    const bool forth = e.src < e.dst;

    memcpy(frame, macs[forth], 6);
    memcpy(frame + 6, macs[!forth], 6);
    put16(frame + 12, 0x0800);
    size_t total = 14 + make_ipv4(frame + 14, e, protocol, id, fragment, payload, len);
    while (total < 60)
        frame[total++] = 0; /* padding, as Ethernet demands */
    build_record(b, frame, total);
}

void build_udp(struct build *b, struct ends e, const void *payload, size_t len)
{
    static uint8_t udp[70000];
    build_ipv4(b, e, 17, 1, 0, udp, make_udp(udp, e, payload, len));
}

void build_tcp(struct build *b, struct ends e, uint32_t seq, uint32_t ack, int flags, const char *payload)
{
    static uint8_t tcp[70000];
    build_ipv4(b, e, 6, 1, 0x4000, tcp, make_tcp(tcp, e, seq, ack, flags, payload, strlen(payload)));
}

void build_handshake(struct build *b, struct ends e, uint32_t seq, uint32_t ack)
{
    build_tcp(b, e, seq, 0, S, "");
    build_tcp(b, back(e), ack, seq + 1, S | A, "");
    build_tcp(b, e, seq + 1, ack + 1, A, "");
}

static struct outcome *searching;

static void searched(const char *at, size_t len)
{
    if (searching->searched_len + len > sizeof searching->searched - 1)
        len = sizeof searching->searched - 1 - searching->searched_len;
    memcpy(searching->searched + searching->searched_len, at, len);
    searching->searched_len += len;
    searching->searched[searching->searched_len] = '\0';
}

static struct payload_view *view_open(struct payload_search *s, struct reading *r, const struct payload_source *source)
{
    assert_true(source->flow > 0);
    assert_true(text_known(source->destination));
    return (struct payload_view *)s;
}

static void view_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    assert_true(packet > 0);
    searched((const char *)chunk.at, chunk.len);
}

static void view_gap(struct payload_view *v, uint64_t missing)
{
    char text[32];

    snprintf(text, sizeof text, "[%llu]", (unsigned long long)missing);
    searched(text, strlen(text));
}

static void view_close(struct payload_view *v)
{
    searched("|", 1);
}

static struct payload_search recorder = { view_open, view_feed, view_gap, view_close };

void read_build(const struct build *b, const struct reading_options *options, bool search, struct outcome *o)
{
    struct bytes in = exact_copy(b->at, b->len);

    memset(o, 0, sizeof *o);
    kept_facts_init(&o->facts);
    lines_reset();
    struct reading r = reading_for_test(&o->facts);
    if (options)
        r.options = options;
    if (search)
        r.search = &recorder;
    searching = o;
    o->status = capture_read(&r, in);
    reading_for_test_done(&r);
    exact_copy_free(in);
}

/* Each window in a copy of its exact size: what was handed over before may not be looked at any more. */
static enum parse_status feed_pieces(struct reading *r, struct bytes in, unsigned seed)
{
    struct capture *c = capture_new(r);
    size_t from = 0, to = 0;
    bool last = false;

    while (!last) {
        seed = seed * 1103515245u + 12345u;
        to += seed >> 16 & 1 ? 1 + (seed >> 17) % 40 : 1 + (seed >> 17) % 3000;
        last = to > in.len + seed % 2; /* sometimes nothing is left when the end is told */
        to = to < in.len ? to : in.len;
        struct bytes window = exact_copy(in.at + from, to - from);
        window.origin = from;
        const size_t taken = capture_feed(c, window, last);
        assert_true(taken <= window.len);
        assert_true(!last || taken == window.len);
        from += taken;
        exact_copy_free(window);
    }
    return capture_end(c);
}

void read_build_in_pieces(const struct build *b, unsigned seed, bool search, struct outcome *o)
{
    memset(o, 0, sizeof *o);
    kept_facts_init(&o->facts);
    lines_reset();
    struct reading r = reading_for_test(&o->facts);
    if (search)
        r.search = &recorder;
    searching = o;
    o->status = feed_pieces(&r, (struct bytes){ .at = b->at, .len = b->len }, seed);
    reading_for_test_done(&r);
}

void assert_same_outcome(const struct outcome *a, const struct outcome *b)
{
    struct buffer rows[2];

    assert_int_equal(a->status, b->status);
    assert_int_equal(a->searched_len, b->searched_len);
    assert_memory_equal(a->searched, b->searched, a->searched_len);
    assert_int_equal(a->facts.count, b->facts.count);
    for (size_t i = 0; i < a->facts.count; i++) {
        const struct kept_row *of[2] = { &a->facts.rows[i], &b->facts.rows[i] };
        for (int k = 0; k < 2; k++) {
            buffer_init(&rows[k], 1 << 20);
            assert_true(wire_encode(&rows[k], of[k]->kind, of[k]->row, of[k]->number));
        }
        assert_int_equal(of[0]->kind, of[1]->kind);
        assert_int_equal(rows[0].len, rows[1].len);
        assert_memory_equal(rows[0].at, rows[1].at, rows[0].len);
        buffer_done(&rows[0]);
        buffer_done(&rows[1]);
    }
}

void outcome_done(struct outcome *o)
{
    kept_facts_done(&o->facts);
}

const struct fact_flow *outcome_flow(const struct outcome *o, size_t nth)
{
    for (size_t i = 0; i < o->facts.count; i++)
        if (o->facts.rows[i].kind == FACT_FLOW && o->facts.rows[i].number == (int64_t)nth + 1)
            return o->facts.rows[i].row;
    fail_msg("no flow %zu", nth);
    return NULL;
}

bool outcome_has_damage(const struct outcome *o, const char *part_of_statement)
{
    const struct fact_damage *d;

    for (size_t i = 0; (d = kept_facts_row(&o->facts, FACT_DAMAGE, i)) != NULL; i++)
        if (memmem(d->statement.at, d->statement.len, part_of_statement, strlen(part_of_statement)))
            return true;
    return false;
}
