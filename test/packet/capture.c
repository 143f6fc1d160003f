#include "packet/build.h"

#include <string.h>

#include "packet/capture.h"

static struct build b;
static struct outcome o;
static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 };

static size_t udp_packet(uint8_t *into, struct ends e, const char *payload)
{
    uint8_t udp[200];
    return make_ipv4(into, e, 17, 1, 0, udp, make_udp(udp, e, payload, strlen(payload)));
}

/* Writers of both byte orders. */
struct writer {
    bool big;
};

static void w16(struct writer w, unsigned v)
{
    if (w.big)
        build_u16be(&b, v);
    else
        build_u16le(&b, v);
}

static void w32(struct writer w, uint32_t v)
{
    if (w.big)
        build_u32be(&b, v);
    else
        build_u32le(&b, v);
}

struct pcap_case {
    const char *name;
    bool big;
    uint32_t magic;
    uint32_t link_type;
    uint32_t fraction;
    int64_t at_utc_ns;
};

static const struct pcap_case pcap_cases[] = {
    { "little, microseconds", false, 0xa1b2c3d4, 101, 5, INT64_C(1700000000000005000) },
    { "big, microseconds", true, 0xa1b2c3d4, 101, 5, INT64_C(1700000000000005000) },
    { "little, nanoseconds", false, 0xa1b23c4d, 101, 5, INT64_C(1700000000000000005) },
    { "big, nanoseconds", true, 0xa1b23c4d, 101, 5, INT64_C(1700000000000000005) },
    { "modified", false, 0xa1b2cd34, 101, 5, INT64_C(1700000000000005000) },
    { "check sequences told of", false, 0xa1b2c3d4, 0x54000065, 5, INT64_C(1700000000000005000) },
};

static void reads_pcap_of_every_kind(void **state)
{
    for (size_t i = 0; i < sizeof pcap_cases / sizeof *pcap_cases; i++) {
        const struct pcap_case *x = &pcap_cases[i];
        const struct writer w = { x->big };
        uint8_t packet[200];
        const size_t len = udp_packet(packet, up, "hello");
        memset(&b, 0, sizeof b);
        w32(w, x->magic), w16(w, 2), w16(w, 4), w32(w, 0), w32(w, 0), w32(w, 65535), w32(w, x->link_type);
        for (int k = 0; k < 3; k++) {
            w32(w, 1700000000), w32(w, x->fraction), w32(w, (uint32_t)len), w32(w, (uint32_t)len);
            if (x->magic == 0xa1b2cd34)
                w32(w, 2), w32(w, 0);
            build_bytes(&b, packet, len);
        }
        assert_true(pcap_recognise((struct bytes){ .at = b.at, .len = b.len }));
        assert_false(pcapng_recognise((struct bytes){ .at = b.at, .len = b.len }));
        read_build(&b, NULL, false, &o);
        assert_int_equal(o.status, PARSE_OK);
        const struct fact_flow *f = outcome_flow(&o, 0);
        if (f->first != x->at_utc_ns || f->packets_out != 3 || f->payload_out != 15)
            fail_msg("%s: %lld, %d packets", x->name, (long long)f->first, (int)f->packets_out);
        outcome_done(&o);
    }
}

static void block(struct writer w, uint32_t type, const void *body, size_t len)
{
    const uint32_t padded = (uint32_t)(len + 3) / 4 * 4;

    w32(w, type), w32(w, padded + 12);
    build_bytes(&b, body, len);
    build_bytes(&b, "\0\0\0", padded - len);
    w32(w, padded + 12);
}

static void section(struct writer w)
{
    w32(w, 0x0a0d0d0a), w32(w, 28), w32(w, 0x1a2b3c4d), w16(w, 1), w16(w, 0);
    w32(w, UINT32_MAX), w32(w, UINT32_MAX), w32(w, 28);
}

/* `resolution` 0: no option. */
static void interface(struct writer w, unsigned link_type, uint32_t snap_len, int resolution, uint64_t offset_s)
{
    w32(w, 1), w32(w, 20 + 8 + 12 + 4), w16(w, link_type), w16(w, 0), w32(w, snap_len);
    w16(w, resolution ? 9 : 2), w16(w, 1), build_u8(&b, (unsigned)resolution), build_bytes(&b, "\0\0\0", 3);
    w16(w, 14), w16(w, 8);
    w32(w, w.big ? (uint32_t)(offset_s >> 32) : (uint32_t)offset_s);
    w32(w, w.big ? (uint32_t)offset_s : (uint32_t)(offset_s >> 32));
    w16(w, 0), w16(w, 0), w32(w, 20 + 8 + 12 + 4);
}

