#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "radio/scan.h"
#include "radio/transmitter.h"

/* The whole receiver on what the transmitter sends. */

enum { FRAMES_MAX = 64 };

struct heard {
    uint8_t blocks[FRAMES_MAX][TURBO_BYTES];
    struct scan_burst bursts[FRAMES_MAX];
    size_t count, unreadable;
};

static void hear(void *user, const struct scan_burst *b)
{
    struct heard *h = user;

    if (!b->read) {
        h->unreadable++;
        return;
    }
    assert_true(h->count < FRAMES_MAX);
    memcpy(h->blocks[h->count], b->block, TURBO_BYTES);
    h->bursts[h->count++] = *b;
}

static struct scan_counts listen(const float *samples, size_t count, double rate_hz, bool wide, struct heard *h)
{
    struct bytes copy = exact_copy(samples, count * 2 * sizeof *samples);
    const struct iq q = { .samples = copy, .type = IQ_F32 };
    const struct scan_listener listener = { .burst = hear, .user = h };

    *h = (struct heard){ .count = 0 };
    const struct scan_counts counts = scan(&q, rate_hz, wide, &listener);
    exact_copy_free(copy);
    return counts;
}

static bool has(const struct heard *h, const uint8_t block[TURBO_BYTES])
{
    for (size_t i = 0; i < h->count; i++)
        if (memcmp(h->blocks[i], block, TURBO_BYTES) == 0)
            return true;
    return false;
}

struct trial {
    const char *name;
    double rate_hz, snr_db, offset_hz, clock_ppm;
    bool echoes, older;
    enum { ALONE, TONE, WIDE_BURST, SPIKE } interference;
    unsigned least;            /* of TRIAL_BURSTS */
};
enum { TRIAL_BURSTS = 6 };

static void add_interference(float *samples, size_t count, const struct trial *t, uint64_t *state)
{
    for (size_t i = 0; i < count; i++) {
        const double at_s = (double)i / t->rate_hz;
        if (t->interference == TONE) { /* 6 dB above the burst, within it */
            samples[2 * i] += (float)(2 * cos(2 * M_PI * fmod((t->offset_hz + 1.3e6) * at_s, 1)));
            samples[2 * i + 1] += (float)(2 * sin(2 * M_PI * fmod((t->offset_hz + 1.3e6) * at_s, 1)));
        } else if (t->interference == SPIKE) {
            samples[2 * i] += 1;
        }
    }
    if (t->interference == WIDE_BURST) /* as strong as a burst, for an eighth of the time */
        for (size_t i = 0; i + 1 < count; i += (size_t)(800e-6 * t->rate_hz)) {
            const size_t n = (size_t)(100e-6 * t->rate_hz);
            transmitter_noise(samples + 2 * i, count - i < n ? count - i : n, transmitter_noise_power(0, t->rate_hz),
                              state);
        }
}

static void trial(const struct trial *t)
{
    const double every_s = 1.5e-3;
    const size_t count = (size_t)((every_s * TRIAL_BURSTS + 1e-3) * t->rate_hz);
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct transmitter_burst bursts[TRIAL_BURSTS];
    struct heard *h = memory_alloc_array(1, sizeof *h);
    uint64_t state = 4711;
    unsigned found = 0;

    for (unsigned i = 0; i < TRIAL_BURSTS; i++) {
        struct transmitter_burst *b = &bursts[i];
        *b = (struct transmitter_burst){ .at_s = 2e-4 + every_s * (i + 0.3 * transmitter_uniform(&state)),
                                         .amplitude = 1,
                                         .offset_hz = t->offset_hz, .clock_ppm = t->clock_ppm, .carrier_hz = 2.4e9,
                                         .phase = 6 * transmitter_uniform(&state), .without_symbol_0 = t->older };
        if (t->echoes) {
            b->echoes[0].delay_s = 0.4e-6, b->echoes[0].gain_re = 0.5, b->echoes[0].gain_im = -0.4;
            b->echoes[1].delay_s = 2.1e-6, b->echoes[1].gain_re = -0.3, b->echoes[1].gain_im = 0.3;
        }
        transmitter_flight(b->block, "0TESTEXAMPLE01", i + 1, 48.7, 9.1, i % 2);
        transmit(samples, count, t->rate_hz, b);
    }
    add_interference(samples, count, t, &state);
    transmitter_noise(samples, count, transmitter_noise_power(t->snr_db, t->rate_hz), &state);
    listen(samples, count, t->rate_hz, lanes_wide(), h);
    for (unsigned i = 0; i < TRIAL_BURSTS; i++)
        found += has(h, bursts[i].block);
    if (found < t->least)
        fail_msg("%s: %u of %d bursts were read, %zu frames", t->name, found, TRIAL_BURSTS, h->count);
    assert_int_equal(h->count, found); /* no other frame, and none twice */
    for (size_t i = 0; i < h->count; i++) {
        assert_int_equal(h->bursts[i].burst.symbols, t->older ? 8 : 9);
        assert_true(fabs(h->bursts[i].center_hz - t->offset_hz - 2400 * t->clock_ppm) < 5e3);
    }
    free(h);
    free(samples);
}

