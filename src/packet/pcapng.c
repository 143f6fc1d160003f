#include "packet/capture_format.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "packet/pcapng_block.h"
#include "packet/wire.h"

/* draft-ietf-opsawg-pcapng: blocks in section 4, options in 3.5, times in 4.3. */
enum {
    SECTION_MIN = 28, BLOCK_SANE_MAX = CAPTURED_LEN_LIMIT + 4096, INTERFACES_MAX = 65536,
};
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

struct pcapng {
    struct capture *capture;
    bool big_endian;
    struct pcapng_interface *interfaces;
    uint32_t interface_count, interface_room;
    struct pcapng_notes *notes;
    uint64_t packets_without_interface, first_without_interface;

    /* Of the window that is being read. */
    struct bytes window;
    bool last;
    bool searching;       /* a block made no sense */
    uint64_t lost_from;   /* where that was, in the item */
    uint64_t zeros;       /* so many bytes from there are zero */
};

bool pcapng_recognise(struct bytes whole)
{
    struct cursor c = cursor_over(whole);
    const uint32_t type = cursor_u32le(&c);

    cursor_skip(&c, 4);
    const uint32_t magic = cursor_u32le(&c);
    return !c.failed && whole.len >= SECTION_MIN && type == BLOCK_SECTION &&
           (magic == BYTE_ORDER_MAGIC || magic == __builtin_bswap32(BYTE_ORDER_MAGIC));
}

static void *begin(struct bytes head)
{
    struct pcapng *p = memory_alloc_array(1, sizeof *p);

    p->notes = pcapng_notes_new();
    return p;
}

/* A section header brings its own byte order; false: not what stands there. */
static bool section_order(struct bytes at, bool *ret)
{
    struct cursor c = cursor_over(bytes_part(at, 0, BLOCK_HEAD + 4));

    const uint32_t type = cursor_u32le(&c);
    cursor_skip(&c, 4);
    const uint32_t magic = cursor_u32le(&c);
    if (c.failed || type != BLOCK_SECTION ||
        (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC)))
        return false;
    *ret = magic != BYTE_ORDER_MAGIC;
    return true;
}

/* Reads the block at `offset` of the window.  NO: its lengths make no sense, or differ, or it does not
 * lie within the file; `ret` has what is there all the same.  MORE: nothing is set. */
static enum look block_at(const struct pcapng *p, uint64_t offset, struct pcapng_block *ret)
{
    const struct bytes from = bytes_part(p->window, offset, UINT64_MAX);
    const bool section = from.len >= 4 && wire_u32le(from.at) == BLOCK_SECTION;
    struct pcapng_block b = { .offset = from.origin, .big_endian = p->big_endian };

    if (from.len < (section ? BLOCK_HEAD + 4u : BLOCK_HEAD) && !p->last)
        return LOOK_MORE;
    *ret = b;
    if (from.len < BLOCK_HEAD)
        return LOOK_NO;
    if (section)
        section_order(from, &b.big_endian);
    b.type = b.big_endian ? wire_u32be(from.at) : wire_u32le(from.at);
    b.total_len = b.big_endian ? wire_u32be(from.at + 4) : wire_u32le(from.at + 4);
    b.sane = b.total_len >= BLOCK_MIN && b.total_len <= BLOCK_SANE_MAX && b.total_len % 4 == 0;
    if (b.sane && from.len < b.total_len && !p->last)
        return LOOK_MORE;
    b.body = bytes_part(from, BLOCK_HEAD, b.sane ? b.total_len - BLOCK_MIN : 0);
    *ret = b;
    /* Both lengths are in the same order: as bytes they must be equal. */
    return b.sane && bytes_equal(bytes_part(from, b.total_len - 4, 4), from.at + 4, 4) ? LOOK_YES : LOOK_NO;
}

