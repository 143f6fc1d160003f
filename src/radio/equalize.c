#include "radio/burst_parts.h"

#include <string.h>

/* The channel, as the two known symbols show it, and the data symbols without it. */

enum { WIDTHS = 5, NOISE_CARRIERS = 12, MIDDLE = 4 };

static const int widths[WIDTHS] = { 1, 2, 4, 8, 16 };  /* carriers to both sides */
#define LIKELIHOOD_SNR_MAX 100.0f

struct channel {
    float complex at[BURST_CARRIERS];
    float noise[BURST_CARRIERS];
};

/* Mean over `width` carriers to both sides, where there are so many. */
static void smooth(const float complex *h, int width, float complex *ret)
{
    for (int i = 0; i < BURST_CARRIERS; i++) {
        const int from = i - width < 0 ? 0 : i - width,
            to = i + width >= BURST_CARRIERS ? BURST_CARRIERS - 1 : i + width;
        float complex sum = 0;
        for (int k = from; k <= to; k++)
            sum += h[k];
        ret[i] = sum / (float)(to - from + 1);
    }
}

static float difference(const float complex *a, const float complex *b)
{
    float sum = 0;

    for (int i = 0; i < BURST_CARRIERS; i++)
        sum += square(a[i] - b[i]);
    return sum;
}

/* The mean delay is taken out, so that a smooth channel is flat. */
static float slope_of(const float complex *h)
{
    float complex sum = 0;

    for (int i = 0; i + 1 < BURST_CARRIERS; i++)
        if (i != BURST_HALF - 1)
            sum += times(h[i + 1], conjf(h[i]));
    return cabsf(sum) > 0 ? cargf(sum) : 0;
}

static void turn_by_carrier(float complex *h, float slope)
{
    for (int i = 0; i < BURST_CARRIERS; i++)
        h[i] = times(h[i], cexpf(I * slope * (float)burst_carrier(i)));
}

/* The smoothing by which each of the two symbols tells best what the other is: much of it for a flat channel,
 * little where echoes make it change from carrier to carrier. */
static int best_width(const float complex *first, const float complex *second)
{
    float complex smoothed[BURST_CARRIERS];
    float least = INFINITY;
    int best = widths[WIDTHS - 1];

    for (int i = 0; i < WIDTHS; i++) {
        smooth(first, widths[i], smoothed);
        float error = difference(smoothed, second);
        smooth(second, widths[i], smoothed);
        error += difference(smoothed, first);
        if (error < least) {
            least = error;
            best = widths[i];
        }
    }
    return best;
}

/* Of each carrier, because others may send on some of them. */
static void estimate_noise(const float complex *first, const float complex *second, float *ret)
{
    float raw[BURST_CARRIERS], all = 0;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        raw[i] = square(first[i] - second[i]) / 2;
        all += raw[i] / BURST_CARRIERS;
    }
    for (int i = 0; i < BURST_CARRIERS; i++) {
        const int from = i - NOISE_CARRIERS < 0 ? 0 : i - NOISE_CARRIERS;
        const int to = i + NOISE_CARRIERS >= BURST_CARRIERS ? BURST_CARRIERS - 1 : i + NOISE_CARRIERS;
        float sum = 0;
        for (int k = from; k <= to; k++)
            sum += raw[k];
        const float here = sum / (float)(to - from + 1);
        ret[i] = here > all / 2 ? here : all / 2; /* few carriers are a poor estimate */
    }
}

/* Gives the phase that the channel turns by from symbol to symbol. */
static float estimate_channel(const struct burst_receiver *r, struct channel *c)
{
    float complex first[BURST_CARRIERS], second[BURST_CARRIERS], between = 0;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        first[i] = times(r->symbols[BURST_ZC_FIRST][i], r->zc[0][i]);
        second[i] = times(r->symbols[BURST_ZC_SECOND][i], r->zc[1][i]);
        between += times(second[i], conjf(first[i]));
    }
    const float turn = cabsf(between) > 0 ? cargf(between) / (BURST_ZC_SECOND - BURST_ZC_FIRST) : 0;
    for (int i = 0; i < BURST_CARRIERS; i++) { /* both as if they were the symbol between them */
        first[i] *= cexpf(I * turn);
        second[i] *= cexpf(-I * turn);
        c->at[i] = (first[i] + second[i]) / 2;
    }
    const float slope = slope_of(c->at);
    turn_by_carrier(first, -slope);
    turn_by_carrier(second, -slope);
    turn_by_carrier(c->at, -slope);
    estimate_noise(first, second, c->noise);
    float complex raw[BURST_CARRIERS];
    memcpy(raw, c->at, sizeof raw);
    smooth(raw, best_width(first, second), c->at);
    turn_by_carrier(c->at, slope);
    return turn;
}

/* What is left of a symbol's own phase: the fourth power of QPSK is the same for all its points. */
static float phase_left(const float complex *z)
{
    float complex sum = 0;
    float power = 0;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        const float complex two = times(z[i], z[i]);
        sum += times(two, two);
        power += square(two);
    }
    /* With much noise it tells nothing, and the known symbols have to do. */
    return cabsf(sum) > 0.3f * power && power > 0 ? cargf(-sum) / 4 : 0;
}

/* How much more noise this symbol has than the channel's estimate says: something else may be on the air for a part
 * of the burst only. */
static float more_noise(const float complex *y, const struct channel *c)
{
    float received = 0, expected = 0, noise = 0;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        received += square(y[i]);
        expected += square(c->at[i]);
        noise += c->noise[i];
    }
    const float ratio = noise > 0 ? (received - expected) / noise : 1;
    return ratio > 1.3f ? ratio : 1;
}

float burst_equalize(struct burst_receiver *r)
{
    static const int data_symbols[] = { 1, 2, 4, 6, 7, 8 };
    struct channel c;
    const float turn = estimate_channel(r, &c);
    float signal = 0, noise = 0, *to = r->likelihoods;
    const uint8_t *bit = r->scrambler;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        signal += square(c.at[i]);
        noise += c.noise[i];
    }
    for (size_t s = 0; s < sizeof data_symbols / sizeof *data_symbols; s++) {
        const float complex *y = r->symbols[data_symbols[s]];
        const float complex back = cexpf(-I * turn * (float)(data_symbols[s] - MIDDLE));
        const float more = more_noise(y, &c);
        float complex z[BURST_CARRIERS];
        for (int i = 0; i < BURST_CARRIERS; i++)
            z[i] = times(times(y[i], conjf(c.at[i])), back);
        const float complex phase = cexpf(-I * phase_left(z));
        for (int i = 0; i < BURST_CARRIERS; i++) {
            float noise_here = c.noise[i] * more;
            const float least = square(c.at[i]) / LIKELIHOOD_SNR_MAX;
            noise_here = noise_here > least ? noise_here : least;
            const float scale = noise_here > 0 ? 2 * (float)M_SQRT2 / noise_here : 0;
            const float complex soft = times(z[i], phase) * scale;
            *to++ = *bit++ ? -crealf(soft) : crealf(soft);
            *to++ = *bit++ ? -cimagf(soft) : cimagf(soft);
        }
    }
    return noise > 0 ? signal / noise : LIKELIHOOD_SNR_MAX;
}