static void hears_bursts(void **state)
{
    static const struct trial trials[] = {
        { "clean", 15.36e6, 25, 0, 0, false, false, ALONE, 6 },
        { "without symbol 0", 15.36e6, 15, 2e5, 0, false, true, ALONE, 6 },
        { "-1 dB", 15.36e6, -1, -1e5, 0, false, false, ALONE, 6 },
        { "20 ppm", 15.36e6, 10, 0, 20, false, false, ALONE, 6 },
        { "-25 ppm, older", 15.36e6, 10, 0, -25, false, true, ALONE, 6 },
        { "an offset of 1 MHz", 15.36e6, 5, 1e6, 0, false, false, ALONE, 6 },
        { "echoes", 15.36e6, 10, 0, 5, true, false, ALONE, 6 },
        { "a tone within it", 15.36e6, 10, 1e5, 0, false, false, TONE, 5 },
        { "other bursts over it", 15.36e6, 10, 1e5, 0, false, false, WIDE_BURST, 5 },
        { "the receiver's own spike", 15.36e6, 5, 3e4, 0, false, false, SPIKE, 6 },
        { "20 MS/s", 20e6, 0, 3e6, 10, false, false, ALONE, 6 },
        { "50 MS/s", 50e6, -1, -17.3e6, 10, false, false, ALONE, 6 },
        { "61.44 MS/s, echoes", 61.44e6, 8, 21e6, 0, true, true, ALONE, 6 },
        { "12 MS/s", 12e6, 10, 0, 0, false, false, ALONE, 6 },
    };

    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        trial(&trials[i]);
}