/* Whether a block of a known type, as long as that type is at least, may begin there. */
static bool may_begin(const struct pcapng *p, uint64_t offset)
{
    static const uint8_t body_min[] = {
        [BLOCK_INTERFACE] = 8, [BLOCK_PACKET_OLD] = 20, [BLOCK_SIMPLE] = 4, [BLOCK_NAMES] = 4, [BLOCK_STATISTICS] = 12,
        [BLOCK_ENHANCED] = 20, [BLOCK_SECRETS] = 8,
    };
    const struct bytes head = bytes_part(p->window, offset, BLOCK_HEAD + 4);
    bool order;

    if (head.len < BLOCK_MIN)
        return true; /* it cannot be told; block_at will */
    if (wire_u32le(head.at) == BLOCK_SECTION)
        return section_order(head, &order);
    const uint32_t type = p->big_endian ? wire_u32be(head.at) : wire_u32le(head.at);
    const uint32_t len = p->big_endian ? wire_u32be(head.at + 4) : wire_u32le(head.at + 4);
    return type < sizeof body_min && body_min[type] > 0 && len >= BLOCK_MIN + (uint32_t)body_min[type];
}

/* The next place at or behind `offset` where a whole block of a known type lies, or the header of a
 * file of the other format.  MORE: where bytes are wanting. */
static enum look resynchronise(const struct pcapng *p, uint64_t offset, uint64_t *found)
{
    struct pcapng_block b;

    for (; offset < p->window.len; offset++) {
        const size_t zeros = bytes_zeros(bytes_part(p->window, offset, UINT64_MAX));
        if (zeros > BLOCK_MIN) /* no type begins so */
            offset += zeros - BLOCK_MIN;
        enum look look = may_begin(p, offset) ? block_at(p, offset, &b) : LOOK_NO;
        if (look == LOOK_NO)
            look = capture_head_at(bytes_part(p->window, offset, CAPTURE_HEAD_BYTES), p->last);
        if (look != LOOK_NO) {
            *found = offset;
            return look;
        }
    }
    return LOOK_NO;
}

static void interface_block(struct pcapng *p, const struct pcapng_block *b)
{
    struct pcapng_interface i;

    if (p->interface_count == INTERFACES_MAX || !pcapng_interface_parse(b, &i)) {
        reading_damage(p->capture->reading, b->offset, (int64_t)b->total_len, 1, "an interface's description is cut");
        return;
    }
    if (p->interface_count == p->interface_room) {
        p->interface_room = p->interface_room ? p->interface_room * 2 : 4;
        p->interfaces = memory_resize_array(p->interfaces, p->interface_room, sizeof *p->interfaces);
    }
    pcapng_note_interface(p->notes, p->capture->reading, b, &i);
    p->interfaces[p->interface_count++] = i;
}

__extension__ typedef unsigned __int128 uint128;

static int64_t time_of(const struct pcapng_interface *i, uint64_t ticks)
{
    static const uint64_t power_of_ten[] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    };
    const unsigned exponent = i->resolution & 0x7f;
    uint128 ns;

    if (i->resolution & 0x80) {
        if (exponent > 63)
            return FACT_UNKNOWN_INT;
        ns = (uint128)ticks * (uint64_t)NS_PER_S >> exponent;
    } else if (exponent <= 9) {
        ns = (uint128)ticks * power_of_ten[9 - exponent];
    } else {
        ns = ticks;
        for (unsigned n = exponent; n > 9 && ns > 0; n--)
            ns /= 10;
    }
    int64_t offset_ns, sum;
    if (ns > INT64_MAX || __builtin_mul_overflow(i->offset_s, NS_PER_S, &offset_ns) ||
        __builtin_add_overflow((int64_t)ns, offset_ns, &sum))
        return FACT_UNKNOWN_INT;
    return sum;
}

