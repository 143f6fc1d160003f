#include "packet/capture_format.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    PASSED_STEP = 4 << 20,
    FRAME_LEN_MAX = 1 << 20, /* the largest that network cards and kernels put together are half as long */
};

static const struct capture_format *const capture_formats[] = { &pcap_format, &pcapng_format };
enum { FORMAT_COUNT = sizeof capture_formats / sizeof *capture_formats };

static const struct capture_format *format_of(struct bytes head)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (capture_formats[i]->recognise(head))
            return capture_formats[i];
    return NULL;
}

bool capture_recognise(struct bytes whole)
{
    return format_of(whole) != NULL;
}

enum look capture_head_at(struct bytes at, bool last)
{
    if (format_of(at))
        return LOOK_YES;
    return last || at.len >= CAPTURE_HEAD_BYTES ? LOOK_NO : LOOK_MORE;
}

void capture_frame(struct capture *c, struct frame *frame)
{
    frame->number = ++c->packets;
    if (frame->original_len > FRAME_LEN_MAX && frame->original_len > frame->data.len) {
        tracker_odd_length(&c->tracker, frame);
        frame->original_len = 0;
    }
    if (frame->original_len < frame->data.len)
        frame->original_len = frame->data.len;
    if (c->reading->passed && frame->record_offset - c->passed >= PASSED_STEP) {
        c->passed = frame->record_offset;
        c->reading->passed(c->reading, c->passed);
    }
    tracker_frame(&c->tracker, frame);
}

void capture_lost(struct capture *c, const struct lost_place *l)
{
    if (!l->goes_on && l->bytes > 0 && l->zeros == l->bytes) {
        reading_damage(c->reading, l->offset, (int64_t)l->bytes, FACT_UNKNOWN_INT,
                       "the capture ends with %lld zero bytes: "
                       "space that was set aside for records that were not written", (long long)l->bytes);
    } else if (c->lost_places++ < TRACKER_DAMAGE_ROWS_MAX || !l->goes_on) {
        reading_damage(c->reading, l->offset, (int64_t)l->bytes, FACT_UNKNOWN_INT, "%s makes no sense; reading %s",
                       l->what, l->goes_on ? "goes on behind it" : "stops");
    } else {
        if (c->more_lost_bytes == 0)
            c->more_lost_offset = l->offset;
        c->more_lost_bytes += l->bytes;
    }
}

/* Rows are counted, and those that say how much of each kind was lost in all must not be the ones that find no room. */
static void tell_more_lost(const struct capture *c)
{
    if (c->lost_places > TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(c->reading, c->more_lost_offset, (int64_t)c->more_lost_bytes, FACT_UNKNOWN_INT,
                       "in all, %llu places of the capture make no sense; reading went on behind them",
                       (unsigned long long)c->lost_places);
}

struct capture *capture_new(struct reading *r)
{
    struct capture *c = memory_alloc_array(1, sizeof *c);

    c->reading = r;
    buffer_init(&c->behind, 2 * TCP_RECENT_BYTES);
    tracker_init(&c->tracker, r);
    return c;
}

static void format_end(struct capture *c)
{
    if (c->format)
        c->format->end(c, c->state);
    c->format = NULL;
    c->state = NULL;
    c->another = false;
}

static size_t read_window(struct capture *c, struct bytes window, bool last)
{
    size_t done = 0;

    if (window.len == 0 && last && c->format) /* only now is it known that this was the end */
        c->format->feed(c, c->state, window, true);
    while (done < window.len) {
        const struct bytes rest = bytes_part(window, done, UINT64_MAX);
        if (!c->format) {
            if (capture_head_at(rest, last) == LOOK_MORE)
                return done;
            c->format = format_of(rest);
            if (!c->format) { /* only at the very start: the formats look before they end */
                c->status = PARSE_INVALID;
                return window.len;
            }
            c->state = c->format->begin(rest);
            done += c->format->head_taken;
        } else {
            done += c->format->feed(c, c->state, rest, last);
            if (!c->another)
                return done;
            format_end(c);
        }
    }
    return done;
}

/* Keeps the end of what was taken, for repetitions of it in the next window. */
static void keep_behind(struct capture *c, struct bytes taken)
{
    enum { ROOM = 2 * TCP_RECENT_BYTES };
    struct buffer *b = &c->behind;

    if (taken.len > TCP_RECENT_BYTES)
        taken = bytes_part(taken, taken.len - TCP_RECENT_BYTES, UINT64_MAX);
    if (b->len + taken.len > ROOM) {
        memmove(b->at, b->at + b->len - TCP_RECENT_BYTES, TCP_RECENT_BYTES);
        b->len = TCP_RECENT_BYTES;
    }
    buffer_add(b, taken.at, taken.len);
    c->tracker.readable.before = (struct bytes){
        .at = b->at, .len = b->len, .origin = taken.origin + taken.len - b->len,
    };
}

size_t capture_feed(struct capture *c, struct bytes window, bool last)
{
    c->tracker.readable.window = window;
    const size_t done = read_window(c, window, last);
    if (!last && done > 0)
        keep_behind(c, bytes_part(window, 0, done));
    return done;
}

enum parse_status capture_end(struct capture *c)
{
    enum parse_status status = c->status;

    if (!c->format && status == PARSE_OK)
        status = PARSE_INVALID; /* nothing came */
    format_end(c);
    tell_more_lost(c);
    tracker_end(&c->tracker);
    buffer_done(&c->behind);
    free(c);
    return status;
}

enum parse_status capture_read(struct reading *r, struct bytes whole)
{
    struct capture *c = capture_new(r);

    capture_feed(c, whole, true);
    return capture_end(c);
}
