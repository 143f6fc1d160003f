#include "packet/capture.h"
#include "packet/wire.h"

/* draft-ietf-opsawg-pcap, 4 and 5.  The modified magic is Alexey Kuznetzov's, as in
 * the-tcpdump-group/libpcap:sf-pcap.c: eight bytes more in each record header. */
enum { FILE_HEADER = 24, RECORD_HEADER = 16, MODIFIED_EXTRA = 8, CHAIN = 3 };
#define MAGIC_US       0xa1b2c3d4u
#define MAGIC_NS       0xa1b23c4du
#define MAGIC_MODIFIED 0xa1b2cd34u
#define LINK_TYPE_MASK 0x03ffffffu /* the rest tells of frame check sequences */
#define CLOCK_SLACK_S  (2 * 86400)

struct pcap {
    struct bytes whole;
    bool big_endian;
    uint32_t fractions_per_s;
    size_t record_header;
    uint32_t link_type;
    uint32_t captured_max;
    uint32_t last_s;      /* time of the last good record */
    bool has_last;
    bool lenient;         /* odd records were looked at and found to be all there is */
};

struct record {
    uint32_t seconds, fraction, captured_len, original_len;
};

static uint32_t u32(const struct pcap *p, struct cursor *c)
{
    return p->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

static bool header_parse(struct bytes whole, struct pcap *ret)
{
    struct cursor c = cursor_over(bytes_part(whole, 0, FILE_HEADER));
    struct pcap p = { .whole = whole, .fractions_per_s = 1000000, .record_header = RECORD_HEADER };
    uint32_t magic = cursor_u32le(&c);

    p.big_endian = magic == __builtin_bswap32(MAGIC_US) || magic == __builtin_bswap32(MAGIC_NS) ||
                   magic == __builtin_bswap32(MAGIC_MODIFIED);
    if (p.big_endian)
        magic = __builtin_bswap32(magic);
    if (magic != MAGIC_US && magic != MAGIC_NS && magic != MAGIC_MODIFIED)
        return false;
    if (magic == MAGIC_NS)
        p.fractions_per_s = 1000000000;
    if (magic == MAGIC_MODIFIED)
        p.record_header += MODIFIED_EXTRA;
    const uint16_t major = p.big_endian ? cursor_u16be(&c) : cursor_u16le(&c);
    cursor_skip(&c, 2 + 4 + 4); /* minor, zone, accuracy */
    const uint32_t snap_len = u32(&p, &c);
    p.link_type = u32(&p, &c) & LINK_TYPE_MASK;
    p.captured_max = snap_len > CAPTURED_LEN_MAX && snap_len <= 128u << 20 ? snap_len : CAPTURED_LEN_MAX;
    if (c.failed || major != 2)
        return false;
    *ret = p;
    return true;
}

bool pcap_recognise(struct bytes whole)
{
    struct pcap p;
    return header_parse(whole, &p);
}

/* False: not even the header is there. */
static bool record_at(const struct pcap *p, uint64_t offset, struct record *ret)
{
    const struct bytes head = bytes_part(p->whole, offset, p->record_header);
    uint32_t *const fields[] = { &ret->seconds, &ret->fraction, &ret->captured_len, &ret->original_len };

    if (head.len < p->record_header)
        return false;
    for (int i = 0; i < 4; i++)
        *fields[i] = p->big_endian ? wire_u32be(head.at + 4 * i) : wire_u32le(head.at + 4 * i);
    return true;
}

/* Stricter than reading in order is: random bytes must not pass. */
static bool looks_like_record(const struct pcap *p, const struct record *r)
{
    const int64_t drift = (int64_t)r->seconds - p->last_s;

    return r->captured_len > 0 && r->captured_len <= p->captured_max && r->original_len >= r->captured_len &&
           r->original_len <= 1u << 24 && r->fraction < p->fractions_per_s &&
           (!p->has_last || (drift < CLOCK_SLACK_S && drift > -CLOCK_SLACK_S));
}

/* Several records one behind the other, or fewer that end where the file ends. */
static bool looks_like_chain(const struct pcap *p, uint64_t offset)
{
    struct record r;

    for (int i = 0; i < CHAIN; i++) {
        if (offset == p->whole.len)
            return i > 0;
        if (!record_at(p, offset, &r) || !looks_like_record(p, &r))
            return false;
        offset += p->record_header + r.captured_len;
        if (offset > p->whole.len)
            return false;
    }
    return true;
}

/* Where reading can go on at or behind `offset`; the file's length when nowhere. */
static uint64_t resynchronise(const struct pcap *p, uint64_t offset)
{
    while (offset + p->record_header <= p->whole.len) {
        if (looks_like_chain(p, offset))
            return offset;
        offset++;
    }
    return p->whole.len;
}

static bool makes_sense(const struct pcap *p, const struct record *r)
{
    if (r->captured_len > p->captured_max)
        return false;
    /* Space that was set aside and never written to. */
    return r->captured_len > 0 || r->original_len > 0 || r->seconds > 0;
}

/* An odd header (no bytes, a leap in time) is believed when what follows bears it out:
 * a wrong length in the record before would else lead into the middle of a frame. */
static bool is_borne_out(const struct pcap *p, const struct record *r, uint64_t offset)
{
    struct pcap then = *p;
    const uint64_t next = offset + p->record_header + r->captured_len;

    if (p->lenient || looks_like_record(p, r))
        return true;
    then.last_s = r->seconds;
    then.has_last = true;
    return next == p->whole.len || looks_like_chain(&then, next);
}

static void take(struct pcap *p, struct capture *c, const struct record *r, uint64_t offset)
{
    struct frame frame = {
        .data = bytes_part(p->whole, offset + p->record_header, r->captured_len),
        .original_len = r->original_len,
        .record_offset = offset,
        .at_utc_ns = (int64_t)r->seconds * 1000000000 + (int64_t)r->fraction * (1000000000 / p->fractions_per_s),
        .link_type = p->link_type,
    };

    p->last_s = r->seconds;
    p->has_last = true;
    capture_expect(bytes_part(p->whole, offset + p->record_header + r->captured_len, UINT64_MAX));
    capture_frame(c, &frame);
}

enum parse_status pcap_read(struct capture *c, struct bytes whole)
{
    struct pcap p;
    struct record r;
    uint64_t offset = FILE_HEADER, behind_last = FILE_HEADER;

    if (!header_parse(whole, &p))
        return PARSE_INVALID;
    while (offset < whole.len) {
        if (!record_at(&p, offset, &r)) {
            reading_damage(c->reading, offset, (int64_t)(whole.len - offset), 1,
                           "the capture ends within a record's header");
            return PARSE_TRUNCATED;
        }
        const uint64_t left = whole.len - offset - p.record_header;
        const bool fits = makes_sense(&p, &r) && r.captured_len <= left;
        if (fits && is_borne_out(&p, &r, offset)) {
            take(&p, c, &r, offset);
            behind_last = offset + p.record_header;
            offset += p.record_header + r.captured_len;
            continue;
        }
        /* The length of the record before may be what is wrong: look from its data on. */
        const uint64_t next = resynchronise(&p, behind_last > offset ? offset + 1 : behind_last);
        if (next == whole.len && fits) {
            p.lenient = true;
            continue;
        }
        if (next == whole.len && makes_sense(&p, &r)) {
            take(&p, c, &r, offset);
            reading_damage(c->reading, offset, (int64_t)(r.captured_len - left), 0, "the capture ends within a record");
            return PARSE_TRUNCATED;
        }
        reading_damage(c->reading, offset, next > offset ? (int64_t)(next - offset) : 0, FACT_UNKNOWN_INT,
                       "a record's header makes no sense; reading %s",
                       next < whole.len ? "goes on behind it" : "stops");
        if (next == whole.len)
            return PARSE_INVALID;
        behind_last = next + p.record_header;
        offset = next;
    }
    return PARSE_OK;
}