static void packet(struct writer w, uint32_t interface_id, uint64_t ticks, const void *at, uint32_t len,
                   uint32_t original)
{
    const uint32_t padded = (len + 3) / 4 * 4;

    w32(w, 6), w32(w, 32 + padded), w32(w, interface_id), w32(w, (uint32_t)(ticks >> 32)), w32(w, (uint32_t)ticks);
    w32(w, len), w32(w, original);
    build_bytes(&b, at, len);
    build_bytes(&b, "\0\0\0", padded - len);
    w32(w, 32 + padded);
}

struct time_case {
    int resolution;
    uint64_t ticks, offset_s;
    int64_t at_utc_ns;
};

static const struct time_case time_cases[] = {
    { 0, UINT64_C(1700000000000005), 0, INT64_C(1700000000000005000) },
    { 9, UINT64_C(1700000000000000005), 0, INT64_C(1700000000000000005) },
    { 3, UINT64_C(1700000000001), 0, INT64_C(1700000000001000000) },
    { 12, UINT64_C(1700000000000000), 0, INT64_C(1700000000000) },
    { 0x80 | 10, UINT64_C(1700000000) * 1024 + 512, 0, INT64_C(1700000000500000000) },
    { 6, 5, 1700000000, INT64_C(1700000000000005000) },
    { 6, 5, (uint64_t)-10, INT64_C(-9999995000) },
    { 1, UINT64_MAX, 0, FACT_UNKNOWN_INT },
    { 0xff, UINT64_MAX, 0, FACT_UNKNOWN_INT },
    { 6, 1, UINT64_C(0x7fffffffffffffff), FACT_UNKNOWN_INT },
};

static void reads_pcapng_times(void **state)
{
    uint8_t at[200];
    const size_t len = udp_packet(at, up, "hello");

    for (size_t i = 0; i < 2 * sizeof time_cases / sizeof *time_cases; i++) {
        const struct time_case *x = &time_cases[i / 2];
        const struct writer w = { i % 2 };
        memset(&b, 0, sizeof b);
        section(w);
        interface(w, 101, 0, x->resolution, x->offset_s);
        packet(w, 0, x->ticks, at, (uint32_t)len, (uint32_t)len);
        read_build(&b, NULL, false, &o);
        assert_int_equal(o.status, PARSE_OK);
        if (outcome_flow(&o, 0)->first != x->at_utc_ns)
            fail_msg("case %zu: %lld", i, (long long)outcome_flow(&o, 0)->first);
        outcome_done(&o);
    }
}

/* Two sections of different byte order, interfaces of different link types, every kind
 * of packet block, and blocks to skip. */
static void build_pcapng(void)
{
    const struct writer little = { false }, big = { true };
    uint8_t raw[200], ethernet[214] = "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0", old[220] = { 0 }, simple[204];
    const uint32_t len = (uint32_t)udp_packet(raw, up, "hello");

    memcpy(ethernet + 14, raw, len);
    memset(&b, 0, sizeof b);
    section(little);
    interface(little, 101, 0, 0, 0);
    interface(little, 1, 0, 9, 0);
    packet(little, 0, UINT64_C(1700000000000000), raw, len, len);
    block(little, 4, "names", 5);
    packet(little, 1, UINT64_C(1700000001000000000), ethernet, len + 14, len + 14);
    block(little, 10, "secrets", 7);
    block(little, 0x80001234, "somebody's own", 14);
    section(big);
    interface(big, 101, 20, 0, 0);
    old[13] = old[17] = (uint8_t)len;
    old[11] = 1;
    memcpy(old + 20 - 4, &(uint8_t[4]){ 0, 0, 0, (uint8_t)len }, 4);
    memcpy(old + 12, &(uint8_t[4]){ 0, 0, 0, (uint8_t)len }, 4);
    memcpy(old + 20, raw, len);
    block(big, 2, old, 20 + len);
    memcpy(simple, &(uint8_t[4]){ 0, 0, 0, (uint8_t)len }, 4);
    memcpy(simple + 4, raw, len);
    block(big, 3, simple, 4 + 20);       /* cut to the interface's snap length */
    packet(big, 7, 0, raw, len, len);    /* no such interface */
}

