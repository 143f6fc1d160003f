#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"
#include "packet/ip.h"

/* RFC 8200, 4.5 allows 60 s, RFC 791 less; the open datagrams are few, so a linear search is quick.  A fragment that
 * comes twice, by the network or by a port that mirrors both ways, comes soon. */
#define DATAGRAM_LIFE_NS (60 * INT64_C(1000000000))
#define REPETITION_NS INT64_C(1000000000)
enum { DATAGRAMS_MAX = 64, DATAGRAM_BYTES_MAX = 64 * 1024 + 8, RANGES_MAX = 64, DONE_MAX = 16 };

/* Bytes of a datagram, ascending, with gaps between them. */
struct ranges {
    struct range {
        uint32_t from, to;
    } at[RANGES_MAX];
    int count;
};

struct datagram {
    struct ip_packet first;   /* addresses, protocol, identification */
    struct carriage carried;
    uint8_t *bytes;           /* room for `room` */
    uint32_t room;
    uint32_t total;           /* length, known from the last fragment; 0: not yet */
    uint32_t reach;           /* the furthest that a fragment went */
    uint64_t origin;          /* of byte 0 */
    bool has_beginning, complete;
    struct ranges came;       /* on the wire */
    struct ranges held;       /* was captured of it */
};

struct ip_fragments {
    struct datagram *open[DATAGRAMS_MAX]; /* oldest first */
    int count;
    struct datagram *done[DONE_MAX];      /* a ring; the newest one's bytes are in the caller's hands */
    int newest;
    bool conflict;                        /* of the fragment that was taken in last */
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
    for (int i = 0; i < DONE_MAX; i++)
        datagram_free(f->done[i]);
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

/* Takes it from those that are open; it lives on until DONE_MAX others were handed out. */
static struct datagram *hand_out(struct ip_fragments *f, int i)
{
    struct datagram *d = f->open[i];