static void take(struct pcapng *p, const struct pcapng_block *b, const struct pcapng_packet *x)
{
    struct frame frame = {
        .data = x->data, .original_len = x->original_len, .record_offset = b->offset,
        .at_utc_ns = FACT_UNKNOWN_INT, .link_type = UINT32_MAX,
    };

    if (x->interface >= p->interface_count) {
        if (p->packets_without_interface++ == 0)
            p->first_without_interface = b->offset;
        p->capture->packets++;
        return;
    }
    struct pcapng_interface *i = &p->interfaces[x->interface];
    frame.link_type = i->link_type;
    if (x->has_ticks)
        frame.at_utc_ns = time_of(i, x->ticks);
    capture_frame(p->capture, &frame);
    if (x->options.len > 0 || x->dropped > 0)
        pcapng_note_packet(p->notes, p->capture->reading, b, x, i, p->capture->packets);
}

static void packet_block(struct pcapng *p, const struct pcapng_block *b)
{
    struct pcapng_packet x;

    if (!pcapng_packet_parse(b, p->interface_count > 0 ? p->interfaces[0].snap_len : 0, &x)) {
        reading_damage(p->capture->reading, b->offset, (int64_t)b->total_len, 1, "a packet's block is too short");
        return;
    }
    const bool cut = b->body.len < b->total_len - BLOCK_MIN;
    if (x.captured_len > x.data.len && !cut && b->type != BLOCK_SIMPLE)
        reading_damage(p->capture->reading, b->offset, (int64_t)(x.captured_len - x.data.len), 0,
                       "a packet is longer than its block");
    take(p, b, &x);
}

/* The counters of an interface end with its section. */
static void section_end(struct pcapng *p)
{
    for (uint32_t i = 0; i < p->interface_count; i++)
        pcapng_note_drops(p->capture->reading, &p->interfaces[i], i);
    p->interface_count = 0;
}

static void block_read(struct pcapng *p, const struct pcapng_block *b)
{
    struct reading *r = p->capture->reading;

    switch (b->type) {
    case BLOCK_SECTION:
        section_end(p);
        p->big_endian = b->big_endian;
        pcapng_note_section(p->notes, r, b);
        break;
    case BLOCK_INTERFACE:
        interface_block(p, b);
        break;
    case BLOCK_PACKET_OLD: case BLOCK_SIMPLE: case BLOCK_ENHANCED:
        packet_block(p, b);
        break;
    case BLOCK_STATISTICS:
        pcapng_statistics(b, p->interfaces, p->interface_count);
        break;
    case BLOCK_NAMES:
        pcapng_names(p->notes, r, b, p->capture->tracker.names);
        break;
    case BLOCK_SECRETS:
        pcapng_note_secrets(p->notes, r, b);
        break;
    default:
        break; /* skipped by its length */
    }
}

enum step { STEP_ON, STEP_WAIT, STEP_OVER };

static enum step over(struct pcapng *p, enum parse_status status)
{
    p->capture->status = status;
    return STEP_OVER;
}

static void tell_lost(struct pcapng *p, uint64_t until, bool goes_on)
{
    const uint64_t lost = p->window.origin + until - p->lost_from;

    capture_lost(p->capture, &(struct lost_place){ "a block", p->lost_from, lost, p->zeros, goes_on });
}

static enum step search(struct pcapng *p, uint64_t *offset)
{
    const uint64_t known = p->lost_from + p->zeros;
    uint64_t found;

    if (known >= p->window.origin)
        p->zeros += bytes_zeros(bytes_part(p->window, known - p->window.origin, UINT64_MAX));
    switch (resynchronise(p, *offset, &found)) {
    case LOOK_YES:
        tell_lost(p, found, true);
        p->searching = false;
        *offset = found;
        p->capture->another = pcap_recognise(bytes_part(p->window, found, UINT64_MAX));
        return p->capture->another ? STEP_OVER : STEP_ON;
    case LOOK_MORE:
        *offset = found;
        return STEP_WAIT;
    case LOOK_NO:
        break;
    }
    *offset = p->window.len;
    if (!p->last)
        return STEP_WAIT;
    tell_lost(p, p->window.len, false);
    return over(p, p->zeros == p->window.origin + p->window.len - p->lost_from ? PARSE_TRUNCATED : PARSE_INVALID);
}

