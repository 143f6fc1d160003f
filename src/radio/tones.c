#include "radio/burst_parts.h"

/* Takes single tones out of a window: a receiver's own spike in the middle of its band, a carrier of somebody
 * else.  One as strong as the burst would spoil what the prefixes tell of the frequency. */
enum {
    TONES_MAX = 8, PIECE = 64,                    /* samples that are summed up before the frequency is searched */
    PIECES = BURST_WINDOW / PIECE, STEPS = 32,    /* of a bin, to both sides */
};
#define TONE_RATIO 16.0f   /* of the mean bin: the carriers of a burst with echoes stay below it */

/* The strongest bin over the whole window; -1: none stands out. */
static int strongest(struct burst_receiver *r, const struct sample *window)
{
    float all = 0, most = 0;
    int bin = -1;

    for (int lane = 0; lane < LANES; lane++)
        for (int i = 0; i < BURST_POINTS; i++) {
            const struct sample s = window[lane * (BURST_WINDOW - BURST_POINTS) / (LANES - 1) + i];
            r->lanes[0][i].re[lane] = s.re;
            r->lanes[0][i].im[lane] = s.im;
        }
    fft_forward(r->fft, r->lanes[0]);
    for (int i = 0; i < BURST_POINTS; i++) {
        const lanes power = r->lanes[0][i].re * r->lanes[0][i].re + r->lanes[0][i].im * r->lanes[0][i].im;
        float sum = 0;
        for (int lane = 0; lane < LANES; lane++)
            sum += power[lane];
        all += sum;
        if (sum > most) {
            most = sum;
            bin = i;
        }
    }
    return most > TONE_RATIO * (all - most) / (BURST_POINTS - 1) ? bin : -1;
}

static float complex turn_of(float bins)
{
    return cexpf(-I * (float)(2 * M_PI / BURST_POINTS) * bins);
}

/* The tone near `bin`, precisely: its frequency in bins, and its size. */
static float complex measure(const struct sample *window, int bin, float *ret_bins)
{
    float complex pieces[PIECES], w = 1, best = 0;
    const float complex turn = turn_of((float)bin);

    for (int p = 0; p < PIECES; p++) {
        pieces[p] = 0;
        for (int i = 0; i < PIECE; i++, w = times(w, turn))
            pieces[p] += times(window[p * PIECE + i].re + I * window[p * PIECE + i].im, w);
        w /= cabsf(w);
    }
    *ret_bins = (float)bin;
    for (int k = -STEPS; k <= STEPS; k++) {
        const float complex step = turn_of((float)k / STEPS * PIECE);
        float complex sum = 0, v = 1;
        for (int p = 0; p < PIECES; p++, v = times(v, step))
            sum += times(pieces[p], v);
        if (square(sum) > square(best)) {
            best = sum;
            *ret_bins = (float)bin + (float)k / STEPS;
        }
    }
    return best / (PIECES * PIECE);
}

void burst_remove_tones(struct burst_receiver *r, struct sample *window)
{
    for (int n = 0; n < TONES_MAX; n++) {
        const int bin = strongest(r, window);
        float bins;
        if (bin < 0)
            return;
        float complex w = measure(window, bin, &bins);
        const float complex turn = conjf(turn_of(bins));
        for (int i = 0; i < BURST_WINDOW; i++, w = times(w, turn)) {
            window[i].re -= crealf(w);
            window[i].im -= cimagf(w);
        }
    }
}
