#include "packet/capture_format.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
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
    bool big_endian;
    uint32_t fractions_per_s, fraction_ns;
    size_t record_header;
    uint32_t link_type;
    uint32_t captured_max;
    uint32_t last_s;      /* time of the last good record */
    bool has_last;
    bool lenient;         /* odd records were looked at and found to be all there is */

    /* Of the window that is being read. */
    struct bytes window;
    bool last;
    /* The window begins with the data of the last good record, since its length may turn out to be
     * what was wrong; so far behind its start is the next header, or where the search goes on. */
    uint64_t ahead;
    bool searching;       /* a header made no sense */
    uint64_t lost_from;   /* where that was, in the item */
    uint64_t zeros;       /* so many bytes from there are zero */
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
    struct pcap p = { .fractions_per_s = 1000000, .record_header = RECORD_HEADER };
    uint32_t magic = cursor_u32le(&c);

    p.big_endian = magic == __builtin_bswap32(MAGIC_US) || magic == __builtin_bswap32(MAGIC_NS) ||
                   magic == __builtin_bswap32(MAGIC_MODIFIED);
    if (p.big_endian)
        magic = __builtin_bswap32(magic);
    if (magic != MAGIC_US && magic != MAGIC_NS && magic != MAGIC_MODIFIED)
        return false;
    if (magic == MAGIC_NS)
        p.fractions_per_s = NS_PER_S;
    p.fraction_ns = NS_PER_S / p.fractions_per_s;
    if (magic == MAGIC_MODIFIED)
        p.record_header += MODIFIED_EXTRA;
    const uint16_t major = p.big_endian ? cursor_u16be(&c) : cursor_u16le(&c);
    cursor_skip(&c, 2 + 4 + 4); /* minor, zone, accuracy */
    const uint32_t snap_len = u32(&p, &c);
    p.link_type = u32(&p, &c) & LINK_TYPE_MASK;
    p.captured_max = snap_len > CAPTURED_LEN_MAX && snap_len <= CAPTURED_LEN_LIMIT ? snap_len : CAPTURED_LEN_MAX;
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

static void *begin(struct bytes head)
{
    struct pcap *p = memory_alloc(sizeof *p);

    if (!header_parse(head, p))
        *p = (struct pcap){ .record_header = RECORD_HEADER };
    return p;
}