static void reads_pcapng_blocks(void **state)
{
    build_pcapng();
    read_build(&b, NULL, false, &o);
    assert_int_equal(o.status, PARSE_OK);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_int_equal(f->packets_out, 3);
    assert_int_equal(f->bytes_out, 33 + 47 + 33);
    assert_int_equal(f->payload_out, 15);
    assert_int_equal(f->last, INT64_C(1700000001000000000));
    f = outcome_flow(&o, 1); /* the simple block has no ports left, and no time */
    assert_int_equal(f->packets_out, 1);
    assert_int_equal(f->bytes_out, 33);
    assert_int_equal(f->head.origin.packet_first, 4);
    assert_int_equal(f->first, FACT_UNKNOWN_INT);
    assert_int_equal(f->missing_out, 5);
    assert_true(outcome_has_damage(&o, "1 packets name an interface"));
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 1);
    outcome_done(&o);
}

static void build_small_pcap(void)
{
    build_pcap(&b, 1);
    build_handshake(&b, up, 100, 200);
    build_tcp(&b, up, 101, 201, A, "LN one\n");
    build_udp(&b, up, "LN two", 6);
    build_tcp(&b, back(up), 201, 108, A, "LN three\n");
    build_udp(&b, back(up), "four", 4);
}

static int64_t packets_of(const struct outcome *x)
{
    int64_t packets = 0;
    const struct fact_flow *f;

    for (size_t i = 0; (f = kept_facts_row(&x->facts, FACT_FLOW, i)) != NULL; i++)
        packets += f->packets_out + f->packets_in;
    return packets;
}

static void cut_at_every_length(void **state)
{
    static struct build whole;

    for (int ng = 0; ng < 2; ng++) {
        if (ng)
            build_pcapng();
        else
            build_small_pcap();
        whole = b;
        int64_t before = 0;
        for (size_t len = 0; len < whole.len; len++) {
            b.len = len;
            read_build(&b, NULL, true, &o);
            if (len < 24)
                assert_int_equal(o.status, PARSE_INVALID);
            assert_true(packets_of(&o) >= before || len < 24); /* what is there is read */
            before = packets_of(&o);
            if (o.status == PARSE_TRUNCATED)
                assert_true(kept_facts_count(&o.facts, FACT_DAMAGE) > 0);
            outcome_done(&o);
        }
    }
}

static void every_bit_flipped(void **state)
{
    static struct build whole;

    for (int ng = 0; ng < 2; ng++) {
        if (ng)
            build_pcapng();
        else
            build_small_pcap();
        whole = b;
        for (size_t bit = 0; bit < whole.len * 8; bit++) {
            b = whole;
            b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            read_build(&b, NULL, true, &o);
            outcome_done(&o);
        }
    }
}

/* Whatever the sizes of the pieces that a pipe gives, the rows are those of the file. */
static void in_pieces_as_a_whole(void)
{
    static struct outcome pieces;

    read_build(&b, NULL, true, &o);
    for (unsigned seed = 1; seed < 8; seed++) {
        read_build_in_pieces(&b, seed, true, &pieces);
        assert_same_outcome(&o, &pieces);
        outcome_done(&pieces);
    }
    outcome_done(&o);
}

static void build_damaged(int kind)
{
    static const uint8_t zeros[3000];
    const size_t half = b.len / 2;

    switch (kind) {
    case 1: b.len -= 5; break;
    case 2: b.at[half] ^= 0xff, b.at[half + 1] ^= 0xff; break;
    case 3: memset(b.at + half, 0xff, 40); break;
    case 4: build_bytes(&b, zeros, sizeof zeros); break;
    case 5: memmove(b.at + half, b.at + half + 7, b.len - half - 7), b.len -= 7; break;
    case 6: memset(b.at + half, 0, 60); break;
    default: break;
    }
}

