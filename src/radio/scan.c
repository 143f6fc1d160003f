#include "radio/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "radio/chirp.h"
#include "radio/resample.h"

enum {
    BLOCK_SAMPLES = 1 << 17,     /* searched between two looks at the recording, about */
    DONE_MAX = 64,               /* bursts that were found lately */
    CLOSE_LOOKS_PER_S = 1000,    /* of the recording; a drone sends two bursts in a second */
    CLOSE_LOOKS_MIN = 256,
};
/* Bursts that begin so near to each other are the same when they lie near to each other too, and when one is what a
 * wrong time makes of the other: its frequency is wrong by as much (radio/chirp.h). */
#define SAME_S 100e-6
#define SAME_HZ 2e6
#define SAME_LINE_HZ 0.5e6

struct scan {
    const struct iq *recording;
    const struct scan_listener *listener;
    double rate_hz;
    struct chirp_search *chirp;
    struct resampler *resampler;
    struct burst_receiver *receiver;
    struct sample *samples;      /* of the recording from `base` on; negative: silence before its beginning */
    int64_t base;
    size_t room, before, block;  /* searched: `block` samples behind the first `before` */
    struct sample window[BURST_WINDOW];
    struct scan_burst done[DONE_MAX];
    size_t done_count;           /* ever; the last DONE_MAX of them are kept */
    struct scan_burst pending;   /* found and not readable yet: its next stretch may show more of it */
    bool is_pending;
    struct scan_counts counts;
};

static bool same(const struct scan *s, const struct scan_burst *a, double first, double center_hz)
{
    const double later_s = (first - (double)a->first) / s->rate_hz, higher_hz = center_hz - a->center_hz;

    return fabs(later_s) < SAME_S &&
           (fabs(remainder(higher_hz, s->rate_hz)) < SAME_HZ ||
            fabs(remainder(higher_hz + CHIRP_SLOPE_HZ_S * later_s, s->rate_hz)) < SAME_LINE_HZ);
}

static bool known(const struct scan *s, double first, double center_hz)
{
    for (size_t i = s->done_count > DONE_MAX ? s->done_count - DONE_MAX : 0; i < s->done_count; i++)
        if (same(s, &s->done[i % DONE_MAX], first, center_hz))
            return true;
    return false;
}

static void give_pending(struct scan *s)
{
    if (!s->is_pending)
        return;
    s->is_pending = false;
    if (known(s, (double)s->pending.first, s->pending.center_hz))
        return;
    s->counts.unreadable++;
    s->listener->burst(s->listener->user, &s->pending);
}

static struct scan_burst make(const struct scan *s, double first, double center_hz, const struct burst *burst)
{
    const uint64_t all = iq_count(s->recording);
    struct scan_burst b = { .center_hz = center_hz + (double)burst->offset_hz, .burst = *burst };
    const double begins = first + ((double)burst->start - BURST_MARGIN) * s->rate_hz / BURST_RATE_HZ;
    const double ends = begins + BURST_SAMPLES * s->rate_hz / BURST_RATE_HZ;

    b.first = begins < 0 ? 0 : (uint64_t)begins;
    b.count = (ends < (double)all ? (uint64_t)ends : all) - b.first;
    return b;
}

/* A tone that stands out: where is its burst, and what does it say? */
static void look(struct scan *s, size_t at, const struct chirp_hint *hint)
{
    const struct sample *stretch = s->samples + at + hint->stretch;
    const struct chirp_place place = chirp_locate(s->chirp, stretch, hint);
    const double step = s->rate_hz / BURST_RATE_HZ;
    /* Of the burst, in s->samples and in the recording. */
    const double start = (double)(at + hint->stretch) + place.start - burst_symbol_start(BURST_ZC_FIRST) * step;
    const double first = (double)s->base + start;
    struct burst burst;
    uint8_t block[TURBO_BYTES];

    if (known(s, first, place.center_hz))
        return;
    s->counts.hints++;
    resample(s->resampler, s->samples, s->room, start - BURST_MARGIN * step, place.center_hz, s->window, BURST_WINDOW);
    const enum burst_result result = burst_receive(s->receiver, s->window, &burst, block);
    if (result == BURST_NONE)
        return;
    struct scan_burst b = make(s, first, place.center_hz, &burst);
    if (known(s, (double)b.first, b.center_hz))
        return;
    if (s->is_pending && !same(s, &s->pending, (double)b.first, b.center_hz))
        give_pending(s);
    if (result == BURST_UNREADABLE) {
        if (!s->is_pending || burst.quality > s->pending.burst.quality)
            s->pending = b;
        s->is_pending = true;
        return;
    }
    s->is_pending = false;
    b.read = true;
    memcpy(b.block, block, sizeof block);
    s->done[s->done_count++ % DONE_MAX] = b;
    s->counts.read++;
    s->listener->burst(s->listener->user, &b);
}

