#include "packet/tracker.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* Segments of one connection, six bytes each: direction and flags, how far the sequence
 * number is from the start, length, acknowledgement, how much was cut off.  The stream's
 * bytes follow from their place in it, so that whatever is searched can be checked. */
enum { STEP = 6 };

static uint64_t position, fed, told_missing;

static uint8_t byte_at(uint64_t i) { return (uint8_t)(i * 7 + (i >> 8)); }

static struct payload_view *view_open(struct payload_search *s, struct reading *r, const struct payload_source *source)
{
    return (struct payload_view *)s;
}

static void view_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    for (size_t i = 0; i < chunk.len; i++)
        if (chunk.at[i] != byte_at(position + i))
            abort(); /* the stream was put together wrongly */
    position += chunk.len;
    fed += chunk.len;
}

static void view_gap(struct payload_view *v, uint64_t missing)
{
    position += missing;
    told_missing += missing;
}

static void view_close(struct payload_view *v)
{
    position = UINT64_MAX / 2; /* nothing may come any more */
}

static struct fact_flow last_flow;
static size_t flows;

static void put(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    if (kind != FACT_FLOW)
        return;
    last_flow = *(const struct fact_flow *)row;
    flows++;
    if (last_flow.readable_out + last_flow.opaque_out != last_flow.payload_out || last_flow.readable_out < 0 ||
        last_flow.opaque_out < 0 || last_flow.missing_out < 0)
        abort();
}

static void put32(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (24 - 8 * i));
}

static size_t make_segment(uint8_t *into, const uint8_t step[STEP], uint32_t isn)
{
    static const uint8_t ends[2][4] = { { 10, 0, 0, 1 }, { 203, 0, 113, 1 } };
    const int in = step[0] & 1;
    const uint64_t at = (uint64_t)step[1] | (uint64_t)(step[2] & 7) << 8;
    const size_t len = step[0] & 2 ? 0 : step[3] % 64;

    memset(into, 0, 40);
    into[0] = 0x45;
    into[3] = (uint8_t)(40 + len);
    into[9] = 6;
    memcpy(into + 12, ends[in], 4);
    memcpy(into + 16, ends[!in], 4);
    into[20 + 2 * in] = 1;
    into[20 + 2 * !in] = 2;
    put32(into + 24, isn + 1 + (uint32_t)at);
    put32(into + 28, isn + 1 + (uint32_t)(step[4] * 8));
    into[32] = 5 << 4;
    into[33] = 16;
    for (size_t i = 0; i < len; i++)
        into[40 + i] = byte_at(at + i);
    return 40 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct payload_search search = { view_open, view_feed, view_gap, view_close };
    static const struct reading_options no_options;
    const uint32_t isn = size && (data[0] & 128) ? 0xfffffe00u : 1000u;
    struct fact_sink sink = { .put = put };
    struct reading r = { .facts = &sink, .arena = arena_new(1 << 20), .options = &no_options, .search = &search };
    struct tracker t;
    uint8_t packet[200] = { 0 };

    position = fed = told_missing = flows = 0;
    tracker_init(&t, &r);
    /* The SYN and the first byte, so that the search begins at a known place. */
    make_segment(packet, (const uint8_t[STEP]){ 2 }, isn);
    put32(packet + 24, isn);
    packet[33] = 2;
    struct frame frame = { .data = { packet, 40, 0 }, .original_len = 40, .number = 1, .at_utc_ns = 1,
                           .link_type = 101 };
    tracker_frame(&t, &frame);
    frame.data.len = frame.original_len = make_segment(packet, (const uint8_t[STEP]){ 0, 0, 0, 1 }, isn);
    tracker_frame(&t, &frame);
    for (size_t i = 0; i + STEP <= size; i += STEP) {
        const size_t len = make_segment(packet, data + i, isn);
        const size_t cut = data[i + 5] & 128 ? data[i + 5] % (len - 39) : 0;
        frame.data.len = len - cut;
        frame.original_len = len;
        frame.number++;
        frame.at_utc_ns++;
        tracker_frame(&t, &frame);
    }
    tracker_end(&t);
    if (flows != 1 || (uint64_t)last_flow.payload_out < fed)
        abort();
    arena_free(r.arena);
    return 0;
}
