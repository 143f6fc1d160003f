#include "radio/chirp.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "radio/burst_parts.h"

enum {
    GROUP = 32,             /* bins whose power is summed up */
    AROUND = 3,             /* groups to both sides that tell how strong the rest is */
    RATIO_MIN = 20,         /* noise gets there once in 10 s at 50 million samples a second */
    BINS_MAX = 1024,        /* of a tone in time, for chirp_locate */
    TUNINGS = 33,           /* frequencies tried around the one found, a quarter of a bin apart: of a tone that is short it is not sure */
};
#define STRETCH_MAX_S 45e-6
#define BIN_S (8 / BURST_RATE_HZ)
#define SYMBOL_S (BURST_POINTS / BURST_RATE_HZ)
#define HIGHEST_HZ (BURST_HALF * BURST_CARRIER_HZ)

struct chirp_search {
    double rate_hz;
    bool wide;
    unsigned points;
    size_t bin, before;     /* samples */
    struct fft *fft;
    struct sample *opposite;    /* exp(i pi slope t^2), over a stretch and what may be around it */
    struct lane_complex *x;
    lanes *sums, *tops;
};

struct chirp_search *chirp_search_new(double rate_hz, bool wide)
{
    struct chirp_search *s = memory_alloc_array(1, sizeof *s);

    s->rate_hz = rate_hz;
    s->wide = wide;
    for (s->points = 256; s->points * 2 <= STRETCH_MAX_S * rate_hz && s->points < FFT_POINTS_MAX; s->points *= 2)
        ;
    s->bin = (size_t)lrint(BIN_S * rate_hz);
    s->before = (size_t)(SYMBOL_S * 1.05 * rate_hz) / s->bin * s->bin;
    s->fft = fft_new(s->points, wide);
    s->x = lanes_alloc(s->points * sizeof *s->x);
    s->sums = lanes_alloc(s->points / GROUP * sizeof *s->sums);
    s->tops = lanes_alloc(s->points / GROUP * sizeof *s->tops);
    const size_t all = s->points + 2 * s->before;
    s->opposite = memory_alloc_array(all, sizeof *s->opposite);
    for (size_t i = 0; i < all; i++) {
        const double t = ((double)i - (double)s->before) / rate_hz, angle = M_PI * fmod(CHIRP_SLOPE_HZ_S * t * t, 2);
        s->opposite[i] = (struct sample){ (float)cos(angle), (float)sin(angle) };
    }
    return s;
}

void chirp_search_free(struct chirp_search *s)
{
    if (!s)
        return;
    fft_free(s->fft);
    free(s->x);
    free(s->sums);
    free(s->tops);
    free(s->opposite);
    free(s);
}

size_t chirp_block(const struct chirp_search *s)
{
    return (size_t)s->points * LANES;
}

size_t chirp_around(const struct chirp_search *s)
{
    return s->before;
}

LANE_BODY void load(struct chirp_search *s, const struct sample *samples)
{
    const struct sample *opposite = s->opposite + s->before;
    const size_t points = s->points;

    for (size_t i = 0; i < points; i++) {
        const struct sample w = opposite[i], *from = samples + i;
        const lanes re = { from[0].re, from[points].re, from[2 * points].re, from[3 * points].re, from[4 * points].re,
                           from[5 * points].re, from[6 * points].re, from[7 * points].re };
        const lanes im = { from[0].im, from[points].im, from[2 * points].im, from[3 * points].im, from[4 * points].im,
                           from[5 * points].im, from[6 * points].im, from[7 * points].im };
        s->x[i].re = re * w.re - im * w.im;
        s->x[i].im = re * w.im + im * w.re;
    }
}

LANE_BODY void measure(struct chirp_search *s)
{
    for (unsigned g = 0; g < s->points / GROUP; g++) {
        lanes sum = { 0 }, top = { 0 };
        for (unsigned i = g * GROUP; i < (g + 1) * GROUP; i++) {
            const lanes power = s->x[i].re * s->x[i].re + s->x[i].im * s->x[i].im;
            sum += power;
            lanes_larger(&top, &power, &top);
        }
        s->sums[g] = sum;
        s->tops[g] = top;
    }
}

LANE_WIDE static void load_wide(struct chirp_search *s, const struct sample *x) { load(s, x); }
static void load_plain(struct chirp_search *s, const struct sample *x) { load(s, x); }
LANE_WIDE static void measure_wide(struct chirp_search *s) { measure(s); }
static void measure_plain(struct chirp_search *s) { measure(s); }