/* False: not even the header is there. */
static bool record_at(const struct pcap *p, uint64_t offset, struct record *ret)
{
    const struct bytes head = bytes_part(p->window, offset, p->record_header);
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
static enum look looks_like_chain(const struct pcap *p, uint64_t offset)
{
    struct record r;

    for (int i = 0; i < CHAIN; i++) {
        if (offset == p->window.len && p->last)
            return i > 0 ? LOOK_YES : LOOK_NO;
        if (offset > p->window.len || !record_at(p, offset, &r))
            return p->last ? LOOK_NO : LOOK_MORE;
        if (!looks_like_record(p, &r))
            return LOOK_NO;
        offset += p->record_header + r.captured_len;
    }
    return offset <= p->window.len ? LOOK_YES : p->last ? LOOK_NO : LOOK_MORE;
}

/* Looks from `offset` on, but not behind `until`, for a place where reading can go on: records,
 * or another file.  YES: `found` is that place.  MORE: it is where bytes are wanting. */
static enum look resynchronise(const struct pcap *p, uint64_t offset, uint64_t until, uint64_t *found)
{
    for (; offset < until; offset++) {
        /* No header begins within zeros and before their last few: its length would be one of them. */
        const size_t zeros = bytes_zeros(bytes_part(p->window, offset, UINT64_MAX));
        if (zeros > p->record_header)
            offset += zeros - p->record_header;
        if (offset >= until)
            break;
        enum look look = looks_like_chain(p, offset);
        if (look == LOOK_NO)
            look = capture_head_at(bytes_part(p->window, offset, CAPTURE_HEAD_BYTES), p->last);
        if (look != LOOK_NO) {
            *found = offset;
            return look;
        }
    }
    return LOOK_NO;
}

static bool makes_sense(const struct pcap *p, const struct record *r)
{
    if (r->captured_len > p->captured_max)
        return false;
    /* Space that was set aside and never written to. */
    return r->captured_len > 0 || r->original_len > 0 || r->seconds > 0;
}

/* An odd header (no bytes, a leap in time) is believed when what follows bears it out:
 * a wrong length in the record before would else lead into the middle of a frame.  Times do not: where captures were
 * joined by hand they go to and fro. */
static enum look is_borne_out(const struct pcap *p, const struct record *r, uint64_t offset)
{
    struct pcap then = *p;
    const uint64_t next = offset + p->record_header + r->captured_len;

    then.has_last = false;
    if (next == p->window.len && p->last)
        return LOOK_YES;
    return looks_like_chain(&then, next);
}

static void take(struct pcap *p, struct capture *c, const struct record *r, uint64_t offset)
{
    struct frame frame = {
        .data = bytes_part(p->window, offset + p->record_header, r->captured_len),
        .original_len = r->original_len,
        .record_offset = p->window.origin + offset,
        .at_utc_ns = (int64_t)r->seconds * NS_PER_S + (int64_t)r->fraction * p->fraction_ns,
        .link_type = p->link_type,
    };

    p->last_s = r->seconds;
    p->has_last = true;
    const uint64_t stride = p->record_header + r->captured_len;
    capture_expect(bytes_part(p->window, offset + stride, UINT64_MAX), stride);
    capture_frame(c, &frame);
}

/* How far reading got: behind the data of the last good record, and where what is next begins. */
struct place {
    uint64_t behind_last, offset;
};

enum step { STEP_ON, STEP_WAIT, STEP_OVER };

static enum step over(struct capture *c, enum parse_status status)
{
    c->status = status;
    return STEP_OVER;
}

/* The bytes from where a header made no sense up to `until` are lost. */
static void tell_lost(struct pcap *p, struct capture *c, uint64_t until, bool goes_on)
{
    const uint64_t now = p->window.origin + until, lost = now > p->lost_from ? now - p->lost_from : 0;

    capture_lost(c, &(struct lost_place){ "a record's header", p->lost_from, lost, p->zeros, goes_on });
}

static void count_zeros(struct pcap *p)
{
    const uint64_t known = p->lost_from + p->zeros;

    if (known >= p->window.origin)
        p->zeros += bytes_zeros(bytes_part(p->window, known - p->window.origin, UINT64_MAX));
}

static enum step search(struct pcap *p, struct capture *c, struct place *at)
{
    uint64_t found = p->window.len;

    count_zeros(p);
    switch (resynchronise(p, at->offset, p->window.len, &found)) {
    case LOOK_YES:
        tell_lost(p, c, found, true);
        p->searching = false;
        c->another = capture_head_at(bytes_part(p->window, found, CAPTURE_HEAD_BYTES), true) == LOOK_YES;
        at->behind_last = at->offset = found;
        return c->another ? STEP_OVER : STEP_ON;
    case LOOK_MORE:
        at->behind_last = at->offset = found;
        return STEP_WAIT;
    case LOOK_NO:
        break;
    }
    at->behind_last = at->offset = p->window.len;
    if (!p->last)
        return STEP_WAIT;
    tell_lost(p, c, p->window.len, false);
    return over(c, p->zeros == p->window.origin + p->window.len - p->lost_from ? PARSE_TRUNCATED : PARSE_INVALID);
}

static enum step begin_search(struct pcap *p, struct place *at)
{
    p->searching = true;
    p->lost_from = p->window.origin + at->offset;
    p->zeros = 0;
    at->offset = at->behind_last;
    return STEP_ON;
}

static void advance(struct pcap *p, struct capture *c, const struct record *r, struct place *at)
{
    take(p, c, r, at->offset);
    at->behind_last = at->offset + p->record_header;
    at->offset = at->behind_last + r->captured_len;
}

/* The header at the place is not one that is believed as it stands. */
static enum step odd_record(struct pcap *p, struct capture *c, const struct record *r, struct place *at)
{
    const uint64_t left = p->window.len - at->offset - p->record_header;
    const uint64_t look_until = at->offset + LOOK_AHEAD_BYTES;
    uint64_t found;

    switch (capture_head_at(bytes_part(p->window, at->offset, CAPTURE_HEAD_BYTES), p->last)) {
    case LOOK_YES:
        c->another = true;
        return STEP_OVER;
    case LOOK_MORE:
        return STEP_WAIT;
    case LOOK_NO:
        break;
    }
    if (!makes_sense(p, r))
        return begin_search(p, at);
    if (r->captured_len > left && !p->last)
        return STEP_WAIT;
    const bool fits = r->captured_len <= left;
    const enum look borne_out = fits ? is_borne_out(p, r, at->offset) : LOOK_NO;
    if (borne_out == LOOK_MORE)
        return STEP_WAIT;
    if (borne_out == LOOK_YES) {
        advance(p, c, r, at);
        return STEP_ON;
    }
    /* The length of the record before may be what is wrong: look from its data on. */
    const uint64_t until = look_until < p->window.len ? look_until : p->window.len;
    const enum look look = resynchronise(p, at->behind_last, until, &found);
    if (look == LOOK_MORE || (look == LOOK_NO && until < look_until && !p->last))
        return STEP_WAIT;
    if (look == LOOK_YES)
        return begin_search(p, at);
    if (fits) {
        p->lenient = true;
        return STEP_ON;
    }
    take(p, c, r, at->offset);
    reading_damage(c->reading, p->window.origin + at->offset, (int64_t)(r->captured_len - left), 0,
                   "the capture ends within a record");
    return over(c, PARSE_TRUNCATED);
}

static enum step step(struct pcap *p, struct capture *c, struct place *at)
{
    struct record r;

    if (p->searching)
        return search(p, c, at);
    if (!record_at(p, at->offset, &r)) {
        if (!p->last)
            return STEP_WAIT;
        reading_damage(c->reading, p->window.origin + at->offset, (int64_t)(p->window.len - at->offset), 1,
                       "the capture ends within a record's header");
        return over(c, PARSE_TRUNCATED);
    }
    const bool fits = makes_sense(p, &r) && r.captured_len <= p->window.len - at->offset - p->record_header;
    if (!fits || !(p->lenient || looks_like_record(p, &r)))
        return odd_record(p, c, &r, at);
    advance(p, c, &r, at);
    return STEP_ON;
}

static size_t feed(struct capture *c, void *state, struct bytes window, bool last)
{
    struct pcap *p = state;
    struct place at = { .behind_last = 0, .offset = p->ahead };
    enum step next = STEP_ON;

    p->window = window;
    p->last = last;
    if (c->status == PARSE_INVALID || c->status == PARSE_TRUNCATED)
        return window.len;
    while (next == STEP_ON && (at.offset < window.len || (last && p->searching)))
        next = step(p, c, &at);
    if (next == STEP_OVER)
        return c->another ? at.offset : window.len;
    p->ahead = at.offset - at.behind_last;
    return last ? window.len : at.behind_last;
}

static void end(struct capture *c, void *state)
{
    free(state);
}

const struct capture_format pcap_format = {
    .head_bytes = FILE_HEADER, .head_taken = FILE_HEADER, .recognise = pcap_recognise,
    .begin = begin, .feed = feed, .end = end,
};
