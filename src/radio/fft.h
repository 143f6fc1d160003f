#ifndef LEASH_RADIO_FFT_H
#define LEASH_RADIO_FFT_H

#include "radio/lanes.h"

/* Fourier transforms of a power of two of points, eight at a time: one in each lane.
 * Stockham's self-sorting form with radix 4, so that nothing has to be put in order afterwards. */
enum { FFT_POINTS_MIN = 16, FFT_POINTS_MAX = 16384 };

struct fft;

/* `points` is a power of two within the limits above; `wide`: lanes_wide(), or false for the plain path. */
struct fft *fft_new(unsigned points, bool wide);
void fft_free(struct fft *f);

/* X[k] = sum over n of x[n] exp(-2 pi i k n / points), in place. */
void fft_forward(struct fft *f, struct lane_complex *x);
/* The same with exp(+2 pi i ...), not divided by the number of points. */
void fft_backward(struct fft *f, struct lane_complex *x);

#endif