static void pieces_of_every_size_give_the_same(void **state)
{
    for (int ng = 0; ng < 3; ng++) {
        for (int kind = 0; kind < 7; kind++) {
            if (ng == 1)
                build_pcapng();
            else
                build_small_pcap();
            for (int i = 0; ng == 2 && i < 300; i++)
                build_udp(&b, up, "LN again", 8);
            build_damaged(kind);
            in_pieces_as_a_whole();
        }
    }
}

static void pieces_of_flipped_captures_give_the_same(void **state)
{
    static struct build whole;

    for (int ng = 0; ng < 2; ng++) {
        if (ng)
            build_pcapng();
        else
            build_small_pcap();
        whole = b;
        for (size_t bit = 0; bit < whole.len * 8; bit += 5) {
            static struct outcome pieces;
            b = whole;
            b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            read_build(&b, NULL, true, &o);
            read_build_in_pieces(&b, (unsigned)bit, true, &pieces);
            assert_same_outcome(&o, &pieces);
            outcome_done(&pieces);
            outcome_done(&o);
        }
    }
}

/* Captures joined by hand: each record's time is good, however far from its neighbours'. */
static void times_that_go_to_and_fro_lose_nothing(void **state)
{
    static const uint32_t seconds[][6] = {
        { 1259261324, 1259261324, 2164247948, 1259261324, 1259261325, 1259261325 },
        { 1213595384, 1743054799, 1213595362, 1743054799, 1213595362, 1743054799 },
        { 1213595384, 1213595384, 1213595384, 1213595384, 1213595384, 1743054799 },
        { 5, 1000000000, 2000000000, 3000000000, 4000000000, 0 },
    };
    const struct writer little = { false };
    uint8_t raw[200];

    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        build_pcap(&b, 101);
        for (int k = 0; k < 6; k++) {
            const uint32_t len = (uint32_t)udp_packet(raw, up, "hello, as long as others");
            w32(little, seconds[i][k]), w32(little, 7), w32(little, len), w32(little, len);
            build_bytes(&b, raw, len);
        }
        read_build(&b, NULL, false, &o);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(packets_of(&o), 6);
        assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
        outcome_done(&o);
    }
}

/* cat one.pcap two.pcap, also of another byte order, link type or format, also behind a record cut short. */
static void files_joined_by_cat_are_read(void **state)
{
    static struct build second;
    const struct writer big = { true };
    uint8_t raw[200];

    for (int kind = 0; kind < 6; kind++) {
        memset(&b, 0, sizeof b);
        if (kind == 0 || kind == 4)
            build_small_pcap();
        else if (kind == 1)
            build_pcapng();
        else {
            const uint32_t len = (uint32_t)udp_packet(raw, up, "hello");
            w32(big, 0xa1b23c4d), w16(big, 2), w16(big, 4), w32(big, 0), w32(big, 0), w32(big, 65535), w32(big, 101);
            w32(big, 1700000500), w32(big, 7), w32(big, len), w32(big, len);
            build_bytes(&b, raw, len);
        }
        second = b;
        read_build(&b, NULL, false, &o);
        const int64_t packets = packets_of(&o);
        outcome_done(&o);
        if (kind == 3 || kind == 5)
            build_pcapng();
        else
            build_small_pcap();
        read_build(&b, NULL, false, &o);
        const int64_t packets_first = packets_of(&o);
        const size_t damage = kept_facts_count(&o.facts, FACT_DAMAGE);
        outcome_done(&o);
        if (kind >= 4)
            b.len -= 3;
        build_bytes(&b, second.at, second.len);
        read_build(&b, NULL, false, &o);
        assert_int_equal(o.status, PARSE_OK);
        if (kind < 4) {
            assert_int_equal(packets_of(&o), packets + packets_first);
            assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), damage + (kind == 1));
        } else {
            assert_true(packets_of(&o) >= packets + packets_first - 1);
            assert_true(kept_facts_count(&o.facts, FACT_DAMAGE) > 0);
        }
        outcome_done(&o);
        in_pieces_as_a_whole();
    }
}

/* Options of every block that has some, in both byte orders. */
static void option(struct writer w, unsigned code, const void *value, size_t len)
{
    w16(w, code), w16(w, (unsigned)len);
    build_bytes(&b, value, len);
    build_bytes(&b, "\0\0\0", (4 - len % 4) % 4);
}

