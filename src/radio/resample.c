#include "radio/resample.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "radio/burst_parts.h"

enum { PHASES = 256, TAPS_MIN = 16, TAPS_MAX = 1024, STRAIGHTEN = 64 };
#define CUT_HZ 15e6          /* where the filter is at half its height, both sides together: it passes 4.75 MHz, and stops 10.25 */
#define LENGTH_S 1.0e-6      /* of the filter, to both sides together */

struct resampler {
    double rate_hz;
    bool wide;
    size_t taps, room;       /* taps is a multiple of LANES */
    float *table;            /* [PHASES + 1][taps] */
    float *re, *im;          /* mixed down */
};

static double window(double x) /* Blackman, -1 to 1 */
{
    return fabs(x) >= 1 ? 0 : 0.42 + 0.5 * cos(M_PI * x) + 0.08 * cos(2 * M_PI * x);
}

static double sinc(double x)
{
    return fabs(x) < 1e-9 ? 1 : sin(M_PI * x) / (M_PI * x);
}

struct resampler *resampler_new(double rate_hz, size_t count_max, bool wide)
{
    struct resampler *r = memory_alloc_array(1, sizeof *r);
    const double cut = fmin(CUT_HZ, rate_hz) / rate_hz;

    r->rate_hz = rate_hz;
    r->wide = wide;
    r->taps = ((size_t)(LENGTH_S * rate_hz) + LANES) / LANES * LANES;
    r->taps = r->taps < TAPS_MIN ? TAPS_MIN : r->taps > TAPS_MAX ? TAPS_MAX : r->taps;
    r->room = (size_t)((double)count_max * rate_hz / BURST_RATE_HZ) + r->taps + 2;
    r->re = memory_alloc_array(r->room, sizeof *r->re);
    r->im = memory_alloc_array(r->room, sizeof *r->im);
    r->table = memory_alloc_array((PHASES + 1) * r->taps, sizeof *r->table);
    for (size_t phase = 0; phase <= PHASES; phase++)
        for (size_t k = 0; k < r->taps; k++) {
            const double x = (double)k - ((double)r->taps / 2 - 1) - (double)phase / PHASES;
            r->table[phase * r->taps + k] = (float)(cut * sinc(cut * x) * window(x / ((double)r->taps / 2)));
        }
    return r;
}

void resampler_free(struct resampler *r)
{
    if (!r)
        return;
    free(r->table);
    free(r->re);
    free(r->im);
    free(r);
}

size_t resampler_around(const struct resampler *r)
{
    return r->taps;
}

static void mix(struct resampler *r, const struct sample *samples, size_t have, int64_t first, size_t count,
                double center_hz)
{
    const double cycles = center_hz / r->rate_hz;
    const float complex turn = cexpf(-I * (float)(2 * M_PI * cycles));

    memset(r->re, 0, count * sizeof *r->re);
    memset(r->im, 0, count * sizeof *r->im);
    for (size_t i = 0; i < count;) {
        /* Anew now and then, so that no errors add up. */
        float complex w = (float complex)cexp(-I * (2 * M_PI * fmod(cycles * (double)i, 1)));
        for (size_t end = i + STRAIGHTEN < count ? i + STRAIGHTEN : count; i < end; i++, w = times(w, turn)) {
            const int64_t at = first + (int64_t)i;
            if (at < 0 || (uint64_t)at >= have)
                continue;
            const struct sample s = samples[at];
            r->re[i] = s.re * crealf(w) - s.im * cimagf(w);
            r->im[i] = s.re * cimagf(w) + s.im * crealf(w);
        }
    }
}

LANE_BODY struct sample weigh(const float *re, const float *im, const float *taps, size_t count)
{
    lanes sum_re = { 0 }, sum_im = { 0 };
    struct sample s = { 0, 0 };

    for (size_t k = 0; k < count; k += LANES) {
        lanes a, b, w;
        memcpy(&a, re + k, sizeof a);
        memcpy(&b, im + k, sizeof b);
        memcpy(&w, taps + k, sizeof w);
        sum_re += a * w;
        sum_im += b * w;
    }
    for (int lane = 0; lane < LANES; lane++) {
        s.re += sum_re[lane];
        s.im += sum_im[lane];
    }
    return s;
}

/* `start` from the first mixed sample. */
LANE_BODY void filter(const struct resampler *r, double start, struct sample *ret, size_t count)
{
    const double step = r->rate_hz / BURST_RATE_HZ;

    for (size_t i = 0; i < count; i++) {
        const double at = start + (double)i * step;
        const size_t whole = (size_t)at, phase = (size_t)((at - (double)whole) * PHASES + 0.5);
        ret[i] = weigh(r->re + whole, r->im + whole, r->table + phase * r->taps, r->taps);
    }
}

LANE_WIDE static void filter_wide(const struct resampler *r, double start, struct sample *ret, size_t count)
{
    filter(r, start, ret, count);
}

static void filter_plain(const struct resampler *r, double start, struct sample *ret, size_t count)
{
    filter(r, start, ret, count);
}

void resample(struct resampler *r, const struct sample *samples, size_t have, double start, double center_hz,
              struct sample *ret, size_t count)
{
    const int64_t first = (int64_t)floor(start) - (int64_t)(r->taps / 2 - 1);
    const double from = start - floor(start);

    mix(r, samples, have, first, r->room, center_hz);
    if (r->wide)
        filter_wide(r, from, ret, count);
    else
        filter_plain(r, from, ret, count);
}