static bool too_many(const struct scan *s)
{
    const double passed_s = (double)(s->base + (int64_t)s->room) / s->rate_hz;

    return (double)s->counts.hints > CLOSE_LOOKS_MIN + passed_s * CLOSE_LOOKS_PER_S;
}

static void search_block(struct scan *s)
{
    struct chirp_hint hints[CHIRP_HINTS_MAX];

    const int64_t left = (int64_t)iq_count(s->recording) - s->base; /* behind it is silence */

    for (size_t at = s->before; at < s->before + s->block && (int64_t)at < left; at += chirp_block(s->chirp)) {
        const size_t count = chirp_find(s->chirp, s->samples + at, hints);
        for (size_t i = 0; i < count; i++) {
            if (too_many(s))
                s->counts.left_out++;
            else
                look(s, at, &hints[i]);
        }
        if (count == 0)
            give_pending(s);
    }
}

static struct scan *scan_new(const struct iq *recording, double rate_hz, bool wide,
                             const struct scan_listener *listener)
{
    struct scan *s = memory_alloc_array(1, sizeof *s);
    const double step = rate_hz / BURST_RATE_HZ;

    s->recording = recording;
    s->listener = listener;
    s->rate_hz = rate_hz;
    s->chirp = chirp_search_new(rate_hz, wide);
    s->resampler = resampler_new(rate_hz, BURST_WINDOW, wide);
    s->receiver = burst_receiver_new(wide);
    const size_t around = chirp_around(s->chirp) + resampler_around(s->resampler), one = chirp_block(s->chirp);
    s->block = (BLOCK_SAMPLES + one - 1) / one * one;
    s->before = around + (size_t)((burst_symbol_start(BURST_ZC_FIRST) + BURST_MARGIN) * step);
    s->room = s->before + s->block + around +
              (size_t)((BURST_SAMPLES - burst_symbol_start(BURST_ZC_FIRST) + BURST_MARGIN + BURST_POINTS) * step);
    s->samples = memory_alloc_array(s->room, sizeof *s->samples);
    s->base = -(int64_t)s->before;
    return s;
}

static void scan_free(struct scan *s)
{
    chirp_search_free(s->chirp);
    resampler_free(s->resampler);
    burst_receiver_free(s->receiver);
    free(s->samples);
    free(s);
}

struct scan_counts scan(const struct iq *recording, double rate_hz, bool wide, const struct scan_listener *listener)
{
    struct scan *s = scan_new(recording, rate_hz, wide, listener);
    const uint64_t all = iq_count(recording);
    size_t kept = s->before; /* silence, at first */

    for (;;) {
        iq_take(recording, (uint64_t)(s->base + (int64_t)kept), s->room - kept, s->samples + kept);
        search_block(s);
        kept = s->room - s->block;
        memmove(s->samples, s->samples + s->block, kept * sizeof *s->samples);
        s->base += (int64_t)s->block;
        const uint64_t searched = (uint64_t)(s->base + (int64_t)s->before);
        if (listener->passed)
            listener->passed(listener->user, searched < all ? searched : all);
        if (searched >= all)
            break;
    }
    give_pending(s);
    const struct scan_counts counts = s->counts;
    scan_free(s);
    return counts;
}
