#ifndef LEASH_RADIO_BURST_PARTS_H
#define LEASH_RADIO_BURST_PARTS_H

#include <complex.h>

#include "radio/burst.h"
#include "radio/fft.h"

/* Between burst.c (where is it), equalize.c (what are its bits) and turbo.c. */
struct burst_receiver {
    bool wide;
    struct fft *fft;
    struct turbo *turbo;
    float complex zc[2][BURST_CARRIERS];        /* conjugated */
    uint8_t scrambler[TURBO_CODED_BITS];
    struct sample clean[BURST_WINDOW];          /* the window without single tones */
    float complex moved[BURST_WINDOW];          /* the window without its frequency offset */
    float complex symbols[BURST_SYMBOLS][BURST_CARRIERS];
    float likelihoods[TURBO_CODED_BITS];
    struct lane_complex lanes[2][BURST_POINTS], products[2][BURST_POINTS];
};

/* From r->symbols to r->likelihoods; gives the signal-to-noise ratio, linear. */
float burst_equalize(struct burst_receiver *r);

/* Up to eight of them. */
void burst_remove_tones(struct burst_receiver *r, struct sample *window);

/* A product without the standard's care for infinities, which takes most of the time. */
static inline float complex times(float complex a, float complex b)
{
    return (crealf(a) * crealf(b) - cimagf(a) * cimagf(b)) + I * (crealf(a) * cimagf(b) + cimagf(a) * crealf(b));
}

static inline float square(float complex z)
{
    return crealf(z) * crealf(z) + cimagf(z) * cimagf(z);
}

#endif