/* The mean of a bin in the groups around `group`, without the tone itself. */
static float around(const struct chirp_search *s, unsigned group, int lane, float top)
{
    const unsigned groups = s->points / GROUP;
    float sum = -top;

    for (unsigned k = 0; k <= 2 * AROUND; k++)
        sum += s->sums[(group + groups + k - AROUND) % groups][lane];
    return sum / ((2 * AROUND + 1) * GROUP - 1);
}

static float tone_of(const struct chirp_search *s, unsigned group, int lane, float top)
{
    for (unsigned i = group * GROUP; i < (group + 1) * GROUP; i++)
        if (s->x[i].re[lane] * s->x[i].re[lane] + s->x[i].im[lane] * s->x[i].im[lane] >= top * 0.9999f)
            return (float)i / (float)s->points;
    return (float)(group * GROUP) / (float)s->points;
}

size_t chirp_find(struct chirp_search *s, const struct sample *samples, struct chirp_hint hints[CHIRP_HINTS_MAX])
{
    const unsigned groups = s->points / GROUP;
    size_t count = 0;

    if (s->wide) {
        load_wide(s, samples);
        fft_forward(s->fft, s->x);
        measure_wide(s);
    } else {
        load_plain(s, samples);
        fft_forward(s->fft, s->x);
        measure_plain(s);
    }
    for (int lane = 0; lane < LANES; lane++)
        for (unsigned g = 0; g < groups; g++) {
            const float top = s->tops[g][lane];
            /* Most are far from it, and their own group tells so. */
            if (!(top * (GROUP * 2 * AROUND + GROUP) > RATIO_MIN * (s->sums[g][lane] - top)))
                continue;
            const float floor = around(s, g, lane, top);
            if (!(top > RATIO_MIN * floor) || count == CHIRP_HINTS_MAX)
                continue;
            hints[count++] = (struct chirp_hint){ .stretch = (size_t)lane * s->points, .tone = tone_of(s, g, lane, top),
                                                  .ratio = floor > 0 ? top / floor : INFINITY };
        }
    return count;
}

struct chirp_place chirp_locate(struct chirp_search *s, const struct sample *stretch, const struct chirp_hint *hint)
{
    const size_t all = s->points + 2 * s->before, bins = all / s->bin < BINS_MAX ? all / s->bin : BINS_MAX;
    const size_t symbol = (size_t)lrint(SYMBOL_S * s->rate_hz / (double)s->bin);
    const float complex turn = cexpf(-I * (float)(2 * M_PI) * hint->tone);
    float complex in_time[BINS_MAX], w = 1;
    double best_power = -1, best_tone = hint->tone;
    size_t best_bin = 0;

    stretch -= s->before;
    for (size_t b = 0; b < bins; b++) {
        float complex sum = 0;
        for (size_t i = b * s->bin; i < (b + 1) * s->bin; i++, w = times(w, turn))
            sum += times(times(stretch[i].re + I * stretch[i].im, s->opposite[i].re + I * s->opposite[i].im), w);
        in_time[b] = sum;
        w /= cabsf(w);
    }
    for (int k = 0; k < TUNINGS; k++) {
        const double tuning = (k - TUNINGS / 2) / (4.0 * s->points);
        const float complex step = cexpf(-I * (float)(2 * M_PI * tuning * (double)s->bin));
        float complex sums[BINS_MAX + 1] = { 0 }, v = 1;
        for (size_t b = 0; b < bins; b++, v = times(v, step))
            sums[b + 1] = sums[b] + times(in_time[b], v);
        for (size_t b = 0; b + symbol <= bins; b++) {
            const float complex d = sums[b + symbol] - sums[b];
            const double power = (double)(crealf(d) * crealf(d) + cimagf(d) * cimagf(d));
            if (power > best_power) {
                best_power = power;
                best_bin = b;
                best_tone = (double)hint->tone + tuning;
            }
        }
    }
    struct chirp_place place = { .start = (double)(best_bin * s->bin) - (double)s->before };
    const double center = best_tone * s->rate_hz - HIGHEST_HZ - CHIRP_SLOPE_HZ_S * place.start / s->rate_hz;
    place.center_hz = center - s->rate_hz * nearbyint(center / s->rate_hz);
    return place;
}
