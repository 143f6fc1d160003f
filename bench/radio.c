/* How well and how fast DroneID is read from recordings of a radio band (src/radio/).
 *
 *     bench-radio recall    bursts read of 20, by signal-to-noise ratio
 *     bench-radio noise     what a minute of noise gives
 *     bench-radio speed     seconds of recording for each second of CPU
 *
 * Recordings are made by test/radio/transmitter.c, the same each time.  CPU time of one thread.  tools/bench runs it
 * and puts the tables into doc/broadcasts.md. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "radio/fft.h"
#include "radio/scan.h"
#include "radio/transmitter.h"

enum { BURSTS = 20 };

struct heard {
    const struct transmitter_burst *sent;
    bool found[BURSTS];
    unsigned wrong, unreadable;
};

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void hear(void *user, const struct scan_burst *b)
{
    struct heard *h = user;

    if (!b->read) {
        h->unreadable++;
        return;
    }
    for (int i = 0; h->sent && i < BURSTS; i++)
        if (memcmp(h->sent[i].block, b->block, TURBO_BYTES) == 0) {
            h->found[i] = true;
            return;
        }
    h->wrong++;
}

static struct scan_counts listen(const float *samples, size_t count, double rate_hz, bool wide, struct heard *h)
{
    const struct iq q = { .samples = { .at = (const uint8_t *)samples, .len = count * 2 * sizeof *samples },
                          .type = IQ_F32 };
    const struct scan_listener listener = { .burst = hear, .user = h };

    return scan(&q, rate_hz, wide, &listener);
}

static struct transmitter_burst burst(int number, double at_s, double offset_hz, uint64_t *state)
{
    struct transmitter_burst b = { .at_s = at_s, .offset_hz = offset_hz, .amplitude = 1, .carrier_hz = 2.4e9,
                                   .phase = 2 * M_PI * transmitter_uniform(state), .without_symbol_0 =
                                       number % 4 == 3 };

    transmitter_flight(b.block, "0TESTEXAMPLE01", (unsigned)number, 48.7, 9.1, number % 2);
    return b;
}

struct setting {
    const char *title;
    double rate_hz, offset_max_hz, ppm;
    bool echoes;
};

static unsigned recall_of(const struct setting *s, double snr_db, unsigned *wrong)
{
    const double every_s = 2e-3;
    const size_t count = (size_t)((every_s * BURSTS + 1e-3) * s->rate_hz);
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct transmitter_burst sent[BURSTS];
    struct heard h = { .sent = sent };
    uint64_t state = UINT64_C(0x5eed) + (uint64_t)lrint(snr_db + 100);
    unsigned found = 0;

    for (int i = 0; i < BURSTS; i++) {
        sent[i] = burst(i, 1e-4 + every_s * (i + 0.5 * transmitter_uniform(&state)),
                        s->offset_max_hz * (2 * transmitter_uniform(&state) - 1), &state);
        sent[i].clock_ppm = s->ppm;
        double power = 1;
        for (int e = 0; s->echoes && e < 2; e++) { /* 6 and 9 dB below, up to 4 microseconds later */
            const double gain = e ? 0.35 : 0.5, angle = 2 * M_PI * transmitter_uniform(&state);
            sent[i].echoes[e].delay_s = 4e-6 * transmitter_uniform(&state);
            sent[i].echoes[e].gain_re = gain * cos(angle);
            sent[i].echoes[e].gain_im = gain * sin(angle);
            power += gain * gain;
        }
        sent[i].amplitude = 1 / sqrt(power);
        transmit(samples, count, s->rate_hz, &sent[i]);
    }
    transmitter_noise(samples, count, transmitter_noise_power(snr_db, s->rate_hz), &state);
    listen(samples, count, s->rate_hz, lanes_wide(), &h);
    for (int i = 0; i < BURSTS; i++)
        found += h.found[i];
    *wrong += h.wrong;
    free(samples);
    return found;
}

static void recall(void)
{
    static const struct setting settings[] = {
        { "15.36 MS/s", 15.36e6, 2e5, 0, false }, { "15.36 MS/s, 20 ppm", 15.36e6, 2e5, 20, false },
        { "15.36 MS/s, echoes", 15.36e6, 2e5, 0, true }, { "50 MS/s, anywhere", 50e6, 18e6, 0, false },
    };
    static const int snrs_db[] = { 25, 20, 15, 10, 6, 3, 0, -1, -2, -3, -4 };
    /* RUB-SysSec/DroneSecurity@9ff8198 on bursts of the same kind: not measured everywhere. */
    static const char *const published[][2] = { { "17", "-" }, { "17", "8" }, { "-", "0" }, { "0", "0" }, { "0", "-" },
                                                { "0", "-" },
                                                { "0", "-" }, { "0", "-" }, { "0", "-" }, { "0", "-" }, { "0", "-" } };
    unsigned wrong = 0;

    printf("| dB | %s | %s | %s | %s | DroneSecurity, 15.36 MS/s | DroneSecurity, 50 MS/s |\n|---|---|---|---|---|---|---|\n",
           settings[0].title, settings[1].title, settings[2].title, settings[3].title);
    for (size_t i = 0; i < sizeof snrs_db / sizeof *snrs_db; i++) {
        printf("| %d |", snrs_db[i]);
        for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
            printf(" %u |", recall_of(&settings[k], snrs_db[i], &wrong));
        printf(" %s | %s |\n", published[i][0], published[i][1]);
        fflush(stdout);
    }
    printf("\nFrames that nobody sent: %u.\n", wrong);
}