static size_t block_start;

static void open_block(struct writer w, uint32_t type)
{
    block_start = b.len;
    w32(w, type), w32(w, 0);
}

static void close_block(struct writer w)
{
    const uint32_t total = (uint32_t)(b.len + 4 - block_start);
    const size_t end = b.len;

    b.len = block_start + 4;
    w32(w, total);
    b.len = end;
    w32(w, total);
}

static void w64(struct writer w, uint64_t v)
{
    w32(w, w.big ? (uint32_t)(v >> 32) : (uint32_t)v);
    w32(w, w.big ? (uint32_t)v : (uint32_t)(v >> 32));
}

static void option_u64(struct writer w, unsigned code, uint64_t v)
{
    w16(w, code), w16(w, 8), w64(w, v);
}

static void build_told(struct writer w)
{
    uint8_t at[200];
    const uint32_t len = (uint32_t)udp_packet(at, up, "hello");

    memset(&b, 0, sizeof b);
    open_block(w, 0x0a0d0d0a), w32(w, 0x1a2b3c4d), w16(w, 1), w16(w, 0), w64(w, UINT64_MAX);
    option(w, 4, "recorder 1", 10), option(w, 3, "system 2", 8), option(w, 2, "machine", 7), option(w, 1, "phase one",
                                                                                                    9);
    close_block(w);
    open_block(w, 1), w16(w, 101), w16(w, 0), w32(w, 0);
    option(w, 2, "wlan0", 5), option(w, 3, "the phone's", 11), option(w, 11, "\0port 53", 8), option(w, 0, "", 0);
    option(w, 1, "behind the end", 14);
    close_block(w);
    open_block(w, 10), w32(w, 0x544c534b), w32(w, 6), build_bytes(&b, "secret\0\0", 8), close_block(w);
    open_block(w, 4);
    option(w, 1, "\xcb\0\x71\x09" "given.example\0other.example", 4 + 27);
    option(w, 2, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1six.example", 16 + 12);
    option(w, 0, "", 0);
    close_block(w);
    open_block(w, 6), w32(w, 0), w32(w, 0), w32(w, 1), w32(w, len), w32(w, len);
    build_bytes(&b, at, len), build_bytes(&b, "\0\0\0", (4 - len % 4) % 4);
    option(w, 1, "take-off", 8), option_u64(w, 4, 3), option(w, 0, "", 0);
    close_block(w);
    open_block(w, 5), w32(w, 0), w64(w, 0), option_u64(w, 4,
                                                       100), option_u64(w, 5, 7), option_u64(w, 7, 4), option(w, 0, "",
                                                                                                              0);
    close_block(w);
    open_block(w, 5), w32(w, 0), w64(w, 0), option_u64(w, 5, UINT64_MAX), option(w, 0, "", 0);
    close_block(w);
}

static const struct { const char *name, *value, *detail; } told[] = {
    { "capture_application", "recorder 1", NULL },
    { "capture_system", "system 2", NULL },
    { "capture_hardware", "machine", NULL },
    { "capture_comment", "phase one", NULL },
    { "capture_interface", "wlan0", "the phone's" },
    { "capture_filter", "port 53", "wlan0" },
    { "capture_secrets", "TLS key log", "6 bytes" },
    { "capture_comment", "take-off", "packet 1" },
};

static void what_pcapng_tells_is_put(void **state)
{
    for (int big = 0; big < 2; big++) {
        build_told((struct writer){ big });
        read_build(&b, NULL, false, &o);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(kept_facts_count(&o.facts, FACT_SETTING), sizeof told / sizeof *told);
        for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
            const struct fact_setting *s = kept_facts_row(&o.facts, FACT_SETTING, i);
            assert_text_equal(s->subject, "capture");
            assert_text_equal(s->name, told[i].name);
            assert_text_equal(s->value, told[i].value);
            assert_int_equal(text_known(s->detail), told[i].detail != NULL);
            if (told[i].detail)
                assert_text_equal(s->detail, told[i].detail);
        }
        const struct fact_damage *d = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
        assert_true(outcome_has_damage(&o, "it lost 11 packets on interface 0, wlan0"));
        assert_int_equal(d->records_lost, 11);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_text_equal(f->host, "given.example");
        assert_text_equal(f->host_source, "dns");
        assert_int_equal(f->head.origin.steps.count, 1);
        outcome_done(&o);
        in_pieces_as_a_whole();
    }
}

