#include "support/support.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "radio/fft.h"
#include "radio/transmitter.h"

static void fill(struct lane_complex *x, unsigned points)
{
    uint64_t state = points;

    for (unsigned i = 0; i < points; i++)
        for (int lane = 0; lane < LANES; lane++) {
            x[i].re[lane] = (float)transmitter_uniform(&state) - 0.5f;
            x[i].im[lane] = (float)transmitter_uniform(&state) - 0.5f;
        }
}

/* Against the sum that defines it, at some of its points; in every lane, radix 2 left over or not, both paths. */
static void is_the_sum(void **state)
{
    static const unsigned sizes[] = { 16, 32, 256, 512, 1024, 2048 };

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int wide = 0; wide <= lanes_wide(); wide++) {
            const unsigned n = sizes[s];
            struct lane_complex *x = lanes_alloc(n * sizeof *x), *y = lanes_alloc(n * sizeof *y);
            struct fft *f = fft_new(n, wide);
            fill(x, n);
            memcpy(y, x, n * sizeof *x);
            fft_forward(f, y);
            for (unsigned k = 0; k < n; k += n / 16 + 1)
                for (int lane = 0; lane < LANES; lane++) {
                    double complex sum = 0;
                    for (unsigned i = 0; i < n; i++)
                        sum += ((double)x[i].re[lane] + I * (double)x[i].im[lane]) *
                               cexp(-2 * M_PI * I * ((uint64_t)i * k % n) / n);
                    assert_true(cabs(sum - ((double)y[k].re[lane] + I * (double)y[k].im[lane])) < 1e-4 * sqrt(n));
                }
            fft_backward(f, y);
            for (unsigned i = 0; i < n; i++)
                for (int lane = 0; lane < LANES; lane++)
                    assert_true(fabsf(y[i].re[lane] / (float)n - x[i].re[lane]) < 1e-5f &&
                                fabsf(y[i].im[lane] / (float)n - x[i].im[lane]) < 1e-5f);
            fft_free(f);
            free(x);
            free(y);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(is_the_sum) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