static void noise(void)
{
    static const struct { double rate_hz, seconds; } parts[] = { { 15.36e6, 60 }, { 50e6, 10 } };

    puts("| noise alone | looked at closely | said to be unreadable bursts | frames |\n|---|---|---|---|");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const size_t count = (size_t)parts[i].rate_hz;
        float *samples = memory_alloc_array(count, 2 * sizeof *samples);
        struct scan_counts all = { 0 };
        uint64_t state = 20260101;
        for (double s = 0; s < parts[i].seconds; s++) {
            struct heard h = { .sent = NULL };
            memset(samples, 0, count * 2 * sizeof *samples);
            transmitter_noise(samples, count, 1, &state);
            const struct scan_counts n = listen(samples, count, parts[i].rate_hz, lanes_wide(), &h);
            all.hints += n.hints, all.unreadable += n.unreadable, all.read += n.read;
        }
        printf("| %.0f s at %g MS/s | %llu | %llu | %llu |\n", parts[i].seconds, parts[i].rate_hz / 1e6,
               (unsigned long long)all.hints,
               (unsigned long long)all.unreadable, (unsigned long long)all.read);
        free(samples);
    }
}

/* The best of three, because others work on this machine too. */
static double times_real_time(const float *samples, size_t count, double rate_hz, bool wide)
{
    double best = 0;

    for (int round = 0; round < 3; round++) {
        struct heard h = { .sent = NULL };
        const double before = cpu_s();
        listen(samples, count, rate_hz, wide, &h);
        best = fmax(best, (double)count / rate_hz / (cpu_s() - before));
    }
    return best;
}

static double fft_us(unsigned points, bool wide)
{
    enum { RUNS = 400 };
    struct fft *f = fft_new(points, wide);
    struct lane_complex *x = lanes_alloc(points * sizeof *x);
    double best = INFINITY;

    for (int round = 0; round < 5; round++) {
        const double before = cpu_s();
        for (int i = 0; i < RUNS; i++) {
            x[i % points].re[i % LANES] = 1;
            fft_forward(f, x);
            memset(x, 0, points * sizeof *x); /* or the numbers would grow out of bounds */
        }
        best = fmin(best, (cpu_s() - before) / RUNS / LANES);
    }
    fft_free(f);
    free(x);
    return best * 1e6;
}

static void speed(void)
{
    static const double rates_hz[] = { 15.36e6, 50e6, 61.44e6 };
    const bool wide = lanes_wide();

    puts("| recording | times real time | the plain path | with 2 bursts a second | with 100 bursts a second |\n|---|---|---|---|---|");
    for (size_t i = 0; i < sizeof rates_hz / sizeof *rates_hz; i++) {
        const double rate_hz = rates_hz[i];
        const size_t count = (size_t)rate_hz;
        float *samples = memory_alloc_array(count, 2 * sizeof *samples);
        double with[2];
        uint64_t state = 7;
        transmitter_noise(samples, count, transmitter_noise_power(10, rate_hz), &state);
        const double alone = times_real_time(samples, count, rate_hz, wide),
            plain = times_real_time(samples, count, rate_hz, false);
        for (int k = 0; k < 2; k++) {
            const int bursts = k ? 98 : 2; /* both are in the second recording */
            for (int n = 0; n < bursts; n++) {
                const struct transmitter_burst b = burst(n, k ? 0.005 + 0.01 * n : 0.2 + 0.6 * n,
                                                         (n % 3 - 1) * (rate_hz - 14e6) / 2.5, &state);
                transmit(samples, count, rate_hz, &b);
            }
            with[k] = times_real_time(samples, count, rate_hz, wide);
        }
        printf("| %g MS/s, float32 | %.1f | %.1f | %.1f | %.1f |\n", rate_hz / 1e6, alone, plain, with[0], with[1]);
        fflush(stdout);
        free(samples);
    }
    printf("\nOne transform, microseconds: 1,024 points %.2f (plain %.2f), 2,048 points %.2f.\n", fft_us(1024, wide),
           fft_us(1024, false),
           fft_us(2048, wide));
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "recall") == 0)
        recall();
    else if (argc == 2 && strcmp(argv[1], "noise") == 0)
        noise();
    else if (argc == 2 && strcmp(argv[1], "speed") == 0)
        speed();
    else
        return fputs("usage: bench-radio recall|noise|speed\n", stderr), 2;
    return fflush(stdout) ? 4 : 0;
}
