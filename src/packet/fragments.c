#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"
#include "packet/ip.h"

/* RFC 8200, 4.5 allows 60 s, RFC 791 less; the open datagrams are few, so a linear search is quick. */
#define DATAGRAM_LIFE_NS (60 * INT64_C(1000000000))
enum { DATAGRAMS_MAX = 64, DATAGRAM_BYTES_MAX = 64 * 1024 + 8, RANGES_MAX = 64 };

struct range {
    uint32_t from, to; /* bytes of the datagram that are there */
};

struct datagram {
    struct ip_packet first;   /* addresses, protocol, identification */
    struct carriage carried;
    uint8_t *bytes;           /* room for `room` */
    uint32_t room;
    uint32_t total;           /* length, known from the last fragment; 0: not yet */
    uint64_t origin;          /* of byte 0 */
    bool has_beginning;
    struct range ranges[RANGES_MAX];
    int range_count;
};

struct ip_fragments {
    struct datagram *open[DATAGRAMS_MAX]; /* oldest first */
    int count;
    struct datagram *handed_out;          /* its bytes are in the caller's hands until the next call */
};

struct ip_fragments *ip_fragments_new(void)
{
    return memory_alloc_array(1, sizeof(struct ip_fragments));
}

static void datagram_free(struct datagram *d)
{
    if (d)
        free(d->bytes);
    free(d);
}

void ip_fragments_free(struct ip_fragments *f)
{
    if (!f)
        return;
    for (int i = 0; i < f->count; i++)
        datagram_free(f->open[i]);
    datagram_free(f->handed_out);
    free(f);
}

void carriage_add(struct carriage *sum, const struct carriage *part)
{
    if (sum->packets == 0) {
        *sum = *part;
        return;
    }
    sum->packets += part->packets;
    sum->bytes += part->bytes;
    sum->packet_last = part->packet_last;
    sum->at_last_utc_ns = part->at_last_utc_ns;
}

static struct datagram *hand_out(struct ip_fragments *f, int i, struct ip_packet *whole, struct carriage *carried)
{
    struct datagram *d = f->open[i];

    memmove(f->open + i, f->open + i + 1, (size_t)(f->count - i - 1) * sizeof *f->open);
    f->count--;
    datagram_free(f->handed_out);
    f->handed_out = d;
    *whole = d->first;
    whole->fragment_offset = 0;
    *carried = d->carried;
    return d;
}

static int find(const struct ip_fragments *f, const struct ip_packet *p)
{
    for (int i = 0; i < f->count; i++) {
        const struct ip_packet *q = &f->open[i]->first;
        if (q->identification == p->identification && q->protocol == p->protocol && q->version == p->version &&
            memcmp(&q->src, &p->src, sizeof p->src) == 0 && memcmp(&q->dst, &p->dst, sizeof p->dst) == 0)
            return i;
    }
    return -1;
}

static void make_room(struct datagram *d, uint32_t to)
{
    if (to <= d->room)
        return;
    uint32_t room = d->room ? d->room : 4096;
    while (room < to)
        room *= 2;
    d->bytes = memory_resize_array(d->bytes, room, 1);
    d->room = room;
}

/* Copies what of [from, to) is not there yet and notes it.  False: too many pieces. */
static bool fill(struct datagram *d, uint32_t from, uint32_t to, const uint8_t *bytes)
{
    struct range merged = { from, to };
    struct range kept[RANGES_MAX + 1];
    int count = 0;
    uint32_t at = from;
    bool placed = false;

    for (int i = 0; i < d->range_count; i++) {
        const struct range r = d->ranges[i];
        if (r.to < merged.from) {
            kept[count++] = r;
            continue;
        }
        if (r.from > merged.to) {
            if (!placed) {
                kept[count++] = merged;
                placed = true;
            }
            kept[count++] = r;
            continue;
        }
        if (r.from > at && at < to)
            memcpy(d->bytes + at, bytes + (at - from), (r.from < to ? r.from : to) - at);
        if (r.to > at)
            at = r.to;
        merged.from = r.from < merged.from ? r.from : merged.from;
        merged.to = r.to > merged.to ? r.to : merged.to;
    }
    if (at < to)
        memcpy(d->bytes + at, bytes + (at - from), to - at);
    if (!placed)
        kept[count++] = merged;
    if (count > RANGES_MAX)
        return false;
    memcpy(d->ranges, kept, (size_t)count * sizeof *kept);
    d->range_count = count;
    return true;
}

static struct datagram *open_one(struct ip_fragments *f, const struct ip_packet *part)
{
    struct datagram *d = memory_alloc_array(1, sizeof *d);

    d->first = *part;
    d->first.payload = (struct bytes){ .at = NULL };
    f->open[f->count++] = d;
    return d;
}

bool ip_fragments_add(struct ip_fragments *f, const struct ip_packet *part, const struct carriage *part_carried,
                      struct ip_packet *whole, struct carriage *carried)
{
    int i = find(f, part);

    if (i < 0 && f->count == DATAGRAMS_MAX)
        return false; /* the caller gives up the oldest first, so this does not happen */
    struct datagram *d = i < 0 ? open_one(f, part) : f->open[i];
    if (i < 0)
        i = f->count - 1;
    carriage_add(&d->carried, part_carried);

    const uint64_t to = part->fragment_offset + (uint64_t)part->payload.len;
    if (to <= DATAGRAM_BYTES_MAX && part->payload.len > 0) {
        make_room(d, (uint32_t)to);
        (void)fill(d, part->fragment_offset, (uint32_t)to, part->payload.at); /* refused: stays incomplete */
        if (part->fragment_offset == 0 && !d->has_beginning) {
            d->has_beginning = true;
            d->origin = part->payload.origin;
        }
    }
    const uint64_t end = part->fragment_offset + part->payload_len;
    if (!part->more_fragments && d->total == 0 && end <= DATAGRAM_BYTES_MAX)
        d->total = (uint32_t)end;

    if (d->total == 0 || d->range_count == 0 || d->ranges[0].from != 0 || d->ranges[0].to < d->total)
        return false;
    d = hand_out(f, i, whole, carried);
    whole->fragment = whole->more_fragments = false;
    whole->payload = (struct bytes){ .at = d->bytes, .len = d->total, .origin = d->origin };
    whole->payload_len = d->total;
    if (whole->version == 6)
        ip_extension_headers(whole);
    whole->fragment = false;
    return true;
}

bool ip_fragments_give_up(struct ip_fragments *f, int64_t now_utc_ns, bool all,
                          struct ip_packet *rest, struct carriage *carried)
{
    if (f->count == 0)
        return false;
    const int64_t from = f->open[0]->carried.at_first_utc_ns;
    const bool old = fact_known_int(now_utc_ns) && fact_known_int(from) && now_utc_ns > from &&
                     (uint64_t)now_utc_ns - (uint64_t)from > (uint64_t)DATAGRAM_LIFE_NS;
    if (!all && !old && f->count < DATAGRAMS_MAX)
        return false;

    const struct datagram *d = hand_out(f, 0, rest, carried);
    const uint32_t there = d->range_count > 0 && d->ranges[0].from == 0 ? d->ranges[0].to : 0;
    uint32_t held = 0;
    for (int i = 0; i < d->range_count; i++)
        held += d->ranges[i].to - d->ranges[i].from;
    rest->payload = (struct bytes){ .at = d->bytes, .len = there, .origin = d->origin };
    rest->payload_len = d->total > held ? d->total : held;
    rest->fragment = there == 0;
    return true;
}