/* 100 records; the length of one is broken in different ways. */
static void goes_on_behind_a_broken_record(void **state)
{
    static const uint32_t lengths[] = { 0xffffffff, 0x00100000, 70, 59, 1000, 200 };

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        build_pcap(&b, 1);
        size_t broken = 0;
        for (int k = 0; k < 100; k++) {
            if (k == 50)
                broken = b.len;
            build_udp(&b, up, "hello", 5);
        }
        for (int k = 0; k < 4; k++)
            b.at[broken + 8 + (size_t)k] = (uint8_t)(lengths[i] >> 8 * k);
        read_build(&b, NULL, false, &o);
        if (packets_of(&o) < 97)
            fail_msg("length %u: only %d packets", (unsigned)lengths[i], (int)packets_of(&o));
        assert_true(outcome_has_damage(&o, "goes on behind"));
        assert_int_equal(o.status, PARSE_OK);
        outcome_done(&o);
    }
}

static void goes_on_behind_a_broken_block(void **state)
{
    const struct writer w = { false };
    uint8_t at[200];
    const uint32_t len = (uint32_t)udp_packet(at, up, "hello");

    for (int i = 0; i < 3; i++) {
        memset(&b, 0, sizeof b);
        section(w);
        interface(w, 101, 0, 0, 0);
        size_t broken = 0;
        for (int k = 0; k < 100; k++) {
            if (k == 50)
                broken = b.len;
            packet(w, 0, 1, at, len, len);
        }
        b.at[broken + 4] = (uint8_t[]){ 0xfc, 7, 0 }[i];
        read_build(&b, NULL, false, &o);
        assert_int_equal(packets_of(&o), 99);
        assert_true(outcome_has_damage(&o, "goes on behind"));
        outcome_done(&o);
    }
}

/* However many places are damaged, what they cost in all has a row. */
static void many_broken_records_have_one_row(void **state)
{
    enum { PLACES = 600 };
    uint8_t frame[80] = { 0 };
    const size_t len = udp_packet(frame, up, "hello");
    size_t lost = 0;

    (void)state;
    build_pcap(&b, 101);
    for (int i = 0; i < PLACES; i++) {
        const size_t damaged = b.len;
        for (int k = 0; k < 4; k++)
            build_record(&b, frame, len);
        memset(b.at + damaged + 8, 0xff, 4);
    }
    build_record(&b, frame, 3); /* too short for IP */
    read_build(&b, NULL, false, &o);
    assert_true(outcome_has_damage(&o, "in all, 600 places of the capture make no sense"));
    assert_true(outcome_has_damage(&o, "1 frames have broken or cut headers"));
    assert_true(kept_facts_count(&o.facts, FACT_DAMAGE) < 100);
    for (size_t i = 0; i < kept_facts_count(&o.facts, FACT_DAMAGE); i++) {
        const struct fact_damage *d = kept_facts_row(&o.facts, FACT_DAMAGE, i);
        if (fact_known_int(d->bytes_lost) && !memmem(d->statement.at, d->statement.len, "broken", 6))
            lost += (size_t)d->bytes_lost;
    }
    assert_int_equal(lost, PLACES * (16 + len));
    outcome_done(&o);
}