/* Several at a time: on other frequencies, and one while another sends on the same. */
static void hears_several_drones(void **state)
{
    const double rate_hz = 50e6;
    const size_t count = 200000;
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct heard *h = memory_alloc_array(1, sizeof *h);
    struct transmitter_burst bursts[3];
    uint64_t noise = 99;

    for (unsigned i = 0; i < 3; i++) {
        static const double at_s[] = { 1e-3, 1.1e-3, 1.4e-3 }, offset_hz[] = { -15e6, 0, 14.2e6 };
        bursts[i] = (struct transmitter_burst){ .at_s = at_s[i], .offset_hz = offset_hz[i], .amplitude = 1 + i };
        const char serial[] = { '0', 'D', 'R', 'O', 'N', 'E', (char)('A' + i), '\0' };
        transmitter_flight(bursts[i].block, serial, 1, 48, 9 + i, false);
        transmit(samples, count, rate_hz, &bursts[i]);
    }
    transmitter_noise(samples, count, transmitter_noise_power(10, rate_hz), &noise);
    listen(samples, count, rate_hz, lanes_wide(), h);
    assert_int_equal(h->count, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_true(has(h, bursts[i].block));
    free(h);
    free(samples);
}

/* The loops for newer processors and those for all give the same frames. */
static void both_paths_agree(void **state)
{
    const double rate_hz = 50e6;
    const size_t count = 500000;
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct heard *plain = memory_alloc_array(1, sizeof *plain), *wide = memory_alloc_array(1, sizeof *wide);
    uint64_t noise = 7;

    if (!lanes_wide())
        skip();
    for (unsigned i = 0; i < 8; i++) {
        struct transmitter_burst b = { .at_s = 1e-3 + i * 1.1e-3, .offset_hz = -18e6 + 5e6 * i, .amplitude = 1 };
        transmitter_flight(b.block, "0TESTEXAMPLE01", i, 48.7, 9.1, true);
        transmit(samples, count, rate_hz, &b);
    }
    transmitter_noise(samples, count, transmitter_noise_power(2, rate_hz), &noise);
    const struct scan_counts a = listen(samples, count, rate_hz, false, plain),
        b = listen(samples, count, rate_hz, true, wide);
    assert_int_equal(plain->count, 8);
    assert_int_equal(wide->count, 8);
    assert_memory_equal(plain->blocks, wide->blocks, 8 * TURBO_BYTES);
    for (unsigned i = 0; i < 8; i++)
        assert_true(llabs((int64_t)plain->bursts[i].first - (int64_t)wide->bursts[i].first) <= 1);
    assert_int_equal(a.unreadable, b.unreadable);
    free(plain);
    free(wide);
    free(samples);
}

/* Where it says that the burst is, it is. */
static void says_where(void **state)
{
    const double rate_hz = 30.72e6;
    const size_t count = 100000;
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct heard *h = memory_alloc_array(1, sizeof *h);
    struct transmitter_burst b = { .at_s = 1.25e-3, .offset_hz = 2.5e6, .amplitude = 3 };
    uint64_t noise = 5;

    transmitter_flight(b.block, "0TESTEXAMPLE01", 1, 48.7, 9.1, false);
    transmit(samples, count, rate_hz, &b);
    transmitter_noise(samples, count, 9 * transmitter_noise_power(12, rate_hz), &noise);
    listen(samples, count, rate_hz, lanes_wide(), h);
    assert_int_equal(h->count, 1);
    assert_true(fabs((double)h->bursts[0].first / rate_hz - b.at_s) < 0.3e-6);
    assert_int_equal(h->bursts[0].count, 2 * BURST_SAMPLES);
    assert_true(fabs((double)h->bursts[0].burst.snr_db - 12) < 1.5);
    free(h);
    free(samples);
}

/* A burst of which only a part was recorded is read or said to be unreadable, and what is read is what was sent. */
static void cut_anywhere(void **state)
{
    const double rate_hz = 15.36e6;
    const size_t count = 14000;
    float *samples = memory_alloc_array(count, 2 * sizeof *samples);
    struct heard *h = memory_alloc_array(1, sizeof *h);
    struct transmitter_burst b = { .at_s = 2e-4, .amplitude = 1 };
    uint64_t noise = 3;

    transmitter_flight(b.block, "0TESTEXAMPLE01", 1, 48.7, 9.1, false);
    transmit(samples, count, rate_hz, &b);
    transmitter_noise(samples, count, transmitter_noise_power(20, rate_hz), &noise);
    unsigned read = 0;
    for (size_t cut = 0; cut < count; cut += cut < 16 ? 1 : 397)
        for (int end = 0; end < 2; end++) { /* the beginning is missing, or the end */
            const struct scan_counts n = end ? listen(samples, cut, rate_hz, lanes_wide(), h)
                                             : listen(samples + 2 * cut, count - cut, rate_hz, lanes_wide(), h);
            assert_true(n.read <= 1 && h->count == n.read && h->unreadable == n.unreadable);
            if (h->count == 1) {
                assert_true(has(h, b.block));
                assert_true(h->bursts[0].first + h->bursts[0].count <= (end ? cut : count - cut));
            }
            read += (unsigned)h->count;
        }
    assert_true(read > 8);
    free(h);
    free(samples);
}

/* What is no burst: noise, silence, a constant, tones, chirps of another slope, bursts of something else. */
static void hears_nothing(void **state)
{
    enum { NOISE, SILENCE, CONSTANT, TONES, FASTER_CHIRP, BURSTS, KINDS };
    const double rate_hz = 15.36e6;
    const size_t count = 1 << 19;

    for (int kind = 0; kind < KINDS; kind++) {
        float *samples = memory_alloc_array(count, 2 * sizeof *samples);
        struct heard *h = memory_alloc_array(1, sizeof *h);
        uint64_t noise = 11;
        for (size_t i = 0; i < count; i++) {
            const double t = (double)i / rate_hz, in_chirp = fmod(t, 66.7e-6);
            const double phase = kind == TONES ? 2 * M_PI * 1.7e6 * t : kind == FASTER_CHIRP
                ? -M_PI * 2.0e11 * in_chirp * in_chirp : 0;
            const double size = kind == CONSTANT || kind == TONES || kind == FASTER_CHIRP ? 1 : 0;
            samples[2 * i] = (float)(size * cos(phase));
            samples[2 * i + 1] = (float)(size * sin(phase));
        }
        if (kind == NOISE)
            transmitter_noise(samples, count, 1, &noise);
        for (size_t i = 0; kind == BURSTS && i + 9880 < count; i += 20000)
            transmitter_noise(samples + 2 * i, 9880, 1, &noise);
        const struct scan_counts n = listen(samples, count, rate_hz, lanes_wide(), h);
        assert_int_equal(n.read, 0);
        assert_int_equal(n.unreadable, 0);
        free(h);
        free(samples);
    }
}

/* The frames that another decoder read from a recording of a real drone. */
static void reads_a_real_recording(void **state)
{
    struct bytes truth = file_bytes(sample_path("broadcast/mavic_air_2_50msps.fc32.truth.json"));
    struct bytes recording = file_bytes(sample_path("broadcast/mavic_air_2_50msps.fc32"));
    static const char mark[] = "\"frame_hex\": \"";
    struct heard *h = memory_alloc_array(1, sizeof *h);
    unsigned frames = 0;

    listen((const float *)(const void *)recording.at, recording.len / 8, 50e6, lanes_wide(), h);
    for (const uint8_t *at = truth.at; (at = memmem(at, truth.len - (size_t)(at - truth.at), mark, sizeof mark - 1));
         frames++) {
        uint8_t block[TURBO_BYTES];
        at += sizeof mark - 1;
        for (size_t i = 0; i < TURBO_BYTES; i++) {
            const char digits[3] = { (char)at[2 * i], (char)at[2 * i + 1], '\0' };
            block[i] = (uint8_t)strtoul(digits, NULL, 16);
        }
        assert_true(has(h, block));
    }
    assert_int_equal(frames, 3);
    assert_int_equal(h->unreadable, 0);
    free(h);
    exact_copy_free(truth);
    exact_copy_free(recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_bursts), cmocka_unit_test(hears_several_drones), cmocka_unit_test(both_paths_agree),
        cmocka_unit_test(says_where), cmocka_unit_test(cut_anywhere), cmocka_unit_test(hears_nothing),
        cmocka_unit_test(reads_a_real_recording),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
