/* How fast announcements are read: a million frames from a record's header to the finished row, in memory, without
 * printing.
 *
 *     bench-remote-id       a table for doc/broadcasts.md, CPU seconds of one thread, the best of three */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "broadcast/bluetooth_frame.h"
#include "broadcast/broadcast.h"
#include "broadcast/wifi_header.h"

enum { FRAMES = 1000000, AIRCRAFT = 20, FRAME_MAX = 300, PACK = 5 };

struct made {
    uint8_t at[FRAME_MAX];
    size_t len, latitude_at, counter_at;
};

static void put(struct made *m, const void *at, size_t len)
{
    memcpy(m->at + m->len, at, len);
    m->len += len;
}

static void put_le(struct made *m, uint64_t value, size_t width)
{
    uint8_t b[8];

    for (size_t i = 0; i < width; i++)
        b[i] = (uint8_t)(value >> 8 * i);
    put(m, b, width);
}

static void put_text(struct made *m, const char *text, size_t width)
{
    uint8_t field[32] = { 0 };

    memcpy(field, text, strlen(text));
    put(m, field, width);
}

/* Serial number, location, self id, system and operator id (ASTM F3411). */
static void put_pack(struct made *m, unsigned aircraft)
{
    char serial[21];

    snprintf(serial, sizeof serial, "1596F%015u", aircraft);
    m->counter_at = m->len;
    put_le(m, 0x0519f200, 4);
    put_le(m, 0x1202, 2), put_text(m, serial, 23);
    put_le(m, 0x2012, 2), put_le(m, 0x0014005a, 3);
    m->latitude_at = m->len;
    put_le(m, 520000000, 4), put_le(m, 130000000 + 100000 * aircraft,
                                    4), put_le(m, 0, 2), put_le(m, 2241, 2), put_le(m, 2060, 2);
    put_le(m, 0x634a, 2), put_le(m, 12345, 2), put_le(m, 1, 2);
    put_le(m, 0x0032, 2), put_text(m, "survey flight", 23);
    put_le(m, 0x0142, 2), put_le(m, 520001000, 4), put_le(m, 130000000,
                                                          4), put_le(m, 1,
                                                                     2), put_le(m, 0, 8), put_le(m, 203699200,
                                                                                                 4), put_le(m, 0, 1);
    put_le(m, 0x0052, 2), put_text(m, "FINexample000001", 23);
}

static void make_beacon(struct made *m, unsigned aircraft)
{
    static const uint8_t radiotap[] = { 0, 0, 8, 0, 0, 0, 0, 0 },
        head[] = { 0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255 };
    const uint8_t mac[6] = { 0x02, 0, 0, 0, 1, (uint8_t)aircraft },
        element[] = { 0xdd, 8 + 25 * PACK, 0xfa, 0x0b, 0xbc, 0x0d };

    m->len = 0;
    put(m, radiotap, sizeof radiotap);
    put(m, head, sizeof head);
    put(m, mac, 6), put(m, mac, 6);
    put_le(m, 0, 2), put_le(m, 0, 8), put_le(m, 0x04200064, 4), put_le(m, 0, 2);
    put(m, element, sizeof element);
    put_pack(m, aircraft);
}

/* Bluetooth 5 long range, as a sniffer hands it over that has checked it. */
static void make_long_range(struct made *m, unsigned aircraft)
{
    enum { CHECKED = 0x0c03, CODED = 2 << 14, AD = 5 + 3 + 25 * PACK };
    static const uint8_t header[] = { 37, 0xc4, 0, 0, 0xd6, 0xbe, 0x89, 0x8e },
        access[] = { 0xd6, 0xbe, 0x89, 0x8e, 0 };
    const uint8_t address[6] = { (uint8_t)aircraft, 1, 0, 0, 0, 0xc2 }, pdu[] = { 0x47, 10 + 1 + AD, 9, 9 };
    const uint8_t told[] = { 0, 0, AD, 0x16, 0xfa, 0xff, 0x0d };

    m->len = 0;
    put(m, header, sizeof header);
    put_le(m, CHECKED | CODED, 2);
    put(m, access, sizeof access);
    put(m, pdu, sizeof pdu);
    put(m, address, 6);
    put(m, told, sizeof told);
    put_pack(m, aircraft);
    put_le(m, 0, 3);
}

struct counting {
    struct fact_sink sink; /* first: a pointer to it is one to this */
    uint64_t rows, placed;
};

static void count(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct counting *c = (struct counting *)sink;
    const struct fact_broadcast *b = row;

    (void)number;
    if (kind != FACT_BROADCAST)
        return;
    c->rows++;
    c->placed += fact_known_real(b->longitude_deg) && fact_known_real(b->operator_longitude_deg) &&
        text_known(b->uas_id);
}

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Every frame another place, from aircraft after aircraft. */
static double seconds_for(struct made frames[AIRCRAFT], uint32_t link_type, struct counting *c)
{
    static const struct reading_options options;
    struct reading r = { .facts = &c->sink, .arena = arena_new(0), .options = &options };
    struct broadcasts *b = broadcasts_new(&r);
    struct link_layer link;
    const double before = cpu_s();

    for (int i = 0; i < FRAMES; i++) {
        struct made *m = &frames[i % AIRCRAFT];
        const uint32_t latitude = 520000000 + (uint32_t)i;
        m->at[m->counter_at] = (uint8_t)(i / AIRCRAFT);
        memcpy(m->at + m->latitude_at, &latitude, sizeof latitude);
        const struct frame f = { .data = { .at = m->at, .len = m->len }, .original_len = m->len, .number = i + 1,
                                 .link_type = link_type,
                                 .record_offset = (uint64_t)i * 300, .at_utc_ns = 1750000000 * NS_PER_S +
                                     i * (NS_PER_S / 100) };
        (void)broadcasts_frame(b, &f, &link);
    }
    const double after = cpu_s();
    broadcasts_end(b);
    arena_free(r.arena);
    return after - before;
}

int main(void)
{
    static const struct { const char *name; uint32_t link_type; void (*make)(struct made *m,
                                                                             unsigned aircraft); } parts[] = {
        { "Wi-Fi beacons (radiotap)", LINKTYPE_RADIOTAP, make_beacon },
        { "Bluetooth 5 long range", LINKTYPE_BLE_LL_PHDR, make_long_range },
    };

    puts("| Remote ID, a pack of five messages from 20 aircraft | frames a CPU second | rows of as many frames |\n|---|---|---|");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct made frames[AIRCRAFT];
        struct counting c = { .sink = { .put = count } };
        double best = INFINITY;
        for (unsigned aircraft = 0; aircraft < AIRCRAFT; aircraft++)
            parts[i].make(&frames[aircraft], aircraft);
        for (int round = 0; round < 3; round++) {
            c.rows = c.placed = 0;
            best = fmin(best, seconds_for(frames, parts[i].link_type, &c));
        }
        if (c.placed != FRAMES)
            return fprintf(stderr, "bench-remote-id: only %llu of %d frames were read whole\n",
                           (unsigned long long)c.placed, FRAMES), 1;
        printf("| %s | %.0f | %llu of %d |\n", parts[i].name, FRAMES / best, (unsigned long long)c.rows, FRAMES);
    }
    return fflush(stdout) ? 4 : 0;
}