/* `original` stands in the record of a packet of `len` bytes, of which `captured` are there. */
static void lengths_that_cannot_be_are_not_counted(void **state)
{
    static const struct { const char *name; size_t missing; uint32_t original; int64_t bytes; bool told; } rows[] = {
        { "as it was", 0, 0, 33, false },
        { "less than was captured", 0, 7, 33, false },
        { "with a trailer", 0, 200, 200, false },
        { "longer than IP says", 0, 33 + (1 << 17), 33, true },
        { "longer than any frame", 0, 33 + (1 << 22), 33, true },
        { "longer than any frame, and cut", 3, 33 + (1 << 22), 30, true },
        { "cut", 3, 33, 33, false },
        { "cut, and IP cannot tell", 3, 33 + 5000, 5033, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t frame[80] = { 0 };
        const size_t len = udp_packet(frame, up, "hello");
        build_pcap(&b, 101);
        for (int k = 0; k < 3; k++) {
            const size_t at = b.len;
            build_record(&b, frame, len - (k == 0 ? rows[i].missing : 0));
            for (int byte = 0; k == 0 && rows[i].original && byte < 4; byte++)
                b.at[at + 12 + (size_t)byte] = (uint8_t)(rows[i].original >> 8 * byte);
        }
        read_build(&b, NULL, false, &o);
        if (outcome_flow(&o, 0)->bytes_out != rows[i].bytes + 66)
            fail_msg("%s: %lld", rows[i].name, (long long)outcome_flow(&o, 0)->bytes_out);
        if (outcome_has_damage(&o, "1 records state a length on the wire") != rows[i].told)
            fail_msg("%s: damage", rows[i].name);
        outcome_done(&o);
    }
}

static void empty_space_is_not_packets(void **state)
{
    static const uint8_t zeros[5000];

    build_small_pcap();
    build_bytes(&b, zeros, sizeof zeros);
    read_build(&b, NULL, false, &o);
    assert_int_equal(o.status, PARSE_TRUNCATED);
    assert_int_equal(packets_of(&o), 7);
    assert_true(outcome_has_damage(&o, "ends with 5000 zero bytes"));
    outcome_done(&o);
}

static void unread_link_types_are_counted(void **state)
{
    build_pcap(&b, 147);
    for (int i = 0; i < 5; i++)
        build_record(&b, "users, frame", 12);
    read_build(&b, NULL, false, &o);
    assert_int_equal(o.status, PARSE_OK);
    assert_true(outcome_has_damage(&o, "5 frames have a link type that is not read (147: USER0)"));
    const struct fact_damage *d = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
    assert_int_equal(d->records_lost, 5);
    assert_int_equal(d->bytes_lost, 60);
    outcome_done(&o);
}

static void says_no_to_other_things(void **state)
{
    static const char *const others[] = { "", "\xd4\xc3\xb2\xa1", "\xd4\xc3\xb2\xa1\5\0\4\0................", "PK\3\4",
                                          "\n\r\r\n............", "not a capture at all, not at all" };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(capture_recognise((struct bytes){ .at = (const uint8_t *)others[i], .len = strlen(others[i]) }));
}

static uint64_t passed_to;

static void passed(struct reading *r, uint64_t offset)
{
    assert_true(offset > passed_to);
    passed_to = offset;
}

static void tells_how_far_it_is(void **state)
{
    static uint8_t big[40 << 20];
    struct kept_facts facts;
    size_t len;

    build_pcap(&b, 1);
    build_udp(&b, up, "hello", 5);
    memcpy(big, b.at, len = b.len);
    while (len + b.len - 24 < sizeof big) {
        memcpy(big + len, b.at + 24, b.len - 24);
        len += b.len - 24;
    }
    kept_facts_init(&facts);
    struct reading r = reading_for_test(&facts);
    r.passed = passed;
    assert_int_equal(capture_read(&r, (struct bytes){ .at = big, .len = len }), PARSE_OK);
    assert_true(passed_to > 30 << 20);
    reading_for_test_done(&r);
    kept_facts_done(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pcap_of_every_kind),
        cmocka_unit_test(reads_pcapng_times),
        cmocka_unit_test(reads_pcapng_blocks),
        cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(every_bit_flipped),
        cmocka_unit_test(pieces_of_every_size_give_the_same),
        cmocka_unit_test(pieces_of_flipped_captures_give_the_same),
        cmocka_unit_test(files_joined_by_cat_are_read),
        cmocka_unit_test(times_that_go_to_and_fro_lose_nothing),
        cmocka_unit_test(what_pcapng_tells_is_put),
        cmocka_unit_test(goes_on_behind_a_broken_record),
        cmocka_unit_test(goes_on_behind_a_broken_block),
        cmocka_unit_test(empty_space_is_not_packets),
        cmocka_unit_test(many_broken_records_have_one_row),
        cmocka_unit_test(lengths_that_cannot_be_are_not_counted),
        cmocka_unit_test(unread_link_types_are_counted),
        cmocka_unit_test(says_no_to_other_things),
        cmocka_unit_test(tells_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
