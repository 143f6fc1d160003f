#include "media/jpeg_walk.h"

static bool stands_alone(uint8_t marker)
{
    return marker == JPEG_TEM || (marker >= JPEG_RST0 && marker <= JPEG_EOI);
}

/* The first FF that is followed by anything but 00 or RSTn, or `b.len`.  Most of a file
 * is entropy-coded data, so this is where the time goes: 32 bytes a step, and the step is
 * left only for what is rare, a true marker. */
static size_t find_marker(struct bytes b)
{
    typedef uint8_t lanes __attribute__((vector_size(16)));
    typedef uint64_t halves __attribute__((vector_size(16)));
    size_t i = 0;

    for (; i + 33 <= b.len; i += 32) {
        lanes here[2], next[2];
        memcpy(here, b.at + i, sizeof here);
        memcpy(next, b.at + i + 1, sizeof next);
        const lanes hit0 = (lanes)((here[0] == 0xff) & (next[0] != 0) & ((next[0] & 0xf8) != JPEG_RST0));
        const lanes hit1 = (lanes)((here[1] == 0xff) & (next[1] != 0) & ((next[1] & 0xf8) != JPEG_RST0));
        const halves hit = (halves)(hit0 | hit1);
        if (hit[0] | hit[1])
            break;
    }
    for (; i + 1 < b.len; i++)
        if (b.at[i] == 0xff && b.at[i + 1] != 0 && (b.at[i + 1] & 0xf8) != JPEG_RST0)
            return i;
    return b.len;
}

/* `b` begins with FF. */
static bool plausible(struct bytes b)
{
    struct cursor c = cursor_over(b);

    cursor_skip(&c, 1);
    const uint8_t marker = cursor_u8(&c);
    if (marker == JPEG_EOI)
        return true;
    if (marker < JPEG_SOF0 || marker == 0xff || stands_alone(marker))
        return false;
    const uint16_t length = cursor_u16be(&c);
    if (c.failed || length < 2)
        return false;
    cursor_skip(&c, length - 2u);
    return !c.failed && c.rest.len > 0 && (marker == JPEG_SOS || c.rest.at[0] == 0xff);
}

static void advance(struct jpeg_walk *w, uint64_t n)
{
    w->rest = bytes_part(w->rest, n, UINT64_MAX);
}

/* Goes to the next marker that can be one; gives how far it was. */
static uint64_t resume(struct jpeg_walk *w)
{
    const uint64_t begin = w->rest.origin;

    for (;;) {
        advance(w, find_marker(w->rest));
        if (w->rest.len == 0 || plausible(w->rest))
            return w->rest.origin - begin;
        advance(w, 1);
    }
}

enum parse_status jpeg_walk_init(struct jpeg_walk *w, struct bytes picture)
{
    *w = (struct jpeg_walk){ .rest = picture };
    if (!bytes_start_with(picture, "\xff\xd8", 2))
        return PARSE_INVALID;
    advance(w, 2);
    return PARSE_OK;
}

bool jpeg_walk_next(struct jpeg_walk *w, struct jpeg_segment *ret)
{
    const struct bytes begin = w->rest;

    *ret = (struct jpeg_segment){ 0 };
    ret->skipped = bytes_part(begin, 0, 0);
    if (w->ended)
        return false;
    if (w->in_scan)
        (void)resume(w);
    else if (w->rest.len > 0 && (w->rest.at[0] != 0xff || (w->rest.len > 1 && w->rest.at[1] == 0)))
        ret->skipped.len = resume(w);
    w->in_scan = false;

    /* Any number of FF may stand before a marker (B.1.1.2). */
    while (w->rest.len > 1 && w->rest.at[0] == 0xff && w->rest.at[1] == 0xff)
        advance(w, 1);
    struct cursor c = cursor_over(w->rest);
    cursor_skip(&c, 1);
    ret->marker = cursor_u8(&c);
    if (c.failed) {
        w->rest = c.rest;
        return false;
    }
    ret->body = bytes_part(c.rest, 0, 0);
    if (!stands_alone(ret->marker)) {
        const uint16_t length = cursor_u16be(&c);
        ret->length_wrong = c.failed || length < 2;
        if (!ret->length_wrong) {
            ret->body = bytes_part(c.rest, 0, length - 2u);
            ret->missing = length - 2u - ret->body.len;
            cursor_skip(&c, ret->body.len);
        }
    }
    w->rest = c.rest;
    w->in_scan = ret->marker == JPEG_SOS;
    w->ended = ret->marker == JPEG_EOI;
    return true;
}

uint64_t jpeg_length(struct bytes picture)
{
    struct jpeg_segment segment;
    struct jpeg_walk w;

    if (jpeg_walk_init(&w, picture) != PARSE_OK)
        return 0;
    while (jpeg_walk_next(&w, &segment))
        continue;
    return w.ended ? w.rest.origin - picture.origin : 0;
}
