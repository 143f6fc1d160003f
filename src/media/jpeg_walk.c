#include "media/jpeg_walk.h"

static bool stands_alone(uint8_t marker)
{
    return marker == JPEG_TEM || (marker >= JPEG_RST0 && marker <= JPEG_EOI);
}

enum { LANE = 32, STEP_LANES = 4, STEP = STEP_LANES * LANE };

typedef uint8_t lanes __attribute__((vector_size(LANE)));

/* Whether one of STEP bytes is FF and the next, of which there is one more, is neither 00 nor, unless they count,
 * RSTn. */
__attribute__((always_inline)) static inline bool step_has_marker(const uint8_t *at, bool restarts_count)
{
    lanes hit = { 0 };
    uint64_t words[LANE / sizeof(uint64_t)];

    for (int i = 0; i < STEP_LANES; i++) {
        lanes here, next;
        memcpy(&here, at + i * LANE, sizeof here);
        memcpy(&next, at + i * LANE + 1, sizeof next);
        lanes found = (lanes)(here == 0xff) & ~(lanes)(next == 0);
        if (!restarts_count)
            found &= (lanes)((next & 0xf8) != JPEG_RST0);
        hit |= found;
    }
    memcpy(words, &hit, sizeof words);
    return words[0] | words[1] | words[2] | words[3];
}

/* The begin of the first step that has a marker, or where a whole step no longer fits.  Most of a file is
 * entropy-coded data, so this is where the time goes; restarts, which most pictures have none of, are told from others
 * only where there is a marker of any kind. */
__attribute__((always_inline)) static inline size_t pass_steps(struct bytes b)
{
    size_t i = 0;

    for (; i + STEP + 1 <= b.len; i += STEP)
        if (step_has_marker(b.at + i, true) && step_has_marker(b.at + i, false))
            break;
    return i;
}

static size_t pass_steps_plain(struct bytes b) { return pass_steps(b); }

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t pass_steps_avx2(struct bytes b) { return pass_steps(b); }
#endif

/* The first FF that is followed by anything but 00 or RSTn, or `b.len`. */
static size_t find_in(struct bytes b)
{
#if defined(__x86_64__)
    size_t i = __builtin_cpu_supports("avx2") ? pass_steps_avx2(b) : pass_steps_plain(b);
#else
    size_t i = pass_steps_plain(b);
#endif

    for (; i + 1 < b.len; i++)
        if (b.at[i] == 0xff && b.at[i + 1] != 0 && (b.at[i + 1] & 0xf8) != JPEG_RST0)
            return i;
    return b.len;
}

/* The same in what is left of the picture. */
static size_t find_marker(const struct jpeg_walk *w)
{
    struct bytes rest = w->rest;

    if (!w->reading || !w->reading->once)
        return find_in(rest);
    while (rest.len > 1) {
        const struct bytes here = w->reading->once(w->reading, rest);
        const size_t at = find_in(here);
        if (at < here.len)
            return (size_t)(rest.origin - w->rest.origin) + at;
        if (here.len == rest.len)
            break;
        rest = bytes_part(rest, here.len - 1, UINT64_MAX); /* it may end with an FF */
    }
    return w->rest.len;
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
        advance(w, find_marker(w));
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

uint64_t jpeg_length(struct bytes picture, struct reading *reading)
{
    struct jpeg_segment segment;
    struct jpeg_walk w;

    if (jpeg_walk_init(&w, picture) != PARSE_OK)
        return 0;
    w.reading = reading;
    while (jpeg_walk_next(&w, &segment))
        continue;
    return w.ended ? w.rest.origin - picture.origin : 0;
}