    memmove(f->open + i, f->open + i + 1, (size_t)(f->count - i - 1) * sizeof *f->open);
    f->count--;
    f->newest = (f->newest + 1) % DONE_MAX;
    datagram_free(f->done[f->newest]);
    f->done[f->newest] = d;
    return d;
}

static bool is_of(const struct datagram *d, const struct ip_packet *p)
{
    const struct ip_packet *q = &d->first;

    return q->identification == p->identification && q->protocol == p->protocol && q->version == p->version &&
           memcmp(&q->src, &p->src, sizeof p->src) == 0 && memcmp(&q->dst, &p->dst, sizeof p->dst) == 0;
}

static int find(const struct ip_fragments *f, const struct ip_packet *p)
{
    for (int i = 0; i < f->count; i++)
        if (is_of(f->open[i], p))
            return i;
    return -1;
}

/* `earlier` is not long before `later`, or nobody knows. */
static bool within(int64_t earlier, int64_t later, int64_t span_ns)
{
    return !fact_known_int(earlier) || !fact_known_int(later) || later <= earlier ||
           (uint64_t)later - (uint64_t)earlier <= (uint64_t)span_ns;
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

/* Adds [from, to).  False: too many pieces, nothing was changed. */
static bool ranges_add(struct ranges *ranges, uint32_t from, uint32_t to)
{
    struct range merged = { from, to };
    struct range kept[RANGES_MAX + 1];
    int count = 0;
    bool placed = false;

    for (int i = 0; i < ranges->count; i++) {
        const struct range r = ranges->at[i];
        if (r.to < merged.from) {
            kept[count++] = r;
        } else if (r.from > merged.to) {
            if (!placed)
                kept[count++] = merged;
            placed = true;
            kept[count++] = r;
        } else {
            merged.from = r.from < merged.from ? r.from : merged.from;
            merged.to = r.to > merged.to ? r.to : merged.to;
        }
    }
    if (!placed)
        kept[count++] = merged;
    if (count > RANGES_MAX)
        return false;
    memcpy(ranges->at, kept, (size_t)count * sizeof *kept);
    ranges->count = count;
    return true;
}

static bool ranges_hold(const struct ranges *ranges, uint32_t from, uint32_t to)
{
    for (int i = 0; i < ranges->count; i++)
        if (ranges->at[i].from <= from && to <= ranges->at[i].to)
            return true;
    return false;
}

static uint32_t beginning(const struct ranges *ranges)
{
    return ranges->count > 0 && ranges->at[0].from == 0 ? ranges->at[0].to : 0;
}

/* Copies what of [from, to) is not there yet, and compares the rest. */
static void fill(struct ip_fragments *f, struct datagram *d, uint32_t from, uint32_t to, struct bytes content)
{
    uint32_t at = from;

    make_room(d, to);
    for (int i = 0; i < d->held.count && at < to; i++) {
        const struct range r = d->held.at[i];
        if (r.to <= at)
            continue;
        const uint32_t gap_end = r.from < at ? at : r.from < to ? r.from : to;
        memcpy(d->bytes + at, content.at + (at - from), gap_end - at);
        const uint32_t shared_end = r.to < to ? r.to : to;
        if (shared_end > gap_end &&
            memcmp(d->bytes + gap_end, content.at + (gap_end - from), shared_end - gap_end) != 0)
            f->conflict = true;
        at = shared_end > gap_end ? shared_end : gap_end;
    }
    if (at < to)
        memcpy(d->bytes + at, content.at + (at - from), to - at);
}

/* A fragment that goes past the longest datagram, or is one piece too many, leaves its datagram incomplete. */
static void take_in(struct ip_fragments *f, struct datagram *d, const struct ip_packet *part)
{
    const uint64_t from = part->fragment_offset, end = from + part->payload_len;

    if (end > DATAGRAM_BYTES_MAX)
        return;
    if (d->total > 0 ? end > d->total || (!part->more_fragments && end != d->total)
                     : !part->more_fragments && end < d->reach)
        f->conflict = true;
    if (!part->more_fragments && d->total == 0)
        d->total = (uint32_t)end;
    if (d->reach < end)
        d->reach = (uint32_t)end;
    if (part->payload_len > 0 && !ranges_add(&d->came, (uint32_t)from, (uint32_t)end))
        return;
    if (part->payload.len == 0)
        return;
    const uint32_t to = (uint32_t)(from + part->payload.len);
    fill(f, d, (uint32_t)from, to, part->payload);
    (void)ranges_add(&d->held, (uint32_t)from, to); /* refused: counts as not captured */
    if (from == 0 && !d->has_beginning) {
        d->has_beginning = true;
        d->origin = part->payload.origin;
    }
}

/* The datagram up to its first gap, and past the headers that stand before the transport. */
static void present(const struct datagram *d, uint32_t len, struct ip_packet *ret)
{
    const uint32_t there = beginning(&d->held) < len ? beginning(&d->held) : len;

    *ret = d->first;
    ret->fragment_offset = 0;
    ret->fragment = ret->more_fragments = false;
    ret->payload = (struct bytes){ .at = d->bytes, .len = there, .origin = d->origin };
    ret->payload_len = len;
    ip_extension_headers(ret);
    ret->fragment = ret->more_fragments = false;
}

/* The datagram that is complete without `part`, and had just these bytes in this place; or NULL. */
static const struct datagram *repeated(const struct ip_fragments *f, const struct ip_packet *part,
                                       const struct carriage *carried)
{
    const uint64_t from = part->fragment_offset, end = from + part->payload_len;

    for (int i = 0; i < DONE_MAX; i++) {
        const struct datagram *d = f->done[i];
        if (!d || !d->complete || !is_of(d, part) || end > d->total || (!part->more_fragments && end != d->total) ||
            !within(d->carried.at_last_utc_ns, carried->at_first_utc_ns, REPETITION_NS))
            continue;
        if (part->payload.len == 0 || (ranges_hold(&d->held, (uint32_t)from, (uint32_t)(from + part->payload.len)) &&
                                       memcmp(d->bytes + from, part->payload.at, part->payload.len) == 0))
            return d;
    }
    return NULL;
}

static void open_one(struct ip_fragments *f, const struct ip_packet *part)
{
    struct datagram *d = memory_alloc_array(1, sizeof *d);

    d->first = *part;
    d->first.payload = (struct bytes){ .at = NULL };
    f->open[f->count++] = d;
}

bool ip_fragments_add(struct ip_fragments *f, const struct ip_packet *part, const struct carriage *part_carried,
                      struct ip_packet *whole, struct carriage *carried)
{
    int i = find(f, part);

    f->conflict = false;
    if (i < 0) {
        const struct datagram *before = repeated(f, part, part_carried);
        if (before) {
            present(before, before->total, whole);
            whole->repeated = true;
            *carried = *part_carried;
            return true;
        }
        if (f->count == DATAGRAMS_MAX)
            return false; /* the caller gives up the oldest first, so this does not happen */
        open_one(f, part);
        i = f->count - 1;
    }
    struct datagram *d = f->open[i];
    carriage_add(&d->carried, part_carried);
    take_in(f, d, part);
    if (d->total == 0 || beginning(&d->came) < d->total)
        return false;
    hand_out(f, i);
    d->complete = true;
    present(d, d->total, whole);
    *carried = d->carried;
    return true;
}

bool ip_fragments_conflict(const struct ip_fragments *f)
{
    return f->conflict;
}

bool ip_fragments_give_up(struct ip_fragments *f, int64_t now_utc_ns, bool all,
                          struct ip_packet *rest, struct carriage *carried)
{
    if (f->count == 0)
        return false;
    if (!all && f->count < DATAGRAMS_MAX && within(f->open[0]->carried.at_first_utc_ns, now_utc_ns, DATAGRAM_LIFE_NS))
        return false;

    const struct datagram *d = hand_out(f, 0);
    present(d, d->total > d->reach ? d->total : d->reach, rest);
    rest->fragment = beginning(&d->held) == 0;
    *carried = d->carried;
    return true;
}
