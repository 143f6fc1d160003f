#ifndef LEASH_RADIO_RESAMPLE_H
#define LEASH_RADIO_RESAMPLE_H

#include "radio/lanes.h"

/* Takes a part of 15.36 million samples a second, 10 MHz wide around any frequency, out of a recording
 * of any rate from 10 MHz on: mixed down, and every sample a windowed sinc of those around it. */
struct resampler;

struct resampler *resampler_new(double rate_hz, size_t count_max, bool wide);
void resampler_free(struct resampler *r);
/* How many samples are needed before the first and behind the last place. */
size_t resampler_around(const struct resampler *r);

/* `count` samples at 15.36 MHz into `ret`, the first one at samples[start] (which need not be whole).
 * What lies outside of samples[0] to samples[have - 1] counts as silence. */
void resample(struct resampler *r, const struct sample *samples, size_t have, double start, double center_hz,
              struct sample *ret, size_t count);

#endif
