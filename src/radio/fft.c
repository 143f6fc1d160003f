#include "radio/fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct fft {
    unsigned points;
    bool wide;
    struct sample *turns;         /* exp(-2 pi i k / points) */
    struct lane_complex *other;   /* the passes go there and back */
};

struct fft *fft_new(unsigned points, bool wide)
{
    struct fft *f = memory_alloc_array(1, sizeof *f);

    f->points = points;
    f->wide = wide;
    f->turns = memory_alloc_array(points, sizeof *f->turns);
    f->other = lanes_alloc(points * sizeof *f->other);
    for (unsigned k = 0; k < points; k++) {
        const double angle = -2 * M_PI * k / points;
        f->turns[k] = (struct sample){ (float)cos(angle), (float)sin(angle) };
    }
    return f;
}

void fft_free(struct fft *f)
{
    if (!f)
        return;
    free(f->turns);
    free(f->other);
    free(f);
}

#define TURN(to, from_re, from_im, w) \
    ((to)->re = (from_re) * (w).re - (from_im) * (w).im, (to)->im = (from_re) * (w).im + (from_im) * (w).re)

/* One pass of radix 4: `span` points are still to be taken apart, `stride` transforms stand side by side. */
LANE_BODY void pass_4(const struct sample *turns, unsigned points, unsigned span, unsigned stride,
                      const struct lane_complex *x, struct lane_complex *y)
{
    const unsigned quarter = span / 4, step = points / span;

    for (unsigned p = 0; p < quarter; p++) {
        const struct sample w1 = turns[p * step], w2 = turns[2 * p * step], w3 = turns[3 * p * step];
        const struct lane_complex *a = x + stride * p, *b = a + stride * quarter, *c = b + stride * quarter,
                                  *d = c + stride * quarter;
        struct lane_complex *to = y + stride * 4 * p;
        for (unsigned q = 0; q < stride; q++) {
            const lanes ac_re = a[q].re + c[q].re, ac_im = a[q].im + c[q].im;
            const lanes am_re = a[q].re - c[q].re, am_im = a[q].im - c[q].im;
            const lanes bd_re = b[q].re + d[q].re, bd_im = b[q].im + d[q].im;
            const lanes bm_re = b[q].re - d[q].re, bm_im = b[q].im - d[q].im;
            to[q].re = ac_re + bd_re;
            to[q].im = ac_im + bd_im;
            TURN(&to[q + stride], am_re + bm_im, am_im - bm_re, w1);
            TURN(&to[q + 2 * stride], ac_re - bd_re, ac_im - bd_im, w2);
            TURN(&to[q + 3 * stride], am_re - bm_im, am_im + bm_re, w3);
        }
    }
}

LANE_BODY void pass_2(unsigned stride, const struct lane_complex *x, struct lane_complex *y)
{
    for (unsigned q = 0; q < stride; q++) {
        const struct lane_complex a = x[q], b = x[q + stride];
        y[q].re = a.re + b.re;
        y[q].im = a.im + b.im;
        y[q + stride].re = a.re - b.re;
        y[q + stride].im = a.im - b.im;
    }
}

LANE_BODY void transform(struct fft *f, struct lane_complex *data)
{
    struct lane_complex *x = data, *y = f->other;
    unsigned span = f->points, stride = 1;

    for (; span >= 4; span /= 4, stride *= 4) {
        pass_4(f->turns, f->points, span, stride, x, y);
        struct lane_complex *swapped = x;
        x = y;
        y = swapped;
    }
    if (span == 2) {
        pass_2(stride, x, y);
        x = y;
    }
    if (x != data)
        memcpy(data, x, f->points * sizeof *data);
}

LANE_WIDE static void transform_wide(struct fft *f, struct lane_complex *data) { transform(f, data); }
static void transform_plain(struct fft *f, struct lane_complex *data) { transform(f, data); }

void fft_forward(struct fft *f, struct lane_complex *x)
{
    if (f->wide)
        transform_wide(f, x);
    else
        transform_plain(f, x);
}

static void conjugate(struct lane_complex *x, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        x[i].im = -x[i].im;
}

void fft_backward(struct fft *f, struct lane_complex *x)
{
    conjugate(x, f->points);
    fft_forward(f, x);
    conjugate(x, f->points);
}