/* The last block, of which the beginning is there. */
static bool is_cut_off(const struct pcapng *p, const struct pcapng_block *b, uint64_t next)
{
    const bool known = b->type == BLOCK_SECTION || (b->type >= BLOCK_INTERFACE && b->type <= BLOCK_SECRETS);
    uint64_t found;

    return b->sane && known && next > p->window.len &&
           resynchronise(p, b->offset - p->window.origin + 4, &found) == LOOK_NO;
}

static enum step odd_block(struct pcapng *p, const struct pcapng_block *b, uint64_t *offset)
{
    struct reading *r = p->capture->reading;
    const uint64_t next = *offset + b->total_len;
    struct pcapng_block behind;

    switch (capture_head_at(bytes_part(p->window, *offset, CAPTURE_HEAD_BYTES), p->last)) {
    case LOOK_YES: /* a section of pcapng may have a wrong length; pcap is another file */
        if (!pcap_recognise(bytes_part(p->window, *offset, UINT64_MAX)))
            break;
        p->capture->another = true;
        return STEP_OVER;
    case LOOK_MORE:
        return STEP_WAIT;
    case LOOK_NO:
        break;
    }
    if (p->window.len - *offset < BLOCK_HEAD) {
        reading_damage(r, b->offset, (int64_t)(p->window.len - *offset), 1, "the capture ends within a block's head");
        return over(p, PARSE_TRUNCATED);
    }
    if (b->sane) {
        const enum look look = next == p->window.len && p->last ? LOOK_YES : block_at(p, next, &behind);
        if (look == LOOK_MORE)
            return STEP_WAIT;
        if (look == LOOK_YES) {
            reading_damage(r, b->offset, 4, 0, "a block's two lengths differ");
            block_read(p, b);
            *offset = next;
            return STEP_ON;
        }
        if (is_cut_off(p, b, next)) {
            block_read(p, b);
            reading_damage(r, b->offset, (int64_t)(next - p->window.len), 0, "the capture ends within a block");
            return over(p, PARSE_TRUNCATED);
        }
    }
    p->searching = true;
    p->lost_from = b->offset;
    p->zeros = 0;
    *offset += 4;
    return STEP_ON;
}

static enum step step(struct pcapng *p, uint64_t *offset)
{
    struct pcapng_block b;

    if (p->searching)
        return search(p, offset);
    switch (block_at(p, *offset, &b)) {
    case LOOK_YES:
        capture_expect(bytes_part(p->window, *offset + b.total_len, UINT64_MAX), b.total_len);
        block_read(p, &b);
        *offset += b.total_len;
        return STEP_ON;
    case LOOK_MORE:
        return STEP_WAIT;
    case LOOK_NO:
        break;
    }
    return odd_block(p, &b, offset);
}

static size_t feed(struct capture *c, void *state, struct bytes window, bool last)
{
    struct pcapng *p = state;
    enum step next = STEP_ON;
    uint64_t offset = 0;

    p->capture = c;
    p->window = window;
    p->last = last;
    if (c->status == PARSE_INVALID || c->status == PARSE_TRUNCATED)
        return window.len;
    while (next == STEP_ON && (offset < window.len || (last && p->searching)))
        next = step(p, &offset);
    if (next == STEP_OVER && c->another)
        return offset;
    return last || next == STEP_OVER ? window.len : offset < window.len ? offset : window.len;
}

static void end(struct capture *c, void *state)
{
    struct pcapng *p = state;

    p->capture = c;
    section_end(p);
    if (p->packets_without_interface)
        reading_damage(c->reading, p->first_without_interface, FACT_UNKNOWN_INT, (int64_t)p->packets_without_interface,
                       "%llu packets name an interface that the capture does not describe",
                       (unsigned long long)p->packets_without_interface);
    pcapng_notes_end(p->notes, c->reading);
    free(p->interfaces);
    free(p);
}

const struct capture_format pcapng_format = {
    .head_bytes = SECTION_MIN, .head_taken = 0, .recognise = pcapng_recognise,
    .begin = begin, .feed = feed, .end = end,
};
